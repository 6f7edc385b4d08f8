/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The opposite of an item, whatever became of it. */
#include "store/action_inverse.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/mem.h"
#include "store/operation_apply.h"
#include "store/operation_folder.h"
#include "store/operation_settle.h"
#include "store/private.h"
#include "store/transfer.h"

enum { HOPS_MAX = 1000 }; /* moves that wait one behind the other */

enum {
	INVERSE_INVERSES,
	INVERSE_MESSAGE,
	INVERSE_STATEMENTS,
};

static const char *const sql[] = {
	[INVERSE_INVERSES] = "SELECT id FROM operation "
			     "WHERE action = ? AND inverts = ? "
			     "AND generation = ?",
	[INVERSE_MESSAGE] = "SELECT received FROM message "
			    "WHERE id = ? AND state = 2",
};

const struct sql_table action_inverse_sql = { SQL_ACTION_INVERSE,
	INVERSE_STATEMENTS, sql };

/* ---- operations that invert ---- */

void
inverting_clear(struct inverting *it)
{
	operation_row_clear(&it->operation);
	operation_row_clear(&it->inverse);
	id_set_clear(&it->turned);
	id_set_clear(&it->missed);
}

static bool
same_intent(const struct operation_row *a, const struct operation_row *b)
{
	return a->kind == b->kind && a->folder == b->folder &&
	       a->target_folder == b->target_folder && a->add == b->add &&
	       a->remove == b->remove && a->keyword_add == b->keyword_add &&
	       slice_eq(slice_str(a->keyword), slice_str(b->keyword)) &&
	       slice_eq(slice_str(a->name), slice_str(b->name));
}

/* One that this undo has made already; `*ret_found`. */
static bool
find_inverse(struct inverting *it, const struct operation_row *want,
	bool *ret_found, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(it->store,
		&action_inverse_sql, INVERSE_INVERSES, it->action->id, err);

	*ret_found = false;
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, it->operation.id);
	sqlite3_bind_int64(stmt, 3, it->action->generation);
	while ((step = statement_step(it->store, stmt, err)) == STEP_ROW) {
		operation_row_clear(&it->inverse);
		if (operation_row_load(it->store, sqlite3_column_int64(stmt, 0),
			    &it->inverse, err) == FOUND_ERROR)
			return false;
		if (same_intent(&it->inverse, want)) {
			*ret_found = true;
			return true;
		}
	}
	return step == STEP_DONE;
}

/* Fills `it->inverse`; strings of `want` are borrowed. */
static bool
want_inverse(
	struct inverting *it, struct operation_row *want, struct error *err)
{
	bool found = it->inverse.id &&
		     it->inverse.inverts == it->operation.id &&
		     same_intent(&it->inverse, want);

	if (!found && !find_inverse(it, want, &found, err))
		return false;
	push_once(it->folders, want->folder);
	push_once(it->folders, want->target_folder);
	if (found)
		return route_accounts(
			it->store, &it->inverse, it->accounts, err);
	operation_row_clear(&it->inverse);
	it->inverse = *want;
	it->inverse.action = it->action->id;
	it->inverse.account = it->operation.account;
	it->inverse.local = it->operation.local;
	it->inverse.generation = it->action->generation;
	it->inverse.inverted = it->action->generation;
	it->inverse.inverts = it->operation.id;
	it->inverse.keyword = xstrdup_null(want->keyword);
	it->inverse.name = xstrdup_null(want->name);
	it->inverse.name_to = xstrdup_null(want->name_to);
	return route_settle(it->store, &it->inverse, err) &&
	       route_accounts(it->store, &it->inverse, it->accounts, err) &&
	       operation_row_insert(it->store, &it->inverse, err);
}

/* ---- items that invert ---- */

