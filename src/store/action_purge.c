/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forgetting what nobody can undo any more. */
#include "base/array.h"
#include "store/action.h"
#include "store/effect.h"
#include "store/operation_folder.h"
#include "store/private.h"

enum {
	/* Of those that are no step of undo, the last are kept for Activity. */
	FINAL_KEPT = 100,
	ITEMS_AT_ONCE = 64,
};

enum {
	PURGE_OLDEST,
	PURGE_OLDEST_FINAL,
	PURGE_OPERATION,
	PURGE_ITEMS,
	PURGE_DELETE_ITEM,
	PURGE_DELETE_IDS,
	PURGE_DELETE_OPERATION,
	PURGE_DELETE_ACTION,
	PURGE_DROP_FOLDER,
	PURGE_STATEMENTS,
};

/* The oldest behind so many newer ones, with nothing in it that waits or
 * failed. */
#define OLDEST(kind)                                                           \
	"SELECT a.id "                                                         \
	"FROM action a "                                                       \
	"WHERE a.id < (SELECT id FROM action WHERE " kind                      \
	" ORDER BY id DESC LIMIT 1 OFFSET ?1) "                                \
	"AND a." kind " AND a.inverting = 0 "                                  \
	"AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.action = a.id "     \
	"AND (o.state < 5 OR o.cancelling = 1)) "                              \
	"ORDER BY a.id "                                                       \
	"LIMIT 1"

static const char *const sql[] = {
	[PURGE_OLDEST] = OLDEST("state <> 2"),
	[PURGE_OLDEST_FINAL] = OLDEST("state = 2"),
	[PURGE_OPERATION] = "SELECT id FROM operation WHERE action = ? LIMIT 1",
	[PURGE_ITEMS] = "SELECT i.id, i.placement, "
			"o.kind = 3 AND o.local = 1 AND i.superseded = 0 "
			"AND i.state = 3 "
			"FROM operation o "
			"CROSS JOIN operation_item i ON i.operation = o.id "
			"WHERE o.id = ? "
			"LIMIT ?",
	[PURGE_DELETE_ITEM] = "DELETE FROM operation_item WHERE id = ?",
	[PURGE_DELETE_IDS] = "DELETE FROM operation_ids WHERE operation = ?",
	[PURGE_DELETE_OPERATION] = "DELETE FROM operation WHERE id = ?",
	[PURGE_DELETE_ACTION] = "DELETE FROM action WHERE id = ?",
	[PURGE_DROP_FOLDER] = "UPDATE folder SET dropped = 1 "
			      "WHERE pending = 5 AND id = "
			      "(SELECT folder FROM operation WHERE id = ?)",
};

const struct sql_table action_purge_sql = { SQL_ACTION_PURGE, PURGE_STATEMENTS,
	sql };

/* 0: none. */
static bool
ask_id(struct store *store, int which, int64_t parameter, int64_t *ret_id,
	struct error *err)
{
	*ret_id = 0;
	return statement_ask(store, &action_purge_sql, which, parameter, ret_id,
		       err) != FOUND_ERROR;
}

static bool
run(struct store *store, int which, int64_t id, struct error *err)
{
	return statement_run_id(store, &action_purge_sql, which, id, err);
}

/* What lived only here, and was deleted, goes with the item that hid it. */
static bool
remove_hidden(struct store *store, int64_t placement, struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };

	switch (placement_row_load(store, placement, &row, err)) {
	case FOUND:
		return !row.facts.hidden ||
		       effect_remove(store, placement, err);
	case NOT_FOUND:
		return true;
	case FOUND_ERROR:
		break;
	}
	return false;
}

struct old_item {
	int64_t id;
	int64_t hides; /* placement; 0: none */
};
ARRAY_OF(old_items, struct old_item);

static void
old_items_clear(struct old_items *items)
{
	array_clear(items);
}

static bool
load_items(struct store *store, int64_t operation, struct old_items *ret_items,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &action_purge_sql, PURGE_ITEMS, operation, err);

	if (!stmt)
		return false;
	sqlite3_bind_int(stmt, 2, ITEMS_AT_ONCE);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct old_item *it = array_add(ret_items);

		it->id = sqlite3_column_int64(stmt, 0);
		if (sqlite3_column_int(stmt, 2))
			it->hides = sqlite3_column_int64(stmt, 1);
	}
	return step == STEP_DONE;
}

/* A handful of items, or the operation when there are none left. */
static bool
purge_operation(struct store *store, int64_t operation, struct error *err)
{
	struct old_items items CLEANUP(old_items_clear) = { 0 };

	if (!load_items(store, operation, &items, err))
		return false;
	for (size_t i = 0; i < items.n; i++) {
		if ((items.items[i].hides &&
			    !remove_hidden(store, items.items[i].hides, err)) ||
			!run(store, PURGE_DELETE_ITEM, items.items[i].id, err))
			return false;
	}
	if (items.n)
		return true;
	return run(store, PURGE_DROP_FOLDER, operation, err) &&
	       run(store, PURGE_DELETE_IDS, operation, err) &&
	       run(store, PURGE_DELETE_OPERATION, operation, err);
}

static bool
find_oldest(struct store *store, int64_t *ret_action, struct error *err)
{
	return ask_id(store, PURGE_OLDEST, ACTION_HISTORY_MAX - 1, ret_action,
		       err) &&
	       (*ret_action || ask_id(store, PURGE_OLDEST_FINAL, FINAL_KEPT - 1,
				       ret_action, err));
}

static bool
purge_slice(struct transaction *tx, bool *ret_more, struct error *err)
{
	*ret_more = true;
	do {
		int64_t action = 0;
		int64_t operation = 0;

		if (!find_oldest(tx->store, &action, err))
			return false;
		if (!action) {
			*ret_more = false;
			return true;
		}
		if (!ask_id(tx->store, PURGE_OPERATION, action, &operation,
			    err) ||
			!(operation ? purge_operation(tx->store, operation, err)
				    : run(tx->store, PURGE_DELETE_ACTION,
					      action, err)))
			return false;
	} while (!transaction_is_due(tx));
	return true;
}

bool
action_purge_some(struct store *store, bool *ret_more, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	int64_t action = 0;

	*ret_more = false;
	if (!find_oldest(store, &action, err))
		return false;
	return !action || (transaction_begin(store, &tx, err) &&
				  purge_slice(&tx, ret_more, err) &&
				  transaction_commit(&tx, err));
}
