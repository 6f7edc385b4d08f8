/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/index.h"

#include "base/array.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/message.h"
#include "store/private.h"

enum {
	STEP_MESSAGES = 2000,
	/* Of taking words in; writing them is as much again.  Each step makes
	 * a segment that is merged with others later, and waits for the disk:
	 * on a busy machine it takes longer rather than little. */
	STEP_US = 25000,
	STEP_BYTES = 1024 * 1024,
	STEP_US_MAX = 100000,
	STEP_RUNS = 32,
	COUNTED_MAX = 10000, /* of what waits; more is not counted */
};

enum {
	INDEX_ANY_OLD,
	INDEX_DROP_OLD_TEXT,
	INDEX_DROP_OLD_PARTS,
	INDEX_NOTE_TEXT,
	INDEX_WAITING_TEXTS,
	INDEX_RUNS,
	INDEX_IN_RUN,
	INDEX_ADVANCE_RUN,
	INDEX_DROP_RUN,
	INDEX_NEW_RUN,
	INDEX_COUNT_TEXTS,
	INDEX_COUNT_RUNS,
	INDEX_ORPHANS,
	INDEX_NOTE_ORPHAN,
	INDEX_STATEMENTS,
};

static const char *const sql[] = {
	[INDEX_ANY_OLD] = "SELECT EXISTS (SELECT 1 FROM old_text) "
			  "OR EXISTS (SELECT 1 FROM old_parts)",
	[INDEX_DROP_OLD_TEXT] = "DELETE FROM old_text "
				"WHERE message = ? AND stamp <> ?",
	[INDEX_DROP_OLD_PARTS] = "DELETE FROM old_parts "
				 "WHERE message = ? AND stamp <> ?",
	[INDEX_NOTE_TEXT] = "UPDATE text "
			    "SET indexed = 1 "
			    "WHERE message = ? AND stamp = ?",
	[INDEX_WAITING_TEXTS] = "SELECT message "
				"FROM text "
				"WHERE indexed = 0 "
				"LIMIT ?",
	[INDEX_RUNS] = "SELECT id, first, last "
		       "FROM run "
		       "WHERE kind = 1 AND account = ? "
		       "ORDER BY id DESC "
		       "LIMIT ?",
	[INDEX_IN_RUN] = "SELECT id "
			 "FROM message "
			 "WHERE id BETWEEN ? AND ? AND account = ? "
			 "ORDER BY id "
			 "LIMIT ?",
	[INDEX_ADVANCE_RUN] = "UPDATE run SET first = ?2 WHERE id = ?1",
	[INDEX_DROP_RUN] = "DELETE FROM run WHERE id = ? AND first > last",
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
	[INDEX_ORPHANS] = "SELECT message "
			  "FROM orphan "
			  "WHERE unindexed = 0 AND since <= ? "
			  "LIMIT ?",
	[INDEX_NOTE_ORPHAN] = "UPDATE orphan SET unindexed = 1 "
			      "WHERE message = ?",
};

const struct sql_table index_sql = { SQL_INDEX, INDEX_STATEMENTS, sql };

/* A message of this step.  Made of what, once it was looked at. */
struct item {
	int64_t message;
	int64_t run; /* 0: waits because of its text */
	struct index_doc doc;
};

struct items {
	struct item *items;
	size_t n;
	size_t cap;
};

struct run {
	int64_t id;
	int64_t first;
	int64_t last;
	bool whole; /* all its messages are among the items */
};

struct indexer {
	struct store *store;
	int64_t account;
	struct items items;
	size_t done;
	size_t bytes; /* of text that was taken in */
	struct run runs[STEP_RUNS];
	size_t n_runs;
	struct index_buffers buffers;
};

static void
indexer_init(struct indexer *it, struct store *store, int64_t account)
{
	*it = (struct indexer){ .store = store, .account = account };
	index_buffers_init(&it->buffers);
}

static void
indexer_clear(struct indexer *it)
{
	array_clear(&it->items);
	index_buffers_clear(&it->buffers);
}

/* ---- the index's side ---- */

static bool
is_enough(const struct indexer *it, int64_t spent_us)
{
	return spent_us >= STEP_US_MAX ||
	       (spent_us >= STEP_US && it->bytes >= STEP_BYTES);
}

/* As many as a step's time allows; at least one. */
static bool
index_items(struct indexer *it, bool forget, struct error *err)
{
	int64_t began = clock_mono_us();
	bool done = true;

	if (!index_begin(it->store, err))
		return false;
	while (done && it->done < it->items.n &&
		(it->done == 0 || !is_enough(it, clock_mono_us() - began))) {
		struct item *item = &it->items.items[it->done];

		done = index_message(it->store, &it->buffers, item->message,
			forget, &item->doc, err);
		it->bytes += it->buffers.body.len;
		it->done += done;
	}
	if (done && index_commit(it->store, err))
		return true;
	index_rollback(it->store);
	return false;
}

