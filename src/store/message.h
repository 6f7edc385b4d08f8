/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages and placements.  A message is stored once in its account; each
 * folder it stands in has a placement, with the UID it has there, what the
 * server said of its flags, and what is in force (the same until a journal row
 * says otherwise).
 */
#ifndef TERCET_STORE_MESSAGE_H
#define TERCET_STORE_MESSAGE_H

#include "base/array.h"
#include "mail/envelope.h"
#include "mail/flags.h"
#include "mail/part.h"
#include "mail/uidset.h"
#include "store/folder.h"
#include "store/store.h"

/* A message as a server or a file shows it first; everything is borrowed. */
struct message_new {
	const struct envelope *envelope;
	const struct part_tree *parts; /* NULL: unknown */
	const struct flags *flags;
	struct slice header;   /* as fetched: identity is taken from it */
	struct slice email_id; /* the server's own identity; may be empty */
	int64_t received;      /* INTERNALDATE, seconds */
	uint64_t size;
	uint32_t uid; /* 0: local only */
	uint64_t modseq;
};

/*
 * In a transaction.  Places the message in the folder.  The UID known already:
 * flags and modseq are updated.  The same message (email_id, else Message-ID
 * with size and header alike) in the account already: it gets a placement
 * more.  It joins the list by date at once, the thread view and the text index
 * by message_link_some().
 */
MUST_CHECK bool message_place(struct store *store, int64_t account,
	int64_t folder, const struct message_new *message, int64_t *ret_message,
	int64_t *ret_placement, struct error *err);

/*
 * In a transaction.  The message without a placement, until message_bring()
 * gives it one: nobody sees it, and after an hour it is purged.
 */
MUST_CHECK bool message_set_aside(struct store *store, int64_t account,
	int64_t folder, const struct message_new *message, int64_t *ret_message,
	struct error *err);
MUST_CHECK bool message_bring(struct store *store, int64_t folder,
	int64_t message, const struct flags *flags, int64_t received,
	int64_t *ret_placement, struct error *err);

/*
 * In a transaction.  Links up to what the transaction's time allows of the
 * unlinked messages, newest first: conversation, thread rows, then header rows
 * of the text index.  `*ret_left` tells how many wait still.  When `folder` is
 * not 0, only that folder's.
 */
MUST_CHECK bool message_link_some(struct transaction *tx, int64_t account,
	int64_t folder, int64_t *ret_left, struct error *err);
/*
 * Not in a transaction, since it has its own: puts some of what waits into the
 * text index, for 50 to 200 milliseconds in which others may write. `*ret_left`
 * is about how many wait still.
 */
MUST_CHECK bool message_index_some(struct store *store, int64_t account,
	int64_t *ret_left, struct error *err);

/* In a transaction: what the server says of flags.  An unknown UID is passed
 * over and `*ret_known` is false. */
MUST_CHECK bool placement_save_flags(struct store *store, int64_t folder,
	uint32_t uid, const struct flags *flags, uint64_t modseq,
	bool *ret_known, struct error *err);
/*
 * In a transaction.  Takes placements with these UIDs away, as many as its
 * time allows, and the UIDs done from `*uids`.  A message without placements
 * is purged later, unless it lives only here.
 */
MUST_CHECK bool placement_remove(struct transaction *tx, int64_t folder,
	struct uidset *uids, struct error *err);
/* Housekeeper, not in a transaction: frees messages that have had no placement
 * for an hour, and what folders held that were dropped; a slice. */
MUST_CHECK bool message_purge_some(
	struct store *store, bool *ret_more, struct error *err);

enum message_state {
	MESSAGE_ENVELOPE, /* header fields only */
	MESSAGE_TEXT,     /* its text can be read here */
	MESSAGE_FULL,     /* every byte is here */
};

struct message_placement {
	int64_t id;
	int64_t folder;
	uint32_t uid; /* 0: none (yet) */
	struct flags flags;
};

/* Everything known of one message, for show and the viewer; owned. */
struct message {
	int64_t id;
	int64_t account;
	int64_t conversation; /* 0: not linked yet */
	struct envelope envelope;
	struct part_tree parts; /* n == 0: unknown */
	int64_t received;
	uint64_t size;
	char *snippet;        /* or NULL */
	char *authentication; /* as mail/authentication.h has it; or NULL */
	int attachments;
	enum message_state state;
	struct message_placement *placements;
	size_t n_placements;
};

void message_clear(struct message *message);
enum found message_load(struct store *store, int64_t id,
	struct message *ret_message, struct error *err);
/* The message of a placement and back. */
enum found placement_find(struct store *store, int64_t folder, uint32_t uid,
	int64_t *ret_placement, int64_t *ret_message, struct error *err);
enum found placement_message(struct store *store, int64_t placement,
	int64_t *ret_message, struct error *err);

/* The folder it stands in, shown or not. */
enum found placement_folder(struct store *store, int64_t placement,
	int64_t *ret_folder, struct error *err);

/*
 * The newest messages, of those that were linked, whose text is wanted offline
 * and not here: received after `since` (seconds; 0: all), at most `max`, with
 * their folder and UID.
 */
struct message_wanted {
	int64_t message;
	int64_t folder;
	uint32_t uid;
};
ARRAY_OF(message_wanted_array, struct message_wanted);
/* Where a server has `wanted->message`, for fetching from it: perhaps where it
 * is hidden, being on its way elsewhere.  Fills `wanted`. */
enum found message_find_at_server(
	struct store *store, struct message_wanted *wanted, struct error *err);
MUST_CHECK bool message_wanting_text(struct store *store, int64_t account,
	int64_t since, size_t max, struct message_wanted_array *ret_wanted,
	struct error *err);
/* How many there are, about: some may stand nowhere a server has them. */
MUST_CHECK bool message_count_wanting_text(struct store *store, int64_t account,
	int64_t since, uint64_t *ret_n, struct error *err);

#endif /* TERCET_STORE_MESSAGE_H */
