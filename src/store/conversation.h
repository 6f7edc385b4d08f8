/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of conversations.  One that was taken into another leads there. */
#ifndef TERCET_STORE_CONVERSATION_H
#define TERCET_STORE_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"

struct store;

struct conversation {
	int64_t id;
	int64_t size;
};

/* The one that stands, where the merges from `id` on lead. */
MUST_CHECK bool conversation_find(struct store *store, int64_t id,
	struct conversation *ret, struct error *err);
/* The conversation a linked message is in; 0: none. */
MUST_CHECK bool conversation_of(struct store *store, int64_t message,
	int64_t *ret_id, struct error *err);
MUST_CHECK bool conversation_has_members(
	struct store *store, int64_t id, bool *ret_has, struct error *err);

/* In a transaction, as all that follow. */
MUST_CHECK bool conversation_save(struct store *store,
	const struct conversation *conversation, struct error *err);
/* `from` is taken into `into`, whose size is not saved yet. */
MUST_CHECK bool conversation_merge(struct store *store,
	const struct conversation *from, struct conversation *into,
	struct error *err);
/* It has a message less. */
MUST_CHECK bool conversation_left(
	struct store *store, int64_t id, struct error *err);
MUST_CHECK bool conversation_drop(
	struct store *store, int64_t id, struct error *err);

#endif /* TERCET_STORE_CONVERSATION_H */
