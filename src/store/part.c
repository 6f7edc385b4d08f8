/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/part.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "store/private.h"

enum {
	PACKED_MAX = 64 * 1024 * 1024,
	COMPRESS_MIN = 256, /* shorter text gains nothing */
	COMPRESS_LEVEL = 1,
};

enum {
	PART_SAVE_TEXT,
	PART_LOAD_TEXT,
	PART_NOTE_TEXT,
	PART_SAVE_PARTS,
	PART_STATEMENTS,
};

static const char *const sql[] = {
	[PART_SAVE_TEXT] = "INSERT INTO text "
			   "(message, version, indexed, packed_size, packed) "
			   "VALUES (?1, ?2, 0, ?3, ?4) "
			   "ON CONFLICT DO UPDATE "
			   "SET version = ?2, indexed = 0, packed_size = ?3, "
			   "packed = ?4",
	[PART_LOAD_TEXT] = "SELECT version, packed_size, packed "
			   "FROM text "
			   "WHERE message = ?",
	[PART_NOTE_TEXT] = "UPDATE message "
			   "SET snippet = ?2, state = max(state, 1) "
			   "WHERE id = ?1",
	[PART_SAVE_PARTS] = "UPDATE message "
			    "SET parts = ?2, attachments = ?3 "
			    "WHERE id = ?1",
};

const struct sql_table part_sql = { SQL_PART, PART_STATEMENTS, sql };

static bool
is_gone(struct store *store, struct error *err)
{
	if (sqlite3_changes(store->db) > 0)
		return false;
	error_set(err, ERR_STALE, _("The message is gone"));
	return true;
}

/* Compressed into `out` when that makes it smaller. */
static bool
compress_text(struct slice packed, struct strbuf *out)
{
	uLongf room = compressBound(packed.len);
	char *to;

	if (packed.len < COMPRESS_MIN)
		return false;
	to = strbuf_room(out, room);
	if (!to || compress2((Bytef *)to, &room, (const Bytef *)packed.data,
			   packed.len, COMPRESS_LEVEL) != Z_OK)
		return false;
	strbuf_grown(out, room);
	return room < packed.len;
}

static bool
note_text(struct store *store, int64_t message, const char *snippet,
	struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &part_sql, PART_NOTE_TEXT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	bind_text(stmt, 2, snippet);
	return statement_run(store, stmt, err) && !is_gone(store, err);
}

bool
text_save(struct store *store, int64_t message, const struct document *document,
	const char *snippet, int version, struct error *err)
{
	struct strbuf packed CLEANUP(strbuf_clear);
	struct strbuf small CLEANUP(strbuf_clear);
	bool compressed;
	sqlite3_stmt *stmt;

	store_assert_writing(store);
	strbuf_init(&packed, PACKED_MAX);
	strbuf_init(&small, PACKED_MAX + PACKED_MAX / 100);
	document_pack(document, &packed);
	if (packed.full)
		return error_set(err, ERR_LIMIT, _("The text is too long"));
	compressed = compress_text(strbuf_slice(&packed), &small);
	if (!note_text(store, message, snippet, err))
		return false;
	stmt = statement(store, &part_sql, PART_SAVE_TEXT, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	sqlite3_bind_int(stmt, 2, version);
	sqlite3_bind_int64(stmt, 3, compressed ? (int64_t)packed.len : 0);
	bind_blob(stmt, 4, strbuf_slice(compressed ? &small : &packed));
	return statement_run(store, stmt, err);
}

/* What compress_text() made; a damaged file may hold anything. */
static bool
uncompress_text(
	struct slice bytes, int64_t size, struct strbuf *out, struct error *err)
{
	uLongf room = (uLongf)size;
	char *to = size > 0 && size <= PACKED_MAX
			   ? strbuf_room(out, (size_t)size)
			   : NULL;

	if (!to ||
		uncompress((Bytef *)to, &room, (const Bytef *)bytes.data,
			bytes.len) != Z_OK ||
		room != (uLongf)size)
		return error_set(
			err, ERR_STORE, _("The stored text is damaged"));
	strbuf_grown(out, room);
	return true;
}

enum found
text_load(struct store *store, int64_t message, struct document *ret_document,
	int *ret_version, struct error *err)
{
	struct strbuf large CLEANUP(strbuf_clear);
	struct slice packed;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &part_sql, PART_LOAD_TEXT, err);

	strbuf_init(&large, PACKED_MAX);
	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, message);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	packed = column_slice(stmt, 2);
	if (sqlite3_column_int64(stmt, 1)) {
		if (!uncompress_text(
			    packed, sqlite3_column_int64(stmt, 1), &large, err))
			return FOUND_ERROR;
		packed = strbuf_slice(&large);
	}
	if (!document_unpack(packed, ret_document, err))
		return FOUND_ERROR;
	if (ret_version)
		*ret_version = sqlite3_column_int(stmt, 0);
	return FOUND;
}

bool
parts_save(struct store *store, int64_t message, const struct part_tree *parts,
	struct error *err)
{
	struct strbuf packed CLEANUP(strbuf_clear);
	sqlite3_stmt *stmt;

	store_assert_writing(store);
	strbuf_init(&packed, ROW_TEXT_MAX);
	part_tree_pack(parts, &packed);
	if (packed.full)
		return error_set(
			err, ERR_LIMIT, _("The message has too many parts"));
	stmt = statement(store, &part_sql, PART_SAVE_PARTS, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	bind_blob(stmt, 2, strbuf_slice(&packed));
	sqlite3_bind_int(stmt, 3, part_tree_attachments(parts));
	return statement_run(store, stmt, err) && !is_gone(store, err);
}
