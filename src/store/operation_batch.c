/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may be sent next.  Items are looked at in the order they were asked for;
 * whatever an item that is left out touches is taken, and what touches it has
 * to wait as well.
 */
#include <stdlib.h>

#include "base/id_set.h"
#include "base/mem.h"
#include "store/action_row.h"
#include "store/operation_row.h"
#include "store/private.h"

enum { WINDOW = 20000 };

enum {
	BATCH_WINDOW,
	BATCH_IS_PENDING,
	BATCH_IS_HANDED_ON,
	BATCH_SETTLING,
	BATCH_SETTLING_FOLDERS,
	BATCH_ITEM,
	BATCH_TARGET_FLAGS,
	BATCH_HAS_UID,
	BATCH_STATEMENTS,
};

/* What is sent to another account is there an APPEND, and at last deleted here:
 * phases 2 and 3. */
#define ITEM_PART                                                              \
	"i.id, i.operation, "                                                  \
	"CASE i.phase WHEN 2 THEN 0 ELSE i.placement END, i.target, "          \
	"CASE i.phase WHEN 2 THEN q.message ELSE i.message END, p.uid, "       \
	"p.uid_space, f.uid_space, q.uid, q.message, i.uid_floor, i.state, "   \
	"p.id IS NOT NULL"

#define JOINED                                                                 \
	"FROM operation_item i INDEXED BY operation_item_pending "             \
	"CROSS JOIN operation o ON o.id = i.operation "                        \
	"LEFT JOIN placement p ON p.id = i.placement "                         \
	"LEFT JOIN placement q ON q.id = i.target "                            \
	"LEFT JOIN folder f ON f.id = ifnull(p.folder, o.folder) "

static const char *const sql[] = {
	[BATCH_WINDOW] =
		"SELECT " ITEM_PART ", "
		"CASE i.phase WHEN 2 THEN 4 WHEN 3 THEN 3 ELSE o.kind END, "
		"CASE i.phase WHEN 2 THEN o.target_folder "
		"ELSE ifnull(p.folder, o.folder) END, "
		"CASE WHEN i.phase IN (1, 3) THEN 0 ELSE o.target_folder END, "
		"o.add_flags, o.remove_flags, o.keyword, o.keyword_add, "
		"o.name, o.name_to, o.next_attempt, o.attempts, "
		"o.inverts, i.phase, "
		"CASE i.phase WHEN 1 THEN (SELECT t.account FROM folder t "
		"WHERE t.id = o.target_folder) "
		"WHEN 2 THEN f.account ELSE 0 END, "
		"i.phase <> 2 OR p.id IS NULL "
		"OR p.uid IS NOT NULL OR f.remote IS NULL " JOINED
		"WHERE i.account = ? AND i.state < 3 AND i.state <> 2 "
		"ORDER BY i.id "
		"LIMIT ?",
	[BATCH_IS_PENDING] = "SELECT 1 "
			     "FROM operation_item "
			     "INDEXED BY operation_item_pending "
			     "WHERE account = ? AND state < 3 "
			     "LIMIT 1",
	[BATCH_IS_HANDED_ON] = "SELECT 1 "
			       "FROM operation_item "
			       "INDEXED BY operation_item_pending "
			       "WHERE account = ? AND state < 3 AND phase > 0 "
			       "LIMIT 1",
	[BATCH_SETTLING] = "SELECT " ITEM_PART ", o.target_folder " JOINED
			   "WHERE i.account = ? AND i.state < 3 "
			   "AND i.state = 2 "
			   "ORDER BY i.id",
	[BATCH_SETTLING_FOLDERS] = "SELECT o.target_folder " JOINED
				   "WHERE i.account = ? AND i.state < 3 "
				   "AND i.state = 2",
	[BATCH_ITEM] = "SELECT " ITEM_PART " FROM operation_item i "
		       "CROSS JOIN operation o ON o.id = i.operation "
		       "LEFT JOIN placement p ON p.id = i.placement "
		       "LEFT JOIN placement q ON q.id = i.target "
		       "LEFT JOIN folder f ON f.id = o.folder "
		       "WHERE i.id = ?",
	[BATCH_HAS_UID] = "SELECT 1 "
			  "FROM folder f "
			  "CROSS JOIN placement p ON p.uid_space = f.uid_space "
			  "AND p.uid = ?2 AND p.uid IS NOT NULL "
			  "CROSS JOIN operation_item i ON i.target = p.id "
			  "AND i.target > 0 "
			  "WHERE f.id = ?1 AND i.id <> ?3 "
			  "LIMIT 1",
	[BATCH_TARGET_FLAGS] = "SELECT server_flags, server_keywords "
			       "FROM placement "
			       "WHERE id = ?",
};

