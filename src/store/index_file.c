/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/index.h"
#include "store/index_sql.h"
#include "store/placement.h"
#include "store/private.h"

enum {
	INDEX_FILE_BEGIN,
	INDEX_FILE_COMMIT,
	INDEX_FILE_ROLLBACK,
	INDEX_FILE_DOC,
	INDEX_FILE_SAVE_DOC,
	INDEX_FILE_DROP_DOC,
	INDEX_FILE_INSERT,
	INDEX_FILE_DELETE,
	INDEX_FILE_DOCS,
	INDEX_FILE_CHECK,
	INDEX_FILE_STATEMENTS,
};

static const char *const sql[] = {
	[INDEX_FILE_BEGIN] = "BEGIN IMMEDIATE",
	[INDEX_FILE_COMMIT] = "COMMIT",
	[INDEX_FILE_ROLLBACK] = "ROLLBACK",
	[INDEX_FILE_DOC] = "SELECT text_stamp, parts_stamp "
			   "FROM doc "
			   "WHERE message = ?",
	[INDEX_FILE_SAVE_DOC] =
		"INSERT INTO doc (message, text_stamp, parts_stamp) "
		"VALUES (?1, ?2, ?3) "
		"ON CONFLICT DO UPDATE "
		"SET text_stamp = ?2, parts_stamp = ?3",
	[INDEX_FILE_DROP_DOC] = "DELETE FROM doc WHERE message = ?",
	[INDEX_FILE_INSERT] =
		"INSERT INTO message_text "
		"(rowid, subject, authors, recipients, body, names) "
		"VALUES (?, ?, ?, ?, ?, ?)",
	[INDEX_FILE_DELETE] = "INSERT INTO message_text "
			      "(message_text, rowid, subject, authors, "
			      "recipients, body, names) "
			      "VALUES ('delete', ?, ?, ?, ?, ?, ?)",
	[INDEX_FILE_DOCS] = "SELECT message FROM doc",
	[INDEX_FILE_CHECK] = "INSERT INTO message_text (message_text) "
			     "VALUES ('integrity-check')",
};

const struct sql_table index_file_sql = { SQL_INDEX_FILE, INDEX_FILE_STATEMENTS,
	sql };

/*
 * Synced by each commit: the store says of a message that it is indexed, and
 * must not know more than a power cut leaves of the index.
 */
static const char connection_sql[] = "PRAGMA synchronous = FULL;"
				     "PRAGMA journal_mode = WAL;"
				     "PRAGMA journal_size_limit = 16777216;"
				     "PRAGMA temp_store = MEMORY;"
				     "PRAGMA cell_size_check = ON;"
				     "PRAGMA secure_delete = FAST;"
				     "PRAGMA cache_size = -2048;";

static bool
exec(sqlite3 *db, const char *text, struct error *err)
{
	int rc = sqlite3_exec(db, text, NULL, NULL, NULL);

	return rc == SQLITE_OK || store_error(db, rc, err);
}

