/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options: what may stand behind a key.  The table in options.c is the only
 * place where one is named; reading, checking, :set, completion and the manual
 * are made from it.
 */
#ifndef TERCET_CONFIG_OPTION_H
#define TERCET_CONFIG_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/error.h"

enum option_scope {
	OPTION_GENERAL, /* a field of struct config */
	OPTION_ACCOUNT, /* a field of struct account_config */
};

enum option_kind {
	OPTION_TEXT,      /* char *, NULL when empty */
	OPTION_NAME,      /* char *: letters, digits, . _ - */
	OPTION_COMMAND,   /* char *: for argv_split() */
	OPTION_PATH,      /* char *: absolute, ~ expanded */
	OPTION_ADDRESS,   /* char * */
	OPTION_ADDRESSES, /* struct string_list: commas between */
	OPTION_URL,       /* struct config_url; `protocol` */
	OPTION_PIN,       /* char *: sha256: and 64 hex digits or base64 */
	OPTION_BOOL,      /* bool */
	OPTION_WORD,      /* an enum: one of `words` */
	OPTION_DAYS,      /* int: a number of days, or one of `words` */
	OPTION_SECONDS,   /* int: a length of time, or one of `words` */
};

/* What has to be done anew when the option changes. */
enum option_affects {
	AFFECTS_NOTHING = 0, /* read when next needed */
	AFFECTS_COLOURS = 1 << 0,
	AFFECTS_KEYS = 1 << 1,
	AFFECTS_LAYOUT = 1 << 2,
	AFFECTS_TERMINAL = 1 << 3, /* mouse, symbols */
	AFFECTS_VIEWER = 1 << 4,
	AFFECTS_SYNC = 1 << 5,    /* the engine: what to keep */
	AFFECTS_SESSION = 1 << 6, /* the account connects again */
};

struct option_word {
	const char *word;
	int value;
};

struct option {
	const char *name;
	enum option_scope scope;
	enum option_kind kind;
	size_t offset;                   /* of the field */
	const struct option_word *words; /* ends with a NULL word; or NULL */
	const char *protocol;            /* OPTION_URL */
	int min;                         /* OPTION_DAYS, OPTION_SECONDS */
	int max;
	const char *value; /* the default, as text; "" for none */
	unsigned affects;  /* enum option_affects, or'ed */
	const char *summary;
};

/* Ends with a NULL name; in the manual's order, general ones first. */
extern const struct option options[];

/* NULL when there is none; names compare without case. */
const struct option *option_find(enum option_scope scope, const char *name);

/*
 * Checks `text` and stores it in the option's field of `base`, a struct config
 * or account_config, freeing what was there.  An empty text stands for the
 * default.  ERR_INVALID says what is wrong and what would be accepted, without
 * a place.
 */
MUST_CHECK bool option_store(const struct option *option, void *base,
	const char *text, struct error *err);

/* Frees the field and zeroes it. */
void option_reset(const struct option *option, void *base);

/* The field as text that option_store() takes; the caller frees. */
char *option_print(const struct option *option, const void *base);

/* What it accepts, as a translated phrase ("yes or no"); the caller frees. */
char *option_accepts(const struct option *option);

/* The value of a word of `option`, or the word of a value (NULL: none). */
const char *option_word_of(const struct option *option, int value);

#endif /* TERCET_CONFIG_OPTION_H */
