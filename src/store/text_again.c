/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/part.h"
#include "store/private.h"

enum { ROWS_MAX = 500 };

enum {
	AGAIN_LOAD,
	AGAIN_SAVE,
	AGAIN_ROWS,
	AGAIN_STATEMENTS,
};

static const char *const sql[] = {
	[AGAIN_LOAD] = "SELECT version, at FROM text_again WHERE id = 1",
	[AGAIN_SAVE] = "UPDATE text_again "
		       "SET version = ?1, at = ?2 "
		       "WHERE id = 1",
	[AGAIN_ROWS] = "SELECT message, version "
		       "FROM text "
		       "WHERE message > ? "
		       "ORDER BY message "
		       "LIMIT ?",
};

const struct sql_table text_again_sql = { SQL_TEXT_AGAIN, AGAIN_STATEMENTS,
	sql };

bool
text_again_load(struct store *store, struct text_again *ret, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &text_again_sql, AGAIN_LOAD, err);

	*ret = (struct text_again){ 0 };
	if (!stmt)
		return false;
	switch (statement_step(store, stmt, err)) {
	case STEP_ROW:
		ret->version = sqlite3_column_int(stmt, 0);
		ret->at = sqlite3_column_int64(stmt, 1);
		return true;
	case STEP_DONE:
		return true;
	case STEP_ERROR:
		break;
	}
	return false;
}

bool
text_again_save(
	struct store *store, const struct text_again *again, struct error *err)
{
	sqlite3_stmt *stmt;

	store_assert_writing(store);
	stmt = statement(store, &text_again_sql, AGAIN_SAVE, err);
	if (!stmt)
		return false;
	sqlite3_bind_int(stmt, 1, again->version);
	sqlite3_bind_int64(stmt, 2, again->at);
	return statement_run(store, stmt, err);
}

bool
text_again_some(struct store *store, int version, int64_t *at,
	struct id_array *ret_messages, struct error *err)
{
	enum step step;
	bool none = true;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &text_again_sql, AGAIN_ROWS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, *at);
	sqlite3_bind_int(stmt, 2, ROWS_MAX);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		none = false;
		*at = sqlite3_column_int64(stmt, 0);
		if (sqlite3_column_int(stmt, 1) < version)
			array_push(ret_messages, *at);
	}
	if (none)
		*at = INT64_MAX;
	return step == STEP_DONE;
}
