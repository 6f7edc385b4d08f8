/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Choosing many rows of a folder's list at once, for marks and bulk actions:
 * their ids without what it costs to show them, and a walk over all messages
 * of a folder to see which ones fit.
 */
#ifndef TERCET_STORE_PICK_H
#define TERCET_STORE_PICK_H

#include "base/array.h"
#include "base/slice.h"
#include "store/list.h"

struct pick_key {
	struct list_key key;
	int64_t id; /* in thread view the conversation, else the placement */
};

ARRAY_OF(pick_keys, struct pick_key);

enum { PICK_ROWS_MAX = 5000 };

/*
 * At most `max` rows of the list from `from` on (NULL: from the end where the
 * direction begins), the nearest first, appended; fewer: that was the last.
 * Of `query->folder` alone.
 */
MUST_CHECK bool pick_load_keys(struct store *store,
	const struct list_query *query, const struct list_key *from,
	bool inclusive, enum list_direction direction, size_t max,
	struct pick_keys *ret_keys, struct error *err);

/* A message that stands in the folder.  Slices live until the next one. */
struct pick_message {
	struct list_key key; /* of its row in a list of messages */
	int64_t placement;
	int64_t conversation; /* 0: not linked */
	uint32_t flags;       /* enum flag */
	struct slice keywords;
	struct slice subject;
	struct slice from; /* packed addresses, as mail/address.h has it */
	struct slice to;
	struct slice copies;
	struct slice list_id;
	uint64_t size;
	int attachments;
	int64_t received;
};

/*
 * Shows `take` the messages of the folder, older than `*from` (NULL: all), for
 * about `budget_us`; `*ret_last` is where to go on, `*ret_end` that there are
 * no more.  Cheaply, whatever the folder holds: nothing is sorted.
 */
MUST_CHECK bool pick_walk(struct store *store, int64_t folder,
	const struct list_key *from, int64_t budget_us,
	void (*take)(void *ctx, const struct pick_message *message), void *ctx,
	struct list_key *ret_last, bool *ret_end, struct error *err);

/* Shows `take` the keywords of the folder's newest `threads` threads, of those
 * that have some. */
MUST_CHECK bool pick_keywords(struct store *store, int64_t folder,
	size_t threads, void (*take)(void *ctx, const struct flags *flags),
	void *ctx, struct error *err);

/* Placements of a conversation in a folder, appended. */
MUST_CHECK bool pick_load_members(struct store *store, int64_t conversation,
	int64_t folder, struct id_array *ret_placements, struct error *err);

/* A placement in the folder of a message that the action was about. */
enum found pick_of_action(struct store *store, int64_t action, int64_t folder,
	int64_t *ret_placement, struct error *err);

#endif /* TERCET_STORE_PICK_H */
