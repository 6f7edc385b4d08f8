/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/uid_space.h"

#include "base/bug.h"
#include "store/folder.h"
#include "store/placement.h"
#include "store/private.h"

enum {
	SPACE_NEW,
	SPACE_FORGET,
	SPACE_STALE,
	SPACE_STALE_PLACEMENTS,
	SPACE_DROP,
	SPACE_UIDS,
	SPACE_HELD,
	SPACE_STATEMENTS,
};

static const char *const sql[] = {
	[SPACE_NEW] = "INSERT INTO uid_space (folder) VALUES (?)",
	[SPACE_FORGET] = "UPDATE folder "
			 "SET uid_space = ?2, uidvalidity = 0, uidnext = 0, "
			 "highestmodseq = 0 "
			 "WHERE id = ?1",
	[SPACE_STALE] = "SELECT s.id "
			"FROM uid_space s JOIN folder f ON f.id = s.folder "
			"WHERE s.folder = ? AND s.id <> f.uid_space "
			"LIMIT 1",
	[SPACE_STALE_PLACEMENTS] = "SELECT " PLACEMENT_FACTS " "
				   "FROM placement "
				   "WHERE uid_space = ? AND uid IS NOT NULL "
				   "LIMIT 1",
	[SPACE_DROP] = "DELETE FROM uid_space WHERE id = ?",
	[SPACE_UIDS] = "SELECT p.uid "
		       "FROM folder f JOIN placement p "
		       "ON p.uid_space = f.uid_space "
		       "WHERE f.id = ? AND p.uid IS NOT NULL "
		       "ORDER BY p.uid",
	[SPACE_HELD] = "SELECT count(*) "
		       "FROM folder f JOIN placement p "
		       "ON p.uid_space = f.uid_space "
		       "WHERE f.id = ? AND p.uid IS NOT NULL",
};

const struct sql_table uid_space_sql = { SQL_UID_SPACE, SPACE_STATEMENTS, sql };

bool
uid_space_new(struct store *store, int64_t folder, int64_t *ret_space,
	struct error *err)
{
	if (!statement_run_id(store, &uid_space_sql, SPACE_NEW, folder, err))
		return false;
	*ret_space = sqlite3_last_insert_rowid(store->db);
	return true;
}

bool
folder_forget_uids(struct store *store, int64_t folder, struct error *err)
{
	struct tally_folder *entry;
	int64_t space;

	store_assert_writing(store);
	entry = tally_folder(store, folder, err);
	if (!entry || !uid_space_new(store, folder, &space, err) ||
		!statement_run_ids(store, &uid_space_sql, SPACE_FORGET, folder,
			space, err))
		return false;
	entry->uid_space = space;
	return true;
}

static enum found
find_stale(struct store *store, int64_t space, struct placement_facts *facts,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &uid_space_sql, SPACE_STALE_PLACEMENTS, space, err);
	enum found found = statement_find(store, stmt, err);

	if (found == FOUND)
		placement_read_facts(stmt, facts);
	return found;
}

/* One placement of the space, or its own row when it has none left. */
static bool
drop_from(struct store *store, int64_t space, struct error *err)
{
	struct placement_facts facts;

	switch (find_stale(store, space, &facts, err)) {
	case FOUND:
		return placement_delete(store, &facts, err);
	case NOT_FOUND:
		return statement_run_id(
			store, &uid_space_sql, SPACE_DROP, space, err);
	case FOUND_ERROR:
		return false;
	}
	UNREACHABLE();
}

bool
folder_drop_stale(
	struct store *store, int64_t folder, bool *ret_more, struct error *err)
{
	store_assert_writing(store);
	*ret_more = true;
	do {
		int64_t space = 0;
		enum found found = statement_ask(store, &uid_space_sql,
			SPACE_STALE, folder, &space, err);

		if (found != FOUND) {
			*ret_more = false;
			return found == NOT_FOUND;
		}
		if (!drop_from(store, space, err))
			return false;
	} while (!transaction_is_due(store->tx));
	return true;
}

bool
folder_uids(struct store *store, int64_t folder, struct uidset *ret_uids,
	struct error *err)
{
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &uid_space_sql, SPACE_UIDS, folder, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		uidset_add(&uids, (uint32_t)sqlite3_column_int64(stmt, 0));
	if (step == STEP_ERROR)
		return false;
	*ret_uids = uids;
	uids = (struct uidset)UIDSET_INIT;
	return true;
}

bool
folder_held(
	struct store *store, int64_t folder, uint64_t *ret_n, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &uid_space_sql, SPACE_HELD, folder, err);

	if (!stmt)
		return false;
	step = statement_step(store, stmt, err);
	*ret_n = step == STEP_ROW ? (uint64_t)sqlite3_column_int64(stmt, 0) : 0;
	return step != STEP_ERROR;
}
