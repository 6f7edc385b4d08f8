/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal's part of store_check(). */
#ifndef TERCET_STORE_CHECK_JOURNAL_H
#define TERCET_STORE_CHECK_JOURNAL_H

#include "store/store.h"

/* In a transaction that sees one state: calls `say` for each fault. */
MUST_CHECK bool check_journal(struct store *store,
	void (*say)(void *ctx, const char *fault), void *ctx,
	struct error *err);

#endif /* TERCET_STORE_CHECK_JOURNAL_H */
