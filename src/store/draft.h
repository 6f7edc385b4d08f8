/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drafts: what is being written, saved at every pause; a crash or a power cut
 * loses nothing that was saved.  The value is compose/draft.h's, which packs
 * it; here it is bytes.
 */
#ifndef TERCET_STORE_DRAFT_H
#define TERCET_STORE_DRAFT_H

#include <stdint.h>

#include "base/array.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "store/store.h"

enum { DRAFT_BYTES_MAX = 32 * 1024 * 1024, DRAFTS_MAX = 1000 };

struct draft_row {
	int64_t id;
	int64_t account;
	int64_t created;
	int64_t changed;
	int64_t outbox;    /* it waits there; 0: it is being written */
	int64_t placement; /* its copy in the Drafts folder; 0: none */
	bool is_kept;      /* that copy says what this says */
	char *subject;     /* or NULL */
};
ARRAY_OF(draft_rows, struct draft_row);
void draft_row_clear(struct draft_row *row);
void draft_rows_clear(struct draft_rows *rows);

/* Makes it (`*id` 0, which becomes its id) or replaces it.  Durable. */
MUST_CHECK bool draft_save(struct store *store, int64_t *id, int64_t account,
	const char *subject, struct slice packed, struct error *err);
/* What is being written, newest first. */
MUST_CHECK bool draft_load_all(
	struct store *store, struct draft_rows *ret_rows, struct error *err);
/* Appends what was packed to `out` (NULL: not wanted). */
enum found draft_load(struct store *store, int64_t id,
	struct draft_row *ret_row, struct strbuf *out, struct error *err);
/* Its copy in the Drafts folder stands there now, made of what was saved at
 * `changed`. */
MUST_CHECK bool draft_kept(struct store *store, int64_t id, int64_t placement,
	int64_t changed, struct error *err);
/* One of the account whose message was sent. */
enum found draft_next_sent(struct store *store, int64_t account,
	struct draft_row *ret_row, struct error *err);
/* Gone for good.  None is fine. */
MUST_CHECK bool draft_drop(struct store *store, int64_t id, struct error *err);

#endif /* TERCET_STORE_DRAFT_H */
