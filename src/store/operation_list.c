/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Activity shows, and what can be done about it there. */
#include "store/operation_list.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/action_row.h"
#include "store/operation_apply.h"
#include "store/operation_settle.h"
#include "store/private.h"
#include "store/transfer.h"

enum { ITEMS_AT_ONCE = 64 };

enum {
	OP_LIST_OPEN,
	OP_LIST_ALL,
	OP_LIST_ONE,
	OP_SUBJECT,
	OP_COUNT,
	OP_LOOK_AT,
	OP_BEGIN_CANCEL,
	OP_END_CANCEL,
	OP_FIND_CANCELLING,
	OP_QUEUED_ITEMS,
	OP_TRY_NOW,
	OP_FAILED_ITEMS,
	OP_DISMISS,
	OP_FAILED,
	OP_STATEMENTS,
};

#define LIST_COLUMNS                                                           \
	"SELECT " OPERATION_COLUMNS ", (SELECT verb FROM action "              \
	"WHERE action.id = operation.action) "

static const char *const sql[] = {
	[OP_LIST_OPEN] =
		LIST_COLUMNS "FROM operation INDEXED BY operation_open "
			     "WHERE state < 5 "
			     "ORDER BY id DESC",
	[OP_LIST_ALL] = LIST_COLUMNS "FROM operation "
				     "WHERE id > 0 "
				     "ORDER BY id DESC "
				     "LIMIT ?",
	[OP_LIST_ONE] = LIST_COLUMNS "FROM operation WHERE id = ?",
	[OP_SUBJECT] = "SELECT m.subject "
		       "FROM operation_item i "
		       "CROSS JOIN message m ON m.id = i.message "
		       "WHERE i.operation = ? "
		       "LIMIT 1",
	[OP_COUNT] = "SELECT account, state, looked_at "
		     "FROM operation INDEXED BY operation_open "
		     "WHERE state < 5",
	[OP_LOOK_AT] = "UPDATE operation SET looked_at = 1 "
		       "WHERE id IN (SELECT id "
		       "FROM operation INDEXED BY operation_open "
		       "WHERE state < 5 AND state = 4 AND looked_at = 0)",
	[OP_BEGIN_CANCEL] = "UPDATE operation SET cancelling = 1 WHERE id = ?",
	[OP_END_CANCEL] = "UPDATE operation SET cancelling = 0 WHERE id = ?",
	[OP_FIND_CANCELLING] = "SELECT id "
			       "FROM operation INDEXED BY operation_cancelling "
			       "WHERE cancelling = 1 "
			       "ORDER BY id "
			       "LIMIT 1",
	[OP_QUEUED_ITEMS] = "SELECT id "
			    "FROM operation_item "
			    "INDEXED BY operation_item_pending "
			    "WHERE account = ? AND operation = ? "
			    "AND state < 3 AND state = 0 "
			    "ORDER BY id DESC "
			    "LIMIT ?",
	[OP_TRY_NOW] = "UPDATE operation SET next_attempt = 0, error = NULL "
		       "WHERE id = ?",
	[OP_FAILED_ITEMS] = "SELECT id, placement, EXISTS "
			    "(SELECT 1 FROM placement p WHERE p.id = target), "
			    "phase "
			    "FROM operation_item "
			    "WHERE operation = ? AND state = 4",
	[OP_DISMISS] = "UPDATE operation "
		       "SET n_items = n_items - n_failed, n_failed = 0 "
		       "WHERE id = ?",
	[OP_FAILED] = "SELECT id "
		      "FROM operation INDEXED BY operation_open "
		      "WHERE state < 5 AND n_failed > 0",
};

const struct sql_table operation_list_sql = { SQL_OPERATION_LIST, OP_STATEMENTS,
	sql };

/* ---- rows ---- */

void
operation_clear(struct operation *operation)
{
	free(operation->keyword);
	free(operation->name);
	free(operation->error);
	*operation = (struct operation){ 0 };
}

