/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"

/*
 * The window holds at least a screen more than is shown on each side, where
 * there is as much, and is cut when it holds more than WINDOW_SCREENS.
 */
enum { WINDOW_SCREENS = 8, WINDOW_MIN = 100 };

ARRAY_OF(view_rows, struct view_row);

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

static void
clear_rows(struct view_list *view)
{
	for (size_t i = 0; i < view->n; i++)
		list_row_clear(&view->rows[i].row);
	view->n = 0;
}

void
view_list_clear(struct view_list *view)
{
	clear_rows(view);
	free(view->rows);
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

static size_t
page_of(const struct view_list *view)
{
	return view->page > 0 ? (size_t)view->page : 1;
}

static bool
is_open(const struct view_list *view, int64_t conversation)
{
	for (int i = 0; i < view->n_open; i++)
		if (view->open[i] == conversation && conversation != 0)
			return true;
	return false;
}

static void
set_open(struct view_list *view, int64_t conversation, bool open)
{
	int kept = 0;

	for (int i = 0; i < view->n_open; i++)
		if (view->open[i] != conversation)
			view->open[kept++] = view->open[i];
	/* One too many closes the one opened first. */
	if (open && kept == LIST_OPEN_MAX) {
		memmove(view->open, view->open + 1,
			sizeof(view->open) - sizeof(view->open[0]));
		kept--;
	}
	if (open)
		view->open[kept++] = conversation;
	view->n_open = kept;
}

/* The row of the list a row of the window belongs to. */
static size_t
head_of(const struct view_list *view, size_t i)
{
	while (i > 0 && view->rows[i].is_member)
		i--;
	return i;
}

/* The next row of the list behind a row of the window. */
static size_t
next_head(const struct view_list *view, size_t i)
{
	for (i++; i < view->n && view->rows[i].is_member;)
		i++;
	return i;
}

/* Takes the rows over and puts the members of open threads behind them. */
static bool
expand(const struct view_list *view, struct store *store,
	struct list_rows *rows, struct view_rows *ret, struct error *err)
{
	for (size_t i = 0; i < rows->n; i++) {
		struct view_row *head = array_add(ret);
		struct list_rows members = { 0 };
		int64_t conversation = rows->items[i].conversation;
		bool open = view->query.threads &&
			    is_open(view, conversation) &&
			    rows->items[i].thread_size > 1;

		head->row = rows->items[i];
		head->is_open = open;
		memset(&rows->items[i], 0, sizeof(rows->items[i]));
		if (!open)
			continue;
		if (!list_load_thread(
			    store, &view->query, conversation, &members, err))
			return false;
		for (size_t k = 0; k < members.n; k++) {
			struct view_row *row = array_add(ret);

			row->row = members.items[k];
			row->is_member = true;
		}
		members.n = 0;
		list_rows_clear(&members);
	}
	return true;
}

/* Reads rows beside a key, ready for the window. */
static bool
read_rows(const struct view_list *view, struct store *store,
	const struct list_key *from, bool inclusive,
	enum list_direction direction, size_t max, struct view_rows *ret,
	bool *ret_end, struct error *err)
{
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };

	if (max > LIST_ROWS_MAX)
		max = LIST_ROWS_MAX;
	if (!list_load(store, &view->query, from, inclusive, direction, max,
		    &rows, err))
		return false;
	*ret_end = rows.n < max;
	return expand(view, store, &rows, ret, err);
}

static void
clear_view_rows(struct view_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		list_row_clear(&rows->items[i].row);
	array_clear(rows);
}

/* Puts rows into the window at `at`, taking them. */
static void
insert_rows(struct view_list *view, size_t at, struct view_rows *rows)
{
	size_t n = view->n + rows->n;

	if (n > view->cap) {
		view->cap = n;
		view->rows = xreallocarray(
			view->rows, view->cap, sizeof(view->rows[0]));
	}
	if (rows->n > 0) {
		memmove(view->rows + at + rows->n, view->rows + at,
			(view->n - at) * sizeof(view->rows[0]));
		memcpy(view->rows + at, rows->items,
			rows->n * sizeof(view->rows[0]));
	}
	view->n = n;
	array_clear(rows);
}

