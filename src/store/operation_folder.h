/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations on folders, for the other files of this room. */
#ifndef TERCET_STORE_OPERATION_FOLDER_H
#define TERCET_STORE_OPERATION_FOLDER_H

#include "store/operation_row.h"

/* folder.pending of one that was made and taken back: nobody sees it, but what
 * may be redone knows it by its id. */
enum { FOLDER_UNMADE = FOLDER_CREATING | FOLDER_DELETING };

/*
 * In a transaction.  Takes effect on `row->folder`, as an operation with one
 * item that inverts `inverts` (0: none); inserts `row`.  `*ret_applied` is
 * false where there is nothing to do (any more).
 */
MUST_CHECK bool folder_operation_apply(struct store *store,
	struct operation_row *row, int64_t inverts, bool *ret_applied,
	struct error *err);
/* The server did it. */
MUST_CHECK bool folder_operation_done(struct store *store,
	const struct operation_row *row, struct error *err);
/* It has no effect any more. */
MUST_CHECK bool folder_operation_withdrawn(struct store *store,
	const struct operation_row *row, struct error *err);
/* Whether a folder is there, for messages to go to. */
MUST_CHECK bool folder_is_there(struct store *store, int64_t folder,
	bool *ret_there, struct error *err);

#endif /* TERCET_STORE_OPERATION_FOLDER_H */
