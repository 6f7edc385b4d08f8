/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/id_set.h"

#include <stdlib.h>

#include "base/mem.h"

enum { SLOTS_FIRST = 64 };

void
id_set_clear(struct id_set *set)
{
	free(set->slots);
	*set = (struct id_set){ 0 };
}

/* Where it is, or would be. */
static size_t
slot_of(const struct id_set *set, int64_t id)
{
	uint64_t hash = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 32) & (set->cap - 1);

	while (set->slots[at] && set->slots[at] != id)
		at = (at + 1) & (set->cap - 1);
	return at;
}

static void
grow(struct id_set *set)
{
	struct id_set old = *set;

	set->cap = old.cap ? old.cap * 2 : SLOTS_FIRST;
	set->slots = xcalloc(set->cap, sizeof(*set->slots));
	for (size_t i = 0; i < old.cap; i++) {
		if (old.slots[i])
			set->slots[slot_of(set, old.slots[i])] = old.slots[i];
	}
	free(old.slots);
}

bool
id_set_add(struct id_set *set, int64_t id)
{
	size_t at;

	if (id <= 0)
		return false;
	if (set->n * 2 >= set->cap)
		grow(set);
	at = slot_of(set, id);
	if (set->slots[at])
		return false;
	set->slots[at] = id;
	set->n++;
	return true;
}

bool
id_set_has(const struct id_set *set, int64_t id)
{
	return set->n && id > 0 && set->slots[slot_of(set, id)] != 0;
}
