/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the store is whole, and whether what is kept up to date by each
 * transaction is what counting anew would give.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/check_journal.h"
#include "store/index.h"
#include "store/private.h"
#include "store/thread.h"

enum {
	CHECK_QUICK,
	CHECK_WHOLE,
	CHECK_FOREIGN_KEYS,
	CHECK_THREADS,
	CHECK_TEXTS,
	CHECK_RULES, /* the first of those in which each row is a fault */
	CHECK_MESSAGES_OF_PLACEMENTS = CHECK_RULES,
	CHECK_SPACES_OF_PLACEMENTS,
	CHECK_PLACED,
	CHECK_UNREAD,
	CHECK_THREAD_COUNT,
	CHECK_UNLINKED,
	CHECK_SIBLINGS,
	CHECK_ORPHANS,
	CHECK_SECTIONS,
	CHECK_SLICES,
	CHECK_STATES,
	CHECK_WANTED,
	CHECK_NEXT_ID,
	CHECK_LOST_THREADS,
	CHECK_RUNS,
	CHECK_STATEMENTS,
};

#define COUNTED(column, count)                                                 \
	"SELECT printf('folder %d: " column " is %d, should be %d', id, "      \
	"is_now, should) "                                                     \
	"FROM (SELECT f.id AS id, f." column " AS is_now, " count              \
	" AS should FROM folder f WHERE f.dropped = 0) "                       \
	"WHERE is_now <> should"