static void
remove_rows(struct view_list *view, size_t at, size_t n)
{
	for (size_t i = at; i < at + n; i++)
		list_row_clear(&view->rows[i].row);
	memmove(view->rows + at, view->rows + at + n,
		(view->n - at - n) * sizeof(view->rows[0]));
	view->n -= n;
}

static bool
extend_older(struct view_list *view, struct store *store, size_t max,
	struct error *err)
{
	struct view_rows rows CLEANUP(clear_view_rows) = { NULL, 0, 0 };
	struct list_key from;

	if (view->n == 0)
		return true;
	from = view->rows[head_of(view, view->n - 1)].row.key;
	if (!read_rows(view, store, &from, false, LIST_OLDER, max, &rows,
		    &view->at_oldest, err))
		return false;
	insert_rows(view, view->n, &rows);
	return true;
}

static bool
extend_newer(struct view_list *view, struct store *store, size_t max,
	struct error *err)
{
	struct view_rows rows CLEANUP(clear_view_rows) = { NULL, 0, 0 };
	struct list_key from;
	size_t n;

	if (view->n == 0)
		return true;
	from = view->rows[0].row.key;
	if (!read_rows(view, store, &from, false, LIST_NEWER, max, &rows,
		    &view->at_newest, err))
		return false;
	n = rows.n;
	insert_rows(view, 0, &rows);
	view->cursor += n;
	view->top += n;
	return true;
}

/* Drops what lies far from the screen, whole threads at a time. */
static void
cut_window(struct view_list *view)
{
	size_t page = page_of(view);
	size_t most = page * WINDOW_SCREENS;
	size_t keep = most / 3;
	size_t cut;

	if (most < WINDOW_MIN)
		most = WINDOW_MIN;
	if (view->n <= most)
		return;
	if (view->top > keep + page) {
		cut = head_of(view, view->top - keep);
		remove_rows(view, 0, cut);
		view->top -= cut;
		view->cursor -= cut;
		view->at_newest = view->at_newest && cut == 0;
	}
	cut = view->top + page + keep;
	if (cut < view->n && (cut = next_head(view, cut)) < view->n) {
		remove_rows(view, cut, view->n - cut);
		view->at_oldest = false;
	}
}

static void
keep_cursor_shown(struct view_list *view)
{
	size_t page = page_of(view);

	if (view->cursor >= view->n)
		view->cursor = view->n > 0 ? view->n - 1 : 0;
	if (view->cursor < view->top)
		view->top = view->cursor;
	if (view->cursor >= view->top + page)
		view->top = view->cursor - page + 1;
	if (view->top + page > view->n)
		view->top = view->n > page ? view->n - page : 0;
}

/* After the cursor or the screen moved. */
static bool
settle(struct view_list *view, struct store *store, struct error *err)
{
	size_t page = page_of(view);

	if (view->top < page && !view->at_newest &&
		!extend_newer(view, store, 2 * page, err))
		return false;
	if (view->top + 2 * page > view->n && !view->at_oldest &&
		!extend_older(view, store, 2 * page, err))
		return false;
	keep_cursor_shown(view);
	cut_window(view);
	return true;
}

