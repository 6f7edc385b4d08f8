/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash map from ids (over 0) to numbers.  A zeroed one is empty. */
#ifndef TERCET_UI_VIEW_ID_MAP_H
#define TERCET_UI_VIEW_ID_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_map_slot {
	int64_t id; /* 0: free */
	int64_t value;
};

struct id_map {
	struct id_map_slot *slots;
	size_t n;
	size_t cap; /* a power of two, or 0 */
};

void id_map_clear(struct id_map *map);
/* Replaces. */
void id_map_put(struct id_map *map, int64_t id, int64_t value);
bool id_map_has(const struct id_map *map, int64_t id);
/* 0 when it is not there. */
int64_t id_map_get(const struct id_map *map, int64_t id);
bool id_map_remove(struct id_map *map, int64_t id);
/* Walks in no order: start with `*position` 0; false at the end.  The map must
 * not change meanwhile. */
bool id_map_next(const struct id_map *map, size_t *position, int64_t *ret_id,
	int64_t *ret_value);

#endif /* TERCET_UI_VIEW_ID_MAP_H */
