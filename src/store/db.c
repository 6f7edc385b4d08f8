/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/thread.h"
#include "store/damage.h"
#include "store/private.h"

const struct sql_table *const sql_tables[SQL_FILES] = {
	[SQL_ACCOUNT] = &account_sql,
	[SQL_ACTION] = &action_sql,
	[SQL_ACTION_INVERSE] = &action_inverse_sql,
	[SQL_ACTION_INVERT] = &action_invert_sql,
	[SQL_ACTION_PURGE] = &action_purge_sql,
	[SQL_ACTION_UNDO] = &action_undo_sql,
	[SQL_CHECK] = &check_sql,
	[SQL_CHECK_JOURNAL] = &check_journal_sql,
	[SQL_CONVERSATION] = &conversation_sql,
	[SQL_DRAFT] = &draft_sql,
	[SQL_EFFECT] = &effect_sql,
	[SQL_FOLDER] = &folder_sql,
	[SQL_FOLDER_LISTING] = &folder_listing_sql,
	[SQL_FOLDER_VIEW] = &folder_view_sql,
	[SQL_HABIT] = &habit_sql,
	[SQL_INDEX] = &index_sql,
	[SQL_INDEX_FILE] = &index_file_sql,
	[SQL_INDEX_WORDS] = &index_words_sql,
	[SQL_LINK] = &link_sql,
	[SQL_LIST] = &list_sql,
	[SQL_LIST_THREAD] = &list_thread_sql,
	[SQL_MESSAGE] = &message_sql,
	[SQL_OPERATION] = &operation_sql,
	[SQL_OPERATION_BATCH] = &operation_batch_sql,
	[SQL_OPERATION_FOLDER] = &operation_folder_sql,
	[SQL_OPERATION_LIST] = &operation_list_sql,
	[SQL_OPERATION_NAME] = &operation_name_sql,
	[SQL_OPERATION_OUTCOME] = &operation_outcome_sql,
	[SQL_OPERATION_REST] = &operation_rest_sql,
	[SQL_OPERATION_ROW] = &operation_row_sql,
	[SQL_OPERATION_SETTLE] = &operation_settle_sql,
	[SQL_OUTBOX] = &outbox_sql,
	[SQL_OUTBOX_DELIVER] = &outbox_deliver_sql,
	[SQL_PART] = &part_sql,
	[SQL_PICK] = &pick_sql,
	[SQL_PLACE] = &place_sql,
	[SQL_PLACEMENT] = &placement_sql,
	[SQL_PURGE] = &purge_sql,
	[SQL_QUESTION] = &question_sql,
	[SQL_RECOVER] = &recover_sql,
	[SQL_RECOVER_OUTBOX] = &recover_outbox_sql,
	[SQL_RECOVER_ROW] = &recover_row_sql,
	[SQL_REFERENCE] = &reference_sql,
	[SQL_REPORT] = &report_sql,
	[SQL_SECTION] = &section_sql,
	[SQL_STORE] = &store_sql,
	[SQL_SUBJECT] = &subject_sql,
	[SQL_TALLY] = &tally_sql,
	[SQL_TEXT_AGAIN] = &text_again_sql,
	[SQL_THREAD] = &thread_sql,
	[SQL_TRANSACTION] = &transaction_sql,
	[SQL_TRANSFER] = &transfer_sql,
	[SQL_UID_SPACE] = &uid_space_sql,
};

void
store_assert_mine(const struct store *store)
{
	ASSERT(store->thread == thread_self());
}

void
store_assert_writing(const struct store *store)
{
	store_assert_mine(store);
	ASSERT(store->tx != NULL);
}

static enum error_kind
kind_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return ERR_DISK;
	case SQLITE_INTERRUPT:
		return ERR_CANCELLED;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_STALE;
	case SQLITE_TOOBIG:
		return ERR_LIMIT;
	default:
		return ERR_STORE;
	}
}

static const char *
sentence_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return _("The disk that holds the mail store is full");
	case SQLITE_IOERR:
		return _("The disk that holds the mail store reports an error");
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return _("The mail store cannot be written to");
	case SQLITE_CANTOPEN:
		return _("The mail store cannot be opened");
	case SQLITE_CORRUPT:
		return _("The mail store is damaged");
	case SQLITE_NOTADB:
		return _("The mail store's file is no mail store");
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return _("Another program is writing to the mail store");
	case SQLITE_TOOBIG:
		return _("This is too large for the mail store");
	case SQLITE_INTERRUPT:
		return _("Cancelled");
	default:
		return _("The mail store refused an operation");
	}
}

