/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/walk.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "tap.h"

/* Each part as "section type [body] "; multiparts without a body. */
static const struct {
	const char *what;
	const char *message;
	const char *want;
} cases[] = {
	{ "plain", "Subject: x\n\nHello\n", "1 text/plain [Hello\n] " },
	{ "CRLF", "Subject: x\r\n\r\nHello\r\n", "1 text/plain [Hello\r\n] " },
	{ "nothing", "", "1 text/plain [] " },
	{ "header only", "Subject: x\n", "1 text/plain [] " },
	{ "empty line only", "\n", "1 text/plain [] " },
	{ "no header", "Hello there\n\nmore\n",
		"1 text/plain [Hello there\n\nmore\n] " },
	{ "empty header", "\nHello\n", "1 text/plain [Hello\n] " },
	{ "one bad line", "Subject: x\nbad line\nTo: a\n\nHello\n",
		"1 text/plain [Hello\n] " },
	{ "one bad line at the end", "Subject: x\nbad line\n\nHello\n",
		"1 text/plain [Hello\n] " },
	{ "text without an empty line", "Subject: x\nHello\nthere\n\nmore\n",
		"1 text/plain [Hello\nthere\n\nmore\n] " },
	{ "mbox line", "From a Fri Nov 20\nSubject: x\n\nHello\n",
		"1 text/plain [Hello\n] " },
	{ "blanks before the header",
		" Content-Type: text/html\nSubject: x\n\nHello\n",
		"1 text/html [Hello\n] " },
	{ "a line of blanks before the header",
		"  \r\nContent-Type: text/html\r\n\r\nHello\r\n",
		"1 text/html [Hello\r\n] " },
	{ "blanks before text", "  Hello\n\nthere\n",
		"1 text/plain [  Hello\n\nthere\n] " },
	{ "bare CR", "Subject: x\r\rHello\r", "1 text/plain [Hello\r] " },
	{ "type in capitals", "Content-Type: TEXT/HTML\n\nx",
		"1 text/html [x] " },
	{ "bad type", "Content-Type: ???\n\nx", "1 text/plain [x] " },
	{ "half a type", "Content-Type: text\n\nx", "1 text/plain [x] " },
	{ "image", "Content-Type: image/png; name=a.png\n\nx",
		"1 image/png a.png [x] " },
	{ "mixed",
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"preamble\n"
		"--b\n\none\n"
		"--b\nContent-Type: text/html\n\ntwo\n\n"
		"--b--\nepilogue\n",
		" multipart/mixed 1 text/plain [one] 2 text/html [two\n] " },
	{ "CRLF and blanks behind delimiters",
		"Content-Type: multipart/mixed; boundary=\"b b\"\r\n\r\n"
		"--b b \t\r\n\r\none\r\n--b b-- \r\n",
		" multipart/mixed 1 text/plain [one] " },
	{ "last delimiter missing",
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n",
		" multipart/mixed 1 text/plain [one\n] " },
	{ "delimiter in one's header",
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\nContent-Type: text/html\n--b\n\ntwo\n--b--\n",
		" multipart/mixed 1 text/html [] 2 text/plain [two] " },
	{ "no header in a part",
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\nHello there\n--b--\n",
		" multipart/mixed 1 text/plain [Hello there] " },
	{ "no such delimiter",
		"Content-Type: multipart/mixed; boundary=b\n\nHello\n--c\n",
		"1 text/plain [Hello\n--c\n] " },
	{ "only the last delimiter",
		"Content-Type: multipart/mixed; boundary=b\n\nHello\n--b--\n",
		"1 text/plain [Hello\n--b--\n] " },
	{ "no boundary", "Content-Type: multipart/mixed\n\n--\nHello\n----\n",
		"1 text/plain [--\nHello\n----\n] " },
	{ "prefix of a boundary",
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\n\n--bc\n--b-\n--b--c\n--b--\n",
		" multipart/mixed 1 text/plain [--bc\n--b-\n--b--c] " },
	{ "boundary in pieces",
		"Content-Type: multipart/mixed; boundary*1=y; boundary*0=x\n\n"
		"--xy\n\none\n--xy--\n",
		" multipart/mixed 1 text/plain [one] " },
	{ "boundary like an encoded word, and of 8-bit bytes",
		"Content-Type: multipart/mixed; boundary=\"=?utf-8?q?b?= \xe4\"\n\n"
		"--=?utf-8?q?b?= \xe4\n\none\n--=?utf-8?q?b?= \xe4--\n",
		" multipart/mixed 1 text/plain [one] " },
	{ "nested",
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\nContent-Type: multipart/alternative; boundary=c\n\n"
		"--c\n\none\n--c\nContent-Type: text/html\n\ntwo\n--c--\n"
		"--b\n\nthree\n--b--\n",
		" multipart/mixed 1 multipart/alternative 1.1 text/plain [one] "
		"1.2 text/html [two] 2 text/plain [three] " },
	{ "nested and not closed",
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\nContent-Type: multipart/alternative; boundary=c\n\n"
		"--c\n\none\n"
		"--b\n\nthree\n--b--\n",
		" multipart/mixed 1 multipart/alternative 1.1 text/plain [one] "
		"2 text/plain [three] " },
	{ "nested with the same boundary",
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\nContent-Type: multipart/alternative; boundary=b\n\n"
		"--b\n\none\n--b--\n--b\n\ntwo\n--b--\n",
		" multipart/mixed 1 multipart/alternative 1.1 text/plain [one] "
		"2 text/plain [two] " },
	{ "nested without delimiters",
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\nContent-Type: multipart/alternative; boundary=c\n\n"
		"Hello\n--b--\n",
		" multipart/mixed 1 text/plain [Hello] " },
	{ "message",
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\nContent-Type: message/rfc822\n\n"
		"Subject: inner\n\nHello\n--b--\n",
		" multipart/mixed 1 message/rfc822 [Subject: inner\n\nHello] "
		"1.1 text/plain [Hello] " },
	{ "message of parts",
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\n\none\n--b\nContent-Type: message/rfc822\n\n"
		"Content-Type: multipart/mixed; boundary=c\n\n"
		"--c\n\ntwo\n--c\n\nthree\n--c--\n--b--\n",
		" multipart/mixed 1 text/plain [one] 2 message/rfc822 "
		"[Content-Type: multipart/mixed; boundary=c\n\n"
		"--c\n\ntwo\n--c\n\nthree\n--c--] "
		"2.TEXT multipart/mixed 2.1 text/plain [two] "
		"2.2 text/plain [three] " },
	{ "message of parts that never come",
		"Content-Type: message/rfc822\n\n"
		"Content-Type: multipart/mixed; boundary=c\n\nHello",
		"1 message/rfc822 "
		"[Content-Type: multipart/mixed; boundary=c\n\nHello] "
		"1.1 text/plain [Hello] " },
	{ "message in message",
		"Content-Type: message/rfc822\n\nContent-Type: message/rfc822"
		"\n\nSubject: x\n\nHello",
		"1 message/rfc822 [Content-Type: message/rfc822\n\nSubject: "
		"x\n\nHello] 1.1 message/rfc822 [Subject: x\n\nHello] "
		"1.1.1 text/plain [Hello] " },
	{ "encoded message",
		"Content-Type: message/rfc822\n"
		"Content-Transfer-Encoding: base64\n\nU3ViamVjdDogeA==",
		"1 message/rfc822 [U3ViamVjdDogeA==] " },
	{ "digest",
		"Content-Type: multipart/digest; boundary=b\n\n"
		"--b\n\nSubject: x\n\nHello\n--b--\n",
		" multipart/digest 1 message/rfc822 [Subject: x\n\nHello] "
		"1.1 text/plain [Hello] " },
	{ "NUL", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\xff\x01",
		" multipart/mixed 1 text/plain [\xff\x01] " },
};