void
operations_clear(struct operations *operations)
{
	for (size_t i = 0; i < operations->n; i++)
		operation_clear(&operations->items[i]);
	array_clear(operations);
}

/* As others see it. */
static void
read_row(sqlite3_stmt *stmt, struct operation *ret)
{
	struct operation_row row CLEANUP(operation_row_clear) = { 0 };

	operation_row_read(stmt, &row);
	*ret = (struct operation){
		.id = row.id,
		.action = row.action,
		.account = row.account,
		.kind = row.kind,
		.state = row.state,
		.folder = row.folder,
		.target_folder = row.target_folder,
		.add = row.add,
		.remove = row.remove,
		.keyword = STEAL(row.keyword),
		.keyword_add = row.keyword_add,
		.name = row.name ? STEAL(row.name) : STEAL(row.name_was),
		.n_items = row.n_items,
		.n_left = row.n_left,
		.n_failed = row.n_failed,
		.n_kept = row.n_kept,
		.is_applying = row.rest > 0 && !row.dropped,
		.attempts = (unsigned)row.attempts,
		.created = row.created,
		.next_attempt = row.next_attempt,
		.error = STEAL(row.error),
		.verb = sqlite3_column_int(stmt, OPERATION_COLUMNS_N),
	};
}

bool
operation_load_all(struct store *store, bool finished, size_t max,
	struct operations *ret_operations, struct error *err)
{
	struct operations rows CLEANUP(operations_clear) = { 0 };
	enum step step = STEP_DONE;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(store,
		&operation_list_sql, finished ? OP_LIST_ALL : OP_LIST_OPEN,
		store_int(max), err);

	if (!stmt)
		return false;
	while (rows.n < max &&
		(step = statement_step(store, stmt, err)) == STEP_ROW)
		read_row(stmt, array_add(&rows));
	if (step == STEP_ERROR)
		return false;
	*ret_operations = rows;
	rows = (struct operations){ 0 };
	return true;
}

enum found
operation_load(struct store *store, int64_t id, struct operation *ret_operation,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &operation_list_sql, OP_LIST_ONE, id, err);
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found;
	read_row(stmt, ret_operation);
	return FOUND;
}

bool
operation_subject(struct store *store, const struct operation *operation,
	char **ret_subject, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;

	*ret_subject = NULL;
	if (operation->n_items != 1 || operation->is_applying ||
		operation->kind >= OPERATION_CREATE)
		return true;
	stmt = statement_of(
		store, &operation_list_sql, OP_SUBJECT, operation->id, err);
	if (!stmt)
		return false;
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		*ret_subject = column_text(stmt, 0);
	return step != STEP_ERROR;
}

bool
operation_count(struct store *store, int64_t account,
	struct operation_counts *ret_counts, struct error *err)
{
	struct operation_counts counts = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &operation_list_sql, OP_COUNT, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		bool failed = sqlite3_column_int(stmt, 1) == OPERATION_FAILED;

		if (account && sqlite3_column_int64(stmt, 0) != account)
			continue;
		counts.waiting += !failed;
		counts.failed += failed;
		counts.unseen += failed && !sqlite3_column_int(stmt, 2);
	}
	*ret_counts = counts;
	return step == STEP_DONE;
}

bool
operation_look_at(struct store *store, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &operation_list_sql, OP_LOOK_AT, err);

	store_assert_writing(store);
	return stmt && statement_run(store, stmt, err);
}

/* ---- cancel ---- */

static bool
load_queued_of(struct store *store, int64_t account, int64_t operation,
	struct id_array *ret_ids, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &operation_list_sql, OP_QUEUED_ITEMS, account, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, operation);
	sqlite3_bind_int(stmt, 3, ITEMS_AT_ONCE);
	return statement_collect(store, stmt, ret_ids, err);
}

/* Whoever's turn it is. */
static bool
load_queued(struct store *store, const struct operation_row *row,
	struct id_array *ret_ids, struct error *err)
{
	struct id_array accounts CLEANUP(id_array_clear) = { 0 };

