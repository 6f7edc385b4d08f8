/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of this room share: the handle, its statements, and small
 * words for SQLite's calls.
 */
#ifndef TERCET_STORE_PRIVATE_H
#define TERCET_STORE_PRIVATE_H

#include <sqlite3.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "base/thread.h"
#include "store/folder.h"
#include "store/store.h"
#include "store/tally.h"
#include "store/turn.h"

enum {
	ROW_TEXT_MAX = 1024 * 1024, /* one packed column */
};

struct store_home {
	char *dir;
	char *path;
	struct turn *turn;
	struct turn *index_turn; /* whoever fills the text index */
	struct hash_key hash_key;
	/* in the log, after the last commit of this process */
	atomic_int log_pages;
	bool recovered; /* a damaged one was set aside when it was opened */
};

/* The files that have statements. */
enum sql_file {
	SQL_ACCOUNT,
	SQL_ACTION,
	SQL_ACTION_INVERSE,
	SQL_ACTION_INVERT,
	SQL_ACTION_PURGE,
	SQL_ACTION_UNDO,
	SQL_CHECK,
	SQL_CHECK_JOURNAL,
	SQL_CONVERSATION,
	SQL_DRAFT,
	SQL_EFFECT,
	SQL_FOLDER,
	SQL_FOLDER_LISTING,
	SQL_FOLDER_VIEW,
	SQL_HABIT,
	SQL_INDEX,
	SQL_INDEX_FILE, /* runs in the text index's file */
	SQL_INDEX_WORDS,
	SQL_LINK,
	SQL_LIST,
	SQL_LIST_THREAD,
	SQL_MESSAGE,
	SQL_OPERATION,
	SQL_OPERATION_BATCH,
	SQL_OPERATION_FOLDER,
	SQL_OPERATION_LIST,
	SQL_OPERATION_NAME,
	SQL_OPERATION_OUTCOME,
	SQL_OPERATION_REST,
	SQL_OPERATION_ROW,
	SQL_OPERATION_SETTLE,
	SQL_OUTBOX,
	SQL_OUTBOX_DELIVER,
	SQL_PART,
	SQL_PICK,
	SQL_PLACE,
	SQL_PLACEMENT,
	SQL_PURGE,
	SQL_QUESTION,
	SQL_RECOVER, /* of two databases, as is the next */
	SQL_RECOVER_OUTBOX,
	SQL_RECOVER_ROW,
	SQL_REFERENCE,
	SQL_REPORT,
	SQL_SECTION,
	SQL_STORE,
	SQL_SUBJECT,
	SQL_TALLY,
	SQL_TEXT_AGAIN,
	SQL_THREAD,
	SQL_TRANSACTION,
	SQL_TRANSFER,
	SQL_UID_SPACE,
	SQL_FILES,
};

/* One file's statements; the index is the file's own enum. */
struct sql_table {
	enum sql_file file;
	size_t n;
	const char *const *sql;
};

/* All of them, by enum sql_file. */
extern const struct sql_table *const sql_tables[SQL_FILES];
extern const struct sql_table account_sql, action_sql, action_inverse_sql,
	action_invert_sql, action_purge_sql, action_undo_sql, check_sql,
	check_journal_sql, conversation_sql, draft_sql, effect_sql, outbox_sql,
	outbox_deliver_sql, operation_sql, operation_batch_sql,
	operation_folder_sql, operation_list_sql, operation_name_sql,
	operation_outcome_sql, operation_rest_sql, operation_row_sql,
	operation_settle_sql, folder_sql, folder_listing_sql, folder_view_sql,
	habit_sql, index_sql, index_file_sql, index_words_sql, link_sql,
	list_sql, list_thread_sql, message_sql, part_sql, pick_sql, place_sql,
	placement_sql, purge_sql, question_sql, recover_sql, recover_outbox_sql,
	recover_row_sql, reference_sql, report_sql, section_sql, store_sql,
	subject_sql, tally_sql, text_again_sql, thread_sql, transaction_sql,
	transfer_sql, uid_space_sql;

struct store {
	struct store_home *home;
	sqlite3 *db;
	sqlite3 *index; /* the text index's file; NULL: not open */
	int64_t index_identity;
	bool index_damaged;
	enum store_role role;
	uint64_t thread;
	struct transaction *tx; /* the open one */
	bool durable;
	sqlite3_stmt **statements[SQL_FILES];
	struct tally tally;
	struct strbuf scratch[8]; /* for packing rows; kept for their memory */
};

