/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of the outbox on their way:
 *
 *	         until a time            4xx, no network
 *	HELD ------> QUEUED --> SENDING ----------------> DEFERRED
 *	  ^            ^          |  |  \                    |
 *	  +- by hand --+----------|--|---\-------------------+
 *	                          |  |    \ 5xx
 *	       end sent, no reply |  |     +----> FAILED (retry: QUEUED)
 *	                          v  | 250
 *	                UNCONFIRMED  +----------> SENT
 *	                 |       |                 ^
 *	                 | retry | confirm, found in Sent
 *	                 v       +-----------------+
 *	              QUEUED
 *
 * The row's state follows from its recipients' fates: any in doubt makes it
 * UNCONFIRMED, else any that waits DEFERRED, else any rejected FAILED.
 */
#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/outbox_row.h"

enum {
	DELIVER_NEXT,
	DELIVER_NEXT_TIME,
	DELIVER_LEFT,
	DELIVER_RECOVER,
	DELIVER_SENDING,
	DELIVER_DOUBT,
	DELIVER_SETTLE_ONE,
	DELIVER_FATES,
	DELIVER_SET_STATE,
	DELIVER_FAIL_FATES,
	DELIVER_DEFER_ALL,
	DELIVER_HURRY,
	DELIVER_UNFILED,
	DELIVER_FILED,
	DELIVER_OVER,
	DELIVER_STANDS_IN,
	DELIVER_UNCONFIRMED,
	DELIVER_DROP_SLICES,
	DELIVER_NO_SLICES,
	DELIVER_HOLD,
	DELIVER_RETRY,
	DELIVER_RETRY_FATES,
	DELIVER_CONFIRM_FATES,
	DELIVER_STATE,
	DELIVER_CANCEL,
	DELIVER_DRAFT_BACK,
	DELIVER_DRAFT,
	DELIVER_STATEMENTS,
};

