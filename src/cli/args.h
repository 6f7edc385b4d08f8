/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a command line, by tables. */
#ifndef TERCET_CLI_ARGS_H
#define TERCET_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"

/* One option; a table ends with a NULL name. */
struct arg_option {
	const char *name;    /* without the hyphens */
	char letter;         /* short form; 0: none */
	const char *value;   /* what its value is called; NULL: it takes none */
	const char *summary; /* NULL: not in --help nor the manual */
};

struct arg_value {
	const struct arg_option *option;
	const char *value; /* NULL for one without */
};

ARRAY_OF(arg_words, const char *);
ARRAY_OF(arg_values, struct arg_value);

/* Everything borrows from argv. */
struct args {
	struct arg_words words; /* what is no option */
	struct arg_values values;
};

void args_clear(struct args *args);

/* The option of that name, or of that letter when `name` is empty; NULL when
 * no command has one. */
typedef const struct arg_option *args_find(struct slice name, char letter);

/* Whether a word with a hyphen in front is a word all the same, behind those
 * that came so far. */
typedef bool args_is_word(const struct arg_words *words, const char *word);

/*
 * Sorts `argv[0..argc)` into words and options, which may stand anywhere before
 * a lone --.  An option of that name takes a value in every command or in none;
 * whether it belongs to this command is asked later.  ERR_INVALID.
 */
MUST_CHECK bool args_parse(int argc, char *const *argv, args_find *find,
	args_is_word *is_word, struct args *ret_args, struct error *err);

bool args_has(const struct args *args, const char *option);
/* The last value given; NULL: none. */
const char *args_value(const struct args *args, const char *option);
/* A decimal number from 1 to `max`; false with ERR_INVALID naming `what`. */
MUST_CHECK bool args_number(const char *text, const char *what, int64_t max,
	int64_t *ret_number, struct error *err);

#endif /* TERCET_CLI_ARGS_H */
