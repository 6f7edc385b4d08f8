/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail that lived only in a damaged store, row by row.
 *
 * Only tables are read there, by id, and no index: what can be reached is what
 * a walk down to an id reaches.  Where that fails, the next id that can be
 * reached is looked for.  Rows keep their ids, and so everything that was
 * derived from them stays true; a second run copies what is missing.
 */
#include "store/recover.h"

#include "base/log.h"
#include "store/damage.h"

enum {
	GAPS_MAX = 20000, /* of a table; each costs some hundred steps */
	SECTION_SLICES = 1 << 20,
	/* Where the counter of ids is lost: room for those not seen. */
	IDS_APART = 1000000,
};

enum {
	OLD_STORE,
	OLD_PLACEMENTS,
	OLD_TARGETS,
	OLD_SECTIONS,
	OLD_SLICE,
	NEW_STORE,
	NEW_SECTION,
	NEW_SLICE,
	RECOVER_STATEMENTS,
};

static const char *const sql[] = {
	[OLD_STORE] = "SELECT hash_key, next_id FROM store WHERE id = 1",
	[OLD_PLACEMENTS] = "SELECT id, message, hidden, uid IS NULL "
			   "FROM placement NOT INDEXED "
			   "WHERE id >= ? "
			   "ORDER BY id",
	/* A message on its way to a folder of the server: MOVE or COPY. */
	[OLD_TARGETS] = "SELECT id, target "
			"FROM operation_item i NOT INDEXED "
			"WHERE id >= ? AND state < 3 AND target > 0 "
			"AND placement > 0 "
			"AND (SELECT kind "
			"FROM operation o NOT INDEXED "
			"WHERE o.id = i.operation) IN (1, 2) "
			"ORDER BY id",
	[OLD_SECTIONS] = "SELECT id, message, name, size, slices "
			 "FROM section NOT INDEXED "
			 "WHERE id >= ? AND complete = 1 "
			 "ORDER BY id",
	[OLD_SLICE] = "SELECT bytes FROM slice NOT INDEXED WHERE id = ?",
	[NEW_STORE] = "UPDATE store "
		      "SET hash_key = ?1, next_id = max(next_id, ?2) "
		      "WHERE id = 1",
	[NEW_SECTION] = "INSERT INTO section "
			"(id, message, name, size, slices, complete) "
			"VALUES (?, ?, ?, ?, ?, 1) "
			"ON CONFLICT DO NOTHING",
	[NEW_SLICE] = "INSERT INTO slice (id, bytes) VALUES (?, ?) "
		      "ON CONFLICT DO NOTHING",
};

const struct sql_table recover_sql = { SQL_RECOVER, RECOVER_STATEMENTS, sql };

static void
recovery_clear(struct recovery *it)
{
	array_clear(&it->placements);
	array_clear(&it->served);
	array_clear(&it->targets);
	array_clear(&it->folders);
	array_clear(&it->copied);
	store_close(it->old);
}

/* ---- reading what is damaged ---- */

bool
recover_find(struct recovery *it, sqlite3_stmt *stmt)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	return statement_find(it->old, stmt, &err) == FOUND;
}

sqlite3_stmt *
recover_statement(struct recovery *it, const struct sql_table *table, int which,
	int64_t id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	return statement_of(it->old, table, which, id, &err);
}

bool
recover_was_refused(struct error *err)
{
	if (err->kind != ERR_STORE)
		return false;
	error_clear(err);
	return true;
}

/* Whether a walk to the first row from `id` on comes to an end. */
static bool
is_reachable(struct recovery *it, int which, int64_t id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		recover_statement(it, &recover_sql, which, id);

	return statement_find(it->old, stmt, &err) != FOUND_ERROR;
}

/* The next id behind `bad` where the table can be read again; 0: none. */
static int64_t
skip_gap(struct recovery *it, int which, int64_t bad)
{
	int64_t step = 1;
	int64_t good;

	while (bad + step < RECOVER_ID_MAX &&
		!is_reachable(it, which, bad + step)) {
		bad += step;
		step *= 2;
	}
	if (bad + step >= RECOVER_ID_MAX)
		return 0;
	good = bad + step;
	while (good - bad > 1) {
		int64_t middle = bad + (good - bad) / 2;

		if (is_reachable(it, which, middle))
			good = middle;
		else
			bad = middle;
	}
	return good;
}