static const char *const sql[] = {
	[DELIVER_NEXT] =
		"SELECT " OUTBOX_COLUMNS " FROM outbox box "
		"WHERE box.account = ?1 AND box.state < 7 "
		"AND ((box.state = 1 AND box.hold_until BETWEEN 1 AND ?2) "
		"OR (box.state IN (2, 4) AND box.next_attempt <= ?2)) "
		"ORDER BY box.id "
		"LIMIT 1",
	[DELIVER_NEXT_TIME] =
		"SELECT min(CASE state WHEN 1 THEN hold_until "
		"ELSE next_attempt END) "
		"FROM outbox "
		"WHERE account = ?1 AND state < 7 "
		"AND ((state = 1 AND hold_until > 0) OR state IN (2, 4))",
	[DELIVER_LEFT] = "SELECT 1 FROM outbox "
			 "WHERE account = ? AND state < 7 AND state = 3 "
			 "LIMIT 1",
	[DELIVER_RECOVER] =
		"UPDATE outbox "
		"SET state = CASE WHEN EXISTS (SELECT 1 FROM outbox_recipient "
		"r WHERE r.outbox = outbox.id AND r.state = 1) "
		"THEN 5 ELSE 2 END, next_attempt = 0, changed = ?2, "
		"error = CASE WHEN EXISTS (SELECT 1 FROM outbox_recipient "
		"r WHERE r.outbox = outbox.id AND r.state = 1) "
		"THEN ?3 ELSE error END "
		"WHERE account = ?1 AND state < 7 AND state = 3",
	[DELIVER_SENDING] =
		"UPDATE outbox "
		"SET state = 3, attempts = attempts + 1, changed = ?2 "
		"WHERE id = ?1 AND state IN (1, 2, 4)",
	[DELIVER_DOUBT] = "UPDATE outbox_recipient "
			  "SET state = 1 "
			  "WHERE outbox = ?1 AND n = ?2 AND state = 0",
	[DELIVER_SETTLE_ONE] = "UPDATE outbox_recipient "
			       "SET state = ?3, code = ?4, reply = ?5 "
			       "WHERE outbox = ?1 AND n = ?2",
	[DELIVER_FATES] = "SELECT "
			  "count(*) FILTER (WHERE state = 0), "
			  "count(*) FILTER (WHERE state = 1), "
			  "count(*) FILTER (WHERE state = 3) "
			  "FROM outbox_recipient "
			  "WHERE outbox = ?",
	[DELIVER_SET_STATE] = "UPDATE outbox "
			      "SET state = ?2, next_attempt = ?3, error = ?4, "
			      "changed = ?5 "
			      "WHERE id = ?1",
	[DELIVER_FAIL_FATES] = "UPDATE outbox_recipient "
			       "SET state = 3 "
			       "WHERE outbox = ? AND state = 0",
	[DELIVER_DEFER_ALL] =
		"UPDATE outbox "
		"SET state = 4, attempts = attempts + 1, next_attempt = ?3, "
		"error = ?4, changed = ?2 "
		"WHERE account = ?1 AND state < 7 "
		"AND ((state = 1 AND hold_until BETWEEN 1 AND ?2) "
		"OR (state IN (2, 4) AND next_attempt <= ?2))",
	[DELIVER_HURRY] = "UPDATE outbox "
			  "SET next_attempt = 0 "
			  "WHERE account = ? AND state < 7 AND state = 4",
	[DELIVER_UNFILED] = "SELECT " OUTBOX_COLUMNS " FROM outbox box "
			    "WHERE box.account = ?1 AND box.filed = 0 "
			    "AND box.state NOT IN (0, 3) "
			    "AND (box.state > 6 OR EXISTS "
			    "(SELECT 1 FROM outbox_recipient r "
			    "WHERE r.outbox = box.id AND r.state = 2)) "
			    "ORDER BY box.id "
			    "LIMIT 1",
	[DELIVER_FILED] = "UPDATE outbox SET filed = 1 WHERE id = ?",
	[DELIVER_OVER] = "SELECT 1 FROM outbox "
			 "WHERE id = ? AND filed = 1 AND state > 6",
	[DELIVER_STANDS_IN] = "SELECT 1 "
			      "FROM placement p "
			      "CROSS JOIN message m ON m.id = p.message "
			      "WHERE p.folder = ?1 AND p.hidden IN (0, 1) "
			      "AND p.received >= ?3 AND m.message_id = ?2 "
			      "LIMIT 1",
	[DELIVER_UNCONFIRMED] = "SELECT " OUTBOX_COLUMNS " FROM outbox box "
				"WHERE box.account = ?1 AND box.state < 7 "
				"AND box.state = 5 "
				"ORDER BY box.id "
				"LIMIT ?2",
	[DELIVER_DROP_SLICES] = "DELETE FROM outbox_slice "
				"WHERE id >= ?1 * 65536 "
				"AND id < (?1 + 1) * 65536",
	[DELIVER_NO_SLICES] = "UPDATE outbox SET slices = 0 WHERE id = ?",
	[DELIVER_HOLD] = "UPDATE outbox "
			 "SET state = 1, hold_until = ?2, changed = ?3 "
			 "WHERE id = ?1 AND state IN (1, 2, 4)",
	[DELIVER_RETRY] = "UPDATE outbox "
			  "SET state = 2, hold_until = 0, next_attempt = 0, "
			  "error = NULL, changed = ?2 "
			  "WHERE id = ?1 AND state IN (1, 2, 4, 5, 6)",
	[DELIVER_RETRY_FATES] = "UPDATE outbox_recipient "
				"SET state = 0, code = 0, reply = NULL "
				"WHERE outbox = ? AND state IN (1, 3)",
	[DELIVER_CONFIRM_FATES] = "UPDATE outbox_recipient "
				  "SET state = 2 "
				  "WHERE outbox = ? AND state = 1",
	[DELIVER_STATE] = "SELECT state FROM outbox WHERE id = ?",
	[DELIVER_CANCEL] = "UPDATE outbox "
			   "SET state = 8, changed = ?2 "
			   "WHERE id = ?1 AND state IN (1, 2, 4, 5, 6)",
	[DELIVER_DRAFT_BACK] = "UPDATE draft SET outbox = 0 WHERE outbox = ?",
	[DELIVER_DRAFT] = "SELECT d.id FROM outbox box "
			  "CROSS JOIN draft d ON d.id = box.draft "
			  "WHERE box.id = ?",
};

