/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operation_row.h"

#include <stdlib.h>

#include "base/clock.h"
#include "store/private.h"

enum {
	ROW_LOAD,
	ROW_INSERT,
	ROW_DELETE,
	ROW_COUNT,
	ROW_SET_ERROR,
	ITEM_LOAD,
	ITEM_INSERT,
	ITEM_SET_STATE,
	ITEM_SET_TARGET,
	ITEM_SET_GENERATION,
	ITEM_PASS_ON,
	ITEM_SET_PLACEMENT,
	ITEM_OF_PLACEMENT,
	ITEM_OF_TARGET,
	ITEM_REPOINT_PLACEMENT,
	ITEM_REPOINT_TARGET,
	ITEM_ANY_PENDING,
	ROW_STATEMENTS,
};

#define ITEM_COLUMNS                                                           \
	"SELECT id, operation, account, placement, target, message, state, "   \
	"changed, superseded, generation, inverts, phase, uid_floor "          \
	"FROM operation_item "

static const char *const sql[] = {
	[ROW_LOAD] = "SELECT " OPERATION_COLUMNS " FROM operation WHERE id = ?",
	[ROW_INSERT] = "INSERT INTO operation "
		       "(action, account, kind, state, folder, target_folder, "
		       "add_flags, remove_flags, keyword_add, generation, "
		       "inverts, inverted, cancelling, rest, dropped, "
		       "rest_from, rest_id, rest_below, n_items, n_left, "
		       "n_running, n_failed, attempts, created, next_attempt, "
		       "keyword, name, name_to, local, name_was, "
		       "remote_was) "
		       "VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, "
		       "?, ?, ?, 0, 0, 0, 0, 0, ?, 0, ?, ?, ?, ?, "
		       "ifnull(?, (SELECT name FROM folder WHERE id = ?)), "
		       "?)",
	[ROW_DELETE] = "DELETE FROM operation WHERE id = ?",
	[ROW_COUNT] = "UPDATE operation "
		      "SET n_items = n_items + ?2, n_left = n_left + ?3, "
		      "n_running = n_running + ?4, n_failed = n_failed + ?5, "
		      "state = CASE "
		      "WHEN n_left + ?3 > 0 OR (rest > 0 AND dropped = 0) "
		      "THEN CASE WHEN n_running + ?4 > 0 THEN 1 "
		      "WHEN next_attempt > 0 THEN 2 ELSE 0 END "
		      "WHEN n_failed + ?5 > 0 THEN 4 "
		      "WHEN n_items + ?2 = 0 THEN 6 ELSE 5 END "
		      "WHERE id = ?1",
	[ROW_SET_ERROR] = "UPDATE operation SET error = ?2, looked_at = 0 "
			  "WHERE id = ?1",
	[ITEM_LOAD] = ITEM_COLUMNS "WHERE id = ?",
	[ITEM_INSERT] = "INSERT INTO operation_item "
			"(operation, account, placement, target, message, "
			"state, changed, superseded, generation, inverts, "
			"phase) "
			"VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
	[ITEM_SET_STATE] = "UPDATE operation_item SET state = ?2 WHERE id = ?1",
	[ITEM_SET_TARGET] = "UPDATE operation_item SET target = ?2 "
			    "WHERE id = ?1",
	[ITEM_SET_GENERATION] = "UPDATE operation_item "
				"SET generation = ?2, superseded = ?3 "
				"WHERE id = ?1",
	[ITEM_PASS_ON] = "UPDATE operation_item SET phase = ?2, account = ?3 "
			 "WHERE id = ?1",
	[ITEM_SET_PLACEMENT] = "UPDATE operation_item "
			       "SET placement = ?2, message = ?3, account = ?4 "
			       "WHERE id = ?1",
	[ITEM_OF_PLACEMENT] = ITEM_COLUMNS
	"WHERE placement = ? AND placement > 0 AND state < 3 "
	"ORDER BY id",
	[ITEM_OF_TARGET] =
		ITEM_COLUMNS "WHERE target = ? AND target > 0 "
			     "AND (state < 3 OR (state = 4 AND placement = 0)) "
			     "ORDER BY id",
	[ITEM_REPOINT_PLACEMENT] =
		"UPDATE operation_item SET placement = ?2 "
		"WHERE placement = ?1 AND placement > 0 AND id <> ?3",
	[ITEM_REPOINT_TARGET] = "UPDATE operation_item SET target = ?2 "
				"WHERE target = ?1 AND target > 0 AND id <> ?3",
	[ITEM_ANY_PENDING] = "SELECT 1 "
			     "FROM operation_item "
			     "INDEXED BY operation_item_pending "
			     "WHERE state < 3 "
			     "LIMIT 1",
};

