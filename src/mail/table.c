/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/table.h"

#include <string.h>

enum {
	NUMBER_BYTES_MAX = 24,
	UNIT_LETTERS_MAX = 3,
	/* Narrower than that, words stand one below the other. */
	WRAPPED_MIN = 14,
	/* A column is not given less than its longest word, up to this. */
	WORD_MAX = 18,
};

bool
table_is_number(struct slice cell)
{
	int digits = 0;
	int letters = 0;

	cell = slice_trim(cell);
	if (cell.len == 0 || cell.len > NUMBER_BYTES_MAX)
		return false;
	for (size_t i = 0; i < cell.len; i++) {
		unsigned char c = (unsigned char)cell.data[i];

		if (ascii_is_digit((char)c))
			digits++;
		else if (ascii_is_alpha((char)c))
			letters++;
		/* Currency signs and odd blanks are beyond ASCII. */
		else if (c < 0x80 && !strchr(" .,'+-()%$/:", c))
			return false;
	}
	/* "A1" is a name. */
	return digits > 0 && letters <= UNIT_LETTERS_MAX &&
	       (letters != 1 || !ascii_is_alpha(cell.data[0]));
}

struct slice
table_cell(struct slice row, int i)
{
	for (; i > 0 && row.len > 0; i--)
		row = slice_skip(row, slice_find(row, '\t') + 1);
	return slice_head(row, slice_find(row, '\t'));
}

/* A cell with the empty ones behind it, which it may use. */
struct cell {
	struct slice text;
	int column;
	int span;
};

/* The next cell with words in it. */
static bool
next_cell(struct slice *rest, int *column, struct cell *ret)
{
	while (rest->len > 0) {
		size_t end = slice_find(*rest, '\t');

		ret->text = slice_head(*rest, end);
		ret->column = (*column)++;
		ret->span = 1;
		*rest = slice_skip(*rest, end + 1);
		if (ret->text.len == 0)
			continue;
		while (rest->len > 0 && rest->data[0] == '\t') {
			*rest = slice_skip(*rest, 1);
			++*column;
			ret->span++;
		}
		return true;
	}
	return false;
}

/* What was learnt of the columns. */
struct measure {
	const struct table_ways *ways;
	int widest[TABLE_COLUMNS_MAX];
	int word[TABLE_COLUMNS_MAX]; /* the longest one's columns */
	unsigned numbers[TABLE_COLUMNS_MAX];
	unsigned others[TABLE_COLUMNS_MAX];
	int n;
	bool too_many;
};

static int
longest_word(const struct measure *measure, struct slice text)
{
	int longest = 0;

	while (text.len > 0) {
		size_t n = 0;
		int columns;

		while (n < text.len && !ascii_is_space(text.data[n]))
			n++;
		columns = measure->ways->measure(slice_head(text, n));
		if (columns > longest)
			longest = columns;
		text = slice_skip(text, n + 1);
	}
	return longest < WORD_MAX ? longest : WORD_MAX;
}

static int
widest_line(const struct measure *measure, struct slice text)
{
	int widest = 0;

	while (text.len > 0) {
		size_t end = slice_find(text, '\n');
		int columns = measure->ways->measure(slice_head(text, end));

		if (columns > widest)
			widest = columns;
		text = slice_skip(text, end + 1);
	}
	return widest;
}

static void
raise_to(int *value, int to)
{
	if (*value < to)
		*value = to;
}

static void
measure_row(struct measure *measure, struct slice row, bool is_head, bool spans)
{
	struct cell cell;
	int column = 0;

	while (next_cell(&row, &column, &cell)) {
		int have = 0;
		int widest;

		if (column > TABLE_COLUMNS_MAX) {
			measure->too_many = true;
			return;
		}
		raise_to(&measure->n, column);
		if ((cell.span > 1) != spans)
			continue;
		widest = widest_line(measure, cell.text);
		if (!is_head && !spans) {
			if (table_is_number(cell.text))
				measure->numbers[cell.column]++;
			else
				measure->others[cell.column]++;
		}
		for (int i = 1; i < cell.span; i++) {
			int more = measure->widest[cell.column + i];

			have += more ? more + TABLE_GAP : 0;
		}
		raise_to(&measure->widest[cell.column], widest - have);
		raise_to(&measure->word[cell.column],
			spans ? 1 : longest_word(measure, cell.text));
	}
}

static int
columns_total(const struct table *table)
{
	int total = 0;

	for (int i = 0; i < table->n; i++)
		total += table->width[i] ? table->width[i] + TABLE_GAP : 0;
	return total > 0 ? total - TABLE_GAP : 0;
}

static void
limit_widths(struct table *table, const struct measure *measure, int limit)
{
	for (int i = 0; i < table->n; i++)
		table->width[i] =
			measure->widest[i] < limit ? measure->widest[i] : limit;
}