const struct sql_table outbox_deliver_sql = { SQL_OUTBOX_DELIVER,
	DELIVER_STATEMENTS, sql };

bool
outbox_drop_slices(struct store *store, int64_t id, struct error *err)
{
	return statement_run_id(store, &outbox_deliver_sql, DELIVER_DROP_SLICES,
		       id, err) &&
	       statement_run_id(
		       store, &outbox_deliver_sql, DELIVER_NO_SLICES, id, err);
}

/* Bytes that nobody needs any more. */
static bool
drop_if_over(struct store *store, int64_t id, struct error *err)
{
	bool over = false;

	return statement_exists(store, &outbox_deliver_sql, DELIVER_OVER, id,
		       &over, err) &&
	       (!over || outbox_drop_slices(store, id, err));
}

enum found
outbox_next(struct store *store, int64_t account, int64_t now,
	struct outbox_entry *ret_entry, int64_t *ret_next, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &outbox_deliver_sql, DELIVER_NEXT, account, err);
	enum found found;

	*ret_next = 0;
	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 2, now);
	found = statement_find(store, stmt, err);
	if (found == FOUND)
		outbox_read_row(stmt, ret_entry);
	if (found != NOT_FOUND)
		return found;
	if (statement_ask(store, &outbox_deliver_sql, DELIVER_NEXT_TIME,
		    account, ret_next, err) == FOUND_ERROR)
		return FOUND_ERROR;
	return NOT_FOUND;
}

bool
outbox_recover(struct store *store, int64_t account, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;
	bool any = false;

	if (!statement_exists(store, &outbox_deliver_sql, DELIVER_LEFT, account,
		    &any, err))
		return false;
	if (!any)
		return true;
	if (!transaction_begin_durable(store, &tx, err))
		return false;
	stmt = statement_of(
		store, &outbox_deliver_sql, DELIVER_RECOVER, account, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, clock_wall_s());
	bind_text(stmt, 3,
		_("tercet was stopped while the server's answer was on its "
		  "way: perhaps it was sent, perhaps not"));
	return statement_run(store, stmt, err) && transaction_commit(&tx, err);
}

/* Runs a statement on one row; NOT_FOUND when it changed none. */
static enum found
change(struct store *store, int index, int64_t id, int64_t value, int64_t also,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &outbox_deliver_sql, index, id, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 2, value);
	if (sqlite3_bind_parameter_count(stmt) > 2)
		sqlite3_bind_int64(stmt, 3, also);
	if (!statement_run(store, stmt, err))
		return FOUND_ERROR;
	return sqlite3_changes(store->db) > 0 ? FOUND : NOT_FOUND;
}

/* Commits what was found. */
static enum found
commit(struct transaction *tx, enum found found, struct error *err)
{
	if (found == FOUND && !transaction_commit(tx, err))
		return FOUND_ERROR;
	return found;
}

enum found
outbox_sending(struct store *store, int64_t id, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	if (!transaction_begin(store, &tx, err))
		return FOUND_ERROR;
	return commit(&tx,
		change(store, DELIVER_SENDING, id, clock_wall_s(), 0, err),
		err);
}

bool
outbox_doubt(struct store *store, int64_t id, const int *ns, size_t n,
	struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	if (!transaction_begin_durable(store, &tx, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!statement_run_ids(store, &outbox_deliver_sql,
			    DELIVER_DOUBT, id, ns[i], err))
			return false;
	}
	return transaction_commit(&tx, err);
}