/* Where a placement is on its way to, as far as anybody knows. */
static bool
resolve(struct store *store, int64_t *placement, struct placement_row *ret_row,
	bool *ret_there, struct error *err)
{
	*ret_there = false;
	for (int i = 0; i < HOPS_MAX; i++) {
		struct item_rows items CLEANUP(item_rows_clear) = { 0 };
		int64_t next = 0;

		placement_row_clear(ret_row);
		switch (placement_row_load(store, *placement, ret_row, err)) {
		case FOUND:
			break;
		case NOT_FOUND:
			return true;
		case FOUND_ERROR:
			return false;
		}
		*ret_there = true;
		if (!ret_row->facts.hidden)
			return true;
		if (!item_rows_of_placement(store, *placement, &items, err))
			return false;
		for (size_t j = 0; j < items.n; j++) {
			if (items.items[j].target &&
				(items.items[j].state <= ITEM_RUNNING ||
					items.items[j].phase))
				next = items.items[j].target;
		}
		if (!next)
			return true;
		*placement = next;
	}
	return true;
}

/* Applies `want` to a placement, wherever it is by now. */
static bool
apply_inverse(struct inverting *it, struct operation_row *want,
	int64_t placement, int64_t inverts, struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };
	struct placement_facts facts;
	struct applying applying = { .store = it->store };
	bool there = false;

	if (!resolve(it->store, &placement, &row, &there, err))
		return false;
	if (!there || row.facts.hidden)
		return true;
	want->folder = row.facts.folder;
	if (!want_inverse(it, want, err))
		return false;
	applying.operation = &it->inverse;
	applying.generation = it->action->generation;
	if (operation_apply(&applying, placement, inverts, &facts, err) ==
		APPLIED_ERROR)
		return false;
	it->made = applying.n > 0;
	return operation_row_settle(it->store, it->inverse.id, err);
}

static bool
invert_flag(
	struct inverting *it, const struct item_row *item, struct error *err)
{
	const struct operation_row *operation = &it->operation;
	bool keyword = item->changed & CHANGED_KEYWORD;
	struct operation_row want = {
		.kind = OPERATION_FLAG,
		.add = operation->remove & item->changed,
		.remove = operation->add & item->changed,
		.keyword = keyword ? operation->keyword : NULL,
		.keyword_add = keyword && !operation->keyword_add,
	};

	return apply_inverse(it, &want, item->placement, item->id, err);
}

static bool
invert_move(
	struct inverting *it, const struct item_row *item, struct error *err)
{
	struct operation_row want = {
		.kind = OPERATION_MOVE,
		.target_folder = it->operation.folder,
	};

	return apply_inverse(it, &want, item->target, item->id, err);
}

static bool
expunge(struct inverting *it, const struct item_row *item, int64_t placement,
	struct error *err)
{
	struct operation_row want = { .kind = OPERATION_EXPUNGE };

	return apply_inverse(it, &want, placement, item->id, err);
}

/* A message of which every byte is here comes back by APPEND. */
static bool
append_again(struct inverting *it, const struct item_row *item, int64_t folder,
	struct error *err)
{
	struct operation_row want = {
		.kind = OPERATION_APPEND,
		.folder = folder,
		.target_folder = folder,
	};
	struct placement_row from = { .facts = { .message = item->message,
					      .flags = item->changed } };
	struct applying applying = { .store = it->store };
	int64_t target = 0;
	bool here = false;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(it->store,
		&action_inverse_sql, INVERSE_MESSAGE, item->message, err);

	if (!stmt)
		return false;
	step = statement_step(it->store, stmt, err);
	if (step == STEP_ROW) {
		here = true;
		from.facts.received = sqlite3_column_int64(stmt, 0);
	}
	if (!here)
		return step == STEP_DONE;
	if (!want_inverse(it, &want, err))
		return false;
	applying.operation = &it->inverse;
	applying.generation = it->action->generation;
	if (operation_apply_append(&applying, &from, item->id, &target, err) ==
		APPLIED_ERROR)
		return false;
	it->made = applying.n > 0;
	/* It has come back: what was about it before is about it again. */
	return (!target || !item->placement ||
		       item_rows_repoint(
			       it->store, item->placement, target, 0, err)) &&
	       operation_row_settle(it->store, it->inverse.id, err);
}

