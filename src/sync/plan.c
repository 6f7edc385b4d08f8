/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/plan.h"

#include "base/bug.h"

const char *
step_name(enum step step)
{
	switch (step) {
	case STEP_DOUBT_EMPTY:
		return "doubt-empty";
	case STEP_CONFIRM_EMPTY:
		return "confirm-empty";
	case STEP_FORGET_UIDS:
		return "forget-uids";
	case STEP_NEWEST:
		return "newest";
	case STEP_NEW:
		return "new";
	case STEP_FLAGS_SINCE:
		return "flags-since";
	case STEP_SEARCH:
		return "search";
	case STEP_FLAGS_ALL:
		return "flags-all";
	case STEP_BACKFILL:
		return "backfill";
	case STEPS:
		break;
	}
	UNREACHABLE();
}

static void
add(struct plan *plan, enum step step)
{
	ASSERT(plan->n < STEPS);
	plan->steps[plan->n++] = step;
}

bool
plan_has(const struct plan *plan, enum step step)
{
	for (size_t i = 0; i < plan->n; i++) {
		if (plan->steps[i] == step)
			return true;
	}
	return false;
}

/* The newest at once, the rest as SEARCH finds it.  Where nothing is there nor
 * here, nothing is to be found. */
static void
plan_newest_first(const struct plan_local *local,
	const struct plan_server *server, struct plan *plan)
{
	if (server->exists > 0)
		add(plan, STEP_NEWEST);
	else if (local->placed == 0 && !server->needs_positions)
		return;
	add(plan, STEP_SEARCH);
	add(plan, STEP_BACKFILL);
}

/* Whether the store can hold all that the mailbox holds: the number of
 * messages is the cheapest check there is. */
static bool
counts_agree(const struct plan_local *local, const struct plan_server *server)
{
	bool nothing_new =
		server->uidnext != 0 && server->uidnext == local->uidnext;

	return nothing_new && local->placed == server->exists;
}

/* The mailbox is empty and the store's folder is not: true when that has to be
 * seen again first. */
static bool
plan_empty(const struct plan_local *local, const struct plan_server *server,
	bool changed_validity, struct plan *plan)
{
	if (!changed_validity && server->uidnext != 0 &&
		server->uidnext < local->uidnext) {
		add(plan, STEP_DOUBT_EMPTY);
		return true;
	}
	if (!server->empty_confirmed)
		add(plan, STEP_CONFIRM_EMPTY);
	return !server->empty_confirmed;
}

/* Flags and what is gone, where SELECT did not bring them. */
static void
plan_changes(const struct plan_local *local, const struct plan_server *server,
	bool is_whole, struct plan *plan)
{
	bool has_modseq = server->modseq != 0 && local->modseq != 0;

	if (has_modseq && server->modseq != local->modseq)
		add(plan, STEP_FLAGS_SINCE);
	if (!is_whole || !has_modseq || server->needs_positions ||
		!counts_agree(local, server))
		add(plan, STEP_SEARCH);
	if (!has_modseq)
		add(plan, STEP_FLAGS_ALL);
}

void
plan_folder(const struct plan_local *local, const struct plan_server *server,
	struct plan *plan)
{
	bool changed_validity = local->uidvalidity != 0 &&
				local->uidvalidity != server->uidvalidity;
	bool is_whole = local->complete && local->uidnext != 0;

	plan->n = 0;
	if (server->exists == 0 && local->placed > 0 &&
		plan_empty(local, server, changed_validity, plan))
		return;
	if (changed_validity)
		add(plan, STEP_FORGET_UIDS);
	if (!local->known || changed_validity || local->uidvalidity == 0) {
		plan_newest_first(local, server, plan);
		return;
	}
	if (server->exists > local->placed + PLAN_NEW_MAX) {
		add(plan, STEP_NEWEST);
		is_whole = false;
	} else if (local->uidnext != 0 &&
		   (server->uidnext == 0 || server->uidnext > local->uidnext)) {
		add(plan, STEP_NEW);
	}
	/* With QRESYNC changes came with SELECT, and the caller compares
	 * counts behind. */
	if (!server->qresync)
		plan_changes(local, server, is_whole, plan);
	else if (!is_whole)
		add(plan, STEP_SEARCH);
	if (plan_has(plan, STEP_SEARCH))
		add(plan, STEP_BACKFILL);
}
