/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operation_settle.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/operation_folder.h"
#include "store/private.h"
#include "store/transfer.h"

enum {
	SETTLE_IS_LOCAL,
	SETTLE_FIND_AWAITED,
	SETTLE_KEPT,
	SETTLE_STATEMENTS,
};

static const char *const sql[] = {
	[SETTLE_IS_LOCAL] = "SELECT remote IS NULL FROM folder WHERE id = ?",
	[SETTLE_KEPT] = "UPDATE operation SET n_kept = n_kept + 1 WHERE id = ?",
	[SETTLE_FIND_AWAITED] =
		"SELECT i.target, p.message "
		"FROM operation_item i INDEXED BY operation_item_pending "
		"CROSS JOIN operation o ON o.id = i.operation "
		"CROSS JOIN placement p ON p.id = i.target "
		"CROSS JOIN message m ON m.id = p.message "
		"WHERE i.account = ?1 AND i.state < 3 AND i.state IN (1, 2) "
		"AND o.target_folder = ?2 AND p.folder = ?2 "
		"AND p.uid IS NULL AND m.identity IS NULL AND m.size = ?3 "
		"AND m.header_hash = ?4 AND (?4 <> 0 OR m.received = ?5) "
		"ORDER BY i.id "
		"LIMIT 1",
};

const struct sql_table operation_settle_sql = { SQL_OPERATION_SETTLE,
	SETTLE_STATEMENTS, sql };

bool
folder_is_local(
	struct store *store, int64_t folder, bool *ret_local, struct error *err)
{
	int64_t local = 0;
	enum found found = statement_ask(store, &operation_settle_sql,
		SETTLE_IS_LOCAL, folder, &local, err);

	*ret_local = local != 0;
	return found != FOUND_ERROR;
}

/* ---- carried out ---- */

static bool
finish_flag(struct store *store, const struct operation_row *operation,
	struct item_row *item, struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };
	struct flags flags CLEANUP(flags_clear) = FLAGS_INIT;

	if (!item_row_set_state(store, item, ITEM_DONE, err))
		return false;
	switch (placement_row_load(store, item->placement, &row, err)) {
	case FOUND:
		break;
	case NOT_FOUND:
		return true;
	case FOUND_ERROR:
		return false;
	}
	flags.bits = row.server_flags;
	flags.keywords = xstrdup_null(row.server_keywords);
	effect_change(operation, &flags);
	return effect_set_server(store, item->placement, &flags, err);
}

/* The server kept it with \Deleted, which hides it here. */
static bool
keep_deleted(
	struct store *store, const struct item_row *item, struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };
	struct flags flags CLEANUP(flags_clear) = FLAGS_INIT;
	enum found found =
		placement_row_load(store, item->placement, &row, err);

	if (found != FOUND)
		return found == NOT_FOUND;
	flags.bits = row.server_flags | FLAG_DELETED;
	flags.keywords = xstrdup_null(row.server_keywords);
	return effect_set_server(store, item->placement, &flags, err) &&
	       statement_run_id(store, &operation_settle_sql, SETTLE_KEPT,
		       item->operation, err);
}

/* The UID may stand here already, where a pull was quicker and did not know
 * the message again: then that row is the target. */
static bool
give_uid(struct store *store, const struct operation_row *operation,
	struct item_row *item, uint32_t uid, struct error *err)
{
	int64_t other = 0;

	if (!effect_find_uid(store, operation->target_folder, uid, &other, err))
		return false;
	if (other == item->target)
		return true;
	if (!other)
		return effect_set_uid(store, item->target,
			operation->target_folder, uid, err);
	return item_rows_repoint(store, item->target, other, 0, err) &&
	       effect_remove(store, item->target, err) &&
	       item_row_set_target(store, item, other, err) &&
	       effect_refresh(store, other, false, err);
}

static bool
target_state(struct store *store, const struct operation_row *operation,
	const struct item_row *item, uint32_t uid, enum item_state *ret_state,
	struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };

	*ret_state = ITEM_DONE;
	if (uid || operation->local)
		return true;
	switch (placement_row_load(store, item->target, &row, err)) {
	case FOUND:
		break;
	case NOT_FOUND: /* it came and went */
		return true;
	case FOUND_ERROR:
		return false;
	}
	if (!row.uid)
		*ret_state = ITEM_SETTLING;
	return true;
}

