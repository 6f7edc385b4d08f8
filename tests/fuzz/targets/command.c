/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines of the configuration. */
#include "base/bug.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(command)
{
	char *line CLEANUP(freep) = xmemdup0(input.data, input.len);
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct argv argv = { 0 };

	if (!argv_split(line, &argv, &err))
		return;
	ASSERT(argv.n > 0 && !argv.items[argv.n]);
	for (size_t i = 0; i < argv.n; i++) {
		ASSERT(strlen(argv.items[i]) <= strlen(line));
		check_touch(slice_str(argv.items[i]));
	}
	argv_clear(&argv);
}
