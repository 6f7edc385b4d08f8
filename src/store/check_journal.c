/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether what is in force is what servers said with what waits applied, and
 * whether operations count their items right.
 */
#include "store/check_journal.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/effect.h"
#include "store/private.h"

enum {
	CHECK_PENDING,
	CHECK_RULES, /* from here on each row is a fault */
	CHECK_HIDDEN = CHECK_RULES,
	CHECK_SHOWN,
	CHECK_FORCE,
	CHECK_SOURCE,
	CHECK_TARGET,
	CHECK_PHASE,
	CHECK_COUNTS,
	CHECK_STATES,
	CHECK_REST,
	CHECK_STATEMENTS,
};

static const char *const sql[] = {
	[CHECK_PENDING] = "SELECT DISTINCT i.placement "
			  "FROM operation_item i "
			  "JOIN operation o ON o.id = i.operation "
			  "WHERE i.state < 2 AND o.kind = 0",
	[CHECK_HIDDEN] =
		"SELECT printf('placement %d: hidden by nothing', p.id) "
		"FROM placement p "
		"WHERE p.hidden = 1 AND (p.flags & 8) = 0 "
		"AND NOT EXISTS (SELECT 1 FROM operation_item i "
		"JOIN operation o ON o.id = i.operation "
		"WHERE i.placement = p.id "
		"AND ((i.state < 2 AND o.kind IN (1, 3)) "
		"OR (i.state < 3 AND o.kind = 1 AND i.phase > 0) "
		"OR (i.state = 3 AND o.kind = 3 AND o.local = 1)))",
	[CHECK_SHOWN] =
		"SELECT printf('placement %d: shown, though item %d takes it "
		"away', p.id, i.id) "
		"FROM operation_item i "
		"JOIN operation o ON o.id = i.operation "
		"JOIN placement p ON p.id = i.placement "
		"WHERE i.state < 2 AND o.kind IN (1, 3) AND p.hidden = 0",
	[CHECK_FORCE] =
		"SELECT printf('placement %d: flags %d in force, %d at the "
		"server, and nothing waits', p.id, p.flags, p.server_flags) "
		"FROM placement p "
		"WHERE (p.flags <> p.server_flags "
		"OR p.keywords IS NOT p.server_keywords) "
		"AND NOT EXISTS (SELECT 1 FROM operation_item i "
		"JOIN operation o ON o.id = i.operation "
		"WHERE i.placement = p.id AND i.state < 2 AND o.kind = 0)",
	[CHECK_SOURCE] =
		"SELECT printf('item %d: waits for placement %d, which is "
		"gone', i.id, i.placement) "
		"FROM operation_item i "
		"WHERE i.state = 0 AND i.placement > 0 AND NOT EXISTS "
		"(SELECT 1 FROM placement p WHERE p.id = i.placement)",
	[CHECK_TARGET] =
		"SELECT printf('item %d: its target %d is not there', i.id, "
		"i.target) "
		"FROM operation_item i "
		"JOIN operation o ON o.id = i.operation "
		"WHERE i.state IN (0, 2) AND o.kind IN (1, 2, 4) "
		"AND i.phase = 0 "
		"AND NOT EXISTS (SELECT 1 FROM placement p "
		"WHERE p.id = i.target AND p.folder = o.target_folder)",
	[CHECK_PHASE] =
		"SELECT printf('item %d: in phase %d with account %d', i.id, "
		"i.phase, i.account) "
		"FROM operation_item i "
		"JOIN operation o ON o.id = i.operation "
		"LEFT JOIN folder t ON t.id = o.target_folder "
		"LEFT JOIN placement p ON p.id = i.placement "
		"LEFT JOIN folder f ON f.id = p.folder "
		"WHERE i.state < 3 AND i.phase > 0 "
		"AND (o.kind NOT IN (1, 2) "
		"OR (i.phase = 2 AND i.account <> t.account) "
		"OR (i.phase <> 2 AND i.account <> f.account))",
	[CHECK_COUNTS] =
		"SELECT printf('operation %d: %d left, %d running; should be "
		"%d, %d', id, n_left, n_running, l, r) "
		"FROM (SELECT o.id AS id, o.n_left AS n_left, "
		"o.n_running AS n_running, "
		"(SELECT count(*) FROM operation_item i "
		"WHERE i.operation = o.id AND i.state < 3) AS l, "
		"(SELECT count(*) FROM operation_item i "
		"WHERE i.operation = o.id AND i.state IN (1, 2)) AS r "
		"FROM operation o) "
		"WHERE n_left <> l OR n_running <> r",
	[CHECK_STATES] =
		"SELECT printf('operation %d: state %d with %d left', id, "
		"state, n_left) "
		"FROM operation "
		"WHERE (state >= 4) <> (n_left = 0 "
		"AND NOT (rest > 0 AND dropped = 0)) "
		"OR (state = 4) <> (state >= 4 AND n_failed > 0)",
	[CHECK_REST] = "SELECT printf('operation %d: ids that nothing waits "
		       "for', r.operation) "
		       "FROM operation_ids r "
		       "JOIN operation o ON o.id = r.operation "
		       "WHERE o.rest NOT IN (1, 2)",
};

