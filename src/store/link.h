/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Conversations.  A message joins the conversation of what it refers to or is
 * referred to by, whatever order they come in: hashes of Message-IDs lead to
 * conversations, also of those that nobody has seen.  A conversation is named
 * by the id of a placement; the smaller of two is taken into the larger.
 */
#ifndef TERCET_STORE_LINK_H
#define TERCET_STORE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"

struct store;

enum {
	/* A conversation takes no more, and two that are larger together do
	 * not merge: what refers to a full one starts another. */
	CONVERSATION_MAX = 1000,
	SUBJECT_DAYS = 30,
};

/* In a transaction: what only this message, which stands nowhere any more, kept
 * alive. */
MUST_CHECK bool link_forget(
	struct store *store, int64_t message, struct error *err);

/* In a transaction: links the placement at once, whatever waits before it. */
MUST_CHECK bool link_placement(struct store *store, int64_t account,
	int64_t folder, int64_t placement, struct error *err);

#endif /* TERCET_STORE_LINK_H */
