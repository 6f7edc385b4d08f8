/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking away what nobody sees any more: folders that were dropped, messages
 * that stand nowhere, and pages of the file that hold nothing.
 */
#include "base/clock.h"
#include "store/index.h"
#include "store/link.h"
#include "store/message.h"
#include "store/placement.h"
#include "store/private.h"

enum {
	/* A message that left one folder may be on its way to another. */
	GRACE_S = 3600,
	/* Free pages that are worth giving back, and how many at once. */
	FREE_PAGES_MIN = 4096,
	FREE_PAGES_SLICE = 64,
};

enum {
	PURGE_DROPPED_FOLDER,
	PURGE_THREAD,
	PURGE_PLACEMENT,
	PURGE_DELETE_THREAD,
	PURGE_DELETE_RUNS,
	PURGE_DELETE_SPACES,
	PURGE_DELETE_VIEW,
	PURGE_DELETE_FOLDER,
	PURGE_ORPHAN,
	PURGE_HAS_PLACEMENT,
	PURGE_SECTION,
	PURGE_SLICE,
	PURGE_DELETE_SECTION,
	PURGE_DELETE_TEXT,
	PURGE_DELETE_MESSAGE,
	PURGE_DELETE_ORPHAN,
	PURGE_FREE_PAGES,
	PURGE_VACUUM,
	PURGE_STATEMENTS,
};

static const char *const sql[] = {
	[PURGE_DROPPED_FOLDER] = "SELECT id FROM folder WHERE dropped = 1 "
				 "LIMIT 1",
	[PURGE_THREAD] = "SELECT conversation "
			 "FROM thread "
			 "WHERE folder = ? "
			 "LIMIT 1",
	[PURGE_PLACEMENT] = "SELECT " PLACEMENT_FACTS " "
			    "FROM placement "
			    "WHERE folder = ? "
			    "LIMIT 1",
	[PURGE_DELETE_THREAD] = "DELETE FROM thread "
				"WHERE conversation = ? AND folder = ?",
	[PURGE_DELETE_RUNS] = "DELETE FROM run WHERE kind = 0 AND folder = ?",
	[PURGE_DELETE_SPACES] = "DELETE FROM uid_space WHERE folder = ?",
	[PURGE_DELETE_VIEW] = "DELETE FROM folder_view WHERE folder = ?",
	[PURGE_DELETE_FOLDER] = "DELETE FROM folder WHERE id = ?",
	[PURGE_ORPHAN] = "SELECT message "
			 "FROM orphan "
			 "WHERE unindexed = 1 "
			 "LIMIT 1",
	[PURGE_HAS_PLACEMENT] = "SELECT 1 "
				"FROM placement "
				"WHERE id = ?1 AND message = ?1 "
				"UNION ALL "
				"SELECT 1 "
				"FROM placement "
				"WHERE message = ?1 AND id <> message "
				"LIMIT 1",
	[PURGE_SECTION] = "SELECT id FROM section WHERE message = ? LIMIT 1",
	[PURGE_SLICE] = "DELETE FROM slice "
			"WHERE id = (SELECT id FROM slice "
			"WHERE id >= ?1 * 1048576 AND id < (?1 + 1) * 1048576 "
			"LIMIT 1)",
	[PURGE_DELETE_SECTION] = "DELETE FROM section WHERE id = ?",
	[PURGE_DELETE_TEXT] = "DELETE FROM text WHERE message = ?",
	[PURGE_DELETE_MESSAGE] = "DELETE FROM message WHERE id = ?",
	[PURGE_DELETE_ORPHAN] = "DELETE FROM orphan WHERE message = ?",
	[PURGE_FREE_PAGES] = "PRAGMA freelist_count",
	[PURGE_VACUUM] = "PRAGMA incremental_vacuum(64)",
};

const struct sql_table purge_sql = { SQL_PURGE, PURGE_STATEMENTS, sql };

/* ---- folders ---- */

/* One row of a dropped folder; NOT_FOUND when it has none left. */
static enum found
purge_thread(struct store *store, int64_t folder, struct error *err)
{
	int64_t conversation = 0;
	enum found found = statement_ask(
		store, &purge_sql, PURGE_THREAD, folder, &conversation, err);

	if (found != FOUND)
		return found;
	return statement_run_ids(store, &purge_sql, PURGE_DELETE_THREAD,
		       conversation, folder, err)
		       ? FOUND
		       : FOUND_ERROR;
}

static enum found
purge_placement(struct store *store, int64_t folder, struct error *err)
{
	struct placement_facts facts;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &purge_sql, PURGE_PLACEMENT, folder, err);
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found;
	placement_read_facts(stmt, &facts);
	sqlite3_reset(stmt);
	return placement_delete(store, &facts, err) ? FOUND : FOUND_ERROR;
}

