/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/effect.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/mem.h"
#include "store/message.h"
#include "store/private.h"

enum {
	EFFECT_LOAD,
	EFFECT_SET,
	EFFECT_SET_SERVER,
	EFFECT_ADD,
	EFFECT_BY_UID,
	EFFECT_SET_UID,
	EFFECT_AHEAD,
	EFFECT_STATEMENTS,
};

/* What was not carried out of operations from or to the folder. */
#define WAITING(column)                                                        \
	"SELECT " column " "                                                   \
	"FROM operation_item INDEXED BY operation_item_leaves "                \
	"WHERE (state < 2 OR (state < 3 AND phase > 0)) "                      \
	"AND operation IN (SELECT id "                                         \
	"FROM operation INDEXED BY operation_open "                            \
	"WHERE state < 5 AND (folder = ?1 OR target_folder = ?1))"

static const char *const sql[] = {
	[EFFECT_LOAD] = "SELECT id, message, folder, conversation, received, "
			"flags, linked, hidden, keywords, server_flags, "
			"server_keywords, uid_space, uid "
			"FROM placement "
			"WHERE id = ?",
	[EFFECT_SET] = "UPDATE placement "
		       "SET flags = ?2, keywords = ?3, hidden = ?4 "
		       "WHERE id = ?1",
	[EFFECT_SET_SERVER] = "UPDATE placement "
			      "SET server_flags = ?2, server_keywords = ?3 "
			      "WHERE id = ?1",
	[EFFECT_ADD] = "INSERT INTO placement "
		       "(id, message, folder, hidden, linked, received, "
		       "conversation, flags, keywords, server_flags, "
		       "server_keywords, modseq) "
		       "VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?7, ?8, 0)",
	[EFFECT_BY_UID] = "SELECT id "
			  "FROM placement "
			  "WHERE uid_space = ? AND uid = ? AND uid IS NOT NULL",
	[EFFECT_SET_UID] = "UPDATE placement "
			   "SET uid_space = ?2, uid = ?3 "
			   "WHERE id = ?1",
	[EFFECT_AHEAD] =
		"SELECT sum(p.hidden = 0) - sum(p.uid IS NOT NULL), "
		"sum(p.hidden = 0 AND (p.flags & 1) = 0) - "
		"sum(p.uid IS NOT NULL AND (p.server_flags & 1) = 0) "
		"FROM folder f "
		"CROSS JOIN placement p NOT INDEXED "
		"WHERE f.id = ?1 AND f.state < 2 AND p.folder = f.id "
		"AND p.id IN (" WAITING("placement") " UNION ALL " WAITING(
			"target") ")",
};

const struct sql_table effect_sql = { SQL_EFFECT, EFFECT_STATEMENTS, sql };

void
placement_row_clear(struct placement_row *row)
{
	free(row->keywords);
	free(row->server_keywords);
	*row = (struct placement_row){ 0 };
}

enum found
placement_row_load(struct store *store, int64_t id,
	struct placement_row *ret_row, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &effect_sql, EFFECT_LOAD, id, err);
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found;
	placement_read_facts(stmt, &ret_row->facts);
	ret_row->keywords = column_text(stmt, 8);
	ret_row->server_flags = (uint32_t)sqlite3_column_int64(stmt, 9);
	ret_row->server_keywords = column_text(stmt, 10);
	ret_row->uid_space = sqlite3_column_int64(stmt, 11);
	ret_row->uid = (uint32_t)sqlite3_column_int64(stmt, 12);
	return FOUND;
}

uint32_t
effect_change(const struct operation_row *operation, struct flags *flags)
{
	uint32_t before = flags->bits;
	uint32_t changed;

	flags->bits = (flags->bits & ~operation->remove) | operation->add;
	changed = flags->bits ^ before;
	if (operation->keyword) {
		struct slice word = slice_str(operation->keyword);
		bool had = flags_has(flags, word);

		if (operation->keyword_add)
			flags_add(flags, word);
		else
			flags_remove(flags, word);
		if (had != flags_has(flags, word))
			changed |= CHANGED_KEYWORD;
	}
	return changed;
}

/*
 * Whose doing a change is: the server's counts have its own in them, or will
 * when it says them next; ours it does not know yet.
 */
enum whose { OURS, THE_SERVERS };

static bool
is_unread(uint32_t flags)
{
	return !(flags & FLAG_SEEN);
}

/* Counts and threads follow. */
static bool
account(struct store *store, const struct placement_facts *facts,
	uint32_t flags, bool hidden, enum whose whose, struct error *err)
{
	struct tally_folder *folder = tally_folder(store, facts->folder, err);
	int before = !facts->hidden;
	int after = !hidden;
	int unread =
		after * is_unread(flags) - before * is_unread(facts->flags);

	if (!folder)
		return false;
	folder->placed += after - before;
	folder->unread += unread;
	if (whose == OURS) {
		folder->server_total += after - before;
		folder->server_unread += unread;
	}
	if (!facts->linked || folder->dropped || (!before && !after))
		return true;
	return tally_touch_thread(
		store, facts->conversation, facts->folder, 0, err);
}

