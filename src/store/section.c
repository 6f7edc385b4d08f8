/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/gettext.h"
#include "base/mem.h"
#include "store/part.h"
#include "store/placement.h"
#include "store/private.h"

/* A slice's id is its section's times this, and its position. */
enum { SLICES_MAX = 1 << 20 };

enum {
	SECTION_FIND,
	SECTION_NEW,
	SECTION_GREW,
	SECTION_DROP,
	SECTION_DROP_SLICES,
	SECTION_ADD_SLICE,
	SECTION_SLICE,
	SECTION_HELD_WHOLE,
	SECTION_STATEMENTS,
};

static const char *const sql[] = {
	[SECTION_FIND] = "SELECT id, complete, size, slices "
			 "FROM section "
			 "WHERE message = ? AND name = ?",
	[SECTION_NEW] = "INSERT INTO section "
			"(message, name, complete, size, slices) "
			"VALUES (?, ?, 0, 0, 0)",
	[SECTION_GREW] = "UPDATE section "
			 "SET complete = ?2, size = size + ?3, "
			 "slices = slices + 1 "
			 "WHERE id = ?1",
	[SECTION_DROP] = "DELETE FROM section WHERE id = ?",
	[SECTION_DROP_SLICES] = "DELETE FROM slice "
				"WHERE id >= ?1 * 1048576 "
				"AND id < (?1 + 1) * 1048576",
	[SECTION_ADD_SLICE] = "INSERT INTO slice (id, bytes) VALUES (?, ?)",
	[SECTION_SLICE] = "SELECT bytes FROM slice WHERE id = ?",
	[SECTION_HELD_WHOLE] = "UPDATE message SET state = 2 WHERE id = ?",
};

const struct sql_table section_sql = { SQL_SECTION, SECTION_STATEMENTS, sql };

struct section {
	int64_t id;
	bool complete;
	int64_t size;
	int64_t slices;
};

static enum found
find_section(struct store *store, int64_t message, const char *name,
	struct section *ret, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &section_sql, SECTION_FIND, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, message);
	bind_text(stmt, 2, name);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	*ret = (struct section){
		.id = sqlite3_column_int64(stmt, 0),
		.complete = sqlite3_column_int(stmt, 1) != 0,
		.size = sqlite3_column_int64(stmt, 2),
		.slices = sqlite3_column_int64(stmt, 3),
	};
	return FOUND;
}

static bool
begin_section(struct store *store, int64_t message, const char *name,
	struct section *ret, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &section_sql, SECTION_NEW, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	bind_text(stmt, 2, name);
	if (sqlite3_step(stmt) != SQLITE_DONE) {
		int rc = sqlite3_extended_errcode(store->db);

		sqlite3_reset(stmt);
		if (rc == SQLITE_CONSTRAINT_FOREIGNKEY)
			return error_set(
				err, ERR_STALE, _("The message is gone"));
		return store_error(store->db, rc, err);
	}
	sqlite3_reset(stmt);
	*ret = (struct section){ .id = sqlite3_last_insert_rowid(store->db) };
	return true;
}

static bool
add_slice(struct store *store, struct section *section, struct slice bytes,
	bool last, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &section_sql, SECTION_ADD_SLICE, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, section->id * SLICES_MAX + section->slices);
	bind_blob(stmt, 2, bytes);
	if (!statement_run(store, stmt, err))
		return false;
	stmt = statement(store, &section_sql, SECTION_GREW, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, section->id);
	sqlite3_bind_int(stmt, 2, last);
	sqlite3_bind_int64(stmt, 3, (int64_t)bytes.len);
	return statement_run(store, stmt, err);
}

