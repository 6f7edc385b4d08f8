/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message's text for people who read it outside of the interface. */
#include "cli/print.h"
#include "i18n/width.h"
#include "mail/table.h"

enum { TABLE_ROOM = 100 };

static const struct table_ways ways = { width_text, width_wrap };

static void
print_quote(const struct paragraph *it, struct strbuf *out)
{
	for (int i = 0; i < it->quote; i++)
		strbuf_add_char(out, '>');
	if (it->quote > 0)
		strbuf_add_char(out, ' ');
}

static void
print_in_columns(const struct document *doc, uint32_t index,
	const struct table *table, struct strbuf *out)
{
	const struct paragraph *it = &doc->paragraphs[index];
	struct slice row = document_text(doc, it);
	struct table_piece pieces[TABLE_COLUMNS_MAX];
	int lines = table_row_lines(table, row, &ways);

	for (int line = 0; line < lines; line++) {
		int n = table_row_line(table, row, line, &ways, pieces);
		int at = 0;

		print_quote(it, out);
		for (int i = 0; i < n; i++) {
			for (; at < pieces[i].col; at++)
				strbuf_add_char(out, ' ');
			strbuf_add_slice(out, pieces[i].text);
			at += width_text(pieces[i].text);
		}
		strbuf_add_char(out, '\n');
	}
	if (index != table->head || index + 1 == table->end)
		return;
	print_quote(it, out);
	for (int i = 0; i < table->total; i++)
		strbuf_add_char(out, '-');
	strbuf_add_char(out, '\n');
}

static void
print_cell(struct slice cell, struct strbuf *out)
{
	size_t start = out->len;

	strbuf_add_slice(out, cell);
	for (size_t i = start; i < out->len; i++) {
		if (out->data[i] == '\n')
			out->data[i] = ' ';
	}
}

/* A line a cell. */
static void
print_record(const struct document *doc, uint32_t index,
	const struct table *table, struct strbuf *out)
{
	const struct paragraph *it = &doc->paragraphs[index];
	struct slice rest = document_text(doc, it);
	struct slice head = SLICE("");

	if (table->head < table->end)
		head = document_text(doc, &doc->paragraphs[table->head]);
	if (index == table->head && index + 1 < table->end)
		return;
	for (int i = 0; rest.len > 0; i++) {
		size_t end = slice_find(rest, '\t');
		struct slice name =
			index != table->head ? table_cell(head, i) : SLICE("");

		if (end > 0) {
			print_quote(it, out);
			print_cell(name, out);
			if (name.len > 0)
				strbuf_add_str(out, ": ");
			print_cell(slice_head(rest, end), out);
			strbuf_add_char(out, '\n');
		}
		rest = slice_skip(rest, end + 1);
	}
}

void
print_document(const struct document *doc, struct strbuf *out)
{
	struct table table = { .end = 0 };

	for (uint32_t i = 0; i < doc->n_paragraphs; i++) {
		if (doc->paragraphs[i].kind != PARAGRAPH_TABLE_ROW) {
			document_print_paragraph(doc, &doc->paragraphs[i], out);
			continue;
		}
		if (i >= table.end)
			table_measure(doc, i, TABLE_ROOM, &ways, &table);
		if (table.n > 0)
			print_in_columns(doc, i, &table, out);
		else
			print_record(doc, i, &table, out);
	}
}
