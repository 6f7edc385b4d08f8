/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folders over all accounts: one inbox, one for what was sent, one for drafts.
 * They exist on the screen only; each row in them stands in a folder of its
 * own account, and what is done to it is done there.
 */
#ifndef TERCET_UI_VIEW_UNIFIED_H
#define TERCET_UI_VIEW_UNIFIED_H

#include "base/array.h"
#include "store/account.h"
#include "store/folder.h"

struct config;

enum { UNIFIED_FOLDERS = 3 };

struct unified {
	/* `id` is below 0, `account` 0; counts are sums. */
	struct folder folder;
	struct id_array of; /* what it is made of; at least two, else none */
};

/* Whether the configuration names the account of this row. */
bool account_is_configured(const struct config *config,
	const struct account_rows *accounts, int64_t account);
/* Of the accounts the configuration names. */
void unified_build(const struct folders *rows,
	const struct account_rows *accounts, const struct config *config,
	struct unified ret[UNIFIED_FOLDERS]);
void unified_clear(struct unified unified[UNIFIED_FOLDERS]);

#endif /* TERCET_UI_VIEW_UNIFIED_H */
