/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "view/list_private.h"

/* Beyond the window, from where on it is read anew. */
enum { JUMP_ROWS = 100 };

void
view_list_init(struct view_list *view)
{
	*view = (struct view_list){
		.page = 1,
		.want_threads = true,
		.at_newest = true,
		.at_oldest = true,
	};
}

void
view_list_clear(struct view_list *view)
{
	list_clear_rows(view);
	overlay_clear(&view->overlay);
	free(view->rows);
	array_clear(&view->parts);
	view_list_init(view);
}

const struct view_row *
view_list_at_cursor(const struct view_list *view)
{
	return view->cursor < view->n ? &view->rows[view->cursor] : NULL;
}

const struct view_row *
view_list_on_screen(const struct view_list *view, int i)
{
	size_t at = view->top + (size_t)i;

	return i >= 0 && i < view->page && at < view->n ? &view->rows[at]
							: NULL;
}

bool
view_list_is_empty(const struct view_list *view)
{
	return view->n == 0;
}

/* The member of the open thread at the cursor that the place is about. */
static void
go_to_member(struct view_list *view, const struct list_place *place)
{
	size_t end = list_next_head(view, view->cursor);
	size_t to = view->cursor;

	for (size_t i = end; i-- > view->cursor + 1;) {
		const struct list_row *row = &view->rows[i].row;

		if (row->placement == place->member) {
			to = i;
			break;
		}
		if (row->message == place->message)
			to = i;
	}
	view->cursor = to;
}

/* Loads the row a message stands in, or where it stood, at line `offset` of
 * the screen; `at_top` keeps the newest rows on the screen if it can. */
static bool
load_place(struct view_list *view, struct store *store,
	const struct list_place *place, size_t offset, bool at_top,
	struct error *err)
{
	struct list_key key = place->key;
	enum found found;

	/* A thread is still the same when its newest message has gone. */
	found = list_locate_conversation(
		store, &view->query, place->conversation, &key, err);
	if (found == NOT_FOUND)
		found = list_locate(
			store, &view->query, place->placement, &key, err);
	if (found == FOUND_ERROR)
		return false;
	if (!list_load_around(view, store, &key, list_page(view) + offset, err))
		return false;
	if (found == FOUND && place->member != 0)
		go_to_member(view, place);
	view->top = view->cursor > offset ? view->cursor - offset : 0;
	if (at_top && view->at_newest && view->cursor < list_page(view))
		view->top = 0;
	list_keep_shown(view);
	return list_settle(view, store, err);
}

/* Row `i` of the window, which may be past its end. */
static struct list_place
place_of(const struct view_list *view, size_t i)
{
	struct list_place place = { .folder = view->query.folder };
	const struct view_row *row;
	const struct view_row *head;

	if (i >= view->n)
		return place;
	row = &view->rows[i];
	head = &view->rows[list_head(view, i)];
	place.conversation = head->row.conversation;
	place.placement = head->row.placement;
	place.key = head->row.key;
	if (row->is_member) {
		place.member = row->row.placement;
		place.message = row->row.message;
		if (row->row.folder == head->row.folder)
			place.placement = row->row.placement;
	}
	return place;
}

struct list_place
view_list_place(const struct view_list *view)
{
	return place_of(view, view->cursor);
}

static void
remember_place(struct view_list *view)
{
	struct list_place place = place_of(view, view->cursor);
	int kept = 0;

	if (place.placement == 0)
		return;
	for (int i = 0; i < view->n_places; i++)
		if (view->places[i].folder != place.folder)
			view->places[kept++] = view->places[i];
	if (kept == LIST_PLACES_MAX) {
		kept--;
		memmove(view->places, view->places + 1,
			(size_t)kept * sizeof(view->places[0]));
	}
	view->places[kept++] = place;
	view->n_places = kept;
}

