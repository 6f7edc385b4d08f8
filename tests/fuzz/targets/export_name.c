/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File names for parts, whatever the sender called them: "TYPE\n" and it. */
#include <stdlib.h>

#include "base/bug.h"
#include "base/mem.h"
#include "cli/export.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

enum { NAME_MAX_BYTES = 200 };

FUZZ_TARGET(export_name)
{
	struct slice type = slice_head(input, slice_find(input, '\n'));
	struct slice rest = slice_skip(input, type.len + 1);
	struct part part = {
		.type = xmemdup0(type.data, type.len),
		.name = xmemdup0(rest.data, rest.len),
	};
	char *name = export_safe_name(&part);

	check_line(name);
	ASSERT(name[0] && strlen(name) <= NAME_MAX_BYTES);
	ASSERT(name[0] != '.' && name[0] != '-' && name[0] != '~');
	ASSERT(!strpbrk(name, "/\\"));
	free(name);
	free(part.type);
	free(part.name);
}
