/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages, as they are read, and their tables as they are drawn. */
#include "mime/html.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "i18n/width.h"
#include "mail/table.h"
#include "mime/text.h"

enum { ROWS_MAX = 200, LINES_MAX = 8 };

static const struct table_ways ways = { width_text, width_wrap };

static void
check_row(const struct table *table, struct slice row)
{
	struct table_piece pieces[TABLE_COLUMNS_MAX];
	int lines = table_row_lines(table, row, &ways);

	ASSERT(lines >= 1);
	for (int i = 0; i < lines && i < LINES_MAX; i++) {
		int n = table_row_line(table, row, i, &ways, pieces);

		ASSERT(n >= 0 && n <= TABLE_COLUMNS_MAX);
		for (int j = 0; j < n; j++) {
			ASSERT(pieces[j].col >= 0 &&
				pieces[j].col < table->total);
			check_within(pieces[j].text, row);
		}
	}
}

static void
check_tables(const struct document *doc, int room)
{
	uint32_t end = 0;
	struct table table = { 0 };

	for (uint32_t i = 0; i < doc->n_paragraphs && i < ROWS_MAX; i++) {
		if (doc->paragraphs[i].kind != PARAGRAPH_TABLE_ROW)
			continue;
		if (i >= end) {
			table_measure(doc, i, room, &ways, &table);
			ASSERT(table.end > i && table.end <= doc->n_paragraphs);
			ASSERT(table.n <= TABLE_COLUMNS_MAX);
			ASSERT(table.n == 0 || table.total <= room);
			end = table.end;
		}
		if (table.n > 0)
			check_row(&table,
				document_text(doc, &doc->paragraphs[i]));
	}
}

FUZZ_TARGET(html)
{
	struct part part = { .type = (char *)"text/html" };
	struct document numbered;
	struct document doc;

	check_within(html_charset(input), input);
	document_init(&doc);
	mime_text_extract(&part, input, NULL, &doc);
	check_document(&doc);
	check_tables(&doc, 40);
	check_tables(&doc, 100);
	document_number_links(&doc, &numbered);
	check_document(&numbered);
	document_append(&doc, &numbered);
	check_document(&doc);
	document_clear(&numbered);
	document_clear(&doc);
}
