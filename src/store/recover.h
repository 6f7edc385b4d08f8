/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recovering: what its two files share. */
#ifndef TERCET_STORE_RECOVER_H
#define TERCET_STORE_RECOVER_H

#include "base/array.h"
#include "store/message.h"
#include "store/private.h"

enum {
	/* Larger ones are no ids of ours. */
	RECOVER_FOLDER_MAX = INT32_MAX,
};
#define RECOVER_ID_MAX ((int64_t)1 << 40)

/* A message that is brought over. */
struct copied {
	int64_t message;
	int had; /* enum message_state */
	int has;
};

/* A folder of the damaged store, and which one its mail goes to. */
struct old_folder {
	int64_t id;
	int64_t into; /* 0: nowhere, since it was dropped */
	bool is_local;
};

struct recovery {
	struct store *old;
	struct store *new;
	bool has_key; /* hashes stay what they are */
	int64_t last_id;
	struct id_array placements; /* that no server has a name for */
	struct id_array served;     /* messages some server has, by further
				       placements; sorted */
	struct id_array targets; /* placements whose message a server is being
				    told to bring there; sorted */
	ARRAY_OF(, struct old_folder) folders;
	ARRAY_OF(, struct copied) copied; /* in the end sorted */
	uint64_t lost;
};

/* Of the damaged store: NULL when it cannot be prepared. */
sqlite3_stmt *recover_statement(struct recovery *it,
	const struct sql_table *table, int which, int64_t id);
/* A row; what cannot be read is not there. */
bool recover_find(struct recovery *it, sqlite3_stmt *stmt);
/* After an error of the new store: it took no such row, which says that this
 * one was not what it should be.  What else it says ends the recovery. */
bool recover_was_refused(struct error *err);

/* ---- recover_row.c; both in a transaction of the new store ---- */

/* The placement with its message, text, folder and account; unless a server has
 * it. */
MUST_CHECK bool recover_placement(
	struct recovery *it, int64_t id, struct error *err);
/* The account's row, with its name where that can be read. */
MUST_CHECK bool recover_account(
	struct recovery *it, int64_t id, struct error *err);
MUST_CHECK bool recover_set_state(struct recovery *it, int64_t message,
	enum message_state state, struct error *err);

/* ---- recover_outbox.c; in transactions of its own ---- */

/* What is being written, and what was not sent: each whole, or not at all. */
MUST_CHECK bool recover_outbox(
	struct recovery *it, uint64_t *ret_n, struct error *err);

#endif /* TERCET_STORE_RECOVER_H */
