/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/question.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "store/private.h"

enum {
	QUESTION_ASK,
	QUESTION_DROP,
	QUESTION_LOAD_ALL,
	QUESTION_STATEMENTS,
};

static const char *const sql[] = {
	[QUESTION_ASK] = "INSERT INTO question (account, kind, text, detail) "
			 "VALUES (?1, ?2, ?3, ?4) "
			 "ON CONFLICT DO UPDATE SET text = ?3, detail = ?4",
	[QUESTION_DROP] = "DELETE FROM question WHERE account = ? AND kind = ?",
	[QUESTION_LOAD_ALL] = "SELECT id, account, kind, text, detail "
			      "FROM question "
			      "ORDER BY id",
};

const struct sql_table question_sql = { SQL_QUESTION, QUESTION_STATEMENTS,
	sql };

void
questions_clear(struct questions *questions)
{
	for (size_t i = 0; i < questions->n; i++) {
		free(questions->items[i].text);
		free(questions->items[i].detail);
	}
	array_clear(questions);
}

bool
question_ask(struct store *store, int64_t account, enum question_kind kind,
	const char *text, const char *detail, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &question_sql, QUESTION_ASK, err);

	store_assert_writing(store);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
	sqlite3_bind_int(stmt, 2, (int)kind);
	bind_text(stmt, 3, text);
	bind_text(stmt, 4, detail);
	return statement_run(store, stmt, err);
}

bool
question_drop(struct store *store, int64_t account, enum question_kind kind,
	struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &question_sql, QUESTION_DROP, err);

	store_assert_writing(store);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
	sqlite3_bind_int(stmt, 2, (int)kind);
	return statement_run(store, stmt, err);
}

bool
question_load_all(
	struct store *store, struct questions *ret_questions, struct error *err)
{
	struct questions questions CLEANUP(questions_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &question_sql, QUESTION_LOAD_ALL, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct question *it = array_add(&questions);

		it->id = sqlite3_column_int64(stmt, 0);
		it->account = sqlite3_column_int64(stmt, 1);
		it->kind = (enum question_kind)sqlite3_column_int(stmt, 2);
		it->text = column_text_empty(stmt, 3);
		it->detail = column_text(stmt, 4);
	}
	if (step == STEP_ERROR)
		return false;
	*ret_questions = questions;
	questions = (struct questions){ 0 };
	return true;
}