/* What to do with a row; false with an error of the new store ends it. */
typedef bool row_function(
	struct recovery *it, sqlite3_stmt *row, struct error *err);

/* Every row that can be reached, by id. */
static bool
scan(struct recovery *it, int which, row_function *function, struct error *err)
{
	int64_t at = 1;

	for (int gaps = 0; at && gaps < GAPS_MAX; gaps++) {
		sqlite3_stmt *stmt CLEANUP(statement_done) =
			recover_statement(it, &recover_sql, which, at);
		struct error damage CLEANUP(error_clear) = ERROR_INIT;
		enum step step = STEP_ERROR;

		while (stmt && (step = statement_step(
					it->old, stmt, &damage)) == STEP_ROW) {
			int64_t id = sqlite3_column_int64(stmt, 0);

			if (id < at || id >= RECOVER_ID_MAX)
				break;
			if (!function(it, stmt, err))
				return false;
			at = id + 1;
		}
		if (step == STEP_DONE)
			return true;
		statement_done(&stmt);
		stmt = NULL;
		at = skip_gap(it, which, at);
	}
	return true;
}

/* ---- what lives only there ---- */

static bool
note_placement(struct recovery *it, sqlite3_stmt *row, struct error *err)
{
	int64_t id = sqlite3_column_int64(row, 0);
	int64_t message = sqlite3_column_int64(row, 1);
	bool hidden = sqlite3_column_int(row, 2) != 0;
	bool has_uid = sqlite3_column_int(row, 3) == 0;

	(void)err;
	it->last_id = id;
	if (has_uid && message != id)
		array_push(&it->served, message);
	else if (!has_uid && !hidden)
		array_push(&it->placements, id);
	return true;
}

static bool
note_target(struct recovery *it, sqlite3_stmt *row, struct error *err)
{
	(void)err;
	array_push(&it->targets, sqlite3_column_int64(row, 1));
	return true;
}

static void
sort_ids(struct id_array *ids)
{
	if (ids->n > 1)
		qsort(ids->items, ids->n, sizeof(int64_t), store_compare_ids);
}

static bool
copy_messages(struct recovery *it, struct error *err)
{
	size_t i = 0;

	while (i < it->placements.n) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		if (!transaction_begin(it->new, &tx, err))
			return false;
		do {
			if (!recover_placement(
				    it, it->placements.items[i], err))
				return false;
			i++;
		} while (i < it->placements.n && !transaction_is_due(&tx));
		if (!transaction_commit(&tx, err))
			return false;
	}
	return true;
}

/* ---- their bytes ---- */

static int
compare_copied(const void *a, const void *b)
{
	int64_t x = ((const struct copied *)a)->message;
	int64_t y = ((const struct copied *)b)->message;

	return x < y ? -1 : x > y;
}

static struct copied *
find_copied(struct recovery *it, int64_t message)
{
	struct copied key = { .message = message };

	return it->copied.n ? bsearch(&key, it->copied.items, it->copied.n,
				      sizeof(key), compare_copied)
			    : NULL;
}

/* `*ret_whole`: each of its slices could be read, and their sizes add up. */
static bool
copy_slices(struct recovery *it, sqlite3_stmt *row, bool *ret_whole,
	struct error *err)
{
	int64_t section = sqlite3_column_int64(row, 0);
	int64_t left = sqlite3_column_int64(row, 3);
	int64_t slices = sqlite3_column_int64(row, 4);

	*ret_whole = false;
	if (slices < 0 || slices > SECTION_SLICES)
		return true;
	for (int64_t i = 0; i < slices; i++) {
		int64_t id = section * SECTION_SLICES + i;
		sqlite3_stmt *old CLEANUP(statement_done) =
			recover_statement(it, &recover_sql, OLD_SLICE, id);
		sqlite3_stmt *stmt =
			statement_of(it->new, &recover_sql, NEW_SLICE, id, err);

		if (!stmt)
			return false;
		if (!recover_find(it, old))
			return true;
		left -= sqlite3_column_bytes(old, 0);
		sqlite3_bind_value(stmt, 2, sqlite3_column_value(old, 0));
		if (!statement_run(it->new, stmt, err))
			return false;
	}
	*ret_whole = left == 0;
	return true;
}

