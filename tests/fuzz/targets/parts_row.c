/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part trees as a store keeps them, maybe a damaged one. */
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mail/part.h"
#include "mime/text.h"

FUZZ_TARGET(parts_row)
{
	struct part_tree tree;
	struct part_tree copy;
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct strbuf again CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int indices[TEXT_PARTS_MAX];

	if (!part_tree_unpack(input, &tree, &err))
		return;
	for (size_t i = 0; i < tree.n; i++) {
		ASSERT(tree.items[i].parent < (int)i);
		part_is_listed(&tree, &tree.items[i]);
		check_touch(slice_str(part_title(&tree.items[i])));
	}
	part_tree_attachments(&tree);
	ASSERT(mime_text_choose(&tree, false, indices, TEXT_PARTS_MAX) <=
		TEXT_PARTS_MAX);
	strbuf_init(&packed, CHECK_OUT_MAX);
	strbuf_init(&again, CHECK_OUT_MAX);
	part_tree_pack(&tree, &packed);
	part_tree_clear(&tree);
	if (!part_tree_unpack(strbuf_slice(&packed), &copy, &err))
		BUG(err.text);
	part_tree_pack(&copy, &again);
	part_tree_clear(&copy);
	ASSERT(slice_eq(strbuf_slice(&packed), strbuf_slice(&again)));
}
