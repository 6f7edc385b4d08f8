/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/private.h"
#include "store/schema_sql.h"

static bool
exec(sqlite3 *db, const char *sql, struct error *err)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK || store_error(db, rc, err);
}

static void
finalizep(sqlite3_stmt **stmt)
{
	sqlite3_finalize(*stmt);
}

static bool
ask_int(sqlite3 *db, const char *sql, int *ret, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(finalizep) = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc != SQLITE_ROW)
		return store_error(db, rc, err);
	*ret = sqlite3_column_int(stmt, 0);
	return true;
}

static bool
ask_is_wal(sqlite3 *db, bool *ret, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(finalizep) = NULL;
	int rc = sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc != SQLITE_ROW)
		return store_error(db, rc, err);
	*ret = slice_eq(column_slice(stmt, 0), slice_str("wal"));
	return true;
}

static bool
set_pragma(sqlite3 *db, const char *name, int value, struct error *err)
{
	char sql[80];

	snprintf(sql, sizeof(sql), "PRAGMA %s = %d", name, value);
	return exec(db, sql, err);
}

static bool
make_store_row(sqlite3 *db, struct error *err)
{
	static const char sql[] = "INSERT INTO store "
				  "(id, hash_key, next_id, index_identity, "
				  "checkpoints) "
				  "VALUES (1, ?, 1, 0, 0)";
	struct hash_key key = hash_key_random();
	sqlite3_stmt *stmt CLEANUP(finalizep) = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_blob(
			stmt, 1, &key, sizeof(key), SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	return rc == SQLITE_DONE || store_error(db, rc, err);
}

static bool
step_up(sqlite3 *db, int version, struct error *err)
{
	return exec(db, schemas[version], err) &&
	       (version > 0 || make_store_row(db, err)) &&
	       set_pragma(db, "user_version", version + 1, err) &&
	       set_pragma(db, "application_id", STORE_APPLICATION_ID, err);
}

/* The schema version, once the file is known to be ours or empty. */
static bool
read_version(
	sqlite3 *db, int *ret_version, bool *ret_foreign, struct error *err)
{
	int application = 0;
	int version = 0;
	int tables = 0;

	if (!ask_int(db, "PRAGMA application_id", &application, err) ||
		!ask_int(db, "PRAGMA user_version", &version, err) ||
		!ask_int(
			db, "SELECT count(*) FROM sqlite_schema", &tables, err))
		return false;
	if (application != STORE_APPLICATION_ID &&
		(application != 0 || version != 0 || tables != 0)) {
		*ret_foreign = true;
		return error_set(err, ERR_STORE,
			_("The mail store's file belongs to another program"));
	}
	if (version > migrate_latest()) {
		*ret_foreign = true;
		return error_set(err, ERR_STORE,
			_("The mail store was written by a newer tercet; this "
			  "one is too old for it"));
	}
	*ret_version = version;
	return true;
}

/* "VACUUM INTO" would read all of it into a new shape; a backup copies pages.
 */
static bool
copy_pages(sqlite3 *db, const char *to, struct error *err)
{
	sqlite3 *copy = NULL;
	sqlite3_backup *backup = NULL;
	int rc = sqlite3_open_v2(to, &copy,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
			SQLITE_OPEN_NOMUTEX,
		NULL);

	if (rc == SQLITE_OK)
		backup = sqlite3_backup_init(copy, "main", db, "main");
	if (backup) {
		do {
			rc = sqlite3_backup_step(backup, 1000);
		} while (rc == SQLITE_OK || rc == SQLITE_BUSY ||
			 rc == SQLITE_LOCKED);
		sqlite3_backup_finish(backup);
	}
	if (rc != SQLITE_DONE)
		store_error(copy, rc == SQLITE_OK ? SQLITE_ERROR : rc, err);
	sqlite3_close(copy);
	return rc == SQLITE_DONE;
}

static bool
keep_copy(sqlite3 *db, const char *path, int version, struct error *err)
{
	char *to CLEANUP(freep) = xasprintf("%s.before-%d", path, version + 1);
	struct statvfs disk;
	struct stat st;

	if (stat(to, &st) == 0)
		return true;
	if (stat(path, &st) == 0 && statvfs(path, &disk) == 0 &&
		(uint64_t)disk.f_bavail * disk.f_frsize <
			2 * (uint64_t)st.st_size)
		return error_set(err, ERR_DISK,
			_("There is too little space to bring the mail store "
			  "to this version of tercet; %llu MB are needed"),
			(unsigned long long)st.st_size / 500000 + 1);
	if (copy_pages(db, to, err))
		return true;
	unlink(to);
	return false;
}

int
migrate_latest(void)
{
	return (int)ARRAY_LEN(schemas);
}

/* The file's own settings, which are asked for first: setting one takes the
 * write lock even where nothing changes. */
static bool
prepare_settings(sqlite3 *db, int version, struct error *err)
{
	bool is_wal = false;

	/* Only a file that is still empty takes this. */
	if (version == 0 && !exec(db, "PRAGMA auto_vacuum = INCREMENTAL", err))
		return false;
	return ask_is_wal(db, &is_wal, err) &&
	       (is_wal || exec(db, "PRAGMA journal_mode = WAL", err));
}

static bool
step_in_transaction(
	sqlite3 *db, int target, bool *ret_foreign, struct error *err)
{
	int version = 0;

	if (!exec(db, "BEGIN IMMEDIATE", err))
		return false;
	/* Another process may have been quicker. */
	if (read_version(db, &version, ret_foreign, err) &&
		(version >= target || step_up(db, version, err)) &&
		exec(db, "COMMIT", err))
		return true;
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

bool
migrate_run(sqlite3 *db, const char *path, int target, bool *ret_foreign,
	struct error *err)
{
	int version = 0;

	*ret_foreign = false;
	if (!read_version(db, &version, ret_foreign, err) ||
		!prepare_settings(db, version, err))
		return false;
	if (version > 0 && version < target &&
		!keep_copy(db, path, version, err))
		return false;
	while (version < target) {
		if (!step_in_transaction(db, target, ret_foreign, err) ||
			!read_version(db, &version, ret_foreign, err))
			return false;
	}
	return true;
}
