/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages to part trees. */
#include "mime/walk.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/transfer.h"

enum { BODIES_MAX = 20 };

/* Children lie within their parents, one behind the other. */
static void
check_places(const struct part_tree *tree, struct slice message)
{
	for (size_t i = 0; i < tree->n; i++) {
		const struct part *part = &tree->items[i];
		const struct part *parent =
			i > 0 ? &tree->items[part->parent] : NULL;
		struct slice body = mime_part_body(message, part);

		ASSERT(part->header_offset <= part->offset);
		ASSERT(part->offset <= message.len);
		ASSERT(part->size <= message.len - part->offset);
		ASSERT(body.len == part->size);
		check_within(body, message);
		if (!parent)
			continue;
		ASSERT(part->header_offset >= parent->offset);
		/* A header may take the break that ends its parent. */
		ASSERT(part->size == 0 ||
			part->offset + part->size <=
				parent->offset + parent->size);
		ASSERT(part->header_offset >= tree->items[i - 1].header_offset);
	}
}

FUZZ_TARGET(walk)
{
	struct part_tree tree;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	mime_walk(input, &tree);
	ASSERT(tree.n > 0);
	check_tree(&tree);
	check_sections(&tree);
	check_places(&tree, input);
	strbuf_init(&out, CHECK_OUT_MAX);
	for (size_t i = 0; i < tree.n && i < BODIES_MAX; i++) {
		strbuf_reset(&out);
		(void)!transfer_decode(tree.items[i].encoding,
			mime_part_body(input, &tree.items[i]), &out);
	}
	part_tree_clear(&tree);
}
