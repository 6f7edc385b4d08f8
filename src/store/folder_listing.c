/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders as a server lists them, or as they are made here. */
#include <stdlib.h>

#include "base/array.h"
#include "store/effect.h"
#include "store/folder.h"
#include "store/operation_folder.h"
#include "store/private.h"
#include "store/uid_space.h"

enum {
	LISTING_NEW,
	LISTING_SET_SPACE,
	LISTING_UPDATE,
	LISTING_REMOTE_IDS,
	LISTING_DROP,
	LISTING_DROP_RUNS,
	LISTING_STATEMENTS,
};

static const char *const sql[] = {
	[LISTING_NEW] = "INSERT INTO folder "
			"(account, name, remote, delimiter, role, selectable, "
			"subscribed, server_total, server_unread) "
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[LISTING_SET_SPACE] = "UPDATE folder SET uid_space = ?2 WHERE id = ?1",
	[LISTING_UPDATE] =
		"UPDATE folder "
		"SET name = ?2, delimiter = ?3, role = ?4, selectable = ?5, "
		"subscribed = ?6, server_total = ?7, server_unread = ?8, "
		"pending = iif(pending = 5, 0, pending) "
		"WHERE id = ?1",
	[LISTING_REMOTE_IDS] =
		"SELECT id "
		"FROM folder "
		"WHERE account = ? AND remote IS NOT NULL AND dropped = 0 "
		"AND pending = 0",
	[LISTING_DROP] = "UPDATE folder SET dropped = 1 WHERE id = ?",
	[LISTING_DROP_RUNS] = "DELETE FROM run WHERE kind = 0 AND folder = ?",
};

const struct sql_table folder_listing_sql = { SQL_FOLDER_LISTING,
	LISTING_STATEMENTS, sql };

static bool
make_folder(struct store *store, int64_t account,
	const struct folder_listing *listing, int64_t *ret_id,
	struct error *err)
{
	int64_t space;
	sqlite3_stmt *stmt =
		statement(store, &folder_listing_sql, LISTING_NEW, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
	bind_text(stmt, 2, listing->name);
	if (listing->remote)
		bind_blob(stmt, 3, slice_str(listing->remote));
	else
		sqlite3_bind_null(stmt, 3);
	sqlite3_bind_int(stmt, 4, (unsigned char)listing->delimiter);
	sqlite3_bind_int(stmt, 5, (int)listing->role);
	sqlite3_bind_int(stmt, 6, listing->selectable);
	sqlite3_bind_int(stmt, 7, listing->subscribed);
	sqlite3_bind_int64(stmt, 8, listing->server_total);
	sqlite3_bind_int64(stmt, 9, listing->server_unread);
	if (!statement_run(store, stmt, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(store->db);
	if (!uid_space_new(store, *ret_id, &space, err))
		return false;
	return statement_run_ids(store, &folder_listing_sql, LISTING_SET_SPACE,
		*ret_id, space, err);
}

/* What LIST told of the counts, with what waits; else what was known. */
static bool
count(struct store *store, const struct folder *old,
	const struct folder_listing *listing, int64_t *ret_total,
	int64_t *ret_unread, struct error *err)
{
	int64_t total, unread;

	*ret_total = old->server_total;
	*ret_unread = old->server_unread;
	if (listing->server_total < 0 && listing->server_unread < 0)
		return true;
	if (!effect_ahead(store, old->id, &total, &unread, err))
		return false;
	total += listing->server_total;
	unread += listing->server_unread;
	if (listing->server_total >= 0)
		*ret_total = total > 0 ? total : 0;
	if (listing->server_unread >= 0)
		*ret_unread = unread > 0 ? unread : 0;
	return true;
}

static bool
update_folder(struct store *store, const struct folder *old,
	const struct folder_listing *listing, bool *ret_changed,
	struct error *err)
{
	int64_t total, unread;
	/* What waits to be told is in force. */
	const char *name =
		old->pending & FOLDER_RENAMING ? old->name : listing->name;
	bool subscribed = old->pending & FOLDER_SUBSCRIBING
				  ? old->subscribed
				  : listing->subscribed;
	sqlite3_stmt *stmt;

	if (!count(store, old, listing, &total, &unread, err))
		return false;
	*ret_changed =
		strcmp(old->name, name) != 0 || old->role != listing->role ||
		old->selectable != listing->selectable ||
		old->subscribed != subscribed ||
		old->pending == FOLDER_UNMADE || old->server_total != total ||
		old->server_unread != unread;
	if (!*ret_changed && old->delimiter == listing->delimiter)
		return true;
	stmt = statement(store, &folder_listing_sql, LISTING_UPDATE, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, old->id);
	bind_text(stmt, 2, name);
	sqlite3_bind_int(stmt, 3, (unsigned char)listing->delimiter);
	sqlite3_bind_int(stmt, 4, (int)listing->role);
	sqlite3_bind_int(stmt, 5, listing->selectable);
	sqlite3_bind_int(stmt, 6, subscribed);
	sqlite3_bind_int64(stmt, 7, total);
	sqlite3_bind_int64(stmt, 8, unread);
	return statement_run(store, stmt, err);
}

bool
folder_save_listing(struct store *store, int64_t account,
	const struct folder_listing *listing, int64_t *ret_id,
	bool *ret_changed, struct error *err)
{
	struct folder old CLEANUP(folder_clear) = { 0 };
	bool changed = true;

	store_assert_writing(store);
	switch (listing->remote ? folder_find_remote(store, account,
					  listing->remote, &old, err)
				: folder_find_local(store, account,
					  listing->name, &old, err)) {
	case FOUND:
		if (!update_folder(store, &old, listing, &changed, err))
			return false;
		*ret_id = old.id;
		break;
	case NOT_FOUND:
		if (!make_folder(store, account, listing, ret_id, err))
			return false;
		break;
	case FOUND_ERROR:
		return false;
	}
	if (ret_changed)
		*ret_changed = changed;
	return true;
}

static bool
load_remote_ids(struct store *store, int64_t account, struct id_array *ids,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &folder_listing_sql, LISTING_REMOTE_IDS, account, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		array_push(ids, sqlite3_column_int64(stmt, 0));
	return step == STEP_DONE;
}

bool
folder_drop_others(struct store *store, int64_t account, const int64_t *keep,
	size_t n_keep, bool *ret_changed, struct error *err)
{
	struct id_array kept CLEANUP(id_array_clear) = { 0 };
	struct id_array ids CLEANUP(id_array_clear) = { 0 };
	bool changed = false;

	store_assert_writing(store);
	for (size_t i = 0; i < n_keep; i++)
		array_push(&kept, keep[i]);
	if (kept.n > 1)
		qsort(kept.items, kept.n, sizeof(int64_t), store_compare_ids);
	if (!load_remote_ids(store, account, &ids, err))
		return false;
	for (size_t i = 0; i < ids.n; i++) {
		if (kept.n && bsearch(&ids.items[i], kept.items, kept.n,
				      sizeof(int64_t), store_compare_ids))
			continue;
		if (!statement_run_id(store, &folder_listing_sql, LISTING_DROP,
			    ids.items[i], err) ||
			!statement_run_id(store, &folder_listing_sql,
				LISTING_DROP_RUNS, ids.items[i], err))
			return false;
		changed = true;
	}
	if (ret_changed)
		*ret_changed = changed;
	return true;
}
