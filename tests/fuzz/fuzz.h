/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small fuzzer for one parser a program: it damages seeds, again and again,
 * and calls fuzz_one() with what comes out.  What matters is that a sanitizer
 * watches.
 *
 *   fuzz_x               20000 runs, as in `make check`
 *   FUZZ_SECONDS=60 ...  as many as go into a minute, different each time
 *   fuzz_x FILE...       the files, once each
 *
 * The input that kills it is left in fuzz-crash.  With clang, -DLIBFUZZER and
 * -fsanitize=fuzzer make a libFuzzer target of the same file.
 */
#ifndef TERCET_TESTS_FUZZ_FUZZ_H
#define TERCET_TESTS_FUZZ_FUZZ_H

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/slice.h"
#include "base/strbuf.h"

#include "../unit/tap.h"

enum { FUZZ_INPUT_MAX = 256 * 1024, FUZZ_RUNS = 20000 };

struct fuzz_target {
	void (*one)(struct slice input);
	const char *const *seeds; /* NULL at the end */
	const char *const *words; /* what to put in; NULL at the end */
};

#ifdef LIBFUZZER

#define FUZZ_MAIN(target)                                                      \
	int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);    \
	int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)     \
	{                                                                      \
		(target).one(slice_make(data, size));                          \
		return 0;                                                      \
	}

#else

static struct slice fuzz_current;
static uint64_t fuzz_state = 88172645463325252u;

static uint32_t
fuzz_random(uint32_t below)
{
	fuzz_state ^= fuzz_state << 13;
	fuzz_state ^= fuzz_state >> 7;
	fuzz_state ^= fuzz_state << 17;
	return (uint32_t)(fuzz_state >> 32) % below;
}

static void
fuzz_keep_input(void)
{
	int fd = open("fuzz-crash", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd >= 0) {
		(void)!write(fd, fuzz_current.data, fuzz_current.len);
		close(fd);
	}
}

static void
fuzz_died(int number)
{
	fuzz_keep_input();
	signal(number, SIG_DFL);
	raise(number);
}

/* Of the sanitizers' run-time library, where there is one. */
extern void __sanitizer_set_death_callback(void (*callback)(void))
	__attribute__((weak));

static void
fuzz_insert(struct strbuf *buf, size_t at, struct slice what)
{
	struct strbuf tail;

	strbuf_init(&tail, FUZZ_INPUT_MAX);
	strbuf_add(&tail, buf->data + at, buf->len - at);
	strbuf_cut(buf, at);
	strbuf_add_slice(buf, what);
	strbuf_add_slice(buf, strbuf_slice(&tail));
	strbuf_clear(&tail);
}

static size_t
fuzz_count(const char *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

static void
fuzz_damage(const struct fuzz_target *target, struct strbuf *buf)
{
	size_t at = buf->len ? fuzz_random((uint32_t)buf->len) : 0;
	size_t n = buf->len - at;
	char byte = (char)fuzz_random(256);

	n = n ? fuzz_random((uint32_t)(n < 64 ? n : 64)) : 0;
	switch (fuzz_random(6)) {
	case 0:
		if (buf->len > 0)
			buf->data[at] = byte;
		break;
	case 1:
		fuzz_insert(buf, at, slice_make(&byte, 1));
		break;
	case 2: {
		struct strbuf tail;

		strbuf_init(&tail, FUZZ_INPUT_MAX);
		strbuf_add(&tail, buf->data + at + n, buf->len - at - n);
		strbuf_cut(buf, at);
		strbuf_add_slice(buf, strbuf_slice(&tail));
		strbuf_clear(&tail);
		break;
	}
	case 3: {
		char *copy = xmemdup0(buf->data + at, n);

		for (uint32_t i = fuzz_random(4); i < 4; i++)
			fuzz_insert(buf, at, slice_make(copy, n));
		free(copy);
		break;
	}
	case 4:
		strbuf_cut(buf, at);
		break;
	default:
		fuzz_insert(buf, at,
			slice_str(target->words[fuzz_random(
				(uint32_t)fuzz_count(target->words))]));
		break;
	}
}

static void
fuzz_run(const struct fuzz_target *target, struct slice input)
{
	/* Exactly as large as it is, so that a step too far is seen. */
	char *copy = malloc(input.len ? input.len : 1);

	if (!copy)
		return;
	if (input.len > 0)
		memcpy(copy, input.data, input.len);
	fuzz_current = slice_make(copy, input.len);
	target->one(fuzz_current);
	free(copy);
}

static int
fuzz_main(const struct fuzz_target *target, int argc, char **argv)
{
	const char *seconds = getenv("FUZZ_SECONDS");
	long limit = seconds ? strtol(seconds, NULL, 10) : 0;
	time_t start = time(NULL);
	uint32_t n_seeds = (uint32_t)fuzz_count(target->seeds);
	long runs = 0;

	signal(SIGSEGV, fuzz_died);
	signal(SIGABRT, fuzz_died);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(fuzz_keep_input);
	if (limit > 0)
		fuzz_state ^= (uint64_t)start << 20 ^ (uint64_t)getpid();
	for (int i = 1; i < argc; i++) {
		struct strbuf file;
		struct error err = ERROR_INIT;

		strbuf_init(&file, 64 << 20);
		if (file_read(argv[i], &file, &err))
			fuzz_run(target, strbuf_slice(&file));
		strbuf_clear(&file);
		error_clear(&err);
	}
	for (uint32_t i = 0; i < n_seeds; i++)
		fuzz_run(target, slice_str(target->seeds[i]));
	while (argc == 1 &&
		(limit > 0 ? time(NULL) - start < limit : runs < FUZZ_RUNS)) {
		struct strbuf input;

		strbuf_init(&input, FUZZ_INPUT_MAX);
		strbuf_add_str(&input, target->seeds[fuzz_random(n_seeds)]);
		if (fuzz_random(8) == 0)
			fuzz_insert(&input,
				fuzz_random((uint32_t)input.len + 1),
				slice_str(target->seeds[fuzz_random(n_seeds)]));
		for (uint32_t i = fuzz_random(8) + 1; i > 0; i--)
			fuzz_damage(target, &input);
		fuzz_run(target, strbuf_slice(&input));
		strbuf_clear(&input);
		runs++;
	}
	ok(true, "%ld damaged inputs were survived", runs);
	return tap_done();
}

#define FUZZ_MAIN(target)                                                      \
	int main(int argc, char **argv)                                        \
	{                                                                      \
		return fuzz_main(&(target), argc, argv);                       \
	}

#endif

#endif /* TERCET_TESTS_FUZZ_FUZZ_H */
