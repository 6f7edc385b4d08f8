/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/charset_decode.h"

#include <errno.h>
#include <iconv.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/utf8.h"

enum {
	ICONV_ROOM = 16 * 1024,
	ICONV_ROOM_MIN = 16, /* more than any character takes */
	WIDE_SAMPLE = 1024,  /* bytes looked at for their order */
	ESCAPE = 0x1b,
};

/* Whether all of it went well; strbuf remembers its own limit. */
static bool
add_replacement(struct strbuf *out)
{
	strbuf_add_utf8(out, UTF8_REPLACEMENT);
	return false;
}

static bool
decode_table(const uint16_t table[128], struct slice s, struct strbuf *out)
{
	bool whole = true;

	while (s.len > 0) {
		size_t n = utf8_ascii_prefix(s);

		strbuf_add(out, s.data, n);
		s = slice_skip(s, n);
		for (n = 0; n < s.len && (s.data[n] & 0x80); n++) {
			uint16_t cp = table[(unsigned char)s.data[n] - 0x80];

			if (cp)
				strbuf_add_utf8(out, cp);
			else
				whole = add_replacement(out);
		}
		s = slice_skip(s, n);
	}
	return whole && !out->full;
}

/*
 * Steps over what iconv refused: a byte, or the unit of a wide charset, which
 * must not lose its step.
 */
static bool
skip_refused(struct slice *s, size_t unit, struct strbuf *out)
{
	*s = slice_skip(*s, unit);
	return add_replacement(out);
}

/*
 * What iconv calls UTF-8 goes beyond U+10FFFF where its own names for wide
 * charsets are used.  Repairs `out` from `start` on; false if it had to.
 */
static bool
repair_from(struct strbuf *out, size_t start)
{
	struct slice made = slice_skip(strbuf_slice(out), start);
	struct strbuf copy CLEANUP(strbuf_clear) = { 0 };

	if (utf8_is_valid(made))
		return true;
	strbuf_init(&copy, made.len);
	strbuf_add_slice(&copy, made);
	strbuf_cut(out, start);
	utf8_repair(strbuf_slice(&copy), out);
	return false;
}

static bool
decode_iconv(const char *name, size_t unit, struct slice s, struct strbuf *out)
{
	iconv_t cd = iconv_open("UTF-8", name);
	size_t start = out->len;
	bool whole = true;
	bool flushed = false;

	if (cd == (iconv_t)-1)
		return false;
	while (!flushed) {
		size_t room = out->limit - out->len;
		char *in = (char *)s.data;
		char *to;
		size_t left;
		size_t result;
		int error;

		if (room < ICONV_ROOM_MIN) {
			out->full = true;
			break;
		}
		if (room > ICONV_ROOM)
			room = ICONV_ROOM;
		if (room > 4 * s.len + ICONV_ROOM_MIN)
			room = 4 * s.len + ICONV_ROOM_MIN;
		to = strbuf_room(out, room);
		left = room;
		flushed = s.len == 0;
		result = iconv(cd, flushed ? NULL : &in, &s.len, &to, &left);
		error = errno;
		s.data = in;
		strbuf_grown(out, room - left);
		if (result != (size_t)-1 || error == E2BIG)
			continue;
		whole = skip_refused(&s, unit, out);
	}
	iconv_close(cd);
	return repair_from(out, start) && whole && !out->full;
}

/* Shift states of ISO 2022-JP (RFC 1468, RFC 1554) and of HZ (RFC 1843). */
enum shift {
	SHIFT_ASCII,
	SHIFT_KANA,
	SHIFT_KANJI,
	SHIFT_EXTRA, /* JIS X 0212 */
};

static const struct {
	const char *sequence;
	enum shift shift;
} escapes[] = {
	{ "(B", SHIFT_ASCII },
	{ "(J", SHIFT_ASCII },
	{ "(H", SHIFT_ASCII },
	{ "(I", SHIFT_KANA },
	{ "$@", SHIFT_KANJI },
	{ "$B", SHIFT_KANJI },
	{ "$(@", SHIFT_KANJI },
	{ "$(B", SHIFT_KANJI },
	{ "$(D", SHIFT_EXTRA },
};

/* What stands behind ESC; it is left alone when nobody knows it. */
static void
take_escape(struct slice *s, enum shift *shift)
{
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++) {
		struct slice sequence = slice_str(escapes[i].sequence);

		if (slice_starts(*s, sequence)) {
			*s = slice_skip(*s, sequence.len);
			*shift = escapes[i].shift;
			return;
		}
	}
}