static bool
purge_folder_row(struct store *store, int64_t folder, struct error *err)
{
	return statement_run_id(
		       store, &purge_sql, PURGE_DELETE_RUNS, folder, err) &&
	       statement_run_id(
		       store, &purge_sql, PURGE_DELETE_SPACES, folder, err) &&
	       statement_run_id(
		       store, &purge_sql, PURGE_DELETE_VIEW, folder, err) &&
	       statement_run_id(
		       store, &purge_sql, PURGE_DELETE_FOLDER, folder, err);
}

/* `*ret_found`: there was something to do. */
static bool
purge_folders(struct transaction *tx, bool *ret_found, struct error *err)
{
	struct store *store = tx->store;

	*ret_found = false;
	do {
		int64_t folder = 0;
		enum found found = statement_ask(store, &purge_sql,
			PURGE_DROPPED_FOLDER, 0, &folder, err);

		if (found != FOUND)
			return found == NOT_FOUND;
		*ret_found = true;
		found = purge_thread(store, folder, err);
		if (found == NOT_FOUND)
			found = purge_placement(store, folder, err);
		if (found == FOUND_ERROR ||
			(found == NOT_FOUND &&
				!purge_folder_row(store, folder, err)))
			return false;
	} while (!transaction_is_due(tx));
	return true;
}

/* ---- messages ---- */

/* One slice, or the section's row when none is left. */
static bool
purge_section(struct store *store, int64_t section, struct error *err)
{
	if (!statement_run_id(store, &purge_sql, PURGE_SLICE, section, err))
		return false;
	return sqlite3_changes(store->db) > 0 ||
	       statement_run_id(
		       store, &purge_sql, PURGE_DELETE_SECTION, section, err);
}

static bool
purge_rows(struct store *store, int64_t message, struct error *err)
{
	return link_forget(store, message, err) &&
	       message_not_wanted(store, message, err) &&
	       statement_run_id(
		       store, &purge_sql, PURGE_DELETE_TEXT, message, err) &&
	       statement_run_id(
		       store, &purge_sql, PURGE_DELETE_MESSAGE, message, err) &&
	       statement_run_id(
		       store, &purge_sql, PURGE_DELETE_ORPHAN, message, err);
}

/* A step towards a message's end. */
static bool
purge_message(struct store *store, int64_t message, struct error *err)
{
	int64_t id = 0;

	switch (statement_ask(
		store, &purge_sql, PURGE_HAS_PLACEMENT, message, &id, err)) {
	case FOUND:
		return statement_run_id(
			store, &purge_sql, PURGE_DELETE_ORPHAN, message, err);
	case NOT_FOUND:
		break;
	case FOUND_ERROR:
		return false;
	}
	switch (statement_ask(
		store, &purge_sql, PURGE_SECTION, message, &id, err)) {
	case FOUND:
		return purge_section(store, id, err);
	case NOT_FOUND:
		return purge_rows(store, message, err);
	case FOUND_ERROR:
		break;
	}
	return false;
}

static bool
purge_orphans(struct transaction *tx, bool *ret_found, struct error *err)
{
	struct store *store = tx->store;

	*ret_found = false;
	do {
		int64_t message = 0;
		enum found found = statement_ask(
			store, &purge_sql, PURGE_ORPHAN, 0, &message, err);

		if (found != FOUND)
			return found == NOT_FOUND;
		*ret_found = true;
		if (!purge_message(store, message, err))
			return false;
	} while (!transaction_is_due(tx));
	return true;
}

/* ---- the file ---- */

static bool
give_back_pages(struct transaction *tx, bool *ret_found, struct error *err)
{
	int64_t pages = 0;

	*ret_found = false;
	if (statement_ask(tx->store, &purge_sql, PURGE_FREE_PAGES, 0, &pages,
		    err) != FOUND)
		return false;
	if (pages < FREE_PAGES_MIN)
		return true;
	*ret_found = true;
	do {
		if (!statement_run_id(
			    tx->store, &purge_sql, PURGE_VACUUM, 0, err))
			return false;
		pages -= FREE_PAGES_SLICE;
	} while (pages > FREE_PAGES_MIN / 2 && !transaction_is_due(tx));
	return true;
}

bool
message_purge_some(struct store *store, bool *ret_more, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	/* Out of the text index first, for which their words are needed. */
	if (!index_forget_some(store, clock_wall_s() - GRACE_S, ret_more, err))
		return false;
	if (*ret_more)
		return true;
	return transaction_begin(store, &tx, err) &&
	       purge_folders(&tx, ret_more, err) &&
	       (*ret_more || purge_orphans(&tx, ret_more, err)) &&
	       (*ret_more || give_back_pages(&tx, ret_more, err)) &&
	       transaction_commit(&tx, err);
}
