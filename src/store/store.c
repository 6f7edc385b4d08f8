/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/thread.h"
#include "store/index.h"
#include "store/private.h"

enum {
	/* Other processes: the interface asks again later instead. */
	BUSY_INTERFACE_MS = 50,
	BUSY_MS = 10000,
};

enum {
	STORE_DATA_VERSION,
	STORE_TOUCH,
	STORE_INDEX_IDENTITY,
	STORE_STATEMENTS,
};

static const char *const sql[] = {
	[STORE_DATA_VERSION] = "PRAGMA data_version",
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

/* What is read there may be anything.  Only with a schema that could be written
 * to does SQLite read a file that is shorter than it says, or of which some
 * tables cannot be made out; the file is open for reading only. */
static const char aside_sql[] = "PRAGMA writable_schema = ON;"
				"PRAGMA cell_size_check = ON;"
				"PRAGMA trusted_schema = OFF;"
				"PRAGMA query_only = ON;";

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

static bool
open_file(const char *path, int mode, sqlite3 **ret_db, struct error *err)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(path, &db,
		mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
			SQLITE_OPEN_EXRESCODE,
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

bool
store_open_file(const char *path, sqlite3 **ret_db, struct error *err)
{
	return open_file(path, SQLITE_OPEN_READWRITE, ret_db, err);
}

bool
store_open_connection(const char *path, sqlite3 **ret_db, struct error *err)
{
	int rc;

	if (!store_open_file(path, ret_db, err))
		return false;
	rc = sqlite3_exec(*ret_db, connection_sql, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		return true;
	store_error(*ret_db, rc, err);
	sqlite3_close(*ret_db);
	return false;
}

static struct store *
new_handle(struct store_home *home, sqlite3 *db, enum store_role role)
{
	struct store *store = xnew(struct store);

	store->home = home;
	store->db = db;
	store->role = role;
	store->thread = thread_self();
	for (size_t i = 0; i < ARRAY_LEN(store->scratch); i++)
		strbuf_init(&store->scratch[i], ROW_TEXT_MAX);
	return store;
}

static int
note_log(void *ctx, sqlite3 *db, const char *name, int pages)
{
	struct store_home *home = ctx;

	(void)db;
	(void)name;
	atomic_store_explicit(&home->log_pages, pages, memory_order_relaxed);
	return SQLITE_OK;
}

bool
store_open(struct store_home *home, enum store_role role,
	struct store **ret_store, struct error *err)
{
	sqlite3 *db = NULL;

	if (!store_open_connection(home->path, &db, err))
		return false;
	sqlite3_busy_timeout(
		db, role == STORE_INTERFACE ? BUSY_INTERFACE_MS : BUSY_MS);
	sqlite3_wal_hook(db, note_log, home);
	*ret_store = new_handle(home, db, role);
	return true;
}

bool
store_open_aside(const char *path, struct store **ret_store, struct error *err)
{
	sqlite3 *db = NULL;

	if (!open_file(path, SQLITE_OPEN_READONLY, &db, err))
		return false;
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	sqlite3_exec(db, aside_sql, NULL, NULL, NULL);
	*ret_store = new_handle(NULL, db, STORE_TOOL);
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

void
store_attend(struct store *store)
{
	turn_attend(store->home->turn);
	turn_attend(store->home->index_turn);
}

bool
store_is_attended(struct store *store)
{
	return turn_is_attended(store->home->turn);
}

const char *
store_dir(const struct store *store)
{
	return store->home->dir;
}

int64_t
store_data_version(struct store *store)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t version = -1;

	if (statement_ask(store, &store_sql, STORE_DATA_VERSION, 0, &version,
		    &err) != FOUND)
		return -1;
	return version;
}

bool
store_index_identity(struct store *store, int64_t *ret, struct error *err)
{
	*ret = 0;
	return statement_ask(store, &store_sql, STORE_INDEX_IDENTITY, 0, ret,
		       err) != FOUND_ERROR;
}

/* The first write after a whole checkpoint starts the log anew, and syncs its
 * header to disk: better here than under a key. */
static bool
restart_log(struct store *store, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return transaction_begin(store, &tx, err) &&
	       statement_run_id(store, &store_sql, STORE_TOUCH, 0, err) &&
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
 * A writer that never rests keeps the log from being copied whole: each copy
 * leaves what was written meanwhile.  Past LOG_PAGES_MAX it is copied again
 * and again, until there is little left to do, and then with the turn taken.
 */
enum {
	LOG_PAGES_LONG = 2 * 1024,
	LOG_PAGES_MAX = 5 * 1024,
	LOG_PAGES_REST = 512,
	COPIES_MAX = 8,
};

bool
store_log_is_long(const struct store_home *home)
{
	return atomic_load_explicit(&home->log_pages, memory_order_relaxed) >
	       LOG_PAGES_LONG;
}

static bool
copy_last(struct store *store, int *ret_in_log, int *ret_copied,
	struct error *err)
{
	bool ok;

	turn_take(store->home->turn, false);
	ok = copy_log(store, ret_in_log, ret_copied, err);
	turn_give(store->home->turn);
	return ok;
}

bool
store_sync_log(struct store *store, struct error *err)
{
	sqlite3_file *log = NULL;
	int rc = sqlite3_file_control(
		store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);

	store_assert_mine(store);
	if (rc == SQLITE_OK && log && log->pMethods)
		rc = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
	return rc == SQLITE_OK || store_error(store->db, rc, err);
}

bool
store_checkpoint(struct store *store, struct error *err)
{
	int in_log = 0;
	int copied = 0;
	int before = 0;

	store_assert_mine(store);
	/* What it finds in the log is what was there when it began. */
	for (int i = 0; i < COPIES_MAX; i++) {
		if (!copy_log(store, &in_log, &copied, err))
			return false;
		if (in_log <= LOG_PAGES_MAX || in_log - before < LOG_PAGES_REST)
			break;
		before = in_log;
	}
	if (in_log > LOG_PAGES_MAX && !copy_last(store, &in_log, &copied, err))
		return false;
	if (in_log <= 1 || copied < in_log)
		return true;
	return restart_log(store, err);
}
