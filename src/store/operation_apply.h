/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking effect, for the other files of this room. */
#ifndef TERCET_STORE_OPERATION_APPLY_H
#define TERCET_STORE_OPERATION_APPLY_H

#include "store/effect.h"
#include "store/operation_rest.h"
#include "store/transfer.h"

/* What has to be known of an operation while it is applied. */
struct applying {
	struct store *store;
	struct operation_row *operation;
	int64_t generation; /* of the action, now */
	bool inverting;     /* an undo or redo is under way somewhere */
	/* operation_apply()'s own */
	bool nowhere_else; /* of the placement at hand */
	struct route route;
	int64_t routed; /* the operation whose route that is */
	const struct operation_rows *waiting; /* selections before this one */
	uint64_t n;
	uint64_t n_skipped;
};

enum applied { APPLIED, APPLIED_NOT, APPLIED_LATER, APPLIED_ERROR };

/*
 * In a transaction.  The operation takes effect on the placement, as a new item
 * that inverts `inverts` (0: none).  APPLIED_NOT: there is nothing to change
 * (any more).  APPLIED_LATER: something asked for before has to come first.
 */
enum applied operation_apply(struct applying *it, int64_t placement,
	int64_t inverts, struct placement_facts *ret_facts, struct error *err);
/* The same for APPEND: a new placement of the message in the target folder. */
enum applied operation_apply_append(struct applying *it,
	const struct placement_row *from, int64_t inverts, int64_t *ret_target,
	struct error *err);

#endif /* TERCET_STORE_OPERATION_APPLY_H */