	ret_ids->n = 0;
	if (!route_accounts(store, row, &accounts, err))
		return false;
	for (size_t i = 0; i < accounts.n && ret_ids->n == 0; i++) {
		if (!load_queued_of(
			    store, accounts.items[i], row->id, ret_ids, err))
			return false;
	}
	return true;
}

static bool
cancel_item(struct store *store, int64_t id, struct error *err)
{
	struct item_row item;

	if (item_row_load(store, id, &item, err) != FOUND)
		return err->kind == ERR_NONE;
	/* One that followed another went with it. */
	return item.state != ITEM_QUEUED ||
	       (item_withdraw(store, &item, ITEM_CANCELLED, NULL, err) &&
		       item_row_set_generation(
			       store, &item, item.generation, true, err));
}

/* Newest first, since later ones may build on it. */
static bool
cancel_items(struct transaction *tx, const struct operation_row *row,
	struct error *err)
{
	struct id_array ids CLEANUP(id_array_clear) = { 0 };

	do {
		if (!load_queued(tx->store, row, &ids, err))
			return false;
		for (size_t i = 0; i < ids.n; i++) {
			if (!cancel_item(tx->store, ids.items[i], err))
				return false;
			if (transaction_is_due(tx))
				return true;
		}
	} while (ids.n > 0);
	return statement_run_id(tx->store, &operation_list_sql, OP_END_CANCEL,
		       row->id, err) &&
	       operation_row_settle(tx->store, row->id, err);
}

bool
operation_cancel_some(struct transaction *tx, struct id_array *ret_accounts,
	struct id_array *ret_folders, bool *ret_done, struct error *err)
{
	struct operation_row row CLEANUP(operation_row_clear) = { 0 };
	int64_t id = 0;

	if (statement_ask(tx->store, &operation_list_sql, OP_FIND_CANCELLING, 0,
		    &id, err) == FOUND_ERROR)
		return false;
	*ret_done = id != 0;
	if (!id)
		return true;
	if (operation_row_load(tx->store, id, &row, err) != FOUND)
		return false;
	push_once(ret_folders, row.folder);
	push_once(ret_folders, row.target_folder);
	return route_accounts(tx->store, &row, ret_accounts, err) &&
	       cancel_items(tx, &row, err);
}

enum found
operation_cancel(struct transaction *tx, int64_t id,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	bool *ret_more, struct error *err)
{
	struct store *store = tx->store;
	struct operation_row row CLEANUP(operation_row_clear) = { 0 };
	enum found found;
	bool done;

	store_assert_writing(store);
	ret_accounts->n = ret_folders->n = 0;
	found = operation_row_load(store, id, &row, err);
	if (found != FOUND)
		return found;
	if (row.state > OPERATION_ASKS || row.cancelling)
		return NOT_FOUND;
	if (!statement_run_id(
		    store, &operation_list_sql, OP_BEGIN_CANCEL, id, err) ||
		(row.rest && !rest_end(store, &row, err)) ||
		!operation_cancel_some(
			tx, ret_accounts, ret_folders, &done, err) ||
		!operation_work_waits(store, ret_more, err))
		return FOUND_ERROR;
	return FOUND;
}

/* ---- retry and dismiss ---- */

static bool
dismiss(struct store *store, int64_t id, struct error *err)
{
	return statement_run_id(
		       store, &operation_list_sql, OP_DISMISS, id, err) &&
	       operation_row_settle(store, id, err);
}

/* What is here still to be sent, or only to be taken away, is queued anew.  Of
 * all others the placements, to be tried by another operation. */
static bool
load_failed(struct store *store, const struct operation_row *row,
	struct id_array *ret_placements, struct id_array *ret_kept,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &operation_list_sql, OP_FAILED_ITEMS, row->id, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		int64_t placement = sqlite3_column_int64(stmt, 1);
		bool has_target = sqlite3_column_int(stmt, 2) != 0;
		bool goes_on = !placement ||
			       sqlite3_column_int(stmt, 3) == PHASE_REMOVE;

		if (has_target && goes_on)
			array_push(ret_kept, sqlite3_column_int64(stmt, 0));
		else if (placement)
			array_push(ret_placements, placement);
	}
	return step == STEP_DONE;
}

