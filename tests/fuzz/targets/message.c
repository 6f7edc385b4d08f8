/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole messages, as far as the viewer goes. */
#include "base/bug.h"
#include "base/mem.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
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

FUZZ_TARGET(message)
{
	struct part_tree tree;
	struct envelope envelope;

	mime_walk(input, &tree);
	extract(&tree, input, false);
	extract(&tree, input, true);
	part_tree_clear(&tree);
	check_within(mime_header(input), input);
	mime_read_envelope(mime_header(input), &envelope);
	check_envelope(&envelope);
	envelope_clear(&envelope);
}
