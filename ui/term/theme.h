/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * THE style table: how each kind of text looks, on dark and on light
 * backgrounds, at 16, 256 and direct colour and without any.  Panes name
 * styles; nothing else in the program names a colour.
 */
#ifndef TERCET_UI_TERM_THEME_H
#define TERCET_UI_TERM_THEME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"

enum style {
	STYLE_TEXT,
	STYLE_DIM,
	STYLE_ACCENT,
	STYLE_UNREAD,
	STYLE_FLAGGED,
	STYLE_SELECTED,
	STYLE_SELECTED_UNFOCUSED,
	STYLE_MARKED,
	STYLE_TITLE,
	STYLE_RULE,
	STYLE_HEADER_NAME,
	STYLE_HEADER_VALUE,
	STYLE_QUOTE1,
	STYLE_QUOTE2,
	STYLE_QUOTE3,
	STYLE_QUOTE4,
	STYLE_SIGNATURE,
	STYLE_LINK,
	STYLE_DIFF_ADD,
	STYLE_DIFF_DEL,
	STYLE_DIFF_HUNK,
	STYLE_ATTACHMENT,
	STYLE_GOOD,
	STYLE_WARNING,
	STYLE_BAD,
	STYLE_STATUS,
	STYLE_PROGRESS,
	STYLE_HINT_KEY,
	STYLE_HINT_TEXT,
	STYLE_MATCH,
	STYLE_ACCOUNT1, /* six, in turn */
	STYLE_ACCOUNT2,
	STYLE_ACCOUNT3,
	STYLE_ACCOUNT4,
	STYLE_ACCOUNT5,
	STYLE_ACCOUNT6,
	STYLE_LABEL,
	STYLE_LABEL1, /* to 5: $label1 to $label5 */
	STYLE_LABEL2,
	STYLE_LABEL3,
	STYLE_LABEL4,
	STYLE_LABEL5,
	STYLE_RED, /* to MAGENTA, as enum span_hue: colours of HTML */
	STYLE_YELLOW,
	STYLE_GREEN,
	STYLE_CYAN,
	STYLE_BLUE,
	STYLE_MAGENTA,
	STYLE_COUNT,
};

/*
 * A cell has a style with these bits.  SELECTED and SELECTED_UNFOCUSED put the
 * look of that style over the cell's own, which keeps its weight.
 */
enum style_over {
	STYLE_MASK = 0x00ff,
	OVER_BOLD = 0x0100,
	OVER_ITALIC = 0x0200,
	OVER_UNDERLINE = 0x0400,
	OVER_SELECTED = 0x0800,
	OVER_SELECTED_UNFOCUSED = 0x1000,
	OVER_MATCH = 0x2000,
};

enum color_depth {
	DEPTH_MONO,
	DEPTH_16,
	DEPTH_256,
	DEPTH_DIRECT,
};

enum look_bit {
	LOOK_BOLD = 1,
	LOOK_DIM = 2,
	LOOK_ITALIC = 4,
	LOOK_UNDERLINE = 8,
	LOOK_REVERSE = 16,
};

/* What a terminal is to do.  Colours are those of the depth asked for: an
 * index, or 0xRRGGBB for direct colour; COLOR_NONE is the terminal's own. */
enum { COLOR_NONE = -1 };

struct look {
	int32_t fg;
	int32_t bg;
	unsigned bits; /* of enum look_bit */
};

struct theme;

/* The built-in theme for dark or light backgrounds. */
struct theme *theme_new(bool light);
void theme_free(struct theme *theme);

/*
 * Changes a theme by the lines of a theme file:
 *
 *     # style = [bold] [dim] [italic] [underline] [reverse] [COLOUR] [on
 * COLOUR] unread = bold #ffffff selected = black on 110
 *
 * where COLOUR is a name (red, bright-red, ...), a number up to 255, #rrggbb
 * or `default`.  The error names file and line.
 */
MUST_CHECK bool theme_read(struct theme *theme, const char *file,
	struct slice text, struct error *err);

struct look theme_look(
	const struct theme *theme, uint16_t style, enum color_depth depth);

const char *style_name(enum style style);
const char *style_summary(enum style style);

/* The colour of the 256-colour palette, and its nearest neighbours. */
uint32_t color_of_index(int index);
int color_nearest_256(uint32_t rgb);
int color_nearest_16(uint32_t rgb);
/* Whether dark text is easier to read on it. */
bool color_is_light(uint32_t rgb);

#endif /* TERCET_UI_TERM_THEME_H */