static void
set_query(struct view_list *view, const struct folder *folder,
	const struct id_array *parts)
{
	/*
	 * While a folder is first filled, its threads come in behind its
	 * messages; until there is a screenful, messages show.
	 */
	bool linked = folder->unlinked == 0 || folder->threads > view->page;

	array_clear(&view->parts);
	for (size_t i = 0; parts && i < parts->n; i++)
		array_push(&view->parts, parts->items[i]);
	view->query = (struct list_query){
		.folder = folder->id,
		.folders = parts ? &view->parts : NULL,
		.threads = view->want_threads && linked,
		.to_shown = folder->role == ROLE_SENT ||
			    folder->role == ROLE_DRAFTS ||
			    folder->role == ROLE_OUTBOX,
	};
}

bool
view_list_show(struct view_list *view, struct store *store,
	const struct folder *folder, const struct id_array *parts,
	struct error *err)
{
	remember_place(view);
	view->n_open = 0;
	view->top = 0;
	if (!folder) {
		list_clear_rows(view);
		view->query = (struct list_query){ .folder = 0 };
		view->cursor = 0;
		return true;
	}
	view->want_threads = true;
	if (folder_view_load(store, folder->id, &view->want_threads, err) ==
		FOUND_ERROR)
		return false;
	set_query(view, folder, parts);
	for (int i = 0; i < view->n_places; i++)
		if (view->places[i].folder == folder->id) {
			struct list_place place = view->places[i];

			return load_place(view, store, &place,
				list_page(view) / 2, true, err);
		}
	return list_load_around(view, store, NULL, 0, err);
}

bool
view_list_reload_at(struct view_list *view, struct store *store,
	const struct folder *folder, const struct id_array *parts,
	const struct list_place *place, struct error *err)
{
	bool at_top = view->top == 0 && view->at_newest;

	set_query(view, folder, parts);
	if (place->placement == 0)
		return list_load_around(view, store, NULL, 0, err);
	return load_place(
		view, store, place, view->cursor - view->top, at_top, err);
}

bool
view_list_reload(struct view_list *view, struct store *store,
	const struct folder *folder, const struct id_array *parts,
	struct error *err)
{
	struct list_place place = place_of(view, view->cursor);

	return view_list_reload_at(view, store, folder, parts, &place, err);
}

/* A message of the conversation that stands in another folder. */
static bool
is_stranger(const struct view_list *view, size_t i)
{
	return view->rows[i].is_member &&
	       view->rows[i].row.folder !=
		       view->rows[list_head(view, i)].row.folder;
}

bool
view_list_after(struct view_list *view, enum list_direction direction,
	bool (*leaves)(const void *ctx, const struct view_list *view, size_t i),
	const void *ctx, struct list_place *ret_place)
{
	size_t at = view->cursor;

	if (at >= view->n)
		return false;
	/* Onwards, and where nothing is left there, back. */
	for (int turn = 0; turn < 2; turn++) {
		size_t i = at;

		while (direction == LIST_OLDER ? ++i < view->n : i-- > 0)
			if (!leaves(ctx, view, i) && !is_stranger(view, i)) {
				*ret_place = place_of(view, i);
				return true;
			}
		/* What is behind the window is nearer than what is above. */
		if (direction == LIST_OLDER && turn == 0 && !view->at_oldest)
			return false;
		direction = direction == LIST_OLDER ? LIST_NEWER : LIST_OLDER;
	}
	return false;
}

bool
view_list_set_threads(struct view_list *view, struct store *store,
	const struct folder *folder, const struct id_array *parts, bool threads,
	struct error *err)
{
	view->want_threads = threads;
	view->n_open = 0;
	return view_list_reload(view, store, folder, parts, err);
}

bool
view_list_holds(const struct view_list *view, int64_t folder)
{
	for (size_t i = 0; i < view->parts.n; i++)
		if (view->parts.items[i] == folder)
			return true;
	return view->query.folder == folder;
}

