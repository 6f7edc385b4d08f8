/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What makes two messages the same one: the server's own identity where both
 * have it, else Message-ID, size and header.
 *
 * The key is looked up in an index.  Its upper bits are the Date field's, so
 * that neighbours in time are neighbours there and a long load does not touch
 * the whole index at random; its lower bits are a keyed hash.  Equal keys say
 * "look closer".
 */
#ifndef TERCET_STORE_IDENTITY_H
#define TERCET_STORE_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/strbuf.h"
#include "mail/envelope.h"

struct identity {
	bool known; /* otherwise it is never merged */
	int64_t key;
	int64_t header_hash; /* 0: no header */
};

/* `scratch` is emptied and used. */
struct identity identity_of(struct hash_key key, int64_t account,
	const struct envelope *envelope, uint64_t size, struct slice header,
	struct slice email_id, struct strbuf *scratch);

/* Of a Message-ID in an account, for conversations. */
int64_t identity_reference(
	struct hash_key key, int64_t account, struct slice message_id);

/* Of an address, whatever its case. */
uint64_t identity_address(struct hash_key key, struct slice address);

#endif /* TERCET_STORE_IDENTITY_H */
