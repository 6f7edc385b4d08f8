/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/index.h"

#include "base/mem.h"
#include "mail/part.h"
#include "store/message.h"
#include "store/private.h"

enum {
	COUNTED_MAX = 10000, /* of what waits; more is not counted */
	/* Words are written at the end of the transaction: about as much again
	 * as taking them in. */
	ROW_COST_NS = 5000,
	BYTE_COST_NS = 15,
};

enum {
	INDEX_HOLDS,
	INDEX_COLUMNS,
	INDEX_INSERT,
	INDEX_DELETE,
	INDEX_NOTE_TEXT,
	INDEX_UNNOTE_TEXT,
	INDEX_NEXT_TEXT,
	INDEX_NEXT_RUN,
	INDEX_NEXT_IN_RUN,
	INDEX_ADVANCE_RUN,
	INDEX_DROP_RUN,
	INDEX_NEW_RUN,
	INDEX_COUNT_TEXTS,
	INDEX_COUNT_RUNS,
	INDEX_STATEMENTS,
};

static const char *const sql[] = {
	[INDEX_HOLDS] = "SELECT 1 FROM message_text_docsize WHERE id = ?",
	[INDEX_COLUMNS] = "SELECT subject, authors, recipients, copies, "
			  "attachments, parts "
			  "FROM message "
			  "WHERE id = ?",
	[INDEX_INSERT] = "INSERT INTO message_text "
			 "(rowid, subject, authors, recipients, body, names) "
			 "VALUES (?, ?, ?, ?, ?, ?)",
	[INDEX_DELETE] = "INSERT INTO message_text "
			 "(message_text, rowid, subject, authors, recipients, "
			 "body, names) "
			 "VALUES ('delete', ?, ?, ?, ?, ?, ?)",
	[INDEX_NOTE_TEXT] = "UPDATE text SET indexed = 1 WHERE message = ?",
	[INDEX_UNNOTE_TEXT] = "UPDATE text SET indexed = 0 WHERE message = ?",
	[INDEX_NEXT_TEXT] = "SELECT message "
			    "FROM text "
			    "WHERE indexed = 0 AND message > ? "
			    "ORDER BY message "
			    "LIMIT 1",
	[INDEX_NEXT_RUN] = "SELECT id, first, last "
			   "FROM run "
			   "WHERE kind = 1 AND account = ? "
			   "ORDER BY id DESC "
			   "LIMIT 1",
	[INDEX_NEXT_IN_RUN] = "SELECT id "
			      "FROM message "
			      "WHERE id BETWEEN ? AND ? AND account = ? "
			      "ORDER BY id "
			      "LIMIT 1",
	[INDEX_ADVANCE_RUN] = "UPDATE run SET first = ?2 WHERE id = ?1",
	[INDEX_DROP_RUN] = "DELETE FROM run WHERE id = ?",
	[INDEX_NEW_RUN] = "INSERT INTO run "
			  "(kind, account, folder, first, last, newest) "
			  "SELECT 1, account, 0, id, id, 0 "
			  "FROM message "
			  "WHERE id = ?",
	[INDEX_COUNT_TEXTS] = "SELECT count(*) "
			      "FROM (SELECT 1 FROM text WHERE indexed = 0 "
			      "LIMIT ?)",
	[INDEX_COUNT_RUNS] = "SELECT sum(last - first + 1) "
			     "FROM run "
			     "WHERE kind = 1 AND account = ?",
};

const struct sql_table index_sql = { SQL_INDEX, INDEX_STATEMENTS, sql };

static bool
run_with_id(struct store *store, int which, int64_t id, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &index_sql, which, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	return statement_run(store, stmt, err);
}

/* The first column of the first row; NOT_FOUND without one. */
static enum found
ask_id(struct store *store, sqlite3_stmt *stmt, int64_t *ret, struct error *err)
{
	enum step step = statement_step(store, stmt, err);

	if (step == STEP_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	return step == STEP_ROW    ? FOUND
	       : step == STEP_DONE ? NOT_FOUND
				   : FOUND_ERROR;
}

static enum found
is_held(struct store *store, int64_t message, struct error *err)
{
	int64_t one;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &index_sql, INDEX_HOLDS, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, message);
	return ask_id(store, stmt, &one, err);
}