/* Makes the window reach `by` rows beyond the cursor, where there are. */
static bool
reach(struct view_list *view, struct store *store, int64_t by,
	struct error *err)
{
	while (by > 0 && (int64_t)(view->n - view->cursor) <= by &&
		!view->at_oldest)
		if (!list_extend_older(
			    view, store, (size_t)by + list_page(view), err))
			return false;
	while (by < 0 && (int64_t)view->cursor < -by && !view->at_newest)
		if (!list_extend_newer(
			    view, store, (size_t)-by + list_page(view), err))
			return false;
	return true;
}

static size_t
moved(size_t from, int64_t by, size_t n)
{
	int64_t to = (int64_t)from + by;

	if (to < 0 || n == 0)
		return 0;
	return (uint64_t)to >= n ? n - 1 : (size_t)to;
}

/*
 * Far beyond the window, the rows between are counted and not read.  Where
 * more stands on the screen than the list has (open threads), or less, they are
 * read all the same: `*ret_done` false.
 */
static bool
jump(struct view_list *view, struct store *store, int64_t by, bool *ret_done,
	struct error *err)
{
	bool older = by > 0;
	uint64_t inside = older ? view->n - view->cursor : view->cursor + 1;
	uint64_t rows = (uint64_t)(older ? by : -by);
	struct list_key key;
	uint64_t found;

	*ret_done = false;
	if (view->n == 0 || rows < inside + JUMP_ROWS || view->n_open > 0 ||
		view->overlay.n > 0 ||
		(older ? view->at_oldest : view->at_newest))
		return true;
	/* The window's last row is `inside` - 1 away. */
	if (!list_skip(store, &view->query,
		    &view->rows[older ? view->n - 1 : 0].row.key,
		    older ? LIST_OLDER : LIST_NEWER, rows - inside + 1, &key,
		    &found, err))
		return false;
	*ret_done = found > 0;
	if (found == 0)
		return true;
	view->top = 0;
	if (!list_load_around(view, store, &key,
		    older ? list_page(view) - 1 : list_page(view), err))
		return false;
	if (!older)
		view->top = view->cursor;
	return true;
}

bool
view_list_move(struct view_list *view, struct store *store, int64_t by,
	struct error *err)
{
	bool jumped = false;

	if (!jump(view, store, by, &jumped, err))
		return false;
	if (jumped)
		return list_settle(view, store, err);
	if (!reach(view, store, by, err))
		return false;
	view->cursor = moved(view->cursor, by, view->n);
	list_keep_shown(view);
	return list_settle(view, store, err);
}

bool
view_list_scroll(
	struct view_list *view, struct store *store, int by, struct error *err)
{
	/* The screen's last row must be there, not only the cursor's. */
	int64_t ahead = by > 0 ? by + (int64_t)list_page(view) : by;

	if (!reach(view, store, ahead, err))
		return false;
	view->cursor = moved(view->cursor, by, view->n);
	view->top = moved(view->top, by, view->n);
	list_keep_shown(view);
	return list_settle(view, store, err);
}

bool
view_list_first(struct view_list *view, struct store *store, struct error *err)
{
	view->top = 0;
	if (view->at_newest) {
		view->cursor = 0;
		return list_settle(view, store, err);
	}
	return list_load_around(view, store, NULL, 0, err);
}

bool
view_list_last(struct view_list *view, struct store *store, struct error *err)
{
	struct view_rows rows CLEANUP(list_clear_taken) = { NULL, 0, 0 };
	bool at_newest;

	if (!view->at_oldest) {
		if (!list_read(view, store, NULL, true, LIST_NEWER,
			    2 * list_page(view), &rows, &at_newest, err))
			return false;
		list_clear_rows(view);
		list_insert(view, 0, &rows);
		view->at_newest = at_newest;
		view->at_oldest = true;
	}
	view->cursor = view->n > 0 ? view->n - 1 : 0;
	list_keep_shown(view);
	return list_settle(view, store, err);
}

void
view_list_point(struct view_list *view, int i)
{
	if (view_list_on_screen(view, i))
		view->cursor = view->top + (size_t)i;
}

