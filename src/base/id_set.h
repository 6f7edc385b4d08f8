/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of row ids (above 0).  A zeroed one is empty. */
#ifndef TERCET_BASE_ID_SET_H
#define TERCET_BASE_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_set {
	int64_t *slots; /* 0: free */
	size_t n;
	size_t cap; /* a power of two */
};

/* For CLEANUP() too. */
void id_set_clear(struct id_set *set);
/* False when it was there; ids below 1 are passed over. */
bool id_set_add(struct id_set *set, int64_t id);
bool id_set_has(const struct id_set *set, int64_t id);

#endif /* TERCET_BASE_ID_SET_H */