/* Whether the widest columns can be narrowed until all fit. */
static bool
narrow(struct table *table, const struct measure *measure, int room)
{
	int low = 1;
	int high = room;

	while (low < high) {
		int limit = (low + high + 1) / 2;

		limit_widths(table, measure, limit);
		if (columns_total(table) <= room)
			low = limit;
		else
			high = limit - 1;
	}
	limit_widths(table, measure, low);
	if (columns_total(table) > room)
		return false;
	for (int i = 0; i < table->n; i++) {
		if (table->width[i] == measure->widest[i])
			continue;
		if (low < WRAPPED_MIN || measure->word[i] > low)
			return false;
	}
	return true;
}

static void
choose_widths(struct table *table, const struct measure *measure, int room)
{
	table->n = measure->n;
	limit_widths(table, measure, room > 0 ? room : 1);
	for (int i = 0; i < table->n; i++) {
		if (measure->widest[i] > room)
			table->width[i] = room + 1;
		table->is_number[i] =
			measure->numbers[i] > 0 && measure->others[i] == 0;
	}
	if (columns_total(table) > room && !narrow(table, measure, room))
		table->n = 0;
	table->total = columns_total(table);
}

static bool
is_row(const struct document *doc, uint32_t i, uint32_t first)
{
	const struct paragraph *it = &doc->paragraphs[i];

	return it->kind == PARAGRAPH_TABLE_ROW &&
	       it->quote == doc->paragraphs[first].quote &&
	       (i == first || !(it->indent & TABLE_ROW_FIRST));
}

void
table_measure(const struct document *doc, uint32_t first, int room,
	const struct table_ways *ways, struct table *ret_table)
{
	struct table table = { .first = first, .end = first };
	struct measure measure = { .ways = ways };
	size_t bytes = 0;

	while (table.end < doc->n_paragraphs && is_row(doc, table.end, first) &&
		table.end - first < TABLE_ROWS_MAX && bytes < TABLE_BYTES_MAX)
		bytes += doc->paragraphs[table.end++].len;
	table.head = doc->paragraphs[first].indent & TABLE_ROW_HEAD ? first
								    : table.end;
	for (uint32_t i = first; i < table.end; i++)
		measure.too_many |= doc->paragraphs[i].len > TABLE_ROW_BYTES;
	/* Cells over several columns want what these do not have. */
	for (int spans = 0; spans < 2 && !measure.too_many; spans++) {
		for (uint32_t i = first; i < table.end; i++) {
			const struct paragraph *it = &doc->paragraphs[i];

			measure_row(&measure, document_text(doc, it),
				it->indent & TABLE_ROW_HEAD, spans);
		}
	}
	if (!measure.too_many)
		choose_widths(&table, &measure, room);
	*ret_table = table;
}

/* What a cell may use, with the empty ones behind it. */
static int
cell_width(const struct table *table, const struct cell *cell)
{
	int width = 0;

	for (int i = cell->column;
		i < cell->column + cell->span && i < table->n; i++)
		width += table->width[i] ? table->width[i] + TABLE_GAP : 0;
	return width > TABLE_GAP ? width - TABLE_GAP : 1;
}

/* Line `want` of a cell, -1: none; returns how many there are, or more than
 * `want`. */
static int
find_line(struct slice text, int width, int want, const struct table_ways *ways,
	struct slice *ret)
{
	int n = 0;

	while (text.len > 0) {
		size_t next;
		size_t len = ways->wrap(text, width, &next);

		if (n++ == want) {
			*ret = slice_head(text, len);
			break;
		}
		text = slice_skip(text, next);
	}
	return n;
}

int
table_row_lines(const struct table *table, struct slice row,
	const struct table_ways *ways)
{
	struct cell cell;
	int column = 0;
	int lines = 1;

	while (next_cell(&row, &column, &cell))
		raise_to(&lines, find_line(cell.text, cell_width(table, &cell),
					 -1, ways, NULL));
	return lines;
}

int
table_row_line(const struct table *table, struct slice row, int line,
	const struct table_ways *ways,
	struct table_piece ret_pieces[TABLE_COLUMNS_MAX])
{
	struct cell cell;
	int column = 0;
	int at = 0;
	int col = 0;
	int n = 0;

	while (next_cell(&row, &column, &cell) && n < TABLE_COLUMNS_MAX) {
		int width = cell_width(table, &cell);
		int pad = 0;
		struct slice text = { NULL, 0 };

		for (; at < cell.column && at < table->n; at++)
			col += table->width[at] ? table->width[at] + TABLE_GAP
						: 0;
		find_line(cell.text, width, line, ways, &text);
		if (text.len == 0)
			continue;
		/* Below its fellows, though the cell beside it is empty. */
		if (cell.column < table->n && table->is_number[cell.column])
			pad = table->width[cell.column] - ways->measure(text);
		ret_pieces[n++] =
			(struct table_piece){ col + (pad > 0 ? pad : 0), text };
	}
	return n;
}
