/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_table.h"

#include "mail/table.h"

enum {
	/* A cell of a table that does not say what it is for. */
	CELL_BYTES_MAX = 120,
	/* And one that stands beside a label. */
	LABEL_BYTES_MAX = 40,
	BESIDE_LINES_MAX = 4,
	BESIDE_BYTES_MAX = 400,
	DATA_LINES_MAX = 12,
	HEAD_BYTES_MAX = 60,
	BULLET_BYTES_MAX = 4,
};

void
html_table_begin_row(struct html_table *table, struct html_flow *flow)
{
	html_flow_break(flow);
	table->in_row = true;
	table->first = flow->doc->n_paragraphs;
	table->n_cells = 0;
	table->column = 0;
}

static void
add_cell(struct html_table *table, struct html_flow *flow, bool is_head,
	int columns)
{
	if (table->n_cells == HTML_CELLS_MAX) {
		table->in_row = false;
		return;
	}
	table->cells[table->n_cells++] =
		(struct html_cell){ flow->doc->n_paragraphs, (uint8_t)columns,
			is_head };
	table->column += columns;
}

/* Columns that a cell of a row above reaches down to. */
static void
skip_covered(struct html_table *table, struct html_flow *flow)
{
	while (table->in_row && table->column < HTML_COLUMNS_MAX &&
		table->below[table->column] > 0) {
		table->below[table->column]--;
		add_cell(table, flow, false, 1);
	}
}

static int
within(int value, int max)
{
	if (value < 1)
		return 1;
	return value < max ? value : max;
}

void
html_table_begin_cell(struct html_table *table, struct html_flow *flow,
	bool is_head, int columns, int rows)
{
	int first;

	html_flow_break(flow);
	skip_covered(table, flow);
	if (!table->in_row)
		return;
	first = table->column;
	columns = within(columns, HTML_COLUMNS_MAX - first);
	rows = within(rows, UINT8_MAX);
	add_cell(table, flow, is_head || table->in_head, columns);
	for (int i = first; i < first + columns && i < HTML_COLUMNS_MAX; i++)
		table->below[i] = (uint8_t)(rows - 1);
}

/* --- what a row holds ---------------------------------------------------- */

/* A cell as it was found: lines with words in them. */
struct content {
	size_t lines;
	size_t bytes;
	struct slice text; /* of the first line */
};

struct contents {
	struct content cells[HTML_CELLS_MAX];
	size_t filled; /* cells with words */
	size_t bytes;
	size_t lines; /* of the cell with most */
	size_t only;  /* the last cell with words */
};

static size_t
cell_end(const struct html_table *table, const struct html_flow *flow, size_t i)
{
	return i + 1 < table->n_cells ? table->cells[i + 1].first
				      : flow->doc->n_paragraphs;
}

/* False: there is more in it than lines of text. */
static bool
look_at_cell(const struct html_flow *flow, size_t first, size_t end, int quote,
	struct content *ret)
{
	for (size_t i = first; i < end; i++) {
		const struct paragraph *it = &flow->doc->paragraphs[i];

		if (it->kind == PARAGRAPH_TEXT && it->len == 0)
			continue;
		if ((it->kind != PARAGRAPH_TEXT && it->kind != PARAGRAPH_ITEM &&
			    it->kind != PARAGRAPH_HEADING) ||
			it->quote != quote)
			return false;
		if (ret->lines++ == 0)
			ret->text = document_text(flow->doc, it);
		ret->bytes += it->len;
	}
	return true;
}

static bool
look_at_row(const struct html_table *table, const struct html_flow *flow,
	struct contents *ret)
{
	const struct document *doc = flow->doc;
	int quote;

