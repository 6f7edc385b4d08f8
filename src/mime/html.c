/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html.h"

#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/gettext.h"
#include "mime/header.h"
#include "mime/html_attributes.h"
#include "mime/html_color.h"
#include "mime/html_elements.h"
#include "mime/html_flow.h"
#include "mime/html_guard.h"
#include "mime/html_image.h"
#include "mime/html_list.h"
#include "mime/html_quote.h"
#include "mime/html_sheet.h"
#include "mime/html_style.h"
#include "mime/html_table.h"

enum {
	FRAMES_MAX = 1024, /* above what the guard lets through */
	LIST_NUMBER_MAX = 1000000,
	SPAN_COUNT_MAX = 1000,
	CHARSET_SAMPLE = 2048,
	KNOWN_NAMES = 64, /* a power of two */
};

/* An open element. */
struct frame {
	const struct html_element_info *info; /* NULL: html, body */
	struct html_style style;
	size_t list; /* frame of the list we are in, 0 for none */
	int next;    /* number of the next item; 0: not numbered */
	char type;   /* of its number: 1 a A i I; of a list without, 0: none */
	bool is_signature;
	uint64_t added; /* pieces of text when it began */
	bool is_tight;  /* no empty line around it */
};

ARRAY_OF(html_tables, struct html_table);

struct known_name {
	const xmlChar *name;
	const struct html_element_info *info;
};

struct html {
	struct document *doc;
	struct html_flow flow;
	struct html_sheet sheet;
	htmlParserCtxtPtr parser;
	struct html_tables tables; /* around us */
	struct frame frames[FRAMES_MAX];
	size_t n;      /* frames[0] is the page */
	size_t deeper; /* elements that found no frame */
	/* The parser keeps one copy of each name. */
	struct known_name known[KNOWN_NAMES];
	bool hidden_is_told; /* the passage has been counted */
	bool link_has_image; /* the open link, and nobody said what it shows */
	uint64_t quoted;     /* pieces of text when a quote last began */
};

static void
read_attributes(const xmlChar **list, struct html_attributes *ret)
{
	*ret = (struct html_attributes){ 0 };
	for (; list && list[0]; list += 2) {
		enum html_attribute attribute =
			html_attribute_find(slice_str((const char *)list[0]));

		if (attribute != HTML_ATTRIBUTES)
			ret->values[attribute] =
				slice_str((const char *)list[1]);
	}
}

/* Looked for once for every copy of a name. */
static const struct html_element_info *
find_element(struct html *h, const xmlChar *name)
{
	struct known_name *known = &h->known[(uintptr_t)name / 4 % KNOWN_NAMES];

	if (known->name != name) {
		known->name = name;
		known->info = html_element_find(slice_str((const char *)name));
	}
	return known->info;
}