static void
walk(const char *what, const char *message, const char *want)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	struct slice bytes = slice_str(message);
	struct part_tree tree;

	strbuf_init(&got, 8192);
	mime_walk(bytes, &tree);
	for (size_t i = 0; i < tree.n; i++) {
		const struct part *part = &tree.items[i];

		strbuf_addf(&got, "%s %s ", part->section, part->type);
		if (part->name)
			strbuf_addf(&got, "%s ", part->name);
		if (part_is_multipart(part))
			continue;
		strbuf_add_char(&got, '[');
		strbuf_add_slice(&got, mime_part_body(bytes, part));
		strbuf_add_str(&got, "] ");
	}
	is_str(got.data, want, what);
	part_tree_clear(&tree);
}

static void
fields(void)
{
	static const char message[] =
		"Content-Type: image/png (a picture);\r\n"
		"\tname*=utf-8''Gr%C3%BC.png\r\n"
		"Content-Disposition: Attachment; size=3\r\n"
		"Content-Transfer-Encoding: BASE64\r\n"
		"Content-ID: <a@b>\r\n"
		"Content-Description: =?utf-8?q?Gr=C3=BC?=\r\n"
		"Content-Type: text/plain\r\n"
		"\r\nAAAA";
	struct part_tree tree;
	const struct part *part;

	mime_walk(slice_str(message), &tree);
	part = &tree.items[0];
	is_str(part->type, "image/png", "type, the first");
	is_str(part->name, "Grü.png", "name");
	is_str(part->content_id, "a@b", "id");
	is_str(part->description, "Grü", "description");
	is_int(part->disposition, DISPOSITION_ATTACHMENT, "disposition");
	is_int(part->encoding, ENCODING_BASE64, "encoding");
	is_int((int64_t)part->size, 4, "size");
	is_int(part->parent, -1, "no parent");
	part_tree_clear(&tree);
	mime_walk(SLICE("Content-Disposition: filename=a.txt\n\n"), &tree);
	is_str(tree.items[0].name, "a.txt", "disposition without its word");
	is_int(tree.items[0].disposition, DISPOSITION_NONE, "is none");
	part_tree_clear(&tree);
	ok(slice_eq(mime_header(SLICE("From x\nA: b\nC: d\n\nE: f\n")),
		   SLICE("A: b\nC: d\n")),
		"the header alone");
	ok(slice_eq(mime_header(SLICE("A: b\rC: d\r\rE: f\r")),
		   SLICE("A: b\rC: d\r")),
		"and with bare CR");
}

