/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What undo and redo take, and how they begin. */
#include <stdlib.h>

#include "base/gettext.h"
#include "store/action_invert.h"
#include "store/action_row.h"
#include "store/operation_rest.h"
#include "store/private.h"

enum {
	UNDO_BEGIN,
	UNDO_SET_STATE,
	UNDO_TOGGLE_REST,
	UNDO_OPERATIONS,
	UNDO_SET_N,
	UNDO_FOLDER_GONE,
	UNDO_EXPUNGES,
	UNDO_CAN_COME_BACK,
	UNDO_WAITS,
	UNDO_STATEMENTS,
};

static const char *const sql[] = {
	[UNDO_BEGIN] = "UPDATE action "
		       "SET state = ?2, generation = generation + 1, "
		       "inverting = 1, changed = "
		       "(SELECT max(changed) + 1 FROM action) "
		       "WHERE id = ?1",
	[UNDO_SET_STATE] = "UPDATE action SET state = ?2 WHERE id = ?1",
	[UNDO_TOGGLE_REST] = "UPDATE operation SET dropped = 1 - dropped "
			     "WHERE action = ? AND rest > 0",
	[UNDO_OPERATIONS] = "SELECT id, account, folder, target_folder, "
			    "kind, n_items - n_failed, "
			    "(SELECT account FROM folder "
			    "WHERE id = target_folder) "
			    "FROM operation "
			    "WHERE action = ?",
	[UNDO_SET_N] = "UPDATE action SET n = ?2 WHERE id = ?1",
	[UNDO_FOLDER_GONE] = "SELECT 1 "
			     "FROM operation o "
			     "CROSS JOIN operation_item i "
			     "ON i.operation = o.id "
			     "WHERE o.action = ? AND o.kind = 7 "
			     "AND o.inverts = 0 "
			     "AND i.superseded = 0 AND i.state IN (1, 3) "
			     "LIMIT 1",
	[UNDO_EXPUNGES] = "SELECT 1 FROM operation "
			  "WHERE action = ? AND kind = 3 AND inverts = 0 "
			  "LIMIT 1",
	/* Something of it can be taken back: what waits, what was hidden
	 * only, what is here whole, and a copy whose source is there; of a
	 * folder nothing once the server has deleted it. */
	[UNDO_CAN_COME_BACK] =
		"SELECT 1 "
		"FROM operation o "
		"CROSS JOIN operation_item i ON i.operation = o.id "
		"LEFT JOIN message m ON m.id = i.message "
		"LEFT JOIN placement p ON p.id = i.placement "
		"LEFT JOIN operation_item b "
		"ON b.id = i.inverts AND b.target > 0 "
		"LEFT JOIN placement c ON c.id = b.placement "
		"WHERE o.action = ? AND i.superseded = 0 "
		"AND i.state <> 4 "
		"AND (o.kind < 5 OR EXISTS ("
		"SELECT 1 FROM folder f "
		"WHERE f.id = o.folder AND f.dropped = 0)) "
		"AND (o.kind <> 3 OR i.state IN (0, 5) "
		"OR p.id IS NOT NULL OR m.state = 2 OR c.id IS NOT NULL) "
		"LIMIT 1",
	[UNDO_WAITS] = "SELECT 1 FROM operation "
		       "WHERE action = ? AND rest > 0 "
		       "LIMIT 1",
};

const struct sql_table action_undo_sql = { SQL_ACTION_UNDO, UNDO_STATEMENTS,
	sql };

enum undoable { UNDOABLE, UNDOABLE_NOT, UNDOABLE_EMPTY, UNDOABLE_ERROR };

/* EMPTY: all of it failed or was cancelled, and nothing is in effect. */
static enum undoable
can_be_undone(struct store *store, int64_t action, struct error *err)
{
	bool gone = false;
	bool expunges = false;
	bool waits = false;
	bool left = false;

	if (!statement_exists(store, &action_undo_sql, UNDO_FOLDER_GONE, action,
		    &gone, err) ||
		!statement_exists(store, &action_undo_sql, UNDO_EXPUNGES,
			action, &expunges, err) ||
		!statement_exists(store, &action_undo_sql, UNDO_WAITS, action,
			&waits, err) ||
		!statement_exists(store, &action_undo_sql, UNDO_CAN_COME_BACK,
			action, &left, err))
		return UNDOABLE_ERROR;
	if (gone)
		return UNDOABLE_NOT;
	if (left || waits)
		return UNDOABLE;
	return expunges ? UNDOABLE_NOT : UNDOABLE_EMPTY;
}

