/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/flow.h"

#include <stdbool.h>

#include "i18n/width.h"

enum { LOOKED_AT = 1024 };

static bool
is_signature(struct slice line)
{
	return slice_eq(line, SLICE("-- "));
}

/* RFC 3676 4.4: what would be taken for a quote, or lose its blank. */
static bool
needs_stuffing(struct slice line)
{
	return line.len > 0 && (line.data[0] == ' ' || line.data[0] == '>' ||
				       slice_starts(line, SLICE("From ")));
}

/* Blanks at the end would make it flow on. */
static struct slice
without_end(struct slice line)
{
	while (line.len > 0 && line.data[line.len - 1] == ' ')
		line.len--;
	return line;
}

/* The longest piece that fits and ends in a blank, or the first word. */
static size_t
find_break(struct slice line)
{
	size_t best = 0;

	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] != ' ')
			continue;
		while (i + 1 < line.len && line.data[i + 1] == ' ')
			i++;
		if (i + 1 == line.len)
			break;
		if (best > 0 &&
			width_text(slice_head(line, i)) > FLOW_COLUMNS - 1)
			break;
		best = i + 1;
	}
	return best;
}

static void
put_line(struct slice line, struct strbuf *out)
{
	if (needs_stuffing(line))
		strbuf_add_char(out, ' ');
	strbuf_add_slice(out, line);
	strbuf_add_char(out, '\n');
}

/* Without looking at all of a line of any length. */
static bool
is_long(struct slice line)
{
	return width_text(slice_head(line, LOOKED_AT)) > FLOW_COLUMNS;
}

static void
put_paragraph(struct slice line, struct strbuf *out)
{
	while (is_long(line)) {
		size_t n = find_break(line);

		if (n == 0)
			break;
		put_line(slice_head(line, n), out);
		line = slice_skip(line, n);
	}
	put_line(line, out);
}

/* Quotes keep their marks, which stuffing would hide; long ones flow under the
 * same marks. */
static void
put_quote(struct slice line, struct strbuf *out)
{
	struct slice rest = line;
	size_t depth = 0;
	size_t n = 0;

	while (rest.len > 0 && (rest.data[0] == '>' || rest.data[0] == ' ')) {
		depth += rest.data[0] == '>';
		rest = slice_skip(rest, 1);
	}
	while (is_long(line) && (n = find_break(rest)) > 0) {
		for (size_t i = 0; i < depth; i++)
			strbuf_add_char(out, '>');
		strbuf_add_char(out, ' ');
		strbuf_add_slice(out, slice_head(rest, n));
		strbuf_add_char(out, '\n');
		line = rest = slice_skip(rest, n);
	}
	if (line.len > 0 && line.data[0] != '>') {
		for (size_t i = 0; i < depth; i++)
			strbuf_add_char(out, '>');
		strbuf_add_char(out, ' ');
	}
	strbuf_add_slice(out, line);
	strbuf_add_char(out, '\n');
}

void
flow_text(struct slice text, struct strbuf *out)
{
	struct slice line;

	while (slice_next_line(&text, &line)) {
		if (is_signature(line)) {
			strbuf_add_str(out, "-- \n");
			continue;
		}
		line = without_end(line);
		if (line.len > 0 && line.data[0] == '>')
			put_quote(line, out);
		else if (line.len > 0 &&
			 (line.data[0] == ' ' || line.data[0] == '\t'))
			put_line(line, out);
		else
			put_paragraph(line, out);
	}
}
