/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list to choose from by typing a few letters: folders, commands, links,
 * attachments.  A state, not a loop: keys go in, the owner asks what came of
 * it.
 */
#ifndef TERCET_UI_COMMAND_PICKER_H
#define TERCET_UI_COMMAND_PICKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command/line_edit.h"

struct app;

enum { PICKER_ITEMS_MAX = 20000 };

struct picker_item {
	char *text;     /* what is matched and shown */
	char *note;     /* shown dim behind it; or NULL */
	char *key;      /* shown in front: a hint letter, a number; or NULL */
	int64_t id;     /* the owner's */
	char *value;    /* the owner's; or NULL */
	char *also;     /* matched as well as the text; or NULL */
	uint16_t style; /* of the text; 0: plain */
	/* what of the text is matched before the rest; 0: all is alike */
	size_t name_len;
	int score;
};

/* Called once: with the chosen item, or NULL when nothing was chosen. */
typedef void picker_done(struct app *app, const struct picker_item *item);

struct picker {
	bool is_open;
	bool by_hint; /* a hint letter chooses; nothing can be typed */
	bool is_free; /* what is typed can be chosen too: the last item */
	char *title;
	struct line_edit filter;
	struct picker_item *items; /* as given: best first */
	size_t n;
	size_t cap;
	size_t *shown; /* indices of what matches, best first */
	size_t n_shown;
	size_t cursor; /* in `shown` */
	size_t top;
	int page;
	int head; /* rows above the list, as last drawn */
	picker_done *done;
};

void picker_init(struct picker *picker);
void picker_clear(struct picker *picker);
/* Empties it and opens it; items follow by picker_add(), then picker_match().
 */
void picker_open(struct picker *picker, const char *title, picker_done *done);
/* Copies.  Past PICKER_ITEMS_MAX nothing is added. */
void picker_add(struct picker *picker, const struct picker_item *item);
/* After all others: an item for what is typed, whatever that is; `note` says
 * what choosing it does. */
void picker_add_free(struct picker *picker, const char *note);
/* Matches the items with what is typed. */
void picker_match(struct picker *picker);
/* NULL when nothing matches. */
const struct picker_item *picker_at_cursor(const struct picker *picker);
void picker_set_page(struct picker *picker, int page);
/* To line `i` of what is on the screen. */
void picker_point(struct picker *picker, int i);

enum picker_result { PICKER_GOES_ON, PICKER_CHOSEN, PICKER_LEFT };
enum picker_result picker_key(struct picker *picker, uint32_t key);

#endif /* TERCET_UI_COMMAND_PICKER_H */
