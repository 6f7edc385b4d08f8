/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operation_folder.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/operation_name.h"
#include "store/operation_settle.h"
#include "store/private.h"

enum {
	FOLDER_SET_PENDING,
	FOLDER_SET_SUBSCRIBED,
	FOLDER_SET_DROPPED,
	FOLDER_DROP_RUNS,
	FOLDER_WAITS,
	FOLDER_INCOMING,
	FOLDER_THERE,
	FOLDER_HOLDS,
	FOLDER_STATEMENTS,
};

static const char *const sql[] = {
	[FOLDER_SET_PENDING] = "UPDATE folder SET pending = ?2 WHERE id = ?1",
	[FOLDER_SET_SUBSCRIBED] = "UPDATE folder SET subscribed = ?2 "
				  "WHERE id = ?1",
	[FOLDER_SET_DROPPED] = "UPDATE folder SET dropped = 1 WHERE id = ?",
	[FOLDER_DROP_RUNS] = "DELETE FROM run WHERE kind = 0 AND folder = ?",
	[FOLDER_WAITS] = "SELECT o.kind "
			 "FROM operation_item i "
			 "INDEXED BY operation_item_pending "
			 "CROSS JOIN operation o ON o.id = i.operation "
			 "WHERE i.account = ? AND i.state < 3 "
			 "AND i.message = 0 AND o.folder = ?",
	[FOLDER_INCOMING] = "SELECT i.id "
			    "FROM operation_item i "
			    "INDEXED BY operation_item_pending "
			    "CROSS JOIN operation o ON o.id = i.operation "
			    "WHERE i.account = ? AND i.state < 3 "
			    "AND i.state = 0 AND i.message > 0 "
			    "AND o.target_folder = ? "
			    "ORDER BY i.id DESC",
	[FOLDER_THERE] = "SELECT 1 FROM folder "
			 "WHERE id = ? AND dropped = 0 AND (pending & 4) = 0",
	[FOLDER_HOLDS] = "SELECT 1 FROM placement "
			 "WHERE folder = ? AND hidden = 0 LIMIT 1",
};

const struct sql_table operation_folder_sql = { SQL_OPERATION_FOLDER,
	FOLDER_STATEMENTS, sql };

bool
folder_is_there(
	struct store *store, int64_t folder, bool *ret_there, struct error *err)
{
	return statement_exists(store, &operation_folder_sql, FOLDER_THERE,
		folder, ret_there, err);
}

/* ---- small changes ---- */

static bool
set_pending(struct store *store, int64_t folder, int pending, struct error *err)
{
	return statement_run_ids(store, &operation_folder_sql,
		FOLDER_SET_PENDING, folder, pending, err);
}

/* What waits for the folder now, as bits. */
static bool
settle_pending(
	struct store *store, int64_t account, int64_t folder, struct error *err)
{
	static const int bits[OPERATION_KINDS] = {
		[OPERATION_CREATE] = FOLDER_CREATING,
		[OPERATION_RENAME] = FOLDER_RENAMING,
		[OPERATION_DELETE_FOLDER] = FOLDER_DELETING,
		[OPERATION_SUBSCRIBE] = FOLDER_SUBSCRIBING,
		[OPERATION_UNSUBSCRIBE] = FOLDER_SUBSCRIBING,
	};
	int pending = 0;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &operation_folder_sql, FOLDER_WAITS, account, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, folder);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		pending |= bits[sqlite3_column_int(stmt, 0) % OPERATION_KINDS];
	return step == STEP_DONE && set_pending(store, folder, pending, err);
}

static bool
set_subscribed(
	struct store *store, int64_t folder, bool subscribed, struct error *err)
{
	return statement_run_ids(store, &operation_folder_sql,
		FOLDER_SET_SUBSCRIBED, folder, subscribed, err);
}

/* ---- effect ---- */

static bool
insert(struct store *store, struct operation_row *row, int64_t inverts,
	struct error *err)
{
	struct item_row item = {
		.account = row->account,
		.generation = row->generation,
		.inverts = inverts,
	};
	bool settling;

	row->inverted = row->generation;
	if (!operation_row_insert(store, row, err))
		return false;
	item.operation = row->id;
	if (!item_row_insert(store, &item, err))
		return false;
	return !row->local ||
	       item_finish(store, row, &item, 0, false, &settling, err);
}