/* An operation of the action that is to be inverted. */
struct share {
	int64_t id;
	int64_t folder;
	int64_t n; /* messages; 0 of operations on folders */
};
ARRAY_OF(shares, struct share);

static void
shares_clear(struct shares *shares)
{
	array_clear(shares);
}

static bool
collect(struct store *store, int64_t action, struct id_array *ret_accounts,
	struct id_array *ret_folders, struct shares *ret_shares,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &action_undo_sql, UNDO_OPERATIONS, action, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct share *share = array_add(ret_shares);

		share->id = sqlite3_column_int64(stmt, 0);
		share->folder = sqlite3_column_int64(stmt, 2);
		if (sqlite3_column_int(stmt, 4) < OPERATION_CREATE)
			share->n = sqlite3_column_int64(stmt, 5);
		push_once(ret_accounts, sqlite3_column_int64(stmt, 1));
		push_once(ret_accounts, sqlite3_column_int64(stmt, 6));
		push_once(ret_folders, share->folder);
		push_once(ret_folders, sqlite3_column_int64(stmt, 3));
	}
	return step == STEP_DONE;
}

/* What waits to be applied counts as well. */
static bool
add_rest(struct store *store, struct share *share, struct error *err)
{
	struct operation_row row CLEANUP(operation_row_clear) = { 0 };
	struct folder folder CLEANUP(folder_clear) = { 0 };
	uint64_t n = 0;

	if (operation_row_load(store, share->id, &row, err) != FOUND ||
		!rest_count(store, &row, &n, err))
		return false;
	if (n && (row.rest == SELECT_UNREAD || row.rest == SELECT_FOLDER)) {
		if (folder_load(store, row.folder, &folder, err) == FOUND_ERROR)
			return false;
		n = (uint64_t)(row.rest == SELECT_UNREAD ? folder.unread
							 : folder.placed);
	}
	share->n += (int64_t)n;
	return true;
}

/* How many messages an action was about: several operations on what stands in
 * one folder are about the same. */
static bool
measure(struct store *store, int64_t action, struct shares *shares,
	struct error *err)
{
	int64_t n = 0;

	for (size_t i = 0; i < shares->n; i++) {
		struct share *it = &shares->items[i];
		int64_t before = 0;

		if (!add_rest(store, it, err))
			return false;
		for (size_t j = 0; j < i; j++) {
			if (shares->items[j].folder == it->folder &&
				shares->items[j].n > before)
				before = shares->items[j].n;
		}
		if (it->n > before)
			n += it->n - before;
	}
	return statement_run_ids(
		store, &action_undo_sql, UNDO_SET_N, action, n ? n : 1, err);
}

/* Undo and redo take it no more. */
static bool
pass_over(struct store *store, int64_t action, struct error *err)
{
	return statement_run_ids(store, &action_undo_sql, UNDO_SET_STATE,
		action, ACTION_FINAL, err);
}

/* Returns false: ERR_REFUSED, as soon as that is written. */
static bool
refuse(struct store *store, struct action *action, const char *why,
	struct error *err)
{
	struct shares shares CLEANUP(shares_clear) = { 0 };
	int64_t missed = action->n_missed;
	int64_t id = action->id;

	if (action->n + missed == 0 &&
		(!collect(store, id, NULL, NULL, &shares, err) ||
			!measure(store, id, &shares, err)))
		return false;
	action_clear(action);
	if (!pass_over(store, id, err) ||
		action_load(store, id, action, err) != FOUND)
		return false;
	action->n_missed = missed;
	return error_set(err, ERR_REFUSED, "%s", why);
}

