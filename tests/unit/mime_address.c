/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/address.h"

#include "base/array.h"
#include "base/mem.h"
#include "tap.h"

/* "name|address" for each, a semicolon between; "group/" in front. */
static const struct {
	const char *value;
	const char *want;
} cases[] = {
	{ "", "" },
	{ "ann@example.org", "|ann@example.org" },
	{ "<ann@example.org>", "|ann@example.org" },
	{ "Ann Example <ann@example.org>", "Ann Example|ann@example.org" },
	{ "\"Example, Ann\" <ann@example.org>",
		"Example, Ann|ann@example.org" },
	{ "\"a \\\"b\\\" \\\\ c\" <x@y>", "a \"b\" \\ c|x@y" },
	{ "Ann<ann@example.org>", "Ann|ann@example.org" },
	{ "a@x, b@y,c@z", "|a@x;|b@y;|c@z" },
	{ "a@x; b@y", "|a@x;|b@y" },
	{ "a@x b@y\tc@z", "|a@x;|b@y;|c@z" },
	{ ",, a@x,,", "|a@x" },
	{ "Ann\r\n Example\r\n <ann@example.org>,\r\n bo@example.net",
		"Ann Example|ann@example.org;|bo@example.net" },
	{ "ann@example.org (Ann Example)", "Ann Example|ann@example.org" },
	{ "(first) Ann (second) <ann@x> (third)", "Ann|ann@x" },
	{ "<ann@x> (Ann (the one))", "Ann (the one)|ann@x" },
	{ "(only a comment)", "" },
	{ "Dr. Ann B. Example <ann@x>", "Dr. Ann B. Example|ann@x" },
	{ "\"Ann\" \"Example\" <ann@x>", "Ann Example|ann@x" },
	{ "\"Ann\"Example <ann@x>", "AnnExample|ann@x" },
	/* Encoded words. */
	{ "=?utf-8?q?Andr=C3=A9?= <a@x>", "André|a@x" },
	{ "=?utf-8?q?Andr=C3=A9?= =?utf-8?q?_Le?= Roy <a@x>",
		"André Le Roy|a@x" },
	{ "=?utf-8?q?Doe,_John?= <a@x>, b@y", "Doe, John|a@x;|b@y" },
	{ "=?utf-8?q?Doe, John?= <a@x>, b@y", "Doe, John|a@x;|b@y" },
	{ "\"=?utf-8?q?Andr=C3=A9?=\" <a@x>", "André|a@x" },
	{ "=?utf-8?q?=22Doe=22_<fake@bank>?= <a@x>",
		"\"Doe\" <fake@bank>|a@x" },
	{ "=?utf-8?b?cG90dXNAd2hpdGVob3VzZS5nb3Y=?==?utf-8?Q?=00?=@evil.example",
		"|=?utf-8?b?cG90dXNAd2hpdGVob3VzZS5nb3Y=?==?utf-8?Q?=00?=@evil."
		"example" },
	{ "<=?utf-8?q?boss=40bank?=@evil.example>",
		"|=?utf-8?q?boss=40bank?=@evil.example" },
	{ "=?utf-8?q?a@bank.example?=", "a@bank.example|" },
	{ "=?utf-8?q?Ann=0D=0A=1B[2J_X=00?= <a@x>", "Ann [2J X|a@x" },
	{ "a@x (=?utf-8?q?Andr=C3=A9?=)", "André|a@x" },
	/* Raw bytes. */
	{ "Andr\xc3\xa9 <a@x>", "André|a@x" },
	{ "Andr\xe9 <a@x>", "André|a@x" },
	{ "andr\xc3\xa9@ex\xc3\xa4mple.org", "|andré@exämple.org" },
	{ "andr\xe9@example.org", "|andré@example.org" },
	{ "a\x01\x1b@x", "|a@x" },
	/* Groups. */
	{ "undisclosed-recipients:;", "" },
	{ "Team: a@x, Bo <b@y>; c@z", "Team/|a@x;Team/Bo|b@y;|c@z" },
	{ "\"A Team\": a@x;", "A Team/|a@x" },
	{ "A:B:C: a@x", "C/|a@x" },
	{ "Team: a@x", "Team/|a@x" },
	/* Obsolete forms. */
	{ "<@hop1,@hop2:ann@example.org>", "|ann@example.org" },
	{ "ann @ example . org", "|ann@example.org" },
	{ "\"ann example\"@example.org", "|\"ann example\"@example.org" },
	{ "<\"a>b\"@example.org>", "|\"a>b\"@example.org" },
	{ "ann(home)@example(dot).org", "dot|ann@example.org" },
	{ "< ann@example.org >", "|ann@example.org" },
	{ "ann@[192.0.2.1]", "|ann@[192.0.2.1]" },
	{ "ann@[IPv6:2001:db8::1]", "|ann@[IPv6:2001:db8::1]" },
	/* Broken forms. */
	{ "Ann ann@example.org", "Ann|ann@example.org" },
	{ "'ann@example.org'", "|ann@example.org" },
	{ "'Ann' <ann@example.org>", "'Ann'|ann@example.org" },
	{ "\"ann@example.org\"", "|ann@example.org" },
	{ "mailto:ann@example.org", "|ann@example.org" },
	{ "<mailto:ann@example.org>", "|ann@example.org" },
	{ "Ann <<ann@example.org>>", "Ann|ann@example.org" },
	{ "Ann <ann@example.org", "Ann|ann@example.org" },
	{ "Ann <ann@example.org, Bo <bo@y>", "Ann|ann@example.org;Bo|bo@y" },
	{ "ann@example.org>", "|ann@example.org" },
	{ "<a@x> <b@y>", "|a@x;|b@y" },
	{ "Ann <a@x> Bo <b@y>", "Ann|a@x;Bo|b@y" },
	{ "<a@x> Ann", "Ann|a@x" },
	{ "Ann <a@x> at home", "Ann|a@x" },
	{ "\"Ann <ann@example.org>", "Ann|ann@example.org" },
	{ "Ann (home <ann@example.org>", "Ann home|ann@example.org" },
	{ "Doe, John <john@x>", "|Doe;John|john@x" },
	{ "root", "|root" },
	{ "Ann Example", "Ann Example|" },
	{ "<>", "" },
	{ "Ann <>", "Ann|" },
	{ "@", "|@" },
	{ ":", "|:" },
	{ "\\", "|\\" },
	{ "a\\,b@x", "|a\\,b@x" },
	{ "a@b@c", "|a@b@c" },
};