bool
store_error(sqlite3 *db, int rc, struct error *err)
{
	int extended = db ? sqlite3_extended_errcode(db) : rc;

	if ((extended & 0xff) != (rc & 0xff))
		extended = rc;
	/* Running out of memory aborts here as everywhere. */
	if (rc == SQLITE_NOMEM)
		BUG("out of memory");
	if (db &&
		((rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB))
		damage_note(db);
	error_set(err, kind_of(rc), "%s", sentence_of(rc));
	error_detail(err, "sqlite %d: %s", extended,
		db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
	return false;
}

sqlite3_stmt *
statement(struct store *store, const struct sql_table *table, int index,
	struct error *err)
{
	bool is_index = table->file == SQL_INDEX_FILE;
	sqlite3 *db = is_index ? store->index : store->db;
	sqlite3_stmt **slot;

	store_assert_mine(store);
	ASSERT(index >= 0 && (size_t)index < table->n);
	if (!store->statements[table->file])
		store->statements[table->file] =
			xcalloc(table->n, sizeof(sqlite3_stmt *));
	slot = &store->statements[table->file][index];
	if (!*slot) {
		int rc = sqlite3_prepare_v3(db, table->sql[index], -1,
			SQLITE_PREPARE_PERSISTENT, slot, NULL);

		if (rc != SQLITE_OK) {
			store_error(db, rc, err);
			return NULL;
		}
	}
	ASSERT(is_index || store->tx || sqlite3_stmt_readonly(*slot));
	ASSERT(!sqlite3_stmt_busy(*slot));
	return *slot;
}

void
statements_free(struct store *store, enum sql_file file)
{
	for (size_t i = 0; store->statements[file] && i < sql_tables[file]->n;
		i++)
		sqlite3_finalize(store->statements[file][i]);
	free(store->statements[file]);
	store->statements[file] = NULL;
}

void
statement_done(sqlite3_stmt **stmt)
{
	if (*stmt)
		sqlite3_reset(*stmt);
}

enum step
statement_step(struct store *store, sqlite3_stmt *stmt, struct error *err)
{
	int rc = sqlite3_step(stmt);

	if (rc == SQLITE_ROW)
		return STEP_ROW;
	if (rc == SQLITE_DONE)
		return STEP_DONE;
	store_error(sqlite3_db_handle(stmt), rc, err);
	if (sqlite3_db_handle(stmt) == store->index &&
		((rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB))
		store->index_damaged = true;
	return STEP_ERROR;
}

bool
statement_run(struct store *store, sqlite3_stmt *stmt, struct error *err)
{
	enum step step;

	do {
		step = statement_step(store, stmt, err);
	} while (step == STEP_ROW);
	sqlite3_reset(stmt);
	return step == STEP_DONE;
}

enum found
statement_find(struct store *store, sqlite3_stmt *stmt, struct error *err)
{
	enum step step = stmt ? statement_step(store, stmt, err) : STEP_ERROR;

	switch (step) {
	case STEP_ROW:
		return FOUND;
	case STEP_DONE:
		return NOT_FOUND;
	case STEP_ERROR:
		return FOUND_ERROR;
	}
	UNREACHABLE();
}

sqlite3_stmt *
statement_of(struct store *store, const struct sql_table *table, int index,
	int64_t id, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, table, index, err);

	if (stmt && sqlite3_bind_parameter_count(stmt) > 0)
		sqlite3_bind_int64(stmt, 1, id);
	return stmt;
}

bool
statement_run_id(struct store *store, const struct sql_table *table, int index,
	int64_t id, struct error *err)
{
	sqlite3_stmt *stmt = statement_of(store, table, index, id, err);

	return stmt && statement_run(store, stmt, err);
}

bool
statement_run_ids(struct store *store, const struct sql_table *table, int index,
	int64_t a, int64_t b, struct error *err)
{
	sqlite3_stmt *stmt = statement_of(store, table, index, a, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, b);
	return statement_run(store, stmt, err);
}

enum found
statement_ask(struct store *store, const struct sql_table *table, int index,
	int64_t id, int64_t *ret, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, table, index, id, err);
	enum found found = statement_find(store, stmt, err);

	if (found == FOUND)
		*ret = sqlite3_column_int64(stmt, 0);
	return found;
}

bool
statement_collect(struct store *store, sqlite3_stmt *stmt,
	struct id_array *ret_ids, struct error *err)
{
	enum step step = STEP_ERROR;

	while (stmt && (step = statement_step(store, stmt, err)) == STEP_ROW)
		array_push(ret_ids, sqlite3_column_int64(stmt, 0));
	return step == STEP_DONE;
}

bool
statement_exists(struct store *store, const struct sql_table *table, int index,
	int64_t id, bool *ret, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, table, index, id, err);
	enum found found = statement_find(store, stmt, err);

	*ret = found == FOUND;
	return found != FOUND_ERROR;
}

int
store_compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

bool
store_exec(struct store *store, const char *sql, struct error *err)
{
	int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK || store_error(store->db, rc, err);
}

void
bind_slice_text(sqlite3_stmt *stmt, int at, struct slice s)
{
	sqlite3_bind_text(
		stmt, at, s.data ? s.data : "", (int)s.len, SQLITE_STATIC);
}

void
bind_slice_text_null(sqlite3_stmt *stmt, int at, struct slice s)
{
	if (s.len)
		bind_slice_text(stmt, at, s);
	else
		sqlite3_bind_null(stmt, at);
}

void
bind_text(sqlite3_stmt *stmt, int at, const char *s)
{
	if (s)
		sqlite3_bind_text(stmt, at, s, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(stmt, at);
}

void
bind_blob(sqlite3_stmt *stmt, int at, struct slice s)
{
	sqlite3_bind_blob(
		stmt, at, s.data ? s.data : "", (int)s.len, SQLITE_STATIC);
}

struct slice
column_slice(sqlite3_stmt *stmt, int at)
{
	const void *data = sqlite3_column_blob(stmt, at);

	return slice_make(data, (size_t)sqlite3_column_bytes(stmt, at));
}

char *
column_text(sqlite3_stmt *stmt, int at)
{
	struct slice s = column_slice(stmt, at);

	return s.data ? xmemdup0(s.data, s.len) : NULL;
}

char *
column_text_empty(sqlite3_stmt *stmt, int at)
{
	struct slice s = column_slice(stmt, at);

	return xmemdup0(s.data ? s.data : "", s.len);
}

char *
column_blob(sqlite3_stmt *stmt, int at)
{
	if (sqlite3_column_type(stmt, at) == SQLITE_NULL)
		return NULL;
	return xmemdup0(sqlite3_column_blob(stmt, at),
		(size_t)sqlite3_column_bytes(stmt, at));
}
