/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pane/row.h"

#include <stdio.h>

#include "base/gettext.h"
#include "i18n/format.h"
#include "i18n/width.h"
#include "view/labels.h"
#include "view/people.h"

enum {
	DATE_COLS = 9,
	FLAG_COLS = 3,
	SIZE_COLS = 3,
	LEFT_COLS = 3, /* mark, dot, blank */
	PEOPLE_BYTES_MAX = 2048,
	INDENT_MAX = 6,
	LABEL_COLS = 12,
};

/* Where the parts of a one-line row stand. */
struct columns {
	int people;
	int people_cols;
	int subject;
	int subject_cols;
	int size;
	int flags;
	int date;
};

static struct columns
place(const struct rect *rect)
{
	struct columns at;
	int end = rect->col + rect->cols;

	/* A blank at the edge, where there is room for it. */
	if (rect->cols >= 50)
		end--;
	at.date = end - DATE_COLS;
	at.flags = at.date - 1 - FLAG_COLS;
	at.size = at.flags - 1 - SIZE_COLS;
	at.people = rect->col + LEFT_COLS;
	/* A fifth of the row, within what names take. */
	at.people_cols = rect->cols / 5;
	if (at.people_cols < 10)
		at.people_cols = 10;
	if (at.people_cols > 24)
		at.people_cols = 24;
	/* Where little is left the subject comes first. */
	if (rect->cols < 50) {
		at.flags = at.date - FLAG_COLS;
		at.size = at.flags;
		at.people_cols = rect->cols / 4;
	}
	at.subject = at.people + at.people_cols + 1;
	at.subject_cols = at.size - at.subject;
	return at;
}

static uint16_t
text_style(const struct view_row *row, const struct row_context *context)
{
	if (row->is_member && !view_list_holds(context->list, row->row.folder))
		return STYLE_DIM;
	return row->row.unread ? STYLE_UNREAD : STYLE_TEXT;
}

static void
draw_left(struct screen *screen, int line, int col, const struct view_row *row,
	enum marked marked)
{
	if (marked != MARKED_NOT)
		screen_put_symbol(screen, line, col, SYMBOL_MARKED,
			marked == MARKED_WHOLE ? STYLE_MARKED : STYLE_DIM);
	if (row->row.unread)
		screen_put_symbol(
			screen, line, col + 1, SYMBOL_UNREAD, STYLE_ACCENT);
}

static void
draw_flags(struct screen *screen, int line, int col, const struct view_row *row)
{
	uint32_t bits = row->row.flags.bits;

	if (row->row.flagged)
		screen_put_symbol(
			screen, line, col, SYMBOL_FLAGGED, STYLE_FLAGGED);
	if (bits & FLAG_ANSWERED)
		screen_put_symbol(
			screen, line, col + 1, SYMBOL_ANSWERED, STYLE_DIM);
	else if (bits & FLAG_FORWARDED)
		screen_put_symbol(
			screen, line, col + 1, SYMBOL_FORWARDED, STYLE_DIM);
	if (row->row.attachments > 0)
		screen_put_symbol(screen, line, col + 2, SYMBOL_ATTACHMENT,
			STYLE_ATTACHMENT);
}

static void
draw_size(struct screen *screen, int line, int col, const struct view_row *row)
{
	char text[8];

	if (row->is_member || row->row.thread_size < 2)
		return;
	if (row->row.thread_size > 999)
		snprintf(text, sizeof(text), "99+");
	else
		snprintf(text, sizeof(text), "%d", row->row.thread_size);
	screen_put_right(screen, line, col, col + SIZE_COLS, text,
		row->row.thread_unread > 0 ? STYLE_ACCENT : STYLE_DIM);
}

static void
draw_date(struct screen *screen, int line, int end, const struct view_row *row,
	const struct row_context *context)
{
	char date[FORMAT_SIZE];

	format_date_short(row->row.received, context->now, date);
	screen_put_right(screen, line, end - DATE_COLS, end, date,
		row->row.unread ? STYLE_TEXT : STYLE_DIM);
}