bool
item_take_uid(struct store *store, const struct operation_row *operation,
	struct item_row *item, uint32_t uid, enum item_state *ret_state,
	struct error *err)
{
	return (!uid || give_uid(store, operation, item, uid, err)) &&
	       target_state(store, operation, item, uid, ret_state, err);
}

bool
item_leave_source(struct store *store, const struct item_row *item,
	bool keeps_deleted, struct error *err)
{
	if (item->target && !item_rows_repoint(store, item->placement,
				    item->target, item->id, err))
		return false;
	return keeps_deleted ? keep_deleted(store, item, err)
			     : effect_remove(store, item->placement, err);
}

static bool
finish_target(struct store *store, const struct operation_row *operation,
	struct item_row *item, uint32_t uid, bool keeps_deleted,
	bool *ret_settling, struct error *err)
{
	bool was_settling = item->state == ITEM_SETTLING;
	enum item_state state;

	if (!item_take_uid(store, operation, item, uid, &state, err) ||
		!item_row_set_state(store, item, state, err))
		return false;
	*ret_settling = state == ITEM_SETTLING;
	if (operation->kind == OPERATION_MOVE && !was_settling &&
		!item_leave_source(store, item, keeps_deleted, err))
		return false;
	return effect_refresh(store, item->target, false, err);
}

bool
item_finish(struct store *store, const struct operation_row *operation,
	struct item_row *item, uint32_t uid, bool keeps_deleted,
	bool *ret_settling, struct error *err)
{
	*ret_settling = false;
	if (item->phase)
		return transfer_finish(store, operation, item, uid,
			keeps_deleted, ret_settling, err);
	switch (operation->kind) {
	case OPERATION_FLAG:
		return finish_flag(store, operation, item, err);
	case OPERATION_MOVE:
	case OPERATION_COPY:
	case OPERATION_APPEND:
		return finish_target(store, operation, item, uid, keeps_deleted,
			ret_settling, err);
	case OPERATION_EXPUNGE:
		if (!item_row_set_state(store, item, ITEM_DONE, err))
			return false;
		/* What lives only here stays hidden while it can be undone. */
		if (operation->local)
			return true;
		return keeps_deleted
			       ? keep_deleted(store, item, err)
			       : effect_remove(store, item->placement, err);
	case OPERATION_CREATE:
	case OPERATION_RENAME:
	case OPERATION_DELETE_FOLDER:
	case OPERATION_SUBSCRIBE:
	case OPERATION_UNSUBSCRIBE:
	case OPERATION_KINDS:
		return item_row_set_state(store, item, ITEM_DONE, err) &&
		       folder_operation_done(store, operation, err);
	}
	UNREACHABLE();
}

/* ---- taken back ---- */

bool
item_end(struct store *store, struct item_row *item, enum item_state state,
	const char *text, struct error *err)
{
	return item_row_set_state(store, item, state, err) &&
	       (!text || operation_row_set_error(
				 store, item->operation, text, err));
}

/* One of them; `source` is NULL where it is gone. */
static bool
redirect(struct store *store, const struct item_row *item, struct item_row *it,
	const struct placement_facts *source, int64_t target_folder,
	enum item_state state, const char *text, struct error *err)
{
	const struct tally_folder *folder;

	if (!source)
		return item_withdraw(store, it, state, text, err);
	it->placement = item->placement;
	/* Where it goes back to where it never left, all is well. */
	if (it->target && target_folder == source->folder)
		return item_withdraw(store, it, ITEM_CANCELLED, NULL, err);
	if (!item->phase)
		return true;
	/* From another account it would not get there by the same way. */
	if (it->target)
		return item_withdraw(store, it, state, text, err);
	folder = tally_folder(store, source->folder, err);
	return folder && item_row_set_placement(store, it, source->id,
				 source->message, folder->account, err);
}

/*
 * Items that named a target which does not come to be: with a MOVE taken back
 * they mean its source; with a copy, or where the source is gone as well, they
 * mean nothing any more.
 */