static bool
set(struct store *store, const struct placement_row *row,
	const struct flags *flags, bool hidden, enum whose whose,
	struct error *err)
{
	sqlite3_stmt *stmt;

	if (row->facts.flags == flags->bits && row->facts.hidden == hidden &&
		slice_eq(slice_str(row->keywords), slice_str(flags->keywords)))
		return true;
	stmt = statement(store, &effect_sql, EFFECT_SET, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, row->facts.id);
	sqlite3_bind_int64(stmt, 2, flags->bits);
	bind_slice_text_null(stmt, 3, slice_str(flags->keywords));
	sqlite3_bind_int(stmt, 4, hidden);
	return statement_run(store, stmt, err) &&
	       account(store, &row->facts, flags->bits, hidden, whose, err);
}

bool
effect_set(struct store *store, const struct placement_row *row,
	const struct flags *flags, bool hidden, struct error *err)
{
	return set(store, row, flags, hidden, OURS, err);
}

static bool
write_server(struct store *store, int64_t placement, const struct flags *flags,
	struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &effect_sql, EFFECT_SET_SERVER, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, placement);
	sqlite3_bind_int64(stmt, 2, flags->bits);
	bind_slice_text_null(stmt, 3, slice_str(flags->keywords));
	return statement_run(store, stmt, err);
}

/* ---- computing anew ---- */

/* What comes out of walking through what waits for a placement. */
struct force {
	struct flags flags; /* owned */
	bool hidden;
};

static void
force_clear(struct force *force)
{
	flags_clear(&force->flags);
}

/* A target that no server knows follows its source. */
static bool
pass_on(struct store *store, const struct item_row *item,
	const struct flags *flags, struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };
	struct flags passed = *flags;

	/* What goes to another account takes along what it had: its turn comes
	 * without regard to what the source's server is told. */
	if (item->state > ITEM_RUNNING || !item->target || item->phase)
		return true;
	/* Most likely our own doing, where a MOVE is a copy. */
	passed.bits &= ~(uint32_t)FLAG_DELETED;
	switch (placement_row_load(store, item->target, &row, err)) {
	case FOUND:
		break;
	case NOT_FOUND:
		return true;
	case FOUND_ERROR:
		return false;
	}
	if (row.uid || (row.server_flags == passed.bits &&
			       slice_eq(slice_str(row.server_keywords),
				       slice_str(passed.keywords))))
		return true;
	return write_server(store, item->target, &passed, err) &&
	       effect_refresh(store, item->target, false, err);
}

static bool
apply_item(struct store *store, const struct item_row *item,
	struct force *force, struct error *err)
{
	struct operation_row operation CLEANUP(operation_row_clear) = { 0 };

	if (operation_row_load(store, item->operation, &operation, err) !=
		FOUND)
		return err->kind == ERR_NONE;
	switch (operation.kind) {
	case OPERATION_FLAG:
		effect_change(&operation, &force->flags);
		return true;
	case OPERATION_MOVE:
		/* Behind that, by \Deleted only. */
		force->hidden |= item->state <= ITEM_RUNNING || item->phase;
		return pass_on(store, item, &force->flags, err);
	case OPERATION_COPY:
		return pass_on(store, item, &force->flags, err);
	case OPERATION_EXPUNGE:
		force->hidden = true;
		return true;
	case OPERATION_APPEND:
	case OPERATION_CREATE:
	case OPERATION_RENAME:
	case OPERATION_DELETE_FOLDER:
	case OPERATION_SUBSCRIBE:
	case OPERATION_UNSUBSCRIBE:
	case OPERATION_KINDS:
		return true;
	}
	UNREACHABLE();
}

static bool
refresh(struct store *store, int64_t placement, bool release, enum whose whose,
	struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };
	struct item_rows items CLEANUP(item_rows_clear) = { 0 };
	struct force force CLEANUP(force_clear) = { 0 };
	enum found found = placement_row_load(store, placement, &row, err);

	if (found != FOUND)
		return found == NOT_FOUND;
	if (!item_rows_of_placement(store, placement, &items, err))
		return false;
	force.flags.bits = row.server_flags;
	force.flags.keywords = xstrdup_null(row.server_keywords);
	for (size_t i = 0; i < items.n; i++) {
		if (!apply_item(store, &items.items[i], &force, err))
			return false;
	}
	if (!release && row.facts.hidden && force.flags.bits & FLAG_DELETED)
		force.hidden = true;
	return set(store, &row, &force.flags, force.hidden, whose, err);
}