/* ---- what waits ---- */

static void
add_item(struct indexer *it, int64_t message, int64_t run)
{
	struct item *item = array_add(&it->items);

	item->message = message;
	item->run = run;
}

/* Every row of the statement, whose parameters are bound. */
static bool
gather_ids(
	struct indexer *it, sqlite3_stmt *stmt, int64_t run, struct error *err)
{
	enum step step;

	while ((step = statement_step(it->store, stmt, err)) == STEP_ROW)
		add_item(it, sqlite3_column_int64(stmt, 0), run);
	return step == STEP_DONE;
}

static bool
gather_limited(struct indexer *it, int which, int64_t limit,
	const int64_t *first, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(it->store, &index_sql, which, err);

	if (!stmt)
		return false;
	if (first)
		sqlite3_bind_int64(stmt, 1, *first);
	sqlite3_bind_int64(stmt, first ? 2 : 1, limit);
	return gather_ids(it, stmt, 0, err);
}

static bool
load_runs(struct indexer *it, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(it->store, &index_sql, INDEX_RUNS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, it->account);
	sqlite3_bind_int(stmt, 2, STEP_RUNS);
	while ((step = statement_step(it->store, stmt, err)) == STEP_ROW)
		it->runs[it->n_runs++] = (struct run){
			.id = sqlite3_column_int64(stmt, 0),
			.first = sqlite3_column_int64(stmt, 1),
			.last = sqlite3_column_int64(stmt, 2),
		};
	return step == STEP_DONE;
}

static bool
gather_run(struct indexer *it, struct run *run, struct error *err)
{
	size_t before = it->items.n;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(it->store, &index_sql, INDEX_IN_RUN, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, run->first);
	sqlite3_bind_int64(stmt, 2, run->last);
	sqlite3_bind_int64(stmt, 3, it->account);
	sqlite3_bind_int64(stmt, 4, (int64_t)(STEP_MESSAGES - before));
	if (!gather_ids(it, stmt, run->id, err))
		return false;
	run->whole = it->items.n < STEP_MESSAGES;
	return true;
}

/* Texts that came since, whosever they are; then headers, newest run first. */
static bool
gather_waiting(struct indexer *it, struct error *err)
{
	if (!gather_limited(
		    it, INDEX_WAITING_TEXTS, STEP_MESSAGES, NULL, err) ||
		!load_runs(it, err))
		return false;
	for (size_t i = 0; i < it->n_runs && it->items.n < STEP_MESSAGES; i++) {
		if (!gather_run(it, &it->runs[i], err))
			return false;
	}
	return true;
}

/* ---- the store's side ---- */

/* Nothing is noted that went into a file which another process gave up
 * meanwhile: everything waits again then. */
static bool
begin_noting(struct indexer *it, struct transaction *tx, bool *ret_current,
	struct error *err)
{
	int64_t identity = 0;

	if (!transaction_begin(it->store, tx, err) ||
		!store_index_identity(it->store, &identity, err))
		return false;
	*ret_current = identity == it->store->index_identity;
	return true;
}

static bool
note_item(struct store *store, const struct item *item, bool any_old,
	struct error *err)
{
	int64_t message = item->message;
	const struct index_doc *doc = &item->doc;

	if (doc->text_stamp &&
		!statement_run_ids(store, &index_sql, INDEX_NOTE_TEXT, message,
			doc->text_stamp, err))
		return false;
	return !any_old ||
	       (statement_run_ids(store, &index_sql, INDEX_DROP_OLD_TEXT,
			message, doc->text_stamp, err) &&
		       statement_run_ids(store, &index_sql,
			       INDEX_DROP_OLD_PARTS, message, doc->parts_stamp,
			       err));
}

/* In transactions of the usual length. */
static bool
note_items(struct indexer *it, struct error *err)
{
	size_t i = 0;

	while (i < it->done) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		int64_t any_old = 0;
		bool current;

		if (!begin_noting(it, &tx, &current, err))
			return false;
		if (!current)
			return true;
		if (statement_ask(it->store, &index_sql, INDEX_ANY_OLD, 0,
			    &any_old, err) == FOUND_ERROR)
			return false;
		do {
			if (!note_item(it->store, &it->items.items[i],
				    any_old != 0, err))
				return false;
			i++;
		} while (i < it->done && !transaction_is_due(&tx));
		if (!transaction_commit(&tx, err))
			return false;
	}
	return true;
}

