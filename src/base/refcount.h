/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An atomic count, for objects that no longer change once shared. */
#ifndef TERCET_BASE_REFCOUNT_H
#define TERCET_BASE_REFCOUNT_H

#include <stdatomic.h>
#include <stdbool.h>

struct refcount {
	atomic_int n;
};

static inline void
refcount_init(struct refcount *count)
{
	atomic_init(&count->n, 1);
}

static inline void
refcount_more(struct refcount *count)
{
	atomic_fetch_add(&count->n, 1);
}

/* True when the last reference went. */
static inline bool
refcount_less(struct refcount *count)
{
	return atomic_fetch_sub(&count->n, 1) == 1;
}

#endif /* TERCET_BASE_REFCOUNT_H */