const struct sql_table check_journal_sql = { SQL_CHECK_JOURNAL,
	CHECK_STATEMENTS, sql };

struct check {
	struct store *store;
	void (*say)(void *ctx, const char *fault);
	void *ctx;
};

static bool
check_rows(struct check *check, int which, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(check->store, &check_journal_sql, which, err);

	if (!stmt)
		return false;
	while ((step = statement_step(check->store, stmt, err)) == STEP_ROW) {
		char *text CLEANUP(freep) = column_text_empty(stmt, 0);

		check->say(check->ctx, text);
	}
	return step == STEP_DONE;
}

/* The flags that should be in force. */
static bool
compute(struct check *check, int64_t placement, struct flags *flags,
	struct error *err)
{
	struct item_rows items CLEANUP(item_rows_clear) = { 0 };

	if (!item_rows_of_placement(check->store, placement, &items, err))
		return false;
	for (size_t i = 0; i < items.n; i++) {
		struct operation_row operation CLEANUP(
			operation_row_clear) = { 0 };

		if (operation_row_load(check->store, items.items[i].operation,
			    &operation, err) != FOUND)
			return err->kind == ERR_NONE;
		if (operation.kind == OPERATION_FLAG)
			effect_change(&operation, flags);
	}
	return true;
}

static bool
check_one(struct check *check, int64_t placement, struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };
	struct flags flags CLEANUP(flags_clear) = FLAGS_INIT;
	char *text CLEANUP(freep) = NULL;
	enum found found =
		placement_row_load(check->store, placement, &row, err);

	if (found != FOUND)
		return found == NOT_FOUND;
	flags.bits = row.server_flags;
	flags.keywords = xstrdup_null(row.server_keywords);
	if (!compute(check, placement, &flags, err))
		return false;
	if (flags.bits == row.facts.flags &&
		slice_eq(slice_str(flags.keywords), slice_str(row.keywords)))
		return true;
	text = xasprintf("placement %lld: flags %u in force, should be %u",
		(long long)placement, row.facts.flags, flags.bits);
	check->say(check->ctx, text);
	return true;
}

bool
check_journal(struct store *store, void (*say)(void *ctx, const char *fault),
	void *ctx, struct error *err)
{
	struct check check = { store, say, ctx };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &check_journal_sql, CHECK_PENDING, err);

	if (!stmt)
		return false;
	for (int i = CHECK_RULES; i < CHECK_STATEMENTS; i++) {
		if (!check_rows(&check, i, err))
			return false;
	}
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		if (!check_one(&check, sqlite3_column_int64(stmt, 0), err))
			return false;
	}
	return step == STEP_DONE;
}
