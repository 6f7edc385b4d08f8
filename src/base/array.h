/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A typed growable array:  ARRAY_OF(id_array, int64_t);  declares
 * `struct id_array { int64_t *items; size_t n, cap; }`.  A zeroed one is
 * empty.  Pointers into it do not survive array_push().
 */
#ifndef TERCET_BASE_ARRAY_H
#define TERCET_BASE_ARRAY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

#define ARRAY_OF(name, type)                                                   \
	struct name {                                                          \
		type *items;                                                   \
		size_t n;                                                      \
		size_t cap;                                                    \
	}

#define array_push(a, value)                                                   \
	do {                                                                   \
		array_grow_(a);                                                \
		(a)->items[(a)->n++] = (value);                                \
	} while (0)

/* A zeroed new item at the end, as a pointer. */
#define array_add(a)                                                           \
	__extension__({                                                        \
		array_grow_(a);                                                \
		memset(&(a)->items[(a)->n], 0, sizeof((a)->items[0]));         \
		&(a)->items[(a)->n++];                                         \
	})

/* Frees the items' memory, not what they own. */
#define array_clear(a)                                                         \
	do {                                                                   \
		free((a)->items);                                              \
		(a)->items = NULL;                                             \
		(a)->n = (a)->cap = 0;                                         \
	} while (0)

#define array_grow_(a)                                                         \
	do {                                                                   \
		if ((a)->n == (a)->cap) {                                      \
			(a)->cap = (a)->cap ? (a)->cap * 2 : 8;                \
			(a)->items = xreallocarray(                            \
				(a)->items, (a)->cap, sizeof((a)->items[0]));  \
		}                                                              \
	} while (0)

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

ARRAY_OF(id_array, int64_t);

/* For CLEANUP() too. */
static inline void
id_array_clear(struct id_array *ids)
{
	array_clear(ids);
}

#endif /* TERCET_BASE_ARRAY_H */
