/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/link.h"

#include "base/mem.h"
#include "store/linking.h"
#include "store/message.h"
#include "store/private.h"

enum {
	LINK_RUN,
	LINK_RUN_OF_FOLDER,
	LINK_NEXT,
	LINK_ADVANCE_RUN,
	LINK_DROP_RUN,
	LINK_JOIN,
	LINK_WANT,
	LINK_ITEM,
	LINK_LEFT,
	LINK_LEFT_IN_FOLDER,
	LINK_STATEMENTS,
};

static const char *const sql[] = {
	[LINK_RUN] = "SELECT id, folder, first, last "
		     "FROM run "
		     "WHERE kind = 0 AND account = ?1 "
		     "ORDER BY id DESC "
		     "LIMIT 1",
	[LINK_RUN_OF_FOLDER] =
		"SELECT id, folder, first, last "
		"FROM run "
		"WHERE kind = 0 AND account = ?1 AND folder = ?2 "
		"ORDER BY id DESC "
		"LIMIT 1",
	[LINK_NEXT] = "SELECT p.id, p.message, p.received, m.message_id, "
		      "m.in_reply_to, m.refs, m.subject, m.authors, "
		      "m.recipients, m.copies, m.state "
		      "FROM placement p "
		      "CROSS JOIN message m ON m.id = p.message "
		      "WHERE p.id BETWEEN ?1 AND ?2 AND +p.folder = ?3 "
		      "AND p.linked = 0 "
		      "ORDER BY p.id",
	[LINK_ADVANCE_RUN] = "UPDATE run SET first = ?2 WHERE id = ?1",
	[LINK_DROP_RUN] = "DELETE FROM run WHERE id = ?",
	[LINK_JOIN] = "UPDATE placement "
		      "SET linked = 1, conversation = ?2 "
		      "WHERE id = ?1",
	[LINK_WANT] = "INSERT INTO wanted (account, received, message) "
		      "SELECT account, received, id "
		      "FROM message "
		      "WHERE id = ? "
		      "ON CONFLICT DO NOTHING",
	[LINK_ITEM] = "SELECT 0, id, received, message_id, in_reply_to, refs, "
		      "subject, authors, recipients, copies, account "
		      "FROM message "
		      "WHERE id = ?",
	[LINK_LEFT] = "SELECT sum(unlinked) "
		      "FROM folder "
		      "WHERE account = ? AND dropped = 0",
	[LINK_LEFT_IN_FOLDER] = "SELECT unlinked "
				"FROM folder "
				"WHERE id = ? AND dropped = 0",
};

const struct sql_table link_sql = { SQL_LINK, LINK_STATEMENTS, sql };

struct run {
	int64_t id; /* 0: none */
	int64_t folder;
	int64_t first;
	int64_t last;
};

/* ---- reading what waits ---- */

static bool
find_run(struct store *store, int64_t account, int64_t folder,
	struct run *ret_run, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &link_sql,
			folder ? LINK_RUN_OF_FOLDER : LINK_RUN, account, err);
	enum found found;

	*ret_run = (struct run){ 0 };
	if (stmt && folder)
		sqlite3_bind_int64(stmt, 2, folder);
	found = statement_find(store, stmt, err);
	if (found == FOUND)
		*ret_run = (struct run){
			.id = sqlite3_column_int64(stmt, 0),
			.folder = sqlite3_column_int64(stmt, 1),
			.first = sqlite3_column_int64(stmt, 2),
			.last = sqlite3_column_int64(stmt, 3),
		};
	return found != FOUND_ERROR;
}

static void
read_item(sqlite3_stmt *stmt, struct link_item *item)
{
	*item = (struct link_item){
		.placement = sqlite3_column_int64(stmt, 0),
		.message = sqlite3_column_int64(stmt, 1),
		.received = sqlite3_column_int64(stmt, 2),
		.message_id = column_slice(stmt, 3),
		.in_reply_to = column_slice(stmt, 4),
		.references = column_slice(stmt, 5),
		.subject = column_slice(stmt, 6),
		.authors = column_slice(stmt, 7),
		.recipients = column_slice(stmt, 8),
		.copies = column_slice(stmt, 9),
	};
}

/* ---- joining ---- */

bool
linking_add(struct linking *it, int64_t id, struct error *err)
{
	struct conversation found;

	if (!conversation_find(it->store, id, &found, err))
		return false;
	for (size_t i = 0; i < it->n_found; i++) {
		if (it->found[i].id == found.id)
			return true;
	}
	it->found[it->n_found++] = found;
	return true;
}

/* The largest with room for one more; NULL: none. */
static struct conversation *
choose(struct linking *it)
{
	struct conversation *best = NULL;

	for (size_t i = 0; i < it->n_found; i++) {
		struct conversation *c = &it->found[i];

		if (c->size < CONVERSATION_MAX &&
			(!best || c->size > best->size))
			best = c;
	}
	return best;
}

