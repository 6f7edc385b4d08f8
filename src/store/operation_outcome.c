/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of items that were sent. */
#include <stdlib.h>

#include "store/operation_settle.h"
#include "store/private.h"

enum {
	OUTCOME_UIDVALIDITY,
	OUTCOME_DEFER,
	OUTCOME_TRY,
	OUTCOME_ATTEMPT,
	OUTCOME_FLOOR,
	OUTCOME_STATEMENTS,
};

static const char *const sql[] = {
	[OUTCOME_UIDVALIDITY] = "SELECT uidvalidity FROM folder WHERE id = ?",
	[OUTCOME_DEFER] = "UPDATE operation "
			  "SET attempts = attempts + 1, next_attempt = ?2, "
			  "error = ?3 "
			  "WHERE id = ?1",
	[OUTCOME_ATTEMPT] = "UPDATE operation SET attempts = attempts + 1 "
			    "WHERE id = ?",
	[OUTCOME_TRY] = "UPDATE operation SET next_attempt = 0 WHERE id = ?",
	/* What comes now is newer than all that is known. */
	[OUTCOME_FLOOR] = "UPDATE operation_item "
			  "SET uid_floor = (SELECT uidnext FROM folder "
			  "WHERE id = ?2) "
			  "WHERE id = ?1",
};

const struct sql_table operation_outcome_sql = { SQL_OPERATION_OUTCOME,
	OUTCOME_STATEMENTS, sql };

/* What one call is about; an item after the other. */
struct outcome {
	struct store *store;
	struct operation_row operation; /* of the last item */
	/* its target folder's, read once */
	int64_t folder;
	uint32_t uidvalidity;
	/* what is done with each */
	bool (*one)(struct outcome *it, struct item_row *item, size_t at,
		struct error *err);
	const struct operation_outcome *outcomes;
	const char *text;
	int64_t next_attempt;
	bool keeps_deleted;
	bool durable;
	size_t n_settling;
	int64_t counted; /* operation of the last item that failed */
};

static bool
load_operation(struct outcome *it, int64_t id, struct error *err)
{
	if (it->operation.id == id)
		return true;
	operation_row_clear(&it->operation);
	return operation_row_load(it->store, id, &it->operation, err) ==
		       FOUND ||
	       err->kind == ERR_NONE;
}

static bool
do_one(struct outcome *it, int64_t id, size_t at, struct error *err)
{
	struct item_row item;
	enum found found = item_row_load(it->store, id, &item, err);

	if (found != FOUND)
		return found == NOT_FOUND;
	if (item.state > ITEM_SETTLING)
		return true;
	return load_operation(it, item.operation, err) &&
	       it->one(it, &item, at, err);
}

/* In slices, each a transaction. */
static bool
do_all(struct outcome *it, const int64_t *items, size_t n, struct error *err)
{
	size_t at = 0;
	bool ok = true;

	while (ok && at < n) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		ok = it->durable
			     ? transaction_begin_durable(it->store, &tx, err)
			     : transaction_begin(it->store, &tx, err);
		do {
			ok = ok && do_one(it, items[at], at, err);
			at++;
		} while (ok && at < n && !transaction_is_due(&tx));
		ok = ok && transaction_commit(&tx, err);
		/* Its counts have changed. */
		operation_row_clear(&it->operation);
	}
	operation_row_clear(&it->operation);
	return ok;
}

/* ---- each ---- */

static bool
one_running(
	struct outcome *it, struct item_row *item, size_t at, struct error *err)
{
	(void)at;
	if (item->state != ITEM_QUEUED)
		return true;
	if (it->operation.next_attempt) {
		it->operation.next_attempt = 0;
		if (!statement_run_id(it->store, &operation_outcome_sql,
			    OUTCOME_TRY, item->operation, err))
			return false;
	}
	if ((it->operation.kind == OPERATION_APPEND ||
		    item->phase == PHASE_SEND) &&
		!statement_run_ids(it->store, &operation_outcome_sql,
			OUTCOME_FLOOR, item->id, it->operation.target_folder,
			err))
		return false;
	return item_row_set_state(it->store, item, ITEM_RUNNING, err);
}

static bool
one_requeued(
	struct outcome *it, struct item_row *item, size_t at, struct error *err)
{
	(void)at;
	return item->state != ITEM_RUNNING ||
	       item_row_set_state(it->store, item, ITEM_QUEUED, err);
}

