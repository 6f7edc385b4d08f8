/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Undo and redo are the same: whatever is in effect of an action is inverted.
 * An item that no server was told of is taken back; one that was, or may have
 * been, is followed by an item that does the opposite and is inverted in its
 * place next time.  Items bear the generation they were brought to, so that it
 * can be done in slices, and undo be overtaken by redo.
 */
#include "store/action_invert.h"

#include <stdlib.h>

#include "store/action_inverse.h"
#include "store/private.h"

enum { ITEMS_AT_ONCE = 64 };

enum {
	INVERT_END,
	INVERT_LESS,
	INVERT_NEXT_NEW,
	INVERT_NEXT_OLD,
	INVERT_NEXT_AGAIN,
	INVERT_MARK_OPERATION,
	INVERT_LEAVES,
	INVERT_STATEMENTS,
};

static const char *const sql[] = {
	[INVERT_LESS] = "UPDATE action SET n = max(n - ?2, 0) WHERE id = ?1",
	[INVERT_END] = "UPDATE action SET inverting = 0 WHERE id = ?",
	[INVERT_NEXT_NEW] = "SELECT id FROM operation "
			    "WHERE action = ?1 AND inverted < ?2 "
			    "AND generation = ?2 - 1 "
			    "ORDER BY id DESC "
			    "LIMIT 1",
	[INVERT_NEXT_OLD] = "SELECT id FROM operation "
			    "WHERE action = ?1 AND inverted < ?2 "
			    "ORDER BY id DESC "
			    "LIMIT 1",
	[INVERT_NEXT_AGAIN] = "SELECT id FROM operation "
			      "WHERE action = ?1 AND inverted < ?2 "
			      "ORDER BY id "
			      "LIMIT 1",
	[INVERT_MARK_OPERATION] = "UPDATE operation SET inverted = ?2 "
				  "WHERE id = ?1",
	[INVERT_LEAVES] = "SELECT id "
			  "FROM operation_item "
			  "WHERE operation = ? AND superseded = 0 "
			  "AND generation < ? "
			  "ORDER BY generation DESC, id DESC "
			  "LIMIT ?",
};

const struct sql_table action_invert_sql = { SQL_ACTION_INVERT,
	INVERT_STATEMENTS, sql };

static bool
load_leaves(struct inverting *it, struct id_array *ret_ids, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(it->store,
		&action_invert_sql, INVERT_LEAVES, it->operation.id, err);

	ret_ids->n = 0;
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, it->action->generation);
	sqlite3_bind_int(stmt, 3, ITEMS_AT_ONCE);
	return statement_collect(it->store, stmt, ret_ids, err);
}

/* All of an operation's items that the time allows; `*ret_through`: all. */
static bool
invert_operation(struct transaction *tx, struct inverting *it,
	bool *ret_through, struct error *err)
{
	struct id_array ids CLEANUP(id_array_clear) = { 0 };

	*ret_through = false;
	push_once(it->folders, it->operation.folder);
	push_once(it->folders, it->operation.target_folder);
	do {
		if (!load_leaves(it, &ids, err))
			return false;
		for (size_t i = 0; i < ids.n; i++) {
			if (!item_invert(it, ids.items[i], err))
				return false;
			/* What is through is known to be, however long it
			 * took. */
			if (i + 1 < ids.n && transaction_is_due(tx))
				return true;
		}
	} while (ids.n > 0);
	*ret_through = true;
	return statement_run_ids(it->store, &action_invert_sql,
		INVERT_MARK_OPERATION, it->operation.id, it->action->generation,
		err);
}

/* 0: none. */
static bool
find_next(struct inverting *it, int which, int64_t *ret_id, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		it->store, &action_invert_sql, which, it->action->id, err);

	*ret_id = 0;
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, it->action->generation);
	step = statement_step(it->store, stmt, err);
	if (step == STEP_ROW)
		*ret_id = sqlite3_column_int64(stmt, 0);
	return step != STEP_ERROR;
}

/* What was done last is inverted first; but what was taken back is repeated in
 * the order in which it was asked for. */
static bool
next_operation(struct inverting *it, bool *ret_found, struct error *err)
{
	bool undo = it->action->generation % 2 != 0;
	int64_t id = 0;

	operation_row_clear(&it->operation);
	if (!find_next(it, INVERT_NEXT_NEW, &id, err))
		return false;
	if (!id && !find_next(it, undo ? INVERT_NEXT_OLD : INVERT_NEXT_AGAIN,
			   &id, err))
		return false;
	*ret_found = id != 0;
	return !id ||
	       operation_row_load(it->store, id, &it->operation, err) == FOUND;
}

static bool
go_on(struct transaction *tx, struct inverting *it, struct error *err)
{
	bool found = true;

	while (found) {
		bool through = false;

		if (!next_operation(it, &found, err))
			return false;
		if (!found)
			return statement_run_id(it->store, &action_invert_sql,
				INVERT_END, it->action->id, err);
		if (!invert_operation(tx, it, &through, err))
			return false;
		if (!through)
			return true;
	}
	return true;
}

/* Messages of which nothing was inverted are not of the action any more. */
static bool
count_less(struct inverting *it, struct inverted *ret, struct error *err)
{
	int64_t n = 0;

	for (size_t i = 0; i < it->missed.cap; i++) {
		int64_t id = it->missed.slots[i];

		n += id && !id_set_has(&it->turned, id);
	}
	*ret = (struct inverted){
		.action = it->action->id,
		.n_missed = n,
		.nothing = it->turned.n == 0 && (n > 0 || !it->folder_turned),
	};
	return n == 0 || statement_run_ids(it->store, &action_invert_sql,
				 INVERT_LESS, it->action->id, n, err);
}

bool
action_invert_some(struct transaction *tx, struct id_array *ret_accounts,
	struct id_array *ret_folders, struct inverted *ret, struct error *err)
{
	struct action_row action CLEANUP(action_row_clear) = { 0 };
	struct inverting it CLEANUP(inverting_clear) = {
		.store = tx->store,
		.action = &action,
		.accounts = ret_accounts,
		.folders = ret_folders,
	};
	enum found found = action_inverting(tx->store, &action, err);

	*ret = (struct inverted){ 0 };
	if (found != FOUND)
		return found == NOT_FOUND;
	return go_on(tx, &it, err) && count_less(&it, ret, err);
}