/* The newest that can be; those that are empty are passed over for good. */
static enum found
find_undoable(struct store *store, struct action *ret_action, struct error *err)
{
	for (;;) {
		enum found found = action_to_undo(store, ret_action, err);
		enum undoable undoable;

		if (found != FOUND)
			return found;
		undoable = can_be_undone(store, ret_action->id, err);
		if (undoable == UNDOABLE)
			return FOUND;
		if (undoable == UNDOABLE_ERROR)
			return FOUND_ERROR;
		if (undoable == UNDOABLE_NOT) {
			refuse(store, ret_action,
				_("the server has deleted it for good"), err);
			return FOUND_ERROR;
		}
		if (!pass_over(store, ret_action->id, err))
			return FOUND_ERROR;
		action_clear(ret_action);
	}
}

/* Nobody deletes for good by pressing a key once more. */
static enum found
find_redoable(struct store *store, struct action *ret_action, struct error *err)
{
	enum found found = action_to_redo(store, ret_action, err);

	if (found != FOUND || ret_action->verb != ACTION_DELETE_FOR_GOOD)
		return found;
	refuse(store, ret_action,
		_("what comes back from being deleted for good is deleted "
		  "again only when asked for"),
		err);
	return FOUND_ERROR;
}

static bool
begin(struct store *store, const struct action_row *action,
	enum action_state state, struct id_array *ret_accounts,
	struct id_array *ret_folders, struct error *err)
{
	struct shares shares CLEANUP(shares_clear) = { 0 };

	if (!collect(store, action->id, ret_accounts, ret_folders, &shares,
		    err) ||
		(action->generation == 0 &&
			!measure(store, action->id, &shares, err)) ||
		!statement_run_ids(store, &action_undo_sql, UNDO_BEGIN,
			action->id, state, err) ||
		!statement_run_id(store, &action_undo_sql, UNDO_TOGGLE_REST,
			action->id, err))
		return false;
	for (size_t i = 0; i < shares.n; i++) {
		if (!operation_row_settle(store, shares.items[i].id, err))
			return false;
	}
	return true;
}

/* Whether nothing at all could be inverted, of what does not wait. */
static bool
is_in_vain(struct store *store, const struct action_row *row,
	const struct inverted *inverted, bool *ret, struct error *err)
{
	struct action_row now CLEANUP(action_row_clear) = { 0 };
	bool waits = false;

	*ret = false;
	if (inverted->action != row->id || !inverted->nothing)
		return true;
	if (action_row_load(store, row->id, &now, err) != FOUND ||
		!statement_exists(store, &action_undo_sql, UNDO_WAITS, row->id,
			&waits, err))
		return false;
	*ret = !waits && !now.inverting;
	return true;
}

static enum found
invert(struct transaction *tx, bool undo, struct action *ret_action,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	bool *ret_more, struct error *err)
{
	struct store *store = tx->store;
	struct action_row row CLEANUP(action_row_clear) = { 0 };
	struct inverted inverted;
	bool in_vain;
	enum found found;

	store_assert_writing(store);
	ret_accounts->n = 0;
	ret_folders->n = 0;
	*ret_more = false;
	found = undo ? find_undoable(store, ret_action, err)
		     : find_redoable(store, ret_action, err);
	if (found != FOUND)
		return found;
	if (action_row_load(store, ret_action->id, &row, err) != FOUND ||
		!begin(store, &row, undo ? ACTION_UNDONE : ACTION_DONE,
			ret_accounts, ret_folders, err) ||
		!action_invert_some(
			tx, ret_accounts, ret_folders, &inverted, err) ||
		!is_in_vain(store, &row, &inverted, &in_vain, err) ||
		!operation_work_waits(store, ret_more, err))
		return FOUND_ERROR;
	action_clear(ret_action);
	if (action_load(store, row.id, ret_action, err) != FOUND)
		return FOUND_ERROR;
	if (inverted.action == row.id)
		ret_action->n_missed = inverted.n_missed;
	if (!in_vain)
		return FOUND;
	refuse(store, ret_action,
		_("its messages are gone, or are as they were before"), err);
	return FOUND_ERROR;
}

enum found
action_undo(struct transaction *tx, struct action *ret_action,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	bool *ret_more, struct error *err)
{
	return invert(
		tx, true, ret_action, ret_accounts, ret_folders, ret_more, err);
}

enum found
action_redo(struct transaction *tx, struct action *ret_action,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	bool *ret_more, struct error *err)
{
	return invert(tx, false, ret_action, ret_accounts, ret_folders,
		ret_more, err);
}
