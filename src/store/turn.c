/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/turn.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/mem.h"
#include "base/thread.h"

struct turn {
	struct lock lock;
	struct condition given;
	/* protected by lock */
	bool taken;
	unsigned urgent;  /* how many of them wait */
	uint64_t next;    /* the ticket for who comes next */
	uint64_t serving; /* the lowest ticket not served */
};

struct turn *
turn_new(void)
{
	struct turn *turn = xnew(struct turn);

	lock_init(&turn->lock);
	condition_init(&turn->given);
	return turn;
}

void
turn_free(struct turn *turn)
{
	if (!turn)
		return;
	ASSERT(!turn->taken);
	condition_destroy(&turn->given);
	lock_destroy(&turn->lock);
	free(turn);
}

void
turn_take(struct turn *turn, bool urgent)
{
	lock_take(&turn->lock);
	if (urgent) {
		turn->urgent++;
		while (turn->taken)
			condition_wait(&turn->given, &turn->lock);
		turn->urgent--;
	} else {
		uint64_t ticket = turn->next++;

		while (turn->taken || turn->urgent || turn->serving != ticket)
			condition_wait(&turn->given, &turn->lock);
		turn->serving++;
	}
	turn->taken = true;
	lock_give(&turn->lock);
}

void
turn_give(struct turn *turn)
{
	lock_take(&turn->lock);
	ASSERT(turn->taken);
	turn->taken = false;
	if (turn->urgent || turn->serving != turn->next)
		condition_wake_all(&turn->given);
	lock_give(&turn->lock);
}

bool
turn_is_wanted(struct turn *turn)
{
	bool wanted;

	lock_take(&turn->lock);
	wanted = turn->urgent > 0;
	lock_give(&turn->lock);
	return wanted;
}

unsigned
turn_waiting(struct turn *turn)
{
	unsigned waiting;

	lock_take(&turn->lock);
	waiting = turn->urgent + (unsigned)(turn->next - turn->serving);
	lock_give(&turn->lock);
	return waiting;
}