const struct sql_table operation_batch_sql = { SQL_OPERATION_BATCH,
	BATCH_STATEMENTS, sql };

void
operation_batch_clear(struct operation_batch *batch)
{
	free(batch->keyword);
	free(batch->name);
	free(batch->remote);
	free(batch->items);
	*batch = (struct operation_batch){ 0 };
}

/* What items that were left out, or taken already, touch. */
struct taken {
	struct id_set messages;
	struct id_set folders;        /* of operations on messages left out */
	struct id_set folders_closed; /* of operations on folders left out */
	bool folder_left_out;         /* any operation on a folder was */
};

static void
taken_clear(struct taken *taken)
{
	id_set_clear(&taken->messages);
	id_set_clear(&taken->folders);
	id_set_clear(&taken->folders_closed);
}

struct window {
	int64_t now;
	size_t max;
	struct operation_batch *batch;
	struct taken taken;
	int64_t next; /* attempt of a deferred one; 0: none */
};

static bool
is_of_folder(enum operation_kind kind)
{
	return kind >= OPERATION_CREATE;
}

/* Columns behind those of an item. */
enum {
	COLUMN_STATE = 11,
	COLUMN_IS_PLACED,
	COLUMN_KIND,
	COLUMN_FOLDER,
	COLUMN_TARGET_FOLDER,
	COLUMN_ADD,
	COLUMN_REMOVE,
	COLUMN_KEYWORD,
	COLUMN_KEYWORD_ADD,
	COLUMN_NAME,
	COLUMN_REMOTE,
	COLUMN_NEXT_ATTEMPT,
	COLUMN_ATTEMPTS,
	COLUMN_INVERTS,
	COLUMN_PHASE,
	COLUMN_NEXT_ACCOUNT,
	COLUMN_HAS_SOURCE, /* it is where it is to come from */
};

static enum operation_kind
kind_of(sqlite3_stmt *stmt)
{
	return (enum operation_kind)sqlite3_column_int(stmt, COLUMN_KIND);
}

static enum item_phase
phase_of(sqlite3_stmt *stmt)
{
	return (enum item_phase)sqlite3_column_int(stmt, COLUMN_PHASE);
}

static bool
is_running(sqlite3_stmt *stmt)
{
	return sqlite3_column_int(stmt, COLUMN_STATE) == ITEM_RUNNING;
}

static void
read_item(sqlite3_stmt *stmt, struct operation_item *item)
{
	*item = (struct operation_item){
		.id = sqlite3_column_int64(stmt, 0),
		.operation = sqlite3_column_int64(stmt, 1),
		.placement = sqlite3_column_int64(stmt, 2),
		.target = sqlite3_column_int64(stmt, 3),
		.message = sqlite3_column_int64(stmt, 4),
		.uid = (uint32_t)sqlite3_column_int64(stmt, 5),
		.uid_space = sqlite3_column_int64(stmt, 6),
		.target_uid = (uint32_t)sqlite3_column_int64(stmt, 8),
		.target_message = sqlite3_column_int64(stmt, 9),
		.uid_floor = (uint32_t)sqlite3_column_int64(stmt, 10),
	};
	item->is_current =
		item->placement == 0 ||
		(item->uid != 0 &&
			item->uid_space == sqlite3_column_int64(stmt, 7));
}

