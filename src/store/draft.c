/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/draft.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/private.h"

enum {
	DRAFT_NEW,
	DRAFT_REPLACE,
	DRAFT_LIST,
	DRAFT_LOAD,
	DRAFT_KEPT,
	DRAFT_NEXT_SENT,
	DRAFT_DROP,
	DRAFT_STATEMENTS,
};

#define DRAFT_COLUMNS                                                          \
	"d.id, d.account, d.created, d.changed, d.outbox, d.placement, "       \
	"d.kept, d.subject"

/* `changed` always grows, so that two saves in a second differ. */
static const char *const sql[] = {
	[DRAFT_NEW] = "INSERT INTO draft "
		      "(account, created, changed, outbox, placement, kept, "
		      "subject, packed) "
		      "VALUES (?1, ?2, ?2, 0, 0, 0, ?3, ?4)",
	[DRAFT_REPLACE] = "UPDATE draft "
			  "SET account = ?1, "
			  "changed = max(?2, changed + 1), "
			  "subject = ?3, packed = ?4 "
			  "WHERE id = ?5",
	[DRAFT_LIST] = "SELECT " DRAFT_COLUMNS " "
		       "FROM draft d "
		       "WHERE d.outbox = 0 "
		       "ORDER BY d.changed DESC "
		       "LIMIT ?",
	[DRAFT_LOAD] = "SELECT " DRAFT_COLUMNS ", d.packed "
		       "FROM draft d "
		       "WHERE d.id = ?",
	[DRAFT_KEPT] = "UPDATE draft "
		       "SET placement = ?2, kept = ?3 "
		       "WHERE id = ?1",
	[DRAFT_NEXT_SENT] = "SELECT " DRAFT_COLUMNS " "
			    "FROM draft d "
			    "CROSS JOIN outbox o ON o.id = d.outbox "
			    "WHERE d.outbox > 0 AND o.account = ? "
			    "AND o.state = 7 "
			    "LIMIT 1",
	[DRAFT_DROP] = "DELETE FROM draft WHERE id = ?",
};

const struct sql_table draft_sql = { SQL_DRAFT, DRAFT_STATEMENTS, sql };

void
draft_row_clear(struct draft_row *row)
{
	free(row->subject);
	*row = (struct draft_row){ 0 };
}

void
draft_rows_clear(struct draft_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		draft_row_clear(&rows->items[i]);
	array_clear(rows);
}

static void
read_row(sqlite3_stmt *stmt, struct draft_row *ret)
{
	*ret = (struct draft_row){
		.id = sqlite3_column_int64(stmt, 0),
		.account = sqlite3_column_int64(stmt, 1),
		.created = sqlite3_column_int64(stmt, 2),
		.changed = sqlite3_column_int64(stmt, 3),
		.outbox = sqlite3_column_int64(stmt, 4),
		.placement = sqlite3_column_int64(stmt, 5),
		.subject = column_text(stmt, 7),
	};
	ret->is_kept = ret->placement != 0 &&
		       sqlite3_column_int64(stmt, 6) == ret->changed;
}

bool
draft_save(struct store *store, int64_t *id, int64_t account,
	const char *subject, struct slice packed, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;

	if (packed.len > DRAFT_BYTES_MAX)
		return error_set(err, ERR_LIMIT, _("The draft is too large"));
	if (!transaction_begin_durable(store, &tx, err))
		return false;
	stmt = statement(
		store, &draft_sql, *id ? DRAFT_REPLACE : DRAFT_NEW, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
	sqlite3_bind_int64(stmt, 2, clock_wall_s());
	bind_text(stmt, 3, subject);
	bind_blob(stmt, 4, packed);
	if (*id)
		sqlite3_bind_int64(stmt, 5, *id);
	if (!statement_run(store, stmt, err))
		return false;
	if (*id && sqlite3_changes(store->db) == 0)
		return error_set(err, ERR_STALE, _("The draft is gone"));
	if (!transaction_commit(&tx, err))
		return false;
	if (!*id)
		*id = sqlite3_last_insert_rowid(store->db);
	return true;
}

bool
draft_load_all(
	struct store *store, struct draft_rows *ret_rows, struct error *err)
{
	struct draft_rows rows CLEANUP(draft_rows_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &draft_sql, DRAFT_LIST, DRAFTS_MAX, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		read_row(stmt, array_add(&rows));
	if (step == STEP_ERROR)
		return false;
	*ret_rows = rows;
	rows = (struct draft_rows){ 0 };
	return true;
}

enum found
draft_load(struct store *store, int64_t id, struct draft_row *ret_row,
	struct strbuf *out, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &draft_sql, DRAFT_LOAD, id, err);
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found;
	if (out && !strbuf_add_slice(out, column_slice(stmt, 8))) {
		error_set(err, ERR_LIMIT, _("The draft is too large"));
		return FOUND_ERROR;
	}
	read_row(stmt, ret_row);
	return FOUND;
}

bool
draft_kept(struct store *store, int64_t id, int64_t placement, int64_t changed,
	struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;

	if (!transaction_begin(store, &tx, err))
		return false;
	stmt = statement_of(store, &draft_sql, DRAFT_KEPT, id, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, placement);
	sqlite3_bind_int64(stmt, 3, changed);
	return statement_run(store, stmt, err) && transaction_commit(&tx, err);
}

enum found
draft_next_sent(struct store *store, int64_t account, struct draft_row *ret_row,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &draft_sql, DRAFT_NEXT_SENT, account, err);
	enum found found = statement_find(store, stmt, err);

	if (found == FOUND)
		read_row(stmt, ret_row);
	return found;
}

bool
draft_drop(struct store *store, int64_t id, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return transaction_begin_durable(store, &tx, err) &&
	       statement_run_id(store, &draft_sql, DRAFT_DROP, id, err) &&
	       transaction_commit(&tx, err);
}
