/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines to pieces of one style each. */
#include "base/bug.h"
#include "term/glyph.h"
#include "view/viewer_private.h"
#include "view/wrap.h"

enum { QUOTE_MARKS_MAX = 8, ITEM_INDENT = 2 };

int
view_viewer_quote_marks(const struct paragraph *paragraph)
{
	return paragraph->quote < QUOTE_MARKS_MAX ? paragraph->quote
						  : QUOTE_MARKS_MAX;
}

int
view_viewer_indent(const struct paragraph *paragraph, bool first)
{
	int indent = view_viewer_quote_marks(paragraph) * 2;

	if (paragraph->kind == PARAGRAPH_ITEM) {
		int level = paragraph->indent < 8 ? paragraph->indent : 8;

		indent += level * ITEM_INDENT -
			  (first && level > 0 ? ITEM_INDENT : 0);
	} else if (paragraph->kind == PARAGRAPH_TEXT ||
		   paragraph->kind == PARAGRAPH_PRE) {
		indent += paragraph->indent < 8
				  ? paragraph->indent * ITEM_INDENT
				  : 8 * ITEM_INDENT;
	}
	return indent;
}

const struct paragraph *
view_viewer_paragraph(const struct view_viewer *view,
	const struct viewer_line *line, const struct document **ret_doc)
{
	const struct document *doc = line->source ? &view->source : &view->text;

	ASSERT(line->item < doc->n_paragraphs);
	*ret_doc = doc;
	return &doc->paragraphs[line->item];
}

/* Pieces being made of a line. */
struct cutter {
	const struct document *doc;
	const struct paragraph *paragraph;
	const struct span *spans[VIEWER_PIECES_MAX]; /* that touch the line */
	int n_spans;
	struct viewer_piece *pieces;
	int n;
	int col;
	bool tabs; /* reach to every eighth column */
};

/* The styles at a byte, and where they next change. */
static uint16_t
style_at(const struct cutter *cutter, uint32_t at, uint32_t *ret_end,
	uint16_t *ret_link)
{
	uint16_t style = 0;
	uint32_t end = *ret_end;

	*ret_link = 0;
	for (int i = 0; i < cutter->n_spans; i++) {
		const struct span *span = cutter->spans[i];

		if (span->start > at) {
			if (span->start < end)
				end = span->start;
			continue;
		}
		if (span->start + span->len <= at)
			continue;
		if (span->start + span->len < end)
			end = span->start + span->len;
		style |= span->style;
		if (span->style & SPAN_LINK)
			*ret_link = span->link;
	}
	*ret_end = end;
	return style;
}

static void
find_spans(struct cutter *cutter, uint32_t start, uint32_t end)
{
	const struct paragraph *paragraph = cutter->paragraph;

	for (uint32_t i = 0;
		i < paragraph->n_spans && cutter->n_spans < VIEWER_PIECES_MAX;
		i++) {
		const struct span *span =
			&cutter->doc->spans[paragraph->first_span + i];

		if (span->start < end && span->start + span->len > start)
			cutter->spans[cutter->n_spans++] = span;
	}
}

static void
add_piece(
	struct cutter *cutter, struct slice text, uint16_t span, uint16_t link)
{
	while (text.len > 0 && cutter->n < VIEWER_PIECES_MAX) {
		size_t len = cutter->tabs ? slice_find(text, '\t') : text.len;
		struct slice part = slice_head(text, len);

		if (part.len > 0) {
			cutter->pieces[cutter->n++] =
				(struct viewer_piece){ cutter->col, part, span,
					link };
			cutter->col += glyph_columns(part);
		}
		if (len < text.len) {
			cutter->col += WRAP_TAB - cutter->col % WRAP_TAB;
			len++;
		}
		text = slice_skip(text, len);
	}
}

static void
cut(struct cutter *cutter, uint32_t start, uint32_t end)
{
	struct slice text = document_text(cutter->doc, cutter->paragraph);

	while (start < end && cutter->n < VIEWER_PIECES_MAX) {
		uint32_t stop = end;
		uint16_t link;
		uint16_t style = style_at(cutter, start, &stop, &link);

		add_piece(cutter, slice_make(text.data + start, stop - start),
			style, link);
		start = stop;
	}
}

static void
cut_columns(struct cutter *cutter, const struct table *table, int line)
{
	struct table_piece pieces[TABLE_COLUMNS_MAX];
	struct slice text = document_text(cutter->doc, cutter->paragraph);
	int n = table_row_line(table, text, line, &viewer_table_ways, pieces);

	for (int i = 0; i < n; i++) {
		uint32_t start = (uint32_t)(pieces[i].text.data - text.data);

		cutter->col = pieces[i].col;
		cut(cutter, start, start + (uint32_t)pieces[i].text.len);
	}
}

/* A cell on lines of its own. */
static void
cut_record(struct cutter *cutter, const struct view_viewer *view,
	const struct table *table, const struct viewer_line *line)
{
	struct slice label = viewer_table_label(view, table, line);

	if (label.len > 0 && line->first) {
		add_piece(cutter, label, SPAN_DIM, 0);
		add_piece(cutter, SLICE(": "), SPAN_DIM, 0);
	} else if (line->n > 0 || !line->first) {
		cutter->col = ITEM_INDENT;
	}
	cut(cutter, line->start, line->start + line->len);
}

int
view_viewer_pieces(const struct view_viewer *view,
	const struct viewer_line *line,
	struct viewer_piece pieces[VIEWER_PIECES_MAX])
{
	struct cutter cutter = { .pieces = pieces };
	const struct table *table = NULL;

	cutter.paragraph = view_viewer_paragraph(view, line, &cutter.doc);
	cutter.tabs = cutter.paragraph->kind == PARAGRAPH_PRE ||
		      (cutter.paragraph->kind >= PARAGRAPH_DIFF_FILE &&
			      cutter.paragraph->kind <= PARAGRAPH_DIFF_DEL);
	if (cutter.paragraph->kind == PARAGRAPH_TABLE_ROW &&
		viewer_has_tables(view, line->source))
		table = viewer_table_of(view, line->item);
	find_spans(&cutter, line->start, line->start + line->len);
	if (table && table->n > 0)
		cut_columns(&cutter, table, (int)line->n);
	else if (table)
		cut_record(&cutter, view, table, line);
	else
		cut(&cutter, line->start, line->start + line->len);
	return cutter.n;
}
