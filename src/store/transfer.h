/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moves and copies that no server does by itself, since they lead to another
 * account, or to or from a folder that is only here.  For the other files of
 * this room.
 *
 * The target is a message of its own, of the target's account, with all that
 * is held of the source's.  The item goes through phases and bears the account
 * whose worker has the next one: fetch the whole message, append it, and only
 * when the target has it for good take the source away.  A side without a
 * server needs no worker: what comes from there is sent at once, what goes
 * there has arrived when it is fetched, and between two such all is done in
 * one.
 */
#ifndef TERCET_STORE_TRANSFER_H
#define TERCET_STORE_TRANSFER_H

#include "base/array.h"
#include "store/effect.h"
#include "store/operation_row.h"

/* Which way the messages of a MOVE or COPY go. */
struct route {
	bool transfers; /* by what stands above; else a server does it */
	bool from_local;
	bool to_local;
	int64_t from_account;
	int64_t to_account;
};

/* Of the folders that the row names. */
MUST_CHECK bool route_find(struct store *store,
	const struct operation_row *operation, struct route *ret_route,
	struct error *err);
/* Sets the row's account, and whether no server is to be told; where the row
 * says so already, it is so in its account. */
MUST_CHECK bool route_settle(
	struct store *store, struct operation_row *row, struct error *err);
/* Those whose workers have a part in it, each once beside what is there. */
MUST_CHECK bool route_accounts(struct store *store,
	const struct operation_row *operation, struct id_array *ret_accounts,
	struct error *err);

/* In a transaction, all of these. */

/* Makes the target and sets phase and account of the item, which is not
 * inserted yet.  `*ret_began` is false where there is nothing to be sent. */
MUST_CHECK bool transfer_begin(struct store *store, const struct route *route,
	int64_t target_folder, const struct placement_row *from,
	struct item_row *item, bool *ret_began, struct error *err);
/* As item_finish(), item_withdraw(), and what items_placement_gone() does with
 * an item whose source goes. */
MUST_CHECK bool transfer_finish(struct store *store,
	const struct operation_row *operation, struct item_row *item,
	uint32_t uid, bool keeps_deleted, bool *ret_settling,
	struct error *err);
MUST_CHECK bool transfer_withdraw(struct store *store,
	const struct operation_row *operation, struct item_row *item,
	enum item_state state, const char *text, struct error *err);
MUST_CHECK bool transfer_source_gone(
	struct store *store, struct item_row *item, struct error *err);
/* The target has its UID, or needs none. */
MUST_CHECK bool transfer_arrived(struct store *store,
	const struct operation_row *operation, struct item_row *item,
	struct error *err);
/* Whether taking the item back would lose the message. */
bool transfer_is_last_copy(const struct item_row *item);

#endif /* TERCET_STORE_TRANSFER_H */
