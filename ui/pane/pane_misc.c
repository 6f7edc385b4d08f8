/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules, the picker, pages of text. */
#include "base/gettext.h"
#include "i18n/width.h"
#include "pane/pane.h"
#include "screen/pager.h"

void
pane_rules_draw(struct screen *screen, const struct layout *layout)
{
	int rows = layout->content.rows;
	int row = layout->rule_viewer_row;
	int col = layout->viewer.col;

	if (layout->rule_folders >= 0)
		screen_vline(screen, 0, layout->rule_folders, rows, STYLE_RULE);
	if (layout->rule_viewer_col >= 0)
		screen_vline(
			screen, 0, layout->rule_viewer_col, rows, STYLE_RULE);
	if (row < 0)
		return;
	/* Not through the pane that lies over it. */
	if (col <= layout->rule_folders)
		col = layout->rule_folders + 1;
	screen_hline(screen, row, col,
		layout->viewer.col + layout->viewer.cols - col, STYLE_RULE);
	if (layout->rule_folders >= 0)
		screen_put_symbol(screen, row, layout->rule_folders, SYMBOL_TEE,
			STYLE_RULE);
}

/* Rows that a text takes. */
static int
text_rows(const char *text, int cols)
{
	struct slice rest = slice_str(text);
	int rows = 0;

	for (; rest.len > 0; rows++) {
		size_t next;

		(void)width_wrap(rest, cols, &next);
		rest = slice_skip(rest, next);
	}
	return rows;
}

void
pane_text_draw(struct screen *screen, const struct rect *rect, const char *text)
{
	struct slice rest = slice_str(text);
	int cols = rect->cols - 4 < 72 ? rect->cols - 4 : 72;
	int row = rect->row;
	int air;

	if (cols < 1)
		cols = 1;
	air = rect->rows - text_rows(text, cols);
	if (air > 0)
		row++;
	screen_clear(screen, rect, STYLE_TEXT);
	while (rest.len > 0 && row < rect->row + rect->rows) {
		size_t next;
		size_t len = width_wrap(rest, cols, &next);

		/* Blank lines go first where there are too few. */
		if (len > 0 || air >= 0)
			screen_put(screen, row++, rect->col + 2, cols,
				slice_head(rest, len), STYLE_TEXT);
		rest = slice_skip(rest, next);
	}
}

static void
draw_item(struct screen *screen, int row, const struct rect *rect,
	const struct picker_item *item, bool chosen)
{
	int col = rect->col + 3;
	int end = rect->col + rect->cols - 1;

	if (chosen)
		screen_put_symbol(
			screen, row, rect->col + 1, SYMBOL_ARROW, STYLE_ACCENT);
	if (item->key) {
		screen_put_str(screen, row, col, 4, item->key, STYLE_HINT_KEY);
		col += 4;
	}
	col += screen_put_str(screen, row, col, end - col, item->text,
		chosen ? item->style | OVER_BOLD : item->style);
	if (item->note && col + 4 < end)
		screen_put_str(screen, row, col + 2, end - col - 2, item->note,
			STYLE_DIM);
}

/* Over as many rows as it takes, the last of `rows` showing that more is cut
 * off; returns the rows taken. */
static int
draw_title(struct screen *screen, const struct rect *rect, int rows,
	const char *title)
{
	struct slice rest = slice_str(title);
	int cols = rect->cols > 2 ? rect->cols - 2 : 1;
	int used = 0;

	while (rest.len > 0 && used < rows) {
		size_t next;
		size_t len = width_wrap(rest, cols, &next);

		if (used + 1 == rows)
			len = rest.len;
		screen_put_fit(screen, rect->row + used, rect->col + 1, cols,
			slice_head(rest, len), STYLE_ACCENT);
		rest = slice_skip(rest, next);
		used++;
	}
	return used;
}

