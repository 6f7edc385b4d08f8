/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/charset.h"

#include "base/array.h"
#include "base/bug.h"
#include "base/utf8.h"
#include "mime/charset_decode.h"
#include "mime/charset_detect.h"
#include "mime/charset_name.h"

enum {
	UTF8_STRONG_RUNS = 4, /* so many are no accident in a CJK charset */
	/* A declared charset is doubted from so many bytes on, and another one
	 * taken where at most one of so many is lost in it. */
	DOUBT_HIGH_MIN = 16,
	DOUBT_KINDS_MIN = 8,
	LOSS_SHARE = 50,
};

/* More sequences that are UTF-8 than bytes that are not. */
static bool
is_mostly_utf8(struct slice s)
{
	size_t good = 0;
	size_t bad = 0;

	while (s.len > 0) {
		struct slice before = s;

		s = slice_skip(s, utf8_ascii_prefix(s));
		if (s.len == 0)
			break;
		before = s;
		if (utf8_next(&s) != UTF8_REPLACEMENT || before.len - s.len > 1)
			good++;
		else
			bad++;
	}
	return good > bad;
}

/*
 * A few pairs of a CJK charset may look like UTF-8 by accident, many or long
 * ones do not.
 */
static bool
is_strongly_utf8(struct slice s)
{
	size_t runs = 0;

	while (s.len > 0 && runs < UTF8_STRONG_RUNS) {
		size_t before;

		s = slice_skip(s, utf8_ascii_prefix(s));
		if (s.len == 0)
			break;
		before = s.len;
		utf8_next(&s);
		runs += before - s.len > 2 ? 2 : 1;
	}
	return runs >= UTF8_STRONG_RUNS;
}

static bool
is_seven_bit(struct slice s)
{
	return utf8_ascii_prefix(s) == s.len;
}

/* Charsets of seven bits that shift by sequences nothing else has. */
static const struct {
	struct slice escape;
	struct slice name;
} shifting[] = {
	{ { "\x1b$B", 3 }, { "iso-2022-jp", 11 } },
	{ { "\x1b$@", 3 }, { "iso-2022-jp", 11 } },
	{ { "\x1b$)C", 4 }, { "iso-2022-kr", 11 } },
	{ { "\x1b$)A", 4 }, { "iso-2022-cn", 11 } },
	{ { "\x1b$)G", 4 }, { "iso-2022-cn", 11 } },
};

static bool
find_shifting(struct slice s, struct charset *ret_charset)
{
	s = slice_skip(s, slice_find(s, '\x1b'));
	for (size_t i = 0; s.len > 0 && i < ARRAY_LEN(shifting); i++) {
		if (!memmem(s.data, s.len, shifting[i].escape.data,
			    shifting[i].escape.len))
			continue;
		*ret_charset = charset_by_name(shifting[i].name);
		return true;
	}
	return false;
}

/* A mark at the front, and zeros that no other text has. */
static bool
is_utf16(struct slice s)
{
	return s.len >= 4 &&
	       (slice_starts(s, SLICE("\xff\xfe")) ||
		       slice_starts(s, SLICE("\xfe\xff"))) &&
	       slice_find(s, '\0') < s.len;
}

/* Corrects what was declared by what the bytes look like. */
static void
guess_latin(struct charset *charset, struct slice s)
{
	static const struct charset utf8 = { CODEC_UTF8, 0, "" };

	if (is_seven_bit(s)) {
		if (!find_shifting(s, charset))
			*charset = utf8;
	} else if (utf8_is_valid(s)) {
		*charset = utf8;
	} else if (is_utf16(s)) {
		*charset = charset_by_name(SLICE("utf-16"));
	} else if (charset->codec == CODEC_UTF8) {
		charset->codec = CODEC_NONE;
	}
}

