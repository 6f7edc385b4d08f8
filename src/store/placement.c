/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/placement.h"

#include "base/clock.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/operation_settle.h"
#include "store/private.h"

enum {
	PLACEMENT_BY_UID,
	PLACEMENT_SAVE_FLAGS,
	PLACEMENT_SAVE_MODSEQ,
	PLACEMENT_LAST_IN_RANGE,
	PLACEMENT_DELETE,
	PLACEMENT_HAS_OTHERS,
	PLACEMENT_ORPHAN,
	PLACEMENT_NOT_WANTED,
	PLACEMENT_STATEMENTS,
};

static const char *const sql[] = {
	[PLACEMENT_BY_UID] =
		"SELECT " PLACEMENT_FACTS ", keywords, server_flags, "
		"server_keywords, modseq "
		"FROM placement "
		"WHERE uid_space = ? AND uid = ?",
	[PLACEMENT_SAVE_FLAGS] = "UPDATE placement "
				 "SET flags = ?2, keywords = ?3, "
				 "server_flags = ?2, server_keywords = ?3, "
				 "modseq = ?4 "
				 "WHERE id = ?1",
	[PLACEMENT_SAVE_MODSEQ] =
		"UPDATE placement SET modseq = ?2 WHERE id = ?1",
	[PLACEMENT_LAST_IN_RANGE] =
		"SELECT " PLACEMENT_FACTS ", uid "
		"FROM placement "
		"WHERE uid_space = ? AND uid BETWEEN ? AND ? "
		"ORDER BY uid DESC "
		"LIMIT 1",
	[PLACEMENT_DELETE] = "DELETE FROM placement WHERE id = ?",
	[PLACEMENT_HAS_OTHERS] = "SELECT 1 "
				 "FROM placement "
				 "WHERE id = ?1 AND message = ?1 "
				 "UNION ALL "
				 "SELECT 1 "
				 "FROM placement "
				 "WHERE message = ?1 AND id <> message "
				 "LIMIT 1",
	[PLACEMENT_ORPHAN] =
		"INSERT INTO orphan (message, since) VALUES (?, ?) "
		"ON CONFLICT DO NOTHING",
	[PLACEMENT_NOT_WANTED] = "DELETE FROM wanted "
				 "WHERE (account, received, message) = "
				 "(SELECT account, received, id "
				 "FROM message WHERE id = ?)",
};

const struct sql_table placement_sql = { SQL_PLACEMENT, PLACEMENT_STATEMENTS,
	sql };

void
placement_read_facts(sqlite3_stmt *stmt, struct placement_facts *facts)
{
	*facts = (struct placement_facts){
		.id = sqlite3_column_int64(stmt, 0),
		.message = sqlite3_column_int64(stmt, 1),
		.folder = sqlite3_column_int64(stmt, 2),
		.conversation = sqlite3_column_int64(stmt, 3),
		.received = sqlite3_column_int64(stmt, 4),
		.flags = (uint32_t)sqlite3_column_int64(stmt, 5),
		.linked = sqlite3_column_int(stmt, 6) != 0,
		.hidden = sqlite3_column_int(stmt, 7) != 0,
	};
}

/* Keywords NULL and "" are the same. */
static bool
same_keywords(struct slice stored, const char *keywords)
{
	return slice_eq(stored, slice_str(keywords));
}

/* ---- what the server says of flags ---- */

/* Counts and threads follow a change of the flags in force. */
static bool
account_flags(struct store *store, const struct placement_facts *facts,
	uint32_t now, struct error *err)
{
	struct tally_folder *folder;

	if (facts->hidden)
		return true;
	folder = tally_folder(store, facts->folder, err);
	if (!folder)
		return false;
	folder->unread +=
		placement_is_unread(now) - placement_is_unread(facts->flags);
	if (facts->linked)
		return tally_touch_thread(
			store, facts->conversation, facts->folder, 0, err);
	return true;
}

static bool
save_flags(struct store *store, const struct placement_facts *facts,
	const struct flags *flags, uint64_t modseq, struct error *err)
{
	sqlite3_stmt *stmt = statement_of(
		store, &placement_sql, PLACEMENT_SAVE_FLAGS, facts->id, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, flags->bits);
	bind_slice_text_null(stmt, 3, slice_str(flags->keywords));
	sqlite3_bind_int64(stmt, 4, (int64_t)modseq);
	return statement_run(store, stmt, err) &&
	       account_flags(store, facts, flags->bits, err);
}

/* Where an operation has a say in what is in force. */
static bool
save_with_pending(struct store *store, const struct placement_facts *facts,
	const struct flags *flags, uint64_t modseq, struct error *err)
{
	return effect_set_server(store, facts->id, flags, err) &&
	       statement_run_ids(store, &placement_sql, PLACEMENT_SAVE_MODSEQ,
		       facts->id, (int64_t)modseq, err);
}

/* What the server says differs from what is in force. */
static bool
save_news(struct store *store, const struct placement_facts *facts,
	const struct flags *flags, uint64_t modseq, struct error *err)
{
	bool pending = false;

	if (!items_pending(store, &pending, err))
		return false;
	return pending || facts->hidden
		       ? save_with_pending(store, facts, flags, modseq, err)
		       : save_flags(store, facts, flags, modseq, err);
}

