/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's directory and what its handles share. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/migrate.h"
#include "store/private.h"

static bool
load_hash_key(sqlite3 *db, struct hash_key *ret_key, struct error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(
		db, "SELECT hash_key FROM store WHERE id = 1", -1, &stmt, NULL);

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
		!store_open_connection(home->path, &db, err))
		return false;
	done = migrate_run(db, home->path, ret_foreign, err) &&
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
