/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/paragraph.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { LINK_SLOTS = 4 * 4096 };

_Static_assert(LINK_SLOTS > 2 * DOCUMENT_LINKS_MAX, "the index stays sparse");
_Static_assert((LINK_SLOTS & (LINK_SLOTS - 1)) == 0, "a mask is made of it");

/* Open addressing; a slot holds an index into links, plus one. */
struct link_index {
	struct hash_key key;
	uint16_t slots[LINK_SLOTS];
};

void
document_init(struct document *doc)
{
	*doc = (struct document){ 0 };
	strbuf_init(&doc->text, DOCUMENT_TEXT_MAX);
}

void
document_clear(struct document *doc)
{
	strbuf_clear(&doc->text);
	free(doc->paragraphs);
	free(doc->spans);
	for (size_t i = 0; i < doc->n_links; i++)
		free(doc->links[i].url);
	free(doc->links);
	free(doc->link_index);
	*doc = (struct document){ 0 };
}

static void *
grow(void *items, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return items;
	*cap = *cap ? *cap * 2 : 16;
	return xreallocarray(items, *cap, size);
}

static void
stop(struct document *doc)
{
	doc->text.full = true;
	doc->truncated = true;
}

void
document_begin(
	struct document *doc, enum paragraph_kind kind, int quote, int indent)
{
	struct paragraph *it;

	if (doc->text.full)
		return;
	if (doc->n_paragraphs >= DOCUMENT_PARAGRAPHS_MAX) {
		stop(doc);
		return;
	}
	doc->paragraphs = grow(doc->paragraphs, doc->n_paragraphs,
		&doc->cap_paragraphs, sizeof(*it));
	it = &doc->paragraphs[doc->n_paragraphs++];
	*it = (struct paragraph){
		.kind = (uint8_t)kind,
		.quote = (uint8_t)(quote < PARAGRAPH_QUOTE_MAX
					   ? quote
					   : PARAGRAPH_QUOTE_MAX),
		.indent = (uint8_t)(indent < UINT8_MAX ? indent : UINT8_MAX),
		.text = (uint32_t)doc->text.len,
		.first_span = (uint32_t)doc->n_spans,
	};
}

void
document_add_text(struct document *doc, struct slice text)
{
	struct paragraph *it;
	size_t room = doc->text.limit - doc->text.len;

	if (doc->text.full)
		return;
	ASSERT(doc->n_paragraphs > 0);
	it = &doc->paragraphs[doc->n_paragraphs - 1];
	if (text.len > room) {
		text.len = utf8_cut(text, room);
		stop(doc);
		doc->text.full = false;
		strbuf_add_slice(&doc->text, text);
		doc->text.full = true;
	} else {
		strbuf_add_slice(&doc->text, text);
	}
	it->len += (uint32_t)text.len;
}

void
document_add(struct document *doc, enum paragraph_kind kind, int quote,
	int indent, struct slice text)
{
	document_begin(doc, kind, quote, indent);
	document_add_text(doc, text);
}

void
document_add_span(
	struct document *doc, size_t len, uint16_t style, uint16_t link)
{
	struct paragraph *it;
	struct span *last;
	uint32_t start;

	if (len == 0 || style == 0 || doc->n_paragraphs == 0 ||
		doc->text.full || doc->n_spans >= DOCUMENT_SPANS_MAX)
		return;
	it = &doc->paragraphs[doc->n_paragraphs - 1];
	ASSERT(len <= it->len);
	start = it->len - (uint32_t)len;
	if (it->n_spans > 0) {
		last = &doc->spans[doc->n_spans - 1];
		ASSERT(last->start + last->len <= start);
		if (last->start + last->len == start && last->style == style &&
			(!(style & SPAN_LINK) || last->link == link)) {
			last->len += (uint32_t)len;
			return;
		}
	}
	doc->spans =
		grow(doc->spans, doc->n_spans, &doc->cap_spans, sizeof(*last));
	doc->spans[doc->n_spans++] = (struct span){ start, (uint32_t)len, style,
		(uint16_t)(style & SPAN_LINK ? link : 0) };
	it->n_spans++;
}

int
document_add_link(struct document *doc, struct slice url)
{
	struct link_index *index = doc->link_index;
	size_t slot;

	if (url.len > DOCUMENT_URL_MAX || doc->text.full)
		return -1;
	if (!index) {
		index = xnew(struct link_index);
		index->key = hash_key_random();
		doc->link_index = index;
	}
	slot = hash_slice(index->key, url) & (LINK_SLOTS - 1);
	for (; index->slots[slot]; slot = (slot + 1) & (LINK_SLOTS - 1)) {
		int i = index->slots[slot] - 1;

		if (slice_eq(slice_str(doc->links[i].url), url))
			return i;
	}
	if (doc->n_links >= DOCUMENT_LINKS_MAX)
		return -1;
	doc->links = grow(doc->links, doc->n_links, &doc->cap_links,
		sizeof(doc->links[0]));
	doc->links[doc->n_links++].url = xmemdup0(url.data, url.len);
	index->slots[slot] = (uint16_t)doc->n_links;
	return (int)doc->n_links - 1;
}

