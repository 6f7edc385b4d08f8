/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/folder.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/place.h"
#include "store/private.h"

enum {
	FOLDER_ALL,
	FOLDER_OF_ACCOUNT,
	FOLDER_BY_ID,
	FOLDER_BY_REMOTE,
	FOLDER_LOCAL_BY_NAME,
	FOLDER_NEW,
	FOLDER_NEW_SPACE,
	FOLDER_SET_SPACE,
	FOLDER_UPDATE,
	FOLDER_REMOTE_IDS,
	FOLDER_DROP,
	FOLDER_DROP_RUNS,
	FOLDER_SAVE_COUNTS,
	FOLDER_SAVE_SYNC,
	FOLDER_FORGET,
	FOLDER_STALE_SPACE,
	FOLDER_STALE_PLACEMENTS,
	FOLDER_DROP_SPACE,
	FOLDER_UIDS,
	FOLDER_STATEMENTS,
};

#define FOLDER_COLUMNS                                                         \
	"SELECT id, account, name, remote, delimiter, role, selectable, "      \
	"subscribed, state, uidvalidity, uidnext, highestmodseq, "             \
	"server_total, server_unread, synced_at, placed, unread, threads, "    \
	"unlinked "                                                            \
	"FROM folder "

static const char *const sql[] = {
	[FOLDER_ALL] = FOLDER_COLUMNS "WHERE dropped = 0",
	[FOLDER_OF_ACCOUNT] =
		FOLDER_COLUMNS "WHERE account = ? AND dropped = 0",
	[FOLDER_BY_ID] = FOLDER_COLUMNS "WHERE id = ? AND dropped = 0",
	[FOLDER_BY_REMOTE] = FOLDER_COLUMNS
	"WHERE account = ? AND remote = ? AND dropped = 0",
	[FOLDER_LOCAL_BY_NAME] = FOLDER_COLUMNS
	"WHERE account = ? AND remote IS NULL AND name = ? AND dropped = 0",
	[FOLDER_NEW] = "INSERT INTO folder "
		       "(account, name, remote, delimiter, role, selectable, "
		       "subscribed, server_total, server_unread) "
		       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[FOLDER_NEW_SPACE] = "INSERT INTO uid_space (folder) VALUES (?)",
	[FOLDER_SET_SPACE] = "UPDATE folder SET uid_space = ?2 WHERE id = ?1",
	[FOLDER_UPDATE] =
		"UPDATE folder "
		"SET name = ?2, delimiter = ?3, role = ?4, selectable = ?5, "
		"subscribed = ?6, server_total = ?7, server_unread = ?8 "
		"WHERE id = ?1",
	[FOLDER_REMOTE_IDS] =
		"SELECT id "
		"FROM folder "
		"WHERE account = ? AND remote IS NOT NULL AND dropped = 0",
	[FOLDER_DROP] = "UPDATE folder SET dropped = 1 WHERE id = ?",
	[FOLDER_DROP_RUNS] = "DELETE FROM run WHERE kind = 0 AND folder = ?",
	[FOLDER_SAVE_COUNTS] =
		"UPDATE folder "
		"SET server_total = ?2, server_unread = ?3 "
		"WHERE id = ?1 AND (server_total <> ?2 OR server_unread <> ?3)",
	[FOLDER_SAVE_SYNC] =
		"UPDATE folder "
		"SET uidvalidity = ?2, uidnext = ?3, highestmodseq = ?4, "
		"state = ?5, synced_at = ?6 "
		"WHERE id = ?1",
	[FOLDER_FORGET] = "UPDATE folder "
			  "SET uid_space = ?2, uidvalidity = 0, uidnext = 0, "
			  "highestmodseq = 0 "
			  "WHERE id = ?1",
	[FOLDER_STALE_SPACE] =
		"SELECT s.id "
		"FROM uid_space s JOIN folder f ON f.id = s.folder "
		"WHERE s.folder = ? AND s.id <> f.uid_space "
		"LIMIT 1",
	[FOLDER_STALE_PLACEMENTS] =
		"SELECT id, message, folder, conversation, received, flags, "
		"linked, hidden "
		"FROM placement "
		"WHERE uid_space = ? AND uid IS NOT NULL "
		"LIMIT 1",
	[FOLDER_DROP_SPACE] = "DELETE FROM uid_space WHERE id = ?",
	[FOLDER_UIDS] = "SELECT p.uid "
			"FROM folder f JOIN placement p "
			"ON p.uid_space = f.uid_space "
			"WHERE f.id = ? AND p.uid IS NOT NULL "
			"ORDER BY p.uid",
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
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement(store,
		&folder_sql, account ? FOLDER_OF_ACCOUNT : FOLDER_ALL, err);

	if (!stmt)
		return false;
	if (account)
		sqlite3_bind_int64(stmt, 1, account);
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
	enum step step = statement_step(store, stmt, err);

	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	*ret_folder = (struct folder){ 0 };
	read_row(stmt, ret_folder);
	return FOUND;
}

