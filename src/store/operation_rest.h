/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What waits of a selection: ids in packed rows, or a walk through a folder
 * that stands somewhere.  For the other files of this room.
 */
#ifndef TERCET_STORE_OPERATION_REST_H
#define TERCET_STORE_OPERATION_REST_H

#include "base/array.h"
#include "store/operation_row.h"
#include "store/placement.h"

/* In a transaction: keeps ids, in any order, for operation `row`; `row->rest`
 * says of what kind. */
MUST_CHECK bool rest_save_ids(struct store *store,
	const struct operation_row *row, const int64_t *ids, size_t n,
	struct error *err);
/* In a transaction: it waits from now on. */
MUST_CHECK bool rest_begin(struct store *store, const struct operation_row *row,
	struct error *err);
/* A handful of the next ids, oldest first; none: it is through.  What a walk
 * gives is placements. */
MUST_CHECK bool rest_load(struct store *store, const struct operation_row *row,
	struct id_array *ret_ids, struct error *err);
/* In a transaction: the first `n` of the ids that were loaded are dealt with.
 */
MUST_CHECK bool rest_advance(struct store *store, struct operation_row *row,
	const struct id_array *ids, size_t n, struct error *err);
/* In a transaction: nothing waits any more. */
MUST_CHECK bool rest_end(
	struct store *store, struct operation_row *row, struct error *err);
/* How many messages stand in the folder of these conversations; of very many it
 * is estimated. */
MUST_CHECK bool rest_messages(struct store *store, int64_t folder,
	const int64_t *ids, size_t n, uint64_t *ret_n, struct error *err);
/* How many messages wait; of a walk 1. */
MUST_CHECK bool rest_count(struct store *store, const struct operation_row *row,
	uint64_t *ret_n, struct error *err);
/* Members of a conversation that show in the folder. */
MUST_CHECK bool rest_members(struct store *store, int64_t conversation,
	int64_t folder, struct id_array *ret_placements, struct error *err);

/* Selections that wait, oldest first: (id, rest, folder and the walk). */
ARRAY_OF(operation_rows, struct operation_row);
void operation_rows_clear(struct operation_rows *rows);
MUST_CHECK bool rest_load_waiting(struct store *store,
	struct operation_rows *ret_rows, struct error *err);
/* Whether one of them will get to the placement. */
MUST_CHECK bool rest_holds(struct store *store,
	const struct operation_rows *waiting,
	const struct placement_facts *facts, bool *ret_holds,
	struct error *err);

#endif /* TERCET_STORE_OPERATION_REST_H */