static bool
settle_one(struct store *store, int64_t id, const struct outbox_recipient *to,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &outbox_deliver_sql, DELIVER_SETTLE_ONE, id, err);

	if (!stmt)
		return false;
	sqlite3_bind_int(stmt, 2, to->n);
	sqlite3_bind_int(stmt, 3, (int)to->fate);
	sqlite3_bind_int(stmt, 4, to->code);
	bind_text(stmt, 5, to->reply);
	return statement_run(store, stmt, err);
}

/* The row's state from its recipients' fates. */
static bool
work_out_state(struct store *store, int64_t id, enum outbox_state *ret,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &outbox_deliver_sql, DELIVER_FATES, id, err);

	if (statement_find(store, stmt, err) != FOUND)
		return false;
	if (sqlite3_column_int64(stmt, 1) > 0)
		*ret = OUTBOX_UNCONFIRMED;
	else if (sqlite3_column_int64(stmt, 0) > 0)
		*ret = OUTBOX_DEFERRED;
	else if (sqlite3_column_int64(stmt, 2) > 0)
		*ret = OUTBOX_FAILED;
	else
		*ret = OUTBOX_SENT;
	return true;
}

/* Works the state out and sets it; in a transaction. */
static bool
set_state(struct store *store, int64_t id, int64_t next_attempt,
	const char *why, enum outbox_state *ret_state, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;
	enum outbox_state state = OUTBOX_QUEUED;

	if (!work_out_state(store, id, &state, err))
		return false;
	stmt = statement_of(
		store, &outbox_deliver_sql, DELIVER_SET_STATE, id, err);
	if (!stmt)
		return false;
	sqlite3_bind_int(stmt, 2, (int)state);
	sqlite3_bind_int64(
		stmt, 3, state == OUTBOX_DEFERRED ? next_attempt : 0);
	bind_text(stmt, 4, state == OUTBOX_SENT ? NULL : why);
	sqlite3_bind_int64(stmt, 5, clock_wall_s());
	if (!statement_run(store, stmt, err) || !drop_if_over(store, id, err))
		return false;
	*ret_state = state;
	return true;
}

bool
outbox_settle(struct store *store, int64_t id,
	const struct outbox_recipient *recipients, size_t n,
	int64_t next_attempt, const char *why, enum outbox_state *ret_state,
	struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	if (!transaction_begin_durable(store, &tx, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!settle_one(store, id, &recipients[i], err))
			return false;
	}
	return set_state(store, id, next_attempt, why, ret_state, err) &&
	       transaction_commit(&tx, err);
}

bool
outbox_fail(struct store *store, int64_t id, const char *why, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	enum outbox_state state;

	return transaction_begin_durable(store, &tx, err) &&
	       statement_run_id(store, &outbox_deliver_sql, DELIVER_FAIL_FATES,
		       id, err) &&
	       set_state(store, id, 0, why, &state, err) &&
	       transaction_commit(&tx, err);
}

bool
outbox_defer_all(struct store *store, int64_t account, int64_t now,
	int64_t next_attempt, const char *why, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;

	if (!transaction_begin(store, &tx, err))
		return false;
	stmt = statement_of(
		store, &outbox_deliver_sql, DELIVER_DEFER_ALL, account, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, now);
	sqlite3_bind_int64(stmt, 3, next_attempt);
	bind_text(stmt, 4, why);
	return statement_run(store, stmt, err) && transaction_commit(&tx, err);
}

bool
outbox_hurry(struct store *store, int64_t account, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return transaction_begin(store, &tx, err) &&
	       statement_run_id(store, &outbox_deliver_sql, DELIVER_HURRY,
		       account, err) &&
	       transaction_commit(&tx, err);
}

