/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Repeats on the server what was done here: takes operations from the store a
 * batch at a time, sends each as few commands, and writes down what became of
 * it.  A command that may have gone out before a break is never repeated
 * blindly.
 *
 * What the server refuses falls back here, and its operation says so in the
 * server's words; what it refuses for the moment is tried again later.
 *
 * Threads: as the session's.  One process pushes an account at a time.
 */
#ifndef TERCET_SYNC_PUSH_H
#define TERCET_SYNC_PUSH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sync/pull.h"
#include "sync/session.h"

struct push {
	struct session *session; /* borrowed; open */
	struct pull *pull;       /* borrowed; of the folder that is selected */
	/* clock_wall_s() when push_some() may find something again that it
	 * does not find now; 0: not before somebody acts. */
	int64_t next_s;
	bool busy; /* another process pushes the account */
	/* private */
	int64_t settle_us; /* nothing is settled before */
	int64_t first_item;
	unsigned rounds; /* batches in a row that began with it */
};

/*
 * One batch; `*ret_any` false when there was nothing to do.  Folders are
 * selected as need be, by pull_head().  Fails when the session is over or the
 * store cannot be written, never for what a server refuses.
 */
MUST_CHECK bool push_some(struct push *push, bool *ret_any, struct error *err);

#endif /* TERCET_SYNC_PUSH_H */
