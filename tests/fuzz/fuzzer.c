/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libFuzzer calls.  TERCET_FUZZ_TARGET names the target. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fuzz_target *target;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("TERCET_FUZZ_TARGET");

	(void)argc;
	(void)argv;
	signal(SIGPIPE, SIG_IGN);
	for (target = fuzz_targets; target->name; target++)
		if (name && strcmp(target->name, name) == 0)
			return 0;
	fprintf(stderr, "TERCET_FUZZ_TARGET names none of the targets\n");
	exit(2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	target->run(slice_make(data, size));
	return 0;
}