enum found
outbox_next_unfiled(struct store *store, int64_t account,
	struct outbox_entry *ret_entry, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &outbox_deliver_sql, DELIVER_UNFILED, account, err);
	enum found found = statement_find(store, stmt, err);

	if (found == FOUND)
		outbox_read_row(stmt, ret_entry);
	return found;
}

bool
outbox_filed(struct store *store, int64_t id, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return transaction_begin_durable(store, &tx, err) &&
	       statement_run_id(
		       store, &outbox_deliver_sql, DELIVER_FILED, id, err) &&
	       drop_if_over(store, id, err) && transaction_commit(&tx, err);
}

bool
outbox_stands_in(struct store *store, int64_t folder, const char *message_id,
	int64_t since, bool *ret, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &outbox_deliver_sql, DELIVER_STANDS_IN, folder, err);
	enum found found;

	if (!stmt)
		return false;
	bind_text(stmt, 2, message_id);
	sqlite3_bind_int64(stmt, 3, since);
	found = statement_find(store, stmt, err);
	*ret = found == FOUND;
	return found != FOUND_ERROR;
}

bool
outbox_unconfirmed(struct store *store, int64_t account, size_t max,
	struct outbox_entries *ret_entries, struct error *err)
{
	struct outbox_entries entries CLEANUP(outbox_entries_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &outbox_deliver_sql, DELIVER_UNCONFIRMED, account, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, store_int(max));
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		outbox_read_row(stmt, array_add(&entries));
	if (step == STEP_ERROR)
		return false;
	*ret_entries = entries;
	entries = (struct outbox_entries){ 0 };
	return true;
}

/* ---- by a person's word ---- */

enum found
outbox_hold(struct store *store, int64_t id, int64_t until, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	if (!transaction_begin_durable(store, &tx, err))
		return FOUND_ERROR;
	return commit(&tx,
		change(store, DELIVER_HOLD, id, until, clock_wall_s(), err),
		err);
}

enum found
outbox_retry(struct store *store, int64_t id, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	enum found found;

	if (!transaction_begin_durable(store, &tx, err))
		return FOUND_ERROR;
	found = change(store, DELIVER_RETRY, id, clock_wall_s(), 0, err);
	if (found == FOUND && !statement_run_id(store, &outbox_deliver_sql,
				      DELIVER_RETRY_FATES, id, err))
		return FOUND_ERROR;
	return commit(&tx, found, err);
}

enum found
outbox_confirm(struct store *store, int64_t id, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	int64_t state = OUTBOX_BUILDING;
	enum outbox_state now;
	enum found found;

	if (!transaction_begin_durable(store, &tx, err))
		return FOUND_ERROR;
	found = statement_ask(
		store, &outbox_deliver_sql, DELIVER_STATE, id, &state, err);
	if (found != FOUND)
		return found;
	if (state != OUTBOX_UNCONFIRMED)
		return NOT_FOUND;
	if (!statement_run_id(store, &outbox_deliver_sql, DELIVER_CONFIRM_FATES,
		    id, err) ||
		!set_state(store, id, 0, NULL, &now, err))
		return FOUND_ERROR;
	return commit(&tx, FOUND, err);
}

enum found
outbox_cancel(
	struct store *store, int64_t id, int64_t *ret_draft, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	enum found found;

	*ret_draft = 0;
	if (!transaction_begin_durable(store, &tx, err))
		return FOUND_ERROR;
	found = change(store, DELIVER_CANCEL, id, clock_wall_s(), 0, err);
	if (found == FOUND &&
		(statement_ask(store, &outbox_deliver_sql, DELIVER_DRAFT, id,
			 ret_draft, err) == FOUND_ERROR ||
			!statement_run_id(store, &outbox_deliver_sql,
				DELIVER_DRAFT_BACK, id, err) ||
			!drop_if_over(store, id, err)))
		return FOUND_ERROR;
	return commit(&tx, found, err);
}
