/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/conversation.h"

#include "store/private.h"

enum { CHAIN_MAX = 64 }; /* of merges to follow */

enum {
	CONVERSATION_FIND,
	CONVERSATION_OF,
	CONVERSATION_MEMBERS,
	CONVERSATION_SAVE,
	CONVERSATION_FOLDERS,
	CONVERSATION_MERGE,
	CONVERSATION_SHRINK,
	CONVERSATION_DROP,
	CONVERSATION_STATEMENTS,
};

static const char *const sql[] = {
	[CONVERSATION_FIND] = "SELECT merged_into, size "
			      "FROM conversation "
			      "WHERE id = ?",
	[CONVERSATION_OF] =
		"SELECT conversation "
		"FROM placement "
		"WHERE id = ?1 AND message = ?1 AND linked = 1 "
		"UNION ALL "
		"SELECT conversation "
		"FROM placement "
		"WHERE message = ?1 AND id <> message AND linked = 1 "
		"LIMIT 1",
	[CONVERSATION_MEMBERS] = "SELECT 1 "
				 "FROM placement "
				 "WHERE conversation = ? AND linked = 1 "
				 "LIMIT 1",
	[CONVERSATION_SAVE] =
		"INSERT INTO conversation (id, merged_into, size) "
		"VALUES (?1, ?2, ?3) "
		"ON CONFLICT DO UPDATE SET merged_into = ?2, size = ?3",
	/* Not from its thread rows, which may be due only now. */
	[CONVERSATION_FOLDERS] = "SELECT DISTINCT folder "
				 "FROM placement "
				 "WHERE conversation = ? AND linked = 1",
	[CONVERSATION_MERGE] = "UPDATE placement "
			       "SET conversation = ?2 "
			       "WHERE conversation = ?1 AND linked = 1",
	[CONVERSATION_SHRINK] = "UPDATE conversation "
				"SET size = size - 1 "
				"WHERE id = ? AND size > 1",
	[CONVERSATION_DROP] = "DELETE FROM conversation WHERE id = ?",
};

const struct sql_table conversation_sql = { SQL_CONVERSATION,
	CONVERSATION_STATEMENTS, sql };

/* One step along the merges: `it->id` moves on, or `it->size` is set. */
static bool
follow_merge(struct store *store, struct conversation *it, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &conversation_sql, CONVERSATION_FIND, it->id, err);
	enum found found = statement_find(store, stmt, err);

	it->size = 1;
	if (found == FOUND && sqlite3_column_int64(stmt, 0))
		*it = (struct conversation){ sqlite3_column_int64(stmt, 0), 0 };
	else if (found == FOUND)
		it->size = sqlite3_column_int64(stmt, 1);
	return found != FOUND_ERROR;
}

bool
conversation_find(struct store *store, int64_t id, struct conversation *ret,
	struct error *err)
{
	*ret = (struct conversation){ .id = id };
	for (int i = 0; i < CHAIN_MAX && ret->size == 0; i++) {
		if (!follow_merge(store, ret, err))
			return false;
	}
	return true;
}

bool
conversation_of(struct store *store, int64_t message, int64_t *ret_id,
	struct error *err)
{
	*ret_id = 0;
	return statement_ask(store, &conversation_sql, CONVERSATION_OF, message,
		       ret_id, err) != FOUND_ERROR;
}

bool
conversation_has_members(
	struct store *store, int64_t id, bool *ret_has, struct error *err)
{
	int64_t one = 0;
	enum found found = statement_ask(
		store, &conversation_sql, CONVERSATION_MEMBERS, id, &one, err);

	*ret_has = found == FOUND;
	return found != FOUND_ERROR;
}

static bool
save(struct store *store, int64_t id, int64_t merged_into, int64_t size,
	struct error *err)
{
	sqlite3_stmt *stmt = statement_of(
		store, &conversation_sql, CONVERSATION_SAVE, id, err);

	if (!stmt)
		return false;
	if (merged_into)
		sqlite3_bind_int64(stmt, 2, merged_into);
	else
		sqlite3_bind_null(stmt, 2);
	sqlite3_bind_int64(stmt, 3, size);
	return statement_run(store, stmt, err);
}

bool
conversation_save(struct store *store, const struct conversation *conversation,
	struct error *err)
{
	return save(store, conversation->id, 0, conversation->size, err);
}

/* Thread rows of both become due. */
static bool
touch_threads(
	struct store *store, int64_t from, int64_t into, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &conversation_sql, CONVERSATION_FOLDERS, from, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		int64_t folder = sqlite3_column_int64(stmt, 0);

		if (!tally_touch_thread(store, from, folder, 1, err) ||
			!tally_touch_thread(store, into, folder, 0, err))
			return false;
	}
	return step == STEP_DONE;
}

bool
conversation_merge(struct store *store, const struct conversation *from,
	struct conversation *into, struct error *err)
{
	if (!touch_threads(store, from->id, into->id, err) ||
		!statement_run_ids(store, &conversation_sql, CONVERSATION_MERGE,
			from->id, into->id, err) ||
		!save(store, from->id, into->id, 0, err))
		return false;
	into->size += from->size;
	return true;
}

bool
conversation_left(struct store *store, int64_t id, struct error *err)
{
	return statement_run_id(
		store, &conversation_sql, CONVERSATION_SHRINK, id, err);
}

bool
conversation_drop(struct store *store, int64_t id, struct error *err)
{
	return statement_run_id(
		store, &conversation_sql, CONVERSATION_DROP, id, err);
}
