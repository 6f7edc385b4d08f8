/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line asked for in the bottom row, with history and completion.  A state,
 * not a loop: the panes above it live on.
 */
#ifndef TERCET_UI_COMMAND_PROMPT_H
#define TERCET_UI_COMMAND_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "command/history.h"
#include "command/line_edit.h"

struct app;

enum { PROMPT_CHOICES_MAX = 200 };

/* Called once, after the prompt has closed; `text` is NULL when it was left. */
typedef void prompt_done(struct app *app, const char *text);
/* Fills in the choices for the line up to the cursor by prompt_add_choice(),
 * and returns where what they replace begins. */
typedef size_t prompt_complete(struct app *app, const char *line);

struct prompt {
	bool is_open;
	bool is_secret; /* shown as stars, not kept, wiped */
	char *label;
	struct line_edit edit;
	struct history *history; /* borrowed; or NULL */
	prompt_done *done;
	prompt_complete *complete; /* or NULL */
	char *choices[PROMPT_CHOICES_MAX];
	size_t n_choices;
	size_t choice;
	bool choosing; /* Tab was pressed: the line holds a choice */
	size_t from;   /* where choices go */
	char *typed;   /* the line as typed, while older ones are shown */
};

void prompt_init(struct prompt *prompt);
void prompt_clear(struct prompt *prompt);
void prompt_open(struct prompt *prompt, const char *label, const char *text,
	prompt_done *done);
void prompt_add_choice(struct prompt *prompt, const char *choice);
/* True when the key was taken; may call `done` or `complete`. */
bool prompt_key(struct prompt *prompt, struct app *app, uint32_t key);
void prompt_paste(struct prompt *prompt, struct app *app, struct slice text);

#endif /* TERCET_UI_COMMAND_PROMPT_H */