/*
 * The statement, prepared when first asked for; NULL with `*err` filled.  One
 * that writes is a bug outside a transaction.  Give it back by the attribute:
 *
 *	sqlite3_stmt *stmt CLEANUP(statement_done) =
 *		statement(store, &folder_sql, FOLDER_BY_ID, err);
 */
sqlite3_stmt *statement(struct store *store, const struct sql_table *table,
	int index, struct error *err);
void statement_done(sqlite3_stmt **stmt);

/* The same with its first parameter bound, where it has one. */
sqlite3_stmt *statement_of(struct store *store, const struct sql_table *table,
	int index, int64_t id, struct error *err);

enum step { STEP_ROW, STEP_DONE, STEP_ERROR };
enum step statement_step(
	struct store *store, sqlite3_stmt *stmt, struct error *err);
/* To its end; rows are passed over. */
MUST_CHECK bool statement_run(
	struct store *store, sqlite3_stmt *stmt, struct error *err);
/* One row; `stmt` may be NULL, which is the error that `*err` has already. */
enum found statement_find(
	struct store *store, sqlite3_stmt *stmt, struct error *err);
/* Whole, those that want an id or two and give no rows. */
MUST_CHECK bool statement_run_id(struct store *store,
	const struct sql_table *table, int index, int64_t id,
	struct error *err);
MUST_CHECK bool statement_run_ids(struct store *store,
	const struct sql_table *table, int index, int64_t a, int64_t b,
	struct error *err);
/* The first column of every row, pushed; a NULL statement failed before. */
MUST_CHECK bool statement_collect(struct store *store, sqlite3_stmt *stmt,
	struct id_array *ret_ids, struct error *err);
/* Whether there is a row; the parameter as in statement_of(). */
MUST_CHECK bool statement_exists(struct store *store,
	const struct sql_table *table, int index, int64_t id, bool *ret,
	struct error *err);
/* The number in the first column of the only row; `*ret` stays as it is when
 * there is none. */
enum found statement_ask(struct store *store, const struct sql_table *table,
	int index, int64_t id, int64_t *ret, struct error *err);
/* Gives up the prepared statements of a file. */
void statements_free(struct store *store, enum sql_file file);
/* SQLite would make it readable to others where the umask lets it. */
MUST_CHECK bool store_make_file(const char *path, struct error *err);
/* Opens a database file that exists. */
MUST_CHECK bool store_open_file(
	const char *path, sqlite3 **ret_db, struct error *err);
/* The same for the store's own, with what each of its connections is told. */
MUST_CHECK bool store_open_connection(
	const char *path, sqlite3 **ret_db, struct error *err);
/* A handle for reading only, of a database that is set aside. */
MUST_CHECK bool store_open_aside(
	const char *path, struct store **ret_store, struct error *err);
/* Runs SQL text that needs no cache. */
MUST_CHECK bool store_exec(
	struct store *store, const char *sql, struct error *err);
/* From SQLite's last code.  Returns false. */
bool store_error(sqlite3 *db, int rc, struct error *err);

/* For qsort() and bsearch(). */
int store_compare_ids(const void *a, const void *b);

/* Parameters count from 1.  Text is borrowed until the statement is reset. */
void bind_text(sqlite3_stmt *stmt, int at, const char *s);
void bind_slice_text(sqlite3_stmt *stmt, int at, struct slice s);
/* NULL when empty. */
void bind_slice_text_null(sqlite3_stmt *stmt, int at, struct slice s);
void bind_blob(sqlite3_stmt *stmt, int at, struct slice s);

/* Columns count from 0. */
struct slice column_slice(sqlite3_stmt *stmt, int at);
/* A copy; NULL for NULL. */
char *column_text(sqlite3_stmt *stmt, int at);
/* "" for NULL, which only a damaged file has there. */
char *column_text_empty(sqlite3_stmt *stmt, int at);
char *column_blob(sqlite3_stmt *stmt, int at);

/* Which text index the store was put into; 0: none. */
MUST_CHECK bool store_index_identity(
	struct store *store, int64_t *ret, struct error *err);

/* What every function with a handle asserts first. */
void store_assert_mine(const struct store *store);
void store_assert_writing(const struct store *store);

/* uint64_t and int64_t with the same bits, and sizes that fit. */
static inline int64_t
store_int(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

#endif /* TERCET_STORE_PRIVATE_H */
