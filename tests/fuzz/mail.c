/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages, and what is in them. */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "mail/date.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/envelope.h"
#include "mime/header.h"
#include "mime/param.h"
#include "mime/text.h"
#include "mime/transfer.h"
#include "mime/walk.h"

enum { OUT_MAX = 64 * 1024 * 1024, BODIES_MAX = 20 };

/* One line of text for people. */
static void
check_line(const char *s)
{
	if (!s)
		return;
	ASSERT(utf8_is_valid(slice_str(s)));
	for (; *s; s++)
		ASSERT((unsigned char)*s >= ' ' && *s != 0x7f);
}

static void
check_addresses(const struct address_list *list)
{
	ASSERT(list->n <= ADDRESSES_MAX);
	for (size_t i = 0; i < list->n; i++) {
		ASSERT(list->items[i].address);
		check_line(list->items[i].name);
		check_line(list->items[i].address);
		check_line(list->items[i].group);
	}
}

static void
read_fields(struct slice header)
{
	struct header_field field;
	struct slice rest = header;
	struct strbuf text;
	int64_t date;

	strbuf_init(&text, OUT_MAX);
	while (header_next(&rest, &field)) {
		struct part part = { 0 };

		strbuf_reset(&text);
		header_decode(field.value, &text);
		check_line(text.data);
		(void)!date_parse(field.value, &date);
		mime_params_read(field.value, &part);
		free(mime_param(&part, "filename"));
		part_drop_params(&part);
	}
	strbuf_clear(&text);
}

void
fuzz_header(struct slice input)
{
	struct envelope envelope;
	bool is_reply;

	mime_read_envelope(input, &envelope);
	check_line(envelope.subject);
	if (envelope.subject)
		subject_base(envelope.subject, &is_reply);
	check_addresses(&envelope.from);
	check_addresses(&envelope.sender);
	check_addresses(&envelope.reply_to);
	check_addresses(&envelope.to);
	check_addresses(&envelope.cc);
	check_addresses(&envelope.bcc);
	ASSERT(envelope.references.n <= REFERENCES_MAX);
	envelope_clear(&envelope);
	read_fields(input);
}

/* "NAME\n" and bytes in that charset. */
void
fuzz_charset(struct slice input)
{
	struct slice name = slice_head(input, slice_find(input, '\n'));
	struct slice bytes = slice_skip(input, name.len + 1);
	struct strbuf out;

	strbuf_init(&out, OUT_MAX);
	(void)!charset_to_utf8(name, CHARSET_DECLARED, bytes, &out);
	ASSERT(utf8_is_valid(strbuf_slice(&out)));
	strbuf_reset(&out);
	(void)!charset_to_utf8(name, CHARSET_FORCED, bytes, &out);
	ASSERT(utf8_is_valid(strbuf_slice(&out)));
	strbuf_clear(&out);
}

static void
check_tree(const struct part_tree *tree, struct slice message)
{
	struct strbuf packed;
	struct part_tree copy = { 0 };
	struct error err = ERROR_INIT;

	ASSERT(tree->n > 0 && tree->n <= PARTS_MAX);
	for (size_t i = 0; i < tree->n; i++) {
		const struct part *part = &tree->items[i];
		struct slice body = mime_part_body(message, part);

		ASSERT(part->parent < (int)i && part->depth <= PARTS_DEPTH_MAX);
		ASSERT(body.len == 0 ||
			(body.data >= message.data &&
				body.data + body.len <=
					message.data + message.len));
		check_line(part->name);
		check_line(part->description);
	}
	strbuf_init(&packed, OUT_MAX);
	part_tree_pack(tree, &packed);
	if (!part_tree_unpack(strbuf_slice(&packed), &copy, &err))
		BUG(err.text);
	ASSERT(copy.n == tree->n);
	part_tree_clear(&copy);
	strbuf_clear(&packed);
}

static void
check_document(const struct document *doc)
{
	struct strbuf packed;
	struct strbuf again;
	struct document copy;
	struct error err = ERROR_INIT;
	char *snippet = mime_snippet(doc, 200);

	check_line(snippet);
	free(snippet);
	ASSERT(utf8_is_valid(strbuf_slice(&doc->text)));
	strbuf_init(&packed, OUT_MAX);
	strbuf_init(&again, OUT_MAX);
	document_print(doc, &again);
	strbuf_reset(&again);
	document_pack(doc, &packed);
	if (!document_unpack(strbuf_slice(&packed), &copy, &err))
		BUG(err.text);
	document_pack(&copy, &again);
	ASSERT(slice_eq(strbuf_slice(&packed), strbuf_slice(&again)));
	document_clear(&copy);
	strbuf_clear(&packed);
	strbuf_clear(&again);
}

static void
extract(const struct part_tree *tree, struct slice message, bool prefer_html)
{
	int indices[TEXT_PARTS_MAX];
	size_t n = mime_text_choose(tree, prefer_html, indices, TEXT_PARTS_MAX);
	struct document doc;

	ASSERT(n <= TEXT_PARTS_MAX);
	document_init(&doc);
	for (size_t i = 0; i < n; i++) {
		const struct part *part = &tree->items[indices[i]];

		mime_text_extract(
			part, mime_part_body(message, part), NULL, &doc);
	}
	check_document(&doc);
	document_clear(&doc);
}

void
fuzz_message(struct slice input)
{
	struct part_tree tree;
	struct strbuf out;

	mime_walk(input, &tree);
	check_tree(&tree, input);
	strbuf_init(&out, OUT_MAX);
	for (size_t i = 0; i < tree.n && i < BODIES_MAX; i++) {
		strbuf_reset(&out);
		(void)!transfer_decode(tree.items[i].encoding,
			mime_part_body(input, &tree.items[i]), &out);
	}
	strbuf_clear(&out);
	extract(&tree, input, false);
	extract(&tree, input, true);
	part_tree_clear(&tree);
	fuzz_header(mime_header(input));
}
