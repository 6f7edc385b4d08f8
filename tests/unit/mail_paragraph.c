/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/paragraph.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "tap.h"

static void
fill(struct document *doc)
{
	int link;

	document_add(doc, PARAGRAPH_HEADING, 0, 1, SLICE("Title"));
	document_begin(doc, PARAGRAPH_TEXT, 0, 0);
	document_add_text(doc, SLICE("see "));
	document_add_text(doc, SLICE("this"));
	link = document_add_link(doc, SLICE("https://example.org/"));
	document_add_span(doc, 4, SPAN_LINK | SPAN_BOLD, (uint16_t)link);
	document_add_text(doc, SLICE("/that"));
	document_add_span(doc, 2, SPAN_LINK | SPAN_BOLD, (uint16_t)link);
	document_add(doc, PARAGRAPH_TEXT, 2, 0, SLICE("said"));
	document_add(doc, PARAGRAPH_TEXT, 1, 0, SLICE(""));
	document_add(doc, PARAGRAPH_PRE, 0, 0, SLICE("a\n  b"));
	document_add(doc, PARAGRAPH_ITEM, 0, 2, SLICE("- item"));
	document_add(doc, PARAGRAPH_RULE, 0, 0, SLICE(""));
	doc->images = 3;
	doc->trackers = 300;
	doc->hidden = 7;
	doc->lossy = true;
}

static bool
same(const struct document *a, const struct document *b)
{
	if (a->n_paragraphs != b->n_paragraphs || a->n_spans != b->n_spans ||
		a->n_links != b->n_links || a->images != b->images ||
		a->trackers != b->trackers || a->hidden != b->hidden ||
		a->lossy != b->lossy || a->truncated != b->truncated ||
		!slice_eq(strbuf_slice(&a->text), strbuf_slice(&b->text)))
		return false;
	for (size_t i = 0; i < a->n_paragraphs; i++) {
		const struct paragraph *x = &a->paragraphs[i];
		const struct paragraph *y = &b->paragraphs[i];

		if (x->kind != y->kind || x->quote != y->quote ||
			x->indent != y->indent || x->text != y->text ||
			x->len != y->len || x->first_span != y->first_span ||
			x->n_spans != y->n_spans)
			return false;
	}
	for (size_t i = 0; i < a->n_spans; i++) {
		if (memcmp(&a->spans[i], &b->spans[i], sizeof(a->spans[i])) !=
			0)
			return false;
	}
	for (size_t i = 0; i < a->n_links; i++) {
		if (strcmp(a->links[i].url, b->links[i].url) != 0)
			return false;
	}
	return true;
}

/* Any damage is an error or a document whose offsets hold. */
static void
damage(struct slice packed)
{
	char *copy = xmemdup0(packed.data, packed.len);
	struct error err = ERROR_INIT;
	bool held = true;

	for (size_t i = 0; i < packed.len; i++) {
		for (int value = 0; value < 256; value++) {
			struct document doc;

			copy[i] = (char)value;
			if (!document_unpack(
				    slice_make(copy, packed.len), &doc, &err)) {
				held = held && err.kind == ERR_STORE;
				error_clear(&err);
				continue;
			}
			for (size_t j = 0; j < doc.n_paragraphs; j++)
				held = held &&
				       doc.paragraphs[j].text +
						       doc.paragraphs[j].len <=
					       doc.text.len;
			document_clear(&doc);
		}
		copy[i] = packed.data[i];
	}
	ok(held, "damaged bytes harm nobody");
	for (size_t len = 0; len < packed.len; len++) {
		struct document doc;

		if (document_unpack(slice_make(packed.data, len), &doc, &err)) {
			ok(false, "%zu bytes are no document", len);
			document_clear(&doc);
		}
		error_clear(&err);
	}
	free(copy);
}

static void
limits(void)
{
	struct document doc CLEANUP(document_clear) = { 0 };
	char *text = xmalloc(DOCUMENT_TEXT_MAX);
	char url[32];
	bool all = true;

	document_init(&doc);
	for (int i = 0; i < DOCUMENT_LINKS_MAX; i++) {
		snprintf(url, sizeof(url), "https://example.org/%d", i);
		all = document_add_link(&doc, slice_str(url)) == i && all;
	}
	for (int i = 0; i < DOCUMENT_LINKS_MAX; i++) {
		snprintf(url, sizeof(url), "https://example.org/%d", i);
		all = document_add_link(&doc, slice_str(url)) == i && all;
	}
	ok(all, "each link has its index, again and again");
	is_int(document_add_link(&doc, SLICE("x")), -1, "one more has none");

	memset(text, 'x', DOCUMENT_TEXT_MAX);
	document_begin(&doc, PARAGRAPH_TEXT, 99, 999);
	is_int(doc.paragraphs[0].quote, PARAGRAPH_QUOTE_MAX, "quote depth");
	document_add_text(&doc, slice_make(text, DOCUMENT_TEXT_MAX - 4));
	ok(!doc.truncated, "text up to the limit");
	document_add_text(&doc, SLICE("\xc3\xa4\xc3\xb6\xc3\xbc"));
	ok(doc.truncated && doc.text.len == DOCUMENT_TEXT_MAX,
		"more is cut off between characters");
	document_add(&doc, PARAGRAPH_TEXT, 0, 0, SLICE("late"));
	document_add_span(&doc, 4, SPAN_BOLD, 0);
	is_int((int64_t)doc.n_paragraphs, 1, "nothing after it");
	free(text);

	document_clear(&doc);
	document_init(&doc);
	for (int i = 0; i < DOCUMENT_PARAGRAPHS_MAX + 1; i++)
		document_add(&doc, PARAGRAPH_TEXT, 0, 0, SLICE("a"));
	ok(doc.truncated && doc.n_paragraphs == DOCUMENT_PARAGRAPHS_MAX &&
			doc.text.len == DOCUMENT_PARAGRAPHS_MAX,
		"paragraphs");
}

int
main(void)
{
	struct document doc;
	struct document again;
	struct strbuf out;
	struct error err = ERROR_INIT;

	strbuf_init(&out, 1024 * 1024);
	document_init(&doc);
	document_pack(&doc, &out);
	ok(document_unpack(strbuf_slice(&out), &again, &err) &&
			same(&doc, &again),
		"an empty document comes back");
	document_clear(&again);

	fill(&doc);
	is_int((int64_t)doc.n_spans, 2, "spans");
	strbuf_reset(&out);
	document_print(&doc, &out);
	is_str(out.data,
		"Title\nsee this/that\n>> said\n>\na\n  b\n  - item\n---\n",
		"printed");
	strbuf_reset(&out);
	document_pack(&doc, &out);
	ok(document_unpack(strbuf_slice(&out), &again, &err) &&
			same(&doc, &again),
		"it comes back");
	document_clear(&again);
	damage(strbuf_slice(&out));
	limits();
	document_clear(&doc);
	strbuf_clear(&out);
	return tap_done();
}
