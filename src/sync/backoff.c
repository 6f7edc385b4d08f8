/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/backoff.h"

enum { FIRST_S = 1, ROUTE_MAX_S = 15, LONGEST_S = 15 * 60 };

void
backoff_reset(struct backoff *backoff)
{
	*backoff = (struct backoff){ 0 };
}

void
backoff_failed(struct backoff *backoff, int64_t now_us, bool has_route,
	uint32_t chance)
{
	int64_t most = has_route ? ROUTE_MAX_S : LONGEST_S;
	int64_t wait = FIRST_S;

	for (int i = 0; i < backoff->failures && wait < most; i++)
		wait *= 2;
	if (wait > most)
		wait = most;
	backoff->failures++;
	wait = wait * 1000000;
	/* 90 % to 110 % of it */
	wait += wait / 5 * (int64_t)(chance % 1024) / 1024 - wait / 10;
	backoff->next_us = now_us + wait;
	backoff->last_us = now_us;
}

void
backoff_hurry(struct backoff *backoff, int64_t now_us)
{
	int64_t soon = backoff->last_us + FIRST_S * 1000000;

	if (soon < now_us)
		soon = now_us;
	if (backoff->next_us > soon)
		backoff->next_us = soon;
}

bool
backoff_is_over(const struct backoff *backoff, int64_t now_us)
{
	return now_us >= backoff->next_us;
}
