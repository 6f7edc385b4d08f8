/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/tally.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/private.h"
#include "store/thread.h"

enum {
	/* A run may pass over other folders' ids; more makes a new run. */
	RUN_GAP_MAX = 10000,
	THREADS_FIRST = 256,
	/* What recomputing a thread row is thought to cost. */
	THREAD_COST_NS = 5000,
	MEMBER_COST_NS = 2000,
};

enum {
	TALLY_FOLDER,
	TALLY_NEXT_ID,
	TALLY_SAVE_NEXT_ID,
	TALLY_SAVE_FOLDER,
	TALLY_LAST_RUN,
	TALLY_EXTEND_RUN,
	TALLY_NEW_RUN,
	TALLY_STATEMENTS,
};

static const char *const sql[] = {
	[TALLY_FOLDER] = "SELECT account, uid_space, dropped "
			 "FROM folder "
			 "WHERE id = ?",
	[TALLY_NEXT_ID] = "SELECT next_id FROM store WHERE id = 1",
	[TALLY_SAVE_NEXT_ID] = "UPDATE store SET next_id = ? WHERE id = 1",
	[TALLY_SAVE_FOLDER] = "UPDATE folder "
			      "SET placed = placed + ?2, unread = unread + ?3, "
			      "threads = threads + ?4, "
			      "unlinked = unlinked + ?5, "
			      "server_total = iif(server_total < 0, "
			      "server_total, max(server_total + ?6, 0)), "
			      "server_unread = iif(server_unread < 0, "
			      "server_unread, max(server_unread + ?7, 0)) "
			      "WHERE id = ?1",
	[TALLY_LAST_RUN] = "SELECT id, last, newest "
			   "FROM run "
			   "WHERE kind = ? AND account = ? AND folder = ? "
			   "ORDER BY id DESC "
			   "LIMIT 1",
	[TALLY_EXTEND_RUN] = "UPDATE run SET last = ?2 WHERE id = ?1",
	[TALLY_NEW_RUN] = "INSERT INTO run "
			  "(kind, account, folder, first, last, newest) "
			  "VALUES (?, ?, ?, ?, ?, ?)",
};

const struct sql_table tally_sql = { SQL_TALLY, TALLY_STATEMENTS, sql };

void
tally_clear(struct tally *tally)
{
	tally_reset(tally);
	free(tally->folders);
	free(tally->threads);
	*tally = (struct tally){ 0 };
}

void
tally_reset(struct tally *tally)
{
	for (size_t i = 0; i < tally->n_folders; i++)
		free(tally->folders[i]);
	tally->n_folders = 0;
	if (tally->n_threads)
		memset(tally->threads, 0,
			tally->cap_threads * sizeof(*tally->threads));
	tally->n_threads = 0;
	tally->next_id = 0;
	tally->ids_taken = false;
	tally->cost_ns = 0;
	tally->pending = PENDING_UNKNOWN;
}

struct tally_folder *
tally_folder(struct store *store, int64_t folder, struct error *err)
{
	struct tally *tally = &store->tally;
	struct tally_folder *it;
	enum step step;

	for (size_t i = 0; i < tally->n_folders; i++) {
		if (tally->folders[i]->id == folder)
			return tally->folders[i];
	}
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &tally_sql, TALLY_FOLDER, err);

	if (!stmt)
		return NULL;
	sqlite3_bind_int64(stmt, 1, folder);
	step = statement_step(store, stmt, err);
	if (step == STEP_DONE)
		error_set(err, ERR_STALE, _("The folder is gone"));
	if (step != STEP_ROW)
		return NULL;
	if (tally->n_folders == tally->cap_folders) {
		tally->cap_folders =
			tally->cap_folders ? tally->cap_folders * 2 : 8;
		tally->folders = xreallocarray(tally->folders,
			tally->cap_folders, sizeof(*tally->folders));
	}
	it = xnew(struct tally_folder);
	tally->folders[tally->n_folders++] = it;
	*it = (struct tally_folder){
		.id = folder,
		.account = sqlite3_column_int64(stmt, 0),
		.uid_space = sqlite3_column_int64(stmt, 1),
		.dropped = sqlite3_column_int(stmt, 2) != 0,
	};
	return it;
}

bool
tally_new_id(struct store *store, int64_t *ret_id, struct error *err)
{
	struct tally *tally = &store->tally;

	if (!tally->next_id) {
		sqlite3_stmt *stmt CLEANUP(statement_done) =
			statement(store, &tally_sql, TALLY_NEXT_ID, err);

		if (!stmt)
			return false;
		if (statement_step(store, stmt, err) != STEP_ROW)
			return err->kind != ERR_NONE
				       ? false
				       : store_error(store->db, SQLITE_CORRUPT,
						 err);
		tally->next_id = sqlite3_column_int64(stmt, 0);
	}
	tally->ids_taken = true;
	*ret_id = tally->next_id++;
	return true;
}

void
tally_queue(struct tally_folder *folder, enum run_kind kind, int64_t id)
{
	if (!folder->first[kind])
		folder->first[kind] = id;
	folder->last[kind] = id;
}

static struct tally_thread *
thread_slot(struct tally *tally, int64_t conversation, int64_t folder)
{
	uint64_t hash = ((uint64_t)conversation * 31 + (uint64_t)folder) *
			UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 32) & (tally->cap_threads - 1);

	while (tally->threads[at].conversation &&
		(tally->threads[at].conversation != conversation ||
			tally->threads[at].folder != folder))
		at = (at + 1) & (tally->cap_threads - 1);
	return &tally->threads[at];
}

