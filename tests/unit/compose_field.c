/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/field.h"

#include "base/array.h"
#include "base/mem.h"
#include "mime/address.h"
#include "mime/header.h"
#include "tap.h"

/* What goes in, and what a reader gets back out of the field; every line of it
 * is short, in ASCII, and of this field. */
static const struct {
	const char *text;
	const char *back; /* NULL: the same */
} texts[] = {
	{ "Hello", NULL },
	{ "Two words", NULL },
	{ "Grüße aus Köln", NULL },
	{ "plain then ü", NULL },
	{ "ü then plain", NULL },
	{ "a ü b", NULL },
	{ "日本語の件名がとても長いので折り返さなければならない件名です、"
	  "本当に長いです",
		NULL },
	{ "a very long subject that goes on and on past the column where "
	  "lines are to be folded, and then some more words behind it",
		NULL },
	{ "=?utf-8?q?not=20a=20word?=", NULL },
	{ "tab\there", "tab here" },
	{ "one\r\nBcc: evil@example.org", "one  Bcc: evil@example.org" },
	{ "one\nTwo: x", "one Two: x" },
	{ "one\rTwo: x", "one Two: x" },
	{ "nul\001here", "nul here" },
	{ "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", NULL },
	{ "  blanks around  ", "blanks around" },
	{ "", NULL },
};

static bool
is_sound(const char *field)
{
	struct slice rest = slice_str(field);
	struct slice line;
	size_t n = 0;

	while (slice_next_line(&rest, &line)) {
		for (size_t i = 0; i < line.len; i++) {
			if ((unsigned char)line.data[i] > '~' ||
				(unsigned char)line.data[i] < ' ')
				return false;
		}
		if (line.len > 78 || (n > 0 && line.data[0] != ' ') ||
			(n > 0 && slice_trim(line).len == 0))
			return false;
		n++;
	}
	return strstr(field, "\r\n") && !strstr(field, "\r\n\r\n");
}

static void
check_text(size_t i)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf back CLEANUP(strbuf_clear) = { 0 };
	struct slice value = SLICE("");

	strbuf_init(&out, 1 << 20);
	strbuf_init(&back, 1 << 20);
	field_add_text(&out, "Subject", slice_str(texts[i].text));
	ok(is_sound(out.data), "lines of \"%s\"", texts[i].text);
	header_find(strbuf_slice(&out), SLICE("Subject"), &value);
	header_decode(value, &back);
	is_str(back.data, texts[i].back ? texts[i].back : texts[i].text,
		"  comes back");
}

/* Name, address, and the field. */
static const struct {
	const char *name;
	const char *address;
	const char *want; /* NULL: no address */
} addresses[] = {
	{ NULL, "ann@example.org", "To: ann@example.org\r\n" },
	{ "Ann", "ann@example.org", "To: Ann <ann@example.org>\r\n" },
	{ "Ann, B.", "a@x.org", "To: \"Ann, B.\" <a@x.org>\r\n" },
	{ "A \"q\" \\", "a@x.org", "To: \"A \\\"q\\\" \\\\\" <a@x.org>\r\n" },
	{ "Änn", "a@x.org", "To: =?UTF-8?Q?=C3=84nn?= <a@x.org>\r\n" },
	{ NULL, "ann@bücher.example", "To: ann@xn--bcher-kva.example\r\n" },
	{ "x\r\nBcc: y@z", "a@x.org", "To: \"x  Bcc: y@z\" <a@x.org>\r\n" },
	{ NULL, "\"odd local\"@x.org", "To: \"odd local\"@x.org\r\n" },
	{ NULL, "no address", NULL },
	{ NULL, "a@x.org\r\nBcc: b@x.org", NULL },
	{ NULL, "a@x.org>, <b@y.org", NULL },
	{ NULL, "@x.org", NULL },
	{ NULL, "a@", NULL },
	{ NULL, "a@x..org", NULL },
	{ NULL, "a b@x.org", NULL },
};

static void
check_address(size_t i)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct address_list list = { 0 };
	bool utf8 = false;
	bool good;

	strbuf_init(&out, 1 << 20);
	address_list_add(&list, addresses[i].name, addresses[i].address);
	good = field_add_addresses(&out, "To", &list, true, &utf8, &err);
	if (addresses[i].want)
		is_str(out.data, addresses[i].want, addresses[i].address);
	else
		ok(!good && err.kind == ERR_INVALID, "refused: %s",
			addresses[i].address);
	ok(!utf8, "  needs no SMTPUTF8");
	address_list_clear(&list);
}

static void
check_many(void)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct address_list list = { 0 };
	struct address_list back = { 0 };
	struct slice value = SLICE("");
	bool utf8 = false;

	strbuf_init(&out, 1 << 20);
	for (int i = 0; i < 100; i++) {
		char address[64];

		snprintf(address, sizeof(address), "somebody%d@example.org", i);
		address_list_add(&list, i % 2 ? "Jürgen, der" : NULL, address);
	}
	ok(field_add_addresses(&out, "Cc", &list, true, &utf8, &err),
		"a hundred addresses");
	ok(is_sound(out.data), "  in short lines");
	header_find(strbuf_slice(&out), SLICE("Cc"), &value);
	mime_read_addresses(value, &back);
	is_int((int64_t)back.n, 100, "  come back");
	is_str(back.items[99].name, "Jürgen, der", "  with their names");
	address_list_clear(&list);
	address_list_clear(&back);
	address_list_add(&list, NULL, "jürgen@example.org");
	ok(field_add_addresses(&out, "To", &list, true, &utf8, &err) && utf8,
		"a local part beyond ASCII needs SMTPUTF8");
	address_list_clear(&list);
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		check_text(i);
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++)
		check_address(i);
	check_many();
	return tap_done();
}
