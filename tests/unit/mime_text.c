/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/text.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mime/walk.h"
#include "mime_document.h"
#include "tap.h"

/* A body of plain text, and the document it gives. */
static const struct {
	const char *what;
	const char *header;
	const char *body;
	const char *want;
} plain[] = {
	{ "lines", "", "one\n\ntwo\r\nthree", "T one\nT\nT two\nT three\n" },
	{ "nothing", "", "", "" },
	{ "bare CR and CR CR LF", "", "a\rb\r\r\nc\r\n", "T a\nT b\nT c\n" },
	{ "blanks at the end", "", "a  \nb\t\n", "T a\nT b\n" },
	{ "layout", "", "a\tb\n  indented\na    b\n a\n",
		"P a\\tb\nP   indented\nP a    b\nT  a\n" },
	{ "quotes", "",
		"> one\n>one\n> > two\n>> two\n>\n>  blank\n> \tx\n none\n",
		"T> one\nT> one\nT>> two\nT>> two\nT>\nT>  blank\nP> \\tx\n"
		"T  none\n" },
	{ "From of mbox", "", ">From here\n> From there\n",
		"T From here\nT> From there\n" },
	{ "signature", "", "text\n-- \nAnn\nhttp://x.org\n",
		"T text\nS --\nS Ann\nS {L0 http://x.org}\n" },
	{ "signature without its blank", "", "text\n--\nAnn\n",
		"T text\nS --\nS Ann\n" },
	{ "quoted signature", "", "> a\n> -- \n> Ann\n\nb\n",
		"T> a\nS> --\nS> Ann\nT\nT b\n" },
	{ "two dashes far from the end", "",
		"--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n",
		"T --\nT 1\nT 2\nT 3\nT 4\nT 5\nT 6\nT 7\nT 8\nT 9\nT 10\n"
		"T 11\nT 12\nT 13\n" },
	{ "links", "",
		"see http://a.org/x?y=(z), (https://b.org/) or www.c.org.\n",
		"T see {L0 http://a.org/x?y=(z)}, ({L1 https://b.org/}) or "
		"{L2 www.c.org}.\n" },
	{ "links in brackets", "", "<http://a.org> <URL:http://a.org>\n",
		"T <{L0 http://a.org}> <URL:{L0 http://a.org}>\n" },
	{ "no links", "", "http:// xhttp://a nohttp: a.b mailto:. www.\n",
		"T http:// xhttp://a nohttp: a.b mailto:. www.\n" },
	{ "mail address", "", "mailto:ann@x.org!\n",
		"T {L0 mailto:ann@x.org}!\n" },
	{ "link before CJK text", "", "http://a.org/你好 http://a.org/ä\n",
		"T {L0 http://a.org/}你好 {L1 http://a.org/ä}\n" },
	{ "patch", "",
		"Fix it\n---\n a.c | 2 +-\n\n"
		"diff --git a/a.c b/a.c\nindex 1..2 100644\n--- a/a.c\n"
		"+++ b/a.c\n@@ -1,3 +1,3 @@ int\n context\n-- old\n++ new\n"
		"\n-- \n2.39.0\n",
		"T Fix it\nT ---\nT  a.c | 2 +-\nT\n"
		"D diff --git a/a.c b/a.c\nD index 1..2 100644\nD --- a/a.c\n"
		"D +++ b/a.c\n@ @@ -1,3 +1,3 @@ int\nP  context\n- -- old\n"
		"+ ++ new\nP\nS --\nS 2.39.0\n" },
	{ "patch without git", "",
		"--- a.c\n+++ a.c\n@@ -1 +1 @@\n-a\n\\ No newline\n+b\n"
		"\\ No newline\n--- done\n",
		"D --- a.c\nD +++ a.c\n@ @@ -1 +1 @@\n- -a\nP \\ No newline\n"
		"+ +b\nP \\ No newline\nT --- done\n" },
	{ "patch under review", "",
		"> @@ -1,2 +1,2 @@\n> -a\nWhy?\n> +b\n> c\n> d\n",
		"@> @@ -1,2 +1,2 @@\n-> -a\nT Why?\n+> +b\nT> c\nT> d\n" },
	{ "no patch", "", "--- a\n+b\n@@ x @@\n- item\n+ item\n",
		"T --- a\nT +b\nT @@ x @@\nT - item\nT + item\n" },
	{ "flowed", "; format=flowed", "one \ntwo \nthree\nfour\n",
		"T one two three\nT four\n" },
	{ "flowed with delsp", "; format=flowed; delsp=yes",
		"one \ntwo  \nthree\n", "T onetwo three\n" },
	{ "flowed quotes", "; format=flowed",
		"> a \n> b\n>> c \n>> d\n> e \nf\n",
		"T> a b\nT>> c d\nT> e\nT f\n" },
	{ "flowed stuffing", "; format=flowed", " >a\n  b\n From c\n",
		"T >a\nT  b\nT From c\n" },
	{ "flowed signature", "; format=flowed", "a \n-- \nb \nc\n",
		"T a\nS --\nS b c\n" },
	{ "flowed and an empty line", "; format=flowed", "a \n\nb \n",
		"T a\nT\nT b\n" },
	{ "charset", "; charset=koi8-r", "\xf0\xd2\n", "T Пр\n" },
	{ "quoted-printable", "\nContent-Transfer-Encoding: quoted-printable",
		"a=\nb=20\n=3D\n", "T ab\nT =\n" },
	{ "base64", "\nContent-Transfer-Encoding: base64",
		"SGVsbG8KV29ybGQ=", "T Hello\nT World\n" },
	{ "mark of UTF-8", "", "\xef\xbb\xbfHello\n", "T Hello\n" },
};