static const char *const sql[] = {
	[CHECK_QUICK] = "PRAGMA quick_check",
	[CHECK_WHOLE] = "PRAGMA integrity_check",
	[CHECK_FOREIGN_KEYS] = "PRAGMA foreign_key_check",
	[CHECK_THREADS] = "SELECT DISTINCT conversation, folder "
			  "FROM placement "
			  "WHERE linked = 1 AND hidden = 0 AND folder IN "
			  "(SELECT id FROM folder WHERE dropped = 0)",
	[CHECK_TEXTS] = "SELECT t.message, t.stamp "
			"FROM text t "
			"WHERE t.indexed = 1 AND NOT EXISTS "
			"(SELECT 1 FROM orphan o WHERE o.message = t.message) "
			"AND NOT EXISTS (SELECT 1 FROM run r "
			"WHERE r.kind = 1 "
			"AND t.message BETWEEN r.first AND r.last)",
	[CHECK_MESSAGES_OF_PLACEMENTS] =
		"SELECT printf('placement %d: no message %d', p.id, p.message) "
		"FROM placement p "
		"WHERE NOT EXISTS "
		"(SELECT 1 FROM message m WHERE m.id = p.message)",
	[CHECK_SPACES_OF_PLACEMENTS] =
		"SELECT printf('placement %d: no UID space %d', p.id, "
		"p.uid_space) "
		"FROM placement p "
		"WHERE p.uid_space IS NOT NULL AND NOT EXISTS "
		"(SELECT 1 FROM uid_space s "
		"WHERE s.id = p.uid_space AND s.folder = p.folder)",
	[CHECK_PLACED] =
		COUNTED("placed", "(SELECT count(*) FROM placement p "
				  "WHERE p.folder = f.id AND p.hidden = 0)"),
	[CHECK_UNREAD] = COUNTED("unread",
		"(SELECT count(*) FROM placement p "
		"WHERE p.folder = f.id AND p.hidden = 0 AND (p.flags & 1) = 0)"),
	[CHECK_THREAD_COUNT] = COUNTED("threads",
		"(SELECT count(*) FROM thread t WHERE t.folder = f.id)"),
	[CHECK_UNLINKED] =
		COUNTED("unlinked", "(SELECT count(*) FROM placement p "
				    "WHERE p.folder = f.id AND p.linked = 0)"),
	[CHECK_SIBLINGS] =
		"SELECT printf('message %d: placements in conversations %d and "
		"%d', a.message, a.conversation, b.conversation) "
		"FROM placement a "
		"JOIN placement b ON b.id = a.message AND b.message = a.message "
		"WHERE a.id <> a.message AND a.linked = 1 AND b.linked = 1 "
		"AND a.conversation <> b.conversation",
	[CHECK_ORPHANS] = "SELECT printf('message %d: stands nowhere', m.id) "
			  "FROM message m "
			  "WHERE NOT EXISTS (SELECT 1 FROM placement p "
			  "WHERE p.id = m.id AND p.message = m.id) "
			  "AND NOT EXISTS (SELECT 1 FROM placement p "
			  "WHERE p.message = m.id AND p.id <> p.message) "
			  "AND NOT EXISTS "
			  "(SELECT 1 FROM orphan o WHERE o.message = m.id)",
	[CHECK_SECTIONS] =
		"SELECT printf('section %d: %d slices of %d bytes, should be "
		"%d of %d', id, slices, size, n, bytes) "
		"FROM (SELECT s.id AS id, s.slices AS slices, s.size AS size, "
		"(SELECT count(*) FROM slice b WHERE b.id >= s.id * 1048576 "
		"AND b.id < (s.id + 1) * 1048576) AS n, "
		"(SELECT ifnull(sum(length(bytes)), 0) FROM slice b "
		"WHERE b.id >= s.id * 1048576 "
		"AND b.id < (s.id + 1) * 1048576) AS bytes "
		"FROM section s) "
		"WHERE slices <> n OR size <> bytes",
	[CHECK_SLICES] = "SELECT printf('slice %d: no section', id) "
			 "FROM slice "
			 "WHERE id / 1048576 NOT IN (SELECT id FROM section)",
	[CHECK_STATES] =
		"SELECT printf('message %d: state is %d', m.id, m.state) "
		"FROM message m "
		"WHERE (m.state = 1 AND NOT EXISTS "
		"(SELECT 1 FROM text t WHERE t.message = m.id)) "
		"OR (m.state = 2 AND NOT EXISTS "
		"(SELECT 1 FROM section s WHERE s.message = m.id "
		"AND s.name = ''))",
	[CHECK_WANTED] =
		"SELECT printf('message %d: state %d, linked %d, wanted %d', "
		"id, state, linked, wanted) "
		"FROM (SELECT m.id AS id, m.state AS state, "
		"EXISTS (SELECT 1 FROM placement p "
		"WHERE p.id = m.id AND p.message = m.id AND p.linked = 1) "
		"AS linked, "
		"EXISTS (SELECT 1 FROM wanted w WHERE w.account = m.account "
		"AND w.received = m.received AND w.message = m.id) AS wanted "
		"FROM message m) "
		"WHERE (wanted AND state > 0) "
		"OR (linked AND state = 0 AND NOT wanted)",
	[CHECK_NEXT_ID] =
		"SELECT printf('the next id is %d, taken already', next_id) "
		"FROM store "
		"WHERE next_id <= (SELECT ifnull(max(id), 0) FROM message) "
		"OR next_id <= (SELECT ifnull(max(id), 0) FROM placement)",
	[CHECK_LOST_THREADS] =
		"SELECT printf('thread %d in folder %d: nothing stands there', "
		"t.conversation, t.folder) "
		"FROM thread t "
		"WHERE NOT EXISTS (SELECT 1 FROM placement p "
		"WHERE p.conversation = t.conversation "
		"AND p.folder = t.folder AND p.linked = 1 AND p.hidden = 0)",
	[CHECK_RUNS] =
		"SELECT printf('placement %d: would never be linked', p.id) "
		"FROM placement p "
		"WHERE p.linked = 0 AND p.folder IN "
		"(SELECT id FROM folder WHERE dropped = 0) "
		"AND NOT EXISTS (SELECT 1 FROM run r WHERE r.kind = 0 "
		"AND r.folder = p.folder "
		"AND p.id BETWEEN r.first AND r.last)",
};

const struct sql_table check_sql = { SQL_CHECK, CHECK_STATEMENTS, sql };

struct check {
	struct store *store;
	void (*say)(void *ctx, const char *fault);
	void *ctx;
	uint64_t faults;
};

static void
report(struct check *check, const char *fault)
{
	check->faults++;
	if (check->say)
		check->say(check->ctx, fault);
}

/* Every row but "ok" is a fault. */
static bool
check_rows(struct check *check, int which, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(check->store, &check_sql, which, err);

	if (!stmt)
		return false;
	while ((step = statement_step(check->store, stmt, err)) == STEP_ROW) {
		char *text CLEANUP(freep) = column_text_empty(stmt, 0);

		if (strcmp(text, "ok") != 0)
			report(check, text);
	}
	return step == STEP_DONE;
}

static bool
check_foreign_keys(struct check *check, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(check->store, &check_sql, CHECK_FOREIGN_KEYS, err);

	if (!stmt)
		return false;
	while ((step = statement_step(check->store, stmt, err)) == STEP_ROW) {
		char *table CLEANUP(freep) = column_text_empty(stmt, 0);
		char *parent CLEANUP(freep) = column_text_empty(stmt, 2);
		char *text CLEANUP(freep) = xasprintf(
			"%s %lld: refers to no %s", table,
			(long long)sqlite3_column_int64(stmt, 1), parent);

		report(check, text);
	}
	return step == STEP_DONE;
}

