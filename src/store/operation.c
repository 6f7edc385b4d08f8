/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operation.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "store/action_invert.h"
#include "store/action_row.h"
#include "store/operation_apply.h"
#include "store/operation_list.h"
#include "store/operation_rest.h"
#include "store/operation_settle.h"
#include "store/private.h"

enum {
	OP_ANY_WORK,
	OP_STATEMENTS,
};

static const char *const sql[] = {
	[OP_ANY_WORK] = "SELECT EXISTS (SELECT 1 FROM operation "
			"INDEXED BY operation_rest "
			"WHERE rest > 0 AND dropped = 0) "
			"OR EXISTS (SELECT 1 FROM operation "
			"INDEXED BY operation_cancelling "
			"WHERE cancelling = 1) "
			"OR EXISTS (SELECT 1 FROM action "
			"INDEXED BY action_inverting "
			"WHERE inverting = 1)",
};

const struct sql_table operation_sql = { SQL_OPERATION, OP_STATEMENTS, sql };

/* ---- one selection ---- */

struct slicing {
	struct transaction *tx;
	struct applying applying;
	size_t n_tried;
};

static bool
is_due(const struct slicing *it)
{
	return it->n_tried > 0 && transaction_is_due(it->tx);
}

static enum applied
apply_placement(struct slicing *it, int64_t id,
	struct placement_facts *ret_facts, struct error *err)
{
	enum applied applied =
		operation_apply(&it->applying, id, 0, ret_facts, err);

	it->n_tried++;
	it->applying.n_skipped += applied == APPLIED_NOT;
	return applied;
}

/* All that stands in the folder; APPLIED_LATER: not all of it yet. */
static enum applied
apply_conversation(struct slicing *it, int64_t id, struct error *err)
{
	struct id_array members CLEANUP(id_array_clear) = { 0 };
	enum applied whole = APPLIED;

	if (!rest_members(it->applying.store, id,
		    it->applying.operation->folder, &members, err))
		return APPLIED_ERROR;
	for (size_t i = 0; i < members.n; i++) {
		struct placement_facts facts;

		if (is_due(it))
			return APPLIED_LATER;
		switch (apply_placement(it, members.items[i], &facts, err)) {
		case APPLIED:
		case APPLIED_NOT:
			break;
		case APPLIED_LATER:
			whole = APPLIED_LATER;
			break;
		case APPLIED_ERROR:
			return APPLIED_ERROR;
		}
	}
	return whole;
}

static enum applied
apply_id(struct slicing *it, int kind, int64_t id, struct error *err)
{
	struct operation_row *row = it->applying.operation;
	struct placement_facts facts;
	enum applied applied;

	if (kind == SELECT_CONVERSATIONS)
		return apply_conversation(it, id, err);
	applied = apply_placement(it, id, &facts, err);
	if (facts.id) {
		row->rest_from = facts.received;
		row->rest_id = facts.id;
	}
	return applied;
}

/* ---- appending ---- */

static bool
prepare(struct slicing *it, struct transaction *tx, struct operation_row *row,
	struct error *err)
{
	struct action_row action CLEANUP(action_row_clear) = { 0 };

	*it = (struct slicing){
		.tx = tx,
		.applying = {
			.store = tx->store,
			.operation = row,
		},
	};
	switch (action_row_load(tx->store, row->action, &action, err)) {
	case FOUND:
		break;
	case NOT_FOUND:
		return error_set(err, ERR_STALE, _("It is gone"));
	case FOUND_ERROR:
		return false;
	}
	it->applying.generation = action.generation;
	return route_settle(tx->store, row, err);
}

static void
fill_row(struct operation_row *row, int64_t action,
	const struct operation_new *new)
{
	*row = (struct operation_row){
		.action = action,
		.account = new->account,
		.local = new->local,
		.kind = new->kind,
		.folder = new->folder,
		.target_folder = new->target_folder,
		.add = new->add,
		.remove = new->remove,
		.keyword = xstrdup_null(new->keyword),
		.keyword_add = new->keyword_add,
		.name = xstrdup_null(new->name),
		.name_to = xstrdup_null(new->remote),
	};
}

/* How many messages are left: of the first conversation a part may be done,
 * which its row does not say before the transaction ends. */
static bool
count_left(struct slicing *it, const struct id_array *left, uint64_t *ret_n,
	struct error *err)
{
	struct store *store = it->applying.store;
	int64_t folder = it->applying.operation->folder;
	struct id_array members CLEANUP(id_array_clear) = { 0 };

