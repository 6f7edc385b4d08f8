/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the list pane shows: a window of a folder's rows around the cursor.
 *
 * Only the window is ever read, so that a step costs the same in a folder of
 * ten and of ten million.  The cursor belongs to a message, not to a place: it
 * stays with it when rows come and go around it, and passes to the next older
 * row when its own is gone.
 */
#ifndef TERCET_UI_VIEW_VIEW_LIST_H
#define TERCET_UI_VIEW_VIEW_LIST_H

#include "store/list.h"
#include "view/overlay.h"

/* One row of the pane: of the list, or of an opened thread. */
struct view_row {
	struct list_row row;
	bool is_member; /* stands inside an opened thread */
	bool is_open;   /* a thread whose members follow */
};

/* Where a folder was left. */
struct list_place {
	int64_t folder;
	int64_t conversation; /* of the row of the list */
	int64_t placement;    /* the row's, or its message's at the cursor */
	int64_t member;       /* the row in the open thread; 0: none */
	int64_t message;      /* its message, which may stand elsewhere now */
	struct list_key key;
};

enum { LIST_PLACES_MAX = 64, LIST_OPEN_MAX = 64 };

struct view_list {
	struct list_query query;
	struct id_array parts; /* of a folder over all accounts; else empty */
	bool want_threads;
	/* The window, in list order. */
	struct view_row *rows;
	size_t n;
	size_t cap;
	bool at_newest; /* nothing lies above the window */
	bool at_oldest; /* nothing lies below it */
	size_t cursor;
	size_t top;                  /* the first row on the screen */
	int page;                    /* rows on the screen */
	int64_t open[LIST_OPEN_MAX]; /* conversations */
	int n_open;
	struct overlay overlay; /* what is not in the store yet */
	struct list_place places[LIST_PLACES_MAX]; /* newest last */
	int n_places;
};

void view_list_init(struct view_list *view);
void view_list_clear(struct view_list *view);

/*
 * Shows a folder, where it was left or at its newest.  NULL shows none.
 * `parts` is what a folder over all accounts is made of; else NULL.
 */
MUST_CHECK bool view_list_show(struct view_list *view, struct store *store,
	const struct folder *folder, const struct id_array *parts,
	struct error *err);
/* The folder's rows have changed: reads the window again. */
MUST_CHECK bool view_list_reload(struct view_list *view, struct store *store,
	const struct folder *folder, const struct id_array *parts,
	struct error *err);
/* The same, with the cursor at another place that was in the window. */
MUST_CHECK bool view_list_reload_at(struct view_list *view, struct store *store,
	const struct folder *folder, const struct id_array *parts,
	const struct list_place *place, struct error *err);
/*
 * The row of the window that takes the cursor's place when some leave: the
 * first in the direction that stays, else the first the other way.  False when
 * none does, or when it is an older one behind the window.
 */
bool view_list_after(struct view_list *view, enum list_direction direction,
	bool (*leaves)(const void *ctx, const struct view_list *view, size_t i),
	const void *ctx, struct list_place *ret_place);
/* One row a thread, or one a message. */
MUST_CHECK bool view_list_set_threads(struct view_list *view,
	struct store *store, const struct folder *folder,
	const struct id_array *parts, bool threads, struct error *err);
/* Whether what is shown is this folder, or this one among others. */
bool view_list_holds(const struct view_list *view, int64_t folder);

/* NULL in an empty list. */
const struct view_row *view_list_at_cursor(const struct view_list *view);
/* Where the cursor stands; `placement` 0 in an empty list. */
struct list_place view_list_place(const struct view_list *view);
/* Row `i` of the screen, from 0; NULL below the last. */
const struct view_row *view_list_on_screen(const struct view_list *view, int i);
bool view_list_is_empty(const struct view_list *view);

MUST_CHECK bool view_list_move(struct view_list *view, struct store *store,
	int64_t by, struct error *err);
/* Scrolls by whole screens or halves: the cursor keeps its place there. */
MUST_CHECK bool view_list_scroll(
	struct view_list *view, struct store *store, int by, struct error *err);
MUST_CHECK bool view_list_first(
	struct view_list *view, struct store *store, struct error *err);
MUST_CHECK bool view_list_last(
	struct view_list *view, struct store *store, struct error *err);
/* To row `i` of the screen. */
void view_list_point(struct view_list *view, int i);
/* The next unread row older (or newer) than the cursor's. */
enum found view_list_next_unread(struct view_list *view, struct store *store,
	enum list_direction direction, struct error *err);
/* Opens the thread at the cursor in place, if there is one to open; the cursor
 * goes to its first unread, else its newest message. */
MUST_CHECK bool view_list_open_thread(
	struct view_list *view, struct store *store, struct error *err);
/* Closes the thread the cursor is in. */
void view_list_close_thread(struct view_list *view);
/* Whether the cursor's row is a thread of several messages, closed. */
bool view_list_can_open(const struct view_list *view);

/* Rows that fit; keeps the cursor among them. */
MUST_CHECK bool view_list_set_page(struct view_list *view, struct store *store,
	int page, struct error *err);

#endif /* TERCET_UI_VIEW_VIEW_LIST_H */
