/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows in columns, at widths where they fit, where words are wrapped, and where
 * neither can be; numbers of links; documents one behind the other. */
#include "mail/table.h"

#include "base/array.h"
#include "base/mem.h"
#include "tap.h"

static int
measure(struct slice text)
{
	return (int)text.len;
}

/* At the last blank that fits, else inside the word. */
static size_t
wrap(struct slice text, int columns, size_t *ret_next)
{
	size_t end = slice_find(text, '\n');
	size_t room = (size_t)columns;
	size_t at;

	if (end <= room) {
		*ret_next = end < text.len ? end + 1 : end;
		return end;
	}
	for (at = room; at > 0 && text.data[at] != ' '; at--)
		;
	*ret_next = at > 0 ? at + 1 : room;
	return at > 0 ? at : room;
}

static const struct table_ways ways = { measure, wrap };

static const struct {
	const char *what;
	const char *rows[4];
	int room;
	const char *want; /* NULL: they do not fit */
} cases[] = {
	{ "columns", { "a\tbb", "ccc\td" }, 20, "a    bb|ccc  d|" },
	{ "numbers at the right", { "a\t1", "b\t1,000" }, 20,
		"a      1|b  1,000|" },
	{ "an empty cell at the end", { "a\tb", "c" }, 20, "a  b|c|" },
	{ "an empty cell in front", { "a\tb", "\tc" }, 20, "a  b|   c|" },
	{ "a cell over two columns", { "a\tb\t1", "long words\t\t2" }, 20,
		"a        b  1|long words  2|" },
	{ "lines in a cell", { "a\nb\tc", "d\te" }, 20, "a  c|b|d  e|" },
	{ "words are wrapped", { "a\tone two three four five six", "b\tshort" },
		20, "a  one two three|   four five six|b  short|" },
	{ "no room", { "abcdefghijkl\tmnopqrstuvwx", "a\tb" }, 12, NULL },
	{ "one column", { "a", "b" }, 5, "a|b|" },
};

static void
fit(size_t n)
{
	struct document doc;
	struct table table;
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	document_init(&doc);
	strbuf_init(&got, 4096);
	for (size_t i = 0; i < 4 && cases[n].rows[i]; i++)
		document_add(&doc, PARAGRAPH_TABLE_ROW, 0, 0,
			slice_str(cases[n].rows[i]));
	table_measure(&doc, 0, cases[n].room, &ways, &table);
	for (uint32_t i = 0; table.n > 0 && i < doc.n_paragraphs; i++) {
		struct slice row = document_text(&doc, &doc.paragraphs[i]);
		int lines = table_row_lines(&table, row, &ways);

		for (int line = 0; line < lines; line++) {
			struct table_piece pieces[TABLE_COLUMNS_MAX];
			int n_pieces = table_row_line(
				&table, row, line, &ways, pieces);
			int at = 0;

			for (int j = 0; j < n_pieces; j++) {
				for (; at < pieces[j].col; at++)
					strbuf_add_char(&got, ' ');
				strbuf_add_slice(&got, pieces[j].text);
				at += (int)pieces[j].text.len;
			}
			strbuf_add_char(&got, '|');
		}
	}
	is_str(table.n > 0 ? got.data : NULL, cases[n].want, cases[n].what);
	document_clear(&doc);
}

static void
numbers(void)
{
	static const char *const yes[] = { "1", "1,000.50", "-3", "(12)", "7 %",
		"12 EUR", "$5", "\xe2\x82\xac 9", "5h" };
	static const char *const no[] = { "", "a", "A1", "12 apples", "-",
		"four", "2026 and later" };

	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		ok(table_is_number(slice_str(yes[i])), "a number: %s", yes[i]);
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		ok(!table_is_number(slice_str(no[i])), "none: %s", no[i]);
}

/* Bounded, however many there are. */
static void
bombs(void)
{
	struct document doc;
	struct table table;
	char *row CLEANUP(freep) = xmalloc(100000);

	document_init(&doc);
	for (int i = 0; i < 100000; i++)
		document_add(&doc, PARAGRAPH_TABLE_ROW, 0, 0, SLICE("a\tb"));
	table_measure(&doc, 0, 80, &ways, &table);
	is_int(table.end, TABLE_ROWS_MAX, "so many rows at once");
	document_clear(&doc);
	document_init(&doc);
	memset(row, '\t', 100000);
	document_add(&doc, PARAGRAPH_TABLE_ROW, 0, 0, slice_make(row, 100000));
	table_measure(&doc, 0, 80, &ways, &table);
	is_int(table.n, 0, "a long row does not fit");
	document_clear(&doc);
}

static void
links(void)
{
	struct document doc;
	struct document got;
	struct document both;

	document_init(&doc);
	document_begin(&doc, PARAGRAPH_TEXT, 0, 0);
	document_add_text(&doc, SLICE("see the plan or example.org."));
	doc.paragraphs[0].len = 4;
	doc.text.len = 4;
	document_add_text(&doc, SLICE("the"));
	document_add_span(&doc, 3, SPAN_LINK,
		(uint16_t)document_add_link(&doc, SLICE("https://a.org/")));
	document_add_text(&doc, SLICE(" plan"));
	document_add_span(&doc, 4, SPAN_LINK | SPAN_BOLD, 0);
	document_add_text(&doc, SLICE(" or "));
	document_add_text(&doc, SLICE("example.org"));
	document_add_span(&doc, 11, SPAN_LINK,
		(uint16_t)document_add_link(
			&doc, SLICE("https://www.example.org/")));
	document_add_text(&doc, SLICE("."));
	document_number_links(&doc, &got);
	ok(slice_eq(document_text(&got, &got.paragraphs[0]),
		   SLICE("see the plan[1] or example.org.")),
		"a number behind the words of a link that do not tell");
	is_int(got.paragraphs[0].n_spans, 4, "with a span of its own");
	document_init(&both);
	document_append(&both, &doc);
	document_append(&both, &doc);
	is_int((int64_t)both.n_paragraphs, 2, "one behind the other");
	is_int((int64_t)both.n_links, 2, "links are the same ones");
	is_int(both.spans[3].start, 4, "spans where they were");
	document_clear(&doc);
	document_clear(&got);
	document_clear(&both);
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		fit(i);
	numbers();
	bombs();
	links();
	return tap_done();
}
