/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/folder.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/effect.h"
#include "store/private.h"

enum {
	FOLDER_ALL,
	FOLDER_OF_ACCOUNT,
	FOLDER_BY_ID,
	FOLDER_BY_REMOTE,
	FOLDER_LOCAL_BY_NAME,
	FOLDER_SAVE_COUNTS,
	FOLDER_SAVE_SYNC,
	FOLDER_STATEMENTS,
};

#define FOLDER_COLUMNS                                                         \
	"SELECT id, account, name, remote, delimiter, role, selectable, "      \
	"subscribed, state, uidvalidity, uidnext, highestmodseq, "             \
	"server_total, server_unread, synced_at, placed, unread, threads, "    \
	"unlinked, pending "                                                   \
	"FROM folder "

static const char *const sql[] = {
	[FOLDER_ALL] = FOLDER_COLUMNS "WHERE dropped = 0 AND (pending & 4) = 0",
	[FOLDER_OF_ACCOUNT] = FOLDER_COLUMNS
	"WHERE account = ? AND dropped = 0 AND (pending & 4) = 0",
	[FOLDER_BY_ID] = FOLDER_COLUMNS "WHERE id = ? AND dropped = 0",
	[FOLDER_BY_REMOTE] = FOLDER_COLUMNS
	"WHERE account = ? AND remote = ? AND dropped = 0",
	[FOLDER_LOCAL_BY_NAME] = FOLDER_COLUMNS
	"WHERE account = ? AND remote IS NULL AND name = ? AND dropped = 0",
	[FOLDER_SAVE_COUNTS] =
		"UPDATE folder "
		"SET server_total = ?2, server_unread = ?3 "
		"WHERE id = ?1 AND (server_total <> ?2 OR server_unread <> ?3)",
	[FOLDER_SAVE_SYNC] =
		"UPDATE folder "
		"SET uidvalidity = ?2, uidnext = ?3, highestmodseq = ?4, "
		"state = ?5, synced_at = ?6 "
		"WHERE id = ?1",
};

const struct sql_table folder_sql = { SQL_FOLDER, FOLDER_STATEMENTS, sql };

void
folder_clear(struct folder *folder)
{
	free(folder->name);
	free(folder->remote);
	*folder = (struct folder){ 0 };
}

void
folders_clear(struct folders *folders)
{
	for (size_t i = 0; i < folders->n; i++)
		folder_clear(&folders->items[i]);
	array_clear(folders);
}

static void
read_row(sqlite3_stmt *stmt, struct folder *folder)
{
	folder->id = sqlite3_column_int64(stmt, 0);
	folder->account = sqlite3_column_int64(stmt, 1);
	folder->name = column_text_empty(stmt, 2);
	folder->remote = column_blob(stmt, 3);
	folder->delimiter = (char)sqlite3_column_int(stmt, 4);
	folder->role = (enum folder_role)sqlite3_column_int(stmt, 5);
	folder->selectable = sqlite3_column_int(stmt, 6) != 0;
	folder->subscribed = sqlite3_column_int(stmt, 7) != 0;
	folder->state = (enum folder_state)sqlite3_column_int(stmt, 8);
	folder->uidvalidity = (uint32_t)sqlite3_column_int64(stmt, 9);
	folder->uidnext = (uint32_t)sqlite3_column_int64(stmt, 10);
	folder->highestmodseq = (uint64_t)sqlite3_column_int64(stmt, 11);
	folder->server_total = sqlite3_column_int64(stmt, 12);
	folder->server_unread = sqlite3_column_int64(stmt, 13);
	folder->synced_at = sqlite3_column_int64(stmt, 14);
	folder->placed = sqlite3_column_int64(stmt, 15);
	folder->unread = sqlite3_column_int64(stmt, 16);
	folder->threads = sqlite3_column_int64(stmt, 17);
	folder->unlinked = sqlite3_column_int64(stmt, 18);
	folder->pending = sqlite3_column_int(stmt, 19);
}

static int
compare_folders(const void *a, const void *b)
{
	const struct folder *x = a;
	const struct folder *y = b;
	int order;

	if (x->account != y->account)
		return x->account < y->account ? -1 : 1;
	if (role_rank(x->role) != role_rank(y->role))
		return role_rank(x->role) < role_rank(y->role) ? -1 : 1;
	order = ascii_cmp_nocase(x->name, y->name);
	if (order == 0)
		order = strcmp(x->name, y->name);
	if (order == 0)
		order = x->id < y->id ? -1 : x->id > y->id;
	return order;
}