static void
guess(struct charset *charset, struct slice s)
{
	bool is_utf8 = false;

	switch (charset->codec) {
	case CODEC_NONE:
	case CODEC_UTF8:
	case CODEC_TABLE:
	case CODEC_SINGLE:
		guess_latin(charset, s);
		return;
	case CODEC_MULTI:
		is_utf8 = utf8_is_valid(s) && is_strongly_utf8(s);
		break;
	case CODEC_ISO_2022_JP:
	case CODEC_SHIFTED:
	case CODEC_HZ:
		is_utf8 = !is_seven_bit(s) && utf8_is_valid(s);
		break;
	case CODEC_WIDE:
		break;
	}
	if (is_utf8)
		charset->codec = CODEC_UTF8;
}

static size_t
count_replaced(struct slice made)
{
	size_t n = 0;

	while (made.len > 0) {
		size_t at = slice_find(made, '\xef');

		made = slice_skip(made, at);
		n += slice_starts(made, SLICE("\xef\xbf\xbd"));
		made = slice_skip(made, 1);
	}
	return n;
}

/* Takes it back when more than a stray byte is no text in that charset. */
static bool
try_charset(const struct charset *charset, struct slice s, struct strbuf *out,
	bool *ret_whole)
{
	size_t start = out->len;
	bool full = out->full;
	size_t lost;

	*ret_whole = charset_decode(charset, s, out);
	if (*ret_whole || out->full)
		return true;
	lost = count_replaced(slice_skip(strbuf_slice(out), start));
	if (lost * LOSS_SHARE <= charset_look(s).high)
		return true;
	strbuf_cut(out, start);
	out->full = full;
	return false;
}

/* Nobody said, or what was said is not true. */
static bool
decode_undeclared(struct slice s, bool detect, struct strbuf *out)
{
	struct charset charset = { CODEC_NONE, 0, "" };
	bool whole;

	if (is_mostly_utf8(s)) {
		utf8_repair(s, out);
		return false;
	}
	if (detect && charset_detect(s, &charset) &&
		try_charset(&charset, s, out, &whole))
		return whole;
	charset.codec = CODEC_NONE;
	return charset_decode(&charset, s, out);
}

static bool
is_western(const struct charset *charset)
{
	return charset->codec == CODEC_TABLE &&
	       (charset->table == TABLE_CP1252 ||
		       charset->table == TABLE_ISO_8859_15);
}

/*
 * Programs that know nothing of charsets call everything ISO 8859-1; and CJK
 * charsets are taken for each other, which loses characters.
 */
static bool
decode_doubted(
	const struct charset *declared, struct slice s, struct strbuf *out)
{
	struct charset other;
	bool whole;

	if (is_western(declared)) {
		struct charset_look look = charset_look(s);

		if (look.high >= DOUBT_HIGH_MIN &&
			look.kinds >= DOUBT_KINDS_MIN &&
			charset_is_not_latin(look) &&
			charset_detect(s, &other) &&
			try_charset(&other, s, out, &whole))
			return whole;
		return charset_decode(declared, s, out);
	}
	if (declared->codec != CODEC_MULTI)
		return charset_decode(declared, s, out);
	if (try_charset(declared, s, out, &whole))
		return whole;
	if (charset_detect(s, &other) && try_charset(&other, s, out, &whole))
		return whole;
	return charset_decode(declared, s, out);
}

bool
charset_to_utf8(struct slice name, enum charset_trust trust, struct slice bytes,
	struct strbuf *out)
{
	struct charset charset = charset_by_name(name);

	if (charset.codec == CODEC_SINGLE && !is_seven_bit(bytes))
		(void)charset_settle(&charset);
	if (trust == CHARSET_FORCED && charset.codec != CODEC_NONE)
		return charset_decode(&charset, bytes, out);
	guess(&charset, bytes);
	if (charset.codec == CODEC_UTF8)
		return strbuf_add_slice(out, bytes);
	if (charset.codec == CODEC_NONE)
		return decode_undeclared(bytes, trust != CHARSET_SHORT, out);
	if (trust == CHARSET_SHORT)
		return charset_decode(&charset, bytes, out);
	return decode_doubted(&charset, bytes, out);
}

bool
charset_is_known(struct slice name)
{
	struct charset charset = charset_by_name(name);

	return charset_settle(&charset);
}