enum found
folder_load(struct store *store, int64_t id, struct folder *ret_folder,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &folder_sql, FOLDER_BY_ID, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, id);
	return load_one(store, stmt, ret_folder, err);
}

enum found
folder_find_remote(struct store *store, int64_t account, const char *remote,
	struct folder *ret_folder, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &folder_sql, FOLDER_BY_REMOTE, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, account);
	bind_blob(stmt, 2, slice_str(remote));
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

static enum found
find_listed(struct store *store, int64_t account,
	const struct folder_listing *listing, struct folder *ret_folder,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement(store,
		&folder_sql,
		listing->remote ? FOLDER_BY_REMOTE : FOLDER_LOCAL_BY_NAME, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, account);
	if (listing->remote)
		bind_blob(stmt, 2, slice_str(listing->remote));
	else
		bind_text(stmt, 2, listing->name);
	return load_one(store, stmt, ret_folder, err);
}

static bool
new_space(struct store *store, int64_t folder, int64_t *ret_space,
	struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &folder_sql, FOLDER_NEW_SPACE, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, folder);
	if (!statement_run(store, stmt, err))
		return false;
	*ret_space = sqlite3_last_insert_rowid(store->db);
	return true;
}

static bool
make_folder(struct store *store, int64_t account,
	const struct folder_listing *listing, int64_t *ret_id,
	struct error *err)
{
	int64_t space;
	sqlite3_stmt *stmt = statement(store, &folder_sql, FOLDER_NEW, err);

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
	if (!new_space(store, *ret_id, &space, err))
		return false;
	stmt = statement(store, &folder_sql, FOLDER_SET_SPACE, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, *ret_id);
	sqlite3_bind_int64(stmt, 2, space);
	return statement_run(store, stmt, err);
}

static bool
update_folder(struct store *store, const struct folder *old,
	const struct folder_listing *listing, bool *ret_changed,
	struct error *err)
{
	int64_t total = listing->server_total < 0 ? old->server_total
						  : listing->server_total;
	int64_t unread = listing->server_unread < 0 ? old->server_unread
						    : listing->server_unread;
	sqlite3_stmt *stmt;

