/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>

#include "base/array.h"
#include "base/strbuf.h"
#include "i18n/width.h"

#include "tap.h"

static const struct {
	uint32_t code;
	int width;
} chars[] = {
	{ 0, -1 },
	{ '\n', -1 },
	{ 0x1b, -1 },
	{ ' ', 1 },
	{ '~', 1 },
	{ 0x7f, -1 },
	{ 0x9b, -1 },
	{ 0xa0, 1 },
	{ 0xad, 0 },
	{ 0xe9, 1 },
	{ 0x301, 0 },
	{ 0x3b1, 1 },     /* ambiguous */
	{ 0x5d0, 1 },     /* Hebrew */
	{ 0x600, 0 },     /* Arabic number sign, a format character */
	{ 0x93f, 1 },     /* a spacing vowel sign */
	{ 0xe33, 1 },     /* Thai sara am */
	{ 0x1100, 2 },    /* Hangul initial */
	{ 0x1161, 0 },    /* vowel */
	{ 0x200b, 0 },    /* zero width space */
	{ 0x200d, 0 },    /* joiner */
	{ 0x2028, -1 },   /* line separator */
	{ 0x202e, 0 },    /* right-to-left override */
	{ 0x2026, 1 },    /* ellipsis */
	{ 0x3042, 2 },    /* hiragana */
	{ 0x4dc0, 2 },    /* hexagram */
	{ 0x5c71, 2 },    /* 山 */
	{ 0xac00, 2 },    /* 가 */
	{ 0xd800, -1 },   /* surrogate */
	{ 0xfe0f, 0 },    /* variation selector */
	{ 0xff01, 2 },    /* fullwidth ! */
	{ 0xff71, 1 },    /* halfwidth katakana */
	{ 0xfffd, 1 },    /* replacement */
	{ 0x378, -1 },    /* unassigned */
	{ 0x1f389, 2 },   /* 🎉 */
	{ 0x1f1e9, 1 },   /* regional indicator */
	{ 0x20000, 2 },   /* 𠀀 */
	{ 0x10ffff, -1 }, /* never a character */
	{ 0x110000, -1 },
	{ UINT32_MAX, -1 },
};

/* A text, the bytes of its first grapheme, columns of that and of all. */
static const struct {
	const char *text;
	size_t first;
	int first_columns;
	int columns;
} texts[] = {
	{ "a", 1, 1, 1 }, { "ab", 1, 1, 2 },
	{ "e\xcc\x81x", 3, 1, 2 }, /* e + acute */
	{ "\xcc\x81x", 2, 0, 1 },  /* acute alone */
	{ "山田", 3, 2, 4 },
	{ "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", 9, 2, 2 }, /* three jamo */
	{ "👨‍👩‍👧x", 18, 6, 7 }, /* joined: side by side */
	{ "👍🏽", 8, 2, 2 },             /* skin tone */
	{ "🏽", 4, 2, 2 },                 /* the tone by itself */
	{ "🇩🇪🇫🇷", 8, 2, 4 },                 /* two flags */
	{ "❤️x", 6, 1, 2 },              /* variation selector */
	{ "\r\nx", 2, 1, 2 }, { "\tx", 1, 1, 2 }, { "\x1b[m", 1, 1, 3 },
	{ "\xff\xfe", 1, 1, 2 },      /* malformed */
	{ "\xe5\xb1", 1, 1, 2 },      /* cut off */
	{ "x\xe2\x80\xae", 1, 1, 1 }, /* override: own grapheme */
};

static void
test_texts(void)
{
	for (size_t i = 0; i < ARRAY_LEN(chars); i++)
		ok(width_char(chars[i].code) == chars[i].width, "U+%04X is %d",
			(unsigned)chars[i].code, chars[i].width);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct slice s = slice_str(texts[i].text);
		int columns = -1;
		size_t n = width_grapheme(s, &columns);

		is_int((int64_t)n, (int64_t)texts[i].first, "first grapheme");
		is_int(columns, texts[i].first_columns, "its columns");
		is_int(width_text(s), texts[i].columns, "columns of all");
	}
	is_int(width_text(slice_str("")), 0, "nothing");
}

static const struct {
	const char *text;
	int columns;
	const char *left; /* padded */
	const char *right;
} pads[] = {
	{ "Bo", 4, "Bo  ", "  Bo" },
	{ "Taylor", 6, "Taylor", "Taylor" },
	{ "Taylor", 5, "Tayl…", "Tayl…" },
	{ "Taylor", 1, "…", "…" },
	{ "Taylor", 0, "", "" },
	{ "", 3, "   ", "   " },
	{ "山田太郎", 8, "山田太郎", "山田太郎" },
	{ "山田太郎", 7, "山田太…", "山田太…" },
	{ "山田太郎", 6, "山田… ", " 山田…" },
	{ "山", 1, "…", "…" },
	{ "e\xcc\x81"
	  "e\xcc\x81"
	  "e\xcc\x81",
		2, "e\xcc\x81…", "e\xcc\x81…" },
	{ "👨‍👩‍👧x", 6, "…     ", "     …" },
};