/* Whether it depends on nothing that was left out. */
static bool
is_free(const struct window *it, sqlite3_stmt *stmt,
	const struct operation_item *item)
{
	const struct taken *taken = &it->taken;
	int64_t folder = sqlite3_column_int64(stmt, COLUMN_FOLDER);
	int64_t target = sqlite3_column_int64(stmt, COLUMN_TARGET_FOLDER);

	if (id_set_has(&taken->folders_closed, folder) ||
		id_set_has(&taken->folders_closed, target))
		return false;
	if (is_of_folder(kind_of(stmt)))
		return !taken->folder_left_out &&
		       !id_set_has(&taken->folders, folder);
	if (id_set_has(&taken->messages, item->message) ||
		!sqlite3_column_int(stmt, COLUMN_HAS_SOURCE))
		return false;
	/* Its turn comes once its UID is known; what was sent had one. */
	return item->placement == 0 || item->uid != 0 || is_running(stmt) ||
	       !sqlite3_column_int(stmt, COLUMN_IS_PLACED);
}

static bool
same_class(const struct operation_batch *batch, sqlite3_stmt *stmt,
	const struct operation_item *item)
{
	if (batch->n == 0)
		return true;
	return !is_of_folder(batch->kind) && batch->kind == kind_of(stmt) &&
	       batch->folder == sqlite3_column_int64(stmt, COLUMN_FOLDER) &&
	       batch->target_folder ==
		       sqlite3_column_int64(stmt, COLUMN_TARGET_FOLDER) &&
	       batch->add == (uint32_t)sqlite3_column_int64(stmt, COLUMN_ADD) &&
	       batch->remove ==
		       (uint32_t)sqlite3_column_int64(stmt, COLUMN_REMOVE) &&
	       slice_eq(slice_str(batch->keyword),
		       column_slice(stmt, COLUMN_KEYWORD)) &&
	       batch->keyword_add ==
		       (sqlite3_column_int(stmt, COLUMN_KEYWORD_ADD) != 0) &&
	       batch->phase == phase_of(stmt) &&
	       batch->next_account ==
		       sqlite3_column_int64(stmt, COLUMN_NEXT_ACCOUNT) &&
	       batch->repeats == is_running(stmt) &&
	       batch->items[0].is_current == item->is_current;
}

static void
begin_batch(struct operation_batch *batch, sqlite3_stmt *stmt)
{
	batch->kind = kind_of(stmt);
	batch->phase = phase_of(stmt);
	batch->next_account = sqlite3_column_int64(stmt, COLUMN_NEXT_ACCOUNT);
	batch->folder = sqlite3_column_int64(stmt, COLUMN_FOLDER);
	batch->target_folder = sqlite3_column_int64(stmt, COLUMN_TARGET_FOLDER);
	batch->add = (uint32_t)sqlite3_column_int64(stmt, COLUMN_ADD);
	batch->remove = (uint32_t)sqlite3_column_int64(stmt, COLUMN_REMOVE);
	batch->keyword = column_text(stmt, COLUMN_KEYWORD);
	batch->keyword_add = sqlite3_column_int(stmt, COLUMN_KEYWORD_ADD) != 0;
	batch->name = column_text(stmt, COLUMN_NAME);
	batch->remote = column_text(stmt, COLUMN_REMOTE);
	batch->repeats = is_running(stmt);
	batch->only_empty = batch->kind == OPERATION_DELETE_FOLDER &&
			    sqlite3_column_int64(stmt, COLUMN_INVERTS) != 0;
}

static void
take(struct window *it, sqlite3_stmt *stmt, const struct operation_item *item)
{
	struct operation_batch *batch = it->batch;
	unsigned attempts =
		(unsigned)sqlite3_column_int64(stmt, COLUMN_ATTEMPTS);

	if (batch->n == 0)
		begin_batch(batch, stmt);
	array_push(batch, *item);
	if (attempts > batch->attempts)
		batch->attempts = attempts;
	id_set_add(&it->taken.messages, item->message);
}

static void
leave_out(struct window *it, sqlite3_stmt *stmt,
	const struct operation_item *item)
{
	struct taken *taken = &it->taken;
	int64_t folder = sqlite3_column_int64(stmt, COLUMN_FOLDER);

	if (is_of_folder(kind_of(stmt))) {
		taken->folder_left_out = true;
		id_set_add(&taken->folders_closed, folder);
		return;
	}
	id_set_add(&taken->messages, item->message);
	id_set_add(&taken->folders, folder);
	id_set_add(&taken->folders,
		sqlite3_column_int64(stmt, COLUMN_TARGET_FOLDER));
}

