/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marking many rows: a range, as many as were counted, or all that a query
 * fits.  Done in slices
 * between keys, so that the folder may be of any size; what is asked of the
 * marks meanwhile is done when they are complete.
 */
#ifndef TERCET_UI_COMMAND_MARKING_H
#define TERCET_UI_COMMAND_MARKING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "command/mark_query.h"
#include "store/list.h"

struct app;

enum marking_kind {
	MARKING_NOTHING,
	MARKING_RANGE,
	MARKING_QUERY,
	MARKING_COUNT,
};

struct marking {
	enum marking_kind kind;
	size_t part;           /* of a list of several folders, which one */
	bool begun;            /* in this one */
	struct list_key from;  /* the first row of a range */
	struct list_key next;  /* the row to go on behind */
	struct list_key until; /* the last row of a range */
	size_t left;           /* rows still to be counted */
	bool single;           /* these are messages, also of threads */
	struct mark_query query;
	char *then; /* a command line for when it is done; or NULL */
};

void marking_clear(struct marking *marking);
/* Marks the rows of the list between two, both included, in either order. */
void marking_range(
	struct app *app, const struct list_key *a, const struct list_key *b);
/* Marks so many rows from the cursor on, however far they reach; those of an
 * opened thread as actions count them. */
void marking_count(struct app *app, size_t count);
/* Rows of the range being drawn; of a long one, the first of them. */
size_t marking_range_size(const struct app *app, bool *ret_more);
/* Makes marks of the range being drawn, from its anchor to the cursor. */
void marking_end_range(struct app *app);
MUST_CHECK bool marking_query(
	struct app *app, const char *text, struct error *err);
/* Leaves off; what is marked stays. */
void marking_stop(struct app *app);
/* A slice; to be called again while marking_is_busy(). */
void marking_step(struct app *app);
bool marking_is_busy(const struct app *app);
/* When rows are still being marked, the line waits for them: true. */
bool marking_defer(struct app *app, const char *line);

#endif /* TERCET_UI_COMMAND_MARKING_H */
