/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs every target over its seeds, as a test that needs no fuzzer: whole, cut
 * off at every byte, with every byte replaced by some that mean something to
 * parsers, mixed with each other, and stretched.  The same runs each time, as
 * far as time allows.  With TERCET_FUZZ_PLAIN whole only, and those below
 * FUZZ_CORPUS too.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "unit/tap.h"

enum {
	SEED_MAX = 1024 * 1024,
	VARIED_MAX = 6000,       /* larger seeds run as they are */
	VARYING_US = 150 * 1000, /* for the seeds of one target */
	MIXED_RUNS = 5000,
};

static const char odd_bytes[] = { '\0', '\n', '\r', ' ', '"', '(', ')', '<',
	'=', '\\', '{', '}', '0', '9', '\x1b', '\x7f', '\x80', '\xff' };

static size_t
run_varied(const struct fuzz_target *target, struct slice seed, int64_t until)
{
	char *bytes CLEANUP(freep) = xmemdup0(seed.data, seed.len);
	size_t runs = 0;

	for (size_t i = 0; i < seed.len && clock_mono_us() < until; i++) {
		char kept = bytes[i];

		fuzz_run(target, slice_make(bytes, i));
		for (size_t j = 0; j < ARRAY_LEN(odd_bytes); j++) {
			bytes[i] = odd_bytes[j];
			fuzz_run(target, slice_make(bytes, seed.len));
		}
		bytes[i] = kept;
		runs += 1 + ARRAY_LEN(odd_bytes);
	}
	return runs;
}

ARRAY_OF(seeds, struct strbuf);

static uint64_t random_state = 88172645463325252u;

static size_t
random_below(size_t limit)
{
	return fuzz_random(&random_state, limit);
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
		fuzz_run(target, strbuf_slice(&mixed));
		runs++;
	}
	return runs;
}

static void
read_seeds(const char *dir_path, struct seeds *seeds)
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
			array_push(seeds, seed);
		else
			strbuf_clear(&seed);
		free(names[i]);
	}
	free(names);
}

static size_t
run_seeds(const struct fuzz_target *target, const struct seeds *seeds)
{
	for (size_t i = 0; i < seeds->n; i++)
		fuzz_run(target, strbuf_slice(&seeds->items[i]));
	return seeds->n;
}

static size_t
run_more(const struct fuzz_target *target, const struct seeds *seeds)
{
	int64_t until = clock_mono_us() + VARYING_US;
	size_t runs = seeds->n;

	for (size_t i = 0; i < seeds->n; i++) {
		struct slice seed = strbuf_slice(&seeds->items[i]);

		if (seed.len <= VARIED_MAX)
			runs += run_varied(target, seed, until);
		fuzz_stretch(target, seed, &random_state);
	}
	return runs + run_mixed(target, seeds);
}

static void
run_target(const struct fuzz_target *target, const char *corpus)
{
	const char *top = getenv("TOP_SRCDIR");
	char *own CLEANUP(freep) = xasprintf(
		"%s/tests/fuzz/seeds/%s", top ? top : ".", target->name);
	struct seeds seeds = { 0 };
	size_t n_own;
	size_t runs;

	/* For who looks at where it stopped. */
	printf("# %s\n", target->name);
	fflush(stdout);
	read_seeds(own, &seeds);
	n_own = seeds.n;
	if (corpus) {
		char *gathered CLEANUP(freep) = file_join(corpus, target->name);

		read_seeds(gathered, &seeds);
	}
	runs = run_seeds(target, &seeds);
	if (!corpus)
		runs += run_more(target, &seeds);
	ok(n_own > 0, "%s: %zu seeds, %zu runs", target->name, n_own, runs);
	for (size_t i = 0; i < seeds.n; i++)
		strbuf_clear(&seeds.items[i]);
	array_clear(&seeds);
}

/* What the target stopped at, for who looks into it. */
static void
keep_input(int signal_number)
{
	int fd = open("replay.fault", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	(void)signal_number;
	if (fd >= 0)
		(void)!write(fd, fuzz_current.data, fuzz_current.len);
	_exit(1);
}

int
main(void)
{
	const char *corpus = getenv("FUZZ_CORPUS");

	signal(SIGPIPE, SIG_IGN);
	signal(SIGABRT, keep_input);
	if (!getenv("TERCET_FUZZ_PLAIN"))
		corpus = NULL;
	for (const struct fuzz_target *it = fuzz_targets; it; it = it->next)
		run_target(it, corpus);
	return tap_done();
}
