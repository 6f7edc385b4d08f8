/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/habit.h"

#include "base/clock.h"
#include "store/private.h"

enum {
	HABIT_SAVE,
	HABIT_FORGET,
	HABIT_LOAD,
	HABIT_RECENT,
	HABIT_STATEMENTS,
};

/* Rows looked at for the folders last used. */
enum { RECENT_ROWS = 50 };

static const char *const sql[] = {
	[HABIT_SAVE] = "INSERT INTO habit (account, sender, folder, used) "
		       "VALUES (?1, ?2, ?3, ?4) "
		       "ON CONFLICT (account, sender) "
		       "DO UPDATE SET folder = excluded.folder, "
		       "used = excluded.used",
	/* What stands behind the last place that is kept. */
	[HABIT_FORGET] = "DELETE FROM habit "
			 "WHERE account = ?1 AND used < ("
			 "SELECT used FROM habit WHERE account = ?1 "
			 "ORDER BY used DESC LIMIT 1 OFFSET ?2)",
	[HABIT_LOAD] = "SELECT h.folder "
		       "FROM habit h "
		       "CROSS JOIN folder f ON f.id = h.folder "
		       "WHERE h.account = ?1 AND h.sender = ?2 "
		       "AND f.dropped = 0 AND f.selectable = 1",
	[HABIT_RECENT] = "SELECT h.folder "
			 "FROM habit h "
			 "CROSS JOIN folder f ON f.id = h.folder "
			 "WHERE h.account = ?1 "
			 "AND f.dropped = 0 AND f.selectable = 1 "
			 "ORDER BY h.used DESC "
			 "LIMIT ?2",
};

const struct sql_table habit_sql = { SQL_HABIT, HABIT_STATEMENTS, sql };

bool
habit_save(struct store *store, int64_t account, const char *sender,
	int64_t folder, struct error *err)
{
	sqlite3_stmt *save CLEANUP(statement_done) =
		statement(store, &habit_sql, HABIT_SAVE, err);
	sqlite3_stmt *forget CLEANUP(statement_done) = NULL;

	if (!save)
		return false;
	sqlite3_bind_int64(save, 1, account);
	bind_text(save, 2, sender);
	sqlite3_bind_int64(save, 3, folder);
	sqlite3_bind_int64(save, 4, clock_wall_s());
	if (!statement_run(store, save, err))
		return false;
	forget = statement(store, &habit_sql, HABIT_FORGET, err);
	if (!forget)
		return false;
	sqlite3_bind_int64(forget, 1, account);
	sqlite3_bind_int64(forget, 2, HABITS_MAX - 1);
	return statement_run(store, forget, err);
}

enum found
habit_load(struct store *store, int64_t account, const char *sender,
	int64_t *ret_folder, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &habit_sql, HABIT_LOAD, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, account);
	bind_text(stmt, 2, sender);
	step = statement_step(store, stmt, err);
	if (step == STEP_ERROR)
		return FOUND_ERROR;
	if (step == STEP_DONE)
		return NOT_FOUND;
	*ret_folder = sqlite3_column_int64(stmt, 0);
	return FOUND;
}

static bool
has(const struct id_array *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (ids->items[i] == id)
			return true;
	return false;
}

bool
habit_load_recent(struct store *store, int64_t account, size_t max,
	struct id_array *ret_folders, struct error *err)
{
	enum step step;
	size_t n = 0;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &habit_sql, HABIT_RECENT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
	sqlite3_bind_int64(stmt, 2, RECENT_ROWS);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW &&
		n < max) {
		int64_t folder = sqlite3_column_int64(stmt, 0);

		if (has(ret_folders, folder))
			continue;
		array_push(ret_folders, folder);
		n++;
	}
	return step != STEP_ERROR;
}