static bool
queue_again(
	struct store *store, const struct id_array *items, struct error *err)
{
	for (size_t i = 0; i < items->n; i++) {
		struct item_row item;

		if (item_row_load(store, items->items[i], &item, err) !=
				FOUND ||
			!item_row_set_state(store, &item, ITEM_QUEUED, err) ||
			!effect_refresh(store, item.placement, false, err))
			return false;
	}
	return true;
}

static bool
append_again(struct transaction *tx, const struct operation_row *row,
	const struct id_array *placements, int64_t *ret_operation,
	struct error *err)
{
	struct operation_new new = {
		.kind = row->kind,
		.account = row->account,
		.local = row->local,
		.folder = row->folder,
		.target_folder = row->target_folder,
		.add = row->add,
		.remove = row->remove,
		.keyword = row->keyword,
		.keyword_add = row->keyword_add,
	};
	struct selection selection = { SELECT_PLACEMENTS, placements->items,
		placements->n };
	struct operation_made made = { 0 };

	if (!operation_append(tx, row->action, &new, &selection, &made, err))
		return false;
	*ret_operation = made.operation;
	return true;
}

static enum found
retry_failed(struct transaction *tx, const struct operation_row *row,
	int64_t *ret_operation, struct error *err)
{
	struct id_array placements CLEANUP(id_array_clear) = { 0 };
	struct id_array kept CLEANUP(id_array_clear) = { 0 };

	if (!load_failed(tx->store, row, &placements, &kept, err))
		return FOUND_ERROR;
	*ret_operation = row->id;
	if (!queue_again(tx->store, &kept, err))
		return FOUND_ERROR;
	if (placements.n == 0)
		return kept.n ? FOUND : NOT_FOUND;
	return append_again(tx, row, &placements, ret_operation, err) &&
			       dismiss(tx->store, row->id, err)
		       ? FOUND
		       : FOUND_ERROR;
}

enum found
operation_retry(struct transaction *tx, int64_t id, int64_t *ret_operation,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	bool *ret_more, struct error *err)
{
	struct store *store = tx->store;
	struct operation_row row CLEANUP(operation_row_clear) = { 0 };
	enum found found;

	store_assert_writing(store);
	ret_accounts->n = ret_folders->n = 0;
	*ret_operation = 0;
	*ret_more = false;
	found = operation_row_load(store, id, &row, err);
	if (found != FOUND)
		return found;
	if (!route_accounts(store, &row, ret_accounts, err))
		return FOUND_ERROR;
	push_once(ret_folders, row.folder);
	push_once(ret_folders, row.target_folder);
	if (row.n_failed > 0) {
		found = retry_failed(tx, &row, ret_operation, err);
	} else if (row.state != OPERATION_DEFERRED) {
		return NOT_FOUND;
	} else {
		*ret_operation = id;
	}
	if (found != FOUND)
		return found;
	return statement_run_id(store, &operation_list_sql, OP_TRY_NOW, id,
		       err) && operation_row_settle(store, id, err) &&
			       operation_work_waits(store, ret_more, err)
		       ? FOUND
		       : FOUND_ERROR;
}

static bool
load_ids(struct store *store, int which, struct id_array *ret_ids,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &operation_list_sql, which, err);

	return statement_collect(store, stmt, ret_ids, err);
}

enum found
operation_dismiss(struct transaction *tx, int64_t id, struct error *err)
{
	struct id_array ids CLEANUP(id_array_clear) = { 0 };
	bool any = false;

	store_assert_writing(tx->store);
	if (!load_ids(tx->store, OP_FAILED, &ids, err))
		return FOUND_ERROR;
	for (size_t i = 0; i < ids.n; i++) {
		if (id && ids.items[i] != id)
			continue;
		any = true;
		if (!dismiss(tx->store, ids.items[i], err))
			return FOUND_ERROR;
	}
	return any ? FOUND : NOT_FOUND;
}
