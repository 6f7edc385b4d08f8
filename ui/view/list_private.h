/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the list's model share: the window of rows. */
#ifndef TERCET_UI_VIEW_LIST_PRIVATE_H
#define TERCET_UI_VIEW_LIST_PRIVATE_H

#include "base/array.h"
#include "view/view_list.h"

ARRAY_OF(view_rows, struct view_row);

/* Rows on the screen, at least 1. */
size_t list_page(const struct view_list *view);
/* The row of the list that a row of the window belongs to, and the next one
 * behind it (`n` past the last). */
size_t list_head(const struct view_list *view, size_t i);
size_t list_next_head(const struct view_list *view, size_t i);
/* Remembers a thread as open or closed; the window is the caller's. */
void list_set_open(struct view_list *view, int64_t conversation, bool open);

void list_clear_rows(struct view_list *view);
/* Takes the rows. */
void list_insert(struct view_list *view, size_t at, struct view_rows *rows);
void list_remove(struct view_list *view, size_t at, size_t n);
/* For rows read and not put into the window; for CLEANUP(). */
void list_clear_taken(struct view_rows *rows);

/* The messages of a row's conversation, wherever they stand, oldest first;
 * none where it is alone. */
MUST_CHECK bool list_members(const struct view_list *view,
	const struct list_row *head, struct store *store, struct view_rows *ret,
	struct error *err);
/* As list_load(), with the members of open threads behind their rows;
 * `*ret_end` when there are no more that way. */
MUST_CHECK bool list_read(const struct view_list *view, struct store *store,
	const struct list_key *from, bool inclusive,
	enum list_direction direction, size_t max, struct view_rows *ret,
	bool *ret_end, struct error *err);
MUST_CHECK bool list_extend_older(struct view_list *view, struct store *store,
	size_t max, struct error *err);
MUST_CHECK bool list_extend_newer(struct view_list *view, struct store *store,
	size_t max, struct error *err);
/* Fills the window around a key (NULL: the newest); the cursor is on its row,
 * or on the next older one. */
MUST_CHECK bool list_load_around(struct view_list *view, struct store *store,
	const struct list_key *key, size_t above, struct error *err);

/* The cursor inside the list, the screen around the cursor. */
void list_keep_shown(struct view_list *view);
/* After the cursor or the screen moved: a screenful more on each side, and not
 * much more than that. */
MUST_CHECK bool list_settle(
	struct view_list *view, struct store *store, struct error *err);

#endif /* TERCET_UI_VIEW_LIST_PRIVATE_H */
