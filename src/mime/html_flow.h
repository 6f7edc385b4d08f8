/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text and breaks to paragraphs: blanks collapse, empty lines do not pile up,
 * and a table's row is one line with its cells apart as long as each cell is
 * one line itself; else the cells flow one below the other.
 */
#ifndef TERCET_MIME_HTML_FLOW_H
#define TERCET_MIME_HTML_FLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/paragraph.h"
#include "mime/html_style.h"

/* The row of a table we are in. */
struct html_row {
	bool active;
	bool is_data; /* of a table with headings or lines, not of a layout */
	bool flows;   /* some cell was more than a line */
	bool has_text;
	size_t paragraph; /* where it is, when it has text */
	unsigned cells;
	unsigned tabs; /* cells begun since the last text */
};

struct html_flow {
	struct document *doc;
	size_t first;      /* paragraph of ours */
	struct strbuf run; /* text of one style, not yet added */
	struct html_style run_style;
	bool open;      /* the last paragraph takes text */
	bool has_text;  /* and has some */
	bool space;     /* a blank is due before more */
	bool margin;    /* an empty line is due before the next paragraph */
	bool pre_start; /* a line break here belongs to the tag */
	char mark[16];  /* of a list item, not yet added; or "" */
	struct html_row row;
};

void html_flow_init(struct html_flow *flow, struct document *doc);
void html_flow_clear(struct html_flow *flow);
void html_flow_text(struct html_flow *flow, const struct html_style *style,
	struct slice text);
/* What comes next starts on a line of its own. */
void html_flow_break(struct html_flow *flow);
/* And with an empty line before it. */
void html_flow_margin(struct html_flow *flow);
/* <br> */
void html_flow_line_break(struct html_flow *flow);
void html_flow_rule(struct html_flow *flow, const struct html_style *style);
/* <td>, <th> */
void html_flow_cell(struct html_flow *flow);
/* </tr> */
void html_flow_end_row(struct html_flow *flow);

#endif /* TERCET_MIME_HTML_FLOW_H */
