/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/strbuf.h"

enum {
	STRETCHED = 256 * 1024, /* bytes */
	PIECE_MAX = 80,
	TIME_US = 400 * 1000, /* for any input, */
	TIME_BYTE_NS = 4000,  /* and for each byte: with sanitizers, as well */
	TRIES = 3,
};

struct fuzz_target *fuzz_targets;
struct slice fuzz_current;

void
fuzz_register(struct fuzz_target *target)
{
	struct fuzz_target **at = &fuzz_targets;

	while (*at && strcmp((*at)->name, target->name) < 0)
		at = &(*at)->next;
	target->next = *at;
	*at = target;
}

size_t
fuzz_random(uint64_t *state, size_t limit)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return limit ? (size_t)(*state >> 16) % limit : 0;
}

static int64_t
processor_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Where one can look at it. */
static void
keep_slow(const struct fuzz_target *target, struct slice input)
{
	char *name CLEANUP(freep) =
		xasprintf("faults/%s-slow-%zu", target->name, input.len);
	FILE *file = fopen(name, "w");

	if (!file)
		return;
	fwrite(input.data, 1, input.len, file);
	fclose(file);
	fprintf(stderr, "kept as %s\n", name);
}

void
fuzz_run(const struct fuzz_target *target, struct slice input)
{
	int64_t limit = TIME_US + (int64_t)input.len * TIME_BYTE_NS / 1000;
	int64_t took = limit + 1;

	for (int i = 0; i < TRIES && took > limit; i++) {
		char *copy CLEANUP(freep) = xmalloc(input.len ? input.len : 1);
		int64_t before = processor_us();

		if (input.len)
			memcpy(copy, input.data, input.len);
		fuzz_current = slice_make(copy, input.len);
		target->run(fuzz_current);
		took = processor_us() - before;
	}
	if (took <= limit)
		return;
	fprintf(stderr, "SLOW: %s took %lld us for %zu bytes\n", target->name,
		(long long)took, input.len);
	keep_slow(target, input);
	abort();
}

void
fuzz_stretch(
	const struct fuzz_target *target, struct slice input, uint64_t *random)
{
	struct strbuf long_input CLEANUP(strbuf_clear) = { 0 };
	size_t at = fuzz_random(random, input.len);
	size_t many = fuzz_random(random, 4) ? PIECE_MAX : input.len;
	struct slice piece = slice_head(
		slice_skip(input, at), fuzz_random(random, many) + 1);

	if (piece.len == 0)
		return;
	strbuf_init(&long_input, 2 * STRETCHED + input.len);
	strbuf_add_slice(&long_input, slice_head(input, at));
	while (long_input.len < STRETCHED)
		strbuf_add_slice(&long_input, piece);
	/* Half of them come to a good end. */
	if (fuzz_random(random, 2))
		strbuf_add_slice(
			&long_input, slice_skip(input, at + piece.len));
	fuzz_run(target, strbuf_slice(&long_input));
}
