/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "i18n/format.h"
#include "pane/pane.h"

enum { COUNT_COLS = 7 };

static void
draw_line(struct screen *screen, const struct rect *rect, int row,
	const struct folder_line *line, uint16_t over)
{
	int col = rect->col + 1 + (line->depth > 0 ? line->depth - 1 : 0) * 2;
	int end = rect->col + rect->cols - 1;
	char count[FORMAT_SIZE] = "";
	int room;
	uint16_t style = STYLE_TEXT;

	if (line->depth == 0)
		style = STYLE_TITLE;
	else if (line->folder == 0 || !line->selectable)
		style = STYLE_DIM;
	else if (line->unread > 0)
		style = STYLE_UNREAD;
	if (line->unread > 0)
		format_number(line->unread, count);
	if (col > end - 4)
		col = end - 4;
	if (line->has_children && line->depth > 0)
		screen_put_symbol(screen, row, col,
			line->is_open ? SYMBOL_OPEN : SYMBOL_CLOSED, STYLE_DIM);
	else if (line->depth == 0 && !line->is_open)
		screen_put_symbol(
			screen, row, rect->col, SYMBOL_CLOSED, STYLE_DIM);
	if (line->depth > 0)
		col += 2;
	room = end - col - (*count ? glyph_columns(slice_str(count)) + 1 : 0);
	screen_put_str(screen, row, col, room, line->name, style);
	screen_put_right(screen, row, end - COUNT_COLS, end, count,
		line->role == ROLE_JUNK || line->role == ROLE_TRASH
			? STYLE_DIM
			: STYLE_ACCENT);
	if (over)
		screen_over(screen, row, rect->col, rect->cols, over);
}

void
pane_folders_draw(struct screen *screen, const struct rect *rect,
	const struct view_folders *view, bool focus)
{
	screen_clear(screen, rect, STYLE_TEXT);
	for (int i = 0; i < rect->rows; i++) {
		size_t at = view->top + (size_t)i;
		uint16_t over = 0;

		if (at >= view->n)
			return;
		if (at == view->cursor)
			over = focus ? OVER_SELECTED : OVER_SELECTED_UNFOCUSED;
		draw_line(screen, rect, rect->row + i, &view->lines[at], over);
	}
}

bool
pane_folders_line_at(const struct view_folders *view, const struct rect *rect,
	int row, size_t *ret_line)
{
	size_t at = view->top + (size_t)(row - rect->row);

	*ret_line = at;
	return row >= rect->row && at < view->n;
}
