/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pane/statusbar.h"

#include "base/bug.h"
#include "i18n/width.h"

enum {
	BAR_COLS = 12,
	TROUBLE_ROWS_MAX = 3,
	LINE_MAX_BYTES = 1000,
	CELL_COLS_MIN = 6,
	STATE_COLS_MIN = 20, /* what `? help` leaves to it in a single row */
};

static uint16_t
style_of(enum tone tone)
{
	switch (tone) {
	case TONE_PLAIN:
		return STYLE_STATUS;
	case TONE_DIM:
		return STYLE_DIM;
	case TONE_GOOD:
		return STYLE_GOOD;
	case TONE_WARNING:
		return STYLE_WARNING;
	case TONE_BAD:
		return STYLE_BAD;
	}
	UNREACHABLE();
}

/* Rows a sentence takes. */
static int
rows_of(const char *text, int cols)
{
	struct slice rest = slice_str(text);
	int rows = 0;

	while (rest.len > 0 && rows < TROUBLE_ROWS_MAX) {
		size_t next;

		(void)width_wrap(rest, cols > 2 ? cols - 2 : 1, &next);
		rest = slice_skip(rest, next);
		rows++;
	}
	return rows;
}

int
statusbar_rows(const struct view_status *status, int cols, bool prompting)
{
	int rows = status->trouble ? rows_of(status->trouble, cols) : 0;

	/* A sentence of one row stands where messages do. */
	return rows > 1 || prompting ? 2 + rows : 2;
}

/* Draws a sentence over whole rows; returns the rows taken. */
static int
draw_sentence(struct screen *screen, int row, int rows, int cols,
	const char *text, uint16_t style)
{
	struct slice rest = slice_str(text);
	int used = 0;

	while (rest.len > 0 && used < rows) {
		size_t next;
		size_t len = width_wrap(rest, cols > 2 ? cols - 2 : 1, &next);

		if (used + 1 == rows)
			len = rest.len; /* the last row shows it was cut */
		screen_put_fit(screen, row + used, 1, cols - 2,
			slice_head(rest, len), style);
		rest = slice_skip(rest, next);
		used++;
	}
	return used;
}

/* "▕███████▋   ▏" */
static int
draw_bar(struct screen *screen, int row, int col,
	const struct status_progress *work)
{
	uint64_t eighths = work->done * BAR_COLS * 8 / work->total;
	int full = (int)(eighths / 8);
	int part = (int)(eighths % 8);

	screen_put_symbol(screen, row, col, SYMBOL_BAR_LEFT, STYLE_RULE);
	for (int i = 0; i < full; i++)
		screen_put_symbol(screen, row, col + 1 + i, SYMBOL_BAR_FULL,
			STYLE_PROGRESS);
	if (part > 0)
		screen_put_symbol(screen, row, col + 1 + full,
			(enum symbol)(SYMBOL_BAR_1 + part - 1), STYLE_PROGRESS);
	screen_put_symbol(
		screen, row, col + 1 + BAR_COLS, SYMBOL_BAR_RIGHT, STYLE_RULE);
	return BAR_COLS + 3;
}

static int
columns_of(const struct statusbar *bar, bool brief)
{
	int columns = 1;

	for (int i = 0; i < bar->n_notes; i++)
		columns += 3 + width_text(slice_str(bar->notes[i].text));
	for (size_t i = 0; i < bar->status->n; i++)
		columns += 3 + width_text(slice_str(
				       brief ? bar->status->cells[i].brief
					     : bar->status->cells[i].text));
	if (bar->work) {
		struct strbuf text;

		strbuf_init(&text, LINE_MAX_BYTES);
		view_status_print_work(bar->work, brief, &text);
		columns += 3 + width_text(strbuf_slice(&text));
		columns += brief ? 0 : BAR_COLS + 3;
		strbuf_clear(&text);
	}
	return columns;
}