static bool
is_damaged(sqlite3 *db)
{
	int code = sqlite3_errcode(db) & 0xff;

	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

static char *
index_path(const struct store *store)
{
	return file_join(store->home->dir, "index.db");
}

/* The two numbers of its only row; zeros for a file without it. */
static bool
read_info(sqlite3 *db, int64_t *ret_version, int64_t *ret_identity,
	struct error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc;

	*ret_version = 0;
	*ret_identity = 0;
	rc = sqlite3_prepare_v2(db,
		"SELECT 1 FROM sqlite_schema WHERE name = 'info'", -1, &stmt,
		NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	if (rc == SQLITE_DONE)
		return true;
	if (rc != SQLITE_ROW)
		return store_error(db, rc, err);
	rc = sqlite3_prepare_v2(db,
		"SELECT version, identity FROM info WHERE id = 1", -1, &stmt,
		NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		*ret_version = sqlite3_column_int64(stmt, 0);
		*ret_identity = sqlite3_column_int64(stmt, 1);
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ||
	       store_error(db, rc, err);
}

static bool
make_schema(sqlite3 *db, int64_t *ret_identity, struct error *err)
{
	struct hash_key random = hash_key_random();
	char *info CLEANUP(freep) = NULL;

	*ret_identity = (int64_t)(random.k0 >> 1 | 1);
	info = xasprintf("INSERT INTO info (id, version, identity) "
			 "VALUES (1, %d, %lld)",
		INDEX_VERSION, (long long)*ret_identity);
	if (exec(db, "BEGIN IMMEDIATE", err) && exec(db, index_schema, err) &&
		exec(db, info, err) && exec(db, "COMMIT", err))
		return true;
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

static void
remove_file(const struct store *store)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char *path CLEANUP(freep) = index_path(store);

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char *part CLEANUP(freep) =
			xasprintf("%s%s", path, suffixes[i]);

		unlink(part);
	}
}

static bool
open_file(struct store *store, int64_t *ret_version, int64_t *ret_identity,
	struct error *err)
{
	char *path CLEANUP(freep) = index_path(store);
	sqlite3 *db = NULL;

	if (!store_make_file(path, err) || !store_open_file(path, &db, err))
		return false;
	if (!exec(db, connection_sql, err) ||
		!read_info(db, ret_version, ret_identity, err)) {
		store->index_damaged = is_damaged(db);
		sqlite3_close(db);
		return false;
	}
	store->index = db;
	return true;
}

/* The store was filled into another index, or none: everything goes in anew. */
static bool
start_anew(struct store *store, int64_t identity, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	char *note CLEANUP(freep) = xasprintf(
		"UPDATE store SET index_identity = %lld WHERE id = 1;"
		"DELETE FROM run WHERE kind = 1;"
		"INSERT INTO run (kind, account, folder, first, last, newest) "
		"SELECT 1, a.id, 0, 1, s.next_id, 0 FROM account a, store s;",
		(long long)identity);

	return transaction_begin(store, &tx, err) &&
	       store_exec(store, note, err) && transaction_commit(&tx, err);
}

static bool
open_current(struct store *store, int64_t *ret_identity, struct error *err)
{
	int64_t version = 0;

	store->index_damaged = false;
	if (!open_file(store, &version, ret_identity, err)) {
		if (!store->index_damaged)
			return false;
		log_warning("store", "the text index is made anew: %s",
			err->detail);
		version = -1;
	}
	if (version == INDEX_VERSION)
		return true;
	if (version != 0) {
		index_close(store);
		remove_file(store);
		if (!open_file(store, &version, ret_identity, err))
			return false;
	}
	return make_schema(store->index, ret_identity, err);
}

bool
index_open(struct store *store, struct error *err)
{
	int64_t expected = 0;
	int64_t identity = 0;

	if (!store_index_identity(store, &expected, err))
		return false;
	if (store->index && store->index_identity == expected)
		return true;
	index_close(store);
	if (!open_current(store, &identity, err) ||
		(identity != expected && !start_anew(store, identity, err))) {
		index_close(store);
		return false;
	}
	store->index_identity = identity;
	return true;
}

void
index_close(struct store *store)
{
	if (!store->index)
		return;
	statements_free(store, SQL_INDEX_FILE);
	if (sqlite3_close(store->index) != SQLITE_OK)
		BUG("a statement of the text index was left open");
	store->index = NULL;
}

bool
index_give_up_damaged(struct store *store, const struct error *err)
{
	if (!store->index_damaged)
		return false;
	log_warning("store", "the text index is made anew: %s", err->detail);
	index_close(store);
	remove_file(store);
	return true;
}

static bool
run_simple(struct store *store, int which, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &index_file_sql, which, err);

	return stmt && statement_run(store, stmt, err);
}

bool
index_begin(struct store *store, struct error *err)
{
	return run_simple(store, INDEX_FILE_BEGIN, err);
}

bool
index_commit(struct store *store, struct error *err)
{
	return run_simple(store, INDEX_FILE_COMMIT, err);
}

void
index_rollback(struct store *store)
{
	if (store->index && !sqlite3_get_autocommit(store->index))
		sqlite3_exec(store->index, sql[INDEX_FILE_ROLLBACK], NULL, NULL,
			NULL);
}

bool
index_doc_load(struct store *store, int64_t message, struct index_doc *ret_doc,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &index_file_sql, INDEX_FILE_DOC, err);

	*ret_doc = (struct index_doc){ 0 };
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		*ret_doc = (struct index_doc){
			.there = true,
			.text_stamp = sqlite3_column_int64(stmt, 0),
			.parts_stamp = sqlite3_column_int64(stmt, 1),
		};
	return step != STEP_ERROR;
}

static bool
write_words(struct store *store, int which, int64_t message,
	const struct index_words *words, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &index_file_sql, which, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	bind_slice_text(stmt, 2, words->subject);
	bind_slice_text(stmt, 3, words->authors);
	bind_slice_text(stmt, 4, words->recipients);
	bind_slice_text(stmt, 5, words->body);
	bind_slice_text(stmt, 6, words->names);
	return statement_run(store, stmt, err);
}

bool
index_insert(struct store *store, int64_t message,
	const struct index_words *words, const struct index_doc *doc,
	struct error *err)
{
	sqlite3_stmt *stmt;

	if (!write_words(store, INDEX_FILE_INSERT, message, words, err))
		return false;
	stmt = statement(store, &index_file_sql, INDEX_FILE_SAVE_DOC, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	sqlite3_bind_int64(stmt, 2, doc->text_stamp);
	sqlite3_bind_int64(stmt, 3, doc->parts_stamp);
	return statement_run(store, stmt, err);
}

bool
index_delete(struct store *store, int64_t message,
	const struct index_words *words, struct error *err)
{
	sqlite3_stmt *stmt;

	if (!write_words(store, INDEX_FILE_DELETE, message, words, err))
		return false;
	stmt = statement(store, &index_file_sql, INDEX_FILE_DROP_DOC, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	return statement_run(store, stmt, err);
}

bool
index_check(struct store *store, void (*say)(void *ctx, const char *fault),
	void *ctx, struct error *err)
{
	enum step step;
	sqlite3_stmt *docs CLEANUP(statement_done) =
		statement(store, &index_file_sql, INDEX_FILE_DOCS, err);

	if (!docs)
		return false;
	while ((step = statement_step(store, docs, err)) == STEP_ROW) {
		int64_t message = sqlite3_column_int64(docs, 0);
		bool there = false;
		char *text CLEANUP(freep) = NULL;

		if (!message_exists(store, message, &there, err))
			return false;
		if (there)
			continue;
		text = xasprintf("index: no message %lld", (long long)message);
		say(ctx, text);
	}
	if (step == STEP_ERROR)
		return false;
	sqlite3_reset(docs);
	if (run_simple(store, INDEX_FILE_CHECK, err))
		return true;
	if (!store->index_damaged)
		return false;
	error_clear(err);
	say(ctx, "the text index is damaged");
	return true;
}
