/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/imap_name.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/slice.h"
#include "base/utf8.h"

#include "tap.h"

static void
test_both_ways(void)
{
	static const struct {
		const char *wire;
		char delimiter;
		bool utf8;
		const char *name;
	} cases[] = {
		{ "INBOX", '/', false, "INBOX" },
		{ "Entw&APw-rfe", '/', false, "Entw\u00fcrfe" },
		{ "~peter/mail/&U,BTFw-/&ZeVnLIqe-", '/', false,
			"~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e" },
		{ "A &- B", '/', false, "A & B" },
		{ "INBOX.Sent", '.', false, "INBOX/Sent" },
		{ "INBOX.a/b", '.', false, "INBOX/a\u2215b" },
		{ "&2D3eCg-", '/', false, "\U0001f60a" },
		{ "a&2D3eCgBi-c", '/', false,
			"a\U0001f60a"
			"bc" },
		{ "Entw\u00fcrfe", '/', true, "Entw\u00fcrfe" },
		{ "A & B", '/', true, "A & B" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *name = imap_name_decode(
			cases[i].wire, cases[i].delimiter, cases[i].utf8);
		char *wire = imap_name_encode(
			cases[i].name, cases[i].delimiter, cases[i].utf8);

		is_str(name, cases[i].name, "decoded");
		/* "b" needs no run: the shorter form is the right one. */
		if (strcmp(cases[i].wire, "a&2D3eCgBi-c") == 0)
			is_str(wire, "a&2D3eCg-bc", "encoded");
		else
			is_str(wire, cases[i].wire, "encoded");
		free(name);
		free(wire);
	}
}

static void
test_odd_wire(void)
{
	static const struct {
		const char *wire;
		const char *name;
	} cases[] = {
		{ "a&", "a&" },
		{ "a&AP", "a&AP" },
		{ "a&AP!-", "a&AP!-" },
		{ "a&Jjo!", "a&Jjo!" },
		{ "x&2AA-y", "x\ufffdy" },
		{ "x&3AA-y", "x\ufffdy" },
		{ "x&2ADYAA-y", "x\ufffd\ufffdy" },
		{ "x&ABs-[31m", "x\ufffd[31m" },
		{ "x\033[31m", "x\ufffd[31m" },
		{ "x&AAo-y", "x\ufffdy" },
		{ "x\x80y", "x\ufffdy" },
		{ "x\xc3\xbcy", "x\u00fcy" },
		{ "&AC8-etc", "\u2215etc" },
		{ "..&-..", "..&.." },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *name = imap_name_decode(cases[i].wire, '/', false);

		is_str(name, cases[i].name, "odd name is shown inert");
		free(name);
	}
}

static void
test_refused(void)
{
	static const struct {
		const char *name;
		char delimiter;
	} cases[] = {
		{ "", '/' },
		{ "a\rb", '/' },
		{ "a\nb", '/' },
		{ "a\x7f", '/' },
		{ "a\xc2\x85", '/' },
		{ "bad\xff", '/' },
		{ "a/b", '\0' },
		{ "v1.2", '.' },
	};
	char *longest = malloc(IMAP_NAME_MAX + 2);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ok(!imap_name_encode(cases[i].name, cases[i].delimiter, false),
			"name %zu cannot be written", i);
	memset(longest, 'a', IMAP_NAME_MAX + 1);
	longest[IMAP_NAME_MAX + 1] = '\0';
	ok(!imap_name_encode(longest, '/', false), "too long");
	free(longest);
}

/* Whatever the bytes: no crash, and UTF-8 without controls. */
static void
test_random(void)
{
	static const char letters[] = "&-/ab,+2D3eCgA\x80\xc3\xbc\x1b.";
	uint32_t seed = 1;
	bool good = true;

	for (int round = 0; round < 20000; round++) {
		char wire[25] = { 0 };
		char *name;

		for (size_t i = 0; i < 24; i++) {
			seed = seed * 1664525 + 1013904223;
			wire[i] = letters[(seed >> 16) % sizeof(letters)];
		}
		name = imap_name_decode(wire, '/', round & 1);
		good = good && utf8_is_valid(slice_str(name)) &&
		       !strchr(name, '\033');
		free(name);
	}
	ok(good, "20000 random names come out inert");
}

int
main(void)
{
	test_both_ways();
	test_odd_wire();
	test_refused();
	test_random();
	return tap_done();
}