bool
section_append(struct store *store, int64_t message, const char *name,
	bool first, struct slice bytes, bool last, struct error *err)
{
	struct section section;
	enum found found;

	store_assert_writing(store);
	if (bytes.len > PART_SLICE_BYTES)
		return error_set(err, ERR_LIMIT, _("The slice is too large"));
	found = find_section(store, message, name, &section, err);
	if (found == FOUND_ERROR)
		return false;
	if (found == FOUND && first &&
		(!statement_run_id(store, &section_sql, SECTION_DROP_SLICES,
			 section.id, err) ||
			!statement_run_id(store, &section_sql, SECTION_DROP,
				section.id, err)))
		return false;
	if (first && !begin_section(store, message, name, &section, err))
		return false;
	if (!first && (found == NOT_FOUND || section.complete))
		return error_set(
			err, ERR_STALE, _("Another download came between"));
	if (section.slices >= SLICES_MAX)
		return error_set(err, ERR_LIMIT, _("The part is too large"));
	if (!add_slice(store, &section, bytes, last, err))
		return false;
	return !last || name[0] != '\0' ||
	       (statement_run_id(store, &section_sql, SECTION_HELD_WHOLE,
			message, err) &&
		       message_not_wanted(store, message, err));
}

/* One slice, given to `sink` from SQLite's own memory. */
static bool
give_slice(struct store *store, int64_t id,
	bool (*sink)(void *ctx, struct slice piece), void *ctx,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &section_sql, SECTION_SLICE, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	step = statement_step(store, stmt, err);
	if (step == STEP_DONE)
		return error_set(
			err, ERR_STALE, _("The part was replaced meanwhile"));
	if (step == STEP_ERROR)
		return false;
	if (!sink(ctx, column_slice(stmt, 0)))
		return error_set(err, ERR_CANCELLED, _("Cancelled"));
	return true;
}

enum found
section_stream(struct store *store, int64_t message, const char *name,
	bool (*sink)(void *ctx, struct slice piece), void *ctx,
	struct error *err)
{
	struct section section;
	enum found found = find_section(store, message, name, &section, err);

	if (found != FOUND)
		return found;
	if (!section.complete)
		return NOT_FOUND;
	for (int64_t i = 0; i < section.slices; i++) {
		if (!give_slice(
			    store, section.id * SLICES_MAX + i, sink, ctx, err))
			return FOUND_ERROR;
	}
	return FOUND;
}

static bool
add_to_buffer(void *ctx, struct slice piece)
{
	return strbuf_add_slice(ctx, piece);
}

enum found
section_load(struct store *store, int64_t message, const char *name,
	struct strbuf *out, struct error *err)
{
	enum found found =
		section_stream(store, message, name, add_to_buffer, out, err);

	if (found == FOUND_ERROR && out->full)
		error_set(err, ERR_LIMIT, _("The part is too large"));
	return found;
}

enum found
section_size(struct store *store, int64_t message, const char *name,
	uint64_t *ret_size, struct error *err)
{
	struct section section;
	enum found found = find_section(store, message, name, &section, err);

	if (found != FOUND)
		return found;
	if (!section.complete)
		return NOT_FOUND;
	*ret_size = (uint64_t)section.size;
	return FOUND;
}

/* Slices on their way from one message to another. */
struct copying {
	struct store *store;
	int64_t to;
	const char *name;
	uint64_t done;
	uint64_t size;
	bool began;
	struct error *err;
};

static bool
copy_slice(void *ctx, struct slice piece)
{
	struct copying *it = ctx;
	bool first = !it->began;

	it->began = true;
	it->done += piece.len;
	return section_append(it->store, it->to, it->name, first, piece,
		it->done == it->size, it->err);
}

bool
section_copy(struct store *store, int64_t from, int64_t to, const char *name,
	struct error *err)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct copying it = {
		.store = store,
		.to = to,
		.name = name,
		.err = &why,
	};
	enum found found = section_size(store, from, name, &it.size, err);

	if (found == FOUND)
		found = section_stream(store, from, name, copy_slice, &it, err);
	if (found == FOUND_ERROR && why.kind != ERR_NONE)
		return error_move(err, &why);
	if (found == NOT_FOUND)
		return error_set(
			err, ERR_STALE, _("The part was replaced meanwhile"));
	return found == FOUND;
}
