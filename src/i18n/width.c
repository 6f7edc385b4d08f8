/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "i18n/width.h"

#include <limits.h>
#include <utf8proc.h>

#include "base/ascii.h"
#include "base/strbuf.h"
#include "base/utf8.h"

enum {
	LAST_LATIN1 = 0xff,
	SOFT_HYPHEN = 0xad,
	NO_BREAK_SPACE = 0xa0,
	ZERO_WIDTH_SPACE = 0x200b,
	NARROW_NO_BREAK_SPACE = 0x202f,
	WORD_JOINER = 0x2060,
};

struct range {
	uint32_t first;
	uint32_t last;
};

static bool
in_range(uint32_t c, struct range range)
{
	return c >= range.first && c <= range.last;
}

/* Vowels and finals of conjoining Hangul stand inside their initial. */
static const struct range jamo_old = { 0x1160, 0x11ff };
static const struct range jamo_new = { 0xd7b0, 0xd7ff };
/* The C library and with it curses takes these as wide. */
static const struct range circled = { 0x3248, 0x324f };
static const struct range hexagrams = { 0x4dc0, 0x4dff };
static const struct range skin_tones = { 0x1f3fb, 0x1f3ff };

int
width_char(uint32_t c)
{
	if (c < 0x7f)
		return c < 0x20 ? -1 : 1;
	if (c < 0xa0)
		return -1;
	if (c <= LAST_LATIN1)
		return c == SOFT_HYPHEN ? 0 : 1;
	if (in_range(c, jamo_old) || in_range(c, jamo_new))
		return 0;
	if (in_range(c, circled) || in_range(c, hexagrams))
		return 2;
	switch ((int)utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return -1;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_CF:
		return 0;
	case UTF8PROC_CATEGORY_MC:
		return 1; /* utf8proc says 0, terminals and the C library 1 */
	default:
		return utf8proc_charwidth((utf8proc_int32_t)c) == 2 ? 2 : 1;
	}
}

/* As part of a text: what cannot be printed is replaced. */
static int
columns_of(uint32_t c, bool first)
{
	int width;

	if (!first && in_range(c, skin_tones))
		return 0;
	width = width_char(c);
	return width < 0 ? 1 : width;
}

static bool
is_plain(struct slice s, size_t i)
{
	unsigned char c = (unsigned char)s.data[i];

	return c >= 0x20 && c < 0x7f;
}

/* One that no mark can follow: joining begins with a byte over 0x7f. */
static bool
starts_plain(struct slice s)
{
	return is_plain(s, 0) &&
	       (s.len == 1 || (unsigned char)s.data[1] < 0x80);
}

size_t
width_grapheme(struct slice s, int *ret_columns)
{
	utf8proc_int32_t state = 0;
	struct slice rest = s;
	uint32_t last;
	int columns;

	if (starts_plain(s)) {
		*ret_columns = 1;
		return 1;
	}
	last = utf8_next(&rest);
	columns = columns_of(last, true);
	while (rest.len > 0) {
		struct slice after = rest;
		uint32_t c = utf8_next(&after);

		if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)last,
			    (utf8proc_int32_t)c, &state))
			break;
		/* CR LF is one grapheme, and one blank. */
		if (c != '\n' && columns < INT_MAX / 2)
			columns += columns_of(c, false);
		last = c;
		rest = after;
	}
	*ret_columns = columns;
	return s.len - rest.len;
}

size_t
width_cut(struct slice s, int columns, int *ret_columns)
{
	int used = 0;
	size_t n = 0;

	while (n < s.len) {
		int width;
		size_t len = width_grapheme(slice_skip(s, n), &width);

		if (width > columns - used)
			break;
		used += width;
		n += len;
	}
	*ret_columns = used;
	return n;
}

int
width_text(struct slice s)
{
	int columns;

	width_cut(s, INT_MAX, &columns);
	return columns;
}

/* What of a text fits, with or without an ellipsis behind it. */
struct fit {
	size_t len;
	int columns; /* with the ellipsis */
	bool dots;
};

static struct fit
fit_text(struct slice s, int columns, const char *ellipsis)
{
	struct fit fit = { 0 };
	int dots;

	fit.len = width_cut(s, columns, &fit.columns);
	if (fit.len == s.len)
		return fit;
	dots = width_text(slice_str(ellipsis));
	if (dots > columns)
		return fit;
	fit.len = width_cut(s, columns - dots, &fit.columns);
	fit.columns += dots;
	fit.dots = true;
	return fit;
}

static void
add_fit(struct slice s, struct fit fit, const char *ellipsis,
	struct strbuf *out)
{
	strbuf_add_slice(out, slice_head(s, fit.len));
	if (fit.dots)
		strbuf_add_str(out, ellipsis);
}

static void
add_blanks(struct strbuf *out, int n)
{
	while (n-- > 0)
		strbuf_add_char(out, ' ');
}