static int
draw_dot(struct screen *screen, int row, int col)
{
	if (col <= 1)
		return 0;
	screen_put_symbol(screen, row, col + 1, SYMBOL_DOT, STYLE_DIM);
	return 3;
}

static void
draw_state(
	struct screen *screen, int row, int cols, const struct statusbar *bar)
{
	int place = width_text(slice_str(bar->place));
	bool brief;
	struct strbuf text;
	int col = 1;

	if (place > 0 && place + 2 < cols) {
		screen_put_str(screen, row, cols - 1 - place, place, bar->place,
			STYLE_ACCENT);
		cols -= place + 2;
	}
	brief = columns_of(bar, false) > cols;
	for (int i = 0; i < bar->n_notes; i++) {
		col += draw_dot(screen, row, col);
		col += screen_put_str(screen, row, col, cols - 1 - col,
			bar->notes[i].text, bar->notes[i].style);
	}
	for (size_t i = 0; i < bar->status->n; i++) {
		const struct status_cell *cell = &bar->status->cells[i];

		if (col + CELL_COLS_MIN >= cols)
			return;
		col += draw_dot(screen, row, col);
		col += screen_put_str(screen, row, col, cols - 1 - col,
			brief ? cell->brief : cell->text, style_of(cell->tone));
	}
	if (!bar->work || col + CELL_COLS_MIN >= cols)
		return;
	strbuf_init(&text, LINE_MAX_BYTES);
	view_status_print_work(bar->work, brief, &text);
	col += draw_dot(screen, row, col);
	if (!brief)
		col += draw_bar(screen, row, col, bar->work);
	screen_put_fit(screen, row, col, cols - 1 - col, strbuf_slice(&text),
		STYLE_STATUS);
	strbuf_clear(&text);
}

static int
hint_columns(const struct hint *hint)
{
	return 3 + width_text(slice_str(hint->keys)) +
	       width_text(slice_str(hint->word));
}

/* The next to go: the last of those that are kept least; -1: none is left. */
static int
hint_to_drop(const struct statusbar *bar, const bool dropped[HINTS_MAX])
{
	int found = -1;

	for (int i = 0; i < bar->n_hints; i++)
		if (!dropped[i] &&
			(found < 0 ||
				bar->hints[i].keep <= bar->hints[found].keep))
			found = i;
	return found;
}

/* At the right, as many as there is room for; returns where they begin. */
static int
draw_hints(struct screen *screen, int row, int from, int cols,
	const struct statusbar *bar)
{
	bool dropped[HINTS_MAX] = { false };
	int total = 0;
	int drop;
	int col;

	for (int i = 0; i < bar->n_hints; i++)
		total += hint_columns(&bar->hints[i]);
	while (from + total > cols &&
		(drop = hint_to_drop(bar, dropped)) >= 0) {
		dropped[drop] = true;
		total -= hint_columns(&bar->hints[drop]);
	}
	col = cols - total;
	for (int i = 0; i < bar->n_hints; i++) {
		const struct hint *hint = &bar->hints[i];

		if (dropped[i])
			continue;
		col += screen_put_str(screen, row, col, cols - col, hint->keys,
			STYLE_HINT_KEY);
		col++;
		col += screen_put_str(screen, row, col, cols - col, hint->word,
			STYLE_HINT_TEXT);
		col += 2;
	}
	return cols - total;
}

/* The label, the line with its cursor in sight, choices behind it. */
static void
draw_prompt(
	struct screen *screen, int row, int cols, const struct statusbar *bar)
{
	const struct prompt *prompt = bar->prompt;
	struct slice text = strbuf_slice(&prompt->edit.text);
	struct slice before = slice_head(text, prompt->edit.cursor);
	int label = screen_put_str(
		screen, row, 1, cols / 2, prompt->label, STYLE_ACCENT);
	/* Words stand off what is typed, the colon of a command does not. */
	int col = label + (label > 1 ? 2 : 1);
	int room = cols - col - 1;
	int used;

