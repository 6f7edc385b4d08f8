/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/header.h"

#include "base/array.h"
#include "base/mem.h"
#include "tap.h"

static const struct {
	const char *header;
	const char *want; /* "name=value|" each */
} blocks[] = {
	{ "", "" },
	{ "\n", "" },
	{ "\r\n", "" },
	{ "A: b\r\nC: d\r\n\r\nE: f\r\n", "A=b|C=d|" },
	{ "A: b\nC:d\n", "A=b|C=d|" },
	{ "A: b", "A=b|" },
	{ "A:\r\n b\r\n\tc\r\nD: e", "A=b\r\n\tc|D=e|" },
	{ "A  : b\n", "A=b|" },
	{ "A:\nB: \n", "A=|B=|" },
	{ "no field\nA: b\n", "A=b|" },
	{ " lost\n lost too\nA: b\n", "A=b|" },
	{ "A: b\nno field\nC: d\n", "A=b|C=d|" },
	{ "A b: c\nD: e\n", "D=e|" },
	{ ": x\nA: b\n", "A=b|" },
	{ "From ann Fri Nov 20\nA: b\n", "A=b|" },
	{ "A: b\n \n c\nD: e\n", "A=b\n \n c|D=e|" },
	{ "\xc3\xa4: b\nC: d\n", "C=d|" },
	{ "A: b: c\n", "A=b: c|" },
};

static const struct {
	const char *value;
	const char *want;
} values[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "  two  blanks  ", "two  blanks" },
	{ "folded\r\n here", "folded here" },
	{ "folded\r\n\t\t here", "folded here" },
	{ "tab\there", "tab here" },
	{ "a\x01\x1b[31mb\x7f", "a[31mb" },
	{ "=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße" },
	{ "=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße" },
	{ "=?utf-8?b?R3LDvMOfZQ?=", "Grüße" },
	{ "=?iso-8859-1?Q?Gr=FC=DFe_an_alle?=", "Grüße an alle" },
	{ "=?ISO-8859-1*de?q?Gr=FC=DFe?=", "Grüße" },
	{ "=?us-ascii?q?Keld_J=F8rn?= Simonsen", "Keld Jørn Simonsen" },
	{ "=?utf-8?q?a?= =?utf-8?q?b?=", "ab" },
	{ "=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab" },
	{ "=?utf-8?q?a?= =?iso-8859-1?q?b?=", "ab" },
	{ "=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c" },
	{ "=?utf-8?q?a_?= =?utf-8?q?_b?=", "a  b" },
	{ "x=?utf-8?q?a?=y", "xay" },
	{ "=?utf-8?q?a?==?utf-8?q?b?=", "ab" },
	/* A character cut in two. */
	{ "=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü" },
	{ "=?utf-8?b?ww==?= =?utf-8?b?vA==?=", "ü" },
	{ "=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本" },
	{ "=?gb2312?B?xOO6ww==?=", "你好" },
	{ "=?big5?b?p0Gmbg==?=", "你好" },
	{ "=?koi8-r?q?=F0=D2=C9=D7=C5=D4?=", "Привет" },
	/* Broken ones. */
	{ "=?utf-8?q?with blank?=", "with blank" },
	{ "=?utf-8?q?what?=3F?= x", "what3F?= x" },
	{ "=?utf-8?q?why? so?=", "why? so" },
	{ "=?utf-8?q?=ZZ=4?=", "=ZZ=4" },
	{ "=?utf-8?q?\?=", "" },
	{ "=?utf-8?q?open", "=?utf-8?q?open" },
	{ "=?utf-8?q?open =?utf-8?q?b?=", "=?utf-8?q?open b" },
	{ "=?utf-8?x?a?=", "=?utf-8?x?a?=" },
	{ "=??q?a?=", "=??q?a?=" },
	{ "=?", "=?" },
	{ "=?utf-8", "=?utf-8" },
	{ "=?utf-8?q", "=?utf-8?q" },
	{ "=?utf-8?q?", "=?utf-8?q?" },
	{ "=?no-such-charset?q?caf=C3=A9?=", "café" },
	{ "=?no-such-charset?q?caf=E9?=", "café" },
	{ "=?utf-8?q?caf=E9?=", "café" },
	{ "=?utf-16?q?hello?=", "hello" },
	/* What decoding must not let in. */
	{ "=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x" },
	{ "=?utf-8?q?a=1B[2Jb=00c=7F?=", "a[2Jbc" },
	{ "=?utf-8?q?a=C2=9B31mb?=", "a31mb" },
	{ "=?utf-8?q?a=E2=80=A8b?=", "a b" },
	{ "=?utf-7?q?a+ABsAWw-b?=", "a[b" },
	{ "=?utf-8?q?=09_a_=09?=", "a" },
	/* Raw bytes. */
	{ "Gr\xc3\xbc\xc3\x9f"
	  "e",
		"Grüße" },
	{ "Gr\xfc\xdf"
	  "e",
		"Grüße" },
	{ "\x93quoted\x94", "“quoted”" },
};

static void
split(const char *text, const char *want)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	struct slice rest = slice_str(text);
	struct header_field field;

	strbuf_init(&got, 4096);
	while (header_next(&rest, &field)) {
		strbuf_add_slice(&got, field.name);
		strbuf_add_char(&got, '=');
		strbuf_add_slice(&got, field.value);
		strbuf_add_char(&got, '|');
	}
	is_str(got.data, want, text);
}

static void
decode(const char *value, const char *want)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&got, 4096);
	strbuf_add_char(&got, '*');
	header_decode(slice_str(value), &got);
	is_str(got.data + 1, want, value);
}

/* Bait for quadratic searches: pieces, repeated for a megabyte. */
static const char *const baits[] = { "=?a?q?", "=?a?q?x ", "=?a?q?==", "=?",
	"=", "?=", "=?a?b?=?a?b?", "=?utf-8?q?a?= ", "=?x?q?\?=", "\r\n ",
	"\x80" };

static void
bait(const char *piece)
{
	enum { LEN = 1024 * 1024 };
	char *text = xmalloc(LEN);
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	for (size_t i = 0, n = strlen(piece); i < LEN; i++)
		text[i] = piece[i % n];
	strbuf_init(&got, 16 * LEN);
	header_decode(slice_make(text, LEN), &got);
	ok(!got.full, "a megabyte of \"%s\"", piece);
	free(text);
}

int
main(void)
{
	struct slice value;

	for (size_t i = 0; i < ARRAY_LEN(blocks); i++)
		split(blocks[i].header, blocks[i].want);
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		decode(values[i].value, values[i].want);
	ok(header_find(SLICE("A: 1\nb: 2\nB: 3\n"), SLICE("B"), &value) &&
			slice_eq(value, SLICE("2")),
		"the first of a name, in any case");
	ok(!header_find(SLICE("A: 1\n\nB: 2\n"), SLICE("B"), &value),
		"not beyond the header");
	for (size_t i = 0; i < ARRAY_LEN(baits); i++)
		bait(baits[i]);
	return tap_done();
}