/* An unread message of the cursor's own open thread, in its direction. */
static bool
next_unread_inside(struct view_list *view, enum list_direction direction)
{
	size_t i = view->cursor;

	if (!view->rows[i].is_member && !view->rows[i].is_open)
		return false;
	while (direction == LIST_OLDER ? i + 1 < view->n : i > 0) {
		i = direction == LIST_OLDER ? i + 1 : i - 1;
		if (!view->rows[i].is_member)
			return false;
		if (view->rows[i].row.unread) {
			view->cursor = i;
			return true;
		}
	}
	return false;
}

enum found
view_list_next_unread(struct view_list *view, struct store *store,
	enum list_direction direction, struct error *err)
{
	struct list_key from;
	struct list_key key;
	enum found found;

	if (view->n == 0)
		return NOT_FOUND;
	if (next_unread_inside(view, direction))
		return list_settle(view, store, err) ? FOUND : FOUND_ERROR;
	from = view->rows[list_head(view, view->cursor)].row.key;
	found = list_find_unread(
		store, &view->query, &from, direction, &key, err);
	if (found != FOUND)
		return found;
	for (size_t i = 0; i < view->n; i++)
		if (!view->rows[i].is_member &&
			view->rows[i].row.key.id == key.id &&
			view->rows[i].row.key.date == key.date) {
			view->cursor = i;
			list_keep_shown(view);
			return list_settle(view, store, err) ? FOUND
							     : FOUND_ERROR;
		}
	if (!list_load_around(view, store, &key, list_page(view), err))
		return FOUND_ERROR;
	view->top = view->cursor > list_page(view) / 2
			    ? view->cursor - list_page(view) / 2
			    : 0;
	return list_settle(view, store, err) ? FOUND : FOUND_ERROR;
}

bool
view_list_can_open(const struct view_list *view)
{
	const struct view_row *row = view_list_at_cursor(view);

	return row && view->query.threads && !row->is_member && !row->is_open &&
	       row->row.conversation != 0 &&
	       (row->row.thread_size > 1 ||
		       row->row.flags.bits & FLAG_ANSWERED);
}

/* Where one reads first: the oldest unread, else the newest of this folder. */
static size_t
first_to_read(const struct view_list *view, const struct view_rows *members)
{
	size_t to = members->n - 1;
	bool found = false;

	for (size_t i = members->n; i-- > 0;) {
		const struct list_row *row = &members->items[i].row;

		if (row->unread ||
			(!found && view_list_holds(view, row->folder)))
			to = i;
		found = found || view_list_holds(view, row->folder);
	}
	return to;
}

bool
view_list_open_thread(
	struct view_list *view, struct store *store, struct error *err)
{
	struct view_rows rows CLEANUP(list_clear_taken) = { NULL, 0, 0 };
	struct view_row *head;
	size_t to;

	if (!view_list_can_open(view))
		return true;
	head = &view->rows[view->cursor];
	if (!list_members(view, &head->row, store, &rows, err))
		return false;
	if (rows.n == 0)
		return true;
	list_set_open(view, head->row.conversation, true);
	head->is_open = true;
	to = view->cursor + 1 + first_to_read(view, &rows);
	list_insert(view, view->cursor + 1, &rows);
	view->cursor = to;
	return list_settle(view, store, err);
}

void
view_list_close_thread(struct view_list *view)
{
	size_t head = list_head(view, view->cursor);
	size_t end;

	if (head >= view->n || !view->rows[head].is_open)
		return;
	end = list_next_head(view, head);
	list_set_open(view, view->rows[head].row.conversation, false);
	view->rows[head].is_open = false;
	list_remove(view, head + 1, end - head - 1);
	view->cursor = head;
	list_keep_shown(view);
}

bool
view_list_set_page(struct view_list *view, struct store *store, int page,
	struct error *err)
{
	view->page = page > 0 ? page : 1;
	list_keep_shown(view);
	return view->query.folder == 0 || list_settle(view, store, err);
}
