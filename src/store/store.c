/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/thread.h"
#include "store/index.h"
#include "store/migrate.h"
#include "store/private.h"

enum {
	DUE_US = 3000,
	/* Other processes: the interface asks again later instead. */
	BUSY_INTERFACE_MS = 50,
	BUSY_MS = 10000,
};

enum {
	STORE_BEGIN,
	STORE_COMMIT,
	STORE_ROLLBACK,
	STORE_DATA_VERSION,
	STORE_HASH_KEY,
	STORE_TOUCH,
	STORE_INDEX_IDENTITY,
	STORE_STATEMENTS,
};

static const char *const sql[] = {
	[STORE_BEGIN] = "BEGIN IMMEDIATE",
	[STORE_COMMIT] = "COMMIT",
	[STORE_ROLLBACK] = "ROLLBACK",
	[STORE_DATA_VERSION] = "PRAGMA data_version",
	[STORE_HASH_KEY] = "SELECT hash_key FROM store WHERE id = 1",
	[STORE_TOUCH] = "UPDATE store "
			"SET checkpoints = checkpoints + 1 "
			"WHERE id = 1",
	[STORE_INDEX_IDENTITY] = "SELECT index_identity "
				 "FROM store "
				 "WHERE id = 1",
};

const struct sql_table store_sql = { SQL_STORE, STORE_STATEMENTS, sql };

/*
 * No mmap: a failing disk or a file cut short would be a signal there, where
 * read() has an error to give.  A few MB of cache hold the inner pages of a
 * store of any size; the rest is the kernel's.
 */
static const char connection_sql[] = "PRAGMA foreign_keys = ON;"
				     "PRAGMA synchronous = NORMAL;"
				     "PRAGMA wal_autocheckpoint = 0;"
				     "PRAGMA journal_size_limit = 67108864;"
				     "PRAGMA temp_store = MEMORY;"
				     "PRAGMA cell_size_check = ON;"
				     "PRAGMA trusted_schema = OFF;"
				     "PRAGMA secure_delete = FAST;"
				     "PRAGMA cache_size = -4096;";

/* Only a file that is still empty takes these. */
static const char creation_sql[] = "PRAGMA auto_vacuum = INCREMENTAL;"
				   "PRAGMA journal_mode = WAL;";

bool
store_make_file(const char *path, struct error *err)
{
	int fd CLEANUP(closep) =
		open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return error_set_errno(err, ERR_DISK, errno,
			_("Cannot open the mail store %s"), path);
	return true;
}

bool
store_open_file(const char *path, sqlite3 **ret_db, struct error *err)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(path, &db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
			SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
		NULL);

	if (rc != SQLITE_OK) {
		store_error(db, rc, err);
		sqlite3_close(db);
		return false;
	}
	sqlite3_busy_timeout(db, BUSY_MS);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* The last handle of an exiting program makes nobody wait. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	*ret_db = db;
	return true;
}

static bool
exec_on(sqlite3 *db, const char *text, struct error *err)
{
	int rc = sqlite3_exec(db, text, NULL, NULL, NULL);

	return rc == SQLITE_OK || store_error(db, rc, err);
}

static bool
load_hash_key(sqlite3 *db, struct hash_key *ret_key, struct error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql[STORE_HASH_KEY], -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW &&
		sqlite3_column_bytes(stmt, 0) == (int)sizeof(*ret_key)) {
		memcpy(ret_key, sqlite3_column_blob(stmt, 0), sizeof(*ret_key));
		rc = SQLITE_OK;
	} else if (rc == SQLITE_ROW || rc == SQLITE_DONE) {
		rc = SQLITE_CORRUPT;
	}
	if (rc != SQLITE_OK)
		store_error(db, rc, err);
	sqlite3_finalize(stmt);
	return rc == SQLITE_OK;
}

static bool
prepare_file(struct store_home *home, bool *ret_foreign, struct error *err)
{
	sqlite3 *db = NULL;
	bool done;

	*ret_foreign = false;
	if (!store_make_file(home->path, err) ||
		!store_open_file(home->path, &db, err))
		return false;
	done = exec_on(db, connection_sql, err) &&
	       exec_on(db, creation_sql, err) &&
	       migrate_run(db, home->path, ret_foreign, err) &&
	       load_hash_key(db, &home->hash_key, err);
	sqlite3_close(db);
	return done;
}

/* Whole: with the log that belongs to it. */
static bool
set_aside(const char *path, struct error *err)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	long long now = (long long)clock_wall_s();

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char *from CLEANUP(freep) =
			xasprintf("%s%s", path, suffixes[i]);
		char *to CLEANUP(freep) =
			xasprintf("%s.damaged-%lld%s", path, now, suffixes[i]);

		if (rename(from, to) != 0 && errno != ENOENT)
			return error_set_errno(err, ERR_DISK, errno,
				_("Cannot set the damaged store %s aside"),
				path);
	}
	log_error("store", "a damaged store was set aside: %s.damaged-%lld",
		path, now);
	return true;
}

static bool
prepare_or_replace(
	struct store_home *home, bool set_aside_damaged, struct error *err)
{
	bool foreign = false;

