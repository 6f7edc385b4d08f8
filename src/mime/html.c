/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html.h"

#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "mime/header.h"
#include "mime/html_elements.h"
#include "mime/html_flow.h"
#include "mime/html_guard.h"
#include "mime/html_style.h"

enum {
	FRAMES_MAX = 1024, /* above what the guard lets through */
	LIST_NUMBER_MAX = 1000000,
	CHARSET_SAMPLE = 2048,
};

/* An open element. */
struct frame {
	const struct html_element_info *info; /* NULL: html, body */
	struct html_style style;
	struct html_row row; /* of the table around a table */
	size_t list;         /* frame of the list we are in, 0 for none */
	int next;            /* number of the next item; 0: not numbered */
	int tables;          /* how many around us */
	bool is_data;        /* see struct html_row */
	bool is_layout;      /* a table that says that it is none */
};

struct html {
	struct document *doc;
	struct html_flow flow;
	htmlParserCtxtPtr parser;
	struct frame frames[FRAMES_MAX];
	size_t n;            /* frames[0] is the page */
	size_t deeper;       /* elements that found no frame */
	bool hidden_is_told; /* the passage has been counted */
};

static struct slice
attribute(const xmlChar **list, const char *name)
{
	for (; list && list[0]; list += 2) {
		if (strcmp((const char *)list[0], name) == 0)
			return slice_str((const char *)list[1]);
	}
	return (struct slice){ NULL, 0 };
}

static int
number(struct slice s, int otherwise)
{
	uint64_t value;

	s = slice_trim(s);
	if (!ascii_parse_u64(s.data, s.len, LIST_NUMBER_MAX, &value))
		return otherwise;
	return (int)value;
}

static bool
is_remote(struct slice url)
{
	return slice_starts_nocase(url, SLICE("http://")) ||
	       slice_starts_nocase(url, SLICE("https://")) ||
	       slice_starts(url, SLICE("//"));
}

/* What may be followed: no scripts, no data, no files, nothing relative. */
static bool
is_link(struct slice url)
{
	static const char *const schemes[] = { "http://", "https://",
		"mailto:", "ftp://", "tel:" };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (slice_starts_nocase(url, slice_str(schemes[i])))
			return true;
	}
	return slice_starts(url, SLICE("//"));
}

static void
start_link(struct html *h, const xmlChar **list, struct html_style *style)
{
	struct slice href = slice_trim(attribute(list, "href"));
	struct strbuf clean CLEANUP(strbuf_clear) = { 0 };
	struct strbuf url CLEANUP(strbuf_clear) = { 0 };

	style->link = -1;
	if (style->hidden || !is_link(href))
		return;
	strbuf_init(&clean, href.len + 8);
	strbuf_init(&url, href.len + 8);
	if (href.data[0] == '/')
		strbuf_add_str(&url, "https:");
	/* Browsers drop blanks and controls in an address, and so do we before
	 * anybody judges it. */
	header_clean(href, &clean);
	for (size_t i = 0; i < clean.len; i++) {
		if (clean.data[i] != ' ')
			strbuf_add_char(&url, clean.data[i]);
	}
	style->link = document_add_link(h->doc, strbuf_slice(&url));
}

static bool
is_tracker(const xmlChar **list, const struct html_style *style)
{
	struct slice css = attribute(list, "style");
	struct slice width = attribute(list, "width");
	struct slice height = attribute(list, "height");
	bool tiny_width;
	bool tiny_height;

	if (style->hidden)
		return true;
	html_style_find(css, SLICE("width"), &width);
	html_style_find(css, SLICE("height"), &height);
	tiny_width = html_length_is_tiny(width);
	tiny_height = html_length_is_tiny(height);
	return (tiny_width && (tiny_height || height.len == 0)) ||
	       (tiny_height && width.len == 0);
}

static void
add_image(struct html *h, const xmlChar **list, struct html_style style)
{
	struct slice alt = slice_trim(attribute(list, "alt"));
	bool remote = is_remote(slice_trim(attribute(list, "src")));
	bool tracker = is_tracker(list, &style);

	h->doc->images += remote;
	h->doc->trackers += remote && tracker;
	if (tracker || alt.len == 0 || style.hidden)
		return;
	style.pre = false;
	/* A letter beyond ASCII stands for itself: a little face. */
	if (alt.len <= 8 && (alt.data[0] & 0x80)) {
		html_flow_text(&h->flow, &style, alt);
		return;
	}
	style.span |= SPAN_DIM;
	html_flow_text(&h->flow, &style, SLICE("["));
	html_flow_text(&h->flow, &style, alt);
	html_flow_text(&h->flow, &style, SLICE("]"));
}

