/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operation_apply.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/mem.h"
#include "store/operation_folder.h"
#include "store/operation_settle.h"
#include "store/private.h"

static bool
add_item(struct applying *it, const struct placement_facts *facts,
	struct item_row *item, struct error *err)
{
	bool settling;
	bool at_once = it->operation->local || it->nowhere_else;

	item->operation = it->operation->id;
	if (!item->account)
		item->account = it->operation->account;
	item->message = facts->message;
	item->generation = it->generation;
	if (!item_row_insert(it->store, item, err))
		return false;
	it->n++;
	return !at_once || item_finish(it->store, it->operation, item, 0, false,
				   &settling, err);
}

static enum applied
apply_flag(struct applying *it, const struct placement_row *row,
	struct item_row *item, struct error *err)
{
	struct flags flags CLEANUP(flags_clear) = FLAGS_INIT;

	flags.bits = row->facts.flags;
	flags.keywords = xstrdup_null(row->keywords);
	item->changed = effect_change(it->operation, &flags);
	if (!item->changed)
		return APPLIED_NOT;
	return effect_set(it->store, row, &flags, false, err) &&
			       add_item(it, &row->facts, item, err)
		       ? APPLIED
		       : APPLIED_ERROR;
}

static bool
hide(struct applying *it, const struct placement_row *row, struct error *err)
{
	struct flags flags = { row->facts.flags, row->keywords };

	return effect_set(it->store, row, &flags, true, err);
}

/* The target of one message. */
static enum applied
add_target(struct applying *it, const struct placement_row *row,
	struct item_row *item, struct error *err)
{
	int64_t folder = it->operation->target_folder;
	bool began = true;
	bool good = it->route.transfers
			    ? transfer_begin(it->store, &it->route, folder, row,
				      item, &began, err)
			    : effect_add_target(it->store, row, folder,
				      &item->target, err);

	if (!good)
		return APPLIED_ERROR;
	return began ? APPLIED : APPLIED_NOT;
}

static enum applied
apply_copy(struct applying *it, const struct placement_row *row,
	struct item_row *item, struct error *err)
{
	bool there = false;
	enum applied applied;

	if (row->facts.folder == it->operation->target_folder ||
		it->nowhere_else)
		return APPLIED_NOT;
	if (!folder_is_there(
		    it->store, it->operation->target_folder, &there, err))
		return APPLIED_ERROR;
	if (!there)
		return APPLIED_NOT;
	applied = add_target(it, row, item, err);
	if (applied != APPLIED)
		return applied;
	if (it->operation->kind == OPERATION_MOVE && !hide(it, row, err))
		return APPLIED_ERROR;
	return add_item(it, &row->facts, item, err) ? APPLIED : APPLIED_ERROR;
}

static enum applied
apply_expunge(struct applying *it, const struct placement_row *row,
	struct item_row *item, struct error *err)
{
	/* For the flags it comes back with. */
	item->changed = row->facts.flags;
	return hide(it, row, err) && add_item(it, &row->facts, item, err)
		       ? APPLIED
		       : APPLIED_ERROR;
}

static enum applied
apply_to(struct applying *it, const struct placement_row *row,
	struct item_row *item, struct error *err)
{
	switch (it->operation->kind) {
	case OPERATION_FLAG:
		return apply_flag(it, row, item, err);
	case OPERATION_MOVE:
	case OPERATION_COPY:
		return apply_copy(it, row, item, err);
	case OPERATION_EXPUNGE:
		return apply_expunge(it, row, item, err);
	case OPERATION_APPEND:
	case OPERATION_CREATE:
	case OPERATION_RENAME:
	case OPERATION_DELETE_FOLDER:
	case OPERATION_SUBSCRIBE:
	case OPERATION_UNSUBSCRIBE:
	case OPERATION_KINDS:
		break;
	}
	UNREACHABLE();
}

/*
 * Whether no server has it, nor will get it by what waits: a message whose
 * APPEND failed.  What is done to it is done here.
 */
static bool
is_nowhere_else(struct store *store, const struct placement_row *row, bool *ret,
	struct error *err)
{
	struct item_rows items CLEANUP(item_rows_clear) = { 0 };

	*ret = false;
	if (row->uid || row->uid_space)
		return true;
	if (!item_rows_of_target(store, row->facts.id, &items, err))
		return false;
	*ret = true;
	for (size_t i = 0; i < items.n; i++) {
		if (items.items[i].state <= ITEM_SETTLING)
			*ret = false;
	}
	return true;
}

static bool
find_route(struct applying *it, struct error *err)
{
	if (it->routed == it->operation->id)
		return true;
	it->routed = it->operation->id;
	return route_find(it->store, it->operation, &it->route, err);
}

enum applied
operation_apply(struct applying *it, int64_t placement, int64_t inverts,
	struct placement_facts *ret_facts, struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };
	struct item_row item = { .placement = placement, .inverts = inverts };
	bool holds = false;

	*ret_facts = (struct placement_facts){ 0 };
	switch (placement_row_load(it->store, placement, &row, err)) {
	case FOUND:
		break;
	case NOT_FOUND:
		return APPLIED_NOT;
	case FOUND_ERROR:
		return APPLIED_ERROR;
	}
	*ret_facts = row.facts;
	if (row.facts.folder != it->operation->folder)
		return APPLIED_NOT;
	if (row.facts.hidden)
		return it->inverting ? APPLIED_LATER : APPLIED_NOT;
	if (it->waiting && it->waiting->n) {
		if (!rest_holds(
			    it->store, it->waiting, &row.facts, &holds, err))
			return APPLIED_ERROR;
		if (holds)
			return APPLIED_LATER;
	}
	if (!find_route(it, err))
		return APPLIED_ERROR;
	if (!it->route.from_local &&
		!is_nowhere_else(it->store, &row, &it->nowhere_else, err))
		return APPLIED_ERROR;
	return apply_to(it, &row, &item, err);
}

enum applied
operation_apply_append(struct applying *it, const struct placement_row *from,
	int64_t inverts, int64_t *ret_target, struct error *err)
{
	struct item_row item = { .changed = from->facts.flags,
		.inverts = inverts };
	bool there = false;

	if (!folder_is_there(
		    it->store, it->operation->target_folder, &there, err))
		return APPLIED_ERROR;
	if (!there)
		return APPLIED_NOT;
	if (!message_returns(it->store, from->facts.message, err) ||
		!effect_add_target(it->store, from,
			it->operation->target_folder, &item.target, err) ||
		!add_item(it, &from->facts, &item, err))
		return APPLIED_ERROR;
	*ret_target = item.target;
	return APPLIED;
}