/* Fills the window around a key; the cursor is on its row or the next older. */
static bool
load_around(struct view_list *view, struct store *store,
	const struct list_key *key, size_t above, struct error *err)
{
	struct view_rows newer CLEANUP(clear_view_rows) = { NULL, 0, 0 };
	struct view_rows older CLEANUP(clear_view_rows) = { NULL, 0, 0 };
	bool at_newest = true;
	bool at_oldest = true;
	size_t page = page_of(view);

	if (key && above > 0 &&
		!read_rows(view, store, key, false, LIST_NEWER, above, &newer,
			&at_newest, err))
		return false;
	if (!read_rows(view, store, key, true, LIST_OLDER, 2 * page, &older,
		    &at_oldest, err))
		return false;
	clear_rows(view);
	view->cursor = newer.n;
	insert_rows(view, 0, &newer);
	insert_rows(view, view->n, &older);
	view->at_newest = at_newest;
	view->at_oldest = at_oldest;
	keep_cursor_shown(view);
	return true;
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

	found = list_locate(store, &view->query, place->placement, &key, err);
	if (found == FOUND_ERROR)
		return false;
	if (!load_around(view, store, &key, page_of(view) + offset, err))
		return false;
	for (size_t i = view->cursor;
		found == FOUND && i < view->n &&
		(i == view->cursor || view->rows[i].is_member);
		i++)
		if (view->rows[i].is_member &&
			view->rows[i].row.placement == place->placement)
			view->cursor = i;
	view->top = view->cursor > offset ? view->cursor - offset : 0;
	if (at_top && view->at_newest && view->cursor < page_of(view))
		view->top = 0;
	keep_cursor_shown(view);
	return settle(view, store, err);
}

static struct list_place
place_of(const struct view_list *view)
{
	const struct view_row *row = view_list_at_cursor(view);
	struct list_place place = { .folder = view->query.folder };

	if (row) {
		place.placement = row->row.placement;
		place.key = view->rows[head_of(view, view->cursor)].row.key;
	}
	return place;
}

