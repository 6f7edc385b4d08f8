/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/turn.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"

/* A held key comes every 25 to 40 ms. */
enum {
	ATTEND_US = 30000,
	KEPT_BACK_MAX_US = 120000,
	FREE_US = 20000, /* then, however many turns that takes */
	ATTENDED_US = 1000000,
};

struct turn {
	struct lock lock;
	struct condition given;
	/* protected by lock */
	bool taken;
	unsigned urgent;       /* how many of them wait */
	uint64_t next;         /* the ticket for who comes next */
	uint64_t serving;      /* the lowest ticket not served */
	int64_t attended_us;   /* when a key was pressed last */
	int64_t free_until_us; /* nobody keeps back before */
};

struct turn *
turn_new(void)
{
	struct turn *turn = xnew(struct turn);

	lock_init(&turn->lock);
	condition_init(&turn->given);
	turn->attended_us = INT64_MIN / 2;
	turn->free_until_us = INT64_MIN / 2;
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
turn_attend(struct turn *turn)
{
	int64_t now_us = clock_mono_us();

	lock_take(&turn->lock);
	turn->attended_us = now_us;
	lock_give(&turn->lock);
}

bool
turn_is_attended(struct turn *turn)
{
	int64_t attended_us;

	lock_take(&turn->lock);
	attended_us = turn->attended_us;
	lock_give(&turn->lock);
	return clock_mono_us() < attended_us + ATTENDED_US;
}

/* With its lock taken.  Until when who waits since `since_us` keeps back; the
 * past: no longer. */
static int64_t
kept_back_until(const struct turn *turn, int64_t since_us, int64_t now_us)
{
	int64_t most_us = since_us + KEPT_BACK_MAX_US;

	if (now_us < turn->free_until_us)
		return now_us;
	return turn->attended_us + ATTEND_US < most_us
		       ? turn->attended_us + ATTEND_US
		       : most_us;
}

/* With its lock taken. */
static void
wait_for_ticket(struct turn *turn)
{
	uint64_t ticket = turn->next++;
	int64_t since_us = clock_mono_us();
	bool kept_back = false;

	for (;;) {
		int64_t now_us = clock_mono_us();
		int64_t until_us = kept_back_until(turn, since_us, now_us);

		if (turn->taken || turn->urgent || turn->serving != ticket) {
			condition_wait(&turn->given, &turn->lock);
		} else if (now_us < until_us) {
			kept_back = true;
			condition_wait_until(
				&turn->given, &turn->lock, until_us);
		} else {
			if (kept_back)
				turn->free_until_us = now_us + FREE_US;
			break;
		}
	}
	turn->serving++;
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
		wait_for_ticket(turn);
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