struct slice
document_text(const struct document *doc, const struct paragraph *paragraph)
{
	return slice_make(doc->text.data + paragraph->text, paragraph->len);
}

static void
append_paragraph(struct document *doc, const struct document *other,
	const struct paragraph *it)
{
	struct slice text = document_text(other, it);
	size_t at = 0;

	document_begin(
		doc, (enum paragraph_kind)it->kind, it->quote, it->indent);
	for (uint32_t i = 0; i < it->n_spans && !doc->text.full; i++) {
		const struct span *span = &other->spans[it->first_span + i];
		uint16_t style = span->style;
		int link = 0;

		if (style & SPAN_LINK)
			link = document_add_link(
				doc, slice_str(other->links[span->link].url));
		if (link < 0) {
			style = (uint16_t)(style & ~SPAN_LINK);
			link = 0;
		}
		document_add_text(
			doc, slice_make(text.data + at, span->start - at));
		document_add_text(
			doc, slice_make(text.data + span->start, span->len));
		if (!doc->text.full)
			document_add_span(
				doc, span->len, style, (uint16_t)link);
		at = span->start + span->len;
	}
	document_add_text(doc, slice_skip(text, at));
}

void
document_append(struct document *doc, const struct document *other)
{
	for (size_t i = 0; i < other->n_paragraphs && !doc->text.full; i++)
		append_paragraph(doc, other, &other->paragraphs[i]);
	doc->images += other->images;
	doc->trackers += other->trackers;
	doc->hidden += other->hidden;
	doc->truncated = doc->truncated || other->truncated;
	doc->lossy = doc->lossy || other->lossy;
}

static void
print_line(const struct paragraph *it, struct slice line, struct strbuf *out)
{
	for (int i = 0; i < it->quote; i++)
		strbuf_add_char(out, '>');
	if (it->quote > 0 && line.len > 0)
		strbuf_add_char(out, ' ');
	for (int i = 1; it->kind == PARAGRAPH_ITEM && i < it->indent; i++)
		strbuf_add_str(out, "  ");
	if (it->kind == PARAGRAPH_RULE)
		strbuf_add_str(out, "---");
	strbuf_add_slice(out, line);
	strbuf_add_char(out, '\n');
}

/* A cell may have lines of its own. */
static void
print_row(const struct paragraph *it, struct slice row, struct strbuf *out)
{
	size_t start = out->len;

	print_line(it, row, out);
	for (size_t i = start; i + 1 < out->len; i++) {
		if (out->data[i] == '\n')
			out->data[i] = ' ';
	}
}

void
document_print_paragraph(const struct document *doc,
	const struct paragraph *paragraph, struct strbuf *out)
{
	struct slice text = document_text(doc, paragraph);

	if (paragraph->kind == PARAGRAPH_TABLE_ROW) {
		print_row(paragraph, text, out);
		return;
	}
	do {
		size_t end = slice_find(text, '\n');

		print_line(paragraph, slice_head(text, end), out);
		text = slice_skip(text, end + 1);
	} while (text.len > 0);
}

void
document_print(const struct document *doc, struct strbuf *out)
{
	for (size_t i = 0; i < doc->n_paragraphs; i++)
		document_print_paragraph(doc, &doc->paragraphs[i], out);
}

/* Whether the words are the address, or what people write of one. */
static bool
tells_address(struct slice words, const char *url)
{
	struct slice address = slice_str(url);
	size_t scheme = slice_find(address, ':');

	words = slice_trim(words);
	while (words.len > 0 && words.data[words.len - 1] == '/')
		words.len--;
	while (address.len > 0 && address.data[address.len - 1] == '/')
		address.len--;
	if (slice_eq_nocase(words, address))
		return true;
	address = slice_skip(address, scheme + 1);
	if (slice_starts(address, SLICE("//")))
		address = slice_skip(address, 2);
	if (slice_eq_nocase(words, address))
		return true;
	return slice_starts_nocase(address, SLICE("www.")) &&
	       slice_eq_nocase(words, slice_skip(address, 4));
}

static void
add_plain(struct document *doc, struct slice text)
{
	if (text.len > 0)
		document_add_text(doc, text);
}

static void
add_number(struct document *doc, size_t link)
{
	char number[24];
	int len = snprintf(number, sizeof(number), "[%zu]", link + 1);

	document_add_text(doc, slice_make(number, (size_t)len));
	if (!doc->text.full)
		document_add_span(doc, (size_t)len, SPAN_DIM | SPAN_NUMBER, 0);
}

