/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/mem.h"
#include "base/utf8.h"

void
check_utf8(struct slice text)
{
	ASSERT(utf8_is_valid(text));
}

void
check_line(const char *text)
{
	struct slice s = slice_str(text);

	ASSERT(utf8_is_valid(s));
	while (s.len > 0) {
		uint32_t cp = utf8_next(&s);

		ASSERT(cp >= 0x20 && (cp < 0x7f || cp >= 0xa0));
	}
}

void
check_touch(struct slice bytes)
{
	static volatile unsigned sum;

	for (size_t i = 0; i < bytes.len; i++)
		sum += (unsigned char)bytes.data[i];
}

void
check_within(struct slice inner, struct slice outer)
{
	ASSERT(inner.len == 0 ||
		(inner.data >= outer.data && inner.len <= outer.len &&
			(size_t)(inner.data - outer.data) <=
				outer.len - inner.len));
}

static void
check_same(const char *a, const char *b)
{
	ASSERT(slice_eq(slice_str(a), slice_str(b)));
}

void
check_addresses(const struct address_list *list)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct address_list again = { 0 };

	ASSERT(list->n <= ADDRESSES_MAX);
	strbuf_init(&packed, CHECK_OUT_MAX);
	address_list_print(list, &packed);
	check_line(packed.data);
	strbuf_reset(&packed);
	address_list_pack(list, &packed);
	address_list_unpack(strbuf_slice(&packed), &again);
	ASSERT(again.n == list->n);
	for (size_t i = 0; i < list->n; i++) {
		ASSERT(list->items[i].address);
		check_line(list->items[i].name);
		check_line(list->items[i].address);
		check_line(list->items[i].group);
		check_same(list->items[i].name, again.items[i].name);
		check_same(list->items[i].address, again.items[i].address);
	}
	address_list_clear(&again);
}

static void
check_ids(const struct message_ids *ids)
{
	ASSERT(ids->n <= REFERENCES_MAX);
	for (size_t i = 0; i < ids->n; i++) {
		check_line(ids->items[i]);
		ASSERT(strlen(ids->items[i]) <= MESSAGE_ID_LENGTH_MAX);
	}
}

void
check_envelope(const struct envelope *envelope)
{
	bool is_reply;

	check_line(envelope->subject);
	if (envelope->subject) {
		ASSERT(strlen(envelope->subject) <= SUBJECT_LENGTH_MAX);
		check_within(subject_base(envelope->subject, &is_reply),
			slice_str(envelope->subject));
	}
	check_addresses(&envelope->from);
	check_addresses(&envelope->sender);
	check_addresses(&envelope->reply_to);
	check_addresses(&envelope->to);
	check_addresses(&envelope->cc);
	check_addresses(&envelope->bcc);
	ASSERT(envelope->date >= 0);
	check_line(envelope->message_id);
	check_line(envelope->list_id);
	check_ids(&envelope->in_reply_to);
	check_ids(&envelope->references);
}

/* A sequence does not go on at `at`. */
static bool
is_boundary(struct slice text, size_t at)
{
	return at >= text.len || (text.data[at] & 0xc0) != 0x80;
}

static void
check_paragraph(const struct document *doc, const struct paragraph *it)
{
	struct slice text = document_text(doc, it);
	uint32_t at = 0;

	ASSERT(it->kind < PARAGRAPH_KINDS);
	ASSERT(it->quote <= PARAGRAPH_QUOTE_MAX);
	check_within(text, strbuf_slice(&doc->text));
	check_utf8(text);
	ASSERT(it->first_span <= doc->n_spans);
	ASSERT(it->n_spans <= doc->n_spans - it->first_span);
	for (uint32_t i = 0; i < it->n_spans; i++) {
		const struct span *span = &doc->spans[it->first_span + i];

		ASSERT(span->start >= at && span->start <= it->len);
		ASSERT(span->len > 0 && span->len <= it->len - span->start);
		at = span->start + span->len;
		ASSERT(is_boundary(text, span->start) && is_boundary(text, at));
		ASSERT(!(span->style & SPAN_LINK) || span->link < doc->n_links);
	}
}

static void
check_packed_document(const struct document *doc)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct strbuf again CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct document copy;

	strbuf_init(&packed, CHECK_OUT_MAX);
	strbuf_init(&again, CHECK_OUT_MAX);
	document_print(doc, &again);
	check_utf8(strbuf_slice(&again));
	strbuf_reset(&again);
	document_pack(doc, &packed);
	if (!document_unpack(strbuf_slice(&packed), &copy, &err))
		BUG(err.text);
	document_pack(&copy, &again);
	ASSERT(slice_eq(strbuf_slice(&packed), strbuf_slice(&again)));
	document_clear(&copy);
}

