/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A screenful of styled cells: what panes draw on and all they draw on.  All
 * text goes through the filter of glyph.h, so each cell holds one glyph of
 * known width and no cell can reach another.
 *
 * Rows and columns count from 0.  Drawing outside the screen is cut off.
 */
#ifndef TERCET_UI_TERM_SCREEN_H
#define TERCET_UI_TERM_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"
#include "term/glyph.h"
#include "term/symbol.h"
#include "term/theme.h"

/* Larger terminals are used up to here. */
enum { SCREEN_ROWS_MAX = 1000, SCREEN_COLS_MAX = 2000 };

struct rect {
	int row;
	int col;
	int rows;
	int cols;
};

struct cell {
	char text[GLYPH_BYTES]; /* empty in the right half of a wide glyph */
	uint8_t width;          /* 2: the cell to the right belongs to it */
	uint16_t style;         /* enum style and enum style_over */
	uint16_t link; /* what it leads to: screen_link(); 0: nothing */
};

/* URLs that cells lead to at a time; some terminals take no longer ones. */
enum { SCREEN_LINKS_MAX = 1000, SCREEN_LINK_BYTES_MAX = 2000 };

struct screen {
	int rows;
	int cols;
	bool ascii; /* symbols in their ASCII form */
	bool plain; /* and all else too: the terminal takes nothing more */
	struct cell *cells;
	int cursor_row; /* where the cursor rests */
	int cursor_col;
	bool cursor_shown;
	bool shows_links; /* the terminal knows what they are */
	char *links[SCREEN_LINKS_MAX];
	size_t n_links;
	unsigned links_round; /* of their numbers */
};

struct screen *screen_new(int rows, int cols, bool ascii);
void screen_free(struct screen *screen);
/* Empties. */
void screen_resize(struct screen *screen, int rows, int cols);

struct cell *screen_cell(const struct screen *screen, int row, int col);
static inline bool
rect_has(const struct rect *rect, int row, int col)
{
	return row >= rect->row && row < rect->row + rect->rows &&
	       col >= rect->col && col < rect->col + rect->cols;
}

/* Blanks in the style. */
void screen_clear(
	struct screen *screen, const struct rect *rect, uint16_t style);

/* Draws what fits into `cols` columns; returns the columns taken. */
int screen_put(struct screen *screen, int row, int col, int cols,
	struct slice text, uint16_t style);
/* The same, ending in an ellipsis when something was cut off. */
int screen_put_fit(struct screen *screen, int row, int col, int cols,
	struct slice text, uint16_t style);
int screen_put_str(struct screen *screen, int row, int col, int cols,
	const char *text, uint16_t style);
/* Ends at column `end` (not included), cut off at its left. */
void screen_put_right(struct screen *screen, int row, int col, int end,
	const char *text, uint16_t style);
/* Returns 1. */
int screen_put_symbol(struct screen *screen, int row, int col,
	enum symbol symbol, uint16_t style);
void screen_hline(
	struct screen *screen, int row, int col, int cols, uint16_t style);
void screen_vline(
	struct screen *screen, int row, int col, int rows, uint16_t style);
/* Adds `over` to the style of cells. */
void screen_over(
	struct screen *screen, int row, int col, int cols, uint16_t over);

/*
 * Cells that are drawn lead to the URL, until something else is drawn there.
 * Nothing happens where the terminal does not know links, for a URL that is
 * not visible ASCII, and past the limits.
 */
void screen_link(
	struct screen *screen, int row, int col, int cols, struct slice url);
/* Before all that leads somewhere is drawn anew. */
void screen_forget_links(struct screen *screen);

/* Where the cursor rests, shown or not: screen readers follow it. */
void screen_cursor(struct screen *screen, int row, int col, bool shown);

/* For tests: rows of text without blanks at their ends ... */
void screen_print_text(const struct screen *screen, struct strbuf *out);
/* ... and the styles as one letter a cell: see screen_style_letter(). */
void screen_print_styles(const struct screen *screen, struct strbuf *out);
/* Upper case with a selection over it; '.' is plain text. */
char screen_style_letter(uint16_t style);

#endif /* TERCET_UI_TERM_SCREEN_H */
