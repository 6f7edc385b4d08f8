/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The opposite of an item, for the other files of this room. */
#ifndef TERCET_STORE_ACTION_INVERSE_H
#define TERCET_STORE_ACTION_INVERSE_H

#include "base/id_set.h"
#include "store/action_row.h"
#include "store/operation_row.h"

/* An action that is being inverted. */
struct inverting {
	struct store *store;
	const struct action_row *action;
	struct operation_row operation; /* whose items are inverted */
	struct operation_row inverse;   /* the last one that was needed */
	struct id_array *accounts;
	struct id_array *folders;
	bool made;            /* the item at hand was inverted */
	struct id_set turned; /* messages of which something was inverted */
	struct id_set missed; /* messages of which something was not */
	bool folder_turned;   /* an operation on a folder was inverted */
};

void inverting_clear(struct inverting *it);
/* In a transaction: brings an item of `it->operation` to the action's
 * generation. */
MUST_CHECK bool item_invert(
	struct inverting *it, int64_t item, struct error *err);

#endif /* TERCET_STORE_ACTION_INVERSE_H */
