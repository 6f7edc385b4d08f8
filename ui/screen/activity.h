/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Activity: all that was done and is not true on the servers yet, a row each,
 * newest first, with what it waits for or why it failed.
 */
#ifndef TERCET_UI_SCREEN_ACTIVITY_H
#define TERCET_UI_SCREEN_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;

enum { ACTIVITY_ROWS_MAX = 1000 };

struct activity_row {
	int64_t id;
	char *account;
	char *text;  /* "Move 3 messages to Archive" */
	char *state; /* in words, with the reason */
	char *error; /* or NULL */
	bool failed;
	bool waits; /* for something that may take long */
	unsigned attempts;
	int64_t created;
};

struct activity {
	bool is_open;
	struct activity_row *rows;
	size_t n;
	size_t cap;
	size_t cursor;
	size_t top;
	int page;
};

void activity_clear(struct activity *activity);
void activity_open(struct app *app);
void activity_close(struct app *app);
/* Reads the rows again, if it is open; the cursor stays with its operation. */
void activity_reload(struct app *app);

void activity_move(struct activity *activity, long by);
void activity_set_page(struct activity *activity, int page);
/* NULL while there are none. */
const struct activity_row *activity_at_cursor(const struct activity *activity);
/* Row `i` of the screen; NULL below the last. */
const struct activity_row *activity_on_screen(
	const struct activity *activity, int i);

/* A page of text on the row at the cursor. */
void activity_explain(struct app *app);

#endif /* TERCET_UI_SCREEN_ACTIVITY_H */