	if (!table->in_row || table->n_cells == 0 || doc->text.full ||
		doc->text.limit - doc->text.len < 2 * TABLE_ROW_BYTES ||
		table->first >= doc->n_paragraphs ||
		/* Something stands in front of the first cell. */
		table->cells[0].first != table->first)
		return false;
	quote = doc->paragraphs[doc->n_paragraphs - 1].quote;
	for (size_t i = 0; i < table->n_cells; i++) {
		struct content *cell = &ret->cells[i];

		if (!look_at_cell(flow, table->cells[i].first,
			    cell_end(table, flow, i), quote, cell))
			return false;
		ret->bytes += cell->bytes + 1;
		if (cell->lines == 0)
			continue;
		ret->filled++;
		ret->only = i;
		if (cell->lines > ret->lines)
			ret->lines = cell->lines;
	}
	return ret->filled > 0 && ret->bytes <= TABLE_ROW_BYTES;
}

static bool
has_heading(const struct html_table *table, const struct html_flow *flow)
{
	for (size_t i = table->first; i < flow->doc->n_paragraphs; i++) {
		if (flow->doc->paragraphs[i].kind != PARAGRAPH_TEXT)
			return true;
	}
	return false;
}

/* All cells with words are of <th>, and short. */
static bool
is_head_row(const struct html_table *table, const struct contents *contents)
{
	for (size_t i = 0; i < table->n_cells; i++) {
		const struct content *cell = &contents->cells[i];

		if (cell->lines > 0 &&
			(!table->cells[i].is_head || cell->lines > 2 ||
				cell->bytes > HEAD_BYTES_MAX))
			return false;
	}
	return contents->filled > 1;
}

/* The first row is bold from end to end, and no amount is in it. */
static bool
is_bold_row(const struct html_table *table, const struct html_flow *flow,
	const struct contents *contents)
{
	const struct document *doc = flow->doc;

	if (table->rows > 0 || contents->filled < 3 || contents->lines > 1)
		return false;
	for (size_t i = table->first; i < doc->n_paragraphs; i++) {
		const struct paragraph *it = &doc->paragraphs[i];
		const struct span *span = &doc->spans[it->first_span];

		if (it->len > 0 && (it->n_spans != 1 || span->len != it->len ||
					   !(span->style & SPAN_BOLD)))
			return false;
	}
	for (size_t i = 0; i < table->n_cells; i++) {
		if (table_is_number(contents->cells[i].text))
			return false;
	}
	return true;
}

static bool
ends_in_colon(struct slice text)
{
	text = slice_trim(text);
	return text.len > 1 && text.data[text.len - 1] == ':';
}

/* A sign or a number, but no word. */
static bool
is_bullet(const struct content *cell)
{
	if (cell->bytes > BULLET_BYTES_MAX)
		return false;
	for (size_t i = 0; i < cell->text.len; i++) {
		if (ascii_is_alpha(cell->text.data[i]))
			return false;
	}
	return true;
}

/* A word or a sign, and beside it what belongs to it. */
static bool
is_labelled(const struct contents *contents, size_t n)
{
	const struct content *label = NULL;
	const struct content *value = NULL;

	if (contents->filled != 2)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct content *cell = &contents->cells[i];

		if (cell->lines > 0 && !label)
			label = cell;
		else if (cell->lines > 0)
			value = cell;
	}
	if (label->lines > 1)
		return false;
	if (is_bullet(label) && value->lines == 1)
		return true;
	return label->bytes <= LABEL_BYTES_MAX && ends_in_colon(label->text) &&
	       value->lines <= BESIDE_LINES_MAX &&
	       value->bytes <= BESIDE_BYTES_MAX;
}

/* Words, and an amount behind them. */
static bool
has_amount(const struct contents *contents)
{
	return contents->lines <= 2 && contents->filled > 1 &&
	       table_is_number(contents->cells[contents->only].text);
}

static bool
is_data_row(const struct html_table *table, const struct html_flow *flow,
	const struct contents *contents)
{
	if (table->is_data) {
		return contents->lines <= DATA_LINES_MAX &&
		       (contents->filled > 1 || table->rows > 0);
	}
	if (contents->filled < 2 || has_heading(table, flow))
		return false;
	if (is_labelled(contents, table->n_cells) || has_amount(contents))
		return true;
	if (table->is_layout || contents->lines > 1)
		return false;
	for (size_t i = 0; i < table->n_cells; i++) {
		if (contents->cells[i].bytes > CELL_BYTES_MAX)
			return false;
	}
	return true;
}

