/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <sys/random.h>

#include "base/bug.h"

struct hash_key
hash_key_random(void)
{
	struct hash_key key;

	if (getrandom(&key, sizeof(key), 0) != (ssize_t)sizeof(key))
		BUG("the system has no random numbers");
	return key;
}

static inline uint64_t
rotate(uint64_t v, int by)
{
	return v << by | v >> (64 - by);
}

static inline void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

uint64_t
hash_slice(struct hash_key key, struct slice s)
{
	uint64_t v[4] = { key.k0 ^ 0x736f6d6570736575ULL,
		key.k1 ^ 0x646f72616e646f6dULL, key.k0 ^ 0x6c7967656e657261ULL,
		key.k1 ^ 0x7465646279746573ULL };
	uint64_t word = (uint64_t)s.len << 56;
	struct slice rest = s;

	for (; rest.len >= 8; rest = slice_skip(rest, 8)) {
		uint64_t m;

		memcpy(&m, rest.data, 8);
		v[3] ^= m;
		sip_round(v);
		v[0] ^= m;
	}
	for (size_t i = 0; i < rest.len; i++)
		word |= (uint64_t)(unsigned char)rest.data[i] << (8 * i);
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
