/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view_folders.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/slice.h"
#include "config/config.h"

/* Levels that are indented; deeper ones stand below each other. */
enum { DEPTH_MAX = 30 };

ARRAY_OF(folder_lines, struct folder_line);

/*
 * A folder on its way into the tree.  A folder with a role stands at the first
 * level, wherever its server keeps it, and what is below it stands below it:
 * that is its anchor.
 */
struct leaf {
	const struct folder *folder;
	const struct folder *anchor; /* NULL: none, the whole name counts */
};

ARRAY_OF(leaves, struct leaf);

void
view_folders_init(struct view_folders *view)
{
	*view = (struct view_folders){ .page = 1, .folded = map_new(NULL) };
}

static void
clear_line(struct folder_line *line)
{
	free(line->name);
	free(line->path);
}

static void
clear_lines(struct view_folders *view)
{
	for (size_t i = 0; i < view->n; i++)
		clear_line(&view->lines[i]);
	view->n = 0;
}

void
view_folders_clear(struct view_folders *view)
{
	clear_lines(view);
	free(view->lines);
	map_free(view->folded);
	folders_clear(&view->rows);
	account_rows_clear(&view->accounts);
	unified_clear(view->unified);
	*view = (struct view_folders){ .page = 1 };
}

int64_t
folder_unread(const struct folder *folder)
{
	return folder->state != FOLDER_COMPLETE && folder->server_unread >= 0
		       ? folder->server_unread
		       : folder->unread;
}

int64_t
folder_total(const struct folder *folder)
{
	return folder->state != FOLDER_COMPLETE &&
			       folder->server_total > folder->placed
		       ? folder->server_total
		       : folder->placed;
}

static char *
fold_key(int64_t account, const char *path)
{
	return xasprintf("%lld/%s", (long long)account, path);
}

static bool
is_folded(const struct view_folders *view, int64_t account, const char *path)
{
	char *key CLEANUP(freep) = fold_key(account, path);

	return map_get(view->folded, key) != NULL;
}

static void
set_folded(
	struct view_folders *view, const struct folder_line *line, bool folded)
{
	char *key CLEANUP(freep) = fold_key(line->account, line->path);

	if (folded)
		map_put(view->folded, key, view);
	else
		map_remove(view->folded, key);
}

/* Names compare level by level, so that children follow their parent. */
static int
compare_paths(const char *a, const char *b)
{
	for (;; a++, b++) {
		char x = ascii_lower(*a);
		char y = ascii_lower(*b);

		if (x == y && x != '\0')
			continue;
		if (x == y)
			return 0;
		if (x == '\0' || y == '\0')
			return x == '\0' ? -1 : 1;
		if (x == '/' || y == '/')
			return x == '/' ? -1 : 1;
		return (unsigned char)x < (unsigned char)y ? -1 : 1;
	}
}

static int
compare_anchors(const struct folder *a, const struct folder *b)
{
	int x = role_rank(a ? a->role : ROLE_NONE);
	int y = role_rank(b ? b->role : ROLE_NONE);

	if (x != y)
		return x < y ? -1 : 1;
	return a && b ? compare_paths(a->name, b->name) : 0;
}

static int
compare_leaves(const void *a, const void *b)
{
	const struct leaf *x = a;
	const struct leaf *y = b;
	int order = compare_anchors(x->anchor, y->anchor);

	if (order == 0)
		order = compare_paths(x->folder->name, y->folder->name);
	if (order == 0)
		order = strcmp(x->folder->name, y->folder->name);
	return order;
}

/* The folder with a role that this one is, or is below of. */
static const struct folder *
find_anchor(const struct map *by_name, const struct folder *folder)
{
	char *name CLEANUP(freep) = xstrdup(folder->name);
	const struct folder *anchor = map_get(by_name, name);
	char *slash;

	while (!anchor && (slash = strrchr(name, '/'))) {
		*slash = '\0';
		anchor = map_get(by_name, name);
	}
	return anchor;
}

