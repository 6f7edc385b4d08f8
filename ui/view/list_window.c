/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows around the cursor: read, extended, cut. */
#include <stdlib.h>
#include <string.h>

#include "view/list_private.h"

/*
 * The window holds at least a screen more than is shown on each side, where
 * there is as much, and is cut when it holds more than WINDOW_SCREENS.
 */
enum { WINDOW_SCREENS = 8, WINDOW_MIN = 100 };

void
list_clear_rows(struct view_list *view)
{
	for (size_t i = 0; i < view->n; i++)
		list_row_clear(&view->rows[i].row);
	view->n = 0;
}

size_t
list_page(const struct view_list *view)
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

void
list_set_open(struct view_list *view, int64_t conversation, bool open)
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
size_t
list_head(const struct view_list *view, size_t i)
{
	while (i > 0 && view->rows[i].is_member)
		i--;
	return i;
}

/* The next row of the list behind a row of the window. */
size_t
list_next_head(const struct view_list *view, size_t i)
{
	for (i++; i < view->n && view->rows[i].is_member;)
		i++;
	return i;
}

bool
list_members(const struct list_row *head, struct store *store,
	struct view_rows *ret, struct error *err)
{
	struct list_rows members = { 0 };

	if (head->conversation == 0)
		return true;
	if (!list_load_conversation(
		    store, head->account, head->conversation, &members, err))
		return false;
	/* One alone is the row itself. */
	for (size_t i = 0; i < members.n && members.n > 1; i++) {
		struct view_row *row = array_add(ret);

		row->row = members.items[i];
		row->is_member = true;
		memset(&members.items[i], 0, sizeof(members.items[i]));
	}
	list_rows_clear(&members);
	return true;
}

/* Takes the rows over and puts the members of open threads behind them. */
static bool
expand(const struct view_list *view, struct store *store,
	struct list_rows *rows, struct view_rows *ret, struct error *err)
{
	for (size_t i = 0; i < rows->n; i++) {
		size_t at = ret->n;
		struct view_row *head = array_add(ret);

		head->row = rows->items[i];
		memset(&rows->items[i], 0, sizeof(rows->items[i]));
		if (!view->query.threads ||
			!is_open(view, head->row.conversation))
			continue;
		if (!list_members(&head->row, store, ret, err))
			return false;
		ret->items[at].is_open = ret->n > at + 1;
	}
	return true;
}

/* Reads rows beside a key, ready for the window. */
bool
list_read(const struct view_list *view, struct store *store,
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

void
list_clear_taken(struct view_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		list_row_clear(&rows->items[i].row);
	array_clear(rows);
}

/* Puts rows into the window at `at`, taking them. */
void
list_insert(struct view_list *view, size_t at, struct view_rows *rows)
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

void
list_remove(struct view_list *view, size_t at, size_t n)
{
	for (size_t i = at; i < at + n; i++)
		list_row_clear(&view->rows[i].row);
	memmove(view->rows + at, view->rows + at + n,
		(view->n - at - n) * sizeof(view->rows[0]));
	view->n -= n;
}

bool
list_extend_older(struct view_list *view, struct store *store, size_t max,
	struct error *err)
{
	struct view_rows rows CLEANUP(list_clear_taken) = { NULL, 0, 0 };
	struct list_key from;

	if (view->n == 0)
		return true;
	from = view->rows[list_head(view, view->n - 1)].row.key;
	if (!list_read(view, store, &from, false, LIST_OLDER, max, &rows,
		    &view->at_oldest, err))
		return false;
	list_insert(view, view->n, &rows);
	return true;
}

bool
list_extend_newer(struct view_list *view, struct store *store, size_t max,
	struct error *err)
{
	struct view_rows rows CLEANUP(list_clear_taken) = { NULL, 0, 0 };
	struct list_key from;
	size_t n;

	if (view->n == 0)
		return true;
	from = view->rows[0].row.key;
	if (!list_read(view, store, &from, false, LIST_NEWER, max, &rows,
		    &view->at_newest, err))
		return false;
	n = rows.n;
	list_insert(view, 0, &rows);
	view->cursor += n;
	view->top += n;
	return true;
}

/* Drops what lies far from the screen, whole threads at a time. */
static void
cut_window(struct view_list *view)
{
	size_t page = list_page(view);
	size_t most = page * WINDOW_SCREENS;
	size_t keep = most / 3;
	size_t cut;

	if (most < WINDOW_MIN)
		most = WINDOW_MIN;
	if (view->n <= most)
		return;
	if (view->top > keep + page) {
		cut = list_head(view, view->top - keep);
		list_remove(view, 0, cut);
		view->top -= cut;
		view->cursor -= cut;
		view->at_newest = view->at_newest && cut == 0;
	}
	cut = view->top + page + keep;
	if (cut < view->n && (cut = list_next_head(view, cut)) < view->n) {
		list_remove(view, cut, view->n - cut);
		view->at_oldest = false;
	}
}

void
list_keep_shown(struct view_list *view)
{
	size_t page = list_page(view);

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
bool
list_settle(struct view_list *view, struct store *store, struct error *err)
{
	size_t page = list_page(view);

	if (view->top < page && !view->at_newest &&
		!list_extend_newer(view, store, 2 * page, err))
		return false;
	if (view->top + 2 * page > view->n && !view->at_oldest &&
		!list_extend_older(view, store, 2 * page, err))
		return false;
	list_keep_shown(view);
	cut_window(view);
	return true;
}

/* Fills the window around a key; the cursor is on its row or the next older. */
bool
list_load_around(struct view_list *view, struct store *store,
	const struct list_key *key, size_t above, struct error *err)
{
	struct view_rows newer CLEANUP(list_clear_taken) = { NULL, 0, 0 };
	struct view_rows older CLEANUP(list_clear_taken) = { NULL, 0, 0 };
	bool at_newest = true;
	bool at_oldest = true;
	size_t page = list_page(view);

	if (key && above > 0 &&
		!list_read(view, store, key, false, LIST_NEWER, above, &newer,
			&at_newest, err))
		return false;
	if (!list_read(view, store, key, true, LIST_OLDER, 2 * page, &older,
		    &at_oldest, err))
		return false;
	list_clear_rows(view);
	view->cursor = newer.n;
	list_insert(view, 0, &newer);
	list_insert(view, view->n, &older);
	view->at_newest = at_newest;
	view->at_oldest = at_oldest;
	list_keep_shown(view);
	return true;
}