static bool
is_deferred(struct window *it, sqlite3_stmt *stmt)
{
	int64_t at = sqlite3_column_int64(stmt, COLUMN_NEXT_ATTEMPT);

	if (at <= it->now)
		return false;
	if (it->next == 0 || at < it->next)
		it->next = at;
	return true;
}

static bool
look(struct store *store, int64_t account, struct window *it, struct error *err)
{
	enum step step = STEP_DONE;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &operation_batch_sql, BATCH_WINDOW, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
	sqlite3_bind_int(stmt, 2, WINDOW);
	while (it->batch->n < it->max &&
		(step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct operation_item item;

		read_item(stmt, &item);
		if (!is_deferred(it, stmt) && is_free(it, stmt, &item) &&
			same_class(it->batch, stmt, &item)) {
			take(it, stmt, &item);
			if (is_of_folder(it->batch->kind))
				return true;
		} else {
			leave_out(it, stmt, &item);
		}
	}
	return step != STEP_ERROR;
}

enum found
operation_next_batch(struct store *store, int64_t account, int64_t now,
	size_t max, struct operation_batch *ret_batch, int64_t *ret_next,
	struct error *err)
{
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	struct window it = { .now = now, .max = max, .batch = &batch };
	bool ok;

	store_assert_mine(store);
	ok = look(store, account, &it, err);
	taken_clear(&it.taken);
	*ret_next = it.next;
	if (!ok)
		return FOUND_ERROR;
	if (batch.n == 0)
		return NOT_FOUND;
	batch.account = account;
	*ret_batch = batch;
	batch = (struct operation_batch){ 0 };
	return FOUND;
}

bool
operation_is_pending(
	struct store *store, int64_t account, bool *ret, struct error *err)
{
	return statement_exists(store, &operation_batch_sql, BATCH_IS_PENDING,
		account, ret, err);
}

bool
operation_is_handed_on(
	struct store *store, int64_t account, bool *ret, struct error *err)
{
	return statement_exists(store, &operation_batch_sql, BATCH_IS_HANDED_ON,
		account, ret, err);
}

bool
operation_settling(struct store *store, int64_t account, int64_t folder,
	size_t max, struct operation_batch *ret_batch, struct error *err)
{
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	enum step step = STEP_DONE;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &operation_batch_sql, BATCH_SETTLING, account, err);

	if (!stmt)
		return false;
	batch.account = account;
	while (batch.n < max &&
		(step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct operation_item item;

		read_item(stmt, &item);
		if (!folder || sqlite3_column_int64(
				       stmt, COLUMN_IS_PLACED + 1) == folder)
			array_push(&batch, item);
	}
	if (step == STEP_ERROR)
		return false;
	*ret_batch = batch;
	batch = (struct operation_batch){ 0 };
	return true;
}

bool
operation_settling_folders(struct store *store, int64_t account,
	struct id_array *ret_folders, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(store,
		&operation_batch_sql, BATCH_SETTLING_FOLDERS, account, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		push_once(ret_folders, sqlite3_column_int64(stmt, 0));
	return step == STEP_DONE;
}

bool
operation_reload(struct store *store, struct operation_item *items, size_t n,
	struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		enum step step;
		sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(store,
			&operation_batch_sql, BATCH_ITEM, items[i].id, err);

		if (!stmt)
			return false;
		step = statement_step(store, stmt, err);
		if (step == STEP_ERROR)
			return false;
		if (step == STEP_ROW)
			read_item(stmt, &items[i]);
	}
	return true;
}

enum found
operation_target_flags(struct store *store, const struct operation_item *item,
	struct flags *ret_flags, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(store,
		&operation_batch_sql, BATCH_TARGET_FLAGS, item->target, err);

	if (!stmt)
		return FOUND_ERROR;
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	ret_flags->bits = (uint32_t)sqlite3_column_int64(stmt, 0);
	ret_flags->keywords = column_text(stmt, 1);
	return FOUND;
}

bool
operation_has_uid(struct store *store, const struct operation_item *item,
	int64_t folder, uint32_t uid, bool *ret_has, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &operation_batch_sql, BATCH_HAS_UID, folder, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, uid);
	sqlite3_bind_int64(stmt, 3, item->id);
	step = statement_step(store, stmt, err);
	*ret_has = step == STEP_ROW;
	return step != STEP_ERROR;
}
