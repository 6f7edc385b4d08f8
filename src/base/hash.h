/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SipHash-1-3: a keyed hash for tables whose keys come from outside. */
#ifndef TERCET_BASE_HASH_H
#define TERCET_BASE_HASH_H

#include <stdint.h>

#include "base/slice.h"

struct hash_key {
	uint64_t k0;
	uint64_t k1;
};

/* A key from the system's random source. */
struct hash_key hash_key_random(void);
uint64_t hash_slice(struct hash_key key, struct slice s);

#endif /* TERCET_BASE_HASH_H */
