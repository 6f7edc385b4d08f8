/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/part.h"

#include "base/gettext.h"
#include "base/mem.h"
#include "store/index.h"
#include "store/place.h"
#include "store/private.h"

enum { PACKED_MAX = 64 * 1024 * 1024 };

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
			   "(message, version, indexed, packed) "
			   "VALUES (?1, ?2, 0, ?3) "
			   "ON CONFLICT DO UPDATE "
			   "SET version = ?2, indexed = 0, packed = ?3",
	[PART_LOAD_TEXT] = "SELECT version, indexed, packed "
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

static bool
note_text(struct store *store, int64_t message, const char *snippet,
	struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &part_sql, PART_NOTE_TEXT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	bind_text(stmt, 2, snippet);
	return statement_run(store, stmt, err) && !is_gone(store, err) &&
	       message_not_wanted(store, message, err);
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
	sqlite3_stmt *stmt;

	store_assert_writing(store);
	strbuf_init(&packed, PACKED_MAX);
	document_pack(document, &packed);
	if (packed.full)
		return error_set(err, ERR_LIMIT, _("The text is too long"));
	if (!forget_old_words(store, message, err) ||
		!note_text(store, message, snippet, err))
		return false;
	stmt = statement(store, &part_sql, PART_SAVE_TEXT, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	sqlite3_bind_int(stmt, 2, version);
	bind_blob(stmt, 3, strbuf_slice(&packed));
	return statement_run(store, stmt, err);
}

enum found
text_load(struct store *store, int64_t message, struct document *ret_document,
	int *ret_version, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &part_sql, PART_LOAD_TEXT, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, message);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	if (!document_unpack(column_slice(stmt, 2), ret_document, err))
		return FOUND_ERROR;
	if (ret_version)
		*ret_version = sqlite3_column_int(stmt, 0);
	return FOUND;
}

bool
text_words(struct store *store, int64_t message, struct strbuf *out,
	bool *ret_there, bool *ret_indexed, struct error *err)
{
	struct document doc CLEANUP(document_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &part_sql, PART_LOAD_TEXT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	step = statement_step(store, stmt, err);
	*ret_there = step == STEP_ROW;
	*ret_indexed = step == STEP_ROW && sqlite3_column_int(stmt, 1) != 0;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	if (!document_unpack(column_slice(stmt, 2), &doc, err))
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
