/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/link.h"

#include "base/array.h"
#include "base/utf8.h"

static const char *const starts[] = {
	"https://",
	"http://",
	"ftp://",
	"mailto:",
	"www.",
};

/* Length of what begins an address at the front, 0 when nothing does. */
static size_t
start_length(struct slice s)
{
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		struct slice start = slice_str(starts[i]);

		if (slice_starts_nocase(s, start))
			return start.len;
	}
	return 0;
}

/*
 * Letters of alphabets that are written with blanks; text in others would be
 * taken along to its end.
 */
static bool
belongs(uint32_t cp)
{
	if (cp >= 0x80)
		return cp >= 0xc0 && cp < 0x600;
	return cp > ' ' && cp < 0x7f && !strchr("<>\"`{}|\\^", (int)cp);
}

/* Punctuation at the end is the sentence's; a parenthesis too, unless it was
 * opened within. */
static size_t
without_punctuation(struct slice s)
{
	ptrdiff_t open = 0;

	for (size_t i = 0; i < s.len; i++)
		open += (s.data[i] == '(') - (s.data[i] == ')');
	while (s.len > 0) {
		char last = s.data[s.len - 1];

		if (last == ')' && open < 0)
			open++;
		else if (!strchr(".,:;!?'*_]", last))
			break;
		s.len--;
	}
	return s.len;
}

static size_t
address_length(struct slice s, size_t start)
{
	struct slice rest = slice_skip(s, start);
	size_t len;

	while (rest.len > 0) {
		struct slice next = rest;

		if (!belongs(utf8_next(&next)))
			break;
		rest = next;
	}
	len = without_punctuation(slice_head(s, s.len - rest.len));
	return len > start ? len : 0;
}

static void
add_plain(struct document *doc, struct slice text, uint16_t style)
{
	document_add_text(doc, text);
	document_add_span(doc, text.len, style, 0);
}

static void
add_link(struct document *doc, struct slice text, uint16_t style)
{
	struct strbuf url CLEANUP(strbuf_clear) = { 0 };
	int link;

	strbuf_init(&url, text.len + 16);
	if (slice_starts_nocase(text, SLICE("www.")))
		strbuf_add_str(&url, "http://");
	strbuf_add_slice(&url, text);
	link = document_add_link(doc, strbuf_slice(&url));
	if (link < 0) {
		add_plain(doc, text, style);
		return;
	}
	document_add_text(doc, text);
	document_add_span(doc, text.len, style | SPAN_LINK, (uint16_t)link);
}

static bool
is_start_letter(char c)
{
	c = ascii_lower(c);
	return c == 'h' || c == 'f' || c == 'm' || c == 'w';
}

void
link_add_text(struct document *doc, struct slice text, uint16_t style)
{
	size_t plain = 0;
	size_t i = 0;

	/* Each has a colon or a dot; most lines have neither. */
	if (slice_find(text, ':') == text.len &&
		slice_find(text, '.') == text.len) {
		add_plain(doc, text, style);
		return;
	}
	while (i < text.len) {
		struct slice s = slice_skip(text, i);
		size_t start;
		size_t len;

		if (!is_start_letter(s.data[0]) ||
			(i > 0 && ascii_is_alnum(s.data[-1]))) {
			i++;
			continue;
		}
		start = start_length(s);
		len = start ? address_length(s, start) : 0;
		if (len == 0) {
			i += start ? start : 1;
			continue;
		}
		add_plain(doc, slice_make(text.data + plain, i - plain), style);
		add_link(doc, slice_head(s, len), style);
		i += len;
		plain = i;
	}
	add_plain(doc, slice_skip(text, plain), style);
}