	if (!rest_messages(
		    store, folder, left->items + 1, left->n - 1, ret_n, err) ||
		!rest_members(store, left->items[0], folder, &members, err))
		return false;
	*ret_n += members.n;
	return true;
}

/* What the time allows at once; the rest into `left`. */
static bool
apply_ids(struct slicing *it, const struct selection *selection,
	struct id_array *left, struct error *err)
{
	for (size_t i = 0; i < selection->n; i++) {
		enum applied applied = APPLIED_LATER;

		if (!is_due(it))
			applied = apply_id(
				it, selection->kind, selection->ids[i], err);
		if (applied == APPLIED_ERROR)
			return false;
		if (applied == APPLIED_LATER)
			array_push(left, selection->ids[i]);
	}
	return true;
}

static bool
start_walk(struct store *store, struct operation_row *row,
	const struct selection *selection, struct error *err)
{
	row->rest = selection->kind;
	row->rest_from = INT64_MAX;
	row->rest_id = INT64_MAX;
	return tally_new_id(store, &row->rest_below, err);
}

static bool
is_walk(enum selection_kind kind)
{
	return kind == SELECT_UNREAD || kind == SELECT_FOLDER;
}

/* A slice of the rest; `row->rest` is 0 when it is through. */
static bool
apply_rest(struct slicing *it, struct error *err)
{
	struct operation_row *row = it->applying.operation;
	struct store *store = it->applying.store;
	struct id_array ids CLEANUP(id_array_clear) = { 0 };

	while (row->rest) {
		size_t n = 0;

		if (!rest_load(store, row, &ids, err))
			return false;
		if (ids.n == 0)
			return rest_end(store, row, err);
		for (; n < ids.n && !is_due(it); n++) {
			enum applied applied =
				apply_id(it, row->rest, ids.items[n], err);

			if (applied == APPLIED_ERROR)
				return false;
			if (applied == APPLIED_LATER)
				break;
		}
		if (!rest_advance(store, row, &ids, n, err))
			return false;
		if (n < ids.n)
			return true;
	}
	return true;
}

static bool
append_ids(struct slicing *it, const struct selection *selection,
	uint64_t *ret_waiting, struct error *err)
{
	struct operation_row *row = it->applying.operation;
	struct store *store = it->applying.store;
	struct id_array left CLEANUP(id_array_clear) = { 0 };

	if (!operation_row_insert(store, row, err) ||
		!apply_ids(it, selection, &left, err))
		return false;
	*ret_waiting = left.n;
	if (left.n == 0)
		return true;
	row->rest = selection->kind;
	if (row->rest == SELECT_CONVERSATIONS &&
		!count_left(it, &left, ret_waiting, err))
		return false;
	if (*ret_waiting == 0)
		*ret_waiting = 1;
	return rest_save_ids(store, row, left.items, left.n, err) &&
	       rest_begin(store, row, err);
}

static bool
append_walk(struct slicing *it, const struct selection *selection,
	uint64_t *ret_waiting, struct error *err)
{
	struct operation_row *row = it->applying.operation;
	struct store *store = it->applying.store;

	if (!start_walk(store, row, selection, err) ||
		!operation_row_insert(store, row, err))
		return false;
	/* What was asked for before comes first. */
	if (!it->applying.inverting && it->applying.waiting->n == 0 &&
		!apply_rest(it, err))
		return false;
	*ret_waiting = row->rest ? 1 : 0;
	return true;
}

bool
operation_append(struct transaction *tx, int64_t action,
	const struct operation_new *new, const struct selection *selection,
	struct operation_made *ret_made, struct error *err)
{
	struct operation_row row CLEANUP(operation_row_clear) = { 0 };
	struct operation_rows waiting CLEANUP(operation_rows_clear) = { 0 };
	struct action_row inverting CLEANUP(action_row_clear) = { 0 };
	struct slicing it;
	uint64_t n_waiting = 0;
	enum found found;

