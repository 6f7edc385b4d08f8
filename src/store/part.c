/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/part.h"

#include "base/gettext.h"
#include "base/mem.h"
#include "mail/card.h"
#include "store/index.h"
#include "store/placement.h"
#include "store/private.h"

enum { PACKED_MAX = 64 * 1024 * 1024 };

enum {
	PART_SAVE_TEXT,
	PART_LOAD_TEXT,
	PART_KEEP_TEXT,
	PART_NOTE_TEXT,
	PART_COPY_TEXT,
	PART_COPY_SNIPPET,
	PART_LOAD_PARTS,
	PART_KEEP_PARTS,
	PART_SAVE_PARTS,
	PART_STATEMENTS,
};

static const char *const sql[] = {
	[PART_SAVE_TEXT] = "INSERT INTO text "
			   "(message, version, indexed, stamp, packed) "
			   "VALUES (?1, ?2, 0, ?3, ?4) "
			   "ON CONFLICT DO UPDATE "
			   "SET version = ?2, indexed = 0, stamp = ?3, "
			   "packed = ?4",
	[PART_LOAD_TEXT] = "SELECT version, packed "
			   "FROM text "
			   "WHERE message = ?",
	[PART_KEEP_TEXT] = "INSERT INTO old_text (message, stamp, packed) "
			   "SELECT message, stamp, packed "
			   "FROM text "
			   "WHERE message = ? "
			   "ON CONFLICT DO NOTHING",
	[PART_NOTE_TEXT] = "UPDATE message "
			   "SET snippet = ?2, state = max(state, 1) "
			   "WHERE id = ?1",
	[PART_COPY_TEXT] = "INSERT INTO text "
			   "(message, version, indexed, stamp, packed) "
			   "SELECT ?2, version, 0, ?3, packed "
			   "FROM text "
			   "WHERE message = ?1 "
			   "ON CONFLICT DO NOTHING",
	[PART_COPY_SNIPPET] = "UPDATE message "
			      "SET snippet = (SELECT snippet FROM message "
			      "WHERE id = ?1), state = max(state, 1) "
			      "WHERE id = ?2",
	[PART_LOAD_PARTS] = "SELECT parts FROM message WHERE id = ?",
	[PART_KEEP_PARTS] = "INSERT INTO old_parts (message, stamp, parts) "
			    "SELECT id, parts_stamp, parts "
			    "FROM message "
			    "WHERE id = ? "
			    "ON CONFLICT DO NOTHING",
	[PART_SAVE_PARTS] = "UPDATE message "
			    "SET parts = ?2, attachments = ?3, "
			    "parts_stamp = parts_stamp + ?4 "
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

/* The index may hold the words of a text that is about to be replaced.
 * `*ret_same`: nothing is to be done, since it is the same text. */
static bool
keep_old_text(struct store *store, int64_t message, struct slice packed,
	int version, bool *ret_same, struct error *err)
{
	enum step step;
	sqlite3_stmt *find CLEANUP(statement_done) =
		statement(store, &part_sql, PART_LOAD_TEXT, err);

	*ret_same = false;
	if (!find)
		return false;
	sqlite3_bind_int64(find, 1, message);
	step = statement_step(store, find, err);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	*ret_same = sqlite3_column_int(find, 0) == version &&
		    slice_eq(column_slice(find, 1), packed);
	if (*ret_same)
		return true;
	sqlite3_reset(find);
	return statement_run_id(store, &part_sql, PART_KEEP_TEXT, message, err);
}

static bool
write_text(struct store *store, int64_t message, struct slice packed,
	int version, struct error *err)
{
	int64_t stamp;
	sqlite3_stmt *stmt;

	if (!tally_new_id(store, &stamp, err))
		return false;
	stmt = statement(store, &part_sql, PART_SAVE_TEXT, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	sqlite3_bind_int(stmt, 2, version);
	sqlite3_bind_int64(stmt, 3, stamp);
	bind_blob(stmt, 4, packed);
	return statement_run(store, stmt, err);
}

bool
text_save(struct store *store, int64_t message, const struct document *document,
	const char *snippet, int version, struct error *err)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	bool same = false;

	store_assert_writing(store);
	strbuf_init(&packed, PACKED_MAX);
	document_pack(document, &packed);
	if (packed.full)
		return error_set(err, ERR_LIMIT, _("The text is too long"));
	if (!note_text(store, message, snippet, err) ||
		!keep_old_text(store, message, strbuf_slice(&packed), version,
			&same, err))
		return false;
	return same ||
	       write_text(store, message, strbuf_slice(&packed), version, err);
}

bool
text_copy(struct store *store, int64_t from, int64_t to, struct error *err)
{
	sqlite3_stmt *stmt;
	int64_t stamp;

	store_assert_writing(store);
	if (from == to)
		return true;
	if (!tally_new_id(store, &stamp, err))
		return false;
	stmt = statement_of(store, &part_sql, PART_COPY_TEXT, from, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, to);
	sqlite3_bind_int64(stmt, 3, stamp);
	if (!statement_run(store, stmt, err))
		return false;
	return sqlite3_changes(store->db) == 0 ||
	       (statement_run_ids(
			store, &part_sql, PART_COPY_SNIPPET, from, to, err) &&
		       message_not_wanted(store, to, err));
}

bool
text_give_up(struct store *store, int64_t message, struct error *err)
{
	store_assert_writing(store);
	return message_not_wanted(store, message, err);
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
	if (!document_unpack(column_slice(stmt, 1), ret_document, err))
		return FOUND_ERROR;
	card_expand(ret_document);
	if (ret_version)
		*ret_version = sqlite3_column_int(stmt, 0);
	return FOUND;
}

void
parts_names(const struct part_tree *parts, struct strbuf *out)
{
	for (size_t i = 0; i < parts->n; i++) {
		if (!parts->items[i].name)
			continue;
		strbuf_add_str(out, parts->items[i].name);
		strbuf_add_char(out, '\n');
	}
}

/* Whether the names in them are those the message's parts have already. */
static enum found
has_names(struct store *store, int64_t message, const struct part_tree *parts,
	bool *ret_same, struct error *err)
{
	struct part_tree old CLEANUP(part_tree_clear) = { 0 };
	struct strbuf before CLEANUP(strbuf_clear) = { 0 };
	struct strbuf now CLEANUP(strbuf_clear) = { 0 };
	struct slice packed;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &part_sql, PART_LOAD_PARTS, err);

	strbuf_init(&before, INDEX_NAMES_MAX);
	strbuf_init(&now, INDEX_NAMES_MAX);
	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, message);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	packed = column_slice(stmt, 0);
	if (packed.len && !part_tree_unpack(packed, &old, err))
		return FOUND_ERROR;
	parts_names(&old, &before);
	parts_names(parts, &now);
	*ret_same = slice_eq(strbuf_slice(&before), strbuf_slice(&now));
	return FOUND;
}

/* The index may hold the old names. */
static bool
keep_old_parts(struct store *store, int64_t message, struct error *err)
{
	return statement_run_id(
		       store, &part_sql, PART_KEEP_PARTS, message, err) &&
	       index_want(store, message, err);
}

bool
parts_save(struct store *store, int64_t message, const struct part_tree *parts,
	struct error *err)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	bool same = false;
	enum found found;
	sqlite3_stmt *stmt;

	store_assert_writing(store);
	strbuf_init(&packed, ROW_TEXT_MAX);
	part_tree_pack(parts, &packed);
	if (packed.full)
		return error_set(
			err, ERR_LIMIT, _("The message has too many parts"));
	found = has_names(store, message, parts, &same, err);
	if (found == NOT_FOUND)
		return error_set(err, ERR_STALE, _("The message is gone"));
	if (found == FOUND_ERROR ||
		(!same && !keep_old_parts(store, message, err)))
		return false;
	stmt = statement(store, &part_sql, PART_SAVE_PARTS, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	bind_blob(stmt, 2, strbuf_slice(&packed));
	sqlite3_bind_int(stmt, 3, part_tree_attachments(parts));
	sqlite3_bind_int(stmt, 4, !same);
	return statement_run(store, stmt, err);
}
