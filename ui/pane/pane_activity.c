/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/gettext.h"
#include "i18n/format.h"
#include "i18n/width.h"
#include "pane/pane.h"
#include "screen/activity.h"

enum { ACCOUNT_COLS = 10, DATE_COLS = 9, TEXT_COLS_MIN = 16 };

static uint16_t
state_style(const struct activity_row *row)
{
	if (row->failed)
		return STYLE_BAD;
	return row->waits ? STYLE_WARNING : STYLE_DIM;
}

/* Account, what, state, since when. */
static void
draw_row(struct screen *screen, const struct rect *rect,
	const struct activity_row *row, int64_t now)
{
	int col = rect->col + 1;
	int end = rect->col + rect->cols - 1;
	int text_cols;
	char date[FORMAT_SIZE];

	if (rect->cols >= 60) {
		screen_put_fit(screen, rect->row, col, ACCOUNT_COLS - 1,
			slice_str(row->account), STYLE_TEXT);
		col += ACCOUNT_COLS;
	}
	if (rect->cols >= 80) {
		format_date_short(row->created, now, date);
		screen_put_right(screen, rect->row, end - DATE_COLS, end, date,
			STYLE_DIM);
		end -= DATE_COLS + 1;
	}
	text_cols = (end - col) / 2;
	if (text_cols < TEXT_COLS_MIN)
		text_cols = TEXT_COLS_MIN;
	screen_put_fit(screen, rect->row, col, text_cols - 1,
		slice_str(row->text), STYLE_TEXT);
	col += text_cols;
	if (col < end)
		screen_put_fit(screen, rect->row, col, end - col,
			slice_str(row->state), state_style(row));
}

void
pane_activity_draw(struct screen *screen, const struct rect *rect,
	struct activity *activity, int64_t now)
{
	int rows = rect->rows - 2;

	screen_clear(screen, rect, STYLE_TEXT);
	screen_put_str(screen, rect->row, rect->col + 1, rect->cols - 2,
		_("Activity: what is not on the servers yet"), STYLE_TITLE);
	activity_set_page(activity, rows);
	if (activity->n == 0)
		screen_put_str(screen, rect->row + 2, rect->col + 1,
			rect->cols - 2, _("Everything is done."), STYLE_DIM);
	for (int i = 0; i < rows; i++) {
		const struct activity_row *row =
			activity_on_screen(activity, i);
		struct rect place = { rect->row + 2 + i, rect->col, 1,
			rect->cols };

		if (!row)
			return;
		draw_row(screen, &place, row, now);
		if (row == activity_at_cursor(activity))
			screen_over(screen, place.row, place.col, place.cols,
				OVER_SELECTED);
	}
}