static void
collect_leaves(const struct folders *rows, int64_t account, struct leaves *ret)
{
	struct map *by_name = map_new(NULL);

	for (size_t i = 0; i < rows->n; i++)
		if (rows->items[i].account == account &&
			rows->items[i].role != ROLE_NONE)
			map_put(by_name, rows->items[i].name, &rows->items[i]);
	for (size_t i = 0; i < rows->n; i++) {
		const struct folder *folder = &rows->items[i];

		if (folder->account == account)
			array_push(
				ret, ((struct leaf){ folder,
					     find_anchor(by_name, folder) }));
	}
	map_free(by_name);
	if (ret->n > 1)
		qsort(ret->items, ret->n, sizeof(ret->items[0]),
			compare_leaves);
}

static struct folder_line *
add_line(struct folder_lines *lines, int64_t account, struct slice path,
	size_t name_at, int depth)
{
	struct folder_line *line = array_add(lines);

	line->account = account;
	line->path = xmemdup0(path.data, path.len);
	line->name = xmemdup0(path.data + name_at, path.len - name_at);
	line->depth = depth < DEPTH_MAX ? depth : DEPTH_MAX;
	line->is_open = true;
	return line;
}

/* Whether the deepest open level is this one already. */
static bool
is_last_path(const struct folder_lines *lines, size_t first, struct slice path)
{
	for (size_t i = lines->n; i > first; i--) {
		struct slice last = slice_str(lines->items[i - 1].path);

		if (slice_eq(last, path))
			return true;
		/* Only what stands below it may come between. */
		if (!slice_starts(last, path))
			return false;
	}
	return false;
}

/* The lines of one folder: levels above it that are no folders, then its own.
 */
static void
add_leaf(struct folder_lines *lines, size_t first, const struct leaf *leaf)
{
	const struct folder *folder = leaf->folder;
	struct slice name = slice_str(folder->name);
	size_t start = 0;
	int depth = 1;
	struct folder_line *line;

	if (leaf->anchor == folder) {
		const char *slash = strrchr(folder->name, '/');

		start = slash ? (size_t)(slash - folder->name) + 1 : 0;
	} else if (leaf->anchor) {
		start = strlen(leaf->anchor->name) + 1;
		depth = 2;
	}
	for (size_t i = start; i < name.len && leaf->anchor != folder; i++) {
		if (name.data[i] != '/' || i == start || i + 1 == name.len)
			continue;
		if (!is_last_path(lines, first, slice_head(name, i)))
			add_line(lines, folder->account, slice_head(name, i),
				start, depth);
		start = i + 1;
		depth++;
	}
	line = add_line(lines, folder->account, name, start, depth);
	line->folder = folder->id;
	line->role = folder->role;
	line->selectable = folder->selectable;
	line->own_unread = folder_unread(folder);
}

static void
add_unified(struct view_folders *view, struct folder_lines *lines)
{
	for (size_t i = 0; i < UNIFIED_FOLDERS; i++) {
		const struct folder *folder = &view->unified[i].folder;
		struct folder_line *line;

		if (view->unified[i].of.n == 0)
			continue;
		if (lines->n == 0) {
			line = add_line(lines, 0, SLICE(""), 0, 0);
			str_replace(&line->name, _("All accounts"));
		}
		line = add_line(lines, 0, slice_str(folder->name), 0, 1);
		line->folder = folder->id;
		line->role = folder->role;
		line->selectable = true;
		line->own_unread = folder->unread;
	}
}

static void
add_account(struct view_folders *view, const struct account_row *account,
	struct folder_lines *lines)
{
	struct leaves leaves = { NULL, 0, 0 };
	size_t first = lines->n;
	struct folder_line *line =
		add_line(lines, account->id, SLICE(""), 0, 0);

	str_replace(&line->name, account->name);
	collect_leaves(&view->rows, account->id, &leaves);
	for (size_t i = 0; i < leaves.n; i++)
		add_leaf(lines, first + 1, &leaves.items[i]);
	array_clear(&leaves);
}

