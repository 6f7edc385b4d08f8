/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operation_rest.h"

#include <stdlib.h>

#include "store/private.h"

enum {
	IDS_A_ROW = 512,
	WALK_IDS = 64,
	/* Seven bits a byte, of 63. */
	PACKED_ID_MAX = 9,
	/* When messages are counted; some 2 us each. */
	THREADS_LOOKED_AT = 5000,
};

enum {
	REST_INSERT,
	REST_FIRST,
	REST_AT,
	REST_DELETE,
	REST_DELETE_ALL,
	REST_COUNT,
	REST_ALL,
	REST_THREAD,
	REST_WAITING,
	REST_SAVE,
	REST_MEMBERS,
	REST_UNREAD,
	REST_FOLDER,
	REST_STATEMENTS,
};

static const char *const sql[] = {
	[REST_INSERT] = "INSERT INTO operation_ids "
			"(operation, first, last, n, ids) "
			"VALUES (?, ?, ?, ?, ?)",
	[REST_FIRST] = "SELECT ids "
		       "FROM operation_ids "
		       "WHERE operation = ? "
		       "ORDER BY first "
		       "LIMIT 1",
	[REST_AT] = "SELECT ids "
		    "FROM operation_ids "
		    "WHERE operation = ?1 AND first <= ?2 "
		    "ORDER BY first DESC "
		    "LIMIT 1",
	[REST_DELETE] = "DELETE FROM operation_ids "
			"WHERE operation = ? AND first = ?",
	[REST_DELETE_ALL] = "DELETE FROM operation_ids WHERE operation = ?",
	[REST_COUNT] = "SELECT sum(n) FROM operation_ids WHERE operation = ?",
	[REST_ALL] = "SELECT ids FROM operation_ids WHERE operation = ?",
	[REST_THREAD] = "SELECT size FROM thread "
			"WHERE conversation = ? AND folder = ?",
	[REST_WAITING] = "SELECT id, rest, folder, rest_from, rest_id, "
			 "rest_below "
			 "FROM operation INDEXED BY operation_rest "
			 "WHERE rest > 0 AND dropped = 0 "
			 "ORDER BY id",
	[REST_SAVE] = "UPDATE operation "
		      "SET rest = ?2, rest_from = ?3, rest_id = ?4 "
		      "WHERE id = ?1",
	[REST_MEMBERS] = "SELECT id "
			 "FROM placement "
			 "WHERE conversation = ? AND folder = ? AND linked = 1 "
			 "AND hidden = 0 "
			 "LIMIT 1000",
	[REST_UNREAD] = "SELECT id "
			"FROM placement INDEXED BY placement_unread "
			"WHERE folder = ?1 AND hidden = 0 AND (flags & 1) = 0 "
			"AND (received, id) < (?2, ?3) AND id < ?4 "
			"ORDER BY received DESC, id DESC "
			"LIMIT ?5",
	[REST_FOLDER] = "SELECT id "
			"FROM placement INDEXED BY placement_order "
			"WHERE folder = ?1 AND hidden = 0 "
			"AND (received, id) < (?2, ?3) AND id < ?4 "
			"ORDER BY received DESC, id DESC "
			"LIMIT ?5",
};

const struct sql_table operation_rest_sql = { SQL_OPERATION_REST,
	REST_STATEMENTS, sql };

/* ---- packing ---- */

static void
pack_number(struct strbuf *out, uint64_t value)
{
	while (value >= 0x80) {
		strbuf_add_char(out, (char)(value | 0x80));
		value >>= 7;
	}
	strbuf_add_char(out, (char)value);
}

/* False at the end, or where a damaged file has nonsense. */
static bool
unpack_number(struct slice *rest, uint64_t *ret)
{
	uint64_t value = 0;

	for (size_t i = 0; i < rest->len && i < PACKED_ID_MAX; i++) {
		unsigned char byte = (unsigned char)rest->data[i];

		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (!(byte & 0x80)) {
			*rest = slice_skip(*rest, i + 1);
			*ret = value;
			return true;
		}
	}
	return false;
}

/* Differences, so that neighbours take a byte each. */
static void
pack_ids(const int64_t *ids, size_t n, struct strbuf *out)
{
	int64_t last = 0;

	for (size_t i = 0; i < n; i++) {
		pack_number(out, (uint64_t)(ids[i] - last));
		last = ids[i];
	}
}

static void
unpack_ids(struct slice packed, struct id_array *ret_ids)
{
	uint64_t difference;
	int64_t last = 0;

	while (ret_ids->n < IDS_A_ROW && unpack_number(&packed, &difference)) {
		last = (int64_t)((uint64_t)last + difference);
		array_push(ret_ids, last);
	}
}

