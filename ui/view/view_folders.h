/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the folder pane shows: accounts, and each account's folders as a tree,
 * those with a role first.  A folder keeps its place and the cursor its folder
 * when the tree is read again.
 */
#ifndef TERCET_UI_VIEW_VIEW_FOLDERS_H
#define TERCET_UI_VIEW_VIEW_FOLDERS_H

#include "base/map.h"
#include "store/account.h"
#include "store/folder.h"
#include "view/unified.h"

struct config;

/* One line of the pane. */
struct folder_line {
	int64_t account;
	int64_t folder; /* 0: an account, or a level that is no folder; below 0:
			   over all accounts */
	char *name;     /* the last level of the folder's name */
	char *path;     /* the whole; "" for an account's line */
	int depth;      /* of accounts 0 */
	enum folder_role role;
	bool selectable;
	bool has_children;
	bool is_open;   /* children are shown */
	int64_t unread; /* of a closed line: with its children's */
	int64_t own_unread;
};

struct view_folders {
	struct folder_line *lines;
	size_t n;
	size_t cursor;
	size_t top;         /* the first line on the screen */
	int page;           /* lines on the screen */
	struct map *folded; /* "account/path" of closed lines */
	struct folders rows;
	struct account_rows accounts;
	struct unified unified[UNIFIED_FOLDERS];
	const struct config *config; /* borrowed, of the last load */
};

void view_folders_init(struct view_folders *view);
void view_folders_clear(struct view_folders *view);

/* Reads accounts and folders again; accounts stand in the configuration's
 * order, those it no longer names are left out. */
MUST_CHECK bool view_folders_load(struct view_folders *view,
	struct store *store, const struct config *config, struct error *err);

/* NULL while there are none. */
const struct folder_line *view_folders_at_cursor(
	const struct view_folders *view);
void view_folders_move(struct view_folders *view, int64_t by);
void view_folders_set_cursor(struct view_folders *view, size_t line);
/* Opens what hides it and goes there; false when it is not in the tree. */
bool view_folders_select(struct view_folders *view, int64_t folder);
/* Closes or opens the line at the cursor, or the one it stands under. */
void view_folders_toggle(struct view_folders *view);
/* Lines that fit; keeps the cursor among them. */
void view_folders_set_page(struct view_folders *view, int page);

/* The folder after (or, -1, before) this one that can be opened, as the tree
 * shows it; 0 when there is none. */
int64_t view_folders_neighbour(
	const struct view_folders *view, int64_t folder, int direction);
/* The inbox of the account of that name (NULL: the first), else whatever can
 * be opened; 0: nothing. */
int64_t view_folders_first(
	const struct view_folders *view, const char *account);

/* The loaded rows, and the folders over all accounts; NULL when unknown. */
const struct folder *view_folders_find(
	const struct view_folders *view, int64_t folder);
/* What a folder over all accounts is made of; NULL for any other. */
const struct id_array *view_folders_parts(
	const struct view_folders *view, int64_t folder);
/* Whether `folder` is `shown`, or a part of it. */
bool view_folders_holds(
	const struct view_folders *view, int64_t shown, int64_t folder);
const struct account_row *view_folders_account(
	const struct view_folders *view, int64_t account);
/* Unread and all messages, by the server's word while ours is incomplete. */
int64_t folder_unread(const struct folder *folder);
int64_t folder_total(const struct folder *folder);

#endif /* TERCET_UI_VIEW_VIEW_FOLDERS_H */