enum found
placement_update(struct store *store, int64_t space, uint32_t uid,
	const struct flags *flags, uint64_t modseq,
	struct placement_facts *ret_facts, struct error *err)
{
	bool same;
	uint64_t old_modseq;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &placement_sql, PLACEMENT_BY_UID, space, err);
	enum found found;

	if (stmt)
		sqlite3_bind_int64(stmt, 2, uid);
	found = statement_find(store, stmt, err);
	if (found != FOUND)
		return found;
	placement_read_facts(stmt, ret_facts);
	same = ret_facts->flags == flags->bits &&
	       same_keywords(column_slice(stmt, 8), flags->keywords) &&
	       (uint32_t)sqlite3_column_int64(stmt, 9) == flags->bits &&
	       same_keywords(column_slice(stmt, 10), flags->keywords);
	old_modseq = (uint64_t)sqlite3_column_int64(stmt, 11);
	sqlite3_reset(stmt);
	if (!same && !save_news(store, ret_facts, flags, modseq, err))
		return FOUND_ERROR;
	if (same && modseq != old_modseq && modseq != 0 &&
		!statement_run_ids(store, &placement_sql, PLACEMENT_SAVE_MODSEQ,
			ret_facts->id, (int64_t)modseq, err))
		return FOUND_ERROR;
	return FOUND;
}

bool
placement_save_flags(struct store *store, int64_t folder, uint32_t uid,
	const struct flags *flags, uint64_t modseq, bool *ret_known,
	struct error *err)
{
	struct tally_folder *entry;
	struct placement_facts facts;
	enum found found;

	store_assert_writing(store);
	entry = tally_folder(store, folder, err);
	if (!entry)
		return false;
	found = placement_update(
		store, entry->uid_space, uid, flags, modseq, &facts, err);
	if (found == FOUND_ERROR)
		return false;
	if (ret_known)
		*ret_known = found == FOUND;
	return true;
}

/* ---- taking away ---- */

bool
message_not_wanted(struct store *store, int64_t message, struct error *err)
{
	return statement_run_id(
		store, &placement_sql, PLACEMENT_NOT_WANTED, message, err);
}

static bool
note_orphan(struct store *store, const struct placement_facts *facts,
	struct error *err)
{
	int64_t one = 0;
	enum found others = statement_ask(store, &placement_sql,
		PLACEMENT_HAS_OTHERS, facts->message, &one, err);

	if (others != NOT_FOUND)
		return others == FOUND;
	/* Linking its next placement asks for its text again. */
	return statement_run_ids(store, &placement_sql, PLACEMENT_ORPHAN,
		       facts->message, clock_wall_s(), err) &&
	       message_not_wanted(store, facts->message, err) &&
	       (!facts->linked ||
		       conversation_left(store, facts->conversation, err));
}

bool
placement_delete(struct store *store, const struct placement_facts *facts,
	struct error *err)
{
	bool pending = false;

	if (!items_pending(store, &pending, err))
		return false;
	if (!pending)
		return placement_delete_row(store, facts, err);
	/* Which changes what is in force of it. */
	return items_placement_gone(store, facts->id, err) &&
	       effect_vanish(store, facts->id, err);
}

bool
placement_delete_row(struct store *store, const struct placement_facts *facts,
	struct error *err)
{
	struct tally_folder *folder = tally_folder(store, facts->folder, err);

	if (!folder || !statement_run_id(store, &placement_sql,
			       PLACEMENT_DELETE, facts->id, err))
		return false;
	if (!facts->hidden) {
		folder->placed--;
		folder->unread -= placement_is_unread(facts->flags);
	}
	if (!facts->linked)
		folder->unlinked--;
	else if (!folder->dropped &&
		 !tally_touch_thread(
			 store, facts->conversation, facts->folder, 0, err))
		return false;
	return note_orphan(store, facts, err);
}

/* The placement with the highest UID of the range. */
static enum found
last_in_range(struct store *store, int64_t space, struct uid_range range,
	struct placement_facts *ret_facts, uint32_t *ret_uid, struct error *err)
{
	enum found found;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &placement_sql, PLACEMENT_LAST_IN_RANGE, space, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 2, range.first);
	sqlite3_bind_int64(stmt, 3, range.last);
	found = statement_find(store, stmt, err);
	if (found != FOUND)
		return found;
	placement_read_facts(stmt, ret_facts);
	*ret_uid = (uint32_t)sqlite3_column_int64(stmt, 8);
	return FOUND;
}

bool
placement_remove(struct transaction *tx, int64_t folder, struct uidset *uids,
	struct error *err)
{
	struct store *store = tx->store;
	struct tally_folder *entry;
	int64_t space;

	store_assert_writing(store);
	entry = tally_folder(store, folder, err);
	if (!entry)
		return false;
	space = entry->uid_space;
	/* From the high end, where the set gets shorter at no cost. */
	while (uids->n > 0) {
		struct uid_range *range = &uids->ranges[uids->n - 1];
		struct placement_facts facts;
		uint32_t uid = 0;

		switch (last_in_range(
			store, space, *range, &facts, &uid, err)) {
		case FOUND:
			if (!placement_delete(store, &facts, err))
				return false;
			break;
		case NOT_FOUND:
			uid = range->first;
			break;
		case FOUND_ERROR:
			return false;
		}
		if (uid == range->first)
			uids->n--;
		else
			range->last = uid - 1;
		if (transaction_is_due(tx))
			return true;
	}
	return true;
}