/* What lives only here was hidden, and is shown again. */
static bool
show_again(struct inverting *it, const struct item_row *item,
	const struct placement_row *row, struct error *err)
{
	struct operation_row want = {
		.kind = OPERATION_APPEND,
		.folder = row->facts.folder,
		.target_folder = row->facts.folder,
	};
	struct item_row shown = {
		.account = item->account,
		.target = item->placement,
		.message = item->message,
		.state = ITEM_DONE,
		.generation = it->action->generation,
		.inverts = item->id,
	};

	if (!want_inverse(it, &want, err))
		return false;
	it->made = true;
	shown.operation = it->inverse.id;
	return item_row_insert(it->store, &shown, err) &&
	       effect_refresh(it->store, item->placement, true, err);
}

/* A server without UID EXPUNGE has it still. */
static bool
undelete(struct inverting *it, const struct item_row *item,
	const struct placement_row *row, struct error *err)
{
	struct operation_row want = {
		.kind = OPERATION_FLAG,
		.folder = row->facts.folder,
		.remove = FLAG_DELETED,
	};
	struct item_row undone = {
		.account = item->account,
		.placement = item->placement,
		.message = item->message,
		.changed = FLAG_DELETED,
		.generation = it->action->generation,
		.inverts = item->id,
	};

	if (!want_inverse(it, &want, err))
		return false;
	it->made = true;
	undone.operation = it->inverse.id;
	return item_row_insert(it->store, &undone, err) &&
	       effect_refresh(it->store, item->placement, true, err);
}

static bool
copy_again(struct inverting *it, const struct item_row *item,
	const struct item_row *copy, struct error *err)
{
	struct operation_row want = {
		.kind = OPERATION_COPY,
		.target_folder = it->operation.folder,
	};

	return apply_inverse(it, &want, copy->placement, item->id, err);
}

static bool
invert_expunge(
	struct inverting *it, const struct item_row *item, struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };
	struct item_row before = { 0 };
	enum found found = item->inverts ? item_row_load(it->store,
						   item->inverts, &before, err)
					 : NOT_FOUND;

	if (found == FOUND_ERROR)
		return false;
	/* It took a copy back, whose source is there still. */
	if (found == FOUND && before.placement && before.target)
		return copy_again(it, item, &before, err);
	found = placement_row_load(it->store, item->placement, &row, err);
	if (found == FOUND_ERROR)
		return false;
	if (found == FOUND && it->operation.local)
		return show_again(it, item, &row, err);
	if (found == FOUND && row.server_flags & FLAG_DELETED)
		return undelete(it, item, &row, err);
	return append_again(it, item, it->operation.folder, err);
}

/* With `back`, under the name it had before. */
static bool
on_folder(struct inverting *it, const struct item_row *item,
	enum operation_kind kind, bool back, struct error *err)
{
	const struct operation_row *old = &it->operation;
	struct operation_row row CLEANUP(operation_row_clear) = {
		.action = old->action,
		.account = old->account,
		.kind = kind,
		.local = old->local,
		.folder = old->folder,
		.generation = it->action->generation,
		.inverts = old->id,
		.name = xstrdup_null(back ? old->name_was : old->name),
		.name_to = xstrdup_null(back ? old->remote_was : old->name_to),
	};
	return folder_operation_apply(
		it->store, &row, item->id, &it->made, err);
}

/* Whether the FLAG is what undelete() made. */
static bool
is_undeletion(struct inverting *it, bool *ret, struct error *err)
{
	struct operation_row before CLEANUP(operation_row_clear) = { 0 };

	*ret = false;
	if (!it->operation.inverts)
		return true;
	if (operation_row_load(it->store, it->operation.inverts, &before,
		    err) == FOUND_ERROR)
		return false;
	*ret = before.kind == OPERATION_EXPUNGE;
	return true;
}

