/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How an item ends, for the other files of this room: carried out, or taken
 * back.  All in a transaction.
 */
#ifndef TERCET_STORE_OPERATION_SETTLE_H
#define TERCET_STORE_OPERATION_SETTLE_H

#include "store/effect.h"
#include "store/operation_row.h"

/*
 * The server did it.  `uid` of the target as the folder counts now, 0 when it
 * was not told; `keeps_deleted` as in operation_done().  `*ret_settling`: the
 * target's UID is still to be found.
 */
MUST_CHECK bool item_finish(struct store *store,
	const struct operation_row *operation, struct item_row *item,
	uint32_t uid, bool keeps_deleted, bool *ret_settling,
	struct error *err);
/*
 * It becomes `state` (ITEM_FAILED or ITEM_CANCELLED) and has no effect any
 * more; what follows upon its target goes back to its source.  `text` (may be
 * NULL) is why.
 */
MUST_CHECK bool item_withdraw(struct store *store, struct item_row *item,
	enum item_state state, const char *text, struct error *err);
/* The server, or the purge, takes a placement away: what its items become.
 * The caller deletes the row behind it. */
MUST_CHECK bool items_placement_gone(
	struct store *store, int64_t placement, struct error *err);
/* A pull found the placement, which had no UID. */
MUST_CHECK bool items_adopted(
	struct store *store, int64_t placement, struct error *err);
/* Whether a pull may give the placement, which has no UID, the one it found:
 * its item was sent. */
MUST_CHECK bool items_may_adopt(struct store *store, int64_t placement,
	bool *ret_may, struct error *err);
/*
 * The same for a message that no identity tells: one of that size and header
 * that is awaited in the folder.  0: none.
 */
MUST_CHECK bool items_find_awaited(struct store *store, int64_t account,
	int64_t folder, int64_t size, int64_t header_hash, int64_t received,
	int64_t *ret_placement, int64_t *ret_message, struct error *err);
/* What item_finish() and item_withdraw() are made of, for transfer.h. */

/* The target gets its UID (0: not told); whether it is still to be found. */
MUST_CHECK bool item_take_uid(struct store *store,
	const struct operation_row *operation, struct item_row *item,
	uint32_t uid, enum item_state *ret_state, struct error *err);
/* What named the source names the target from now on, and the source goes. */
MUST_CHECK bool item_leave_source(struct store *store,
	const struct item_row *item, bool keeps_deleted, struct error *err);
MUST_CHECK bool item_end(struct store *store, struct item_row *item,
	enum item_state state, const char *text, struct error *err);
/* Items that name a target which does not come to be. */
MUST_CHECK bool item_redirect_followers(struct store *store,
	const struct item_row *item, enum operation_kind kind,
	enum item_state state, const char *text, struct error *err);
/* A target that no server will have stays, and so does what was done to it. */
MUST_CHECK bool item_keep_here(struct store *store, int64_t placement,
	const char *text, struct error *err);
/* Whether the folder lives only here. */
MUST_CHECK bool folder_is_local(struct store *store, int64_t folder,
	bool *ret_local, struct error *err);

#endif /* TERCET_STORE_OPERATION_SETTLE_H */