/* How far a run was worked off; it may have grown meanwhile. */
static bool
note_run(struct indexer *it, const struct run *run, struct error *err)
{
	int64_t first = run->whole ? run->last + 1 : run->first;

	for (size_t i = 0; i < it->items.n; i++) {
		const struct item *item = &it->items.items[i];

		if (item->run != run->id)
			continue;
		if (i >= it->done) {
			first = item->message;
			break;
		}
		if (!run->whole)
			first = item->message + 1;
	}
	return first == run->first ||
	       (statement_run_ids(it->store, &index_sql, INDEX_ADVANCE_RUN,
			run->id, first, err) &&
		       statement_run_id(it->store, &index_sql, INDEX_DROP_RUN,
			       run->id, err));
}

static bool
note_runs(struct indexer *it, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	bool current;

	if (it->n_runs == 0)
		return true;
	if (!begin_noting(it, &tx, &current, err))
		return false;
	for (size_t i = 0; current && i < it->n_runs; i++) {
		if (!note_run(it, &it->runs[i], err))
			return false;
	}
	return transaction_commit(&tx, err);
}

static bool
count_left(struct store *store, int64_t account, int64_t *ret_left,
	struct error *err)
{
	int64_t texts = 0;
	int64_t headers = 0;

	if (statement_ask(store, &index_sql, INDEX_COUNT_TEXTS, COUNTED_MAX,
		    &texts, err) == FOUND_ERROR ||
		statement_ask(store, &index_sql, INDEX_COUNT_RUNS, account,
			&headers, err) == FOUND_ERROR)
		return false;
	*ret_left = texts + headers;
	return true;
}

/* ---- steps ---- */

static bool
step_waiting(struct indexer *it, struct error *err)
{
	if (!gather_waiting(it, err))
		return false;
	if (it->items.n && !index_items(it, false, err)) {
		/* Made anew by the next step. */
		if (!index_give_up_damaged(it->store, err))
			return false;
		error_clear(err);
		return true;
	}
	return note_items(it, err) && note_runs(it, err);
}

bool
message_index_some(struct store *store, int64_t account, int64_t *ret_left,
	struct error *err)
{
	struct indexer it CLEANUP(indexer_clear) = { 0 };
	bool done;

	store_assert_mine(store);
	ASSERT(!store->tx);
	indexer_init(&it, store, account);
	if (!count_left(store, account, ret_left, err))
		return false;
	if (*ret_left == 0)
		return true;
	turn_take(store->home->index_turn, false);
	done = index_open(store, err) && step_waiting(&it, err);
	turn_give(store->home->index_turn);
	if (!done || !count_left(store, account, ret_left, err))
		return false;
	/* Its cache is better used elsewhere. */
	if (*ret_left == 0)
		index_close(store);
	return true;
}

bool
index_want(struct store *store, int64_t message, struct error *err)
{
	return statement_run_id(store, &index_sql, INDEX_NEW_RUN, message, err);
}

/* Whoever found a folder again meanwhile is put in again. */
static bool
note_orphans(struct indexer *it, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	bool current;

	if (!begin_noting(it, &tx, &current, err))
		return false;
	for (size_t i = 0; current && i < it->done; i++) {
		int64_t message = it->items.items[i].message;

		if (!statement_run_id(it->store, &index_sql, INDEX_NOTE_ORPHAN,
			    message, err) ||
			(sqlite3_changes(it->store->db) == 0 &&
				!index_want(it->store, message, err)))
			return false;
	}
	return transaction_commit(&tx, err);
}

static bool
step_orphans(struct indexer *it, struct error *err)
{
	if (index_items(it, true, err))
		return note_orphans(it, err);
	if (!index_give_up_damaged(it->store, err))
		return false;
	error_clear(err);
	return true;
}

bool
index_forget_some(
	struct store *store, int64_t before, bool *ret_more, struct error *err)
{
	struct indexer it CLEANUP(indexer_clear) = { 0 };
	bool done;

	store_assert_mine(store);
	ASSERT(!store->tx);
	indexer_init(&it, store, 0);
	if (!gather_limited(&it, INDEX_ORPHANS, STEP_MESSAGES, &before, err))
		return false;
	*ret_more = it.items.n > 0;
	if (it.items.n == 0)
		return true;
	turn_take(store->home->index_turn, false);
	done = index_open(store, err) && step_orphans(&it, err);
	index_close(store);
	turn_give(store->home->index_turn);
	return done;
}
