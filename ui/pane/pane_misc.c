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

int
pane_picker_draw(
	struct screen *screen, const struct rect *rect, struct picker *picker)
{
	struct slice typed = strbuf_slice(&picker->filter.text);
	struct rect place = *rect;
	int col;
	int items = rect->rows - 2;

	if ((size_t)items > picker->n_shown)
		items = (int)picker->n_shown;
	/* It does not shrink while one types. */
	if ((size_t)items < picker->n && items < rect->rows - 2)
		items = picker->n < (size_t)rect->rows - 2 ? (int)picker->n
							   : rect->rows - 2;
	if (items < 1)
		items = 1;
	picker_set_page(picker, items);
	place.rows = items + 2 < rect->rows ? items + 2 : rect->rows;
	screen_clear(screen, &place, STYLE_TEXT);
	col = rect->col + 1;
	col += screen_put_str(screen, rect->row, col, rect->cols / 2,
		       picker->title, STYLE_ACCENT) +
	       1;
	(void)screen_put(screen, rect->row, col, rect->col + rect->cols - col,
		typed, STYLE_TEXT);
	if (!picker->by_hint)
		screen_cursor(screen, rect->row,
			col + glyph_columns(
				      slice_head(typed, picker->filter.cursor)),
			true);
	if (picker->n_shown == 0 && place.rows > 1)
		screen_put_str(screen, rect->row + 1, rect->col + 3,
			rect->cols - 4,
			picker->n > 0 ? _("No match") : _("Nothing to choose"),
			STYLE_DIM);
	for (int i = 0; i < items && i + 1 < place.rows; i++) {
		size_t at = picker->top + (size_t)i;

		if (at < picker->n_shown)
			draw_item(screen, rect->row + 1 + i, rect,
				&picker->items[picker->shown[at]],
				at == picker->cursor);
	}
	if (place.rows == items + 2)
		screen_hline(screen, rect->row + items + 1, rect->col,
			rect->cols, STYLE_RULE);
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
