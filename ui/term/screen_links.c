/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cells that lead somewhere, on terminals that know OSC 8.
 *
 * Curses writes text without links, and when it writes a cell the terminal
 * forgets where it led; and it may scroll rows, which takes their links along.
 * So after curses is done, each row that it may have touched is gone over:
 * cells with links are written again, the same glyphs in the same looks,
 * between OSC 8 sequences; those that lost theirs, without, and those that look
 * like links too, since one may have come to them from another row.  The
 * terminal keeps cursor and looks meanwhile (DECSC, DECRC), so that what curses
 * believes of it stays true.  Within a row curses is kept from shifting cells.
 */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "term/private.h"

#define SAVE                                                                   \
	"\x1b"                                                                 \
	"7"
#define RESTORE                                                                \
	"\x1b"                                                                 \
	"8"
#define LINK_END "\x1b]8;;\x1b\\"

/* Bytes of one screen's links that are written at most. */
enum { OUTPUT_MAX = 4 * 1024 * 1024 };

void
screen_forget_links(struct screen *screen)
{
	for (size_t i = 0; i < screen->n_links; i++)
		free(screen->links[i]);
	screen->n_links = 0;
	screen->links_round++;
}

/* Whether it can be written as it stands. */
static bool
is_visible(struct slice url)
{
	for (size_t i = 0; i < url.len; i++)
		if ((unsigned char)url.data[i] <= 0x20 ||
			(unsigned char)url.data[i] >= 0x7f)
			return false;
	return url.len > 0 && url.len <= SCREEN_LINK_BYTES_MAX;
}

/* Its number, from 1 on; 0: there are too many. */
static uint16_t
number_of(struct screen *screen, struct slice url)
{
	for (size_t i = 0; i < screen->n_links; i++)
		if (slice_eq(slice_str(screen->links[i]), url))
			return (uint16_t)(i + 1);
	if (screen->n_links == SCREEN_LINKS_MAX)
		return 0;
	screen->links[screen->n_links++] = xmemdup0(url.data, url.len);
	return (uint16_t)screen->n_links;
}

void
screen_link(struct screen *screen, int row, int col, int cols, struct slice url)
{
	uint16_t number;

	if (!screen->shows_links || !is_visible(url) || row < 0 ||
		row >= screen->rows)
		return;
	number = number_of(screen, url);
	for (int i = col < 0 ? 0 : col; i < col + cols && i < screen->cols; i++)
		screen_cell(screen, row, i)->link = number;
}

static void
add_color(struct strbuf *out, int color, enum color_depth depth, bool back)
{
	if (color < 0 || depth == DEPTH_MONO)
		return;
	if (depth == DEPTH_DIRECT)
		strbuf_addf(out, ";%d;2;%d;%d;%d", back ? 48 : 38,
			color >> 16 & 255, color >> 8 & 255, color & 255);
	else if (color < 8)
		strbuf_addf(out, ";%d", (back ? 40 : 30) + color);
	else if (color < 16)
		strbuf_addf(out, ";%d", (back ? 100 : 90) + color - 8);
	else
		strbuf_addf(out, ";%d;5;%d", back ? 48 : 38, color);
}

/* ECMA-48 8.3.117; the terminals in question know all of it. */
static void
add_look(struct strbuf *out, const struct look *look, enum color_depth depth)
{
	static const struct {
		unsigned bit;
		const char *code;
	} codes[] = {
		{ LOOK_BOLD, ";1" },
		{ LOOK_DIM, ";2" },
		{ LOOK_ITALIC, ";3" },
		{ LOOK_UNDERLINE, ";4" },
		{ LOOK_REVERSE, ";7" },
	};

	strbuf_add_str(out, "\x1b[0");
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (look->bits & codes[i].bit)
			strbuf_add_str(out, codes[i].code);
	add_color(out, look->fg, depth, false);
	add_color(out, look->bg, depth, true);
	strbuf_add_char(out, 'm');
}

/* As screen_curses.c does for curses. */
static void
fit_colors(struct look *look, int colors)
{
	if (look->bg >= colors)
		look->bg -= 8;
	if (look->fg < colors)
		return;
	look->bits |= look->fg == 8 ? LOOK_DIM : LOOK_BOLD;
	look->fg = look->fg == 8 ? COLOR_NONE : look->fg - 8;
}