static void
read_one(const char *value, const char *want)
{
	struct address_list list = { 0 };
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&got, 4096);
	mime_read_addresses(slice_str(value), &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct address *it = &list.items[i];

		if (i > 0)
			strbuf_add_char(&got, ';');
		if (it->group)
			strbuf_addf(&got, "%s/", it->group);
		strbuf_addf(
			&got, "%s|%s", it->name ? it->name : "", it->address);
	}
	is_str(got.data, want, value);
	address_list_clear(&list);
}

/* Bait for recursion and for quadratic searches. */
static const char *const baits[] = { "(", "(()", "\"", "\\\"", "<", ">", "<\"",
	"a:", ":", ";", "a@", "@", "a <", "a,", "[", "\\", "=?", "=?a?q?",
	"=?a?q?x?=", "a ", "\"a\" ", "(a) ", "a@b ", "<a@b>", "(\"<", "\xff",
	"\0", "a\r\n " };

static void
bait(const char *piece)
{
	enum { LEN = ADDRESS_TEXT_MAX + 100 };
	char *text = xmalloc(LEN);
	struct address_list list = { 0 };
	size_t n = strlen(piece) ? strlen(piece) : 1;

	for (size_t i = 0; i < LEN; i++)
		text[i] = piece[i % n];
	mime_read_addresses(slice_make(text, LEN), &list);
	ok(list.n <= ADDRESSES_MAX, "a megabyte of \"%s\"", piece);
	address_list_clear(&list);
	free(text);
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		read_one(cases[i].value, cases[i].want);
	for (size_t i = 0; i < ARRAY_LEN(baits); i++)
		bait(baits[i]);
	return tap_done();
}
