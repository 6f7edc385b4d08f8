/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Placement rows, for the other files of this room. */
#ifndef TERCET_STORE_PLACEMENT_H
#define TERCET_STORE_PLACEMENT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"

#include "mail/flags.h"
#include "store/folder.h"

/* The columns that counts and threads depend on. */
struct placement_facts {
	int64_t id;
	int64_t message;
	int64_t folder;
	int64_t conversation;
	int64_t received;
	uint32_t flags;
	bool linked;
	bool hidden;
};

#define PLACEMENT_FACTS                                                        \
	"id, message, folder, conversation, received, flags, linked, hidden"

/* From columns 0 to 7, which are PLACEMENT_FACTS. */
void placement_read_facts(sqlite3_stmt *stmt, struct placement_facts *facts);

static inline bool
placement_is_unread(uint32_t flags)
{
	return !(flags & FLAG_SEEN);
}

/* In a transaction: the placement of a UID, brought to what the server says of
 * its flags; what says nothing new is not written. */
enum found placement_update(struct store *store, int64_t space, uint32_t uid,
	const struct flags *flags, uint64_t modseq,
	struct placement_facts *ret_facts, struct error *err);

MUST_CHECK bool message_exists(
	struct store *store, int64_t id, bool *ret_exists, struct error *err);
/* In a transaction: a message gets a placement again, perhaps its only one. */
MUST_CHECK bool message_returns(
	struct store *store, int64_t message, struct error *err);
/* In a transaction: it is whole now, and may be known again by its header,
 * which was not here when it was placed. */
MUST_CHECK bool message_identify(struct store *store, int64_t message,
	struct slice header, struct error *err);
/* In a transaction: its text is here, or nobody asks for it any more. */
MUST_CHECK bool message_not_wanted(
	struct store *store, int64_t message, struct error *err);

/*
 * Takes the row away, with its share in counts and thread; a message left
 * without placements is noted for purging.  Also in folders that were dropped,
 * whose counts nobody reads.
 */
MUST_CHECK bool placement_delete(struct store *store,
	const struct placement_facts *facts, struct error *err);
/* The same by whoever looks after the operations that name it. */
MUST_CHECK bool placement_delete_row(struct store *store,
	const struct placement_facts *facts, struct error *err);

#endif /* TERCET_STORE_PLACEMENT_H */
