/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Other programs, always by argument vector, never through a shell.  The child
 * gets a clean signal mask, no descriptors but 0 to 2, and is always reaped.
 */
#ifndef TERCET_BASE_SPAWN_H
#define TERCET_BASE_SPAWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"

struct cancel;

/* A NULL-terminated vector of owned strings. */
struct argv {
	char **items;
	size_t n;
};

/*
 * Splits a command line into words: blanks separate; '...' is taken whole,
 * in "..." and outside quotes a backslash takes the next character.  No
 * variables, no globs, no operators.  ERR_INVALID for an open quote or no word.
 */
MUST_CHECK bool argv_split(
	const char *line, struct argv *ret_argv, struct error *err);
void argv_add(struct argv *argv, const char *word);
void argv_clear(struct argv *argv);

struct spawn_result {
	int status;         /* exit status; 128 + signal when killed */
	struct strbuf out;  /* standard output */
	struct strbuf errs; /* first 4 KiB of standard error */
};

/*
 * Runs the program with `input` on its standard input and collects what it
 * prints, at most `out_limit` bytes (more is ERR_LIMIT).  It is killed at the
 * clock_mono_us() deadline (ERR_OFFLINE) or when `cancel` (may be NULL) fires
 * (ERR_CANCELLED).  A non-zero exit status is not an error here.
 */
MUST_CHECK bool spawn_run(const struct argv *argv, struct slice input,
	size_t out_limit, int64_t deadline_us, struct cancel *cancel,
	struct spawn_result *ret_result, struct error *err);
/* Wipes the output, which may be a secret, and frees. */
void spawn_result_clear(struct spawn_result *result);

#endif /* TERCET_BASE_SPAWN_H */