/* A UID counts only under the UIDVALIDITY that the store goes by. */
static bool
known_uid(struct outcome *it, const struct operation_outcome *outcome,
	uint32_t *ret_uid, struct error *err)
{
	int64_t folder = it->operation.target_folder;

	*ret_uid = 0;
	if (!outcome->uid || !folder)
		return true;
	if (it->folder != folder) {
		int64_t uidvalidity = 0;

		if (statement_ask(it->store, &operation_outcome_sql,
			    OUTCOME_UIDVALIDITY, folder, &uidvalidity,
			    err) == FOUND_ERROR)
			return false;
		it->folder = folder;
		it->uidvalidity = (uint32_t)uidvalidity;
	}
	if (outcome->uidvalidity == it->uidvalidity && it->uidvalidity)
		*ret_uid = outcome->uid;
	return true;
}

static bool
one_done(
	struct outcome *it, struct item_row *item, size_t at, struct error *err)
{
	uint32_t uid = 0;
	bool settling = false;

	if (!known_uid(it, &it->outcomes[at], &uid, err))
		return false;
	/* Still nothing to know it by. */
	if (item->state == ITEM_SETTLING && !uid) {
		it->n_settling++;
		return true;
	}
	if (!item_finish(it->store, &it->operation, item, uid,
		    it->keeps_deleted, &settling, err))
		return false;
	it->n_settling += settling;
	return true;
}

static bool
one_fetched(
	struct outcome *it, struct item_row *item, size_t at, struct error *err)
{
	bool settling;

	(void)at;
	return item->phase != PHASE_FETCH ||
	       item_finish(it->store, &it->operation, item, 0, false, &settling,
		       err);
}

static bool
one_failed(
	struct outcome *it, struct item_row *item, size_t at, struct error *err)
{
	(void)at;
	/* Once an operation and slice. */
	if (it->counted != item->operation &&
		!statement_run_id(it->store, &operation_outcome_sql,
			OUTCOME_ATTEMPT, item->operation, err))
		return false;
	it->counted = item->operation;
	return item_withdraw(it->store, item, ITEM_FAILED, it->text, err);
}

static bool
one_deferred(
	struct outcome *it, struct item_row *item, size_t at, struct error *err)
{
	sqlite3_stmt *stmt;

	(void)at;
	if (item->state == ITEM_SETTLING)
		return true;
	/* Once an operation and slice, not once an item. */
	if (it->operation.next_attempt != it->next_attempt) {
		stmt = statement_of(it->store, &operation_outcome_sql,
			OUTCOME_DEFER, item->operation, err);
		if (!stmt)
			return false;
		sqlite3_bind_int64(stmt, 2, it->next_attempt);
		bind_text(stmt, 3, it->text);
		if (!statement_run(it->store, stmt, err))
			return false;
		it->operation.next_attempt = it->next_attempt;
	}
	return item->state == ITEM_QUEUED
		       ? operation_row_settle(it->store, item->operation, err)
		       : item_row_set_state(it->store, item, ITEM_QUEUED, err);
}

/* ---- calls ---- */

bool
operation_running(
	struct store *store, const int64_t *items, size_t n, struct error *err)
{
	struct outcome it = { .store = store, .one = one_running };

	return do_all(&it, items, n, err);
}

bool
operation_requeue(
	struct store *store, const int64_t *items, size_t n, struct error *err)
{
	struct outcome it = { .store = store, .one = one_requeued };

	return do_all(&it, items, n, err);
}

bool
operation_done(struct store *store, const struct operation_outcome *outcomes,
	size_t n, bool keeps_deleted, size_t *ret_settling, struct error *err)
{
	struct outcome it = {
		.store = store,
		.one = one_done,
		.outcomes = outcomes,
		.keeps_deleted = keeps_deleted,
	};
	int64_t *items CLEANUP(freep) = xreallocarray(NULL, n, sizeof(*items));

	for (size_t i = 0; i < n; i++)
		items[i] = outcomes[i].item;
	if (!do_all(&it, items, n, err))
		return false;
	if (ret_settling)
		*ret_settling = it.n_settling;
	return true;
}

bool
operation_fetched(
	struct store *store, const int64_t *items, size_t n, struct error *err)
{
	struct outcome it = {
		.store = store,
		.one = one_fetched,
		.durable = true,
	};

	return do_all(&it, items, n, err);
}

bool
operation_failed(struct store *store, const int64_t *items, size_t n,
	const char *text, struct error *err)
{
	struct outcome it = { .store = store, .one = one_failed, .text = text };

	return do_all(&it, items, n, err);
}

bool
operation_deferred(struct store *store, const int64_t *items, size_t n,
	int64_t next_attempt, const char *text, struct error *err)
{
	struct outcome it = {
		.store = store,
		.one = one_deferred,
		.text = text,
		.next_attempt = next_attempt,
	};

	return do_all(&it, items, n, err);
}
