/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of account setup. */
#include "base/gettext.h"
#include "base/mem.h"
#include "i18n/width.h"
#include "pane/pane.h"
#include "screen/setup.h"

enum {
	LEFT = 2,
	TEXT_COLS_MAX = 72,
	VALUE_GAP = 2,
	HEADING_ROWS = 2,
	ROWS_FOR_AIR = 14,
};

/* Draws words over as many rows as they take, at most up to `end`; returns the
 * row behind them. */
static int
draw_words(struct screen *screen, int row, int end, int cols, const char *text,
	uint16_t style)
{
	struct slice rest = slice_str(text);

	while (rest.len > 0 && row < end) {
		size_t next;
		size_t len = width_wrap(rest, cols > 1 ? cols : 1, &next);

		screen_put(screen, row++, LEFT, cols, slice_head(rest, len),
			style);
		rest = slice_skip(rest, next);
	}
	return row;
}

static int
label_columns(void)
{
	int widest = 0;

	for (int i = 0; i < DRAFT_FIELDS; i++) {
		int columns =
			width_text(slice_str(draft_label((enum draft_field)i)));

		if (columns > widest)
			widest = columns;
	}
	return widest;
}

static void
draw_field(struct screen *screen, int row, int cols, const struct setup *setup,
	enum draft_field field)
{
	bool is_asked = setup->at == (int)field;
	int value = LEFT + label_columns() + VALUE_GAP;
	const char *text = setup->draft.values[field];

	if (is_asked)
		screen_put_symbol(screen, row, 0, SYMBOL_ARROW, STYLE_ACCENT);
	screen_put_str(screen, row, LEFT, value - LEFT, draft_label(field),
		is_asked ? STYLE_ACCENT : STYLE_DIM);
	/* What is being asked stands in the prompt. */
	if (text && !is_asked)
		screen_put_str(screen, row, value, cols - value,
			*text ? text : "-", *text ? STYLE_TEXT : STYLE_DIM);
}

/* What the field at hand takes, or what was wrong with it. */
static const char *
advice(const struct setup *setup)
{
	return setup->at < DRAFT_FIELDS
		       ? draft_help((enum draft_field)setup->at)
		       : _("The file is readable by you alone. The password "
			   "is not written there.");
}

void
pane_setup_draw(struct screen *screen, const struct rect *rect,
	const struct setup *setup, const char *path)
{
	int end = rect->row + rect->rows;
	int cols = rect->cols - LEFT - 1;
	int words = cols < TEXT_COLS_MAX ? cols : TEXT_COLS_MAX;
	bool has_air = rect->rows >= ROWS_FOR_AIR;
	int row = rect->row;
	char *where CLEANUP(freep) = NULL;

	screen_clear(screen, rect, STYLE_TEXT);
	if (has_air) {
		row = draw_words(screen, row + 1, end, words,
			_("Set up an account"), STYLE_TITLE);
		where = xasprintf(_("Each line is asked for below, with a "
				    "guess where there is one. In the end "
				    "they are written to %s."),
			path ? path : "~/.config/tercet/config");
		row = draw_words(screen, row, end, words, where, STYLE_DIM) + 1;
	}
	/* Too few rows: the field at hand and those before it. */
	for (int i = 0; i < DRAFT_FIELDS; i++)
		if (rect->rows >= DRAFT_FIELDS + HEADING_ROWS ||
			i + HEADING_ROWS >= setup->at)
			if (row < end)
				draw_field(screen, row++, cols, setup,
					(enum draft_field)i);
	if (has_air)
		row++;
	if (setup->fault)
		row = draw_words(
			screen, row, end, words, setup->fault, STYLE_WARNING);
	draw_words(screen, row, end, words, advice(setup), STYLE_DIM);
}