static bool
apply_to(struct store *store, const struct folder *folder,
	const struct operation_row *row, struct error *err)
{
	int pending = folder->pending;

	switch ((int)row->kind) {
	case OPERATION_CREATE:
		return set_pending(store, folder->id, FOLDER_CREATING, err);
	case OPERATION_RENAME:
		return folder_show_name(store, row->account, folder->name,
			row->name, true, err);
	case OPERATION_DELETE_FOLDER:
		return set_pending(
			store, folder->id, pending | FOLDER_DELETING, err);
	case OPERATION_SUBSCRIBE:
	case OPERATION_UNSUBSCRIBE:
		return set_pending(store, folder->id,
			       pending | FOLDER_SUBSCRIBING, err) &&
		       set_subscribed(store, folder->id,
			       row->kind == OPERATION_SUBSCRIBE, err);
	default:
		UNREACHABLE();
	}
}

/* Whether it would change anything. */
static bool
has_effect(const struct folder *folder, const struct operation_row *row,
	bool holds)
{
	bool hidden = folder->pending & FOLDER_DELETING;

	switch ((int)row->kind) {
	case OPERATION_CREATE:
		return hidden || row->inverts == 0;
	case OPERATION_RENAME:
		return !hidden && strcmp(folder->name, row->name) != 0;
	case OPERATION_DELETE_FOLDER:
		/* What takes a CREATE back takes no mail with it. */
		return !hidden && (row->inverts == 0 || !holds);
	case OPERATION_SUBSCRIBE:
		return !hidden && !folder->subscribed;
	case OPERATION_UNSUBSCRIBE:
		return !hidden && folder->subscribed;
	default:
		UNREACHABLE();
	}
}

bool
folder_operation_apply(struct store *store, struct operation_row *row,
	int64_t inverts, bool *ret_applied, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	bool holds = false;

	*ret_applied = false;
	switch (folder_load(store, row->folder, &folder, err)) {
	case FOUND:
		break;
	case NOT_FOUND:
		return true;
	case FOUND_ERROR:
		return false;
	}
	if (!statement_exists(store, &operation_folder_sql, FOLDER_HOLDS,
		    row->folder, &holds, err))
		return false;
	if (!has_effect(&folder, row, holds))
		return true;
	*ret_applied = true;
	if (!row->name_was)
		row->name_was = xstrdup(folder.name);
	if (!row->remote_was)
		row->remote_was = xstrdup_null(folder.remote);
	return apply_to(store, &folder, row, err) &&
	       insert(store, row, inverts, err);
}

/* ---- how it ends ---- */

bool
folder_operation_done(
	struct store *store, const struct operation_row *row, struct error *err)
{
	switch ((int)row->kind) {
	case OPERATION_RENAME:
		/* The bits of what stands below, too. */
		return folder_rename_remote(store, row, err) &&
		       folder_show_name(store, row->account, row->name,
			       row->name, false, err) &&
		       settle_pending(store, row->account, row->folder, err);
	case OPERATION_DELETE_FOLDER:
		if (row->inverts)
			return set_pending(
				store, row->folder, FOLDER_UNMADE, err);
		return statement_run_id(store, &operation_folder_sql,
			       FOLDER_SET_DROPPED, row->folder, err) &&
		       statement_run_id(store, &operation_folder_sql,
			       FOLDER_DROP_RUNS, row->folder, err);
	default:
		return settle_pending(store, row->account, row->folder, err);
	}
}

/* Messages that were to go to a folder which is not made. */
static bool
withdraw_incoming(
	struct store *store, const struct operation_row *row, struct error *err)
{
	struct id_array ids CLEANUP(id_array_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(store,
		&operation_folder_sql, FOLDER_INCOMING, row->account, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, row->folder);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		array_push(&ids, sqlite3_column_int64(stmt, 0));
	if (step == STEP_ERROR)
		return false;
	for (size_t i = 0; i < ids.n; i++) {
		struct item_row item;

		if (item_row_load(store, ids.items[i], &item, err) != FOUND)
			return false;
		if (item.state == ITEM_QUEUED &&
			!item_withdraw(store, &item, ITEM_FAILED,
				_("The folder was not made"), err))
			return false;
	}
	return true;
}

bool
folder_operation_withdrawn(
	struct store *store, const struct operation_row *row, struct error *err)
{
	switch ((int)row->kind) {
	case OPERATION_CREATE:
		return withdraw_incoming(store, row, err) &&
		       set_pending(store, row->folder, FOLDER_UNMADE, err);
	case OPERATION_RENAME:
		return folder_show_name(store, row->account, row->name,
			       row->name_was, false, err) &&
		       settle_pending(store, row->account, row->folder, err);
	case OPERATION_SUBSCRIBE:
	case OPERATION_UNSUBSCRIBE:
		return set_subscribed(store, row->folder,
			       row->kind == OPERATION_UNSUBSCRIBE, err) &&
		       settle_pending(store, row->account, row->folder, err);
	default:
		return settle_pending(store, row->account, row->folder, err);
	}
}

/* ---- appending ---- */

static bool
exists_already(struct error *err, const char *name)
{
	return error_set(
		err, ERR_INVALID, _("There is a folder %s already"), name);
}

/* Its row, new or of one that was taken back. */
static bool
make_row(struct store *store, const struct operation_new *new,
	int64_t *ret_folder, struct error *err)
{
	struct folder old CLEANUP(folder_clear) = { 0 };
	struct folder_listing listing = {
		.name = new->name,
		.remote = new->remote,
		.delimiter = new->delimiter,
		.role = new->role,
		.selectable = true,
		.subscribed = true,
		.server_total = -1,
		.server_unread = -1,
	};
	enum found found = NOT_FOUND;

	if (new->remote)
		found = folder_find_remote(
			store, new->account, new->remote, &old, err);
	if (found == FOUND_ERROR)
		return false;
	if (found == FOUND && old.pending != FOLDER_UNMADE)
		return old.pending & FOLDER_DELETING
			       ? error_set(err, ERR_REFUSED,
					 _("The server has not deleted the "
					   "last folder %s yet"),
					 new->name)
			       : exists_already(err, new->name);
	return folder_save_listing(
		store, new->account, &listing, ret_folder, NULL, err);
}

static bool
check_name(
	struct store *store, const struct operation_new *new, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };

