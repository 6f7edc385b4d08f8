/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bug.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/private.h"

enum {
	DUE_US = 10000,
	DUE_INTERFACE_US = 3000, /* a key is being answered */
	OWED_US = 2000,          /* what a key may find still to be written */
};

enum {
	TRANSACTION_BEGIN,
	TRANSACTION_COMMIT,
	TRANSACTION_ROLLBACK,
	TRANSACTION_STATEMENTS,
};

static const char *const sql[] = {
	[TRANSACTION_BEGIN] = "BEGIN IMMEDIATE",
	[TRANSACTION_COMMIT] = "COMMIT",
	[TRANSACTION_ROLLBACK] = "ROLLBACK",
};

const struct sql_table transaction_sql = { SQL_TRANSACTION,
	TRANSACTION_STATEMENTS, sql };

static bool
run_simple(struct store *store, int which, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &transaction_sql, which, err);

	return stmt && statement_run(store, stmt, err);
}

static void
leave(struct transaction *tx)
{
	struct store *store = tx->store;

	store->tx = NULL;
	tx->store = NULL;
	turn_give(store->home->turn);
	if (store->durable)
		sqlite3_exec(store->db, "PRAGMA synchronous = NORMAL", NULL,
			NULL, NULL);
	store->durable = false;
	tally_reset(&store->tally);
}

static bool
begin(struct store *store, struct transaction *tx, bool durable,
	struct error *err)
{
	store_assert_mine(store);
	ASSERT(!store->tx && !tx->store);
	if (durable && !store_exec(store, "PRAGMA synchronous = FULL", err))
		return false;
	turn_take(store->home->turn, store->role == STORE_INTERFACE);
	tx->began_us = clock_mono_us();
	tx->store = store;
	store->tx = tx;
	store->durable = durable;
	tally_reset(&store->tally);
	if (run_simple(store, TRANSACTION_BEGIN, err))
		return true;
	leave(tx);
	return false;
}

bool
transaction_begin(
	struct store *store, struct transaction *tx, struct error *err)
{
	return begin(store, tx, false, err);
}

bool
transaction_begin_durable(
	struct store *store, struct transaction *tx, struct error *err)
{
	return begin(store, tx, true, err);
}

bool
transaction_commit(struct transaction *tx, struct error *err)
{
	struct store *store = tx->store;

	ASSERT(store && store->tx == tx);
	store_assert_mine(store);
	if (!tally_flush(store, err) ||
		!run_simple(store, TRANSACTION_COMMIT, err)) {
		transaction_end(tx);
		return false;
	}
	leave(tx);
	return true;
}

void
transaction_end(struct transaction *tx)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!tx->store)
		return;
	/* Disk trouble may have rolled it back already. */
	if (!sqlite3_get_autocommit(tx->store->db) &&
		!run_simple(tx->store, TRANSACTION_ROLLBACK, &err))
		log_warning("store", "rollback: %s", err.detail);
	leave(tx);
}

bool
transaction_is_due(const struct transaction *tx)
{
	int64_t owed;
	int64_t spent;

	ASSERT(tx->store);
	owed = tx->store->tally.cost_ns / 1000;
	spent = clock_mono_us() - tx->began_us + owed;
	if (tx->store->role == STORE_INTERFACE && spent >= DUE_INTERFACE_US)
		return true;
	return spent >= DUE_US || owed >= OWED_US ||
	       turn_is_wanted(tx->store->home->turn);
}
