/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows around the cursor: read, extended, cut. */
#include <stdlib.h>
#include <string.h>

#include "store/pick.h"
#include "view/list_private.h"

/*
 * The window holds at least a screen more than is shown on each side, where
 * there is as much, and is cut when it holds more than WINDOW_SCREENS.
 */
enum { WINDOW_SCREENS = 8, WINDOW_MIN = 100 };

/* Hidden rows that are passed over at once. */
enum { SKIP_ROWS = 1000 };

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

/* What of a conversation lies in the Trash or the Junk shows there only. */
static bool
is_put_away(const struct list_row *head, const struct list_row *row)
{
	return row->folder != head->folder &&
	       (row->role == ROLE_TRASH || row->role == ROLE_JUNK);
}

bool
list_members(const struct view_list *view, const struct list_row *head,
	struct store *store, struct view_rows *ret, struct error *err)
{
	struct list_rows members = { 0 };
	size_t before = ret->n;

	if (head->conversation == 0)
		return true;
	if (!list_load_conversation(
		    store, head->account, head->conversation, &members, err))
		return false;
	for (size_t i = 0; i < members.n; i++) {
		struct view_row *row;

		if (is_put_away(head, &members.items[i]))
			continue;
		row = array_add(ret);
		row->row = members.items[i];
		row->is_member = true;
		(void)overlay_cover(&view->overlay, &row->row, false);
		memset(&members.items[i], 0, sizeof(members.items[i]));
	}
	/* One alone is the row itself. */
	if (ret->n == before + 1) {
		list_row_clear(&ret->items[before].row);
		ret->n = before;
	}
	list_rows_clear(&members);
	return true;
}

/* Takes those out that the overlay hides; the others look as it says. */
static void
cover(const struct view_list *view, struct list_rows *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++) {
		if (overlay_cover(&view->overlay, &rows->items[i],
			    view->query.threads)) {
			list_row_clear(&rows->items[i]);
			continue;
		}
		if (kept != i)
			rows->items[kept] = rows->items[i];
		kept++;
	}
	rows->n = kept;
}

/* The next row that is not hidden, however many are: `*key` is its, or the
 * last one's, and `*ret_end` that there is none. */
static bool
skip_hidden(const struct view_list *view, struct store *store,
	struct list_key *key, enum list_direction direction, bool *ret_end,
	struct error *err)
{
	*ret_end = false;
	for (;;) {
		struct pick_keys keys = { NULL, 0, 0 };
		bool good = pick_load_keys(store, &view->query, key, false,
			direction, SKIP_ROWS, &keys, err);
		size_t i = 0;
		bool found;

		while (i < keys.n &&
			overlay_hides(&view->overlay, view->query.folder,
				view->query.threads, keys.items[i].id))
			i++;
		found = i < keys.n;
		if (found)
			*key = keys.items[i].key;
		else if (keys.n > 0)
			*key = keys.items[keys.n - 1].key;
		*ret_end = !found && keys.n < SKIP_ROWS;
		array_clear(&keys);
		if (!good || found || *ret_end)
			return good;
	}
}

/* Rows in front of or behind others. */
static void
join(struct list_rows *rows, struct list_rows *more, bool older)
{
	struct list_rows *first = older ? rows : more;
	struct list_rows *last = older ? more : rows;

	for (size_t i = 0; i < last->n; i++)
		array_push(first, last->items[i]);
	last->n = 0;
	if (!older) {
		struct list_rows other = *rows;

		*rows = *more;
		*more = other;
	}
}

/* As list_load(), without what the overlay hides. */
static bool
load_shown(const struct view_list *view, struct store *store,
	const struct list_key *from, bool inclusive,
	enum list_direction direction, size_t max, struct list_rows *rows,
	bool *ret_end, struct error *err)
{
	struct list_key at = from ? *from : (struct list_key){ 0, 0 };
	bool older = direction == LIST_OLDER;

	for (;;) {
		struct list_rows more CLEANUP(list_rows_clear) = { 0 };
		size_t wanted = max - rows->n;

		if (!list_load(store, &view->query, from, inclusive, direction,
			    wanted, &more, err))
			return false;
		*ret_end = more.n < wanted;
		if (more.n > 0)
			at = more.items[older ? more.n - 1 : 0].key;
		cover(view, &more);
		join(rows, &more, older);
		if (*ret_end || rows->n == max)
			return true;
		from = &at;
		inclusive = false;
		if (view->query.folders)
			continue;
		if (!skip_hidden(view, store, &at, direction, ret_end, err))
			return false;
		if (*ret_end)
			return true;
		inclusive = true;
	}
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
		if (!list_members(view, &head->row, store, ret, err))
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
	if (!load_shown(view, store, from, inclusive, direction, max, &rows,
		    ret_end, err))
		return false;
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