/* Takes the lines that show: those under a closed one only add to its count. */
static void
take_shown(struct view_folders *view, struct folder_lines *all)
{
	struct folder_line *closed = NULL;

	/* Lines do not move while one of them is pointed to. */
	view->lines = xreallocarray(
		view->lines, all->n ? all->n : 1, sizeof(view->lines[0]));
	view->n = 0;
	for (size_t i = 0; i < all->n; i++) {
		struct folder_line *line = &all->items[i];

		if (closed && line->depth > closed->depth) {
			closed->unread += line->own_unread;
			clear_line(line);
			continue;
		}
		line->unread = line->own_unread;
		line->has_children =
			i + 1 < all->n && all->items[i + 1].depth > line->depth;
		line->is_open = !line->has_children ||
				!is_folded(view, line->account, line->path);
		view->lines[view->n] = *line;
		closed = line->is_open ? NULL : &view->lines[view->n];
		view->n++;
	}
}

static void
keep_cursor_shown(struct view_folders *view)
{
	size_t page = view->page > 0 ? (size_t)view->page : 1;

	if (view->cursor >= view->n)
		view->cursor = view->n > 0 ? view->n - 1 : 0;
	if (view->cursor < view->top)
		view->top = view->cursor;
	if (view->cursor >= view->top + page)
		view->top = view->cursor - page + 1;
	if (view->top + page > view->n)
		view->top = view->n > page ? view->n - page : 0;
}

/* Makes the lines anew from the rows; the cursor stays on its line, or the
 * nearest above that is left. */
static void
rebuild(struct view_folders *view, const struct config *config)
{
	struct folder_lines all = { NULL, 0, 0 };
	const struct folder_line *at = view_folders_at_cursor(view);
	int64_t account = at ? at->account : 0;
	char *path CLEANUP(freep) = xstrdup(at ? at->path : "");

	add_unified(view, &all);
	for (size_t i = 0; i < config->n_accounts; i++)
		for (size_t k = 0; k < view->accounts.n; k++)
			if (strcmp(view->accounts.items[k].name,
				    config->accounts[i].name) == 0)
				add_account(
					view, &view->accounts.items[k], &all);
	clear_lines(view);
	take_shown(view, &all);
	array_clear(&all);
	for (size_t i = 0; i < view->n; i++)
		if (view->lines[i].account == account &&
			strcmp(view->lines[i].path, path) == 0)
			view->cursor = i;
	keep_cursor_shown(view);
}

/* The store keeps what it has of accounts that are configured no more; nothing
 * shows it or leads there. */
static void
drop_unconfigured(struct folders *rows, const struct account_rows *accounts,
	const struct config *config)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++) {
		if (account_is_configured(
			    config, accounts, rows->items[i].account))
			rows->items[kept++] = rows->items[i];
		else
			folder_clear(&rows->items[i]);
	}
	rows->n = kept;
}

bool
view_folders_load(struct view_folders *view, struct store *store,
	const struct config *config, struct error *err)
{
	struct folders rows = { 0 };
	struct account_rows accounts = { 0 };

	if (!account_load_all(store, &accounts, err))
		return false;
	if (!folder_load_all(store, 0, &rows, err)) {
		account_rows_clear(&accounts);
		return false;
	}
	drop_unconfigured(&rows, &accounts, config);
	account_rows_clear(&view->accounts);
	folders_clear(&view->rows);
	view->accounts = accounts;
	view->rows = rows;
	view->config = config;
	unified_clear(view->unified);
	unified_build(&view->rows, &view->accounts, config, view->unified);
	rebuild(view, config);
	return true;
}

const struct folder_line *
view_folders_at_cursor(const struct view_folders *view)
{
	return view->cursor < view->n ? &view->lines[view->cursor] : NULL;
}

void
view_folders_move(struct view_folders *view, int64_t by)
{
	int64_t to = (int64_t)view->cursor + by;
	int64_t last = view->n > 0 ? (int64_t)view->n - 1 : 0;

	view->cursor = (size_t)(to < 0 ? 0 : to > last ? last : to);
	keep_cursor_shown(view);
}

void
view_folders_set_cursor(struct view_folders *view, size_t line)
{
	view->cursor = line;
	keep_cursor_shown(view);
}

static bool
find_line(struct view_folders *view, int64_t folder)
{
	for (size_t i = 0; i < view->n; i++)
		if (view->lines[i].folder == folder) {
			view_folders_set_cursor(view, i);
			return true;
		}
	return false;
}

