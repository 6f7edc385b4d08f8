/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the viewer's model share. */
#ifndef TERCET_UI_VIEW_VIEWER_PRIVATE_H
#define TERCET_UI_VIEW_VIEWER_PRIVATE_H

#include "view/view_viewer.h"

/* Text wider than this is hard to read, however wide the terminal. */
enum { VIEWER_COLUMNS_MAX = 80, VIEWER_LABEL_COLUMNS = 9 };

/* Rows from which every field of the header shows. */
enum { VIEWER_MINOR_FROM = 8 };

/* Columns from which a field may take more than a line. */
enum { VIEWER_FIELD_LINES_FROM = 50 };

/* Whether the message's text is shown, by itself or under something. */
static inline bool
viewer_shows_text(const struct view_viewer *view)
{
	return view->mode == VIEWER_TEXT || view->mode == VIEWER_HEADERS;
}

/* Tables are measured in the text, or in what is shown in its place. */
static inline bool
viewer_has_tables(const struct view_viewer *view, bool source)
{
	return source != viewer_shows_text(view);
}

/* Forgets the lines; the next use makes them anew. */
void viewer_unwrap(struct view_viewer *view);
/* Makes lines until there are `n`, or all. */
void viewer_wrap_to(struct view_viewer *view, size_t n);

/* The fields, attachments and notes of view->message and view->text. */
void viewer_describe(struct view_viewer *view, const struct config *config);
void viewer_undescribe(struct view_viewer *view);
/* Copies; past VIEWER_NOTICES_MAX nothing is added. */
void viewer_add_notice(
	struct view_viewer *view, const char *text, enum viewer_tone tone);

/* What reports say of the message, as notices. */
MUST_CHECK bool viewer_add_reports(
	struct view_viewer *view, struct store *store, struct error *err);

/*
 * Says behind links whose words lie where they lead, and what is known of each
 * link by its index: `*trust` is replaced, and the caller's.
 */
enum link_trust { LINK_UNSEEN, LINK_TRUSTED, LINK_DOUBTED };
void viewer_mark_claims(struct document *doc, uint8_t **trust);

/* --- tables (viewer_table.c) --- */

extern const struct table_ways viewer_table_ways;

/* The table a paragraph stands in, once it was wrapped; or NULL. */
const struct table *viewer_table_of(
	const struct view_viewer *view, uint32_t paragraph);
/* Adds the lines of a row, measuring its table with the first. */
void viewer_wrap_row(struct view_viewer *view, uint32_t paragraph);
/* Of a table whose columns do not fit: what stands in front of a cell's words,
 * its column's name; empty where it has none. */
struct slice viewer_table_label(const struct view_viewer *view,
	const struct table *table, const struct viewer_line *line);

/* --- lines (viewer_wrap.c) --- */

void viewer_add_line(struct view_viewer *view, const struct viewer_line *line);
/* Columns of running text. */
int viewer_text_columns(const struct view_viewer *view);

#endif /* TERCET_UI_VIEW_VIEWER_PRIVATE_H */