/* Names of attachments, one a line. */
static bool
add_names(struct slice packed, struct strbuf *out, struct error *err)
{
	struct part_tree parts CLEANUP(part_tree_clear) = { 0 };

	if (packed.len == 0)
		return true;
	if (!part_tree_unpack(packed, &parts, err))
		return false;
	for (size_t i = 0; i < parts.n; i++) {
		if (!parts.items[i].name)
			continue;
		strbuf_add_str(out, parts.items[i].name);
		strbuf_add_char(out, '\n');
	}
	return true;
}

/*
 * Runs INDEX_INSERT or INDEX_DELETE with what the rows of message and text
 * hold now.  It must be a function of those alone, or what went in would not
 * be what is taken out.
 */
static bool
write_row(struct store *store, int which, int64_t message, struct slice body,
	struct error *err)
{
	struct strbuf *recipients = &store->scratch[1];
	struct strbuf *names = &store->scratch[2];
	enum step step;
	sqlite3_stmt *columns CLEANUP(statement_done) =
		statement(store, &index_sql, INDEX_COLUMNS, err);
	sqlite3_stmt *stmt;

	if (!columns)
		return false;
	sqlite3_bind_int64(columns, 1, message);
	step = statement_step(store, columns, err);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	strbuf_reset(recipients);
	strbuf_add_slice(recipients, column_slice(columns, 2));
	strbuf_add_slice(recipients, column_slice(columns, 3));
	strbuf_reset(names);
	if (sqlite3_column_int(columns, 4) &&
		!add_names(column_slice(columns, 5), names, err))
		return false;
	stmt = statement(store, &index_sql, which, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	bind_slice_text(stmt, 2, column_slice(columns, 0));
	bind_slice_text(stmt, 3, column_slice(columns, 1));
	bind_slice_text(stmt, 4, strbuf_slice(recipients));
	bind_slice_text(stmt, 5, body);
	bind_slice_text(stmt, 6, strbuf_slice(names));
	store->tally.cost_ns += ROW_COST_NS + (int64_t)body.len * BYTE_COST_NS;
	return statement_run(store, stmt, err);
}

bool
index_forget(struct store *store, int64_t message, struct error *err)
{
	struct strbuf body CLEANUP(strbuf_clear) = { 0 };
	enum found held = is_held(store, message, err);
	bool there = false;
	bool indexed = false;

	strbuf_init(&body, INDEX_BODY_MAX);
	if (held != FOUND)
		return held == NOT_FOUND;
	if (!text_words(store, message, &body, &there, &indexed, err))
		return false;
	if (!indexed)
		strbuf_reset(&body);
	return write_row(store, INDEX_DELETE, message, strbuf_slice(&body),
		       err) &&
	       run_with_id(store, INDEX_UNNOTE_TEXT, message, err);
}

bool
index_want(struct store *store, int64_t message, struct error *err)
{
	return run_with_id(store, INDEX_NEW_RUN, message, err);
}

/* Puts a message in, with all that is there of it now. */
static bool
index_message(struct store *store, int64_t message, struct error *err)
{
	struct strbuf body CLEANUP(strbuf_clear) = { 0 };
	bool there = false;
	bool indexed = false;
	enum found held = is_held(store, message, err);

	strbuf_init(&body, INDEX_BODY_MAX);
	if (held == FOUND_ERROR ||
		!text_words(store, message, &body, &there, &indexed, err))
		return false;
	if (held == FOUND && (indexed || !there))
		return true;
	/* In by its header only, so far. */
	if (held == FOUND &&
		!write_row(store, INDEX_DELETE, message, SLICE(""), err))
		return false;
	return write_row(store, INDEX_INSERT, message, strbuf_slice(&body),
		       err) &&
	       (!there || run_with_id(store, INDEX_NOTE_TEXT, message, err));
}

/* Texts that came since; whose account they are does not matter. */
static bool
index_texts(struct transaction *tx, struct error *err)
{
	struct store *store = tx->store;
	int64_t message = 0;

	while (!transaction_is_due(tx)) {
		enum found found;
		sqlite3_stmt *stmt CLEANUP(statement_done) =
			statement(store, &index_sql, INDEX_NEXT_TEXT, err);

		if (!stmt)
			return false;
		sqlite3_bind_int64(stmt, 1, message);
		found = ask_id(store, stmt, &message, err);
		if (found != FOUND)
			return found == NOT_FOUND;
		sqlite3_reset(stmt);
		if (!index_message(store, message, err))
			return false;
	}
	return true;
}

struct index_run {
	int64_t id;
	int64_t first;
	int64_t last;
};

static enum found
find_run(struct store *store, int64_t account, struct index_run *ret_run,
	struct error *err)
{
	enum found found;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &index_sql, INDEX_NEXT_RUN, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, account);
	found = ask_id(store, stmt, &ret_run->id, err);
	if (found == FOUND) {
		ret_run->first = sqlite3_column_int64(stmt, 1);
		ret_run->last = sqlite3_column_int64(stmt, 2);
	}
	return found;
}