static bool
copy_section_row(struct recovery *it, sqlite3_stmt *row, struct error *err)
{
	sqlite3_stmt *stmt = statement_of(it->new, &recover_sql, NEW_SECTION,
		sqlite3_column_int64(row, 0), err);

	if (!stmt)
		return false;
	for (int i = 1; i < 5; i++)
		sqlite3_bind_value(stmt, i + 1, sqlite3_column_value(row, i));
	return statement_run(it->new, stmt, err);
}

/* A section in a transaction of its own: all of it or nothing. */
static bool
copy_section(struct recovery *it, sqlite3_stmt *row, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct copied *message = find_copied(it, sqlite3_column_int64(row, 1));
	bool is_all = column_slice(row, 2).len == 0;
	bool whole = false;

	if (!message)
		return true;
	if (!transaction_begin(it->new, &tx, err))
		return false;
	if (!copy_section_row(it, row, err) ||
		!copy_slices(it, row, &whole, err) ||
		(whole && is_all &&
			!recover_set_state(
				it, message->message, MESSAGE_FULL, err))) {
		if (!recover_was_refused(err))
			return false;
		whole = false;
	}
	if (!whole) {
		message->had = MESSAGE_FULL + 1;
		return true;
	}
	if (is_all)
		message->has = MESSAGE_FULL;
	return transaction_commit(&tx, err);
}

/* ---- all of it ---- */

/* The key of the hashes and the counter of ids. */
static bool
copy_store_row(struct recovery *it, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct hash_key *key = &it->new->home->hash_key;
	int64_t next_id = it->last_id + IDS_APART;
	sqlite3_stmt *old CLEANUP(statement_done) =
		recover_statement(it, &recover_sql, OLD_STORE, 0);
	sqlite3_stmt *stmt;

	if (recover_find(it, old)) {
		struct slice bytes = column_slice(old, 0);
		int64_t next = sqlite3_column_int64(old, 1);

		it->has_key = bytes.len == sizeof(*key);
		if (it->has_key)
			memcpy(key, bytes.data, sizeof(*key));
		if (next > it->last_id && next < RECOVER_ID_MAX)
			next_id = next;
	}
	if (!transaction_begin(it->new, &tx, err))
		return false;
	stmt = statement(it->new, &recover_sql, NEW_STORE, err);
	if (!stmt)
		return false;
	bind_blob(stmt, 1, slice_make((const char *)key, sizeof(*key)));
	sqlite3_bind_int64(stmt, 2, next_id);
	return statement_run(it->new, stmt, err) &&
	       transaction_commit(&tx, err);
}

/* Each message once, whole or in part. */
static void
count(struct recovery *it, struct store_recovery *recovery)
{
	for (size_t i = 0; i < it->copied.n; i++) {
		const struct copied *copied = &it->copied.items[i];

		if (copied->has < copied->had)
			recovery->in_part++;
		else
			recovery->recovered++;
	}
	recovery->lost += it->lost;
}

/* By message, each once. */
static void
sort_copied(struct recovery *it)
{
	size_t n = 0;

	if (it->copied.n > 1)
		qsort(it->copied.items, it->copied.n, sizeof(struct copied),
			compare_copied);
	for (size_t i = 0; i < it->copied.n; i++) {
		if (n == 0 || it->copied.items[n - 1].message !=
				      it->copied.items[i].message)
			it->copied.items[n++] = it->copied.items[i];
	}
	it->copied.n = n;
}

bool
recover_from(struct store *store, const char *aside,
	struct store_recovery *recovery, struct error *err)
{
	struct recovery it CLEANUP(recovery_clear) = { .new = store };
	struct error damage CLEANUP(error_clear) = ERROR_INIT;

	if (!store_open_aside(aside, &it.old, &damage))
		return true;
	if (!recover_outbox(&it, &recovery->recovered, err))
		return false;
	if (!scan(&it, OLD_PLACEMENTS, note_placement, err))
		return false;
	if (it.placements.n == 0) {
		count(&it, recovery);
		return true;
	}
	/* An older store has no such table. */
	if (!scan(&it, OLD_TARGETS, note_target, err))
		return false;
	sort_ids(&it.served);
	sort_ids(&it.targets);
	if (!copy_store_row(&it, err) || !copy_messages(&it, err))
		return false;
	sort_copied(&it);
	if (!scan(&it, OLD_SECTIONS, copy_section, err))
		return false;
	count(&it, recovery);
	log_info("store", "%llu messages were recovered from %s",
		(unsigned long long)recovery->recovered, aside);
	return true;
}
