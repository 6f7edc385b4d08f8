/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table's rows to lines: in columns where they fit, else a line a cell, with
 * the column's name in front where it has one.
 */
#include "base/array.h"
#include "i18n/width.h"
#include "term/glyph.h"
#include "view/viewer_private.h"
#include "view/wrap.h"

enum {
	CONTINUED_INDENT = 2,
	LABEL_GAP = 2, /* ": " */
	ROOM_MIN = 8,
};

const struct table_ways viewer_table_ways = { glyph_columns, width_wrap };

const struct table *
viewer_table_of(const struct view_viewer *view, uint32_t paragraph)
{
	size_t low = 0;
	size_t high = view->n_tables;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct table *table = &view->tables[middle];

		if (paragraph < table->first)
			high = middle;
		else if (paragraph >= table->end)
			low = middle + 1;
		else
			return table;
	}
	return NULL;
}

/* Rows are wrapped in order, so tables are measured in order. */
static const struct table *
need_table(struct view_viewer *view, uint32_t paragraph)
{
	const struct paragraph *it =
		&view_viewer_shown(view)->paragraphs[paragraph];
	const struct table *known = viewer_table_of(view, paragraph);
	struct {
		struct table *items;
		size_t n;
		size_t cap;
	} tables = { view->tables, view->n_tables, view->cap_tables };
	struct table table;

	if (known)
		return known;
	table_measure(view_viewer_shown(view), paragraph,
		view->width - view_viewer_indent(it, true), &viewer_table_ways,
		&table);
	array_push(&tables, table);
	view->tables = tables.items;
	view->n_tables = tables.n;
	view->cap_tables = tables.cap;
	return &view->tables[view->n_tables - 1];
}

static void
wrap_columns(struct view_viewer *view, const struct table *table,
	uint32_t index, struct slice row)
{
	int n = table_row_lines(table, row, &viewer_table_ways);

	for (int i = 0; i < n; i++)
		viewer_add_line(
			view, &(struct viewer_line){ .kind = VIEWER_LINE_TEXT,
				      .first = i == 0,
				      .source = !viewer_shows_text(view),
				      .item = index,
				      .len = (uint32_t)row.len,
				      .n = (uint32_t)i });
	if (index == table->head && index + 1 < table->end)
		viewer_add_line(view,
			&(struct viewer_line){ .kind = VIEWER_LINE_TABLE_RULE,
				.source = !viewer_shows_text(view),
				.item = index,
				.n = (uint32_t)table->total });
}

struct slice
viewer_table_label(const struct view_viewer *view, const struct table *table,
	const struct viewer_line *line)
{
	const struct document *doc = view_viewer_shown(view);
	struct slice label;
	int max = viewer_text_columns(view) / 2;
	int columns;

	if (table->head == table->end || line->item == table->head)
		return SLICE("");
	label = table_cell(document_text(doc, &doc->paragraphs[table->head]),
		(int)line->n);
	label = slice_head(label, slice_find(label, '\n'));
	label = slice_head(label, glyph_cut(label, max, &columns));
	if (label.len > 0 && label.data[label.len - 1] == ':')
		label.len--;
	return label;
}

/* One cell, from `at` on. */
static void
wrap_cell(struct view_viewer *view, const struct table *table, uint32_t index,
	uint32_t at, struct slice cell, uint32_t number)
{
	struct viewer_line line = { .kind = VIEWER_LINE_TEXT,
		.first = true,
		.source = !viewer_shows_text(view),
		.item = index,
		.n = number };
	const struct paragraph *it =
		&view_viewer_shown(view)->paragraphs[index];
	int room = viewer_text_columns(view) - view_viewer_indent(it, true);
	struct slice label = viewer_table_label(view, table, &line);
	int used = label.len > 0 ? glyph_columns(label) + LABEL_GAP
				 : CONTINUED_INDENT;

	while (cell.len > 0) {
		int columns = room - (line.first ? used : CONTINUED_INDENT);
		size_t next;

		line.start = at;
		line.len = (uint32_t)wrap_line(cell,
			columns > ROOM_MIN ? columns : ROOM_MIN, WRAP_WORDS,
			&next);
		viewer_add_line(view, &line);
		at += (uint32_t)next;
		cell = slice_skip(cell, next);
		line.first = false;
	}
}

static void
wrap_record(struct view_viewer *view, const struct table *table, uint32_t index,
	struct slice row)
{
	static const struct viewer_line blank = { .kind = VIEWER_LINE_BLANK };
	struct slice rest = row;
	uint32_t at = 0;
	size_t before = view->n;

	/* The names of the columns stand with the cells. */
	if (index == table->head && index + 1 < table->end)
		return;
	for (uint32_t i = 0; rest.len > 0; i++) {
		size_t end = slice_find(rest, '\t');

		wrap_cell(view, table, index, at, slice_head(rest, end), i);
		rest = slice_skip(rest, end + 1);
		at += (uint32_t)end + 1;
	}
	if (view->n > before + 1 && index + 1 < table->end)
		viewer_add_line(view, &blank);
}

void
viewer_wrap_row(struct view_viewer *view, uint32_t index)
{
	const struct table *table = need_table(view, index);
	struct slice row = document_text(view_viewer_shown(view),
		&view_viewer_shown(view)->paragraphs[index]);

	if (table->n > 0)
		wrap_columns(view, table, index, row);
	else
		wrap_record(view, table, index, row);
}
