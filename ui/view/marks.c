/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/marks.h"

#include <stdlib.h>

#include "base/array.h"
#include "view/list_private.h"

void
marks_clear(struct marks *marks)
{
	id_map_clear(&marks->threads);
	id_map_clear(&marks->messages);
	id_map_clear(&marks->parts);
	marks->strangers = false;
	marks->ranging = false;
}

size_t
marks_count(const struct marks *marks)
{
	return marks->threads.n + marks->messages.n;
}

/* One marked message of the conversation more or less. */
static void
count_part(struct marks *marks, int64_t conversation, int by)
{
	int64_t n;

	if (conversation <= 0)
		return;
	n = id_map_get(&marks->parts, conversation) + by;
	if (n > 0)
		id_map_put(&marks->parts, conversation, n);
	else
		id_map_remove(&marks->parts, conversation);
}

static void
drop_messages_of(struct marks *marks, int64_t conversation)
{
	struct id_array gone = { NULL, 0, 0 };
	size_t at = 0;
	int64_t placement;
	int64_t of;

	if (!id_map_has(&marks->parts, conversation))
		return;
	while (id_map_next(&marks->messages, &at, &placement, &of))
		if (of == conversation)
			array_push(&gone, placement);
	for (size_t i = 0; i < gone.n; i++)
		id_map_remove(&marks->messages, gone.items[i]);
	array_clear(&gone);
	id_map_remove(&marks->parts, conversation);
}

void
marks_set_thread(
	struct marks *marks, int64_t conversation, int64_t folder, bool on)
{
	if (conversation <= 0)
		return;
	drop_messages_of(marks, conversation);
	if (!on)
		id_map_remove(&marks->threads, conversation);
	else if (marks_count(marks) < MARKS_MAX)
		id_map_put(&marks->threads, conversation, folder);
}

void
marks_set_message(
	struct marks *marks, int64_t placement, int64_t conversation, bool on)
{
	bool was = id_map_has(&marks->messages, placement);

	if (was == on || id_map_has(&marks->threads, conversation))
		return;
	if (on && marks_count(marks) < MARKS_MAX) {
		id_map_put(&marks->messages, placement, conversation);
		count_part(marks, conversation, 1);
	} else if (!on) {
		count_part(marks, id_map_get(&marks->messages, placement), -1);
		id_map_remove(&marks->messages, placement);
	}
}

bool
marks_is_thread_row(const struct view_list *view, const struct view_row *row)
{
	return view->query.threads && !row->is_member &&
	       row->row.conversation != 0;
}

/* Newest first: a row of the list before another. */
static int
compare_keys(const struct list_key *a, const struct list_key *b)
{
	if (a->date != b->date)
		return a->date > b->date ? -1 : 1;
	return a->id > b->id ? -1 : a->id < b->id;
}

/* The row in the window with this placement, at or inside the thread of the
 * cursor's; `n` when there is none. */
static size_t
anchor_inside(const struct marks *marks, const struct view_list *view)
{
	size_t i = list_head(view, view->cursor);
	size_t end = list_next_head(view, view->cursor);

	for (; i < end && i < view->n; i++)
		if (view->rows[i].row.placement == marks->anchor_placement)
			return i;
	return view->n;
}

/* Within an opened thread a range goes over its messages, otherwise over the
 * rows of the list. */
static bool
is_in_range(const struct marks *marks, const struct view_list *view, size_t i)
{
	const struct list_key *key = &view->rows[i].row.key;
	const struct list_key *at;
	size_t anchor = anchor_inside(marks, view);
	int from;
	int to;

	if (anchor < view->n && view->rows[anchor].is_member &&
		view->rows[view->cursor].is_member)
		return anchor < view->cursor ? i >= anchor && i <= view->cursor
					     : i >= view->cursor && i <= anchor;
	if (view->rows[i].is_member)
		return false;
	at = &view->rows[list_head(view, view->cursor)].row.key;
	from = compare_keys(&marks->anchor, key);
	to = compare_keys(key, at);
	return (from <= 0 && to <= 0) || (from >= 0 && to >= 0);
}

bool
marks_in_range(
	const struct marks *marks, const struct view_list *view, size_t i)
{
	return marks->ranging && view->cursor < view->n &&
	       is_in_range(marks, view, i);
}

enum marked
marks_of(const struct marks *marks, const struct view_list *view, size_t i)
{
	const struct view_row *row = &view->rows[i];

	if (marks_in_range(marks, view, i))
		return MARKED_WHOLE;
	if (id_map_has(&marks->messages, row->row.placement) &&
		!marks_is_thread_row(view, row))
		return MARKED_WHOLE;
	/* Also its messages where they stand one by one, but not its messages
	 * in other folders. */
	if (id_map_get(&marks->threads, row->row.conversation) ==
		row->row.folder)
		return MARKED_WHOLE;
	if (!marks_is_thread_row(view, row))
		return MARKED_NOT;
	if (!id_map_has(&marks->parts, row->row.conversation))
		return MARKED_NOT;
	return row->row.thread_size == 1 ? MARKED_WHOLE : MARKED_PART;
}

void
marks_begin_range(struct marks *marks, const struct view_list *view)
{
	const struct view_row *row = view_list_at_cursor(view);

	if (!row)
		return;
	marks->ranging = true;
	marks->anchor = view->rows[list_head(view, view->cursor)].row.key;
	marks->anchor_placement = row->row.placement;
}

void
marks_leave_range(struct marks *marks)
{
	marks->ranging = false;
}