static void
extract(const char *header, const char *body, const char *charset,
	const char *want, const char *what)
{
	struct strbuf message CLEANUP(strbuf_clear) = { 0 };
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	struct part_tree tree;
	struct document doc;

	strbuf_init(&message, 65536);
	strbuf_init(&got, 65536);
	strbuf_addf(&message, "Content-Type: text/plain%s\n\n%s", header, body);
	mime_walk(strbuf_slice(&message), &tree);
	document_init(&doc);
	mime_text_extract(&tree.items[0],
		mime_part_body(strbuf_slice(&message), &tree.items[0]), charset,
		&doc);
	print_document(&doc, &got);
	is_str(got.data, want, what);
	document_clear(&doc);
	part_tree_clear(&tree);
}

#define MIXED       "Content-Type: multipart/mixed; boundary=b\n\n"
#define ALTERNATIVE "Content-Type: multipart/alternative; boundary=b\n\n"
#define HTML        "--b\nContent-Type: text/html\n\n"

/* A message, and the sections chosen: as it is, and with HTML preferred. */
static const struct {
	const char *what;
	const char *message;
	const char *want;
	const char *want_html;
} choices[] = {
	{ "plain", "\nx", "1", "1" },
	{ "picture", "Content-Type: image/png\n\nx", "", "" },
	{ "alternative", ALTERNATIVE "--b\n\nx\n" HTML "y\n--b--\n", "1", "2" },
	{ "HTML alone", ALTERNATIVE HTML "y\n--b--\n", "1", "1" },
	{ "alternative with pictures",
		ALTERNATIVE
		"--b\n\nx\n--b\nContent-Type: multipart/related; boundary=c\n\n"
		"--c\nContent-Type: text/html\n\ny\n--c\nContent-Type: image/png"
		"\nContent-ID: <a>\n\nz\n--c--\n--b--\n",
		"1", "2.1" },
	{ "text, attachment, footer",
		MIXED "--b\n\nx\n--b\nContent-Disposition: attachment\n\ny\n"
		      "--b\n\nz\n--b--\n",
		"1 3", "1 3" },
	{ "calendar beside text",
		ALTERNATIVE "--b\n\nx\n--b\nContent-Type: text/calendar\n\ny\n"
			    "--b--\n",
		"1", "1" },
	{ "calendar alone", "Content-Type: text/calendar\n\nx", "1", "1" },
	{ "forwarded message",
		MIXED "--b\n\nx\n--b\nContent-Type: message/rfc822\n\n"
		      "Subject: x\n\ny\n--b--\n",
		"1 2.1", "1 2.1" },
	{ "attached message",
		MIXED "--b\n\nx\n--b\nContent-Type: message/rfc822\n"
		      "Content-Disposition: attachment\n\nSubject: x\n\ny\n"
		      "--b--\n",
		"1", "1" },
	{ "report",
		"Content-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b\n"
		"Content-Type: message/delivery-status\n\ny\n--b\n"
		"Content-Type: message/rfc822\n\nSubject: x\n\nz\n--b--\n",
		"1", "1" },
	{ "signed",
		"Content-Type: multipart/signed; boundary=b\n\n--b\n\nx\n--b\n"
		"Content-Type: application/pgp-signature\n\ny\n--b--\n",
		"1", "1" },
	{ "encoded message",
		"Content-Type: message/rfc822\nContent-Transfer-Encoding: "
		"base64\n\nSGVsbG8=",
		"1", "1" },
	{ "attachment alone", "Content-Disposition: attachment\n\nx", "1",
		"1" },
};

static void
choose(const char *what, const char *message, bool html, const char *want)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	struct part_tree tree;
	int parts[TEXT_PARTS_MAX];
	size_t n;

	strbuf_init(&got, 4096);
	mime_walk(slice_str(message), &tree);
	n = mime_text_choose(&tree, html, parts, TEXT_PARTS_MAX);
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&got, "%s%s", i ? " " : "",
			tree.items[parts[i]].section);
	is_str(got.data, want, what);
	part_tree_clear(&tree);
}

static void
stubs(void)
{
	struct strbuf message CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&message, 65536);
	strbuf_add_str(&message,
		ALTERNATIVE "--b\n\nGet another program.\n"
			    "--b\nContent-Type: text/html\n\n");
	for (int i = 0; i < 300; i++)
		strbuf_add_str(&message, "<p>many words");
	strbuf_add_str(&message, "\n--b--\n");
	choose("a stub is none", message.data, false, "2");
}