	*ret_changed = strcmp(old->name, listing->name) != 0 ||
		       old->role != listing->role ||
		       old->selectable != listing->selectable ||
		       old->subscribed != listing->subscribed ||
		       old->server_total != total ||
		       old->server_unread != unread;
	if (!*ret_changed && old->delimiter == listing->delimiter)
		return true;
	stmt = statement(store, &folder_sql, FOLDER_UPDATE, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, old->id);
	bind_text(stmt, 2, listing->name);
	sqlite3_bind_int(stmt, 3, (unsigned char)listing->delimiter);
	sqlite3_bind_int(stmt, 4, (int)listing->role);
	sqlite3_bind_int(stmt, 5, listing->selectable);
	sqlite3_bind_int(stmt, 6, listing->subscribed);
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
	switch (find_listed(store, account, listing, &old, err)) {
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
run_with_id(struct store *store, int which, int64_t id, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &folder_sql, which, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	return statement_run(store, stmt, err);
}

static int
compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void
id_array_clear(struct id_array *ids)
{
	array_clear(ids);
}

static bool
load_remote_ids(struct store *store, int64_t account, struct id_array *ids,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &folder_sql, FOLDER_REMOTE_IDS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
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
		qsort(kept.items, kept.n, sizeof(int64_t), compare_ids);
	if (!load_remote_ids(store, account, &ids, err))
		return false;
	for (size_t i = 0; i < ids.n; i++) {
		if (kept.n && bsearch(&ids.items[i], kept.items, kept.n,
				      sizeof(int64_t), compare_ids))
			continue;
		if (!run_with_id(store, FOLDER_DROP, ids.items[i], err) ||
			!run_with_id(
				store, FOLDER_DROP_RUNS, ids.items[i], err))
			return false;
		changed = true;
	}
	if (ret_changed)
		*ret_changed = changed;
	return true;
}

bool
folder_save_counts(struct store *store, int64_t folder, int64_t server_total,
	int64_t server_unread, bool *ret_changed, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &folder_sql, FOLDER_SAVE_COUNTS, err);

	store_assert_writing(store);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, folder);
	sqlite3_bind_int64(stmt, 2, server_total);
	sqlite3_bind_int64(stmt, 3, server_unread);
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

bool
folder_forget_uids(struct store *store, int64_t folder, struct error *err)
{
	struct tally_folder *entry;
	sqlite3_stmt *stmt;
	int64_t space;

	store_assert_writing(store);
	entry = tally_folder(store, folder, err);
	if (!entry || !new_space(store, folder, &space, err))
		return false;
	stmt = statement(store, &folder_sql, FOLDER_FORGET, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, folder);
	sqlite3_bind_int64(stmt, 2, space);
	entry->uid_space = space;
	return statement_run(store, stmt, err);
}

/* 0: none. */
static bool
find_stale_space(struct store *store, int64_t folder, int64_t *ret_space,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &folder_sql, FOLDER_STALE_SPACE, err);

	*ret_space = 0;
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, folder);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		*ret_space = sqlite3_column_int64(stmt, 0);
	return step != STEP_ERROR;
}

static enum found
find_stale(struct store *store, int64_t space, struct placement_facts *facts,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &folder_sql, FOLDER_STALE_PLACEMENTS, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, space);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	placement_read_facts(stmt, facts);
	return FOUND;
}

bool
folder_drop_stale(
	struct store *store, int64_t folder, bool *ret_more, struct error *err)
{
	store_assert_writing(store);
	*ret_more = true;
	do {
		struct placement_facts facts;
		int64_t space;

		if (!find_stale_space(store, folder, &space, err))
			return false;
		if (!space) {
			*ret_more = false;
			return true;
		}
		switch (find_stale(store, space, &facts, err)) {
		case FOUND:
			if (!placement_delete(store, &facts, err))
				return false;
			break;
		case NOT_FOUND:
			if (!run_with_id(store, FOLDER_DROP_SPACE, space, err))
				return false;
			break;
		case FOUND_ERROR:
			return false;
		}
	} while (!transaction_is_due(store->tx));
	return true;
}

bool
folder_uids(struct store *store, int64_t folder, struct uidset *ret_uids,
	struct error *err)
{
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &folder_sql, FOLDER_UIDS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, folder);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		uidset_add(&uids, (uint32_t)sqlite3_column_int64(stmt, 0));
	if (step == STEP_ERROR)
		return false;
	*ret_uids = uids;
	uids = (struct uidset)UIDSET_INIT;
	return true;
}
