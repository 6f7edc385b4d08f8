/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/overlay.h"

#include <string.h>

static void
clear_layer(struct overlay_layer *layer)
{
	id_map_clear(&layer->threads);
	id_map_clear(&layer->messages);
}

static void
remove_layer(struct overlay *overlay, int i)
{
	clear_layer(&overlay->layers[i]);
	overlay->n--;
	memmove(&overlay->layers[i], &overlay->layers[i + 1],
		(size_t)(overlay->n - i) * sizeof(overlay->layers[0]));
}

void
overlay_clear(struct overlay *overlay)
{
	for (int i = 0; i < overlay->n; i++)
		clear_layer(&overlay->layers[i]);
	overlay->n = 0;
}

struct overlay_layer *
overlay_add(struct overlay *overlay)
{
	struct overlay_layer *layer;

	if (overlay->n == OVERLAY_LAYERS_MAX)
		remove_layer(overlay, 0);
	layer = &overlay->layers[overlay->n++];
	*layer = (struct overlay_layer){ .action = 0 };
	return layer;
}

void
overlay_drop(struct overlay *overlay, int64_t action)
{
	for (int i = overlay->n; i-- > 0;)
		if (overlay->layers[i].action == action)
			remove_layer(overlay, i);
}

bool
overlay_hides(
	const struct overlay *overlay, int64_t folder, bool threads, int64_t id)
{
	for (int i = 0; i < overlay->n; i++) {
		const struct overlay_layer *layer = &overlay->layers[i];

		if (!layer->hides)
			continue;
		if (threads ? layer->folder == folder &&
					id_map_has(&layer->threads, id)
			    : id_map_has(&layer->messages, id))
			return true;
	}
	return false;
}

static void
put_flags(
	const struct overlay_layer *layer, struct list_row *row, bool is_thread)
{
	row->flags.bits |= layer->add;
	row->flags.bits &= ~layer->remove;
	row->flagged = (row->flags.bits & FLAG_FLAGGED) != 0;
	if (layer->add & FLAG_SEEN)
		row->thread_unread = 0;
	if (layer->remove & FLAG_SEEN)
		row->thread_unread = is_thread ? row->thread_size : 1;
	row->unread = row->thread_unread > 0;
}

bool
overlay_cover(
	const struct overlay *overlay, struct list_row *row, bool is_thread)
{
	for (int i = 0; i < overlay->n; i++) {
		const struct overlay_layer *layer = &overlay->layers[i];
		bool alone = !is_thread || row->thread_size == 1;

		if (!(layer->folder == row->folder &&
			    id_map_has(&layer->threads, row->conversation)) &&
			!(alone &&
				id_map_has(&layer->messages, row->placement)))
			continue;
		if (layer->hides)
			return true;
		put_flags(layer, row, is_thread);
	}
	return false;
}
