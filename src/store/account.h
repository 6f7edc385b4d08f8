/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Account rows: what the store knows of a configured account. */
#ifndef TERCET_STORE_ACCOUNT_H
#define TERCET_STORE_ACCOUNT_H

#include <stddef.h>

#include "store/store.h"

enum account_state {
	ACCOUNT_OFFLINE, /* no network; tries again by itself */
	ACCOUNT_CONNECTING,
	ACCOUNT_SYNCING,
	ACCOUNT_ONLINE, /* in step, watching */
	ACCOUNT_NEEDS_LOGIN,
	ACCOUNT_UNTRUSTED, /* certificate or missing TLS */
	ACCOUNT_DISABLED,  /* :offline */
};

struct account_row {
	int64_t id;
	char *name;
	enum account_state state;
	int64_t state_since; /* seconds */
	int64_t last_sync;   /* seconds; 0 never */
	char *error;         /* sentence for people; or NULL */
	char *capabilities;  /* as the IMAP server spelt them; or NULL */
};

struct account_rows {
	struct account_row *items;
	size_t n;
	size_t cap;
};

void account_row_clear(struct account_row *row);
void account_rows_clear(struct account_rows *rows);

/* In a transaction.  The row of that name, made when missing. */
MUST_CHECK bool account_ensure(struct store *store, const char *name,
	int64_t *ret_id, struct error *err);
MUST_CHECK bool account_load(struct store *store, int64_t id,
	struct account_row *ret_row, struct error *err);
MUST_CHECK bool account_load_all(
	struct store *store, struct account_rows *ret_rows, struct error *err);
/* In a transaction.  `error` NULL clears it. */
MUST_CHECK bool account_save_state(struct store *store, int64_t id,
	enum account_state state, const char *error, struct error *err);
/* In a transaction. */
MUST_CHECK bool account_save_capabilities(struct store *store, int64_t id,
	const char *capabilities, struct error *err);
MUST_CHECK bool account_save_synced(
	struct store *store, int64_t id, int64_t when, struct error *err);

const char *account_state_name(enum account_state state);

#endif /* TERCET_STORE_ACCOUNT_H */