	if (prepare_file(home, &foreign, err))
		return true;
	if (err->kind != ERR_STORE || foreign || !set_aside_damaged)
		return false;
	return set_aside(home->path, err) && prepare_file(home, &foreign, err);
}

bool
store_home_open(const char *dir, bool set_aside_damaged,
	struct store_home **ret_home, struct error *err)
{
	struct store_home *home;

	/* Its counters are a lock that every allocation would take. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (!file_make_dir(dir, err))
		return false;
	home = xnew(struct store_home);
	home->dir = xstrdup(dir);
	home->path = file_join(dir, "store.db");
	home->turn = turn_new();
	home->index_turn = turn_new();
	if (!prepare_or_replace(home, set_aside_damaged, err)) {
		store_home_close(home);
		return false;
	}
	*ret_home = home;
	return true;
}

void
store_home_close(struct store_home *home)
{
	if (!home)
		return;
	turn_free(home->turn);
	turn_free(home->index_turn);
	free(home->dir);
	free(home->path);
	free(home);
}

const char *
store_home_dir(const struct store_home *home)
{
	return home->dir;
}

bool
store_open(struct store_home *home, enum store_role role,
	struct store **ret_store, struct error *err)
{
	sqlite3 *db = NULL;
	struct store *store;

	if (!store_open_file(home->path, &db, err))
		return false;
	if (!exec_on(db, connection_sql, err)) {
		sqlite3_close(db);
		return false;
	}
	sqlite3_busy_timeout(
		db, role == STORE_INTERFACE ? BUSY_INTERFACE_MS : BUSY_MS);
	store = xnew(struct store);
	store->home = home;
	store->db = db;
	store->role = role;
	store->thread = thread_self();
	for (size_t i = 0; i < ARRAY_LEN(store->scratch); i++)
		strbuf_init(&store->scratch[i], ROW_TEXT_MAX);
	*ret_store = store;
	return true;
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	store_assert_mine(store);
	ASSERT(!store->tx);
	index_close(store);
	for (int i = 0; i < SQL_FILES; i++)
		statements_free(store, (enum sql_file)i);
	for (size_t i = 0; i < ARRAY_LEN(store->scratch); i++)
		strbuf_clear(&store->scratch[i]);
	tally_clear(&store->tally);
	if (sqlite3_close(store->db) != SQLITE_OK)
		BUG("a statement of the store was left open");
	free(store);
}

static bool
run_simple(struct store *store, int which, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &store_sql, which, err);

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
	if (run_simple(store, STORE_BEGIN, err))
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
	if (!tally_flush(store, err) || !run_simple(store, STORE_COMMIT, err)) {
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
		!run_simple(tx->store, STORE_ROLLBACK, &err))
		log_warning("store", "rollback: %s", err.detail);
	leave(tx);
}

bool
transaction_is_due(const struct transaction *tx)
{
	int64_t spent;

	ASSERT(tx->store);
	spent = clock_mono_us() - tx->began_us +
		tx->store->tally.cost_ns / 1000;
	return spent >= DUE_US || turn_is_wanted(tx->store->home->turn);
}

int64_t
store_data_version(struct store *store)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &store_sql, STORE_DATA_VERSION, &err);

	if (!stmt || statement_step(store, stmt, &err) != STEP_ROW)
		return -1;
	return sqlite3_column_int64(stmt, 0);
}

bool
store_index_identity(struct store *store, int64_t *ret, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &store_sql, STORE_INDEX_IDENTITY, err);

	if (!stmt)
		return false;
	step = statement_step(store, stmt, err);
	*ret = step == STEP_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	return step != STEP_ERROR;
}

/* The first write after a whole checkpoint starts the log anew, and syncs its
 * header to disk: better here than under a key. */
static bool
restart_log(struct store *store, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return transaction_begin(store, &tx, err) &&
	       run_simple(store, STORE_TOUCH, err) &&
	       transaction_commit(&tx, err);
}

static bool
copy_log(struct store *store, int *ret_in_log, int *ret_copied,
	struct error *err)
{
	int rc = sqlite3_wal_checkpoint_v2(store->db, NULL,
		SQLITE_CHECKPOINT_PASSIVE, ret_in_log, ret_copied);

	if (rc == SQLITE_BUSY) {
		*ret_in_log = *ret_copied = 0;
		return true;
	}
	return rc == SQLITE_OK || store_error(store->db, rc, err);
}

/*
 * A writer that never rests keeps the log from being copied whole, and it
 * would grow without end.  Past this size the last stretch is copied with the
 * turn taken; most of it has just been copied without.
 */
enum { LOG_PAGES_MAX = 16 * 1024 };

bool
store_checkpoint(struct store *store, struct error *err)
{
	int in_log = 0;
	int copied = 0;

	store_assert_mine(store);
	if (!copy_log(store, &in_log, &copied, err))
		return false;
	if (copied < in_log && in_log > LOG_PAGES_MAX) {
		bool ok;

		turn_take(store->home->turn, false);
		ok = copy_log(store, &in_log, &copied, err);
		turn_give(store->home->turn);
		if (!ok)
			return false;
	}
	if (in_log <= 1 || copied < in_log)
		return true;
	return restart_log(store, err);
}