static int
compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* ---- rows of ids ---- */

static bool
insert_ids(struct store *store, int64_t operation, const int64_t *ids, size_t n,
	struct error *err)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	sqlite3_stmt *stmt =
		statement(store, &operation_rest_sql, REST_INSERT, err);

	if (!stmt)
		return false;
	strbuf_init(&packed, IDS_A_ROW * PACKED_ID_MAX + 1);
	pack_ids(ids, n, &packed);
	sqlite3_bind_int64(stmt, 1, operation);
	sqlite3_bind_int64(stmt, 2, ids[0]);
	sqlite3_bind_int64(stmt, 3, ids[n - 1]);
	sqlite3_bind_int64(stmt, 4, (int64_t)n);
	bind_blob(stmt, 5, strbuf_slice(&packed));
	return statement_run(store, stmt, err);
}

/* Ascending, each once, nothing below 1. */
static size_t
sort_ids(int64_t *ids, size_t n)
{
	size_t kept = 0;

	qsort(ids, n, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < n; i++) {
		if (ids[i] > 0 && (kept == 0 || ids[i] != ids[kept - 1]))
			ids[kept++] = ids[i];
	}
	return kept;
}

bool
rest_save_ids(struct store *store, const struct operation_row *row,
	const int64_t *ids, size_t n, struct error *err)
{
	int64_t *sorted CLEANUP(freep) = NULL;

	if (n == 0)
		return true;
	sorted = xreallocarray(NULL, n, sizeof(*sorted));
	memcpy(sorted, ids, n * sizeof(*sorted));
	n = sort_ids(sorted, n);
	for (size_t at = 0; at < n; at += IDS_A_ROW) {
		size_t some = n - at < IDS_A_ROW ? n - at : IDS_A_ROW;

		if (!insert_ids(store, row->id, sorted + at, some, err))
			return false;
	}
	return true;
}

static bool
is_walk(const struct operation_row *row)
{
	return row->rest == SELECT_UNREAD || row->rest == SELECT_FOLDER;
}

static bool
load_walk(struct store *store, const struct operation_row *row,
	struct id_array *ret_ids, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement(store,
		&operation_rest_sql,
		row->rest == SELECT_UNREAD ? REST_UNREAD : REST_FOLDER, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, row->folder);
	sqlite3_bind_int64(stmt, 2, row->rest_from);
	sqlite3_bind_int64(stmt, 3, row->rest_id);
	sqlite3_bind_int64(stmt, 4, row->rest_below);
	sqlite3_bind_int(stmt, 5, WALK_IDS);
	return statement_collect(store, stmt, ret_ids, err);
}

bool
rest_load(struct store *store, const struct operation_row *row,
	struct id_array *ret_ids, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;

	ret_ids->n = 0;
	if (is_walk(row))
		return load_walk(store, row, ret_ids, err);
	stmt = statement(store, &operation_rest_sql, REST_FIRST, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, row->id);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		unpack_ids(column_slice(stmt, 0), ret_ids);
	return step != STEP_ERROR;
}

static bool
save_row(
	struct store *store, const struct operation_row *row, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &operation_rest_sql, REST_SAVE, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, row->id);
	sqlite3_bind_int(stmt, 2, row->rest);
	sqlite3_bind_int64(stmt, 3, row->rest_from);
	sqlite3_bind_int64(stmt, 4, row->rest_id);
	return statement_run(store, stmt, err);
}

bool
rest_advance(struct store *store, struct operation_row *row,
	const struct id_array *ids, size_t n, struct error *err)
{
	sqlite3_stmt *stmt;

	/* The walk's place was brought along by whoever saw the rows. */
	if (is_walk(row))
		return save_row(store, row, err);
	if (n == 0)
		return true;
	stmt = statement(store, &operation_rest_sql, REST_DELETE, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, row->id);
	sqlite3_bind_int64(stmt, 2, ids->items[0]);
	return statement_run(store, stmt, err) &&
	       (n == ids->n || insert_ids(store, row->id, ids->items + n,
				       ids->n - n, err));
}

bool
rest_begin(
	struct store *store, const struct operation_row *row, struct error *err)
{
	return save_row(store, row, err);
}

bool
rest_end(struct store *store, struct operation_row *row, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &operation_rest_sql, REST_DELETE_ALL, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, row->id);
	row->rest = 0;
	return statement_run(store, stmt, err) && save_row(store, row, err) &&
	       operation_row_settle(store, row->id, err);
}

