/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message on its way into a conversation, for the files that look for it:
 * by what it refers to, and by subject. */
#ifndef TERCET_STORE_LINKING_H
#define TERCET_STORE_LINKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"
#include "mail/envelope.h"
#include "store/conversation.h"

struct store;

enum {
	/* A reply names few; more is a flood. */
	LINKING_IDS_MAX = REFERENCES_MAX + 16,
	LINKING_SUBJECTS_MAX = 20,
};

/* A placement that waits; the slices live until the next one. */
struct link_item {
	int64_t placement;
	int64_t message;
	int64_t received;
	struct slice message_id;
	struct slice in_reply_to;
	struct slice references;
	struct slice subject;
	struct slice authors;
	struct slice recipients;
	struct slice copies;
};

struct linking {
	struct store *store;
	int64_t account;
	int64_t folder;
	const struct link_item *item;
	int64_t hashes[LINKING_IDS_MAX];
	bool known[LINKING_IDS_MAX]; /* the hash has a row */
	size_t n_hashes;
	/* what the message belongs with */
	struct conversation found[LINKING_IDS_MAX + LINKING_SUBJECTS_MAX];
	size_t n_found;
};

/* Notes what `conversation` leads to, each once. */
MUST_CHECK bool linking_add(
	struct linking *it, int64_t conversation, struct error *err);

/* ---- reference.c ---- */

/* Notes what its Message-ID, In-Reply-To and References lead to. */
MUST_CHECK bool reference_find(struct linking *it, struct error *err);
/* After reference_find(): those nobody knew lead to the conversation. */
MUST_CHECK bool reference_save(
	struct linking *it, int64_t conversation, struct error *err);
/* Forgets those that lead to conversations without messages. */
MUST_CHECK bool reference_forget(struct linking *it, struct error *err);

/* ---- subject.c ---- */

/* Notes what its subject leads to; from now on others find it. */
MUST_CHECK bool subject_find(struct linking *it, struct error *err);
MUST_CHECK bool subject_forget(struct linking *it, struct error *err);

#endif /* TERCET_STORE_LINKING_H */