const struct sql_table operation_row_sql = { SQL_OPERATION_ROW, ROW_STATEMENTS,
	sql };

void
operation_row_clear(struct operation_row *row)
{
	free(row->keyword);
	free(row->name);
	free(row->name_to);
	free(row->name_was);
	free(row->remote_was);
	free(row->error);
	*row = (struct operation_row){ 0 };
}

void
item_rows_clear(struct item_rows *rows)
{
	array_clear(rows);
}

/* ---- operations ---- */

void
operation_row_read(sqlite3_stmt *stmt, struct operation_row *row)
{
	*row = (struct operation_row){
		.id = sqlite3_column_int64(stmt, 0),
		.action = sqlite3_column_int64(stmt, 1),
		.account = sqlite3_column_int64(stmt, 2),
		.kind = (enum operation_kind)sqlite3_column_int(stmt, 3),
		.state = (enum operation_state)sqlite3_column_int(stmt, 4),
		.folder = sqlite3_column_int64(stmt, 5),
		.target_folder = sqlite3_column_int64(stmt, 6),
		.add = (uint32_t)sqlite3_column_int64(stmt, 7),
		.remove = (uint32_t)sqlite3_column_int64(stmt, 8),
		.keyword_add = sqlite3_column_int(stmt, 9) != 0,
		.generation = sqlite3_column_int64(stmt, 10),
		.inverts = sqlite3_column_int64(stmt, 11),
		.inverted = sqlite3_column_int64(stmt, 12),
		.cancelling = sqlite3_column_int(stmt, 13) != 0,
		.rest = sqlite3_column_int(stmt, 14),
		.dropped = sqlite3_column_int(stmt, 15) != 0,
		.rest_from = sqlite3_column_int64(stmt, 16),
		.rest_id = sqlite3_column_int64(stmt, 17),
		.rest_below = sqlite3_column_int64(stmt, 18),
		.n_items = sqlite3_column_int64(stmt, 19),
		.n_left = sqlite3_column_int64(stmt, 20),
		.n_running = sqlite3_column_int64(stmt, 21),
		.n_failed = sqlite3_column_int64(stmt, 22),
		.attempts = sqlite3_column_int64(stmt, 23),
		.created = sqlite3_column_int64(stmt, 24),
		.next_attempt = sqlite3_column_int64(stmt, 25),
		.keyword = column_text(stmt, 26),
		.name = column_text(stmt, 27),
		.name_to = column_blob(stmt, 28),
		.error = column_text(stmt, 29),
		.local = sqlite3_column_int(stmt, 30) != 0,
		.name_was = column_text(stmt, 31),
		.remote_was = column_text(stmt, 32),
		.n_kept = sqlite3_column_int64(stmt, 33),
	};
}

enum found
operation_row_load(struct store *store, int64_t id,
	struct operation_row *ret_row, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &operation_row_sql, ROW_LOAD, id, err);
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found;
	operation_row_read(stmt, ret_row);
	return FOUND;
}

bool
operation_row_insert(
	struct store *store, struct operation_row *row, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &operation_row_sql, ROW_INSERT, err);

	if (!stmt)
		return false;
	row->created = clock_wall_s();
	sqlite3_bind_int64(stmt, 1, row->action);
	sqlite3_bind_int64(stmt, 2, row->account);
	sqlite3_bind_int(stmt, 3, (int)row->kind);
	sqlite3_bind_int64(stmt, 4, row->folder);
	sqlite3_bind_int64(stmt, 5, row->target_folder);
	sqlite3_bind_int64(stmt, 6, row->add);
	sqlite3_bind_int64(stmt, 7, row->remove);
	sqlite3_bind_int(stmt, 8, row->keyword_add);
	sqlite3_bind_int64(stmt, 9, row->generation);
	sqlite3_bind_int64(stmt, 10, row->inverts);
	sqlite3_bind_int64(stmt, 11, row->inverted);
	sqlite3_bind_int(stmt, 12, row->rest);
	sqlite3_bind_int64(stmt, 13, row->rest_from);
	sqlite3_bind_int64(stmt, 14, row->rest_id);
	sqlite3_bind_int64(stmt, 15, row->rest_below);
	sqlite3_bind_int64(stmt, 16, row->created);
	bind_text(stmt, 17, row->keyword);
	bind_text(stmt, 18, row->name);
	bind_text(stmt, 19, row->name_to);
	sqlite3_bind_int(stmt, 20, row->local);
	bind_text(stmt, 21, row->name_was);
	sqlite3_bind_int64(stmt, 22,
		row->target_folder ? row->target_folder : row->folder);
	bind_text(stmt, 23, row->remote_was);
	if (!statement_run(store, stmt, err))
		return false;
	row->id = sqlite3_last_insert_rowid(store->db);
	return true;
}