static void
test_pads(void)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, 1000);
	for (size_t i = 0; i < ARRAY_LEN(pads); i++) {
		struct slice s = slice_str(pads[i].text);

		strbuf_reset(&out);
		width_pad(s, pads[i].columns, "…", false, &out);
		is_str(out.data, pads[i].left, "padded behind");
		is_int(width_text(strbuf_slice(&out)), pads[i].columns,
			"exactly the columns");
		strbuf_reset(&out);
		width_pad(s, pads[i].columns, "…", true, &out);
		is_str(out.data, pads[i].right, "padded in front");
	}
	strbuf_reset(&out);
	is_int(width_truncate(slice_str("Taylor"), 2, "...", &out), 2,
		"no room for the ellipsis");
	is_str(out.data, "Ta", "cut without it");
}

/* Lines are told apart by |. */
static const struct {
	const char *text;
	int columns;
	const char *lines;
} wraps[] = {
	{ "", 10, "" },
	{ "one", 10, "one" },
	{ "one two three", 7, "one two|three" },
	{ "one two three", 8, "one two|three" },
	{ "one   two", 4, "one|two" },
	{ "one two   ", 7, "one two" },
	{ "one\ntwo\n\nthree", 10, "one|two||three" },
	{ "one\r\ntwo", 10, "one|two" },
	{ "abcdefghij", 4, "abcd|efgh|ij" },
	{ "ab cdefghij", 4, "ab|cdef|ghij" },
	{ "  indented line", 10, "  indented|line" },
	{ "north-west wind", 7, "north-|west|wind" },
	{ "call --with-all -o x", 12, "call --with-|all -o x" },
	{ "say \"word one\"", 9, "say \"word|one\"" },
	{ "see #12, now", 8, "see #12,|now" },
	{ "a b.", 3, "a|b." },
	{ "見積もりの件、よろしく。", 14, "見積もりの件、|よろしく。" },
	{ "見積もりの件、よろしく。", 12, "見積もりの|件、よろし|く。" },
	{ "これは「山」です", 8, "これは|「山」で|す" },
	{ "mix漢字mix", 5, "mix漢|字mix" },
	{ "가나다 라마바", 6, "가나다|라마바" },
	{ "10\xc2\xa0km away", 6, "10\xc2\xa0km|away" },
	{ "zero\xe2\x80\x8bwidth", 6, "zero\xe2\x80\x8b|width" },
	{ "e\xcc\x81"
	  "e\xcc\x81"
	  "e\xcc\x81",
		2,
		"e\xcc\x81"
		"e\xcc\x81|e\xcc\x81" },
	{ "山", 1, "山" },
	{ "🎉🎉🎉", 4, "🎉🎉|🎉" },
};

static void
test_wraps(void)
{
	for (size_t i = 0; i < ARRAY_LEN(wraps); i++) {
		struct slice rest = slice_str(wraps[i].text);
		struct strbuf out CLEANUP(strbuf_clear) = { 0 };
		int lines = 0;

		strbuf_init(&out, 1000);
		while (rest.len > 0 && lines < 100) {
			size_t next = 0;
			size_t n = width_wrap(rest, wraps[i].columns, &next);

			if (lines++ > 0)
				strbuf_add_char(&out, '|');
			strbuf_add_slice(&out, slice_head(rest, n));
			if (next == 0)
				break;
			rest = slice_skip(rest, next);
		}
		is_str(out.data, wraps[i].lines, "wrapped");
	}
}

/* Whatever the bytes, each line gets on and none is too wide. */
static void
test_hostile(void)
{
	unsigned seed = 1;
	bool good = true;

	for (int round = 0; round < 2000 && good; round++) {
		char bytes[64];
		struct slice rest = { bytes, sizeof(bytes) };

		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = (char)(seed >> 16);
		}
		while (rest.len > 0 && good) {
			size_t next = 0;
			size_t n = width_wrap(rest, 7, &next);
			int columns = width_text(slice_head(rest, n));

			good = next > 0 && n <= next && next <= rest.len &&
			       columns <= 7;
			rest = slice_skip(rest, next);
		}
	}
	ok(good, "random bytes wrap");
}

int
main(void)
{
	test_texts();
	test_pads();
	test_wraps();
	test_hostile();
	return tap_done();
}