static void
several_parts(void)
{
	static const char message[] =
		MIXED "--b\n\none\n--b\n"
		      "Content-Type: text/x-patch; name=a.patch\n\n"
		      "two\n--b\n\nthree\n--b--\n";
	struct part_tree tree;
	struct document doc;
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&got, 4096);
	document_init(&doc);
	mime_walk(slice_str(message), &tree);
	for (size_t i = 1; i < tree.n; i++)
		mime_text_extract(&tree.items[i],
			mime_part_body(slice_str(message), &tree.items[i]),
			NULL, &doc);
	print_document(&doc, &got);
	is_str(got.data, "T one\n= a.patch\nT two\nT\nT three\n",
		"parts one after another");
	part_tree_clear(&tree);
	document_clear(&doc);
}

static const struct {
	const char *body;
	size_t max;
	const char *want;
} snippets[] = {
	{ "", 100, "" },
	{ "one\n\n two  three\n", 100, "one two three" },
	{ "> quoted\nmine\n-- \nAnn\n", 100, "mine" },
	{ "> only\n> quotes\n", 100, "only quotes" },
	{ "one two\n", 5, "one t" },
	{ "one two\n", 4, "one" },
	{ "\xc3\xa4\xc3\xb6\n", 3, "ä" },
	{ "a\n\xe2\x80\x8c\xc2\xa0\xe2\x80\x8c\xc2\xa0\nb\n", 100, "a b" },
	{ "می\xe2\x80\x8cخواهم\n", 100, "می\xe2\x80\x8cخواهم" },
	{ "a\n", 0, "" },
};

static void
snippet(const char *body, size_t max, const char *want)
{
	struct part part = { .type = (char[]){ "text/plain" } };
	struct document doc;
	char *got;

	document_init(&doc);
	mime_text_extract(&part, slice_str(body), NULL, &doc);
	got = mime_snippet(&doc, max);
	is_str(got, want, body);
	free(got);
	document_clear(&doc);
}

static const struct {
	const char *body;
	bool want;
} stub_texts[] = {
	{ "", true },
	{ " \n\xc2\xa0\n-- \n", true },
	{ "-----\n* * *\n", true },
	{ "To view this message, please use an HTML compatible viewer.\n",
		true },
	{ "Your mail reader does not support HTML.\n", true },
	{ "Ihr Programm kann kein HTML anzeigen\n", true },
	{ "View it online: https://example.org/mail/4711?x=y\n", true },
	{ "https://example.org/\n", true },
	{ "Hello Bo,\n\nten works for me.\n\nAnn\n", false },
	{ "The HTML of the page is broken, I fear.\n", false },
	{ "I cannot see who would support that.\n", false },
	{ "Hello Bo,\n\nthe figures you asked for are at last at\n"
	  "https://example.org/figures, and I hope that they are of use.\n",
		false },
};

static void
stub(const char *body, bool want)
{
	struct part part = { .type = (char[]){ "text/plain" } };
	struct document doc;

	document_init(&doc);
	mime_text_extract(&part, slice_str(body), NULL, &doc);
	ok(mime_text_is_stub(&doc) == want, "%s: %.40s",
		want ? "a stub" : "no stub", body);
	document_clear(&doc);
}

static const char *const baits[] = { ">", "> ", ">\n", "http://", "http://(",
	"www.", "--\n", "-- \n", "--- \n", "@@ -1,9 +1,9 @@\n", "diff --git \n",
	"\r", "\r\r", "\n", " \n", "a \n", "> a \n", "=\n", "\xff",
	"(http://a)" };

static void
bait(const char *piece)
{
	char *text = xmalloc(TEXT_PART_BYTES_MAX + 5);
	bool good = true;

	for (size_t i = 0, n = strlen(piece); i < TEXT_PART_BYTES_MAX + 5; i++)
		text[i] = piece[i % n];
	for (int flowed = 0; flowed < 2; flowed++) {
		struct part part = { .type = (char[]){ "text/plain" },
			.flowed = flowed };
		struct document doc;

		document_init(&doc);
		mime_text_extract(&part,
			slice_make(text, TEXT_PART_BYTES_MAX + 5), NULL, &doc);
		good = good && doc.truncated &&
		       utf8_is_valid(strbuf_slice(&doc.text));
		document_clear(&doc);
	}
	ok(good, "four megabytes of %s", piece);
	free(text);
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		extract(plain[i].header, plain[i].body, NULL, plain[i].want,
			plain[i].what);
	extract("; charset=utf-8", "\xf0\xd2\n", "koi8-r", "T Пр\n",
		"another charset is forced");
	for (size_t i = 0; i < ARRAY_LEN(stub_texts); i++)
		stub(stub_texts[i].body, stub_texts[i].want);
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		choose(choices[i].what, choices[i].message, false,
			choices[i].want);
		choose(choices[i].what, choices[i].message, true,
			choices[i].want_html);
	}
	stubs();
	several_parts();
	for (size_t i = 0; i < ARRAY_LEN(snippets); i++)
		snippet(snippets[i].body, snippets[i].max, snippets[i].want);
	for (size_t i = 0; i < ARRAY_LEN(baits); i++)
		bait(baits[i]);
	return tap_done();
}
