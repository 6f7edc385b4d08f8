/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cancelling in slices, for the other files of this room. */
#ifndef TERCET_STORE_OPERATION_LIST_H
#define TERCET_STORE_OPERATION_LIST_H

#include "base/array.h"
#include "store/store.h"

/* In a transaction: goes on with the oldest operation that is being cancelled;
 * `*ret_done` is false where there is none. */
MUST_CHECK bool operation_cancel_some(struct transaction *tx,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	bool *ret_done, struct error *err);

#endif /* TERCET_STORE_OPERATION_LIST_H */
