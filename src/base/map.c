/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open addressing with linear probing; removal shifts what follows back. */
#include "base/map.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

enum { FIRST_SLOTS = 16 };

struct slot {
	char *key; /* NULL: free */
	void *value;
	uint64_t hash;
};

struct map {
	struct hash_key hash_key;
	void (*free_value)(void *value);
	struct slot *slots;
	size_t n_slots; /* a power of two */
	size_t size;
};

struct map *
map_new(void (*free_value)(void *value))
{
	struct map *map = xnew(struct map);

	map->hash_key = hash_key_random();
	map->free_value = free_value;
	map->n_slots = FIRST_SLOTS;
	map->slots = xcalloc(map->n_slots, sizeof(*map->slots));
	return map;
}

static void
drop_value(struct map *map, void *value)
{
	if (map->free_value && value)
		map->free_value(value);
}

void
map_free(struct map *map)
{
	if (!map)
		return;
	for (size_t i = 0; i < map->n_slots; i++) {
		if (map->slots[i].key) {
			free(map->slots[i].key);
			drop_value(map, map->slots[i].value);
		}
	}
	free(map->slots);
	free(map);
}

/* The slot that holds the key, or the free one where it would go. */
static struct slot *
find(const struct map *map, const char *key, uint64_t hash)
{
	size_t i = hash & (map->n_slots - 1);

	while (map->slots[i].key &&
		(map->slots[i].hash != hash ||
			strcmp(map->slots[i].key, key) != 0))
		i = (i + 1) & (map->n_slots - 1);
	return &map->slots[i];
}

static void
grow(struct map *map)
{
	struct slot *old = map->slots;
	size_t n_old = map->n_slots;

	map->n_slots *= 2;
	map->slots = xcalloc(map->n_slots, sizeof(*map->slots));
	for (size_t i = 0; i < n_old; i++) {
		if (old[i].key)
			*find(map, old[i].key, old[i].hash) = old[i];
	}
	free(old);
}

void
map_put(struct map *map, const char *key, void *value)
{
	uint64_t hash = hash_slice(map->hash_key, slice_str(key));
	struct slot *slot = find(map, key, hash);

	if (slot->key) {
		if (slot->value != value)
			drop_value(map, slot->value);
		slot->value = value;
		return;
	}
	if ((map->size + 1) * 4 > map->n_slots * 3) {
		grow(map);
		slot = find(map, key, hash);
	}
	*slot = (struct slot){ xstrdup(key), value, hash };
	map->size++;
}

void *
map_get(const struct map *map, const char *key)
{
	uint64_t hash = hash_slice(map->hash_key, slice_str(key));

	return find(map, key, hash)->value;
}

bool
map_remove(struct map *map, const char *key)
{
	uint64_t hash = hash_slice(map->hash_key, slice_str(key));
	struct slot *slot = find(map, key, hash);
	size_t mask = map->n_slots - 1;
	size_t hole = (size_t)(slot - map->slots);

	if (!slot->key)
		return false;
	free(slot->key);
	drop_value(map, slot->value);
	for (size_t i = (hole + 1) & mask; map->slots[i].key;
		i = (i + 1) & mask) {
		size_t home = map->slots[i].hash & mask;

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			map->slots[hole] = map->slots[i];
			hole = i;
		}
	}
	map->slots[hole] = (struct slot){ 0 };
	map->size--;
	return true;
}

size_t
map_size(const struct map *map)
{
	return map->size;
}

bool
map_next(const struct map *map, size_t *position, const char **ret_key,
	void **ret_value)
{
	for (; *position < map->n_slots; (*position)++) {
		const struct slot *slot = &map->slots[*position];

		if (slot->key) {
			*ret_key = slot->key;
			*ret_value = slot->value;
			(*position)++;
			return true;
		}
	}
	return false;
}