/* The words of a link may be several spans, with blanks between. */
static bool
goes_on(const struct span *span, const struct span *end, struct slice text)
{
	const struct span *next = span + 1;
	struct slice between;

	if (next == end || !(next->style & SPAN_LINK) ||
		next->link != span->link)
		return false;
	between = slice_make(text.data + span->start + span->len,
		next->start - span->start - span->len);
	return slice_trim(between).len == 0;
}

static void
number_paragraph(const struct document *doc, const struct paragraph *it,
	struct document *out)
{
	struct slice text = document_text(doc, it);
	const struct span *span = doc->spans + it->first_span;
	const struct span *end = span + it->n_spans;
	size_t words = 0; /* where the link began */
	bool began = false;
	size_t at = 0;

	document_begin(
		out, (enum paragraph_kind)it->kind, it->quote, it->indent);
	for (; span < end && !out->text.full; span++) {
		size_t stop = span->start + span->len;

		add_plain(out, slice_make(text.data + at, span->start - at));
		document_add_text(
			out, slice_make(text.data + span->start, span->len));
		if (out->text.full)
			return;
		document_add_span(out, span->len, span->style, span->link);
		at = stop;
		if (!(span->style & SPAN_LINK))
			continue;
		if (!began)
			words = span->start;
		began = goes_on(span, end, text);
		if (!began && !tells_address(slice_make(text.data + words,
						     stop - words),
				      doc->links[span->link].url))
			add_number(out, span->link);
	}
	add_plain(out, slice_skip(text, at));
}

void
document_number_links(const struct document *doc, struct document *ret_doc)
{
	struct document out;

	document_init(&out);
	for (size_t i = 0; i < doc->n_links; i++) {
		out.links = grow(out.links, out.n_links, &out.cap_links,
			sizeof(out.links[0]));
		out.links[out.n_links++].url = xstrdup(doc->links[i].url);
	}
	for (size_t i = 0; i < doc->n_paragraphs; i++)
		number_paragraph(doc, &doc->paragraphs[i], &out);
	out.images = doc->images;
	out.trackers = doc->trackers;
	out.hidden = doc->hidden;
	out.truncated = out.truncated || doc->truncated;
	out.lossy = doc->lossy;
	*ret_doc = out;
}

/*
 * The packed form: "D1", then numbers of seven bits a byte, low ones first:
 * flags, images, trackers, hidden, the counts of paragraphs, spans and links
 * and the length of the text.  Paragraphs (kind, quote, indent, length, spans),
 * spans (start, length, style, link), links (length, bytes) and the text
 * follow. Offsets into text and spans are sums, so they cannot point elsewhere.
 */
static void
pack_number(uint32_t value, struct strbuf *out)
{
	while (value >= 0x80) {
		strbuf_add_char(out, (char)(value | 0x80));
		value >>= 7;
	}
	strbuf_add_char(out, (char)value);
}

void
document_pack(const struct document *doc, struct strbuf *out)
{
	strbuf_add_str(out, "D1");
	pack_number((uint32_t)(doc->truncated + 2 * doc->lossy), out);
	pack_number(doc->images, out);
	pack_number(doc->trackers, out);
	pack_number(doc->hidden, out);
	pack_number((uint32_t)doc->n_paragraphs, out);
	pack_number((uint32_t)doc->n_spans, out);
	pack_number((uint32_t)doc->n_links, out);
	pack_number((uint32_t)doc->text.len, out);
	for (size_t i = 0; i < doc->n_paragraphs; i++) {
		const struct paragraph *it = &doc->paragraphs[i];

		pack_number(it->kind, out);
		pack_number(it->quote, out);
		pack_number(it->indent, out);
		pack_number(it->len, out);
		pack_number(it->n_spans, out);
	}
	for (size_t i = 0; i < doc->n_spans; i++) {
		pack_number(doc->spans[i].start, out);
		pack_number(doc->spans[i].len, out);
		pack_number(doc->spans[i].style, out);
		if (doc->spans[i].style & SPAN_LINK)
			pack_number(doc->spans[i].link, out);
	}
	for (size_t i = 0; i < doc->n_links; i++) {
		struct slice url = slice_str(doc->links[i].url);

		pack_number((uint32_t)url.len, out);
		strbuf_add_slice(out, url);
	}
	strbuf_add_slice(out, strbuf_slice(&doc->text));
}

/* False at the end, or past `max`. */
static bool
unpack_number(struct slice *s, uint32_t max, uint32_t *ret)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 35 && s->len > 0; shift += 7) {
		unsigned char byte = (unsigned char)s->data[0];

		*s = slice_skip(*s, 1);
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret = (uint32_t)value;
			return value <= max;
		}
	}
	return false;
}