	if (prompt->is_secret) {
		for (int i = 0; i < (int)text.len && i < room; i++)
			screen_put_str(
				screen, row, col + i, 1, "*", STYLE_TEXT);
		screen_cursor(screen, row,
			col + ((int)text.len < room ? (int)text.len : room),
			true);
		draw_hints(screen, row, col + (int)text.len + 4, cols, bar);
		return;
	}
	/* Scrolled so that the cursor shows. */
	while (glyph_columns(before) >= room && before.len > 0) {
		struct glyph glyph;

		(void)glyph_next(&before, &glyph);
	}
	used = glyph_columns(before);
	text = slice_skip(text, prompt->edit.cursor - before.len);
	(void)screen_put(screen, row, col, room, text, STYLE_TEXT);
	screen_cursor(screen, row, col + used, true);
	used = col + glyph_columns(text) + 4;
	if (prompt->n_choices == 0)
		draw_hints(screen, row, used, cols, bar);
	for (size_t i = 0; i < prompt->n_choices && used < cols - 4; i++) {
		uint16_t style = STYLE_DIM;

		if (prompt->choosing && i == prompt->choice)
			style = STYLE_ACCENT | OVER_BOLD;
		used += screen_put_str(screen, row, used, cols - 1 - used,
			prompt->choices[i], style);
		used += 2;
	}
}

static void
draw_last(struct screen *screen, int row, int cols, const struct statusbar *bar,
	const char *text, uint16_t style)
{
	int used = 1;
	int end;

	if (bar->prompt && bar->prompt->is_open) {
		draw_prompt(screen, row, cols, bar);
		return;
	}
	if (*bar->pending)
		used += screen_put_str(screen, row, 1, cols - 2, bar->pending,
				STYLE_ACCENT) +
			2;
	if (text)
		used += width_text(slice_str(text)) + 3;
	end = draw_hints(screen, row, used < cols ? used : cols, cols, bar);
	if (text && !*bar->pending)
		screen_put_str(screen, row, 1, end - 2, text, style);
}

/* Where there is but one row: what the state leaves is for hints, and the one
 * kept longest comes before the state's end; returns where they begin. */
static int
draw_few_hints(
	struct screen *screen, int row, int cols, const struct statusbar *bar)
{
	const struct hint *best = NULL;
	int place = width_text(slice_str(bar->place));
	int state = columns_of(bar, false) + (place ? place + 2 : 0);
	int least;

	for (int i = 0; i < bar->n_hints; i++)
		if (bar->hints[i].keep > (best ? best->keep : 0))
			best = &bar->hints[i];
	least = cols - (best ? hint_columns(best) : 0);
	if (!best || least - (place ? place + 2 : 0) < STATE_COLS_MIN)
		return cols;
	return draw_hints(
		       screen, row, state < least ? state : least, cols, bar) -
	       1;
}

void
statusbar_draw(struct screen *screen, const struct rect *rect,
	const struct statusbar *bar)
{
	const struct view_status *status = bar->status;
	const char *trouble = status->trouble;
	const char *text = status->message;
	uint16_t style = style_of(status->message_tone);
	int row = rect->row;
	int last = rect->row + rect->rows - 1;
	bool prompting = bar->prompt && bar->prompt->is_open;

	screen_clear(screen, rect, STYLE_STATUS);
	if (trouble && rect->rows > 2) {
		row += draw_sentence(screen, row, rect->rows - 2, rect->cols,
			trouble, style_of(status->trouble_tone));
	} else if (trouble && !text) {
		text = trouble;
		style = style_of(status->trouble_tone);
	}
	if (row < last)
		draw_state(screen, row++, rect->cols, bar);
	else if (!text && !prompting && !*bar->pending) {
		draw_state(screen, last,
			draw_few_hints(screen, last, rect->cols, bar), bar);
		return;
	}
	draw_last(screen, last, rect->cols, bar, text, style);
}