static bool
check_thread(struct check *check, int64_t conversation, int64_t folder,
	struct error *err)
{
	struct thread_row want CLEANUP(thread_row_clear) = { 0 };
	struct thread_row have CLEANUP(thread_row_clear) = { 0 };
	char *text CLEANUP(freep) = NULL;

	thread_row_init(&want);
	thread_row_init(&have);
	if (!thread_compute(check->store, conversation, folder, &want, err) ||
		!thread_load(check->store, conversation, folder, &have, err))
		return false;
	if (have.size == want.size && have.unread == want.unread &&
		have.newest == want.newest &&
		have.newest_received == want.newest_received &&
		have.attachments == want.attachments &&
		have.more_people == want.more_people &&
		flags_eq(&have.flags, &want.flags) &&
		slice_eq(
			strbuf_slice(&have.people), strbuf_slice(&want.people)))
		return true;
	text = xasprintf("thread %lld in folder %lld: its row is out of date "
			 "(%lld of %lld, %lld unread of %lld)",
		(long long)conversation, (long long)folder,
		(long long)have.size, (long long)want.size,
		(long long)have.unread, (long long)want.unread);
	report(check, text);
	return true;
}

static bool
check_threads(struct check *check, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(check->store, &check_sql, CHECK_THREADS, err);

	if (!stmt)
		return false;
	while ((step = statement_step(check->store, stmt, err)) == STEP_ROW) {
		if (!check_thread(check, sqlite3_column_int64(stmt, 0),
			    sqlite3_column_int64(stmt, 1), err))
			return false;
	}
	return step == STEP_DONE;
}

static void
report_other(void *ctx, const char *fault)
{
	report(ctx, fault);
}

static bool
check_all(struct check *check, bool thorough, struct error *err)
{
	if (!check_rows(check, thorough ? CHECK_WHOLE : CHECK_QUICK, err))
		return false;
	/* A file that is not whole answers nothing else reliably. */
	if (check->faults)
		return true;
	if (!check_foreign_keys(check, err))
		return false;
	for (int i = CHECK_RULES; i < CHECK_STATEMENTS; i++) {
		if (!check_rows(check, i, err))
			return false;
	}
	return check_journal(check->store, report_other, check, err) &&
	       (!thorough || check_threads(check, err));
}

/* The text index's own look at what it holds; and that it holds no message
 * which is gone, nor misses one that it should hold. */
static bool
look_at_index(struct check *check, struct error *err)
{
	enum step step;
	sqlite3_stmt *texts CLEANUP(statement_done) = NULL;

	if (!index_open(check->store, err))
		return false;
	texts = statement(check->store, &check_sql, CHECK_TEXTS, err);
	if (!texts)
		return false;
	while ((step = statement_step(check->store, texts, err)) == STEP_ROW) {
		int64_t message = sqlite3_column_int64(texts, 0);
		struct index_doc doc;
		char *text CLEANUP(freep) = NULL;

		if (!index_doc_load(check->store, message, &doc, err))
			return false;
		if (doc.there &&
			doc.text_stamp == sqlite3_column_int64(texts, 1))
			continue;
		text = xasprintf("message %lld: its text is not in the index",
			(long long)message);
		report(check, text);
	}
	return step == STEP_DONE &&
	       index_check(check->store, report_other, check, err);
}

/* While nobody fills it. */
static bool
check_index(struct check *check, struct error *err)
{
	int64_t identity = 0;
	bool done;

	if (!store_index_identity(check->store, &identity, err))
		return false;
	if (identity == 0)
		return true;
	turn_take(check->store->home->index_turn, false);
	done = look_at_index(check, err);
	index_close(check->store);
	turn_give(check->store->home->index_turn);
	return done;
}

bool
store_check(struct store *store, bool thorough,
	void (*say)(void *ctx, const char *fault), void *ctx,
	uint64_t *ret_faults, struct error *err)
{
	struct check check = { .store = store, .say = say, .ctx = ctx };
	bool done;

	store_assert_mine(store);
	/* One view of everything, whoever writes meanwhile. */
	if (!store_exec(store, "BEGIN", err))
		return false;
	done = check_all(&check, thorough, err);
	sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	if (!done ||
		(thorough && check.faults == 0 && !check_index(&check, err)))
		return false;
	*ret_faults = check.faults;
	return true;
}