bool
folder_load_all(struct store *store, int64_t account,
	struct folders *ret_folders, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &folder_sql,
			account ? FOLDER_OF_ACCOUNT : FOLDER_ALL, account, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		read_row(stmt, array_add(&folders));
	if (step == STEP_ERROR)
		return false;
	if (folders.n > 1)
		qsort(folders.items, folders.n, sizeof(*folders.items),
			compare_folders);
	*ret_folders = folders;
	folders = (struct folders){ 0 };
	return true;
}

/* One row of a statement whose parameters are bound. */
static enum found
load_one(struct store *store, sqlite3_stmt *stmt, struct folder *ret_folder,
	struct error *err)
{
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found;
	*ret_folder = (struct folder){ 0 };
	read_row(stmt, ret_folder);
	return FOUND;
}

enum found
folder_load(struct store *store, int64_t id, struct folder *ret_folder,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &folder_sql, FOLDER_BY_ID, id, err);

	return load_one(store, stmt, ret_folder, err);
}

enum found
folder_find_remote(struct store *store, int64_t account, const char *remote,
	struct folder *ret_folder, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &folder_sql, FOLDER_BY_REMOTE, account, err);

	if (stmt)
		bind_blob(stmt, 2, slice_str(remote));
	return load_one(store, stmt, ret_folder, err);
}

enum found
folder_find_local(struct store *store, int64_t account, const char *name,
	struct folder *ret_folder, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &folder_sql, FOLDER_LOCAL_BY_NAME, account, err);

	if (stmt)
		bind_text(stmt, 2, name);
	return load_one(store, stmt, ret_folder, err);
}

/* Takes one out of the array. */
static enum found
take(struct folders *folders, size_t at, struct folder *ret_folder)
{
	*ret_folder = folders->items[at];
	folders->items[at] = (struct folder){ 0 };
	return FOUND;
}

enum found
folder_find(struct store *store, int64_t account, const char *name,
	struct folder *ret_folder, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };

	if (!folder_load_all(store, account, &folders, err))
		return FOUND_ERROR;
	for (size_t i = 0; i < folders.n; i++) {
		if (strcmp(folders.items[i].name, name) == 0)
			return take(&folders, i, ret_folder);
	}
	for (size_t i = 0; i < folders.n; i++) {
		if (ascii_eq_nocase(folders.items[i].name, name))
			return take(&folders, i, ret_folder);
	}
	for (size_t i = 0; i < folders.n; i++) {
		const char *remote = folders.items[i].remote;

		if (remote && strcmp(remote, name) == 0)
			return take(&folders, i, ret_folder);
	}
	for (size_t i = 0; i < folders.n; i++) {
		if (folders.items[i].role == ROLE_INBOX &&
			ascii_eq_nocase(name, "INBOX"))
			return take(&folders, i, ret_folder);
	}
	return NOT_FOUND;
}

enum found
folder_find_role(struct store *store, int64_t account, enum folder_role role,
	struct folder *ret_folder, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };

	if (!folder_load_all(store, account, &folders, err))
		return FOUND_ERROR;
	for (size_t i = 0; i < folders.n; i++) {
		if (folders.items[i].role == role)
			return take(&folders, i, ret_folder);
	}
	return NOT_FOUND;
}

bool
folder_save_counts(struct store *store, int64_t folder, int64_t server_total,
	int64_t server_unread, bool *ret_changed, struct error *err)
{
	int64_t total, unread;
	sqlite3_stmt *stmt;

	store_assert_writing(store);
	if (!effect_ahead(store, folder, &total, &unread, err))
		return false;
	stmt = statement(store, &folder_sql, FOLDER_SAVE_COUNTS, err);
	if (!stmt)
		return false;
	total += server_total;
	unread += server_unread;
	sqlite3_bind_int64(stmt, 1, folder);
	sqlite3_bind_int64(stmt, 2, total > 0 ? total : 0);
	sqlite3_bind_int64(stmt, 3, unread > 0 ? unread : 0);
	if (!statement_run(store, stmt, err))
		return false;
	if (ret_changed)
		*ret_changed = sqlite3_changes(store->db) > 0;
	return true;
}

bool
folder_save_sync(struct store *store, int64_t folder,
	const struct folder_sync *sync, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &folder_sql, FOLDER_SAVE_SYNC, err);

	store_assert_writing(store);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, folder);
	sqlite3_bind_int64(stmt, 2, sync->uidvalidity);
	sqlite3_bind_int64(stmt, 3, sync->uidnext);
	sqlite3_bind_int64(stmt, 4, (int64_t)sync->highestmodseq);
	sqlite3_bind_int(stmt, 5, (int)sync->state);
	sqlite3_bind_int64(stmt, 6, clock_wall_s());
	return statement_run(store, stmt, err);
}
