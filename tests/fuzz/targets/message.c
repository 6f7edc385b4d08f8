/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole messages, as far as the viewer goes. */
#include "mime/message.h"
#include "base/bug.h"
#include "base/mem.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mail/card.h"
#include "mime/envelope.h"
#include "mime/text.h"
#include "mime/walk.h"

static void
extract(const struct part_tree *tree, struct slice message, bool prefer_html)
{
	int indices[TEXT_PARTS_MAX];
	size_t n = mime_text_choose(tree, prefer_html, indices, TEXT_PARTS_MAX);
	char *snippet CLEANUP(freep) = NULL;
	struct document doc;

	ASSERT(n <= TEXT_PARTS_MAX);
	document_init(&doc);
	for (size_t i = 0; i < n; i++) {
		const struct part *part;

		ASSERT(indices[i] >= 0 && (size_t)indices[i] < tree->n);
		ASSERT(i == 0 || indices[i] > indices[i - 1]);
		part = &tree->items[indices[i]];
		mime_text_extract(
			part, mime_part_body(message, part), NULL, &doc);
	}
	snippet = mime_snippet(&doc, 200);
	check_line(snippet);
	ASSERT(strlen(snippet) <= 200);
	check_document(&doc);
	document_clear(&doc);
}

/* With cards of calendars and reports in front. */
static void
read_all(const struct part_tree *tree, struct slice message)
{
	struct message_source source = {
		.header = mime_header(message),
		.tree = tree,
		.body = mime_message_body,
		.ctx = &message,
	};
	struct report report CLEANUP(report_clear) = { 0 };
	int indices[MESSAGE_PARTS_MAX];
	struct document doc;

	ASSERT(mime_message_parts(tree, indices, MESSAGE_PARTS_MAX) <=
		MESSAGE_PARTS_MAX);
	document_init(&doc);
	mime_message_read(&source, &doc, &report);
	check_document(&doc);
	card_expand(&doc);
	check_document(&doc);
	document_clear(&doc);
	ASSERT(report.n <= REPORT_ENTRIES_MAX);
}

FUZZ_TARGET(message)
{
	struct part_tree tree;
	struct envelope envelope;

	mime_walk(input, &tree);
	extract(&tree, input, false);
	extract(&tree, input, true);
	read_all(&tree, input);
	part_tree_clear(&tree);
	check_within(mime_header(input), input);
	mime_read_envelope(mime_header(input), &envelope);
	check_envelope(&envelope);
	envelope_clear(&envelope);
}