/* Into one of those found, with the others; or one of its own. */
static bool
join_found(struct linking *it, int64_t *ret_conversation, struct error *err)
{
	struct conversation *into = choose(it);

	*ret_conversation = it->item->placement;
	if (!into)
		return true;
	into->size++;
	for (size_t i = 0; i < it->n_found; i++) {
		const struct conversation *c = &it->found[i];

		if (c != into && into->size + c->size <= CONVERSATION_MAX &&
			!conversation_merge(it->store, c, into, err))
			return false;
	}
	*ret_conversation = into->id;
	return conversation_save(it->store, into, err);
}

static bool
find_conversation(
	struct linking *it, int64_t *ret_conversation, struct error *err)
{
	if (!conversation_of(
		    it->store, it->item->message, ret_conversation, err))
		return false;
	if (*ret_conversation)
		return true;
	it->n_found = 0;
	return reference_find(it, err) && subject_find(it, err) &&
	       join_found(it, ret_conversation, err) &&
	       reference_save(it, *ret_conversation, err);
}

static bool
link_one(struct linking *it, struct error *err)
{
	int64_t conversation = 0;
	struct tally_folder *folder;

	if (!find_conversation(it, &conversation, err) ||
		!statement_run_ids(it->store, &link_sql, LINK_JOIN,
			it->item->placement, conversation, err))
		return false;
	folder = tally_folder(it->store, it->folder, err);
	if (!folder)
		return false;
	folder->unlinked--;
	return tally_touch_thread(it->store, conversation, it->folder,
		conversation == it->item->placement ? 1 : 0, err);
}

/* ---- parting ---- */

bool
link_forget(struct store *store, int64_t message, struct error *err)
{
	struct linking *it CLEANUP(freep) = xnew(struct linking);
	struct link_item item;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &link_sql, LINK_ITEM, message, err);
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found == NOT_FOUND;
	read_item(stmt, &item);
	it->store = store;
	it->item = &item;
	it->account = sqlite3_column_int64(stmt, 10);
	return reference_forget(it, err) && subject_forget(it, err);
}

/* ---- runs ---- */

static bool
save_run(struct store *store, const struct run *run, struct error *err)
{
	if (run->first > run->last)
		return statement_run_id(
			store, &link_sql, LINK_DROP_RUN, run->id, err);
	return statement_run_ids(
		store, &link_sql, LINK_ADVANCE_RUN, run->id, run->first, err);
}

/* As far as the transaction's time goes; NULL: to its end. */
static bool
link_run(const struct transaction *tx, struct linking *it, struct run *run,
	struct error *err)
{
	struct link_item item;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(it->store, &link_sql, LINK_NEXT, run->first, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, run->last);
	sqlite3_bind_int64(stmt, 3, run->folder);
	it->folder = run->folder;
	it->item = &item;
	while ((step = statement_step(it->store, stmt, err)) == STEP_ROW) {
		bool has_text = sqlite3_column_int(stmt, 10) != 0;

		read_item(stmt, &item);
		if (!link_one(it, err) ||
			(!has_text && !statement_run_id(it->store, &link_sql,
					      LINK_WANT, item.message, err)))
			return false;
		run->first = item.placement + 1;
		if (tx && transaction_is_due(tx))
			break;
	}
	if (step == STEP_ERROR)
		return false;
	if (step == STEP_DONE)
		run->first = run->last + 1;
	return true;
}

static bool
count_left(struct store *store, int64_t account, int64_t folder,
	int64_t *ret_left, struct error *err)
{
	*ret_left = 0;
	return statement_ask(store, &link_sql,
		       folder ? LINK_LEFT_IN_FOLDER : LINK_LEFT,
		       folder ? folder : account, ret_left, err) != FOUND_ERROR;
}

bool
message_link_some(struct transaction *tx, int64_t account, int64_t folder,
	int64_t *ret_left, struct error *err)
{
	struct store *store = tx->store;
	struct linking *it CLEANUP(freep) = xnew(struct linking);
	struct run run;

	store_assert_writing(store);
	it->store = store;
	it->account = account;
	do {
		if (!find_run(store, account, folder, &run, err) ||
			(run.id && !(link_run(tx, it, &run, err) &&
					   save_run(store, &run, err))))
			return false;
	} while (run.id && !transaction_is_due(tx));
	if (!count_left(store, account, folder, ret_left, err))
		return false;
	*ret_left += tally_unlinked(store, account, folder);
	return true;
}

bool
link_placement(struct store *store, int64_t account, int64_t folder,
	int64_t placement, struct error *err)
{
	struct linking *it CLEANUP(freep) = xnew(struct linking);
	struct run run = {
		.folder = folder,
		.first = placement,
		.last = placement,
	};

	store_assert_writing(store);
	it->store = store;
	it->account = account;
	return link_run(NULL, it, &run, err);
}
