/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_guard.h"

#include "base/strbuf.h"
#include "mime/html_attributes.h"
#include "mime/html_elements.h"

struct guard {
	const struct html_guard_sink *sink;
	struct slice rest;
	struct strbuf piece;
	/* Start tags sent without their end tags, by element name's first
	 * letter: an end tag with none to match would be looked for. */
	unsigned open[26];
	/* What keeps searches from going over the same text again. */
	const char *gt;        /* the next one, or the end of the text */
	const char *no_quotes; /* up to here no tag with quotes ends */
	bool no_comment_end;
	uint32_t no_raw_end; /* by number of the element */
};

/* Bytes up to and with the next `>`; 0 when there is none. */
static size_t
find_gt(struct guard *g)
{
	if (!g->gt || g->gt < g->rest.data)
		g->gt = g->rest.data + slice_find(g->rest, '>');
	return g->gt < g->rest.data + g->rest.len
		       ? (size_t)(g->gt - g->rest.data) + 1
		       : 0;
}

static void
flush(struct guard *g)
{
	if (g->piece.len > 0)
		g->sink->add(g->sink->context, strbuf_slice(&g->piece));
	strbuf_reset(&g->piece);
}

static void
add_bytes(struct guard *g, struct slice text)
{
	while (text.len > 0) {
		size_t n = HTML_PIECE_MAX - g->piece.len % HTML_PIECE_MAX;

		if (n > text.len)
			n = text.len;
		strbuf_add(&g->piece, text.data, n);
		text = slice_skip(text, n);
		if (g->piece.len >= HTML_PIECE_MAX)
			flush(g);
	}
}

/* An ampersand that starts no entity would be an error, and those are slow. */
static void
add_text(struct guard *g, struct slice text)
{
	while (text.len > 0) {
		size_t n = slice_find(text, '&');
		struct slice after = slice_skip(text, n + 1);

		add_bytes(g, slice_head(text, n));
		if (n == text.len)
			break;
		if (after.len > 0 &&
			(ascii_is_alpha(after.data[0]) ||
				(after.len > 1 && after.data[0] == '#' &&
					ascii_is_alnum(after.data[1]))))
			add_bytes(g, SLICE("&"));
		else
			add_bytes(g, SLICE("&amp;"));
		text = after;
	}
}

/* As a character. */
static void
add_less_than(struct guard *g)
{
	strbuf_add_str(&g->piece, "&lt;");
	g->rest = slice_skip(g->rest, 1);
}

/* "<!...>" and "<?...>": nothing of it is text. */
static void
skip_declaration(struct guard *g)
{
	struct slice s = g->rest;
	size_t end;

	if (slice_starts(s, SLICE("<!--")) && !g->no_comment_end) {
		const char *p = memmem(s.data + 2, s.len - 2, "-->", 3);

		if (p) {
			g->rest = slice_skip(s, (size_t)(p - s.data) + 3);
			return;
		}
		g->no_comment_end = true;
	}
	end = find_gt(g);
	if (end == 0)
		add_less_than(g);
	else
		g->rest = slice_skip(s, end);
}

static size_t
name_length(struct slice s)
{
	size_t n = 0;

	while (n < s.len && (ascii_is_alnum(s.data[n]) || s.data[n] == '-' ||
				    s.data[n] == ':' || s.data[n] == '_'))
		n++;
	return n;
}

/* Length of the tag at the front, quotes counted where a value may start; 0
 * when it is too long or a quote stays open. */
static size_t
quoted_length(struct slice s)
{
	char before = '\0';

	for (size_t i = 1; i < s.len; i++) {
		char c = s.data[i];

		if (c == '>')
			return i + 1;
		if ((c == '"' || c == '\'') && before == '=') {
			i += 1 + slice_find(slice_skip(s, i + 1), c);
			before = c;
		} else if (!ascii_is_space(c)) {
			before = c;
		}
	}
	return 0;
}

/* Where quotes lead nowhere, the next `>` ends the tag. */
static size_t
tag_length(struct guard *g)
{
	size_t end = find_gt(g);
	struct slice s = slice_head(g->rest, HTML_TAG_MAX);
	size_t len = 0;

	if (end == 0 || end > HTML_TAG_MAX)
		return 0;
	if (!g->no_quotes || g->rest.data >= g->no_quotes) {
		len = quoted_length(s);
		if (len == 0)
			g->no_quotes = s.data + s.len;
	}
	return len ? len : end;
}

static void
add_attribute(struct guard *g, struct slice name, struct slice value)
{
	strbuf_add_char(&g->piece, ' ');
	strbuf_add_slice(&g->piece, name);
	strbuf_add_str(&g->piece, "=\"");
	for (size_t i = 0; i < value.len; i++) {
		char c = value.data[i];

		if (c == '"')
			strbuf_add_str(&g->piece, "&quot;");
		else if (c == '<')
			strbuf_add_str(&g->piece, "&lt;");
		else if (c == '>')
			strbuf_add_str(&g->piece, "&gt;");
		else
			strbuf_add_char(&g->piece, c);
	}
	strbuf_add_char(&g->piece, '"');
}

static struct slice
skip_blanks(struct slice s)
{
	while (s.len > 0 && ascii_is_space(s.data[0]))
		s = slice_skip(s, 1);
	return s;
}

