/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BODYSTRUCTURE. */
#include "net/imap_structure.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/param.h"

FUZZ_TARGET(imap_structure)
{
	struct strbuf unescaped CLEANUP(strbuf_clear) = { 0 };
	struct part_tree tree = { 0 };
	struct tokens t;
	bool any;

	strbuf_init(&unescaped, input.len + 1);
	t = tokens_over(input, &unescaped);
	any = imap_parse_structure(&t, &tree);
	ASSERT(any == (tree.n > 0));
	ASSERT(t.p >= input.data && t.p <= input.data + input.len);
	mime_params_settle(&tree);
	for (size_t i = 0; i < tree.n; i++)
		ASSERT(strchr(tree.items[i].type, '/'));
	check_tree(&tree);
	part_tree_clear(&tree);
}
