/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/transfer.h"

#include <time.h>

#include "base/array.h"
#include "base/mem.h"
#include "mime/base64.h"
#include "tap.h"

#define B64 ENCODING_BASE64
#define QP  ENCODING_QUOTED_PRINTABLE
#define UU  ENCODING_UUENCODE

static const struct {
	enum part_encoding encoding;
	const char *encoded;
	const char *want;
} cases[] = {
	{ ENCODING_IDENTITY, "as it is =41", "as it is =41" },
	{ B64, "", "" },
	{ B64, "SGVsbG8=", "Hello" },
	{ B64, "SGVsbG8", "Hello" },
	{ B64, "SGVs\r\nbG8=\r\n", "Hello" },
	{ B64, "S G V s b G 8 =", "" },
	{ B64, "SGVs*bG8=", "Hello" },
	{ B64, "SGVsbG8hIQ==\r\n", "Hello!!" },
	{ B64, "SGVs\nbG8h\n", "Hello!" },
	{ B64, "SGVsbG8=SGVsbG8=", "HelloHello" },
	{ B64, "SGVsbG8=\r\nSGVsbG8=\r\n", "HelloHello" },
	{ B64, "SGVsbG8=\r\nSGVs\r\nbG8h\r\nSGVsbG8=", "HelloHello!Hello" },
	/* Footers of list servers. */
	{ B64, "SGVsbG8=\r\n\r\n____________\r\nlist mailing list\r\n",
		"Hello" },
	{ B64, "SGVsbG8h\r\n\r\n____________\r\nlist mailing list\r\n",
		"Hello!" },
	{ B64, "SGVsbG8=\r\nhttp://lists.example.org\r\n", "Hello" },
	{ B64, "SGVsbG8=\r\nfooters\r\n", "Hello" },
	{ B64, "=", "" },
	{ B64, "====", "" },
	{ B64, "S", "" },
	{ B64, "S=", "" },
	{ QP, "", "" },
	{ QP, "Gr=C3=BC=c3=9fe", "Grüße" },
	{ QP, "soft=\r\nbreak", "softbreak" },
	{ QP, "soft=\nbreak", "softbreak" },
	{ QP, "soft= \t\r\nbreak", "softbreak" },
	{ QP, "soft=\rbreak", "softbreak" },
	{ QP, "soft=\r", "soft" },
	{ QP, "hard\r\nbreak", "hard\r\nbreak" },
	{ QP, "trailing \r\nblank", "trailing \r\nblank" },
	{ QP, "a=ZZb", "a=ZZb" },
	{ QP, "a=4", "a=4" },
	{ QP, "a=", "a" },
	{ QP, "a=\r\n", "a" },
	{ QP, "a=4=41", "a=4A" },
	{ QP, "a==41", "a=A" },
	{ QP, "a= b", "a= b" },
	{ QP, "a=4\nb", "a=4\nb" },
	{ QP, "=3D3D", "=3D" },
	{ QP, "raw \xfc byte", "raw \xfc byte" },
	{ UU, "begin 644 a.txt\n%2&5L;&\\\n`\nend\n", "Hello" },
	{ UU, "\r\nbegin 644 a.txt\r\n%2&5L;&\\\r\n`\r\nend\r\n", "Hello" },
	{ UU, "begin 644 a.txt\n%2&5L;&\\", "Hello" },
	{ UU, "no file\n", "no file\n" },
	{ UU, "begin 644 a\n#0V%T\n \nend\nbehind\n", "Catbehind\n" },
};

static void
decode(enum part_encoding encoding, const char *encoded, const char *want)
{
	struct strbuf whole CLEANUP(strbuf_clear) = { 0 };
	struct strbuf pieces CLEANUP(strbuf_clear) = { 0 };
	struct transfer *transfer = transfer_new(encoding);

	strbuf_init(&whole, 4096);
	strbuf_init(&pieces, 4096);
	ok(transfer_decode(encoding, slice_str(encoded), &whole), "fits");
	is_str(whole.data, want, encoded);
	for (const char *p = encoded; *p; p++)
		transfer_add(transfer, slice_make(p, 1), &pieces);
	transfer_end(transfer, &pieces);
	transfer_free(transfer);
	/* Odd base64 is judged by what is seen of a line. */
	if (encoding != B64)
		is_str(pieces.data, want, "byte by byte");
}

/* All there is, encoded here and cut anywhere. */
static void
round_trip(void)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	struct strbuf plain CLEANUP(strbuf_clear) = { 0 };
	struct strbuf encoded CLEANUP(strbuf_clear) = { 0 };
	bool same = true;

	strbuf_init(&plain, 10000);
	strbuf_init(&encoded, 20000);
	for (int i = 0; i < 3000; i++)
		strbuf_add_char(&plain, (char)(i * 7 + i / 256));
	for (size_t i = 0; i < plain.len; i += 3) {
		unsigned bits = (unsigned)(unsigned char)plain.data[i] << 16 |
				(unsigned)(unsigned char)plain.data[i + 1]
					<< 8 |
				(unsigned char)plain.data[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6)
			strbuf_add_char(
				&encoded, alphabet[bits >> shift & 0x3f]);
		if (i % 57 == 54)
			strbuf_add_str(&encoded, "\r\n");
	}
	for (size_t cut = 1; cut < 200; cut++) {
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };
		struct transfer *transfer = transfer_new(B64);

		strbuf_init(&got, 10000);
		for (size_t at = 0; at < encoded.len; at += cut)
			transfer_add(transfer,
				slice_head(
					slice_skip(strbuf_slice(&encoded), at),
					cut),
				&got);
		transfer_end(transfer, &got);
		transfer_free(transfer);
		same = same &&
		       slice_eq(strbuf_slice(&got), strbuf_slice(&plain));
	}
	ok(same, "base64 in pieces of any size");
}

static const char *const baits[] = { "=", "= ", "=4", "A", "A=", "AA=", "AAA=A",
	" ", "\n", "A A", "====\nAAAA\n", "begin \n", "M", "\x80" };

static void
bait(const char *piece)
{
	enum { LEN = 4 * 1024 * 1024, SECONDS_MAX = 10 };
	char *text = xmalloc(LEN);
	clock_t before = clock();
	bool fits = true;

	for (size_t i = 0, n = strlen(piece); i < LEN; i++)
		text[i] = piece[i % n];
	for (int i = ENCODING_IDENTITY; i <= ENCODING_YENC; i++) {
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&got, 2 * LEN);
		fits = transfer_decode((enum part_encoding)i,
			       slice_make(text, LEN), &got) &&
		       fits;
	}
	ok(fits && clock() - before < SECONDS_MAX * CLOCKS_PER_SEC,
		"four megabytes of \"%s\"", piece);
	free(text);
}

int
main(void)
{
	struct strbuf out;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		decode(cases[i].encoding, cases[i].encoded, cases[i].want);
	round_trip();
	for (size_t i = 0; i < ARRAY_LEN(baits); i++)
		bait(baits[i]);
	strbuf_init(&out, 10);
	ok(!transfer_decode(QP, SLICE("more than ten bytes"), &out),
		"the limit of the buffer holds");
	strbuf_clear(&out);
	return tap_done();
}
