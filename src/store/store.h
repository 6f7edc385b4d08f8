/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store: one SQLite file (WAL) in a directory of mode 0700, and the only
 * room with SQL.
 *
 * A process makes one `struct store_home` for the directory, and each thread
 * opens its own `struct store` from it; a handle may be used by the thread
 * that opened it only.  Reads need no transaction.  Every write happens inside
 * one, and writers of the process take turns: the interface goes first.
 */
#ifndef TERCET_STORE_STORE_H
#define TERCET_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"

struct store_home;
struct store;

enum found { FOUND, NOT_FOUND, FOUND_ERROR };

enum store_role {
	STORE_INTERFACE, /* never checkpoints, its turn comes first */
	STORE_WORKER,
	STORE_HOUSEKEEPER, /* checkpoints */
	STORE_TOOL,        /* a command without the interface */
};

/*
 * Makes the directory when missing and brings the database to this program's
 * schema (a copy is kept aside first).  ERR_STORE: damaged, or newer than this
 * program, which the text says; a damaged file is set aside whole, never
 * deleted, when `set_aside_damaged`.
 */
MUST_CHECK bool store_home_open(const char *dir, bool set_aside_damaged,
	struct store_home **ret_home, struct error *err);
/*
 * What came of the store that was last set aside.  Damage that is met while
 * running is noted, and store_home_open() acts on it at the next start with
 * `set_aside_damaged`, unless another process has the store open: what servers
 * hold is fetched again, what lived only there is brought over.
 */
struct store_recovery {
	bool fresh;  /* by this very store_home_open() */
	char *aside; /* the damaged file's path; owned */
	uint64_t recovered;
	uint64_t in_part; /* without some of their bytes */
	uint64_t lost;    /* known to have been there */
};
void store_recovery_clear(struct store_recovery *recovery);
/* NOT_FOUND: there is none, or the file that was kept is gone. */
enum found store_home_recovery(const struct store_home *home,
	struct store_recovery *ret_recovery, struct error *err);
/* In a sentence or two for people; owned by the caller. */
char *store_recovery_text(const struct store_recovery *recovery);

/* After every handle was closed.  NULL is fine. */
void store_home_close(struct store_home *home);
const char *store_home_dir(const struct store_home *home);

MUST_CHECK bool store_open(struct store_home *home, enum store_role role,
	struct store **ret_store, struct error *err);
void store_close(struct store *store);
/* Of its home; borrowed. */
const char *store_dir(const struct store *store);

/*
 * A scope for writing:
 *
 *	struct transaction tx CLEANUP(transaction_end) = { 0 };
 *
 *	if (!transaction_begin(store, &tx, err) || ... ||
 *		!transaction_commit(&tx, err))
 *		return false;
 *
 * Rolled back unless committed.  Workers keep each under 4 ms: they ask
 * transaction_is_due() between rows, commit and begin again.
 */
struct transaction {
	struct store *store; /* NULL: none open */
	int64_t began_us;
};

MUST_CHECK bool transaction_begin(
	struct store *store, struct transaction *tx, struct error *err);
/* With synchronous=FULL: on disk when it returns from commit. */
MUST_CHECK bool transaction_begin_durable(
	struct store *store, struct transaction *tx, struct error *err);
MUST_CHECK bool transaction_commit(struct transaction *tx, struct error *err);
void transaction_end(struct transaction *tx);
/* 10 ms have passed, much is owed to the end of the transaction, or the
 * interface waits for its turn. */
bool transaction_is_due(const struct transaction *tx);

/*
 * A person presses keys: for the next moment workers do not begin to write,
 * though never for long.  Any thread; waits for nothing.
 */
void store_attend(struct store *store);
/* Whether one pressed a key within the last second. */
bool store_is_attended(struct store *store);

/* Housekeeper: brings the WAL to disk, and no more; nobody waits for it. */
MUST_CHECK bool store_sync_log(struct store *store, struct error *err);
/* Housekeeper: brings the WAL to disk and checkpoints what it can.  Writers
 * wait only for the end of it, the length of an fsync or two. */
MUST_CHECK bool store_checkpoint(struct store *store, struct error *err);
/*
 * Whether the log has grown so long that it should be checkpointed now: who
 * opens the store next reads all that was not.  From any thread.
 */
bool store_log_is_long(const struct store_home *home);
/* Changes whenever another connection, of any process, has written. */
int64_t store_data_version(struct store *store);

/* Integrity and invariants, for doctor and tests: calls `say` for each fault
 * in English; true when it could look. */
MUST_CHECK bool store_check(struct store *store, bool thorough,
	void (*say)(void *ctx, const char *fault), void *ctx,
	uint64_t *ret_faults, struct error *err);

#endif /* TERCET_STORE_STORE_H */
