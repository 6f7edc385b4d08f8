/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message in the text index: its words, taken out and put in. */
#include "mail/card.h"
#include "mail/paragraph.h"
#include "mail/part.h"
#include "store/index.h"
#include "store/private.h"

enum {
	WORDS_CONTENT,
	WORDS_OLD_TEXT,
	WORDS_OLD_PARTS,
	WORDS_STATEMENTS,
};

static const char *const sql[] = {
	[WORDS_CONTENT] =
		"SELECT m.subject, m.authors, m.recipients, m.copies, "
		"m.attachments, m.parts, m.parts_stamp, t.stamp, t.packed "
		"FROM message m LEFT JOIN text t ON t.message = m.id "
		"WHERE m.id = ?",
	[WORDS_OLD_TEXT] = "SELECT packed "
			   "FROM old_text "
			   "WHERE message = ? AND stamp = ?",
	[WORDS_OLD_PARTS] = "SELECT parts "
			    "FROM old_parts "
			    "WHERE message = ? AND stamp = ?",
};

const struct sql_table index_words_sql = { SQL_INDEX_WORDS, WORDS_STATEMENTS,
	sql };

void
index_buffers_init(struct index_buffers *it)
{
	strbuf_init(&it->recipients, 2 * ROW_TEXT_MAX);
	strbuf_init(&it->body, INDEX_BODY_MAX);
	strbuf_init(&it->names, INDEX_NAMES_MAX);
}

void
index_buffers_clear(struct index_buffers *it)
{
	strbuf_clear(&it->recipients);
	strbuf_clear(&it->body);
	strbuf_clear(&it->names);
}

/* Names of attachments, one a line. */
static bool
add_names(struct slice packed, struct strbuf *out, struct error *err)
{
	struct part_tree parts CLEANUP(part_tree_clear) = { 0 };

	if (packed.len == 0)
		return true;
	if (!part_tree_unpack(packed, &parts, err))
		return false;
	parts_names(&parts, out);
	return true;
}

static bool
add_text(struct slice packed, struct strbuf *out, struct error *err)
{
	struct document doc CLEANUP(document_clear) = { 0 };

	if (packed.len == 0)
		return true;
	if (!document_unpack(packed, &doc, err))
		return false;
	for (size_t i = 0; i < doc.n_paragraphs && !out->full; i++) {
		const struct paragraph *it = &doc.paragraphs[i];
		struct slice text = document_text(&doc, it);

		if (it->kind == PARAGRAPH_CARD && !card_is_searchable(text))
			continue;
		if (strbuf_add_slice(out, text))
			strbuf_add_char(out, '\n');
	}
	return true;
}

typedef bool add_words(
	struct slice packed, struct strbuf *out, struct error *err);

/* The words of what was replaced in the store since. */
static bool
load_old(struct store *store, int which, int64_t message, int64_t stamp,
	add_words *add, struct strbuf *out, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &index_words_sql, which, message, err);
	enum found found;

	if (stmt)
		sqlite3_bind_int64(stmt, 2, stamp);
	found = statement_find(store, stmt, err);
	return found == NOT_FOUND ||
	       (found == FOUND && add(column_slice(stmt, 0), out, err));
}

/* What the index was given when it noted `doc`, or is to be given now. */
static bool
gather_words(struct store *store, struct index_buffers *it,
	sqlite3_stmt *content, int64_t message, const struct index_doc *doc,
	struct index_words *ret_words, struct error *err)
{
	strbuf_reset(&it->recipients);
	strbuf_reset(&it->body);
	strbuf_reset(&it->names);
	strbuf_add_slice(&it->recipients, column_slice(content, 2));
	strbuf_add_slice(&it->recipients, column_slice(content, 3));
	if (doc->parts_stamp == sqlite3_column_int64(content, 6)
			? !add_names(column_slice(content, 5), &it->names, err)
			: !load_old(store, WORDS_OLD_PARTS, message,
				  doc->parts_stamp, add_names, &it->names, err))
		return false;
	if (doc->text_stamp == sqlite3_column_int64(content, 7)
			? !add_text(column_slice(content, 8), &it->body, err)
			: doc->text_stamp && !load_old(store, WORDS_OLD_TEXT,
						     message, doc->text_stamp,
						     add_text, &it->body, err))
		return false;
	*ret_words = (struct index_words){
		.subject = column_slice(content, 0),
		.authors = column_slice(content, 1),
		.recipients = strbuf_slice(&it->recipients),
		.body = strbuf_slice(&it->body),
		.names = strbuf_slice(&it->names),
	};
	return true;
}

bool
index_message(struct store *store, struct index_buffers *buffers,
	int64_t message, bool forget, struct index_doc *ret_doc,
	struct error *err)
{
	struct index_words words;
	struct index_doc doc;
	sqlite3_stmt *content CLEANUP(statement_done) = statement_of(
		store, &index_words_sql, WORDS_CONTENT, message, err);
	enum found found;

	*ret_doc = (struct index_doc){ 0 };
	if (!content || !index_doc_load(store, message, &doc, err))
		return false;
	found = statement_find(store, content, err);
	if (found != FOUND)
		return found == NOT_FOUND;
	*ret_doc = (struct index_doc){
		.there = true,
		.parts_stamp = sqlite3_column_int64(content, 6),
		.text_stamp = sqlite3_column_int64(content, 7),
	};
	if (!forget && doc.there && doc.text_stamp == ret_doc->text_stamp &&
		doc.parts_stamp == ret_doc->parts_stamp)
		return true;
	if (doc.there && (!gather_words(store, buffers, content, message, &doc,
				  &words, err) ||
				 !index_delete(store, message, &words, err)))
		return false;
	return forget ||
	       (gather_words(store, buffers, content, message, ret_doc, &words,
			err) &&
		       index_insert(store, message, &words, ret_doc, err));
}