static bool
run_with_id(struct store *store, int which, int64_t id, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &operation_row_sql, which, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	return statement_run(store, stmt, err);
}

bool
operation_row_delete(struct store *store, int64_t id, struct error *err)
{
	return run_with_id(store, ROW_DELETE, id, err);
}

/* What an item counts for, in the order of ROW_COUNT. */
struct counts {
	int items;
	int left;
	int running;
	int failed;
};

static struct counts
counts_of(enum item_state state)
{
	return (struct counts){
		.items = state != ITEM_CANCELLED,
		.left = state <= ITEM_SETTLING,
		.running = state == ITEM_RUNNING || state == ITEM_SETTLING,
		.failed = state == ITEM_FAILED,
	};
}

static bool
count(struct store *store, int64_t operation, struct counts now,
	struct counts before, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &operation_row_sql, ROW_COUNT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, operation);
	sqlite3_bind_int(stmt, 2, now.items - before.items);
	sqlite3_bind_int(stmt, 3, now.left - before.left);
	sqlite3_bind_int(stmt, 4, now.running - before.running);
	sqlite3_bind_int(stmt, 5, now.failed - before.failed);
	return statement_run(store, stmt, err);
}

bool
operation_row_settle(struct store *store, int64_t id, struct error *err)
{
	return count(
		store, id, (struct counts){ 0 }, (struct counts){ 0 }, err);
}

bool
operation_row_set_error(
	struct store *store, int64_t id, const char *text, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &operation_row_sql, ROW_SET_ERROR, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, text);
	return statement_run(store, stmt, err);
}

/* ---- items ---- */

static void
read_item(sqlite3_stmt *stmt, struct item_row *row)
{
	*row = (struct item_row){
		.id = sqlite3_column_int64(stmt, 0),
		.operation = sqlite3_column_int64(stmt, 1),
		.account = sqlite3_column_int64(stmt, 2),
		.placement = sqlite3_column_int64(stmt, 3),
		.target = sqlite3_column_int64(stmt, 4),
		.message = sqlite3_column_int64(stmt, 5),
		.state = (enum item_state)sqlite3_column_int(stmt, 6),
		.changed = (uint32_t)sqlite3_column_int64(stmt, 7),
		.superseded = sqlite3_column_int(stmt, 8) != 0,
		.generation = sqlite3_column_int64(stmt, 9),
		.inverts = sqlite3_column_int64(stmt, 10),
		.phase = (enum item_phase)sqlite3_column_int(stmt, 11),
		.uid_floor = (uint32_t)sqlite3_column_int64(stmt, 12),
	};
}

enum found
item_row_load(struct store *store, int64_t id, struct item_row *ret_row,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &operation_row_sql, ITEM_LOAD, id, err);
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found;
	read_item(stmt, ret_row);
	return FOUND;
}

bool
item_row_insert(struct store *store, struct item_row *row, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &operation_row_sql, ITEM_INSERT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, row->operation);
	sqlite3_bind_int64(stmt, 2, row->account);
	sqlite3_bind_int64(stmt, 3, row->placement);
	sqlite3_bind_int64(stmt, 4, row->target);
	sqlite3_bind_int64(stmt, 5, row->message);
	sqlite3_bind_int(stmt, 6, (int)row->state);
	sqlite3_bind_int64(stmt, 7, row->changed);
	sqlite3_bind_int64(stmt, 8, row->generation);
	sqlite3_bind_int64(stmt, 9, row->inverts);
	sqlite3_bind_int(stmt, 10, (int)row->phase);
	if (!statement_run(store, stmt, err))
		return false;
	row->id = sqlite3_last_insert_rowid(store->db);
	store->tally.pending = PENDING_SOME;
	return count(store, row->operation, counts_of(row->state),
		(struct counts){ 0 }, err);
}