/* One or two seven-bit bytes as EUC-JP; 0xff is refused there. */
static void
take_shifted(struct slice *s, enum shift shift, struct strbuf *euc)
{
	char c = s->data[0];
	char next = s->len > 1 ? s->data[1] : '\0';

	if (shift == SHIFT_KANA) {
		strbuf_add_char(euc, (char)0x8e);
		strbuf_add_char(euc, (char)(c | 0x80));
		*s = slice_skip(*s, 1);
		return;
	}
	if (!(next > ' ' && next < 0x7f)) {
		strbuf_add_char(euc, (char)0xff);
		*s = slice_skip(*s, 1);
		return;
	}
	if (shift == SHIFT_EXTRA)
		strbuf_add_char(euc, (char)0x8f);
	strbuf_add_char(euc, (char)(c | 0x80));
	strbuf_add_char(euc, (char)(next | 0x80));
	*s = slice_skip(*s, 2);
}

/*
 * By way of EUC-JP, whose Windows kind knows the characters that mail in this
 * charset holds and its standard does not.  A line end shifts back.
 */
static bool
decode_iso_2022_jp(struct slice s, struct strbuf *out)
{
	struct strbuf euc CLEANUP(strbuf_clear) = { 0 };
	enum shift shift = SHIFT_ASCII;
	enum shift before = SHIFT_ASCII;

	strbuf_init(&euc, 2 * s.len + 1);
	while (s.len > 0) {
		char c = s.data[0];

		if (shift != SHIFT_ASCII && c > ' ' && c < 0x7f) {
			take_shifted(&s, shift, &euc);
			continue;
		}
		s = slice_skip(s, 1);
		if (c == ESCAPE) {
			take_escape(&s, &shift);
		} else if (c == 0x0e) {
			before = shift;
			shift = SHIFT_KANA;
		} else if (c == 0x0f) {
			shift = before;
		} else {
			strbuf_add_char(&euc, c);
			if (c == '\n')
				shift = before = SHIFT_ASCII;
		}
	}
	return decode_iconv("EUC-JP-MS", 1, strbuf_slice(&euc), out);
}

static bool
decode_hz(struct slice s, struct strbuf *out)
{
	struct strbuf gb CLEANUP(strbuf_clear) = { 0 };
	bool shifted = false;

	strbuf_init(&gb, 2 * s.len + 1);
	while (s.len > 0) {
		char c = s.data[0];
		char next = s.len > 1 ? s.data[1] : '\0';

		if (c == '~' && (next == '{' || next == '}' || next == '~' ||
					next == '\n')) {
			if (next == '~')
				strbuf_add_char(&gb, '~');
			else
				shifted = next == '{';
			s = slice_skip(s, 2);
		} else if (shifted && c > ' ' && c < 0x7f) {
			take_shifted(&s, SHIFT_KANJI, &gb);
		} else {
			shifted = shifted && c != '\n';
			strbuf_add_char(&gb, c);
			s = slice_skip(s, 1);
		}
	}
	return decode_iconv("GB18030", 1, strbuf_slice(&gb), out);
}

/* The byte order, by the mark or, failing it, by where the zeros stand. */
static const char *
wide_order(struct slice *s)
{
	size_t zeros[2] = { 0, 0 };

	if (slice_starts(*s, SLICE("\xff\xfe"))) {
		*s = slice_skip(*s, 2);
		return "UTF-16LE";
	}
	if (slice_starts(*s, SLICE("\xfe\xff"))) {
		*s = slice_skip(*s, 2);
		return "UTF-16BE";
	}
	for (size_t i = 0; i < s->len && i < WIDE_SAMPLE; i++)
		zeros[i % 2] += s->data[i] == '\0';
	return zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE";
}

/* Whether it reads as words in ASCII: then only the name was wide. */
static bool
is_narrow(struct slice s)
{
	size_t letters = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] == '\0' || (s.data[i] & 0x80))
			return false;
		letters += ascii_is_alpha(s.data[i]) || s.data[i] == ' ';
	}
	return s.len % 2 == 1 || 4 * letters >= 3 * s.len;
}

static bool
decode_wide(const char *name, struct slice s, struct strbuf *out)
{
	if (is_narrow(s))
		return strbuf_add_slice(out, s);
	if (strncmp(name, "UTF-32", 6) == 0)
		return decode_iconv(name, 4, s, out);
	if (strcmp(name, "UTF-16") == 0)
		name = wide_order(&s);
	return decode_iconv(name, 2, s, out);
}

bool
charset_decode(
	const struct charset *charset, struct slice s, struct strbuf *out)
{
	bool valid;

	switch (charset->codec) {
	case CODEC_NONE:
		return decode_table(charset_tables[TABLE_CP1252], s, out);
	case CODEC_UTF8:
		valid = utf8_is_valid(s);
		return utf8_repair(s, out) && valid;
	case CODEC_TABLE:
		return decode_table(charset_tables[charset->table], s, out);
	case CODEC_SINGLE:
	case CODEC_MULTI:
	case CODEC_SHIFTED:
		return decode_iconv(charset->iconv, 1, s, out);
	case CODEC_WIDE:
		return decode_wide(charset->iconv, s, out);
	case CODEC_ISO_2022_JP:
		return decode_iso_2022_jp(s, out);
	case CODEC_HZ:
		return decode_hz(s, out);
	}
	UNREACHABLE();
}
