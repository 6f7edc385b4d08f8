/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What folders are called here and at their servers, with those below them: for
 * operations that rename them. */
#ifndef TERCET_STORE_OPERATION_NAME_H
#define TERCET_STORE_OPERATION_NAME_H

#include "base/array.h"
#include "store/operation_row.h"

struct folder_name {
	int64_t id;
	char *name;   /* owned, as is the next */
	char *remote; /* the server's bytes; or NULL */
};
ARRAY_OF(folder_names, struct folder_name);

void folder_names_clear(struct folder_names *names);
/* All of the account. */
MUST_CHECK bool folder_names_load(struct store *store, int64_t account,
	struct folder_names *ret_names, struct error *err);
/* Whether `name` is `top`, or below it. */
bool folder_name_is_within(const char *name, const char *top, char delimiter);

/* In a transaction, both. */

/* Shows another name, and so below it; `waits`: LIST does not know yet. */
MUST_CHECK bool folder_show_name(struct store *store, int64_t account,
	const char *from, const char *to, bool waits, struct error *err);
/* The server renamed it, and what stands below it (RFC 9051 6.3.6). */
MUST_CHECK bool folder_rename_remote(struct store *store,
	const struct operation_row *row, struct error *err);

#endif /* TERCET_STORE_OPERATION_NAME_H */
