/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an action is about: the marks if there are some, else as many rows from
 * the cursor on as were counted.  A thread's row stands for what of it is in
 * the folder, and an opened thread's counts once; in the viewer, and inside an
 * opened thread, it is the message.
 */
#ifndef TERCET_UI_COMMAND_TARGETS_H
#define TERCET_UI_COMMAND_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/attr.h"
#include "base/error.h"
#include "mail/flags.h"
#include "view/id_map.h"
#include "view/view_list.h"

struct app;

enum { TARGETS_SENDERS_MAX = 32 };

struct targets {
	bool are_threads; /* `ids` are conversations, else placements */
	bool are_marks;
	int64_t folder;  /* where they stand; 0: in several */
	int64_t account; /* 0: of several */
	struct id_array ids;
	struct id_map rows; /* the placements of the window's rows concerned */
	size_t n_rows;
	/* of these rows, which may not be all there are */
	bool any_unread;
	bool any_unflagged;
	struct flags common;                /* what each of them has */
	char *senders[TARGETS_SENDERS_MAX]; /* "list:ID" or "from:ADDRESS" */
	size_t n_senders;
};

void targets_clear(struct targets *targets);
/* None is said in the status line: false. */
bool targets_find(struct app *app, int count, struct targets *ret_targets);
/* Whether so many rows from the cursor on are in the list's window, or all
 * there are: targets_find() counts no others. */
bool targets_at_hand(const struct app *app, int count);
/* Whether row `i` of the window is among them: for view_list_after(). */
bool targets_have(const void *targets, const struct view_list *view, size_t i);

#endif /* TERCET_UI_COMMAND_TARGETS_H */
