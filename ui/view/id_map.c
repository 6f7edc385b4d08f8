/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/id_map.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/mem.h"

enum { CAP_MIN = 16 };

void
id_map_clear(struct id_map *map)
{
	free(map->slots);
	*map = (struct id_map){ NULL, 0, 0 };
}

/* Ids are handed out in order: multiplying spreads neighbours. */
static size_t
home_of(const struct id_map *map, int64_t id)
{
	uint64_t hash = (uint64_t)id * 0x9e3779b97f4a7c15u;

	return (size_t)(hash >> 20) & (map->cap - 1);
}

/* The slot of the id, or the free one where it would stand. */
static size_t
find(const struct id_map *map, int64_t id)
{
	size_t at = home_of(map, id);

	while (map->slots[at].id != 0 && map->slots[at].id != id)
		at = (at + 1) & (map->cap - 1);
	return at;
}

static void
grow(struct id_map *map)
{
	struct id_map old = *map;

	map->cap = old.cap ? old.cap * 2 : CAP_MIN;
	map->slots = xcalloc(map->cap, sizeof(map->slots[0]));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].id != 0)
			map->slots[find(map, old.slots[i].id)] = old.slots[i];
	free(old.slots);
}

void
id_map_put(struct id_map *map, int64_t id, int64_t value)
{
	size_t at;

	ASSERT(id > 0);
	/* A third stays free, so that looking for what is not there is short.
	 */
	if (map->n * 3 >= map->cap * 2)
		grow(map);
	at = find(map, id);
	if (map->slots[at].id == 0)
		map->n++;
	map->slots[at] = (struct id_map_slot){ id, value };
}

bool
id_map_has(const struct id_map *map, int64_t id)
{
	return map->n > 0 && id > 0 && map->slots[find(map, id)].id == id;
}

int64_t
id_map_get(const struct id_map *map, int64_t id)
{
	return id_map_has(map, id) ? map->slots[find(map, id)].value : 0;
}

bool
id_map_remove(struct id_map *map, int64_t id)
{
	size_t free_at;
	size_t at;

	if (!id_map_has(map, id))
		return false;
	free_at = at = find(map, id);
	/* Those behind that would no longer be found move up. */
	for (;;) {
		size_t home;

		at = (at + 1) & (map->cap - 1);
		if (map->slots[at].id == 0)
			break;
		home = home_of(map, map->slots[at].id);
		if (((at - home) & (map->cap - 1)) <
			((at - free_at) & (map->cap - 1)))
			continue;
		map->slots[free_at] = map->slots[at];
		free_at = at;
	}
	map->slots[free_at] = (struct id_map_slot){ 0, 0 };
	map->n--;
	return true;
}

bool
id_map_next(const struct id_map *map, size_t *position, int64_t *ret_id,
	int64_t *ret_value)
{
	while (*position < map->cap) {
		const struct id_map_slot *slot = &map->slots[(*position)++];

		if (slot->id == 0)
			continue;
		*ret_id = slot->id;
		*ret_value = slot->value;
		return true;
	}
	return false;
}