bool
item_redirect_followers(struct store *store, const struct item_row *item,
	enum operation_kind kind, enum item_state state, const char *text,
	struct error *err)
{
	struct item_rows followers CLEANUP(item_rows_clear) = { 0 };
	struct placement_row source CLEANUP(placement_row_clear) = { 0 };
	enum found found = NOT_FOUND;

	if (!item_rows_of_placement(store, item->target, &followers, err))
		return false;
	if (kind == OPERATION_MOVE)
		found = placement_row_load(
			store, item->placement, &source, err);
	if (found == FOUND_ERROR ||
		(found == FOUND && !item_rows_repoint(store, item->target,
					   item->placement, item->id, err)))
		return false;
	/* Before them, so that what follows upon them does not come back. */
	if (found == NOT_FOUND && !effect_remove(store, item->target, err))
		return false;
	for (size_t i = 0; i < followers.n; i++) {
		struct item_row *it = &followers.items[i];
		struct operation_row operation CLEANUP(
			operation_row_clear) = { 0 };

		if (operation_row_load(store, it->operation, &operation, err) !=
			FOUND)
			return err->kind == ERR_NONE;
		if (!redirect(store, item, it,
			    found == FOUND ? &source.facts : NULL,
			    operation.target_folder, state, text, err))
			return false;
	}
	return true;
}

/* What waited for the server to have it is done here, or not at all. */
static bool
end_here(struct store *store, struct item_row *item, const char *text,
	struct error *err)
{
	struct operation_row operation CLEANUP(operation_row_clear) = { 0 };
	bool settling;

	if (operation_row_load(store, item->operation, &operation, err) !=
		FOUND)
		return false;
	return item->target ? item_withdraw(store, item, ITEM_FAILED, text, err)
			    : item_finish(store, &operation, item, 0, false,
				      &settling, err);
}

/* The first that was not sent, until there is none: one that is taken back
 * leaves its own followers here. */
bool
item_keep_here(struct store *store, int64_t placement, const char *text,
	struct error *err)
{
	bool any = true;

	while (any) {
		struct item_rows items CLEANUP(item_rows_clear) = { 0 };

		any = false;
		if (!item_rows_of_placement(store, placement, &items, err))
			return false;
		for (size_t i = 0; i < items.n && !any; i++) {
			any = items.items[i].state == ITEM_QUEUED;
			if (any && !end_here(store, &items.items[i], text, err))
				return false;
		}
	}
	return true;
}

bool
item_withdraw(struct store *store, struct item_row *item, enum item_state state,
	const char *text, struct error *err)
{
	struct operation_row operation CLEANUP(operation_row_clear) = { 0 };

	if (operation_row_load(store, item->operation, &operation, err) !=
		FOUND)
		return err->kind == ERR_NONE;
	if (item->phase)
		return transfer_withdraw(
			store, &operation, item, state, text, err);
	if (!item_end(store, item, state, text, err))
		return false;
	/* What was to be sent and lives nowhere else stays, for another try. */
	if (operation.kind == OPERATION_APPEND && state == ITEM_FAILED)
		return item_keep_here(store, item->target, text, err);
	if (item->target) {
		int64_t target = item->target;

		if (!item_redirect_followers(
			    store, item, operation.kind, state, text, err) ||
			!item_row_set_target(store, item, 0, err) ||
			!effect_remove(store, target, err))
			return false;
	}
	if (operation.kind >= OPERATION_CREATE)
		return folder_operation_withdrawn(store, &operation, err);
	return !item->placement ||
	       effect_refresh(store, item->placement, true, err);
}

/* ---- placements that go, and come ---- */

/* An item whose placement the server has no more.  One that was sent is left to
 * the pusher: it may have been our own command. */
static bool
source_gone(struct store *store, struct item_row *item, struct error *err)
{
	struct operation_row operation CLEANUP(operation_row_clear) = { 0 };

	if (item->phase)
		return transfer_source_gone(store, item, err);
	if (operation_row_load(store, item->operation, &operation, err) !=
		FOUND)
		return err->kind == ERR_NONE;
	if (operation.kind == OPERATION_EXPUNGE)
		return item_row_set_state(store, item, ITEM_DONE, err);
	return item_withdraw(store, item, ITEM_FAILED,
		_("The message is no longer there"), err);
}