int
width_truncate(
	struct slice s, int columns, const char *ellipsis, struct strbuf *out)
{
	struct fit fit = fit_text(s, columns, ellipsis);

	add_fit(s, fit, ellipsis, out);
	return fit.columns;
}

void
width_pad(struct slice s, int columns, const char *ellipsis, bool right,
	struct strbuf *out)
{
	struct fit fit = fit_text(s, columns, ellipsis);

	if (right)
		add_blanks(out, columns - fit.columns);
	add_fit(s, fit, ellipsis, out);
	if (!right)
		add_blanks(out, columns - fit.columns);
}

/* What matters about a character when lines are broken. */
enum break_class {
	BREAK_TEXT,
	BREAK_BLANK,
	BREAK_HYPHEN,
	BREAK_AFTER, /* an invisible opportunity */
	BREAK_WIDE,  /* on both sides */
	BREAK_GLUE,  /* on neither side */
	BREAK_OPEN,  /* not behind it */
	BREAK_CLOSE, /* not before it */
};

static enum break_class
class_of(uint32_t c, int columns)
{
	switch (c) {
	case ' ':
	case '\t':
	case 0x3000:
		return BREAK_BLANK;
	case '-':
	case 0x2010:
	case 0x2013:
	case 0x2014:
		return BREAK_HYPHEN;
	case ZERO_WIDTH_SPACE:
	case SOFT_HYPHEN:
		return BREAK_AFTER;
	case '"':
	case '\'':
	case NO_BREAK_SPACE:
	case NARROW_NO_BREAK_SPACE:
	case WORD_JOINER:
		return BREAK_GLUE;
	default:
		break;
	}
	switch ((int)utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_PS:
	case UTF8PROC_CATEGORY_PI:
		return BREAK_OPEN;
	case UTF8PROC_CATEGORY_PE:
	case UTF8PROC_CATEGORY_PF:
	case UTF8PROC_CATEGORY_PO:
	case UTF8PROC_CATEGORY_LM: /* the long vowel mark of kana */
		return BREAK_CLOSE;
	default:
		return columns == 2 ? BREAK_WIDE : BREAK_TEXT;
	}
}

static bool
may_break(enum break_class before, enum break_class after, bool letter_before)
{
	if (after == BREAK_BLANK)
		return false;
	if (before == BREAK_BLANK || before == BREAK_AFTER)
		return true;
	if (after == BREAK_CLOSE || after == BREAK_GLUE)
		return false;
	switch (before) {
	case BREAK_HYPHEN: /* "north-west", but not "-o" or "--" */
		return letter_before && after == BREAK_TEXT;
	case BREAK_WIDE:
		return after != BREAK_AFTER;
	case BREAK_CLOSE:
	case BREAK_TEXT:
		return after == BREAK_WIDE;
	case BREAK_BLANK:
	case BREAK_AFTER:
	case BREAK_GLUE:
	case BREAK_OPEN:
		break;
	}
	return false;
}

static size_t
without_blanks(struct slice s)
{
	for (;;) {
		if (slice_ends(s, SLICE(" ")) || slice_ends(s, SLICE("\t")) ||
			slice_ends(s, SLICE("\r")))
			s.len--;
		else if (slice_ends(s, SLICE("\xe3\x80\x80"))) /* U+3000 */
			s.len -= 3;
		else
			return s.len;
	}
}

/* Ends the line at `end`; the next one begins behind the blanks there. */
static size_t
break_at(struct slice s, size_t end, size_t *ret_next)
{
	*ret_next = end;
	return without_blanks(slice_head(s, end));
}

size_t
width_wrap(struct slice s, int columns, size_t *ret_next)
{
	enum break_class last = BREAK_OPEN;
	bool letter_before = false;
	size_t opportunity = 0;
	size_t n = 0;
	int used = 0;

	while (n < s.len && s.data[n] != '\n') {
		struct slice rest = slice_skip(s, n);
		struct slice peek = rest;
		int width;
		size_t len = width_grapheme(rest, &width);
		enum break_class class = class_of(utf8_next(&peek), width);

		/* A mark on a blank is seen. */
		if (class == BREAK_BLANK && peek.len != rest.len - len)
			class = BREAK_TEXT;

		if (rest.data[0] == '\r' && len == 2)
			break;
		if (n > 0 && may_break(last, class, letter_before))
			opportunity = n;
		/* Blanks may hang over the edge: they are not shown. */
		if (class != BREAK_BLANK && width > columns - used) {
			if (n == 0) /* wider than the line: goes alone */
				n = len;
			return break_at(
				s, opportunity ? opportunity : n, ret_next);
		}
		letter_before = last == BREAK_TEXT;
		last = class;
		used += width;
		n += len;
	}
	*ret_next = n;
	if (n < s.len)
		*ret_next += s.data[n] == '\r' ? 2 : 1;
	return without_blanks(slice_head(s, n));
}
