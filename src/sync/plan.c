/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/plan.h"

#include "base/bug.h"

const char *
step_name(enum step step)
{
	switch (step) {
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

/* A folder not seen before, or whose UIDs are void. */
static void
plan_first_sight(const struct plan_server *server, struct plan *plan)
{
	if (server->exists > 0)
		add(plan, STEP_NEWEST);
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

void
plan_folder(const struct plan_local *local, const struct plan_server *server,
	struct plan *plan)
{
	bool changed_validity = local->uidvalidity != 0 &&
				local->uidvalidity != server->uidvalidity;
	bool same_modseq;

	plan->n = 0;
	if (server->exists == 0 && local->placed > 0 &&
		!server->empty_confirmed) {
		add(plan, STEP_CONFIRM_EMPTY);
		return;
	}
	if (changed_validity)
		add(plan, STEP_FORGET_UIDS);
	if (!local->known || changed_validity) {
		plan_first_sight(server, plan);
		return;
	}
	if (server->uidnext == 0 || server->uidnext > local->uidnext)
		add(plan, STEP_NEW);
	if (server->qresync) {
		/* Flags and expunges are known; only a store that never was
		 * complete asks further. The caller compares counts behind. */
		if (!local->complete) {
			add(plan, STEP_SEARCH);
			add(plan, STEP_BACKFILL);
		}
		return;
	}
	same_modseq = server->modseq != 0 && server->modseq == local->modseq;
	if (server->modseq != 0 && local->modseq != 0 && !same_modseq)
		add(plan, STEP_FLAGS_SINCE);
	if (!local->complete || server->needs_positions ||
		!counts_agree(local, server))
		add(plan, STEP_SEARCH);
	if (server->modseq == 0 || local->modseq == 0)
		add(plan, STEP_FLAGS_ALL);
	if (plan_has(plan, STEP_SEARCH))
		add(plan, STEP_BACKFILL);
}