static const struct {
	const char *what;
	const char *head;
	const char *piece;
	int times;
	bool truncated;
	size_t parts;
} bombs[] = {
	{ "nested multiparts", "",
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n", 100000,
		true, PARTS_MAX },
	{ "nested messages", "", "Content-Type: message/rfc822\n\n", 100000,
		true, PARTS_DEPTH_MAX },
	{ "parts", "Content-Type: multipart/mixed; boundary=b\n\n",
		"--b\n\nx\n", 100000, true, PARTS_MAX },
	{ "digest", "Content-Type: multipart/digest; boundary=b\n\n",
		"--b\n\nSubject: x\n\n", 100000, true, PARTS_MAX },
	{ "headers", "", "X: y\n", 1000000, true, 1 },
	{ "bad header lines", "A: b\n", "x\n", 1000000, false, 1 },
	{ "a long header line", "Content-Type: text/plain", "; a=b", 1000000,
		true, 1 },
	{ "a long line", "A: b\n\n", "x", 5000000, false, 1 },
	{ "dashes", "Content-Type: multipart/mixed; boundary=b\n\n", "--\n",
		1000000, false, 1 },
	{ "almost delimiters",
		"Content-Type: multipart/mixed; boundary=bbbbbbbbbbbbbbbb\n\n",
		"--bbbbbbbbbbbbbbb\n", 300000, false, 1 },
	{ "last delimiters",
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n",
		"--b--\n", 1000000, false, 2 },
};

static void
bomb(size_t i)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct part_tree tree;

	strbuf_init(&text, 64 * 1024 * 1024);
	strbuf_add_str(&text, bombs[i].head);
	for (int n = 0; n < bombs[i].times; n++)
		strbuf_add_str(&text, bombs[i].piece);
	mime_walk(strbuf_slice(&text), &tree);
	is_int((int64_t)tree.n, (int64_t)bombs[i].parts, bombs[i].what);
	ok(tree.truncated == bombs[i].truncated, "limits are told of");
	for (size_t j = 0; j < tree.n; j++) {
		const struct part *part = &tree.items[j];

		if (part->offset + part->size > text.len ||
			part->parent >= (int)j)
			ok(false, "part %zu stands where it cannot", j);
	}
	part_tree_clear(&tree);
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		walk(cases[i].what, cases[i].message, cases[i].want);
	fields();
	for (size_t i = 0; i < ARRAY_LEN(bombs); i++)
		bomb(i);
	return tap_done();
}
