/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file as a list of entries, read by libini_config.  Which keys there are
 * and what they may hold is not known here.
 */
#ifndef TERCET_CONFIG_PARSE_H
#define TERCET_CONFIG_PARSE_H

#include <stdbool.h>

#include "base/array.h"
#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"

enum {
	CONFIG_FILE_LIMIT = 1024 * 1024,
	CONFIG_LINES_LIMIT = 10000,
	CONFIG_ACCOUNTS_LIMIT = 100,
};

/* One key = value, or a section's own line (`key` NULL). */
struct entry {
	char *account; /* NULL in [general] */
	char *key;     /* lower case */
	char *value;
	unsigned line; /* 0: not from a file */
};

ARRAY_OF(entry_array, struct entry);

/*
 * Sections come in the file's order, each followed by its keys.  ERR_INVALID
 * with file and line for what is no INI file of ours, no UTF-8, a section or a
 * key given twice; `path` is only a name.
 */
MUST_CHECK bool parse_entries(const char *path, struct slice text,
	struct entry_array *ret_entries, struct error *err);

void entries_clear(struct entry_array *entries);
/* Copies into an empty array. */
void entries_copy(const struct entry_array *from, struct entry_array *to);
/* Names compare without case; `account` and `key` may be NULL.  NULL: none. */
struct entry *entries_find(const struct entry_array *entries,
	const char *account, const char *key);

#endif /* TERCET_CONFIG_PARSE_H */