bool
effect_refresh(
	struct store *store, int64_t placement, bool release, struct error *err)
{
	return refresh(store, placement, release, OURS, err);
}

bool
effect_set_server(struct store *store, int64_t placement,
	const struct flags *flags, struct error *err)
{
	return write_server(store, placement, flags, err) &&
	       refresh(store, placement, false, THE_SERVERS, err);
}

bool
effect_ahead(struct store *store, int64_t folder, int64_t *ret_total,
	int64_t *ret_unread, struct error *err)
{
	bool pending = false;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;

	*ret_total = *ret_unread = 0;
	if (!items_pending(store, &pending, err))
		return false;
	if (!pending)
		return true;
	stmt = statement_of(store, &effect_sql, EFFECT_AHEAD, folder, err);
	if (!stmt)
		return false;
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW) {
		*ret_total = sqlite3_column_int64(stmt, 0);
		*ret_unread = sqlite3_column_int64(stmt, 1);
	}
	return step != STEP_ERROR;
}

/* ---- placements that come and go ---- */

bool
effect_add_target(struct store *store, const struct placement_row *source,
	int64_t folder, int64_t *ret_target, struct error *err)
{
	const struct placement_facts *facts = &source->facts;
	struct tally_folder *entry = tally_folder(store, folder, err);
	sqlite3_stmt *stmt;

	if (!entry || !tally_new_id(store, ret_target, err))
		return false;
	stmt = statement(store, &effect_sql, EFFECT_ADD, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, *ret_target);
	sqlite3_bind_int64(stmt, 2, facts->message);
	sqlite3_bind_int64(stmt, 3, folder);
	sqlite3_bind_int(stmt, 4, facts->linked);
	sqlite3_bind_int64(stmt, 5, facts->received);
	sqlite3_bind_int64(
		stmt, 6, facts->linked ? facts->conversation : *ret_target);
	sqlite3_bind_int64(stmt, 7, facts->flags);
	bind_slice_text_null(stmt, 8, slice_str(source->keywords));
	if (!statement_run(store, stmt, err))
		return false;
	entry->placed++;
	entry->unread += is_unread(facts->flags);
	entry->server_total++;
	entry->server_unread += is_unread(facts->flags);
	if (facts->linked)
		return tally_touch_thread(
			store, facts->conversation, folder, 0, err);
	entry->unlinked++;
	if (facts->received > entry->newest || !entry->first[RUN_LINK])
		entry->newest = facts->received;
	tally_queue(entry, RUN_LINK, *ret_target);
	return true;
}

static bool
take_away(struct store *store, int64_t placement, enum whose whose,
	struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };
	struct tally_folder *folder;
	enum found found = placement_row_load(store, placement, &row, err);

	if (found != FOUND)
		return found == NOT_FOUND;
	if (whose == OURS && !row.facts.hidden) {
		folder = tally_folder(store, row.facts.folder, err);
		if (!folder)
			return false;
		folder->server_total--;
		folder->server_unread -= is_unread(row.facts.flags);
	}
	return placement_delete_row(store, &row.facts, err);
}

bool
effect_remove(struct store *store, int64_t placement, struct error *err)
{
	return take_away(store, placement, OURS, err);
}

bool
effect_vanish(struct store *store, int64_t placement, struct error *err)
{
	return take_away(store, placement, THE_SERVERS, err);
}

bool
effect_find_uid(struct store *store, int64_t folder, uint32_t uid,
	int64_t *ret_placement, struct error *err)
{
	struct tally_folder *entry = tally_folder(store, folder, err);
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &effect_sql, EFFECT_BY_UID, err);

	*ret_placement = 0;
	if (!entry || !stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, entry->uid_space);
	sqlite3_bind_int64(stmt, 2, uid);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		*ret_placement = sqlite3_column_int64(stmt, 0);
	return step != STEP_ERROR;
}

bool
effect_set_uid(struct store *store, int64_t placement, int64_t folder,
	uint32_t uid, struct error *err)
{
	struct tally_folder *entry = tally_folder(store, folder, err);
	sqlite3_stmt *stmt = statement(store, &effect_sql, EFFECT_SET_UID, err);

	if (!entry || !stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, placement);
	sqlite3_bind_int64(stmt, 2, entry->uid_space);
	sqlite3_bind_int64(stmt, 3, uid);
	return statement_run(store, stmt, err);
}

enum found
placement_folder(struct store *store, int64_t placement, int64_t *ret_folder,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &effect_sql, EFFECT_LOAD, placement, err);

	if (!stmt)
		return FOUND_ERROR;
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		*ret_folder = sqlite3_column_int64(stmt, 2);
	return step == STEP_ROW    ? FOUND
	       : step == STEP_DONE ? NOT_FOUND
				   : FOUND_ERROR;
}