/* What is typed stands behind the title, below a long one. */
static void
draw_filter(struct screen *screen, const struct rect *rect,
	const struct picker *picker)
{
	struct slice typed = strbuf_slice(&picker->filter.text);
	int col = rect->col + 1;
	int row = rect->row + picker->head - 1;

	if (picker->head == 1)
		col += screen_put_str(screen, row, col, rect->cols / 2,
			       picker->title, STYLE_ACCENT) +
		       1;
	(void)screen_put(screen, row, col, rect->col + rect->cols - col, typed,
		STYLE_TEXT);
	screen_cursor(screen, row,
		col + glyph_columns(slice_head(typed, picker->filter.cursor)),
		true);
}

/* Rows of the title and of what is typed; two choices stay in sight. */
static int
head_rows(const struct rect *rect, const struct picker *picker)
{
	int cols = rect->cols > 2 ? rect->cols - 2 : 1;
	int choices = picker->n < 2 ? 1 : 2;
	int rows = text_rows(picker->title, cols);

	if (!picker->by_hint)
		rows = width_text(slice_str(picker->title)) > rect->cols / 2
			       ? rows + 1
			       : 1;
	if (rows > rect->rows - choices)
		rows = rect->rows - choices;
	return rows > 0 ? rows : 1;
}

/* Rows of the choices: it does not shrink while one types. */
static int
item_rows(const struct rect *rect, const struct picker *picker)
{
	int room = rect->rows - picker->head - 1;
	size_t n = picker->n > picker->n_shown ? picker->n : picker->n_shown;
	int rows = room > 0 && n > (size_t)room ? room : (int)n;

	return rows > 0 ? rows : 1;
}

int
pane_picker_draw(
	struct screen *screen, const struct rect *rect, struct picker *picker)
{
	struct rect place = *rect;
	int end;
	int items;
	int row;

	picker->head = head_rows(rect, picker);
	items = item_rows(rect, picker);
	row = rect->row + picker->head;
	place.rows = picker->head + items + 1;
	if (place.rows > rect->rows)
		place.rows = rect->rows;
	end = rect->row + place.rows;
	picker_set_page(picker, items);
	screen_clear(screen, &place, STYLE_TEXT);
	if (picker->by_hint || picker->head > 1)
		draw_title(screen, rect, picker->head - !picker->by_hint,
			picker->title);
	if (!picker->by_hint)
		draw_filter(screen, rect, picker);
	if (picker->n_shown == 0 && row < end)
		screen_put_str(screen, row, rect->col + 3, rect->cols - 4,
			picker->n > 0 ? _("No match") : _("Nothing to choose"),
			STYLE_DIM);
	for (int i = 0; i < items && row + i < end; i++) {
		size_t at = picker->top + (size_t)i;

		if (at < picker->n_shown)
			draw_item(screen, row + i, rect,
				&picker->items[picker->shown[at]],
				at == picker->cursor);
	}
	if (place.rows == picker->head + items + 1)
		screen_hline(
			screen, row + items, rect->col, rect->cols, STYLE_RULE);
	return place.rows;
}

void
pane_pager_draw(
	struct screen *screen, const struct rect *rect, struct pager *pager)
{
	int col = rect->col + 1;
	int left = pager_left_columns(pager, rect->cols);

	screen_clear(screen, rect, STYLE_TEXT);
	screen_put_str(screen, rect->row, col, rect->cols - 2, pager->title,
		STYLE_TITLE);
	pager_set_page(pager, rect->rows - 2);
	for (int i = 0; i < rect->rows - 2; i++) {
		const struct pager_line *line = pager_on_screen(pager, i);
		int row = rect->row + 2 + i;
		int room = rect->cols - 3 - left;

		if (!line)
			return;
		if (line->is_heading) {
			screen_put_str(screen, row, col, rect->cols - 2,
				line->left, STYLE_TITLE);
			continue;
		}
		if (!line->left) {
			screen_put_str(screen, row, col, rect->cols - 2,
				line->right, STYLE_TEXT);
			continue;
		}
		screen_put_str(screen, row, col + 1, left - 1, line->left,
			STYLE_HINT_KEY);
		screen_put_str(screen, row, col + 1 + left, room - 1,
			line->right, line->is_dim ? STYLE_DIM : STYLE_TEXT);
	}
}
