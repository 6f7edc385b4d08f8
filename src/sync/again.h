/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts that an older program extracted, extracted again in the background:
 * some at a time, with pauses, once for each version of the extractor.  A
 * restart goes on where it was.
 */
#ifndef TERCET_SYNC_AGAIN_H
#define TERCET_SYNC_AGAIN_H

#include "base/array.h"
#include "base/thread.h"
#include "store/part.h"

struct again {
	struct text_again done;
	struct id_array messages; /* known to be old */
	size_t n_done;            /* of those */
	int64_t at;               /* the last that was looked at */
	int64_t next_us;          /* when to go on; -1: all are done */
};

void again_begin(struct store *store, struct again *again);
/* A slice of it, when `next_us` has come. */
void again_step(struct store *store, struct again *again, struct cancel *stop);
void again_clear(struct again *again);

#endif /* TERCET_SYNC_AGAIN_H */