static void
start_item(struct html *h, const xmlChar **list, const struct frame *frame)
{
	struct frame *above = &h->frames[frame->list];
	char *mark = h->flow.mark;
	int value;

	if (frame->list > 0 && above->next > 0) {
		value = number(attribute(list, "value"), above->next);
		above->next = value + 1;
		snprintf(mark, sizeof(h->flow.mark), "%d. ", value);
	} else {
		snprintf(mark, sizeof(h->flow.mark), "\xe2\x80\xa2 ");
	}
}

static void
start_list(struct html *h, const xmlChar **list, struct frame *frame)
{
	if (frame->style.indent < UINT8_MAX)
		frame->style.indent++;
	frame->list = h->n - 1;
	frame->next = 0;
	if (frame->info->element == HTML_OL)
		frame->next = number(attribute(list, "start"), 1);
}

static void
start_table(struct html *h, const xmlChar **list, struct frame *frame)
{
	struct slice role = attribute(list, "role");
	struct slice border = attribute(list, "border");

	if (frame->tables++ == 0)
		h->flow.margin = true;
	frame->row = h->flow.row;
	frame->is_data = number(border, 0) > 0;
	frame->is_layout = slice_eq_nocase(role, SLICE("presentation")) ||
			   slice_eq_nocase(role, SLICE("none"));
	h->flow.row = (struct html_row){ 0 };
}

static void
start_cell(struct html *h, bool is_heading)
{
	if (is_heading)
		h->flow.row.is_data = true;
	html_flow_cell(&h->flow);
}

static void
start_by_kind(struct html *h, const xmlChar **list, struct frame *frame)
{
	switch (frame->info->element) {
	case HTML_A:
		start_link(h, list, &frame->style);
		break;
	case HTML_BLOCKQUOTE:
		if (frame->style.quote < PARAGRAPH_QUOTE_MAX)
			frame->style.quote++;
		break;
	case HTML_DD:
		if (frame->style.indent < UINT8_MAX)
			frame->style.indent++;
		break;
	case HTML_HEADING:
		frame->style.heading = frame->info->value;
		break;
	case HTML_LI:
		start_item(h, list, frame);
		break;
	case HTML_OL:
	case HTML_UL:
		start_list(h, list, frame);
		break;
	case HTML_PRE:
		frame->style.pre = true;
		h->flow.pre_start = true;
		break;
	case HTML_TABLE:
		start_table(h, list, frame);
		break;
	case HTML_TR:
		h->flow.row = (struct html_row){
			.active = !frame->is_layout,
			.is_data = frame->is_data,
		};
		break;
	case HTML_TD:
	case HTML_TH:
		start_cell(h, frame->info->element == HTML_TH);
		break;
	case HTML_BR:
	case HTML_HR:
	case HTML_IMG:
	case HTML_OTHER:
		break;
	}
}

static void
add_void(struct html *h, const struct html_element_info *info,
	const xmlChar **list)
{
	struct html_style style = h->frames[h->n - 1].style;

	html_style_read(attribute(list, "style"), &style);
	if (attribute(list, "hidden").data)
		style.hidden = true;
	if (info->element == HTML_IMG)
		add_image(h, list, style);
	else if (style.hidden)
		return;
	else if (info->element == HTML_HR)
		html_flow_rule(&h->flow, &style);
	else if (style.pre)
		html_flow_text(&h->flow, &style, SLICE("\n"));
	else
		html_flow_line_break(&h->flow);
}

/* A margin between list items would tear a list apart. */
static void
break_for(struct html *h, const struct frame *frame)
{
	unsigned traits = frame->info->traits;
	bool nested_list = frame->info->element == HTML_UL ||
			   frame->info->element == HTML_OL;

	nested_list = nested_list && frame->style.indent > 1;
	if (frame->style.hidden)
		return;
	if ((traits & HTML_MARGIN) && !nested_list)
		html_flow_margin(&h->flow);
	else if (traits & HTML_BLOCK)
		html_flow_break(&h->flow);
}

