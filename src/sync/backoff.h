/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When to try a server again: 1 s, doubling to 15 s while the machine has a
 * route, on to 15 min while it has none; a fifth of it is chance, so that many
 * clients do not come back together.  Pure: the clock and the chance are
 * given.
 */
#ifndef TERCET_SYNC_BACKOFF_H
#define TERCET_SYNC_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

struct backoff {
	int failures;    /* in a row */
	int64_t next_us; /* not before this clock_mono_us(); 0: now */
	int64_t last_us; /* when the last one failed */
};

void backoff_reset(struct backoff *backoff);
/* `chance` is any number; its low bits are used. */
void backoff_failed(struct backoff *backoff, int64_t now_us, bool has_route,
	uint32_t chance);
/* Something changed that makes a try worthwhile: now, but for a second since
 * the last one. */
void backoff_hurry(struct backoff *backoff, int64_t now_us);
bool backoff_is_over(const struct backoff *backoff, int64_t now_us);

#endif /* TERCET_SYNC_BACKOFF_H */