bool
rest_messages(struct store *store, int64_t folder, const int64_t *ids, size_t n,
	uint64_t *ret_n, struct error *err)
{
	size_t looked = n < THREADS_LOOKED_AT ? n : THREADS_LOOKED_AT;
	uint64_t sum = 0;

	for (size_t i = 0; i < looked; i++) {
		enum step step;
		sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
			store, &operation_rest_sql, REST_THREAD, ids[i], err);

		if (!stmt)
			return false;
		sqlite3_bind_int64(stmt, 2, folder);
		step = statement_step(store, stmt, err);
		if (step == STEP_ERROR)
			return false;
		if (step == STEP_ROW)
			sum += (uint64_t)sqlite3_column_int64(stmt, 0);
	}
	*ret_n = looked < n ? sum * n / looked : sum;
	return true;
}

static bool
count_members(struct store *store, const struct operation_row *row,
	uint64_t *ret_n, struct error *err)
{
	struct id_array all CLEANUP(id_array_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &operation_rest_sql, REST_ALL, row->id, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct id_array some CLEANUP(id_array_clear) = { 0 };

		unpack_ids(column_slice(stmt, 0), &some);
		for (size_t i = 0; i < some.n; i++)
			array_push(&all, some.items[i]);
	}
	return step == STEP_DONE &&
	       rest_messages(store, row->folder, all.items, all.n, ret_n, err);
}

bool
rest_count(struct store *store, const struct operation_row *row,
	uint64_t *ret_n, struct error *err)
{
	int64_t n = 0;

	*ret_n = row->rest ? 1 : 0;
	if (!row->rest || is_walk(row))
		return true;
	if (row->rest == SELECT_CONVERSATIONS)
		return count_members(store, row, ret_n, err);
	if (statement_ask(store, &operation_rest_sql, REST_COUNT, row->id, &n,
		    err) == FOUND_ERROR)
		return false;
	*ret_n = (uint64_t)n;
	return true;
}

bool
rest_members(struct store *store, int64_t conversation, int64_t folder,
	struct id_array *ret_placements, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &operation_rest_sql, REST_MEMBERS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, conversation);
	sqlite3_bind_int64(stmt, 2, folder);
	return statement_collect(store, stmt, ret_placements, err);
}

/* ---- what waits ---- */

void
operation_rows_clear(struct operation_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		operation_row_clear(&rows->items[i]);
	array_clear(rows);
}

bool
rest_load_waiting(
	struct store *store, struct operation_rows *ret_rows, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &operation_rest_sql, REST_WAITING, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct operation_row *row = array_add(ret_rows);

		row->id = sqlite3_column_int64(stmt, 0);
		row->rest = sqlite3_column_int(stmt, 1);
		row->folder = sqlite3_column_int64(stmt, 2);
		row->rest_from = sqlite3_column_int64(stmt, 3);
		row->rest_id = sqlite3_column_int64(stmt, 4);
		row->rest_below = sqlite3_column_int64(stmt, 5);
	}
	return step == STEP_DONE;
}

static bool
ids_hold(struct store *store, int64_t operation, int64_t id, bool *ret_holds,
	struct error *err)
{
	struct id_array ids CLEANUP(id_array_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &operation_rest_sql, REST_AT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, operation);
	sqlite3_bind_int64(stmt, 2, id);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		unpack_ids(column_slice(stmt, 0), &ids);
	*ret_holds = ids.n && bsearch(&id, ids.items, ids.n, sizeof(id),
				      compare_ids) != NULL;
	return step != STEP_ERROR;
}

static bool
walk_holds(const struct operation_row *row, const struct placement_facts *facts)
{
	if (facts->folder != row->folder || facts->id >= row->rest_below)
		return false;
	return facts->received < row->rest_from ||
	       (facts->received == row->rest_from && facts->id < row->rest_id);
}

bool
rest_holds(struct store *store, const struct operation_rows *waiting,
	const struct placement_facts *facts, bool *ret_holds, struct error *err)
{
	*ret_holds = false;
	for (size_t i = 0; i < waiting->n && !*ret_holds; i++) {
		const struct operation_row *row = &waiting->items[i];
		int64_t id = row->rest == SELECT_CONVERSATIONS
				     ? facts->conversation
				     : facts->id;

		if (row->folder != facts->folder)
			continue;
		if (is_walk(row))
			*ret_holds = walk_holds(row, facts);
		else if (!ids_hold(store, row->id, id, ret_holds, err))
			return false;
	}
	return true;
}
