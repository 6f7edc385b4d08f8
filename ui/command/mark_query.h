/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What `*` is asked to mark: words that stand in subject or people, and
 * from: to: subject: list: label: is: has: older: newer: larger:.  All must
 * fit; a minus in front turns one round.  Pure.
 */
#ifndef TERCET_UI_COMMAND_MARK_QUERY_H
#define TERCET_UI_COMMAND_MARK_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"

struct pick_message;

enum { MARK_QUERY_TERMS_MAX = 32 };

struct mark_term {
	int kind; /* of the file's own table */
	bool negated;
	char *text;
	uint32_t set;   /* of enum flag: these bits are set ... */
	uint32_t clear; /* ... and these are not */
	int64_t number; /* a time or a size */
};

struct mark_query {
	struct mark_term terms[MARK_QUERY_TERMS_MAX];
	int n;
};

void mark_query_clear(struct mark_query *query);
/* ERR_INVALID says which word was not understood and what there is. */
MUST_CHECK bool mark_query_parse(const char *text, int64_t now_s,
	struct mark_query *ret_query, struct error *err);
bool mark_query_fits(
	const struct mark_query *query, const struct pick_message *message);
/* Its words and their beginnings, for completion: NULL past the last. */
const char *mark_query_word(size_t i);

#endif /* TERCET_UI_COMMAND_MARK_QUERY_H */
