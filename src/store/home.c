/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's directory and what its handles share. */
#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/damage.h"
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
	done = migrate_run(
		       db, home->path, migrate_latest(), ret_foreign, err) &&
	       load_hash_key(db, &home->hash_key, err);
	sqlite3_close(db);
	return done;
}

/* A new database beside the one that was set aside, with what lived only in
 * that. */
static bool
start_anew(struct store_home *home, const char *aside, struct error *err)
{
	struct store_recovery recovery = { .aside = xstrdup(aside) };
	struct store *store = NULL;
	bool foreign = false;
	bool done = prepare_file(home, &foreign, err) &&
		    store_open(home, STORE_TOOL, &store, err) &&
		    recover_from(store, aside, &recovery, err);

	store_close(store);
	done = done && damage_settle(home, &recovery, err);
	store_recovery_clear(&recovery);
	home->recovered = done;
	return done;
}

/* `*ret_done`: there is a new one. */
static bool
replace_damaged(struct store_home *home, bool *ret_done, struct error *err)
{
	char *aside CLEANUP(freep) = NULL;
	int note CLEANUP(closep) = -1;

	*ret_done = false;
	if (!damage_set_aside(home, &aside, &note, err))
		return false;
	*ret_done = aside != NULL;
	return !aside || start_anew(home, aside, err);
}

static bool
prepare(struct store_home *home, bool set_aside_damaged, struct error *err)
{
	struct error damage CLEANUP(error_clear) = ERROR_INIT;
	bool foreign = false;
	bool done = false;

	if (set_aside_damaged && damage_is_noted(home) &&
		!replace_damaged(home, &done, err))
		return false;
	if (done || prepare_file(home, &foreign, err))
		return true;
	if (err->kind != ERR_STORE || foreign || !set_aside_damaged)
		return false;
	if (replace_damaged(home, &done, &damage))
		return done;
	error_clear(err);
	return error_move(err, &damage);
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
	if (!prepare(home, set_aside_damaged, err)) {
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
