/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What operations do to placements, for the other files of this room.
 *
 * What is in force of a placement follows from what the server said of it and
 * the unsettled items that name it: flags, by the FLAGs in their order; hidden,
 * while a MOVE or EXPUNGE waits, or where it was carried out by a server that
 * kept the message with \Deleted.  Of a placement that no server knows yet (the
 * target of a MOVE or COPY), "what the server said" is what is in force at its
 * source when that item's turn comes.
 */
#ifndef TERCET_STORE_EFFECT_H
#define TERCET_STORE_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/flags.h"
#include "store/operation_row.h"
#include "store/placement.h"

struct placement_row {
	struct placement_facts facts; /* `flags` in force among them */
	char *keywords;
	uint32_t server_flags;
	char *server_keywords;
	int64_t uid_space;
	uint32_t uid; /* 0: none */
};

void placement_row_clear(struct placement_row *row);
enum found placement_row_load(struct store *store, int64_t id,
	struct placement_row *ret_row, struct error *err);

/* What a FLAG operation makes of `flags`; the bits that differ, and
 * CHANGED_KEYWORD. */
uint32_t effect_change(
	const struct operation_row *operation, struct flags *flags);

/* In a transaction, all of these. */

/* Sets what is in force; counts and threads follow. */
MUST_CHECK bool effect_set(struct store *store, const struct placement_row *row,
	const struct flags *flags, bool hidden, struct error *err);
/*
 * Computes what is in force anew, there and in the targets of what waits.  With
 * `release` it is hidden only by what waits, whatever hid it before.  A
 * placement that is gone is passed over.
 */
MUST_CHECK bool effect_refresh(struct store *store, int64_t placement,
	bool release, struct error *err);
/* Sets what the server says of the flags, then the same. */
MUST_CHECK bool effect_set_server(struct store *store, int64_t placement,
	const struct flags *flags, struct error *err);
/* A placement more of the same message, which no server knows yet. */
MUST_CHECK bool effect_add_target(struct store *store,
	const struct placement_row *source, int64_t folder, int64_t *ret_target,
	struct error *err);
/* Takes a placement away with no further consequences; one that is gone is
 * passed over. */
MUST_CHECK bool effect_remove(
	struct store *store, int64_t placement, struct error *err);
/* The same where the server has none any more. */
MUST_CHECK bool effect_vanish(
	struct store *store, int64_t placement, struct error *err);
/* The placement with this UID in the folder as it is now; 0: none. */
MUST_CHECK bool effect_find_uid(struct store *store, int64_t folder,
	uint32_t uid, int64_t *ret_placement, struct error *err);
MUST_CHECK bool effect_set_uid(struct store *store, int64_t placement,
	int64_t folder, uint32_t uid, struct error *err);
/*
 * What waits to be told adds to the server's counts of a folder that is not
 * here as a whole; 0 for others.  The server's counts in the folder's row have
 * it in them: each change here is added as it takes effect, and what the server
 * says anew gets this on top.
 */
MUST_CHECK bool effect_ahead(struct store *store, int64_t folder,
	int64_t *ret_total, int64_t *ret_unread, struct error *err);

#endif /* TERCET_STORE_EFFECT_H */