static int
number(struct slice s, int max, int otherwise)
{
	uint64_t value;
	size_t n = 0;

	s = slice_trim(s);
	while (n < s.len && ascii_is_digit(s.data[n]))
		n++;
	if (!ascii_parse_u64(s.data, n, (uint64_t)max, &value))
		return otherwise;
	return (int)value;
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
start_link(struct html *h, struct slice href, struct html_style *style)
{
	struct strbuf clean CLEANUP(strbuf_clear) = { 0 };
	struct strbuf url CLEANUP(strbuf_clear) = { 0 };

	href = slice_trim(href);
	style->link = -1;
	h->link_has_image = false;
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

/* A link that shows nothing but a picture can be followed all the same. */
static void
end_link(struct html *h, const struct frame *frame)
{
	struct html_style style = frame->style;

	if (style.link < 0 || !h->link_has_image ||
		h->flow.added != frame->added || html_style_is_unseen(&style))
		return;
	style.span |= SPAN_DIM;
	style.pre = false;
	html_flow_text(&h->flow, &style, slice_str(_("[image]")));
	h->link_has_image = false;
}

/* --- lists --------------------------------------------------------------- */

static void
start_item(struct html *h, struct slice value_given, const struct frame *frame)
{
	struct frame *above = &h->frames[frame->list];
	struct strbuf mark CLEANUP(strbuf_clear) = { 0 };
	int value = 0;

	h->flow.mark[0] = '\0';
	strbuf_init(&mark, sizeof(h->flow.mark) - 1);
	if (frame->list > 0 && above->next > 0) {
		value = number(value_given, LIST_NUMBER_MAX, above->next);
		above->next = value + 1;
		html_list_number(above->type, value, &mark);
	} else if (frame->list == 0 || above->type != 0) {
		strbuf_add_str(&mark, "\xe2\x80\xa2 ");
	}
	if (mark.len > 0 && !mark.full)
		memcpy(h->flow.mark, mark.data, mark.len + 1);
}

static void
start_list(struct html *h, const struct html_attributes *attributes,
	struct frame *frame)
{
	bool numbered = frame->info->element == HTML_OL;

	frame->list = h->n - 1;
	frame->next = 0;
	frame->type = html_list_type(attributes, numbered);
	if (frame->type == 0)
		return;
	if (frame->style.indent < UINT8_MAX)
		frame->style.indent++;
	if (numbered)
		frame->next = number(
			attributes->values[HTML_START], LIST_NUMBER_MAX, 1);
}

/* --- tables -------------------------------------------------------------- */

static struct html_table *
table_of(struct html *h)
{
	return h->tables.n > 0 ? &h->tables.items[h->tables.n - 1] : NULL;
}

static void
start_table(struct html *h, const struct html_attributes *attributes)
{
	struct slice role = attributes->values[HTML_ROLE];
	struct html_table *table;

	if (h->tables.n == 0)
		h->flow.margin = true;
	table = array_add(&h->tables);
	table->is_data =
		number(attributes->values[HTML_BORDER], SPAN_COUNT_MAX, 0) > 0;
	table->is_layout = slice_eq_nocase(role, SLICE("presentation")) ||
			   slice_eq_nocase(role, SLICE("none"));
}

static void
end_table(struct html *h)
{
	if (h->tables.n == 0)
		return;
	h->tables.n--;
	if (h->tables.n == 0)
		h->flow.margin = true;
}

static void
start_cell(struct html *h, const struct html_attributes *attributes,
	bool is_heading)
{
	struct html_table *table = table_of(h);

	if (table && table->in_row)
		html_table_begin_cell(table, &h->flow, is_heading,
			number(attributes->values[HTML_COLSPAN], SPAN_COUNT_MAX,
				1),
			number(attributes->values[HTML_ROWSPAN], SPAN_COUNT_MAX,
				1));
	else
		html_flow_break(&h->flow);
}

/* --- quotes -------------------------------------------------------------- */

static void
read_marks(const struct html_attributes *attributes, struct html_marks *ret)
{
	*ret = (struct html_marks){
		.class_ = attributes->values[HTML_CLASS],
		.id = attributes->values[HTML_ID],
		.type = attributes->values[HTML_TYPE],
		.style = attributes->values[HTML_STYLE],
		.marker = attributes->values[HTML_MARKER],
	};
}

static void
quote(struct html *h, struct frame *frame)
{
	if (frame->style.quote < PARAGRAPH_QUOTE_MAX)
		frame->style.quote++;
	h->quoted = h->flow.added + 1;
}

/* Whether a quote has just begun, and this is the same one's header. */
static bool
has_just_begun(const struct html *h)
{
	return h->quoted == h->flow.added + 1;
}

/* From here on, up to the end of the cell or the quote around, it is the mail
 * that is answered. */
static void
quote_rest(struct html *h)
{
	if (has_just_begun(h))
		return;
	for (size_t i = h->n - 1;; i--) {
		const struct html_element_info *info = h->frames[i].info;

		quote(h, &h->frames[i]);
		if (i == 0 ||
			(info && (info->element == HTML_TD ||
					 info->element == HTML_TH ||
					 info->element == HTML_BLOCKQUOTE)))
			break;
	}
}

static void
start_block(struct html *h, const struct html_attributes *attributes,
	struct frame *frame)
{
	struct html_marks marks;

	read_marks(attributes, &marks);
	switch (html_role_of_block(&marks)) {
	case HTML_ROLE_QUOTE:
		if (!has_just_begun(h))
			quote(h, frame);
		h->flow.margin = true;
		break;
	case HTML_ROLE_REPLY:
		quote_rest(h);
		h->flow.margin = true;
		break;
	case HTML_ROLE_SIGNATURE:
		frame->style.signature = true;
		break;
	case HTML_ROLE_WORD_ITEM:
		if (frame->style.indent < UINT8_MAX)
			frame->style.indent++;
		break;
	case HTML_ROLE_NONE:
	case HTML_ROLE_INDENT:
		break;
	}
}

static void
start_blockquote(struct html *h, const struct html_attributes *attributes,
	struct frame *frame)
{
	struct html_marks marks;

	read_marks(attributes, &marks);
	if (html_role_of_blockquote(&marks) == HTML_ROLE_QUOTE)
		quote(h, frame);
	else if (frame->style.indent < UINT8_MAX)
		frame->style.indent++;
}

/* --- elements ------------------------------------------------------------ */

static void
start_by_kind(struct html *h, const struct html_attributes *attributes,
	struct frame *frame)
{
	const struct slice *values = attributes->values;

	switch (frame->info->element) {
	case HTML_A:
		if (values[HTML_STYLE].len == 0)
			frame->style.color = HTML_COLOR_UNKNOWN;
		start_link(h, values[HTML_HREF], &frame->style);
		break;
	case HTML_BLOCKQUOTE:
		start_blockquote(h, attributes, frame);
		break;
	case HTML_CAPTION:
		if (table_of(h))
			table_of(h)->is_data = true;
		break;
	case HTML_DD:
		if (frame->style.indent < UINT8_MAX)
			frame->style.indent++;
		break;
	case HTML_FONT:
		if (values[HTML_COLOR].len > 0)
			html_style_color(&frame->style,
				html_color_attribute(values[HTML_COLOR]));
		break;
	case HTML_HEADING:
		frame->style.heading = frame->info->value;
		break;
	case HTML_LI:
		start_item(h, values[HTML_VALUE], frame);
		break;
	case HTML_OL:
	case HTML_UL:
		start_list(h, attributes, frame);
		break;
	case HTML_PRE:
		frame->style.pre = true;
		h->flow.pre_start = true;
		start_block(h, attributes, frame);
		break;
	case HTML_Q:
		html_flow_text(&h->flow, &frame->style, SLICE("\xe2\x80\x9c"));
		break;
	case HTML_TABLE:
		start_table(h, attributes);
		break;
	case HTML_THEAD:
		if (table_of(h))
			table_of(h)->in_head = true;
		break;
	case HTML_TR:
		if (table_of(h))
			html_table_begin_row(table_of(h), &h->flow);
		break;
	case HTML_TD:
	case HTML_TH:
		start_cell(h, attributes, frame->info->element == HTML_TH);
		break;
	case HTML_OTHER:
		if (frame->info->traits & HTML_BLOCK)
			start_block(h, attributes, frame);
		break;
	case HTML_BR:
	case HTML_HR:
	case HTML_IMG:
	case HTML_STYLE_SHEET:
		break;
	}
}

static void
end_by_kind(struct html *h, const struct frame *frame)
{
	struct html_table *table = table_of(h);

	switch (frame->info->element) {
	case HTML_LI:
		h->flow.mark[0] = '\0';
		break;
	case HTML_TABLE:
		end_table(h);
		break;
	case HTML_THEAD:
		if (table)
			table->in_head = false;
		break;
	case HTML_A:
	case HTML_BLOCKQUOTE:
	case HTML_BR:
	case HTML_CAPTION:
	case HTML_DD:
	case HTML_FONT:
	case HTML_HEADING:
	case HTML_HR:
	case HTML_IMG:
	case HTML_OL:
	case HTML_OTHER:
	case HTML_PRE:
	case HTML_Q:
	case HTML_STYLE_SHEET:
	case HTML_TD:
	case HTML_TH:
	case HTML_TR:
	case HTML_UL:
		break;
	}
}

/* What the attributes of any element say of its text. */
static void
read_style(const struct html *h, const struct html_attributes *attributes,
	const struct html_element_info *info, struct html_style *style)
{
	const struct slice *values = attributes->values;

	/* A size that a style sheet gives is not known here. */
	if (style->tiny && h->sheet.seen && values[HTML_CLASS].len > 0)
		style->tiny = false;
	if (values[HTML_BGCOLOR].len > 0)
		html_style_background(
			style, html_color_attribute(values[HTML_BGCOLOR]));
	if (values[HTML_BACKGROUND].len > 0)
		style->background = HTML_COLOR_UNKNOWN;
	if (values[HTML_STYLE].len > 0)
		html_style_read(values[HTML_STYLE], style);
	if ((info->traits & HTML_HIDE) || values[HTML_HIDDEN].data ||
		html_sheet_hides(
			&h->sheet, values[HTML_CLASS], values[HTML_ID]))
		style->hidden = true;
}

static void
add_void(struct html *h, const struct html_element_info *info,
	const struct html_attributes *attributes)
{
	struct html_style style = h->frames[h->n - 1].style;

	read_style(h, attributes, info, &style);
	if (info->element == HTML_IMG) {
		if (html_image_add(&h->flow, attributes, &style))
			h->link_has_image = true;
	} else if (style.hidden) {
		return;
	} else if (info->element == HTML_HR) {
		html_flow_rule(&h->flow, &style);
	} else if (style.pre) {
		html_flow_text(&h->flow, &style, SLICE("\n"));
	} else {
		html_flow_line_break(&h->flow);
	}
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
	if ((traits & HTML_MARGIN) && !nested_list && !frame->is_tight)
		html_flow_margin(&h->flow);
	else if (traits & HTML_BLOCK)
		html_flow_break(&h->flow);
}

static void
start_element(void *context, const xmlChar *name, const xmlChar **list)
{
	struct html *h = context;
	const struct frame *above = &h->frames[h->n - 1];
	const struct html_element_info *info = find_element(h, name);
	struct html_attributes attributes;
	struct frame *frame;

	if (info && (info->traits & HTML_VOID)) {
		read_attributes(list, &attributes);
		add_void(h, info, &attributes);
		return;
	}
	if (h->n == FRAMES_MAX) {
		h->deeper++;
		return;
	}
	frame = &h->frames[h->n++];
	*frame = *above;
	frame->info = info;
	frame->added = h->flow.added;
	frame->is_tight = false;
	if (!info)
		return;
	read_attributes(list, &attributes);
	if (attributes.values[HTML_CLASS].len > 0)
		frame->is_tight =
			html_is_word_paragraph(attributes.values[HTML_CLASS],
				attributes.values[HTML_STYLE]);
	frame->style.span |= info->style;
	read_style(h, &attributes, info, &frame->style);
	if (frame->style.hidden && !above->style.hidden)
		h->hidden_is_told = (info->traits & HTML_HIDE) != 0;
	if (info->element == HTML_UL || info->element == HTML_OL) {
		/* Its own indent tells whether it is nested. */
		start_by_kind(h, &attributes, frame);
		break_for(h, frame);
		return;
	}
	break_for(h, frame);
	start_by_kind(h, &attributes, frame);
}

static void
end_element(void *context, const xmlChar *name)
{
	struct html *h = context;
	const struct html_element_info *info = find_element(h, name);
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
		if (frame->info->element == HTML_A)
			end_link(h, frame);
		else if (frame->info->element == HTML_Q)
			html_flow_text(
				&h->flow, &frame->style, SLICE("\xe2\x80\x9d"));
		else if (frame->info->element == HTML_TR && table_of(h))
			html_table_end_row(table_of(h), &h->flow);
		break_for(h, frame);
		end_by_kind(h, frame);
	}
	h->n--;
}

/* "1." and blanks up to the words, or a letter of a font of signs. */
static void
take_word_mark(struct html *h, struct slice s)
{
	char *mark = h->flow.mark;

	s = slice_trim(s);
	while (s.len > 1 && slice_starts(s, SLICE("\xc2\xa0")))
		s = slice_trim(slice_skip(s, 2));
	while (s.len > 1 && slice_ends(s, SLICE("\xc2\xa0")))
		s = slice_trim(slice_head(s, s.len - 2));
	if (s.len == 0 || s.len > 8 || mark[0] || h->flow.open)
		return;
	if (ascii_is_digit(s.data[0]) || s.len > 2 || slice_ends(s, SLICE(".")))
		snprintf(mark, sizeof(h->flow.mark), "%.*s ", (int)s.len,
			s.data);
	else
		snprintf(mark, sizeof(h->flow.mark), "\xe2\x80\xa2 ");
}

static void
characters(void *context, const xmlChar *text, int len)
{
	struct html *h = context;
	struct frame *frame = &h->frames[h->n - 1];
	struct slice s = slice_make(text, (size_t)len);

	if (!html_style_is_unseen(&frame->style)) {
		h->hidden_is_told = false;
		if (frame->style.word_mark) {
			take_word_mark(h, s);
			return;
		}
		if (len > 8 && s.data[0] == '-' &&
			html_is_original_message(s)) {
			html_flow_break(&h->flow);
			quote_rest(h);
		}
		html_flow_text(&h->flow, &frame->style, s);
		return;
	}
	if (!h->hidden_is_told && slice_trim(s).len > 0) {
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

static void
style_sheet(void *context, struct slice css)
{
	struct html *h = context;

	html_sheet_read(&h->sheet, css);
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
	struct html_guard_sink sink = { push, depth, style_sheet, h };

	h->doc = doc;
	h->n = 1;
	h->frames[0].style.link = -1;
	h->frames[0].style.color = HTML_COLOR_UNKNOWN;
	h->frames[0].style.background = HTML_COLOR_UNKNOWN;
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
	html_quote_below_headers(doc, h->flow.first);
	html_flow_clear(&h->flow);
	array_clear(&h->tables);
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