static void
grow_threads(struct tally *tally)
{
	struct tally_thread *old = tally->threads;
	size_t cap = tally->cap_threads;

	tally->cap_threads = cap ? cap * 2 : THREADS_FIRST;
	tally->threads = xcalloc(tally->cap_threads, sizeof(*tally->threads));
	for (size_t i = 0; i < cap; i++) {
		if (old[i].conversation)
			*thread_slot(tally, old[i].conversation,
				old[i].folder) = old[i];
	}
	free(old);
}

bool
tally_touch_thread(struct store *store, int64_t conversation, int64_t folder,
	int64_t size, struct error *err)
{
	struct tally *tally = &store->tally;
	struct tally_thread *slot;

	if (tally->n_threads * 2 >= tally->cap_threads)
		grow_threads(tally);
	slot = thread_slot(tally, conversation, folder);
	if (slot->conversation)
		return true;
	if (!size && !thread_size(store, conversation, folder, &size, err))
		return false;
	*slot = (struct tally_thread){ conversation, folder };
	tally->n_threads++;
	tally->cost_ns += THREAD_COST_NS + size * MEMBER_COST_NS;
	return true;
}

static bool
save_threads(struct store *store, struct error *err)
{
	struct tally *tally = &store->tally;

	for (size_t i = 0; tally->n_threads && i < tally->cap_threads; i++) {
		const struct tally_thread *it = &tally->threads[i];
		struct tally_folder *folder;
		int delta = 0;

		if (!it->conversation)
			continue;
		folder = tally_folder(store, it->folder, err);
		if (!folder || !thread_update(store, it->conversation,
				       it->folder, &delta, err))
			return false;
		folder->threads += delta;
	}
	return true;
}

int64_t
tally_unlinked(const struct store *store, int64_t account, int64_t folder)
{
	int64_t sum = 0;

	for (size_t i = 0; i < store->tally.n_folders; i++) {
		const struct tally_folder *it = store->tally.folders[i];

		if (folder ? it->id == folder : it->account == account)
			sum += it->unlinked;
	}
	return sum;
}

static bool
save_ids(struct store *store, struct error *err)
{
	sqlite3_stmt *stmt;

	if (!store->tally.ids_taken)
		return true;
	stmt = statement(store, &tally_sql, TALLY_SAVE_NEXT_ID, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, store->tally.next_id);
	return statement_run(store, stmt, err);
}

/*
 * What is older than the run's newest prolongs it, as backfill does; what is
 * newer came in by itself, and a run of its own puts it first.
 */
static bool
find_run(struct store *store, const struct tally_folder *folder, int kind,
	int64_t *ret_run, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &tally_sql, TALLY_LAST_RUN, err);

	*ret_run = 0;
	if (!stmt)
		return false;
	sqlite3_bind_int(stmt, 1, kind);
	sqlite3_bind_int64(stmt, 2, folder->account);
	sqlite3_bind_int64(stmt, 3, folder->id);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW &&
		folder->first[kind] - sqlite3_column_int64(stmt, 1) <=
			RUN_GAP_MAX &&
		folder->newest <= sqlite3_column_int64(stmt, 2))
		*ret_run = sqlite3_column_int64(stmt, 0);
	return step != STEP_ERROR;
}

static bool
save_run(struct store *store, const struct tally_folder *folder, int kind,
	struct error *err)
{
	int64_t run;
	sqlite3_stmt *stmt;

	if (!folder->first[kind])
		return true;
	if (!find_run(store, folder, kind, &run, err))
		return false;
	stmt = statement(
		store, &tally_sql, run ? TALLY_EXTEND_RUN : TALLY_NEW_RUN, err);
	if (!stmt)
		return false;
	if (run) {
		sqlite3_bind_int64(stmt, 1, run);
		sqlite3_bind_int64(stmt, 2, folder->last[kind]);
	} else {
		sqlite3_bind_int(stmt, 1, kind);
		sqlite3_bind_int64(stmt, 2, folder->account);
		sqlite3_bind_int64(stmt, 3, folder->id);
		sqlite3_bind_int64(stmt, 4, folder->first[kind]);
		sqlite3_bind_int64(stmt, 5, folder->last[kind]);
		sqlite3_bind_int64(stmt, 6, folder->newest);
	}
	return statement_run(store, stmt, err);
}

static bool
save_folder(struct store *store, const struct tally_folder *folder,
	struct error *err)
{
	sqlite3_stmt *stmt;

	if (!folder->placed && !folder->unread && !folder->threads &&
		!folder->unlinked && !folder->server_total &&
		!folder->server_unread)
		return true;
	stmt = statement(store, &tally_sql, TALLY_SAVE_FOLDER, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, folder->id);
	sqlite3_bind_int64(stmt, 2, folder->placed);
	sqlite3_bind_int64(stmt, 3, folder->unread);
	sqlite3_bind_int64(stmt, 4, folder->threads);
	sqlite3_bind_int64(stmt, 5, folder->unlinked);
	sqlite3_bind_int64(stmt, 6, folder->server_total);
	sqlite3_bind_int64(stmt, 7, folder->server_unread);
	return statement_run(store, stmt, err);
}

bool
tally_flush(struct store *store, struct error *err)
{
	struct tally *tally = &store->tally;

	if (!save_threads(store, err))
		return false;
	for (size_t i = 0; i < tally->n_folders; i++) {
		const struct tally_folder *folder = tally->folders[i];

		if (!save_folder(store, folder, err) ||
			!save_run(store, folder, RUN_LINK, err) ||
			!save_run(store, folder, RUN_INDEX, err))
			return false;
	}
	return save_ids(store, err);
}
