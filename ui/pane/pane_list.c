/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "i18n/format.h"
#include "pane/pane.h"
#include "pane/row.h"

/* "work: INBOX  12 unread of 48,201" at the left, the order at the right. */
void
pane_title_draw(struct screen *screen, const struct rect *rect,
	const char *account, const struct folder *folder,
	const struct view_list *list)
{
	int col = rect->col + 1;
	int end = rect->col + rect->cols - 1;
	char unread[FORMAT_SIZE];
	char total[FORMAT_SIZE];
	char *counts CLEANUP(freep) = NULL;
	const char *order;

	screen_clear(screen, rect, STYLE_TEXT);
	if (!folder || rect->rows == 0)
		return;
	if (account) {
		col += screen_put_str(screen, rect->row, col, (end - col) / 2,
			account, STYLE_DIM);
		col += screen_put_str(
			screen, rect->row, col, end - col, ": ", STYLE_DIM);
	}
	col += screen_put_str(
		screen, rect->row, col, end - col, folder->name, STYLE_TITLE);
	format_number(folder_unread(folder), unread);
	format_number(folder_total(folder), total);
	if (folder_unread(folder) > 0)
		/* TRANSLATORS: "12 unread of 48,201", messages of a folder */
		counts = xasprintf(_("%s unread of %s"), unread, total);
	else
		counts = xasprintf(P_("%s message", "%s messages",
					   (unsigned long)folder_total(folder)),
			total);
	col += 2;
	col += screen_put_str(
		screen, rect->row, col, end - col, counts, STYLE_DIM);
	order = list->query.threads ? _("newest first, threads")
				    : _("newest first");
	if (end - col > glyph_columns(slice_str(order)) + 2)
		screen_put_right(screen, rect->row, col, end, order, STYLE_DIM);
}

enum { ACCOUNT_COLS = 2, ACCOUNT_STYLES = 6 };

/* The account's first letter in its colour. */
static void
draw_account(struct screen *screen, const struct rect *rect,
	const struct account_rows *accounts, int64_t account)
{
	for (size_t i = 0; i < accounts->n; i++) {
		struct slice name = slice_str(accounts->items[i].name);
		struct slice rest = name;

		if (accounts->items[i].id != account || name.len == 0)
			continue;
		utf8_next(&rest);
		screen_put(screen, rect->row, rect->col + 1, 1,
			slice_head(name, name.len - rest.len),
			(uint16_t)(STYLE_ACCOUNT1 + i % ACCOUNT_STYLES));
	}
}

/* The mailing list that most rows are of; NULL: there is none. */
static const char *
list_of_most(const struct view_list *view)
{
	const char *found = NULL;
	size_t lead = 0;
	size_t n = 0;

	for (size_t i = 0; i < view->n; i++) {
		const char *id = view->rows[i].row.list_id;

		id = id ? id : "";
		if (lead == 0)
			found = id;
		lead += strcmp(found, id) == 0 ? 1 : (size_t)-1;
	}
	/* If one is in the majority, it is this. */
	for (size_t i = 0; found && *found && i < view->n; i++)
		n += view->rows[i].row.list_id &&
		     strcmp(view->rows[i].row.list_id, found) == 0;
	return n > 1 && n * 2 > view->n ? found : NULL;
}

void
pane_list_draw(struct screen *screen, const struct rect *rect,
	const struct view_list *view, const struct marks *marks,
	const struct account_rows *accounts, const struct config *config,
	int64_t now, int row_height, bool focus)
{
	const struct view_row *at = view_list_at_cursor(view);
	struct row_context context = {
		.config = config,
		.list = view,
		.list_id = list_of_most(view),
		.now = now,
		.height = row_height,
	};

	screen_clear(screen, rect, STYLE_TEXT);
	for (int i = 0; (i + 1) * row_height <= rect->rows; i++) {
		const struct view_row *row = view_list_on_screen(view, i);
		struct rect place = { rect->row + i * row_height, rect->col,
			row_height, rect->cols };

		if (!row)
			return;
		if (accounts) {
			draw_account(
				screen, &place, accounts, row->row.account);
			place.col += ACCOUNT_COLS;
			place.cols -= ACCOUNT_COLS;
		}
		context.marked =
			marks_of(marks, view, (size_t)(row - view->rows));
		context.over = 0;
		if (row == at)
			context.over =
				focus ? OVER_SELECTED : OVER_SELECTED_UNFOCUSED;
		row_draw(screen, &place, row, &context);
	}
}
