/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the chosen link really leads, over the last rows of the panes. */
#include "base/gettext.h"
#include "base/mem.h"
#include "command/links.h"
#include "i18n/width.h"
#include "pane/pane.h"
#include "view/wrap.h"

enum { LABEL_COLUMNS = 9, URL_ROWS_MAX = 8 };

/* Rows that the address takes. */
static int
count_rows(struct slice url, int cols)
{
	int rows = 0;

	while (url.len > 0) {
		size_t next;

		(void)wrap_line(url, cols, WRAP_COLUMNS, &next);
		url = slice_skip(url, next);
		rows++;
	}
	return rows > 0 ? rows : 1;
}

/* Where rows are few its middle is left out. */
static void
draw_url(struct screen *screen, int row, int rows, int col, int cols,
	struct slice url)
{
	int total = count_rows(url, cols);

	for (int i = 0; i < total; i++) {
		size_t next;
		size_t len = wrap_line(url, cols, WRAP_COLUMNS, &next);
		bool left_out = total > rows && i >= rows - 2 && i < total - 1;

		if (!left_out)
			screen_put(screen,
				row + (i == total - 1 ? rows - 1 : i), col,
				cols, slice_head(url, len), STYLE_LINK);
		url = slice_skip(url, next);
	}
	if (total > rows && rows > 1)
		screen_put_symbol(
			screen, row + rows - 2, col, SYMBOL_FOLDED, STYLE_DIM);
}

static char *
warning(const struct links *links)
{
	if (links->target.refused)
		return xstrdup(links->target.refused);
	if (links->lies)
		return xasprintf(_("Its text says %s, which is another place"),
			links->named);
	if (links->target.is_foreign)
		return xstrdup(_("Letters of this name can pass for others"));
	return NULL;
}

static void
draw_row(struct screen *screen, int row, const struct rect *place,
	const char *label, const char *text, uint16_t style)
{
	screen_put_str(screen, row, place->col + 1, LABEL_COLUMNS - 1, label,
		STYLE_HEADER_NAME);
	screen_put_fit(screen, row, place->col + 1 + LABEL_COLUMNS,
		place->cols - LABEL_COLUMNS - 2, slice_str(text), style);
}

void
pane_links_draw(struct screen *screen, const struct rect *rect,
	const struct links *links)
{
	char *why CLEANUP(freep) = warning(links);
	struct rect place = *rect;
	int cols = rect->cols - LABEL_COLUMNS - 2;
	/* The rule, the host, and what is to be warned of. */
	int others = 1 + !links->target.refused + (why != NULL);
	int rows;

	if (!links->is_chosen || cols < 1)
		return;
	rows = count_rows(slice_str(links->url), cols);
	rows = rows < URL_ROWS_MAX ? rows : URL_ROWS_MAX;
	if (rows > rect->rows - others)
		rows = rect->rows - others;
	if (rows < 1)
		return;
	place.rows = rows + others;
	place.row = rect->row + rect->rows - place.rows;
	screen_clear(screen, &place, STYLE_TEXT);
	screen_hline(screen, place.row, place.col, place.cols, STYLE_RULE);
	draw_row(screen, place.row + 1, &place, _("Link"), "", STYLE_LINK);
	draw_url(screen, place.row + 1, rows, place.col + 1 + LABEL_COLUMNS,
		cols, slice_str(links->url));
	if (!links->target.refused)
		draw_row(screen, place.row + 1 + rows, &place,
			links->target.is_mail ? _("Mail to") : _("Host"),
			links->target.host, STYLE_HEADER_VALUE | OVER_BOLD);
	if (why)
		screen_put_fit(screen,
			place.row + 1 + rows + !links->target.refused,
			place.col + 1, place.cols - 2, slice_str(why),
			STYLE_WARNING);
}