	if (!folder_load_all(store, new->account, &folders, err))
		return false;
	for (size_t i = 0; i < folders.n; i++) {
		if (folders.items[i].id != new->folder &&
			strcmp(folders.items[i].name, new->name) == 0)
			return exists_already(err, new->name);
	}
	return true;
}

/* Renamed, deleted: not the inbox, and nothing else may wait near it. */
static bool
check_quiet(struct store *store, const struct operation_new *new,
	const struct folder *folder, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };
	const int moving = FOLDER_RENAMING | FOLDER_DELETING;

	if (folder->role == ROLE_INBOX)
		return error_set(err, ERR_REFUSED,
			_("The inbox cannot be renamed or deleted"));
	if (!folder_load_all(store, new->account, &folders, err))
		return false;
	for (size_t i = 0; i < folders.n; i++) {
		const struct folder *it = &folders.items[i];

		if (!folder_name_is_within(it->name, folder->name, '/'))
			continue;
		if (it->pending & moving)
			return error_set(err, ERR_REFUSED,
				_("The server has not been told of the last "
				  "change to %s yet"),
				it->name);
		if (new->kind == OPERATION_DELETE_FOLDER &&
			it->id != folder->id)
			return error_set(err, ERR_REFUSED,
				_("Folders stand below %s; delete those first"),
				folder->name);
	}
	return true;
}

static bool
check_change(
	struct store *store, const struct operation_new *new, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	enum found found = folder_load(store, new->folder, &folder, err);

	if (found == NOT_FOUND)
		error_set(err, ERR_STALE, _("The folder is gone"));
	if (found != FOUND)
		return false;
	if (new->kind == OPERATION_SUBSCRIBE ||
		new->kind == OPERATION_UNSUBSCRIBE)
		return true;
	if (!check_quiet(store, new, &folder, err))
		return false;
	if (new->kind != OPERATION_RENAME)
		return true;
	if (folder_name_is_within(new->name, folder.name, '/') &&
		strcmp(new->name, folder.name) != 0)
		return error_set(err, ERR_INVALID,
			_("A folder cannot be moved below itself"));
	return check_name(store, new, err);
}

bool
operation_append_folder(struct transaction *tx, int64_t action,
	const struct operation_new *new, int64_t *ret_folder,
	int64_t *ret_operation, struct error *err)
{
	struct store *store = tx->store;
	struct operation_row row CLEANUP(operation_row_clear) = { 0 };
	bool applied = false;

	store_assert_writing(store);
	ASSERT(new->kind >= OPERATION_CREATE);
	*ret_folder = new->folder;
	*ret_operation = 0;
	if (new->kind == OPERATION_CREATE
			? !check_name(store, new, err) ||
				  !make_row(store, new, ret_folder, err)
			: !check_change(store, new, err))
		return false;
	row = (struct operation_row){
		.action = action,
		.account = new->account,
		.kind = new->kind,
		.local = new->local,
		.folder = *ret_folder,
		.name = xstrdup_null(new->name),
		.name_to = xstrdup_null(new->remote),
	};
	if (!folder_operation_apply(store, &row, 0, &applied, err))
		return false;
	*ret_operation = applied ? row.id : 0;
	return true;
}