static enum found
next_in_run(struct store *store, int64_t account, const struct index_run *run,
	int64_t *ret_message, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &index_sql, INDEX_NEXT_IN_RUN, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, run->first);
	sqlite3_bind_int64(stmt, 2, run->last);
	sqlite3_bind_int64(stmt, 3, account);
	return ask_id(store, stmt, ret_message, err);
}

static bool
save_run(struct store *store, const struct index_run *run, struct error *err)
{
	sqlite3_stmt *stmt;

	if (run->first > run->last)
		return run_with_id(store, INDEX_DROP_RUN, run->id, err);
	stmt = statement(store, &index_sql, INDEX_ADVANCE_RUN, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, run->id);
	sqlite3_bind_int64(stmt, 2, run->first);
	return statement_run(store, stmt, err);
}

/* Headers, the newest run first. */
static bool
index_run(struct transaction *tx, int64_t account, struct index_run *run,
	struct error *err)
{
	struct store *store = tx->store;

	while (run->first <= run->last && !transaction_is_due(tx)) {
		int64_t message = 0;

		switch (next_in_run(store, account, run, &message, err)) {
		case FOUND:
			if (!index_message(store, message, err))
				return false;
			run->first = message + 1;
			break;
		case NOT_FOUND:
			run->first = run->last + 1;
			break;
		case FOUND_ERROR:
			return false;
		}
	}
	return save_run(store, run, err);
}

static bool
count(struct store *store, int which, int64_t parameter, int64_t *sum,
	struct error *err)
{
	int64_t n = 0;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &index_sql, which, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, parameter);
	if (ask_id(store, stmt, &n, err) == FOUND_ERROR)
		return false;
	*sum += n;
	return true;
}

static bool
index_waiting(struct transaction *tx, int64_t account, struct error *err)
{
	enum found found = FOUND;

	if (!index_texts(tx, err))
		return false;
	while (found == FOUND && !transaction_is_due(tx)) {
		struct index_run run;

		found = find_run(tx->store, account, &run, err);
		if (found == FOUND && !index_run(tx, account, &run, err))
			return false;
	}
	return found != FOUND_ERROR;
}

bool
message_index_some(struct transaction *tx, int64_t account, int64_t *ret_left,
	struct error *err)
{
	struct store *store = tx->store;
	int64_t left = 0;

	store_assert_writing(store);
	if (!index_waiting(tx, account, err) ||
		!count(store, INDEX_COUNT_TEXTS, COUNTED_MAX, &left, err) ||
		!count(store, INDEX_COUNT_RUNS, account, &left, err))
		return false;
	*ret_left = left;
	return true;
}
