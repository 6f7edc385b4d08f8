/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIME parameters, from behind a field's first word. */
#include "mime/param.h"
#include "base/bug.h"
#include "base/mem.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(param)
{
	struct part_tree tree = { 0 };
	struct part *part = part_tree_add(&tree);

	part->type = xstrdup("text/plain");
	part->section = xstrdup("1");
	mime_params_read(input, part);
	ASSERT(part->n_params <= PART_PARAMS_MAX);
	for (size_t i = 0; i < part->n_params; i++) {
		char *value CLEANUP(freep) =
			mime_param(part, part->params[i].name);
		char *raw CLEANUP(freep) =
			mime_param_raw(part, part->params[i].name);

		check_line(value);
		check_touch(slice_str(raw));
	}
	mime_params_settle(&tree);
	ASSERT(part->n_params == 0);
	check_tree(&tree);
	part_tree_clear(&tree);
}
