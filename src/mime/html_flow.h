/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text and breaks to paragraphs: blanks collapse, and empty lines do not pile
 * up.
 */
#ifndef TERCET_MIME_HTML_FLOW_H
#define TERCET_MIME_HTML_FLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/paragraph.h"
#include "mime/html_style.h"

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
	uint64_t added; /* pieces of text so far */
	char mark[24];  /* of a list item, not yet added; or "" */
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

#endif /* TERCET_MIME_HTML_FLOW_H */
