/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What reads bytes from outside, each as a function of bytes.  A target aborts
 * when a promise of the reader is broken; the sanitizers see the rest.  The
 * fuzzer runs one of them; replay runs all over the seeds, as a test.
 *
 *	FUZZ_TARGET(uidset)
 *	{
 *		... reads `input` ...
 *	}
 *
 * in targets/uidset.c, the file's name in local.mk and something in
 * seeds/uidset/ are all there is to a target.
 */
#ifndef TERCET_TESTS_FUZZ_FUZZ_H
#define TERCET_TESTS_FUZZ_FUZZ_H

#include "base/slice.h"

struct fuzz_target {
	const char *name; /* its seeds are in seeds/NAME/ */
	void (*run)(struct slice input);
	struct fuzz_target *next;
};

/* By name; the files of targets put themselves in before main() starts. */
extern struct fuzz_target *fuzz_targets;
void fuzz_register(struct fuzz_target *target);

#define FUZZ_TARGET(id)                                                        \
	static void run_##id(struct slice input);                              \
	static struct fuzz_target target_##id = { #id, run_##id, NULL };       \
	__attribute__((constructor)) static void register_##id(void)           \
	{                                                                      \
		fuzz_register(&target_##id);                                   \
	}                                                                      \
	static void run_##id(struct slice input)

/*
 * Runs the target over bytes of their own size, so that sanitizers see the end,
 * and aborts when that takes more of the processor than its length allows.
 */
void fuzz_run(const struct fuzz_target *target, struct slice input);
/* What it runs over. */
extern struct slice fuzz_current;

/*
 * The same over pieces of the input said again and again, up to some hundred
 * kilobytes: what takes more than linear time shows there.  `random` picks the
 * pieces.
 */
void fuzz_stretch(
	const struct fuzz_target *target, struct slice input, uint64_t *random);

/* From 0 to below `limit`; 0 for none.  `*state` must not be 0. */
size_t fuzz_random(uint64_t *state, size_t limit);

#endif /* TERCET_TESTS_FUZZ_FUZZ_H */