/* An item whose target goes with its folder, or was removed there already. */
static bool
target_gone(struct store *store, struct item_row *item, struct error *err)
{
	enum item_state state = item->state;

	if (!item_row_set_target(store, item, 0, err))
		return false;
	/* The source goes only while its copy is known to be there. */
	if (item->phase == PHASE_REMOVE && state == ITEM_QUEUED)
		return item_withdraw(store, item, ITEM_FAILED,
			_("Its copy is gone from where it was moved to: it "
			  "stays where it was"),
			err);
	if (state == ITEM_QUEUED || (item->phase && state == ITEM_SETTLING))
		return item_withdraw(
			store, item, ITEM_FAILED, _("The folder is gone"), err);
	return state != ITEM_SETTLING ||
	       item_row_set_state(store, item, ITEM_DONE, err);
}

/* One that is taken back leaves its followers here, so it is looked again. */
static bool
sources_gone(struct store *store, int64_t placement, struct error *err)
{
	bool any = true;

	while (any) {
		struct item_rows items CLEANUP(item_rows_clear) = { 0 };

		any = false;
		if (!item_rows_of_placement(store, placement, &items, err))
			return false;
		for (size_t i = 0; i < items.n && !any; i++) {
			struct item_row *item = &items.items[i];

			any = item->state == ITEM_QUEUED ||
			      item->phase == PHASE_SEND;
			if (any && !source_gone(store, item, err))
				return false;
		}
	}
	return true;
}

bool
items_placement_gone(struct store *store, int64_t placement, struct error *err)
{
	struct item_rows targets CLEANUP(item_rows_clear) = { 0 };

	if (!sources_gone(store, placement, err) ||
		!item_rows_of_target(store, placement, &targets, err))
		return false;
	for (size_t i = 0; i < targets.n; i++) {
		if (!target_gone(store, &targets.items[i], err))
			return false;
	}
	return true;
}

bool
items_may_adopt(struct store *store, int64_t placement, bool *ret_may,
	struct error *err)
{
	struct item_rows items CLEANUP(item_rows_clear) = { 0 };
	bool pending = false;

	*ret_may = false;
	if (!items_pending(store, &pending, err))
		return false;
	if (!pending)
		return true;
	if (!item_rows_of_target(store, placement, &items, err))
		return false;
	for (size_t i = 0; i < items.n; i++) {
		if (items.items[i].state == ITEM_RUNNING ||
			items.items[i].state == ITEM_SETTLING)
			*ret_may = true;
	}
	return true;
}

bool
items_find_awaited(struct store *store, int64_t account, int64_t folder,
	int64_t size, int64_t header_hash, int64_t received,
	int64_t *ret_placement, int64_t *ret_message, struct error *err)
{
	enum step step;
	bool pending = false;
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;

	*ret_placement = *ret_message = 0;
	if (!items_pending(store, &pending, err))
		return false;
	if (!pending)
		return true;
	stmt = statement_of(store, &operation_settle_sql, SETTLE_FIND_AWAITED,
		account, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, folder);
	sqlite3_bind_int64(stmt, 3, size);
	sqlite3_bind_int64(stmt, 4, header_hash);
	sqlite3_bind_int64(stmt, 5, received);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW) {
		*ret_placement = sqlite3_column_int64(stmt, 0);
		*ret_message = sqlite3_column_int64(stmt, 1);
	}
	return step != STEP_ERROR;
}

static bool
settled(struct store *store, struct item_row *item, struct error *err)
{
	struct operation_row operation CLEANUP(operation_row_clear) = { 0 };

	if (!item->phase)
		return item_row_set_state(store, item, ITEM_DONE, err);
	return operation_row_load(store, item->operation, &operation, err) ==
		       FOUND &&
	       transfer_arrived(store, &operation, item, err);
}

bool
items_adopted(struct store *store, int64_t placement, struct error *err)
{
	struct item_rows items CLEANUP(item_rows_clear) = { 0 };

	if (!item_rows_of_target(store, placement, &items, err))
		return false;
	for (size_t i = 0; i < items.n; i++) {
		if (items.items[i].state == ITEM_SETTLING &&
			!settled(store, &items.items[i], err))
			return false;
	}
	return true;
}