static void
draw_people(struct screen *screen, int line, int col, int cols,
	const struct view_row *row, const struct row_context *context)
{
	struct strbuf people;

	strbuf_init(&people, PEOPLE_BYTES_MAX);
	people_of_row(
		&row->row, context->config, context->list_id, cols, &people);
	screen_put_fit(screen, line, col, cols, strbuf_slice(&people),
		text_style(row, context));
	strbuf_clear(&people);
}

static bool
has_text(const char *text)
{
	return text && *text;
}

/* In front of the subject, within a third of its room. */
static int
draw_labels(struct screen *screen, int line, int col, int cols,
	const struct view_row *row)
{
	struct label label;
	size_t position = 0;
	int used = 0;

	while (labels_next(&row->row.flags, &position, &label)) {
		int width = width_text(label.name);

		if (width > LABEL_COLS)
			width = LABEL_COLS;
		if (used + width + 1 > cols / 3)
			break;
		screen_put_fit(screen, line, col + used, width, label.name,
			label.style);
		used += width + 1;
	}
	return used;
}

/* The subject, and behind it what the message begins with. */
static void
draw_subject(struct screen *screen, int line, int col, int cols,
	const struct view_row *row, const struct row_context *context)
{
	const char *subject = has_text(row->row.subject) ? row->row.subject
							 : _("(no subject)");
	int depth = row->is_member ? row->row.depth : 0;
	int used = 0;

	if (row->is_member) {
		used = (depth < INDENT_MAX ? depth : INDENT_MAX) * 2;
		if (used + 2 > cols)
			used = 0;
		used += screen_put_symbol(
			screen, line, col + used, SYMBOL_BRANCH, STYLE_RULE);
		used++;
		/* Inside a thread all subjects are alike. */
		if (has_text(row->row.snippet))
			subject = row->row.snippet;
	} else if (row->is_open) {
		used = screen_put_symbol(
			       screen, line, col, SYMBOL_OPEN, STYLE_DIM) +
		       1;
	}
	used += draw_labels(screen, line, col + used, cols - used, row);
	used += screen_put_str(screen, line, col + used, cols - used, subject,
		row->is_member ? STYLE_DIM : text_style(row, context));
	if (context->height == 1 && !row->is_member &&
		has_text(row->row.snippet) && used + 4 < cols)
		screen_put_str(screen, line, col + used + 2, cols - used - 2,
			row->row.snippet, STYLE_DIM);
}

static void
draw_one(struct screen *screen, const struct rect *rect,
	const struct view_row *row, const struct row_context *context)
{
	struct columns at = place(rect);

	draw_left(screen, rect->row, rect->col, row, context->marked);
	draw_people(screen, rect->row, at.people, at.people_cols, row, context);
	draw_subject(screen, rect->row, at.subject, at.subject_cols - 1, row,
		context);
	if (at.size < at.flags)
		draw_size(screen, rect->row, at.size, row);
	draw_flags(screen, rect->row, at.flags, row);
	draw_date(screen, rect->row, at.date + DATE_COLS, row, context);
}

/* In a narrow column: people and date above, subject and flags below. */
static void
draw_two(struct screen *screen, const struct rect *rect,
	const struct view_row *row, const struct row_context *context)
{
	int end = rect->col + rect->cols - 1;
	int size = end - DATE_COLS - 1 - SIZE_COLS;
	int text = rect->col + LEFT_COLS;

	draw_left(screen, rect->row, rect->col, row, context->marked);
	draw_people(screen, rect->row, text, size - 1 - text, row, context);
	draw_size(screen, rect->row, size, row);
	draw_date(screen, rect->row, end, row, context);
	draw_subject(screen, rect->row + 1, text, end - FLAG_COLS - 1 - text,
		row, context);
	draw_flags(screen, rect->row + 1, end - FLAG_COLS, row);
}

void
row_draw(struct screen *screen, const struct rect *rect,
	const struct view_row *row, const struct row_context *context)
{
	if (context->height == 2)
		draw_two(screen, rect, row, context);
	else
		draw_one(screen, rect, row, context);
	if (context->over)
		for (int i = 0; i < context->height; i++)
			screen_over(screen, rect->row + i, rect->col,
				rect->cols, context->over);
}