/* What a server was told of, or may have been. */
static bool
follow(struct inverting *it, const struct item_row *item, struct error *err)
{
	bool undeletion = false;

	switch (it->operation.kind) {
	case OPERATION_FLAG:
		if (!is_undeletion(it, &undeletion, err))
			return false;
		return undeletion ? expunge(it, item, item->placement, err)
				  : invert_flag(it, item, err);
	case OPERATION_MOVE:
		return invert_move(it, item, err);
	case OPERATION_COPY:
	case OPERATION_APPEND:
		return expunge(it, item, item->target, err);
	case OPERATION_EXPUNGE:
		return invert_expunge(it, item, err);
	case OPERATION_CREATE:
		return on_folder(it, item, OPERATION_DELETE_FOLDER, false, err);
	case OPERATION_RENAME:
		return on_folder(it, item, OPERATION_RENAME, true, err);
	case OPERATION_DELETE_FOLDER:
		return on_folder(it, item, OPERATION_CREATE, true, err);
	case OPERATION_SUBSCRIBE:
		return on_folder(it, item, OPERATION_UNSUBSCRIBE, false, err);
	case OPERATION_UNSUBSCRIBE:
		return on_folder(it, item, OPERATION_SUBSCRIBE, false, err);
	case OPERATION_KINDS:
		break;
	}
	UNREACHABLE();
}

/* What was taken back is asked for anew, behind all that came since. */
static bool
repeat(struct inverting *it, const struct item_row *item, struct error *err)
{
	struct operation_row want = {
		.kind = it->operation.kind,
		.target_folder = it->operation.target_folder,
		.add = it->operation.add,
		.remove = it->operation.remove,
		.keyword = it->operation.keyword,
		.keyword_add = it->operation.keyword_add,
	};

	if (want.kind >= OPERATION_CREATE)
		return on_folder(it, item, want.kind, false, err);
	if (want.kind == OPERATION_APPEND)
		return append_again(it, item, want.target_folder, err);
	return apply_inverse(it, &want, item->placement, item->id, err);
}

static bool
invert(struct inverting *it, struct item_row *item, struct error *err)
{
	int64_t generation = it->action->generation;

	/* Its source is gone, and it goes on to where it was sent. */
	if (item->state == ITEM_QUEUED && transfer_is_last_copy(item))
		return item_row_set_generation(
			it->store, item, generation, false, err);
	if (item->state == ITEM_QUEUED && item->phase != PHASE_REMOVE) {
		it->made = true;
		return item_withdraw(
			       it->store, item, ITEM_CANCELLED, NULL, err) &&
		       item_row_set_generation(
			       it->store, item, generation, false, err);
	}
	return (item->state == ITEM_CANCELLED ? repeat(it, item, err)
					      : follow(it, item, err)) &&
	       item_row_set_generation(it->store, item, generation, true, err);
}

static void
note(struct inverting *it, const struct item_row *item)
{
	if (item->message)
		id_set_add(it->made ? &it->turned : &it->missed, item->message);
	else
		it->folder_turned = it->folder_turned || it->made;
}

bool
item_invert(struct inverting *it, int64_t id, struct error *err)
{
	struct item_row item;
	int64_t generation = it->action->generation;

	if (item_row_load(it->store, id, &item, err) != FOUND)
		return err->kind == ERR_NONE;
	if (item.state == ITEM_FAILED)
		return item_row_set_generation(
			it->store, &item, generation, false, err);
	/* Undone and redone before its turn came: it stays as it is. */
	it->made = (generation - item.generation) % 2 == 0;
	if (it->made ? !item_row_set_generation(
			       it->store, &item, generation, false, err)
		     : !invert(it, &item, err))
		return false;
	note(it, &item);
	return true;
}
