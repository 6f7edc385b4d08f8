/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How folders are looked at. */
#include "store/folder.h"
#include "store/private.h"

enum {
	FOLDER_VIEW_LOAD,
	FOLDER_VIEW_SAVE,
	FOLDER_VIEW_STATEMENTS,
};

static const char *const sql[] = {
	[FOLDER_VIEW_LOAD] = "SELECT threads FROM folder_view WHERE folder = ?",
	[FOLDER_VIEW_SAVE] = "INSERT INTO folder_view (folder, threads) "
			     "VALUES (?1, ?2) "
			     "ON CONFLICT DO UPDATE SET threads = ?2",
};

const struct sql_table folder_view_sql = { SQL_FOLDER_VIEW,
	FOLDER_VIEW_STATEMENTS, sql };

enum found
folder_view_load(struct store *store, int64_t folder, bool *ret_threads,
	struct error *err)
{
	int64_t threads = 0;
	enum found found = statement_ask(store, &folder_view_sql,
		FOLDER_VIEW_LOAD, folder, &threads, err);

	if (found == FOUND)
		*ret_threads = threads != 0;
	return found;
}

bool
folder_view_save(
	struct store *store, int64_t folder, bool threads, struct error *err)
{
	store_assert_writing(store);
	return statement_run_ids(store, &folder_view_sql, FOLDER_VIEW_SAVE,
		folder, threads, err);
}
