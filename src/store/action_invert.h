/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo and redo in slices, for the other files of this room. */
#ifndef TERCET_STORE_ACTION_INVERT_H
#define TERCET_STORE_ACTION_INVERT_H

#include "base/array.h"
#include "store/store.h"

/* What a slice came to. */
struct inverted {
	int64_t action;   /* 0: none is being inverted */
	int64_t n_missed; /* messages of which nothing could be inverted */
	bool nothing;     /* nothing at all could be */
};

/* In a transaction: goes on with the oldest undo or redo that is not through;
 * what is missed is no longer counted as the action's. */
MUST_CHECK bool action_invert_some(struct transaction *tx,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	struct inverted *ret_inverted, struct error *err);

#endif /* TERCET_STORE_ACTION_INVERT_H */
