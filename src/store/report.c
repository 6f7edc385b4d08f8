/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/report.h"

#include <stdlib.h>

#include "store/private.h"

/* What a message can have said of it before the rest is passed over. */
enum { ROWS_MAX = 500 };

enum {
	REPORT_DROP,
	REPORT_SAVE,
	REPORT_LIST,
	REPORT_DROP_AUTHENTICATION,
	REPORT_SAVE_AUTHENTICATION,
	REPORT_STATEMENTS,
};

static const char *const sql[] = {
	[REPORT_DROP] = "DELETE FROM report WHERE message = ?",
	[REPORT_SAVE] = "INSERT INTO report (message, position, account, "
			"about, action, recipient, status, server, reason) "
			"SELECT id, ?2, account, ?3, ?4, ?5, ?6, ?7, ?8 "
			"FROM message "
			"WHERE id = ?1",
	[REPORT_LIST] = "SELECT r.message, m.received, r.action, r.recipient, "
			"r.status, r.server, r.reason, r.position "
			"FROM message it "
			"CROSS JOIN report r "
			"ON r.account = it.account AND r.about = it.message_id "
			"CROSS JOIN message m ON m.id = r.message "
			"WHERE it.id = ?1 AND r.message <> it.id "
			"LIMIT ?2",
	[REPORT_DROP_AUTHENTICATION] = "DELETE FROM authentication "
				       "WHERE message = ?",
	[REPORT_SAVE_AUTHENTICATION] = "INSERT INTO authentication "
				       "(message, results) "
				       "VALUES (?1, ?2) "
				       "ON CONFLICT DO UPDATE "
				       "SET results = ?2",
};

const struct sql_table report_sql = { SQL_REPORT, REPORT_STATEMENTS, sql };

void
report_found_clear(struct report_found_array *reports)
{
	for (size_t i = 0; i < reports->n; i++)
		report_entry_clear(&reports->items[i].entry);
	array_clear(reports);
}

static bool
save_entry(struct store *store, int64_t message, const char *about,
	size_t position, const struct report_entry *entry, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &report_sql, REPORT_SAVE, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	sqlite3_bind_int64(stmt, 2, (int64_t)position);
	bind_text(stmt, 3, about);
	sqlite3_bind_int(stmt, 4, (int)entry->action);
	bind_text(stmt, 5, entry->recipient);
	bind_text(stmt, 6, entry->status);
	bind_text(stmt, 7, entry->server);
	bind_text(stmt, 8, entry->text);
	return statement_run(store, stmt, err);
}

bool
report_save(struct store *store, int64_t message, const struct report *report,
	struct error *err)
{
	store_assert_writing(store);
	if (!statement_run_id(store, &report_sql, REPORT_DROP, message, err))
		return false;
	for (size_t i = 0; i < report->n && report->about; i++) {
		if (!save_entry(store, message, report->about, i,
			    &report->items[i], err))
			return false;
	}
	return true;
}

static bool
is_bad(const struct report_found *it)
{
	return it->entry.action == REPORT_FAILED ||
	       it->entry.action == REPORT_DELAYED;
}

/* What did not arrive, however many have read it; newest first; of one report
 * as it says them. */
static int
compare(const void *a, const void *b)
{
	const struct report_found *x = a;
	const struct report_found *y = b;

	if (is_bad(x) != is_bad(y))
		return is_bad(x) ? -1 : 1;
	if (x->received != y->received)
		return x->received > y->received ? -1 : 1;
	if (x->message != y->message)
		return x->message > y->message ? -1 : 1;
	return x->position < y->position ? -1 : 1;
}

bool
report_list(struct store *store, int64_t message, size_t max,
	struct report_found_array *ret_reports, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &report_sql, REPORT_LIST, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	sqlite3_bind_int64(stmt, 2, ROWS_MAX);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		int action = sqlite3_column_int(stmt, 2);
		struct report_found *it;

		/* Of a later program's. */
		if (action < 0 || action >= REPORT_ACTIONS)
			continue;
		it = array_add(ret_reports);
		it->message = sqlite3_column_int64(stmt, 0);
		it->received = sqlite3_column_int64(stmt, 1);
		it->entry.action = (enum report_action)action;
		it->entry.recipient = column_text(stmt, 3);
		it->entry.status = column_text(stmt, 4);
		it->entry.server = column_text(stmt, 5);
		it->entry.text = column_text(stmt, 6);
		it->position = sqlite3_column_int(stmt, 7);
	}
	if (step != STEP_DONE)
		return false;
	if (ret_reports->n > 0)
		qsort(ret_reports->items, ret_reports->n,
			sizeof(ret_reports->items[0]), compare);
	while (ret_reports->n > max)
		report_entry_clear(&ret_reports->items[--ret_reports->n].entry);
	return true;
}

bool
authentication_save(struct store *store, int64_t message, const char *results,
	struct error *err)
{
	sqlite3_stmt *stmt;

	store_assert_writing(store);
	if (!results || !*results)
		return statement_run_id(store, &report_sql,
			REPORT_DROP_AUTHENTICATION, message, err);
	stmt = statement(store, &report_sql, REPORT_SAVE_AUTHENTICATION, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	bind_text(stmt, 2, results);
	return statement_run(store, stmt, err);
}
