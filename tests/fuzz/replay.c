/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs every target over its seeds, as a test that needs no fuzzer: whole, cut
 * off at every byte, with every byte replaced by some that mean something to
 * parsers, and mixed with each other.  The same runs each time.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "unit/tap.h"

enum {
	SEED_MAX = 1024 * 1024,
	VARIED_MAX = 6000,        /* larger seeds run as they are */
	VARYING_US = 2 * 1000000, /* for one seed */
	MIXED_RUNS = 10000,
};

static const char odd_bytes[] = { '\0', '\n', '\r', ' ', '"', '(', ')', '<',
	'=', '\\', '{', '}', '0', '9', '\x1b', '\x7f', '\x80', '\xff' };

static void
run_copy(const struct fuzz_target *target, const char *bytes, size_t n)
{
	/* Of its own size, so that sanitizers see the end. */
	char *copy CLEANUP(freep) = xmalloc(n ? n : 1);

	if (n)
		memcpy(copy, bytes, n);
	target->run(slice_make(copy, n));
}

static size_t
run_varied(const struct fuzz_target *target, struct slice seed)
{
	char *bytes CLEANUP(freep) = xmemdup0(seed.data, seed.len);
	int64_t until = clock_mono_us() + VARYING_US;
	size_t runs = 0;

	for (size_t i = 0; i < seed.len && clock_mono_us() < until; i++) {
		char kept = bytes[i];

		run_copy(target, bytes, i);
		for (size_t j = 0; j < ARRAY_LEN(odd_bytes); j++) {
			bytes[i] = odd_bytes[j];
			run_copy(target, bytes, seed.len);
		}
		bytes[i] = kept;
		runs += 1 + ARRAY_LEN(odd_bytes);
	}
	return runs;
}

struct seeds {
	struct strbuf *items;
	size_t n;
	size_t cap;
};

static uint64_t random_state = 88172645463325252u;

static size_t
random_below(size_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return limit ? (size_t)(random_state >> 16) % limit : 0;
}

/* Some bytes of some seed. */
static struct slice
random_piece(const struct seeds *seeds, size_t max)
{
	struct slice from = strbuf_slice(&seeds->items[random_below(seeds->n)]);

	from = slice_skip(from, random_below(from.len));
	return slice_head(from, random_below(max) + 1);
}

/* A piece of one seed put into another, over some of its bytes or between. */
static void
mix(const struct seeds *seeds, struct strbuf *out)
{
	struct slice into = strbuf_slice(&seeds->items[random_below(seeds->n)]);
	size_t at = random_below(into.len + 1);

	strbuf_reset(out);
	strbuf_add_slice(out, slice_head(into, at));
	for (size_t i = random_below(4); i < 4; i++)
		strbuf_add_slice(out, random_piece(seeds, i > 2 ? 200 : 8));
	strbuf_add_slice(out, slice_skip(into, at + random_below(20)));
	if (out->len > 0)
		out->data[random_below(out->len)] ^=
			(char)(1 << random_below(8));
}

static size_t
run_mixed(const struct fuzz_target *target, const struct seeds *seeds)
{
	int64_t until = clock_mono_us() + VARYING_US;
	struct strbuf mixed CLEANUP(strbuf_clear) = { 0 };
	size_t runs = 0;

	strbuf_init(&mixed, 2 * SEED_MAX);
	while (seeds->n > 0 && runs < MIXED_RUNS && clock_mono_us() < until) {
		mix(seeds, &mixed);
		run_copy(target, mixed.data, mixed.len);
		runs++;
	}
	return runs;
}

static void
read_seeds(const char *dir_path, struct seeds *ret_seeds)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct dirent **names = NULL;
	int n = scandir(dir_path, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char *path CLEANUP(freep) =
			file_join(dir_path, names[i]->d_name);
		struct strbuf seed;

		strbuf_init(&seed, SEED_MAX);
		if (names[i]->d_name[0] != '.' && file_read(path, &seed, &err))
			array_push(ret_seeds, seed);
		else
			strbuf_clear(&seed);
		free(names[i]);
	}
	free(names);
}

static void
run_target(const struct fuzz_target *target)
{
	const char *top = getenv("TOP_SRCDIR");
	char *dir_path CLEANUP(freep) = xasprintf(
		"%s/tests/fuzz/seeds/%s", top ? top : ".", target->name);
	struct seeds seeds = { 0 };
	size_t runs = 0;

	read_seeds(dir_path, &seeds);
	for (size_t i = 0; i < seeds.n; i++) {
		run_copy(target, seeds.items[i].data, seeds.items[i].len);
		runs++;
		if (seeds.items[i].len <= VARIED_MAX)
			runs += run_varied(
				target, strbuf_slice(&seeds.items[i]));
	}
	runs += run_mixed(target, &seeds);
	ok(seeds.n > 0, "%s: %zu seeds, %zu runs", target->name, seeds.n, runs);
	for (size_t i = 0; i < seeds.n; i++)
		strbuf_clear(&seeds.items[i]);
	free(seeds.items);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	for (const struct fuzz_target *it = fuzz_targets; it->name; it++)
		run_target(it);
	return tap_done();
}