static void
start_element(void *context, const xmlChar *name, const xmlChar **list)
{
	struct html *h = context;
	const struct frame *above = &h->frames[h->n - 1];
	const struct html_element_info *info =
		html_element_find(slice_str((const char *)name));
	struct frame *frame;

	if (info && (info->traits & HTML_VOID)) {
		add_void(h, info, list);
		return;
	}
	if (h->n == FRAMES_MAX) {
		h->deeper++;
		return;
	}
	frame = &h->frames[h->n++];
	*frame = *above;
	frame->info = info;
	if (!info)
		return;
	frame->style.span |= info->style;
	html_style_read(attribute(list, "style"), &frame->style);
	if ((info->traits & HTML_HIDE) || attribute(list, "hidden").data)
		frame->style.hidden = true;
	if (frame->style.hidden && !above->style.hidden)
		h->hidden_is_told = (info->traits & HTML_HIDE) != 0;
	if (info->element == HTML_UL || info->element == HTML_OL) {
		/* Its own indent tells whether it is nested. */
		start_by_kind(h, list, frame);
		break_for(h, frame);
		return;
	}
	break_for(h, frame);
	start_by_kind(h, list, frame);
}

static void
end_element(void *context, const xmlChar *name)
{
	struct html *h = context;
	const struct html_element_info *info =
		html_element_find(slice_str((const char *)name));
	struct frame *frame;

	if (info && (info->traits & HTML_VOID))
		return;
	if (h->deeper > 0) {
		h->deeper--;
		return;
	}
	if (h->n == 1)
		return;
	frame = &h->frames[h->n - 1];
	if (frame->info) {
		if (frame->info->element == HTML_TR)
			html_flow_end_row(&h->flow);
		break_for(h, frame);
		if (frame->info->element == HTML_LI)
			h->flow.mark[0] = '\0';
		if (frame->info->element == HTML_TABLE) {
			h->flow.row = frame->row;
			if (frame->tables == 1)
				h->flow.margin = true;
		}
	}
	h->n--;
}

static void
characters(void *context, const xmlChar *text, int len)
{
	struct html *h = context;
	const struct html_style *style = &h->frames[h->n - 1].style;
	struct slice s = slice_make(text, (size_t)len);

	if (!style->hidden && !style->tiny) {
		html_flow_text(&h->flow, style, s);
		return;
	}
	if (style->hidden && !h->hidden_is_told && slice_trim(s).len > 0) {
		h->doc->hidden++;
		h->hidden_is_told = true;
	}
}

static void
push(void *context, struct slice piece)
{
	struct html *h = context;

	if (!h->doc->text.full)
		htmlParseChunk(h->parser, piece.data, (int)piece.len, 0);
}

static int
depth(void *context)
{
	struct html *h = context;

	return (int)(h->n + h->deeper);
}

void
html_extract(struct slice text, struct document *doc)
{
	htmlSAXHandler sax = {
		.startElement = start_element,
		.endElement = end_element,
		.characters = characters,
		.ignorableWhitespace = characters,
		.cdataBlock = characters,
	};
	struct html *h = xnew(struct html);
	struct html_guard_sink sink = { push, depth, h };

	h->doc = doc;
	h->n = 1;
	h->frames[0].style.link = -1;
	html_flow_init(&h->flow, doc);
	h->parser = htmlCreatePushParserCtxt(
		&sax, h, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (h->parser) {
		htmlCtxtUseOptions(h->parser,
			HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
				HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
		html_guard_run(text, &sink);
		htmlParseChunk(h->parser, "", 0, 1);
		htmlFreeParserCtxt(h->parser);
	}
	html_flow_break(&h->flow);
	html_flow_clear(&h->flow);
	free(h);
}

struct slice
html_charset(struct slice bytes)
{
	struct slice s = slice_head(bytes, CHARSET_SAMPLE);
	struct slice word = SLICE("charset");
	size_t n = 0;

	while (s.len > word.len && !slice_starts_nocase(s, word))
		s = slice_skip(s, 1);
	if (s.len <= word.len)
		return SLICE("");
	s = slice_skip(s, word.len);
	while (s.len > 0 &&
		(ascii_is_space(s.data[0]) || strchr("=\"'", s.data[0])))
		s = slice_skip(s, 1);
	while (n < s.len && (ascii_is_alnum(s.data[n]) ||
				    (s.data[n] && strchr("-_.:", s.data[n]))))
		n++;
	return slice_head(s, n);
}