static void
remember_place(struct view_list *view)
{
	struct list_place place = place_of(view);
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
set_query(struct view_list *view, const struct folder *folder)
{
	/*
	 * While a folder is first filled, its threads come in behind its
	 * messages; until there is a screenful, messages show.
	 */
	bool linked = folder->unlinked == 0 || folder->threads > view->page;

	view->query = (struct list_query){
		.folder = folder->id,
		.threads = view->want_threads && linked,
		.to_shown = folder->role == ROLE_SENT ||
			    folder->role == ROLE_DRAFTS ||
			    folder->role == ROLE_OUTBOX,
	};
}

bool
view_list_show(struct view_list *view, struct store *store,
	const struct folder *folder, struct error *err)
{
	remember_place(view);
	view->n_open = 0;
	view->top = 0;
	if (!folder) {
		clear_rows(view);
		view->query = (struct list_query){ .folder = 0 };
		view->cursor = 0;
		return true;
	}
	set_query(view, folder);
	for (int i = 0; i < view->n_places; i++)
		if (view->places[i].folder == folder->id) {
			struct list_place place = view->places[i];

			return load_place(view, store, &place,
				page_of(view) / 2, true, err);
		}
	return load_around(view, store, NULL, 0, err);
}

bool
view_list_reload(struct view_list *view, struct store *store,
	const struct folder *folder, struct error *err)
{
	struct list_place place = place_of(view);
	bool at_top = view->top == 0 && view->at_newest;

	set_query(view, folder);
	if (place.placement == 0)
		return load_around(view, store, NULL, 0, err);
	return load_place(
		view, store, &place, view->cursor - view->top, at_top, err);
}

bool
view_list_set_threads(struct view_list *view, struct store *store,
	const struct folder *folder, bool threads, struct error *err)
{
	view->want_threads = threads;
	view->n_open = 0;
	return view_list_reload(view, store, folder, err);
}

/* Makes the window reach `by` rows beyond the cursor, where there are. */
static bool
reach(struct view_list *view, struct store *store, int64_t by,
	struct error *err)
{
	while (by > 0 && (int64_t)(view->n - view->cursor) <= by &&
		!view->at_oldest)
		if (!extend_older(view, store, (size_t)by + page_of(view), err))
			return false;
	while (by < 0 && (int64_t)view->cursor < -by && !view->at_newest)
		if (!extend_newer(
			    view, store, (size_t)-by + page_of(view), err))
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

bool
view_list_move(struct view_list *view, struct store *store, int64_t by,
	struct error *err)
{
	if (!reach(view, store, by, err))
		return false;
	view->cursor = moved(view->cursor, by, view->n);
	keep_cursor_shown(view);
	return settle(view, store, err);
}

bool
view_list_scroll(
	struct view_list *view, struct store *store, int by, struct error *err)
{
	/* The screen's last row must be there, not only the cursor's. */
	int64_t ahead = by > 0 ? by + (int64_t)page_of(view) : by;

	if (!reach(view, store, ahead, err))
		return false;
	view->cursor = moved(view->cursor, by, view->n);
	view->top = moved(view->top, by, view->n);
	keep_cursor_shown(view);
	return settle(view, store, err);
}

bool
view_list_first(struct view_list *view, struct store *store, struct error *err)
{
	view->top = 0;
	if (view->at_newest) {
		view->cursor = 0;
		return settle(view, store, err);
	}
	return load_around(view, store, NULL, 0, err);
}

bool
view_list_last(struct view_list *view, struct store *store, struct error *err)
{
	struct view_rows rows CLEANUP(clear_view_rows) = { NULL, 0, 0 };
	bool at_newest;

	if (!view->at_oldest) {
		if (!read_rows(view, store, NULL, true, LIST_NEWER,
			    2 * page_of(view), &rows, &at_newest, err))
			return false;
		clear_rows(view);
		insert_rows(view, 0, &rows);
		view->at_newest = at_newest;
		view->at_oldest = true;
	}
	view->cursor = view->n > 0 ? view->n - 1 : 0;
	keep_cursor_shown(view);
	return settle(view, store, err);
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
		return settle(view, store, err) ? FOUND : FOUND_ERROR;
	from = view->rows[head_of(view, view->cursor)].row.key;
	found = list_find_unread(
		store, &view->query, &from, direction, &key, err);
	if (found != FOUND)
		return found;
	for (size_t i = 0; i < view->n; i++)
		if (!view->rows[i].is_member &&
			view->rows[i].row.key.id == key.id &&
			view->rows[i].row.key.date == key.date) {
			view->cursor = i;
			keep_cursor_shown(view);
			return settle(view, store, err) ? FOUND : FOUND_ERROR;
		}
	if (!load_around(view, store, &key, page_of(view), err))
		return FOUND_ERROR;
	view->top = view->cursor > page_of(view) / 2
			    ? view->cursor - page_of(view) / 2
			    : 0;
	return settle(view, store, err) ? FOUND : FOUND_ERROR;
}

bool
view_list_can_open(const struct view_list *view)
{
	const struct view_row *row = view_list_at_cursor(view);

	return row && view->query.threads && !row->is_member && !row->is_open &&
	       row->row.thread_size > 1 && row->row.conversation != 0;
}

bool
view_list_open_thread(
	struct view_list *view, struct store *store, struct error *err)
{
	struct view_rows rows CLEANUP(clear_view_rows) = { NULL, 0, 0 };
	struct list_rows members = { 0 };
	struct view_row *head;
	size_t to;

	if (!view_list_can_open(view))
		return true;
	head = &view->rows[view->cursor];
	if (!list_load_thread(
		    store, &view->query, head->row.conversation, &members, err))
		return false;
	set_open(view, head->row.conversation, true);
	head->is_open = true;
	to = members.n > 0 ? members.n - 1 : 0;
	for (size_t i = members.n; i-- > 0;)
		if (members.items[i].unread)
			to = i;
	for (size_t i = 0; i < members.n; i++) {
		struct view_row *row = array_add(&rows);

		row->row = members.items[i];
		row->is_member = true;
	}
	to += view->cursor + (members.n > 0);
	members.n = 0;
	list_rows_clear(&members);
	insert_rows(view, view->cursor + 1, &rows);
	view->cursor = to;
	return settle(view, store, err);
}

void
view_list_close_thread(struct view_list *view)
{
	size_t head = head_of(view, view->cursor);
	size_t end;

	if (head >= view->n || !view->rows[head].is_open)
		return;
	end = next_head(view, head);
	set_open(view, view->rows[head].row.conversation, false);
	view->rows[head].is_open = false;
	remove_rows(view, head + 1, end - head - 1);
	view->cursor = head;
	keep_cursor_shown(view);
}

bool
view_list_set_page(struct view_list *view, struct store *store, int page,
	struct error *err)
{
	view->page = page > 0 ? page : 1;
	keep_cursor_shown(view);
	return view->query.folder == 0 || settle(view, store, err);
}
