/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was done to thousands of messages and is not in the store yet: the rows
 * concerned are shown as they will be.  A layer is dropped when its action has
 * been applied or undone.
 */
#ifndef TERCET_UI_VIEW_OVERLAY_H
#define TERCET_UI_VIEW_OVERLAY_H

#include "store/list.h"
#include "view/id_map.h"

enum { OVERLAY_LAYERS_MAX = 8 };

struct overlay_layer {
	int64_t action;
	int64_t folder; /* of the conversations */
	bool hides;
	uint32_t add; /* enum flag */
	uint32_t remove;
	struct id_map threads;  /* conversations, what stands in `folder` */
	struct id_map messages; /* placements */
};

struct overlay {
	struct overlay_layer layers[OVERLAY_LAYERS_MAX];
	int n;
};

void overlay_clear(struct overlay *overlay);
/* A new layer to fill in; the oldest goes when there are too many. */
struct overlay_layer *overlay_add(struct overlay *overlay);
void overlay_drop(struct overlay *overlay, int64_t action);

/* By an id of a list: of conversations in thread view, else of placements. */
bool overlay_hides(const struct overlay *overlay, int64_t folder, bool threads,
	int64_t id);
/* Puts flags over a row's own; true when it is hidden. */
bool overlay_cover(
	const struct overlay *overlay, struct list_row *row, bool is_thread);

#endif /* TERCET_UI_VIEW_OVERLAY_H */
