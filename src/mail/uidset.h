/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sets of UIDs as sorted ranges (RFC 9051 9, sequence-set).  Memory grows with
 * the number of ranges; hostile sets stop at UIDSET_RANGES_MAX.
 */
#ifndef TERCET_MAIL_UIDSET_H
#define TERCET_MAIL_UIDSET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"

enum { UIDSET_RANGES_MAX = 4 * 1024 * 1024 };

struct uid_range {
	uint32_t first;
	uint32_t last; /* inclusive */
};

struct uidset {
	struct uid_range *ranges; /* ascending, apart by at least two */
	size_t n;
	size_t cap;
};

#define UIDSET_INIT                                                            \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

void uidset_clear(struct uidset *set);
void uidset_add(struct uidset *set, uint32_t uid);
/* Cheap at the high end; in the middle it moves what follows.  False at
 * UIDSET_RANGES_MAX, nothing added. */
bool uidset_add_range(struct uidset *set, uint32_t first, uint32_t last);
bool uidset_has(const struct uidset *set, uint32_t uid);
/* How many UIDs. */
uint64_t uidset_count(const struct uidset *set);
/* Those of `a` that are not in `b`, into an empty `ret`. */
void uidset_minus(
	const struct uidset *a, const struct uidset *b, struct uidset *ret);
/* "1:5,9"; `*` stands for `star` (0: refused); backward ranges are turned. */
MUST_CHECK bool uidset_parse(struct slice text, uint32_t star,
	struct uidset *ret_set, struct error *err);
void uidset_print(const struct uidset *set, struct strbuf *out);
/* Walks ascending: start with `*uid` 0; false at the end. */
bool uidset_next(const struct uidset *set, uint32_t *uid);

#endif /* TERCET_MAIL_UIDSET_H */
