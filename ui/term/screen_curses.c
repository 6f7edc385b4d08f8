/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells to curses. */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <string.h>
#include <wchar.h>

#include "base/array.h"
#include "base/utf8.h"
#include "term/private.h"

static unsigned
attrs_of(const struct look *look)
{
	static const struct {
		unsigned bit;
		attr_t attr;
	} map[] = {
		{ LOOK_BOLD, A_BOLD },
		{ LOOK_DIM, A_DIM },
		{ LOOK_ITALIC, A_ITALIC },
		{ LOOK_UNDERLINE, A_UNDERLINE },
		{ LOOK_REVERSE, A_REVERSE },
	};
	unsigned attrs = 0;

	for (size_t i = 0; i < ARRAY_LEN(map); i++)
		if (look->bits & map[i].bit)
			attrs |= map[i].attr;
	return attrs;
}

/* Eight-colour terminals make the bright half by weight; but bold black is
 * black on many, so what stands back is dim there. */
static int
fit_color(int32_t color, unsigned *attrs, bool background)
{
	if (color < 0 || color < COLORS)
		return (int)color;
	if (!background && color == 8) {
		*attrs |= A_DIM;
		return -1;
	}
	if (!background)
		*attrs |= A_BOLD;
	return (int)(color - 8);
}

static const struct made_look *
look_of(struct terminal *term, uint16_t style)
{
	size_t start = (style ^ style >> 7) % LOOKS_MAX;
	struct look look;
	unsigned attrs;
	int fg;
	int bg;

	for (size_t i = 0; i < LOOKS_MAX; i++) {
		struct made_look *made = &term->looks[(start + i) % LOOKS_MAX];

		if (made->used && made->style == style)
			return made;
		if (made->used)
			continue;
		look = theme_look(term->theme, style, term->depth);
		attrs = attrs_of(&look);
		made->used = true;
		made->style = style;
		made->pair = 0;
		if (term->depth != DEPTH_MONO) {
			fg = fit_color(look.fg, &attrs, false);
			bg = fit_color(look.bg, &attrs, true);
			if (fg >= 0 || bg >= 0)
				made->pair = alloc_pair(fg, bg);
		}
		if (made->pair < 0)
			made->pair = 0;
		made->attrs = attrs;
		return made;
	}
	return &term->looks[start];
}

/*
 * The cell as curses has it.  Where the C library's opinion of a width is not
 * ours (it may be older, or the locale poorer), a sign that nobody doubts
 * stands in.
 */
static bool
make_cell(struct terminal *term, const struct cell *cell, cchar_t *ret)
{
	const struct made_look *look = look_of(term, cell->style);
	struct slice rest = slice_str(cell->text);
	wchar_t text[CCHARW_MAX + 1] = { 0 };
	size_t n = 0;
	bool known;

	while (rest.len > 0 && n < CCHARW_MAX) {
		text[n] = (wchar_t)utf8_next(&rest);
		if (n > 0 && wcwidth(text[n]) != 0)
			break;
		n++;
	}
	text[n] = L'\0';
	known = wcwidth(text[0]) == cell->width;
	if (!known) {
		text[0] = wcwidth(0xfffd) == 1 ? 0xfffd : L'?';
		text[1] = L'\0';
	}
	setcchar(ret, text, look->attrs, 0, &look->pair);
	return known;
}

static void
show_row(struct terminal *term, const struct screen *screen, int row)
{
	const struct cell *cells = screen_cell(screen, row, 0);
	struct cell *shown = screen_cell(term->shown, row, 0);
	size_t size = sizeof(cells[0]);

	if (memcmp(cells, shown, size * (size_t)screen->cols) == 0)
		return;
	for (int col = 0; col < screen->cols; col++) {
		cchar_t made[2];
		int n = 1;

		if (cells[col].width == 0 ||
			(memcmp(&cells[col], &shown[col], size) == 0 &&
				(cells[col].width == 1 ||
					memcmp(&cells[col + 1], &shown[col + 1],
						size) == 0)))
			continue;
		if (!make_cell(term, &cells[col], &made[0]) &&
			cells[col].width == 2) {
			/* A stand-in is narrow. */
			made[1] = made[0];
			n = 2;
		}
		mvadd_wchnstr(row, col, made, n);
	}
	memcpy(shown, cells, size * (size_t)screen->cols);
}

void
terminal_redraw(struct terminal *term)
{
	screen_free(term->shown);
	term->shown = NULL;
}

void
terminal_set_theme(struct terminal *term, const struct theme *theme)
{
	term->theme = theme;
	memset(term->looks, 0, sizeof(term->looks));
	if (term->depth != DEPTH_MONO)
		reset_color_pairs();
	terminal_redraw(term);
}

void
terminal_show(struct terminal *term, const struct screen *screen)
{
	bool anew = false;

	if (term->suspended || !term->theme)
		return;
	if (!term->shown || term->shown->rows != screen->rows ||
		term->shown->cols != screen->cols) {
		struct screen *shown =
			screen_new(screen->rows, screen->cols, screen->ascii);

		screen_free(term->shown);
		term->shown = shown;
		/* No cell equals an impossible one. */
		memset(shown->cells, 0xff,
			(size_t)shown->rows * (size_t)shown->cols *
				sizeof(shown->cells[0]));
		anew = true;
		erase();
		clearok(stdscr, TRUE);
	}
	for (int row = 0; row < screen->rows && row < LINES; row++)
		show_row(term, screen, row);
	move(screen->cursor_row, screen->cursor_col);
	refresh();
	terminal_show_links(term, screen, anew);
	terminal_cursor(term, screen->cursor_shown);
}
