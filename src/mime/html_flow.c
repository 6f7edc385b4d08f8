/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_flow.h"

#include "base/utf8.h"
#include "mime/link.h"

void
html_flow_init(struct html_flow *flow, struct document *doc)
{
	*flow = (struct html_flow){ .doc = doc, .first = doc->n_paragraphs };
	strbuf_init(&flow->run, DOCUMENT_TEXT_MAX);
	flow->run_style.link = -1;
}

void
html_flow_clear(struct html_flow *flow)
{
	strbuf_clear(&flow->run);
}

static struct paragraph *
last_paragraph(struct html_flow *flow)
{
	return &flow->doc->paragraphs[flow->doc->n_paragraphs - 1];
}

static void
flush_run(struct html_flow *flow)
{
	const struct html_style *style = &flow->run_style;
	struct slice text = strbuf_slice(&flow->run);

	if (text.len == 0)
		return;
	if (style->link >= 0) {
		document_add_text(flow->doc, text);
		document_add_span(flow->doc, text.len,
			(uint16_t)((style->span & ~SPAN_HUE_MASK) | SPAN_LINK),
			(uint16_t)style->link);
	} else {
		link_add_text(flow->doc, text, style->span);
	}
	strbuf_reset(&flow->run);
}

/* Blanks, and characters that only take up room in previews. */
static bool
is_invisible(uint32_t cp)
{
	return cp <= ' ' || cp == 0xa0 || cp == 0xad || cp == 0x34f ||
	       cp == 0x61c || cp == 0x115f || cp == 0x1160 || cp == 0x17b4 ||
	       cp == 0x17b5 || cp == 0x180e || (cp >= 0x2000 && cp <= 0x200f) ||
	       (cp >= 0x2028 && cp <= 0x202f) ||
	       (cp >= 0x205f && cp <= 0x206f) || cp == 0x3000 || cp == 0x3164 ||
	       cp == 0xfeff || cp == 0xffa0;
}

static bool
is_all_invisible(struct slice s)
{
	while (s.len > 0) {
		if (!is_invisible(utf8_next(&s)))
			return false;
	}
	return true;
}

/* Takes the last paragraph back. */
static void
drop_paragraph(struct html_flow *flow)
{
	struct document *doc = flow->doc;
	struct paragraph *last = last_paragraph(flow);

	strbuf_cut(&doc->text, last->text);
	doc->n_spans = last->first_span;
	doc->n_paragraphs--;
}

/* Shortens the last paragraph, and what styles its end. */
static void
cut_paragraph(struct html_flow *flow, uint32_t len)
{
	struct document *doc = flow->doc;
	struct paragraph *last = last_paragraph(flow);

	last->len = len;
	strbuf_cut(&doc->text, last->text + len);
	while (last->n_spans > 0) {
		struct span *span = &doc->spans[doc->n_spans - 1];

		if (span->start < len) {
			if (span->start + span->len > len)
				span->len = len - span->start;
			break;
		}
		doc->n_spans--;
		last->n_spans--;
	}
}

static void
close_paragraph(struct html_flow *flow)
{
	struct paragraph *last;
	struct slice text;

	if (!flow->open)
		return;
	flush_run(flow);
	flow->open = false;
	flow->space = false;
	flow->has_text = false;
	if (flow->doc->text.full)
		return;
	last = last_paragraph(flow);
	text = document_text(flow->doc, last);
	if (last->kind == PARAGRAPH_PRE) {
		while (text.len > 0 && text.data[text.len - 1] == '\n')
			text.len--;
		cut_paragraph(flow, (uint32_t)text.len);
	} else if (last->kind != PARAGRAPH_TABLE_ROW &&
		   last->kind != PARAGRAPH_ITEM && is_all_invisible(text)) {
		/* An empty line in other words. */
		drop_paragraph(flow);
		flow->margin = true;
	}
}

static bool
is_empty_line(const struct html_flow *flow, size_t i)
{
	const struct paragraph *it = &flow->doc->paragraphs[i];

	return i >= flow->first && it->kind == PARAGRAPH_TEXT && it->len == 0;
}

static void
add_margin(struct html_flow *flow, int quote)
{
	struct document *doc = flow->doc;
	int before;

	if (flow->margin && doc->n_paragraphs > flow->first &&
		!is_empty_line(flow, doc->n_paragraphs - 1)) {
		before = last_paragraph(flow)->quote;
		document_begin(doc, PARAGRAPH_TEXT,
			before < quote ? before : quote, 0);
	}
	flow->margin = false;
}

static void
open_paragraph(struct html_flow *flow, const struct html_style *style)
{
	enum paragraph_kind kind = PARAGRAPH_TEXT;
	int indent = style->indent;

	flow->open = true;
	add_margin(flow, style->quote);
	if (flow->mark[0]) {
		kind = PARAGRAPH_ITEM;
	} else if (style->heading) {
		kind = PARAGRAPH_HEADING;
		indent = style->heading;
	} else if (style->pre) {
		kind = PARAGRAPH_PRE;
	} else if (style->signature) {
		kind = PARAGRAPH_SIGNATURE;
	}
	document_begin(flow->doc, kind, style->quote, indent);
	if (flow->mark[0])
		document_add_text(flow->doc, slice_str(flow->mark));
	flow->mark[0] = '\0';
}

static bool
is_same_run(const struct html_style *a, const struct html_style *b)
{
	return a->span == b->span && a->link == b->link;
}

static void
add_word(struct html_flow *flow, const struct html_style *style,
	struct slice word)
{
	bool same;

	if (!flow->open)
		open_paragraph(flow, style);
	same = is_same_run(&flow->run_style, style);
	if (!same)
		flush_run(flow);
	if (flow->space && flow->has_text) {
		/* A blank between styles has none. */
		if (same)
			strbuf_add_char(&flow->run, ' ');
		else
			document_add_text(flow->doc, SLICE(" "));
	}
	flow->space = false;
	flow->has_text = true;
	flow->added++;
	flow->run_style = *style;
	strbuf_add_slice(&flow->run, word);
}

static void
add_pre(struct html_flow *flow, const struct html_style *style,
	struct slice text)
{
	if (flow->pre_start && text.len > 0 && text.data[0] == '\n')
		text = slice_skip(text, 1);
	flow->pre_start = false;
	if (text.len > 0)
		add_word(flow, style, text);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

void
html_flow_text(struct html_flow *flow, const struct html_style *style,
	struct slice text)
{
	size_t n;

	if (flow->doc->text.full)
		return;
	if (style->pre) {
		add_pre(flow, style, text);
		return;
	}
	while (text.len > 0) {
		for (n = 0; n < text.len && !is_blank(text.data[n]); n++)
			;
		if (n > 0) {
			add_word(flow, style, slice_head(text, n));
			text = slice_skip(text, n);
			continue;
		}
		if (text.data[0] == '\n' && style->breaks)
			html_flow_line_break(flow);
		else
			flow->space = true;
		text = slice_skip(text, 1);
	}
}

void
html_flow_break(struct html_flow *flow)
{
	close_paragraph(flow);
	flow->space = false;
}

void
html_flow_margin(struct html_flow *flow)
{
	html_flow_break(flow);
	flow->margin = true;
}

void
html_flow_line_break(struct html_flow *flow)
{
	if (flow->open)
		html_flow_break(flow);
	else
		flow->margin = true;
}

void
html_flow_rule(struct html_flow *flow, const struct html_style *style)
{
	html_flow_break(flow);
	flow->margin = false;
	document_begin(flow->doc, PARAGRAPH_RULE, style->quote, 0);
}