/* Behind the `=`, which has been taken. */
static struct slice
take_value(struct slice *s)
{
	struct slice value;
	size_t n = 0;

	*s = skip_blanks(*s);
	if (s->len > 0 && (s->data[0] == '"' || s->data[0] == '\'')) {
		char quote = s->data[0];

		value = slice_skip(*s, 1);
		n = slice_find(value, quote);
		*s = slice_skip(value, n + 1);
		return slice_head(value, n);
	}
	while (n < s->len && !ascii_is_space(s->data[n]))
		n++;
	value = slice_head(*s, n);
	*s = slice_skip(*s, n);
	return value;
}

/* What stands between the name and the `>`; each attribute once. */
static void
add_attributes(struct guard *g, struct slice s)
{
	uint32_t seen = 0;

	while (s.len > 0) {
		size_t n = name_length(s);
		struct slice name = slice_head(s, n);
		struct slice value = SLICE("");
		enum html_attribute attribute;

		if (n == 0) {
			s = slice_skip(s, 1);
			continue;
		}
		s = skip_blanks(slice_skip(s, n));
		if (s.len > 0 && s.data[0] == '=') {
			s = slice_skip(s, 1);
			value = take_value(&s);
		}
		attribute = html_attribute_find(name);
		if (attribute == HTML_ATTRIBUTES || (seen & 1u << attribute))
			continue;
		seen |= 1u << attribute;
		add_attribute(g, html_attribute_name(attribute), value);
	}
}

/* What stands up to here is a style sheet. */
static void
tell_style(struct guard *g, const char *end)
{
	if (g->sink->style)
		g->sink->style(g->sink->context,
			slice_make(g->rest.data, (size_t)(end - g->rest.data)));
}

/* Up to and with "</name", in any case; what is left of the end tag is taken
 * for one that matches nothing. */
static void
skip_raw(struct guard *g, const struct html_element_info *info)
{
	struct slice name = slice_str(info->name);
	struct slice s = g->rest;

	while (!(g->no_raw_end & 1u << info->value)) {
		size_t n = slice_find(s, '<');
		struct slice at = slice_skip(s, n);

		if (at.len == 0) {
			/* Never closed: then it is no such thing. */
			g->no_raw_end |= 1u << info->value;
			return;
		}
		at = slice_skip(at, 1);
		if (at.len > name.len && at.data[0] == '/' &&
			slice_starts_nocase(slice_skip(at, 1), name)) {
			if (info->element == HTML_STYLE_SHEET)
				tell_style(g, at.data - 1);
			n = slice_find(at, '>');
			g->rest = slice_skip(at, n + 1);
			return;
		}
		s = at;
	}
}

static void
add_start_tag(struct guard *g, const struct html_element_info *info,
	struct slice attributes_text)
{
	if (info->traits & HTML_VOID) {
		strbuf_add_char(&g->piece, '<');
		strbuf_add_str(&g->piece, info->name);
	} else {
		if (g->sink->depth(g->sink->context) >= HTML_DEPTH_MAX)
			return;
		g->open[info->name[0] - 'a']++;
		strbuf_add_char(&g->piece, '<');
		strbuf_add_str(&g->piece, info->name);
	}
	add_attributes(g, attributes_text);
	strbuf_add_char(&g->piece, '>');
}

static void
add_end_tag(struct guard *g, const struct html_element_info *info)
{
	unsigned *open = &g->open[info->name[0] - 'a'];

	if ((info->traits & HTML_VOID) || *open == 0) {
		/* Browsers take it for a break. */
		if (info->element == HTML_BR)
			strbuf_add_str(&g->piece, "<br>");
		return;
	}
	--*open;
	strbuf_add_str(&g->piece, "</");
	strbuf_add_str(&g->piece, info->name);
	strbuf_add_char(&g->piece, '>');
}

static void
take_tag(struct guard *g)
{
	struct slice s = g->rest;
	bool is_end = s.len > 1 && s.data[1] == '/';
	struct slice name = slice_skip(s, is_end ? 2 : 1);
	const struct html_element_info *info;
	size_t len = tag_length(g);

	if (len == 0) {
		add_less_than(g);
		return;
	}
	name = slice_head(name, name_length(name));
	g->rest = slice_skip(s, len);
	info = html_element_find(name);
	if (!info)
		return;
	if (info->traits & HTML_RAW) {
		if (!is_end)
			skip_raw(g, info);
		return;
	}
	if (is_end) {
		add_end_tag(g, info);
	} else {
		size_t from = (size_t)(name.data - s.data) + name.len;

		add_start_tag(
			g, info, slice_make(s.data + from, len - 1 - from));
	}
	if (g->piece.len >= HTML_PIECE_MAX)
		flush(g);
}

void
html_guard_run(struct slice html, const struct html_guard_sink *sink)
{
	struct guard g = { .sink = sink, .rest = html };

	strbuf_init(&g.piece, HTML_PIECE_MAX + 8 * HTML_TAG_MAX);
	strbuf_add_str(&g.piece, "<html><body>");
	while (g.rest.len > 0) {
		size_t n = slice_find(g.rest, '<');
		char next;

		add_text(&g, slice_head(g.rest, n));
		g.rest = slice_skip(g.rest, n);
		if (g.rest.len == 0)
			break;
		next = g.rest.len > 1 ? g.rest.data[1] : '\0';
		if (next == '!' || next == '?')
			skip_declaration(&g);
		else if (ascii_is_alpha(next) ||
			 (next == '/' && g.rest.len > 2 &&
				 ascii_is_alpha(g.rest.data[2])))
			take_tag(&g);
		else
			add_less_than(&g);
	}
	flush(&g);
	strbuf_clear(&g.piece);
}
