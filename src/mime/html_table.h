/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables: their cells are paragraphs below each other like all else, until a
 * row ends.  Then a row that holds data becomes one PARAGRAPH_TABLE_ROW; of a
 * table that only places things the paragraphs stay as they are.
 */
#ifndef TERCET_MIME_HTML_TABLE_H
#define TERCET_MIME_HTML_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mime/html_flow.h"

enum {
	HTML_CELLS_MAX = 24,  /* a row with more flows */
	HTML_COLUMNS_MAX = 24 /* of cells that reach over several */
};

struct html_cell {
	size_t first; /* paragraph */
	uint8_t span; /* columns */
	bool is_head;
};

struct html_table {
	bool is_data;   /* it says so: lines, a caption, headings */
	bool is_layout; /* it says that it is none */
	size_t rows;    /* made one paragraph so far */
	size_t last;    /* paragraph of the last of those */
	/* Rows that cells above still reach down to, by column. */
	uint8_t below[HTML_COLUMNS_MAX];

	bool in_row;
	bool in_head; /* <thead> */
	size_t first; /* paragraph of the row */
	size_t n_cells;
	int column;
	struct html_cell cells[HTML_CELLS_MAX];
};

void html_table_begin_row(struct html_table *table, struct html_flow *flow);
/* <td>, <th>; 1 for cells that say nothing of columns and rows. */
void html_table_begin_cell(struct html_table *table, struct html_flow *flow,
	bool is_head, int columns, int rows);
void html_table_end_row(struct html_table *table, struct html_flow *flow);

#endif /* TERCET_MIME_HTML_TABLE_H */