/* Counts come before what they count; each thing takes a byte at least. */
static bool
unpack_head(struct slice *s, struct document *doc, uint32_t *ret_paragraphs,
	uint32_t *ret_spans, uint32_t *ret_links, uint32_t *ret_text)
{
	uint32_t flags;

	if (!slice_starts(*s, SLICE("D1")))
		return false;
	*s = slice_skip(*s, 2);
	if (!unpack_number(s, 3, &flags) ||
		!unpack_number(s, UINT32_MAX, &doc->images) ||
		!unpack_number(s, UINT32_MAX, &doc->trackers) ||
		!unpack_number(s, UINT32_MAX, &doc->hidden) ||
		!unpack_number(s, DOCUMENT_PARAGRAPHS_MAX, ret_paragraphs) ||
		!unpack_number(s, DOCUMENT_SPANS_MAX, ret_spans) ||
		!unpack_number(s, DOCUMENT_LINKS_MAX, ret_links) ||
		!unpack_number(s, DOCUMENT_TEXT_MAX, ret_text))
		return false;
	doc->truncated = flags & 1;
	doc->lossy = (flags & 2) != 0;
	return true;
}

static bool
unpack_paragraphs(struct slice *s, uint32_t n, uint32_t n_spans,
	uint32_t n_text, struct document *doc)
{
	uint32_t text = 0;
	uint32_t span = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t kind;
		uint32_t quote;
		uint32_t indent;
		uint32_t len;
		uint32_t spans;

		if (!unpack_number(s, PARAGRAPH_KINDS - 1, &kind) ||
			!unpack_number(s, PARAGRAPH_QUOTE_MAX, &quote) ||
			!unpack_number(s, UINT8_MAX, &indent) ||
			!unpack_number(s, n_text - text, &len) ||
			!unpack_number(s, n_spans - span, &spans))
			return false;
		doc->paragraphs = grow(doc->paragraphs, doc->n_paragraphs,
			&doc->cap_paragraphs, sizeof(doc->paragraphs[0]));
		doc->paragraphs[doc->n_paragraphs++] =
			(struct paragraph){ (uint8_t)kind, (uint8_t)quote,
				(uint8_t)indent, text, len, span, spans };
		text += len;
		span += spans;
	}
	return text == n_text && span == n_spans;
}

static bool
unpack_span(struct slice *s, const struct paragraph *in, uint32_t n_links,
	struct span *ret)
{
	uint32_t style;
	uint32_t link = 0;

	if (!unpack_number(s, in->len, &ret->start) ||
		!unpack_number(s, in->len - ret->start, &ret->len) ||
		!unpack_number(s, UINT16_MAX, &style))
		return false;
	if ((style & SPAN_LINK) &&
		(n_links == 0 || !unpack_number(s, n_links - 1, &link)))
		return false;
	ret->style = (uint16_t)style;
	ret->link = (uint16_t)link;
	return true;
}

static bool
unpack_spans(struct slice *s, uint32_t n_links, struct document *doc)
{
	for (size_t i = 0; i < doc->n_paragraphs; i++) {
		const struct paragraph *it = &doc->paragraphs[i];

		for (uint32_t j = 0; j < it->n_spans; j++) {
			doc->spans = grow(doc->spans, doc->n_spans,
				&doc->cap_spans, sizeof(doc->spans[0]));
			if (!unpack_span(
				    s, it, n_links, &doc->spans[doc->n_spans]))
				return false;
			doc->n_spans++;
		}
	}
	return true;
}

static bool
unpack_links(struct slice *s, uint32_t n, struct document *doc)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t len;

		if (!unpack_number(s, DOCUMENT_URL_MAX, &len) || len > s->len)
			return false;
		doc->links = grow(doc->links, doc->n_links, &doc->cap_links,
			sizeof(doc->links[0]));
		doc->links[doc->n_links++].url = xmemdup0(s->data, len);
		*s = slice_skip(*s, len);
	}
	return true;
}

bool
document_unpack(
	struct slice packed, struct document *ret_doc, struct error *err)
{
	struct document doc CLEANUP(document_clear) = { 0 };
	uint32_t n_paragraphs;
	uint32_t n_spans;
	uint32_t n_links;
	uint32_t n_text;

	document_init(&doc);
	if (!unpack_head(&packed, &doc, &n_paragraphs, &n_spans, &n_links,
		    &n_text) ||
		!unpack_paragraphs(
			&packed, n_paragraphs, n_spans, n_text, &doc) ||
		!unpack_spans(&packed, n_links, &doc) ||
		!unpack_links(&packed, n_links, &doc) || packed.len != n_text)
		return error_set(err, ERR_STORE,
			_("The stored text of a message is damaged"));
	strbuf_add_slice(&doc.text, packed);
	*ret_doc = doc;
	doc = (struct document){ 0 };
	return true;
}
