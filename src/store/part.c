/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/part.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "store/index.h"
#include "store/private.h"

enum {
	PACKED_MAX = 64 * 1024 * 1024,
	COMPRESS_MIN = 256, /* shorter text gains nothing */
	COMPRESS_LEVEL = 1,
};

enum {
	PART_SAVE_TEXT,
	PART_LOAD_TEXT,
	PART_TEXT_INDEXED,
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
	[PART_LOAD_TEXT] = "SELECT version, packed_size, packed, indexed "
			   "FROM text "
			   "WHERE message = ?",
	[PART_TEXT_INDEXED] = "SELECT indexed FROM text WHERE message = ?",
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

/* A row of the index that holds the words of a text about to be replaced. */
static bool
forget_old_words(struct store *store, int64_t message, struct error *err)
{
	enum step step;
	bool indexed;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &part_sql, PART_TEXT_INDEXED, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	indexed = sqlite3_column_int(stmt, 0) != 0;
	sqlite3_reset(stmt);
	return !indexed || index_forget(store, message, err);
}

bool
text_save(struct store *store, int64_t message, const struct document *document,
	const char *snippet, int version, struct error *err)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct strbuf small CLEANUP(strbuf_clear) = { 0 };
	bool compressed;
	sqlite3_stmt *stmt;

	store_assert_writing(store);
	strbuf_init(&packed, PACKED_MAX);
	strbuf_init(&small, PACKED_MAX + PACKED_MAX / 100);
	document_pack(document, &packed);
	if (packed.full)
		return error_set(err, ERR_LIMIT, _("The text is too long"));
	compressed = compress_text(strbuf_slice(&packed), &small);
	if (!forget_old_words(store, message, err) ||
		!note_text(store, message, snippet, err))
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

/* The packed text, from the column or `large`. */
static bool
packed_text(sqlite3_stmt *stmt, struct strbuf *large, struct slice *ret_packed,
	struct error *err)
{
	int64_t size = sqlite3_column_int64(stmt, 1);

	*ret_packed = column_slice(stmt, 2);
	if (size == 0)
		return true;
	if (!uncompress_text(*ret_packed, size, large, err))
		return false;
	*ret_packed = strbuf_slice(large);
	return true;
}

enum found
text_load(struct store *store, int64_t message, struct document *ret_document,
	int *ret_version, struct error *err)
{
	struct strbuf large CLEANUP(strbuf_clear) = { 0 };
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
text_words(struct store *store, int64_t message, struct strbuf *out,
	bool *ret_there, bool *ret_indexed, struct error *err)
{
	struct strbuf large CLEANUP(strbuf_clear) = { 0 };
	struct document doc CLEANUP(document_clear) = { 0 };
	struct slice packed;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &part_sql, PART_LOAD_TEXT, err);

	strbuf_init(&large, PACKED_MAX);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	step = statement_step(store, stmt, err);
	*ret_there = step == STEP_ROW;
	*ret_indexed = step == STEP_ROW && sqlite3_column_int(stmt, 3) != 0;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	if (!packed_text(stmt, &large, &packed, err) ||
		!document_unpack(packed, &doc, err))
		return false;
	for (size_t i = 0; i < doc.n_paragraphs && !out->full; i++) {
		struct slice text = document_text(&doc, &doc.paragraphs[i]);

		if (strbuf_add_slice(out, text))
			strbuf_add_char(out, '\n');
	}
	return true;
}

bool
parts_save(struct store *store, int64_t message, const struct part_tree *parts,
	struct error *err)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	sqlite3_stmt *stmt;

	store_assert_writing(store);
	strbuf_init(&packed, ROW_TEXT_MAX);
	part_tree_pack(parts, &packed);
	if (packed.full)
		return error_set(
			err, ERR_LIMIT, _("The message has too many parts"));
	if (!index_forget(store, message, err))
		return false;
	stmt = statement(store, &part_sql, PART_SAVE_PARTS, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	bind_blob(stmt, 2, strbuf_slice(&packed));
	sqlite3_bind_int(stmt, 3, part_tree_attachments(parts));
	return statement_run(store, stmt, err) && !is_gone(store, err) &&
	       index_want(store, message, err);
}
