/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hash map from strings to pointers.  Keys are copied; values belong to the
 * map when it was given a `free_value`, else to somebody else.
 */
#ifndef TERCET_BASE_MAP_H
#define TERCET_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct map;

struct map *map_new(void (*free_value)(void *value));
void map_free(struct map *map);
/* Replaces, freeing the old value. */
void map_put(struct map *map, const char *key, void *value);
/* NULL when there is none. */
void *map_get(const struct map *map, const char *key);
bool map_remove(struct map *map, const char *key);
size_t map_size(const struct map *map);
/* Walks in no order: start with `*position` 0; false at the end.  The map must
 * not change meanwhile. */
bool map_next(const struct map *map, size_t *position, const char **ret_key,
	void **ret_value);

#endif /* TERCET_BASE_MAP_H */