void
check_document(const struct document *doc)
{
	size_t text = 0;
	size_t spans = 0;

	ASSERT(doc->text.len <= DOCUMENT_TEXT_MAX);
	ASSERT(doc->n_paragraphs <= DOCUMENT_PARAGRAPHS_MAX);
	ASSERT(doc->n_spans <= DOCUMENT_SPANS_MAX);
	ASSERT(doc->n_links <= DOCUMENT_LINKS_MAX);
	check_utf8(strbuf_slice(&doc->text));
	for (size_t i = 0; i < doc->n_paragraphs; i++) {
		const struct paragraph *it = &doc->paragraphs[i];

		ASSERT(it->text == text && it->first_span == spans);
		text += it->len;
		spans += it->n_spans;
		check_paragraph(doc, it);
	}
	ASSERT(text == doc->text.len && spans == doc->n_spans);
	for (size_t i = 0; i < doc->n_links; i++) {
		check_line(doc->links[i].url);
		ASSERT(strlen(doc->links[i].url) <= DOCUMENT_URL_MAX);
	}
	check_packed_document(doc);
}

/* Parents come first, and only those still open take children. */
static void
check_order(const struct part_tree *tree)
{
	for (size_t i = 0; i < tree->n; i++) {
		const struct part *part = &tree->items[i];
		int above = (int)i - 1;

		ASSERT(part->parent < (int)i && part->parent >= -1);
		ASSERT((part->parent < 0) == (i == 0));
		ASSERT(part->depth < PARTS_DEPTH_MAX);
		if (part->parent < 0) {
			ASSERT(part->depth == 0);
			continue;
		}
		ASSERT(part->depth == tree->items[part->parent].depth + 1);
		while (above > part->parent)
			above = tree->items[above].parent;
		ASSERT(above == part->parent);
	}
}

void
check_sections(const struct part_tree *tree)
{
	int *children CLEANUP(freep) = xcalloc(tree->n + 1, sizeof(int));

	for (size_t i = 0; i < tree->n; i++) {
		const struct part *part = &tree->items[i];
		char *section CLEANUP(freep) = NULL;

		/* A file within a text has another kind of number. */
		if (part_server_section(part->section).len <
			strlen(part->section))
			continue;
		section = part_section(tree, part->parent,
			++children[part->parent + 1], part_is_multipart(part));

		check_same(part->section, section);
	}
}

static void
check_packed_tree(const struct part_tree *tree)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct strbuf again CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct part_tree copy;

	strbuf_init(&packed, CHECK_OUT_MAX);
	strbuf_init(&again, CHECK_OUT_MAX);
	part_tree_pack(tree, &packed);
	if (!part_tree_unpack(strbuf_slice(&packed), &copy, &err))
		BUG(err.text);
	part_tree_pack(&copy, &again);
	ASSERT(slice_eq(strbuf_slice(&packed), strbuf_slice(&again)));
	ASSERT(copy.n == tree->n && copy.truncated == tree->truncated);
	for (size_t i = 0; i < tree->n; i++) {
		check_same(tree->items[i].name, copy.items[i].name);
		check_same(tree->items[i].type, copy.items[i].type);
		ASSERT(tree->items[i].parent == copy.items[i].parent);
		ASSERT(tree->items[i].size == copy.items[i].size);
	}
	ASSERT(part_tree_attachments(tree) == part_tree_attachments(&copy));
	part_tree_clear(&copy);
}

void
check_tree(const struct part_tree *tree)
{
	ASSERT(tree->n <= PARTS_MAX);
	for (size_t i = 0; i < tree->n; i++) {
		const struct part *part = &tree->items[i];

		ASSERT(part->section && part->type);
		ASSERT(part_tree_find(tree, part->section) == part);
		check_line(part->section);
		check_line(part->type);
		check_line(part->charset);
		check_line(part->name);
		check_line(part->content_id);
		check_line(part->description);
		ASSERT(!part->name ||
			strlen(part->name) <= PART_NAME_LENGTH_MAX);
		ASSERT(part->n_params <= PART_PARAMS_MAX);
		ASSERT(part_title(part));
		part_is_listed(tree, part);
		part_content_size(part);
	}
	check_order(tree);
	check_packed_tree(tree);
}

void
check_uids(const struct uidset *set)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset again = UIDSET_INIT;

	ASSERT(set->n <= UIDSET_RANGES_MAX);
	for (size_t i = 0; i < set->n; i++) {
		ASSERT(set->ranges[i].first > 0);
		ASSERT(set->ranges[i].first <= set->ranges[i].last);
		ASSERT(i == 0 ||
			set->ranges[i].first - 1 > set->ranges[i - 1].last);
	}
	strbuf_init(&out, CHECK_OUT_MAX);
	uidset_print(set, &out);
	if (set->n > 0 && !uidset_parse(strbuf_slice(&out), 0, &again, &err))
		BUG(err.text);
	ASSERT(again.n == set->n);
	ASSERT(set->n == 0 || memcmp(again.ranges, set->ranges,
				      set->n * sizeof(*set->ranges)) == 0);
	uidset_clear(&again);
}
