/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "term/screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "term/plain.h"

static const struct cell blank = { " ", 1, STYLE_TEXT, 0 };

struct screen *
screen_new(int rows, int cols, bool ascii)
{
	struct screen *screen = xnew(struct screen);

	screen->ascii = ascii;
	screen_resize(screen, rows, cols);
	return screen;
}

void
screen_free(struct screen *screen)
{
	if (!screen)
		return;
	screen_forget_links(screen);
	free(screen->cells);
	free(screen);
}

void
screen_resize(struct screen *screen, int rows, int cols)
{
	size_t n;

	rows = rows < 1 ? 1 : rows > SCREEN_ROWS_MAX ? SCREEN_ROWS_MAX : rows;
	cols = cols < 1 ? 1 : cols > SCREEN_COLS_MAX ? SCREEN_COLS_MAX : cols;
	n = (size_t)rows * (size_t)cols;
	free(screen->cells);
	screen->cells = xcalloc(n, sizeof(screen->cells[0]));
	screen->rows = rows;
	screen->cols = cols;
	screen->cursor_row = 0;
	screen->cursor_col = 0;
	screen->cursor_shown = false;
	for (size_t i = 0; i < n; i++)
		screen->cells[i] = blank;
}

struct cell *
screen_cell(const struct screen *screen, int row, int col)
{
	ASSERT(row >= 0 && row < screen->rows && col >= 0 &&
		col < screen->cols);
	return &screen->cells[(size_t)row * (size_t)screen->cols + (size_t)col];
}

/* Blanks the other half of a wide glyph of which one half is overwritten. */
static void
split_wide(struct screen *screen, int row, int col)
{
	struct cell *cell = screen_cell(screen, row, col);
	struct cell *other = NULL;

	if (cell->width == 2 && col + 1 < screen->cols)
		other = cell + 1;
	else if (cell->text[0] == '\0' && col > 0)
		other = cell - 1;
	if (other) {
		uint16_t style = other->style;

		*other = blank;
		other->style = style;
	}
}

static void
set_cell(struct screen *screen, int row, int col, const struct glyph *glyph,
	uint16_t style)
{
	struct cell *cell = screen_cell(screen, row, col);

	split_wide(screen, row, col);
	memset(cell->text, 0, sizeof(cell->text));
	memcpy(cell->text, glyph->text, strlen(glyph->text));
	cell->width = (uint8_t)glyph->width;
	cell->style = style;
	cell->link = 0;
	if (glyph->width != 2)
		return;
	split_wide(screen, row, col + 1);
	cell[1] = (struct cell){ "", 0, style, 0 };
}

void
screen_clear(struct screen *screen, const struct rect *rect, uint16_t style)
{
	static const struct glyph space = { " ", 1 };

	for (int row = rect->row; row < rect->row + rect->rows; row++)
		for (int col = rect->col; col < rect->col + rect->cols; col++)
			if (row >= 0 && row < screen->rows && col >= 0 &&
				col < screen->cols)
				set_cell(screen, row, col, &space, style);
}

/* To what the terminal can show, in the same columns. */
static void
fit_glyph(const struct screen *screen, struct glyph *glyph)
{
	struct slice text = slice_str(glyph->text);
	uint32_t code;

	if (!screen->ascii ||
		((unsigned char)glyph->text[0] < 0x80 && text.len == 1))
		return;
	code = utf8_next(&text);
	if (!screen->plain && code != UTF8_REPLACEMENT)
		return;
	glyph->text[0] = plain_of(code);
	glyph->text[1] = '\0';
	glyph->width = 1;
}

int
screen_put(struct screen *screen, int row, int col, int cols, struct slice text,
	uint16_t style)
{
	struct glyph glyph;
	int used = 0;
	int end;

	if (row < 0 || row >= screen->rows || col < 0 || col >= screen->cols)
		return 0;
	if (cols > screen->cols - col)
		cols = screen->cols - col;
	while (used < cols && glyph_next(&text, &glyph)) {
		if (used + glyph.width > cols)
			break;
		end = used + glyph.width;
		fit_glyph(screen, &glyph);
		/* What stands in for a wide one stands twice. */
		for (; used < end; used += glyph.width)
			set_cell(screen, row, col + used, &glyph, style);
	}
	return used;
}

int
screen_put_fit(struct screen *screen, int row, int col, int cols,
	struct slice text, uint16_t style)
{
	int used;
	size_t cut;

	if (cols > screen->cols - col)
		cols = screen->cols - col;
	if (cols <= 0)
		return 0;
	cut = glyph_cut(text, cols, &used);
	/* What is left may be nothing that shows. */
	if (cut == text.len || glyph_columns(slice_skip(text, cut)) == 0)
		return screen_put(screen, row, col, cols, text, style);
	cut = glyph_cut(text, cols - 1, &used);
	used = screen_put(
		screen, row, col, cols - 1, slice_head(text, cut), style);
	return used + screen_put_symbol(
			      screen, row, col + used, SYMBOL_ELLIPSIS, style);
}

int
screen_put_str(struct screen *screen, int row, int col, int cols,
	const char *text, uint16_t style)
{
	return screen_put_fit(screen, row, col, cols, slice_str(text), style);
}

void
screen_put_right(struct screen *screen, int row, int col, int end,
	const char *text, uint16_t style)
{
	struct slice rest = slice_str(text);
	int columns = glyph_columns(rest);

	while (columns > end - col) {
		struct glyph glyph;

		if (!glyph_next(&rest, &glyph))
			return;
		columns -= glyph.width;
	}
	screen_put(screen, row, end - columns, columns, rest, style);
}

int
screen_put_symbol(struct screen *screen, int row, int col, enum symbol symbol,
	uint16_t style)
{
	return screen_put(screen, row, col, 1,
		slice_str(symbol_text(symbol, screen->ascii)), style);
}

void
screen_hline(struct screen *screen, int row, int col, int cols, uint16_t style)
{
	for (int i = 0; i < cols; i++)
		screen_put_symbol(screen, row, col + i, SYMBOL_HLINE, style);
}

void
screen_vline(struct screen *screen, int row, int col, int rows, uint16_t style)
{
	for (int i = 0; i < rows; i++)
		screen_put_symbol(screen, row + i, col, SYMBOL_VLINE, style);
}

void
screen_over(struct screen *screen, int row, int col, int cols, uint16_t over)
{
	if (row < 0 || row >= screen->rows)
		return;
	for (int i = col; i < col + cols && i < screen->cols; i++)
		if (i >= 0)
			screen_cell(screen, row, i)->style |= over;
}

void
screen_cursor(struct screen *screen, int row, int col, bool shown)
{
	screen->cursor_row = row < screen->rows ? row : screen->rows - 1;
	screen->cursor_col = col < screen->cols ? col : screen->cols - 1;
	screen->cursor_shown = shown;
}