/* --- one paragraph of it ------------------------------------------------- */

/* Lines of a cell to one text, and their spans to its. */
static void
add_cell_text(struct html_flow *flow, size_t first, size_t end, uint32_t *spans,
	uint32_t n_spans_before, struct strbuf *row)
{
	struct document *doc = flow->doc;
	bool has_line = false;

	for (size_t i = first; i < end; i++) {
		const struct paragraph *it = &doc->paragraphs[i];

		if (it->len == 0)
			continue;
		if (has_line)
			strbuf_add_char(row, '\n');
		has_line = true;
		for (uint32_t j = 0; j < it->n_spans; j++) {
			struct span span = doc->spans[it->first_span + j];

			span.start += (uint32_t)row->len;
			doc->spans[n_spans_before + (*spans)++] = span;
		}
		strbuf_add_slice(row, document_text(doc, it));
	}
}

/* Tabs and line feeds are ours; there are none in what HTML calls text but
 * where it keeps blanks. */
static void
join(struct html_table *table, struct html_flow *flow, bool keeps_empty,
	unsigned flags)
{
	struct document *doc = flow->doc;
	struct strbuf row CLEANUP(strbuf_clear) = { 0 };
	struct paragraph *at = &doc->paragraphs[table->first];
	uint32_t first_span = at->first_span;
	uint32_t spans = 0;
	unsigned tabs = 0;
	int quote = doc->paragraphs[doc->n_paragraphs - 1].quote;

	strbuf_init(&row, 2 * TABLE_ROW_BYTES);
	for (size_t i = 0; i < table->n_cells; i++) {
		size_t end = cell_end(table, flow, i);
		size_t before = row.len;

		for (unsigned j = 0; j < tabs; j++)
			strbuf_add_char(&row, '\t');
		add_cell_text(flow, table->cells[i].first, end, &spans,
			first_span, &row);
		if (row.len == before + tabs) {
			/* Nothing in it; it counts when something follows. */
			strbuf_cut(&row, before);
			if (before > 0 || keeps_empty)
				tabs += table->cells[i].span;
		} else {
			tabs = table->cells[i].span;
		}
	}
	strbuf_cut(&doc->text, at->text);
	doc->n_spans = first_span + spans;
	doc->n_paragraphs = table->first;
	document_add(doc, PARAGRAPH_TABLE_ROW, quote, (int)flags,
		strbuf_slice(&row));
	at = &doc->paragraphs[table->first];
	at->first_span = first_span;
	at->n_spans = spans;
}

/* An empty line in front belongs to the row when it came between two of them,
 * from a paragraph within a cell; else it stays before the table. */
static void
leave_gap(struct html_table *table, const struct html_flow *flow)
{
	const struct document *doc = flow->doc;
	const struct paragraph *at;

	if (table->first >= doc->n_paragraphs)
		return;
	at = &doc->paragraphs[table->first];
	if (at->len > 0 || at->kind != PARAGRAPH_TEXT ||
		(table->rows > 0 && table->last + 1 == table->first))
		return;
	table->first++;
	for (size_t i = 0; i < table->n_cells; i++) {
		if (table->cells[i].first < table->first)
			table->cells[i].first = table->first;
	}
}

void
html_table_end_row(struct html_table *table, struct html_flow *flow)
{
	struct contents contents = { .filled = 0 };
	unsigned flags = 0;
	bool is_head;

	html_flow_break(flow);
	if (table->in_row)
		skip_covered(table, flow);
	leave_gap(table, flow);
	if (!look_at_row(table, flow, &contents)) {
		table->in_row = false;
		return;
	}
	is_head = is_head_row(table, &contents);
	if (is_head || is_bold_row(table, flow, &contents)) {
		table->is_data = true;
		is_head = true;
	}
	table->in_row = false;
	if (!is_data_row(table, flow, &contents))
		return;
	if (table->rows == 0)
		flags |= TABLE_ROW_FIRST;
	if (is_head && table->rows == 0)
		flags |= TABLE_ROW_HEAD;
	join(table, flow, table->is_data, flags);
	table->rows++;
	table->last = table->first;
	flow->margin = false;
}
