/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every statement can be prepared, and none walks through a table that grows
 * with the mail, or sorts what an index could give in order. */
#include "base/array.h"
#include "store/index.h"
#include "store/private.h"

#include "store_fixture.h"

/* Small tables, which may be walked through; and what walks on purpose. */
static const char *const allowed[] = {
	"SCAN account", "SCAN folder", "SCAN run", "SCAN question",
	"SCAN CONSTANT ROW", "SCAN (subquery",
	"SCAN text USING COVERING INDEX text_unindexed",
	/* their first row, or the few of a partial index */
	"SCAN action", "SCAN operation USING INDEX operation_rest",
	"SCAN operation USING COVERING INDEX operation_rest",
	"SCAN operation USING COVERING INDEX operation_cancelling",
	"SCAN operation USING INDEX operation_cancelling",
	"SCAN operation USING INDEX operation_open",
	"SCAN operation USING COVERING INDEX operation_open",
	"SCAN operation_item USING INDEX operation_item_pending", "SCAN outbox",
	"SCAN box",                                    /* a month's at most */
	"SCAN old_",                                   /* their first row */
	"SCAN message_text VIRTUAL TABLE", "SCAN doc", /* doctor's */
};

static bool
is_allowed(const char *step)
{
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++) {
		if (strncmp(step, allowed[i], strlen(allowed[i])) == 0)
			return true;
	}
	return false;
}

/* Of rows in the hundreds at most. */
static bool
may_sort(enum sql_file file)
{
	return file == SQL_ACCOUNT || file == SQL_FOLDER;
}

static bool
is_bad(enum sql_file file, const char *step)
{
	if (strncmp(step, "SCAN", 4) == 0)
		return !is_allowed(step);
	return strstr(step, "TEMP B-TREE") && !may_sort(file);
}

static void
check_plan(struct fixture *fixture, enum sql_file file, size_t at)
{
	const char *text = sql_tables[file]->sql[at];
	char *explain CLEANUP(freep) = xasprintf("EXPLAIN QUERY PLAN %s", text);
	sqlite3 *db = file == SQL_INDEX_FILE ? fixture->store->index
					     : fixture->store->db;
	sqlite3_stmt *stmt = NULL;
	bool good = true;

	if (sqlite3_prepare_v2(db, explain, -1, &stmt, NULL) != SQLITE_OK) {
		ok(false, "%s: %s", text, sqlite3_errmsg(db));
		return;
	}
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(stmt, 3);

		if (is_bad(file, step)) {
			printf("# %s\n", step);
			good = false;
		}
	}
	sqlite3_finalize(stmt);
	ok(good, "plan of %.60s...", text);
}

/* Doctor's, and what reads damaged stores. */
static bool
walks_everything(enum sql_file file)
{
	return file == SQL_CHECK || file == SQL_CHECK_JOURNAL ||
	       file == SQL_RECOVER || file == SQL_RECOVER_ROW;
}

static void
check_prepares(struct fixture *fixture, const char *text)
{
	sqlite3_stmt *stmt = NULL;

	ok(sqlite3_prepare_v2(fixture->store->db, text, -1, &stmt, NULL) ==
			SQLITE_OK,
		"%.60s...", text);
	sqlite3_finalize(stmt);
}

int
main(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	fixture_open(&fixture);
	MUST(index_open(fixture.store, &err));
	for (int i = 0; i < SQL_FILES; i++) {
		for (size_t j = 0; j < sql_tables[i]->n; j++) {
			if (walks_everything((enum sql_file)i))
				check_prepares(&fixture, sql_tables[i]->sql[j]);
			else
				check_plan(&fixture, (enum sql_file)i, j);
		}
	}
	fixture_close(&fixture);
	return tap_done();
}