bool
item_row_set_state(struct store *store, struct item_row *row,
	enum item_state state, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &operation_row_sql, ITEM_SET_STATE, err);
	enum item_state before = row->state;

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, row->id);
	sqlite3_bind_int(stmt, 2, (int)state);
	if (!statement_run(store, stmt, err))
		return false;
	row->state = state;
	return count(store, row->operation, counts_of(state), counts_of(before),
		err);
}

bool
item_row_set_target(struct store *store, struct item_row *row, int64_t target,
	struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &operation_row_sql, ITEM_SET_TARGET, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, row->id);
	sqlite3_bind_int64(stmt, 2, target);
	row->target = target;
	return statement_run(store, stmt, err);
}

bool
item_row_set_generation(struct store *store, struct item_row *row,
	int64_t generation, bool superseded, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &operation_row_sql, ITEM_SET_GENERATION, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, row->id);
	sqlite3_bind_int64(stmt, 2, generation);
	sqlite3_bind_int(stmt, 3, superseded);
	row->generation = generation;
	row->superseded = superseded;
	return statement_run(store, stmt, err);
}

bool
item_row_pass_on(struct store *store, struct item_row *row,
	enum item_phase phase, int64_t account, struct error *err)
{
	sqlite3_stmt *stmt = statement_of(
		store, &operation_row_sql, ITEM_PASS_ON, row->id, err);

	if (!stmt)
		return false;
	sqlite3_bind_int(stmt, 2, (int)phase);
	sqlite3_bind_int64(stmt, 3, account);
	row->phase = phase;
	row->account = account;
	return statement_run(store, stmt, err) &&
	       item_row_set_state(store, row, ITEM_QUEUED, err);
}

bool
item_row_set_placement(struct store *store, struct item_row *row,
	int64_t placement, int64_t message, int64_t account, struct error *err)
{
	sqlite3_stmt *stmt = statement_of(
		store, &operation_row_sql, ITEM_SET_PLACEMENT, row->id, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, placement);
	sqlite3_bind_int64(stmt, 3, message);
	sqlite3_bind_int64(stmt, 4, account);
	row->placement = placement;
	row->message = message;
	row->account = account;
	return statement_run(store, stmt, err);
}

static bool
load_items(struct store *store, int which, int64_t id,
	struct item_rows *ret_rows, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &operation_row_sql, which, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		read_item(stmt, array_add(ret_rows));
	return step == STEP_DONE;
}

bool
item_rows_of_placement(struct store *store, int64_t placement,
	struct item_rows *ret_rows, struct error *err)
{
	return load_items(store, ITEM_OF_PLACEMENT, placement, ret_rows, err);
}

bool
item_rows_of_target(struct store *store, int64_t target,
	struct item_rows *ret_rows, struct error *err)
{
	return load_items(store, ITEM_OF_TARGET, target, ret_rows, err);
}

bool
item_rows_repoint(struct store *store, int64_t from, int64_t to, int64_t except,
	struct error *err)
{
	static const int both[] = { ITEM_REPOINT_PLACEMENT,
		ITEM_REPOINT_TARGET };

	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		sqlite3_stmt *stmt =
			statement(store, &operation_row_sql, both[i], err);

		if (!stmt)
			return false;
		sqlite3_bind_int64(stmt, 1, from);
		sqlite3_bind_int64(stmt, 2, to);
		sqlite3_bind_int64(stmt, 3, except);
		if (!statement_run(store, stmt, err))
			return false;
	}
	return true;
}

bool
items_pending(struct store *store, bool *ret_pending, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;

	if (store->tally.pending == PENDING_UNKNOWN) {
		stmt = statement(
			store, &operation_row_sql, ITEM_ANY_PENDING, err);
		if (!stmt)
			return false;
		step = statement_step(store, stmt, err);
		if (step == STEP_ERROR)
			return false;
		store->tally.pending =
			step == STEP_ROW ? PENDING_SOME : PENDING_NONE;
	}
	*ret_pending = store->tally.pending == PENDING_SOME;
	return true;
}