	store_assert_writing(tx->store);
	ASSERT(new->kind <= OPERATION_EXPUNGE);
	fill_row(&row, action, new);
	found = action_inverting(tx->store, &inverting, err);
	if (found == FOUND_ERROR ||
		!rest_load_waiting(tx->store, &waiting, err) ||
		!prepare(&it, tx, &row, err))
		return false;
	row.generation = it.applying.generation;
	row.inverted = it.applying.generation;
	it.applying.waiting = &waiting;
	it.applying.inverting = found == FOUND;
	if (!(is_walk(selection->kind)
			    ? append_walk(&it, selection, &n_waiting, err)
			    : append_ids(&it, selection, &n_waiting, err)))
		return false;
	*ret_made = (struct operation_made){
		.operation = it.applying.n || n_waiting ? row.id : 0,
		.n = it.applying.n,
		.n_skipped = it.applying.n_skipped,
		.n_waiting = n_waiting,
	};
	return ret_made->operation
		       ? operation_row_settle(tx->store, row.id, err)
		       : operation_row_delete(tx->store, row.id, err);
}

bool
operation_append_message(struct transaction *tx, int64_t action,
	const struct operation_new *new, int64_t placement,
	int64_t *ret_operation, struct error *err)
{
	struct operation_row row CLEANUP(operation_row_clear) = { 0 };
	struct placement_row placed CLEANUP(placement_row_clear) = { 0 };
	struct item_row item = { .target = placement };
	struct slicing it;
	enum found found;
	bool settling;

	store_assert_writing(tx->store);
	fill_row(&row, action, new);
	row.kind = OPERATION_APPEND;
	row.folder = new->target_folder;
	found = placement_row_load(tx->store, placement, &placed, err);
	if (found == NOT_FOUND)
		error_set(err, ERR_STALE, _("The message is no longer there"));
	if (found != FOUND || !prepare(&it, tx, &row, err))
		return false;
	row.generation = row.inverted = it.applying.generation;
	if (!operation_row_insert(tx->store, &row, err))
		return false;
	item.operation = *ret_operation = row.id;
	item.account = row.account;
	item.message = placed.facts.message;
	item.changed = placed.facts.flags;
	item.generation = it.applying.generation;
	it.applying.n = 1;
	return item_row_insert(tx->store, &item, err) &&
	       (!row.local || item_finish(tx->store, &row, &item, 0, false,
				      &settling, err)) &&
	       operation_row_settle(tx->store, row.id, err);
}

/* ---- in slices ---- */

static bool
apply_waiting(struct transaction *tx, int64_t id, struct id_array *ret_accounts,
	struct id_array *ret_folders, struct error *err)
{
	struct operation_row row CLEANUP(operation_row_clear) = { 0 };
	struct slicing it;

	if (operation_row_load(tx->store, id, &row, err) != FOUND)
		return err->kind == ERR_NONE;
	if (!prepare(&it, tx, &row, err) || !apply_rest(&it, err))
		return false;
	push_once(ret_folders, row.folder);
	push_once(ret_folders, row.target_folder);
	return route_accounts(tx->store, &row, ret_accounts, err) &&
	       operation_row_settle(tx->store, row.id, err);
}

/* The oldest of what was asked for. */
static bool
apply_oldest(struct transaction *tx, struct id_array *ret_accounts,
	struct id_array *ret_folders, struct error *err)
{
	struct operation_rows waiting CLEANUP(operation_rows_clear) = { 0 };
	struct inverted inverted;
	bool done = false;

	if (!action_invert_some(tx, ret_accounts, ret_folders, &inverted, err))
		return false;
	if (inverted.action)
		return true;
	if (!operation_cancel_some(tx, ret_accounts, ret_folders, &done, err))
		return false;
	if (done)
		return true;
	if (!rest_load_waiting(tx->store, &waiting, err))
		return false;
	return waiting.n == 0 || apply_waiting(tx, waiting.items[0].id,
					 ret_accounts, ret_folders, err);
}

bool
operation_work_waits(struct store *store, bool *ret_waits, struct error *err)
{
	int64_t waits = 0;
	enum found found = statement_ask(
		store, &operation_sql, OP_ANY_WORK, 0, &waits, err);

	*ret_waits = waits != 0;
	return found != FOUND_ERROR;
}

bool
operation_apply_some(struct store *store, bool *ret_more,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	*ret_more = false;
	if (!operation_work_waits(store, ret_more, err))
		return false;
	return !*ret_more ||
	       (transaction_begin(store, &tx, err) &&
		       apply_oldest(&tx, ret_accounts, ret_folders, err) &&
		       operation_work_waits(store, ret_more, err) &&
		       transaction_commit(&tx, err));
}
