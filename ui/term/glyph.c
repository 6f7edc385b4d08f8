/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "term/glyph.h"

#include <string.h>

#include "base/array.h"
#include "base/utf8.h"
#include "i18n/width.h"

enum fate { KEEP, DROP, BLANK, REPLACE };

/* Ascending, apart from each other. */
static const struct {
	uint32_t first;
	uint32_t last;
	enum fate fate;
} fates[] = {
	{ 0x0009, 0x000a, BLANK }, { 0x000d, 0x000d, BLANK },
	{ 0x00a0, 0x00a0, BLANK }, { 0x00ad, 0x00ad, DROP }, /* soft hyphen */
	{ 0x034f, 0x034f, DROP },    /* grapheme joiner */
	{ 0x0600, 0x0605, REPLACE }, /* Arabic signs that span digits */
	{ 0x061c, 0x061c, DROP },    /* Arabic letter mark */
	{ 0x06dd, 0x06dd, REPLACE }, /* end of ayah */
	{ 0x070f, 0x070f, DROP },    /* Syriac abbreviation mark */
	{ 0x08e2, 0x08e2, REPLACE }, /* disputed end of ayah */
	{ 0x115f, 0x1160, BLANK },   /* Hangul fillers */
	{ 0x1680, 0x1680, BLANK },
	{ 0x17b4, 0x17b5, DROP }, /* Khmer inherent vowels */
	{ 0x180b, 0x180f, DROP }, /* Mongolian selectors */
	{ 0x2000, 0x200a, BLANK },
	{ 0x200b, 0x200f, DROP },  /* zero widths, LRM, RLM */
	{ 0x2028, 0x2029, BLANK }, /* line and paragraph separators */
	{ 0x202a, 0x202e, DROP },  /* embeddings and overrides */
	{ 0x202f, 0x202f, BLANK }, { 0x205f, 0x205f, BLANK },
	{ 0x2060, 0x206f, DROP }, /* joiners, isolates, deprecated */
	{ 0x20dd, 0x20e0, DROP }, /* enclosing marks grow their base */
	{ 0x20e2, 0x20e4, DROP },
	{ 0x2800, 0x2800, BLANK },   /* the empty Braille pattern */
	{ 0x2e3a, 0x2e3b, REPLACE }, /* dashes of two and three ems */
	{ 0x3164, 0x3164, BLANK },   /* Hangul filler */
	{ 0xe000, 0xf8ff, REPLACE }, /* private */
	{ 0xfdd0, 0xfdef, REPLACE }, /* never characters */
	{ 0xfdfa, 0xfdfd, REPLACE }, /* whole phrases in one */
	{ 0xfe00, 0xfe0f, DROP },    /* variation selectors */
	{ 0xfeff, 0xfeff, DROP },    /* zero-width no-break space */
	{ 0xffa0, 0xffa0, BLANK },   /* halfwidth Hangul filler */
	{ 0xfff0, 0xfffb, DROP },    /* specials */
	{ 0xfffc, 0xffff, REPLACE },
	{ 0x12000, 0x123ff, REPLACE }, /* cuneiform, some of it endless */
	{ 0x1bca0, 0x1bca3, DROP },    /* shorthand controls */
	{ 0x1d173, 0x1d17a, DROP },    /* musical controls */
	{ 0x1f3fb, 0x1f3ff, DROP },    /* skin tones */
	{ 0xe0000, 0xe0fff, DROP },    /* tags, more selectors */
};

enum { REGIONAL_A = 0x1f1e6, REGIONAL_Z = 0x1f1ff, PLANE_15 = 0xf0000 };

static enum fate
fate_of(uint32_t code)
{
	size_t low = 0;
	size_t high = ARRAY_LEN(fates);

	if (code < 0x20 || (code >= 0x7f && code < 0xa0))
		return code == '\t' || code == '\n' || code == '\r' ? BLANK
								    : REPLACE;
	if (code < 0x7f)
		return KEEP;
	if (code >= PLANE_15)
		return REPLACE;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (code < fates[middle].first)
			high = middle;
		else if (code > fates[middle].last)
			low = middle + 1;
		else
			return fates[middle].fate;
	}
	return KEEP;
}

static void
put(struct glyph *glyph, size_t *len, uint32_t code)
{
	*len += utf8_encode(code, glyph->text + *len);
	glyph->text[*len] = '\0';
}

/* Takes the marks that stand on what came before. */
static void
take_marks(struct slice *text, struct glyph *glyph, size_t *len)
{
	for (int marks = 0; text->len > 0;) {
		struct slice rest = *text;
		uint32_t code;
		enum fate fate;

		if ((unsigned char)text->data[0] < 0x80)
			return;
		code = utf8_next(&rest);
		fate = fate_of(code);
		if (fate == KEEP && width_char(code) != 0)
			return;
		if (fate == BLANK || fate == REPLACE)
			return;
		*text = rest;
		if (fate == KEEP && marks++ < GLYPH_MARKS)
			put(glyph, len, code);
	}
}

/* A base by itself; false for one that is dropped. */
static bool
put_base(struct glyph *glyph, size_t *len, uint32_t code)
{
	int width = 1;

	switch (fate_of(code)) {
	case DROP:
		return false;
	case BLANK:
		code = ' ';
		break;
	case REPLACE:
		code = UTF8_REPLACEMENT;
		break;
	case KEEP:
		width = width_char(code);
		break;
	}
	if (code >= REGIONAL_A && code <= REGIONAL_Z) {
		code = 'A' + code - REGIONAL_A;
		width = 1;
	}
	if (width < 0 || width > 2) {
		code = UTF8_REPLACEMENT;
		width = 1;
	}
	if (width == 0) { /* a mark without a base */
		put(glyph, len, ' ');
		width = 1;
	}
	put(glyph, len, code);
	glyph->width = width;
	return true;
}

bool
glyph_next(struct slice *text, struct glyph *ret)
{
	while (text->len > 0) {
		size_t len = 0;
		uint32_t code;
		unsigned char c = (unsigned char)text->data[0];

		if (c >= 0x20 && c < 0x7f &&
			(text->len == 1 ||
				(unsigned char)text->data[1] < 0x80)) {
			ret->text[0] = (char)c;
			ret->text[1] = '\0';
			ret->width = 1;
			*text = slice_skip(*text, 1);
			return true;
		}
		code = utf8_next(text);
		if (!put_base(ret, &len, code))
			continue;
		take_marks(text, ret, &len);
		return true;
	}
	return false;
}

int
glyph_columns(struct slice text)
{
	struct glyph glyph;
	int columns = 0;

	while (glyph_next(&text, &glyph))
		columns += glyph.width;
	return columns;
}

size_t
glyph_cut(struct slice text, int columns, int *ret_columns)
{
	struct slice rest = text;
	struct glyph glyph;
	int used = 0;

	for (;;) {
		struct slice before = rest;

		if (!glyph_next(&rest, &glyph))
			break;
		if (used + glyph.width > columns) {
			rest = before;
			break;
		}
		used += glyph.width;
	}
	*ret_columns = used;
	return text.len - rest.len;
}