bool
view_folders_select(struct view_folders *view, int64_t folder)
{
	const struct folder *row = view_folders_find(view, folder);

	if (!row)
		return false;
	if (find_line(view, folder))
		return true;
	/* It is behind a closed line: open those its name begins with. */
	for (size_t i = 0; i < view->n; i++) {
		const struct folder_line *line = &view->lines[i];
		size_t len = strlen(line->path);

		if (line->account == row->account &&
			strncmp(line->path, row->name, len) == 0 &&
			(len == 0 || row->name[len] == '/')) {
			set_folded(view, line, false);
			rebuild(view, view->config);
		}
	}
	return find_line(view, folder);
}

void
view_folders_toggle(struct view_folders *view)
{
	size_t i = view->cursor;

	if (i >= view->n)
		return;
	/* A line without children closes the one it stands under. */
	while (i > 0 && !view->lines[i].has_children &&
		view->lines[i].depth > 0) {
		int depth = view->lines[i].depth;

		while (i > 0 && view->lines[i].depth >= depth)
			i--;
	}
	view->cursor = i;
	set_folded(view, &view->lines[i], view->lines[i].is_open);
	rebuild(view, view->config);
}

void
view_folders_set_page(struct view_folders *view, int page)
{
	view->page = page > 0 ? page : 1;
	keep_cursor_shown(view);
}

int64_t
view_folders_neighbour(
	const struct view_folders *view, int64_t folder, int direction)
{
	int64_t before = 0;
	bool passed = false;

	for (size_t i = 0; i < view->n; i++) {
		const struct folder_line *line = &view->lines[i];

		if (line->folder == folder && folder != 0) {
			if (direction < 0)
				return before;
			passed = true;
		} else if (line->folder != 0 && line->selectable) {
			if (passed)
				return line->folder;
			before = line->folder;
		}
	}
	return 0;
}

/* The line of the account of that name, else the first there is. */
static const struct folder_line *
account_line(const struct view_folders *view, const char *name)
{
	const struct folder_line *first = NULL;

	for (size_t i = 0; i < view->n; i++) {
		const struct folder_line *line = &view->lines[i];

		if (line->depth != 0 || line->account == 0)
			continue;
		if (!first || (name && strcmp(line->name, name) == 0))
			first = line;
	}
	return first;
}

int64_t
view_folders_first(const struct view_folders *view, const char *account)
{
	const struct folder_line *line = account_line(view, account);
	int64_t first = 0;

	for (size_t i = 0; line && i < view->rows.n; i++) {
		const struct folder *folder = &view->rows.items[i];

		if (!folder->selectable || folder->account != line->account)
			continue;
		if (folder->role == ROLE_INBOX)
			return folder->id;
		if (first == 0)
			first = folder->id;
	}
	for (size_t i = 0; first == 0 && i < view->n; i++)
		if (view->lines[i].selectable)
			first = view->lines[i].folder;
	return first;
}

const struct folder *
view_folders_find(const struct view_folders *view, int64_t folder)
{
	for (size_t i = 0; folder < 0 && i < UNIFIED_FOLDERS; i++)
		if (view->unified[i].folder.id == folder &&
			view->unified[i].of.n > 0)
			return &view->unified[i].folder;
	for (size_t i = 0; i < view->rows.n; i++)
		if (view->rows.items[i].id == folder)
			return &view->rows.items[i];
	return NULL;
}

const struct id_array *
view_folders_parts(const struct view_folders *view, int64_t folder)
{
	for (size_t i = 0; folder < 0 && i < UNIFIED_FOLDERS; i++)
		if (view->unified[i].folder.id == folder)
			return &view->unified[i].of;
	return NULL;
}

bool
view_folders_holds(
	const struct view_folders *view, int64_t shown, int64_t folder)
{
	const struct id_array *parts = view_folders_parts(view, shown);

	for (size_t i = 0; parts && i < parts->n; i++)
		if (parts->items[i] == folder)
			return true;
	return shown == folder;
}

const struct account_row *
view_folders_account(const struct view_folders *view, int64_t account)
{
	for (size_t i = 0; i < view->accounts.n; i++)
		if (view->accounts.items[i].id == account)
			return &view->accounts.items[i];
	return NULL;
}
