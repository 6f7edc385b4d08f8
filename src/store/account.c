/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/account.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/private.h"

enum {
	ACCOUNT_BY_NAME,
	ACCOUNT_NEW,
	ACCOUNT_LOAD,
	ACCOUNT_LOAD_ALL,
	ACCOUNT_SAVE_STATE,
	ACCOUNT_SAVE_CAPABILITIES,
	ACCOUNT_SAVE_SYNCED,
	ACCOUNT_STATEMENTS,
};

#define ACCOUNT_COLUMNS                                                        \
	"SELECT id, name, state, state_since, last_sync, error, capabilities " \
	"FROM account "

static const char *const sql[] = {
	[ACCOUNT_BY_NAME] = "SELECT id FROM account WHERE name = ?",
	[ACCOUNT_NEW] = "INSERT INTO account (name) VALUES (?)",
	[ACCOUNT_LOAD] = ACCOUNT_COLUMNS "WHERE id = ?",
	[ACCOUNT_LOAD_ALL] = ACCOUNT_COLUMNS "ORDER BY id",
	[ACCOUNT_SAVE_STATE] =
		"UPDATE account "
		"SET state_since = iif(state = ?2, state_since, ?4), "
		"state = ?2, error = ?3 "
		"WHERE id = ?1 AND (state <> ?2 OR error IS NOT ?3)",
	[ACCOUNT_SAVE_CAPABILITIES] =
		"UPDATE account "
		"SET capabilities = ?2 "
		"WHERE id = ?1 AND capabilities IS NOT ?2",
	[ACCOUNT_SAVE_SYNCED] =
		"UPDATE account SET last_sync = ?2 WHERE id = ?1",
};

const struct sql_table account_sql = { SQL_ACCOUNT, ACCOUNT_STATEMENTS, sql };

void
account_row_clear(struct account_row *row)
{
	free(row->name);
	free(row->error);
	free(row->capabilities);
	*row = (struct account_row){ 0 };
}

void
account_rows_clear(struct account_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		account_row_clear(&rows->items[i]);
	array_clear(rows);
}

bool
account_ensure(struct store *store, const char *name, int64_t *ret_id,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *find CLEANUP(statement_done) =
		statement(store, &account_sql, ACCOUNT_BY_NAME, err);
	sqlite3_stmt *make;

	store_assert_writing(store);
	if (!find)
		return false;
	bind_text(find, 1, name);
	step = statement_step(store, find, err);
	if (step == STEP_ROW)
		*ret_id = sqlite3_column_int64(find, 0);
	if (step != STEP_DONE)
		return step == STEP_ROW;
	make = statement(store, &account_sql, ACCOUNT_NEW, err);
	if (!make)
		return false;
	bind_text(make, 1, name);
	if (!statement_run(store, make, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(store->db);
	return true;
}

static void
read_row(sqlite3_stmt *stmt, struct account_row *row)
{
	row->id = sqlite3_column_int64(stmt, 0);
	row->name = column_text_empty(stmt, 1);
	row->state = (enum account_state)sqlite3_column_int(stmt, 2);
	row->state_since = sqlite3_column_int64(stmt, 3);
	row->last_sync = sqlite3_column_int64(stmt, 4);
	row->error = column_text(stmt, 5);
	row->capabilities = column_text(stmt, 6);
}

bool
account_load(struct store *store, int64_t id, struct account_row *ret_row,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &account_sql, ACCOUNT_LOAD, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	step = statement_step(store, stmt, err);
	if (step == STEP_DONE)
		return error_set(err, ERR_STALE, _("The account is gone"));
	if (step == STEP_ERROR)
		return false;
	read_row(stmt, ret_row);
	return true;
}

bool
account_load_all(
	struct store *store, struct account_rows *ret_rows, struct error *err)
{
	struct account_rows rows CLEANUP(account_rows_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &account_sql, ACCOUNT_LOAD_ALL, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		read_row(stmt, array_add(&rows));
	if (step == STEP_ERROR)
		return false;
	*ret_rows = rows;
	rows = (struct account_rows){ 0 };
	return true;
}

bool
account_save_state(struct store *store, int64_t id, enum account_state state,
	const char *error, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &account_sql, ACCOUNT_SAVE_STATE, err);

	store_assert_writing(store);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, (int)state);
	bind_text(stmt, 3, error);
	sqlite3_bind_int64(stmt, 4, clock_wall_s());
	return statement_run(store, stmt, err);
}

bool
account_save_capabilities(struct store *store, int64_t id,
	const char *capabilities, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &account_sql, ACCOUNT_SAVE_CAPABILITIES, err);

	store_assert_writing(store);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, capabilities);
	return statement_run(store, stmt, err);
}

bool
account_save_synced(
	struct store *store, int64_t id, int64_t when, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &account_sql, ACCOUNT_SAVE_SYNCED, err);

	store_assert_writing(store);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, when);
	return statement_run(store, stmt, err);
}

const char *
account_state_name(enum account_state state)
{
	switch (state) {
	case ACCOUNT_OFFLINE:
		return "offline";
	case ACCOUNT_CONNECTING:
		return "connecting";
	case ACCOUNT_SYNCING:
		return "syncing";
	case ACCOUNT_ONLINE:
		return "online";
	case ACCOUNT_NEEDS_LOGIN:
		return "needs-login";
	case ACCOUNT_UNTRUSTED:
		return "untrusted";
	case ACCOUNT_DISABLED:
		return "disabled";
	}
	UNREACHABLE();
}
