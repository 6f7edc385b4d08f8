/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/action.h"

#include <stdlib.h>

#include "base/clock.h"
#include "store/action_row.h"
#include "store/private.h"

enum {
	ACTION_LOAD,
	ACTION_NEW,
	ACTION_BURY,
	ACTION_NEWEST_DONE,
	ACTION_NEWEST_UNDONE,
	ACTION_FIND_INVERTING,
	ACTION_STATEMENTS,
};

#define ACTION_COLUMNS                                                         \
	"SELECT id, verb, state, n, changed, generation, inverting, created, " \
	"target "                                                              \
	"FROM action "

static const char *const sql[] = {
	[ACTION_LOAD] = ACTION_COLUMNS "WHERE id = ?",
	[ACTION_NEW] = "INSERT INTO action "
		       "(verb, state, n, changed, generation, inverting, "
		       "created, target) "
		       "VALUES (?1, ?4, 0, "
		       "(SELECT ifnull(max(changed), 0) + 1 FROM action), "
		       "0, 0, ?2, ?3)",
	[ACTION_BURY] = "UPDATE action SET state = 3 WHERE state = 1",
	[ACTION_NEWEST_DONE] = ACTION_COLUMNS "INDEXED BY action_changed "
					      "WHERE state = 0 "
					      "ORDER BY changed DESC "
					      "LIMIT 1",
	[ACTION_NEWEST_UNDONE] = ACTION_COLUMNS "INDEXED BY action_undone "
						"WHERE state = 1 "
						"ORDER BY changed DESC "
						"LIMIT 1",
	[ACTION_FIND_INVERTING] = ACTION_COLUMNS "INDEXED BY action_inverting "
						 "WHERE inverting = 1 "
						 "ORDER BY changed "
						 "LIMIT 1",
};

const struct sql_table action_sql = { SQL_ACTION, ACTION_STATEMENTS, sql };

void
action_clear(struct action *action)
{
	free(action->target);
	*action = (struct action){ 0 };
}

void
action_row_clear(struct action_row *row)
{
	free(row->target);
	*row = (struct action_row){ 0 };
}

void
push_once(struct id_array *ids, int64_t id)
{
	if (!ids || !id)
		return;
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->items[i] == id)
			return;
	}
	array_push(ids, id);
}

/* A statement with at most one parameter that gives one action. */
static enum found
load_one(struct store *store, int which, int64_t id, struct action_row *ret_row,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &action_sql, which, id, err);
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found;
	*ret_row = (struct action_row){
		.id = sqlite3_column_int64(stmt, 0),
		.verb = (enum action_verb)sqlite3_column_int(stmt, 1),
		.state = (enum action_state)sqlite3_column_int(stmt, 2),
		.n = sqlite3_column_int64(stmt, 3),
		.changed = sqlite3_column_int64(stmt, 4),
		.generation = sqlite3_column_int64(stmt, 5),
		.inverting = sqlite3_column_int(stmt, 6) != 0,
		.created = sqlite3_column_int64(stmt, 7),
		.target = column_text(stmt, 8),
	};
	return FOUND;
}

enum found
action_row_load(struct store *store, int64_t id, struct action_row *ret_row,
	struct error *err)
{
	return load_one(store, ACTION_LOAD, id, ret_row, err);
}

enum found
action_inverting(
	struct store *store, struct action_row *ret_row, struct error *err)
{
	return load_one(store, ACTION_FIND_INVERTING, 0, ret_row, err);
}

/* As others see it. */
static enum found
load_public(struct store *store, int which, int64_t id,
	struct action *ret_action, struct error *err)
{
	struct action_row row CLEANUP(action_row_clear) = { 0 };
	enum found found = load_one(store, which, id, &row, err);

	if (found != FOUND)
		return found;
	*ret_action = (struct action){
		.id = row.id,
		.verb = row.verb,
		.state = row.state,
		.n = row.n,
		.created = row.created,
		.target = row.target,
	};
	row.target = NULL;
	return FOUND;
}

enum found
action_load(struct store *store, int64_t id, struct action *ret_action,
	struct error *err)
{
	return load_public(store, ACTION_LOAD, id, ret_action, err);
}

enum found
action_to_undo(
	struct store *store, struct action *ret_action, struct error *err)
{
	return load_public(store, ACTION_NEWEST_DONE, 0, ret_action, err);
}

enum found
action_to_redo(
	struct store *store, struct action *ret_action, struct error *err)
{
	return load_public(store, ACTION_NEWEST_UNDONE, 0, ret_action, err);
}

static bool
run_with_id(struct store *store, int which, int64_t id, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &action_sql, which, err);

	if (!stmt)
		return false;
	if (id)
		sqlite3_bind_int64(stmt, 1, id);
	return statement_run(store, stmt, err);
}

bool
action_begin(struct store *store, enum action_verb verb, const char *target,
	bool automatic, int64_t *ret_action, struct error *err)
{
	sqlite3_stmt *stmt;

	store_assert_writing(store);
	if (!automatic && !run_with_id(store, ACTION_BURY, 0, err))
		return false;
	stmt = statement(store, &action_sql, ACTION_NEW, err);
	if (!stmt)
		return false;
	sqlite3_bind_int(stmt, 1, (int)verb);
	sqlite3_bind_int64(stmt, 2, clock_wall_s());
	bind_text(stmt, 3, target);
	sqlite3_bind_int(stmt, 4, automatic ? ACTION_FINAL : ACTION_DONE);
	if (!statement_run(store, stmt, err))
		return false;
	*ret_action = sqlite3_last_insert_rowid(store->db);
	return true;
}