/* Whether curses wrote the cell as it is: see make_cell(). */
static bool
is_as_shown(const struct cell *cell)
{
	struct slice rest = slice_str(cell->text);
	bool first = true;

	while (rest.len > 0) {
		int width = wcwidth((wchar_t)utf8_next(&rest));

		if (width != (first ? cell->width : 0))
			return false;
		first = false;
	}
	return !first;
}

static const char *
url_of(const struct screen *screen, uint16_t link)
{
	return link > 0 && link <= screen->n_links ? screen->links[link - 1]
						   : NULL;
}

/* A run of cells of one look that lead to the same place, or nowhere any
 * more. */
static void
add_run(struct strbuf *out, const struct terminal *term,
	const struct screen *screen, int row, int from, int to)
{
	const struct cell *cells = screen_cell(screen, row, 0);
	const char *url = url_of(screen, cells[from].link);
	struct look look =
		theme_look(term->theme, cells[from].style, term->depth);

	if (term->depth == DEPTH_16)
		fit_colors(&look, term->colors);
	strbuf_addf(out, "\x1b[%d;%dH", row + 1, from + 1);
	add_look(out, &look, term->depth);
	/* One of several lines is one link by its number. */
	if (url)
		strbuf_addf(out, "\x1b]8;id=%u;%s\x1b\\",
			(unsigned)cells[from].link, url);
	for (int col = from; col < to; col++)
		strbuf_add_str(out, cells[col].text);
	if (url)
		strbuf_add_str(out, LINK_END);
}

static bool
has_to_be_written(const struct cell *cell, const struct cell *before)
{
	return (cell->link != 0 || before->link != 0 ||
		       (cell->style & STYLE_MASK) == STYLE_LINK) &&
	       cell->width > 0 && is_as_shown(cell);
}

static void
add_row(struct strbuf *out, const struct terminal *term,
	const struct screen *screen, int row)
{
	const struct cell *cells = screen_cell(screen, row, 0);
	const struct cell *before = screen_cell(term->linked, row, 0);

	for (int col = 0; col < screen->cols;) {
		int from = col;

		if (!has_to_be_written(&cells[col], &before[col])) {
			col++;
			continue;
		}
		while (col < screen->cols &&
			has_to_be_written(&cells[col], &before[col]) &&
			cells[col].link == cells[from].link &&
			cells[col].style == cells[from].style)
			col += cells[col].width;
		add_run(out, term, screen, row, from,
			col < screen->cols ? col : screen->cols);
	}
}

static bool
is_changed(const struct terminal *term, const struct screen *screen, int row)
{
	return memcmp(screen_cell(screen, row, 0),
		       screen_cell(term->linked, row, 0),
		       sizeof(struct cell) * (size_t)screen->cols) != 0;
}

/* Whether curses may have scrolled: then it found a row elsewhere, and where it
 * was is another. */
static bool
may_have_scrolled(const struct terminal *term, const struct screen *screen)
{
	int changed = 0;

	for (int row = 0; row < screen->rows && changed < 2; row++)
		changed += is_changed(term, screen, row);
	return changed == 2;
}

/* What the terminal holds is not known: no link of it counts. */
static void
start_anew(struct terminal *term, const struct screen *screen)
{
	screen_free(term->linked);
	term->linked = screen_new(screen->rows, screen->cols, screen->ascii);
	term->linked->links_round = screen->links_round;
	for (int i = 0; i < screen->rows * screen->cols; i++)
		term->linked->cells[i].style = UINT16_MAX;
}

void
terminal_show_links(
	struct terminal *term, const struct screen *screen, bool anew)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	size_t size = sizeof(struct cell) * (size_t)screen->cols;
	bool all;

	if (!screen->shows_links && !term->linked)
		return;
	if (anew || !term->linked)
		start_anew(term, screen);
	all = term->linked->links_round != screen->links_round ||
	      may_have_scrolled(term, screen);
	strbuf_init(&out, OUTPUT_MAX);
	strbuf_add_str(&out, SAVE);
	for (int row = 0; row < screen->rows; row++) {
		/* To where the cursor rests it may have gone over glyphs. */
		if (!all && !is_changed(term, screen, row) &&
			row != screen->cursor_row &&
			row != term->linked->cursor_row)
			continue;
		add_row(&out, term, screen, row);
		memcpy(screen_cell(term->linked, row, 0),
			screen_cell(screen, row, 0), size);
	}
	term->linked->links_round = screen->links_round;
	term->linked->cursor_row = screen->cursor_row;
	if (out.len == strlen(SAVE) || out.full)
		return;
	strbuf_add_str(&out, RESTORE);
	terminal_write(out.data, out.len);
}
