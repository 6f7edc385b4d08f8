/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What libFuzzer calls.  TERCET_FUZZ_TARGET names the target; without it all
 * are listed.  With TERCET_FUZZ_STRETCH each input is stretched that often,
 * instead of being run as it is.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fuzz_target *target;
static int stretches;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("TERCET_FUZZ_TARGET");
	const char *often = getenv("TERCET_FUZZ_STRETCH");

	(void)argc;
	(void)argv;
	signal(SIGPIPE, SIG_IGN);
	stretches = often ? (int)strtol(often, NULL, 10) : 0;
	for (target = fuzz_targets; target; target = target->next) {
		if (!name)
			puts(target->name);
		else if (strcmp(target->name, name) == 0)
			return 0;
	}
	if (name)
		fprintf(stderr, "%s is none of the targets\n", name);
	exit(name ? 2 : 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = slice_make(data, size);
	uint64_t random = 88172645463325252u + size;

	if (stretches == 0)
		fuzz_run(target, input);
	for (int i = 0; i < stretches; i++)
		fuzz_stretch(target, input, &random);
	return 0;
}
