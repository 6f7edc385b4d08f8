/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of a table (PARAGRAPH_TABLE_ROW) below each other in columns: how wide
 * each is to be, and which words stand on which line.  Bounded work: a table is
 * measured some hundred rows at a time, and a long row is no row of columns.
 */
#ifndef TERCET_MAIL_TABLE_H
#define TERCET_MAIL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "mail/paragraph.h"

enum {
	TABLE_COLUMNS_MAX = 24,
	TABLE_GAP = 2,           /* blanks between columns */
	TABLE_ROWS_MAX = 300,    /* of one measure; then another begins */
	TABLE_ROW_BYTES = 4096,  /* a longer one does not fit */
	TABLE_BYTES_MAX = 65536, /* of one measure */
};

/* How a terminal sees text: columns of it, and width_wrap(). */
struct table_ways {
	int (*measure)(struct slice text);
	size_t (*wrap)(struct slice text, int columns, size_t *ret_next);
};

struct table {
	uint32_t first; /* paragraphs */
	uint32_t end;
	uint32_t head; /* the row that names the columns, or `end` */
	int n;         /* columns; 0: they do not fit */
	int width[TABLE_COLUMNS_MAX];
	int total; /* of all, with the gaps */
	/* of numbers, which stand at the right */
	bool is_number[TABLE_COLUMNS_MAX];
};

/* What of one cell stands on one line. */
struct table_piece {
	int col;
	struct slice text; /* within the row's text */
};

/* Whether it is an amount of something: "12", "-3.50 EUR", "(1,000)", "7 %". */
bool table_is_number(struct slice cell);

/* Measures the table that begins with the paragraph `first`, for `room`
 * columns.  Its rows are those behind it of the same quote level. */
void table_measure(const struct document *doc, uint32_t first, int room,
	const struct table_ways *ways, struct table *ret_table);
/* Lines a row takes, at least 1. */
int table_row_lines(const struct table *table, struct slice row,
	const struct table_ways *ways);
/* The pieces of one of them; returns how many, at most TABLE_COLUMNS_MAX. */
int table_row_line(const struct table *table, struct slice row, int line,
	const struct table_ways *ways,
	struct table_piece ret_pieces[TABLE_COLUMNS_MAX]);
/* Cell `i` of a row, empty when it has fewer. */
struct slice table_cell(struct slice row, int i);

#endif /* TERCET_MAIL_TABLE_H */
