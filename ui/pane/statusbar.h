/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows at the bottom: trouble, status, message or prompt, hints. */
#ifndef TERCET_UI_PANE_STATUSBAR_H
#define TERCET_UI_PANE_STATUSBAR_H

#include "command/prompt.h"
#include "term/screen.h"
#include "view/view_status.h"

/* A key and a word of what it does. */
struct hint {
	char *keys;
	const char *word;
	int keep; /* where room is short, those with less go first */
};

/* A statement in front of the accounts'. */
struct status_note {
	char *text;
	uint16_t style;
};

enum { HINTS_MAX = 24, NOTES_MAX = 7 };

struct statusbar {
	const struct view_status *status;
	const struct prompt *prompt;        /* NULL or closed: none */
	const struct status_progress *work; /* NULL: none */
	const char *pending;                /* keys typed so far; or "" */
	struct status_note notes[NOTES_MAX];
	int n_notes;
	const char *place; /* how far down the text above is; or "" */
	struct hint hints[HINTS_MAX];
	int n_hints;
};

/* Rows that everything would take at this width: 2, and more for trouble, which
 * stays in sight beside a prompt. */
int statusbar_rows(const struct view_status *status, int cols, bool prompting);
void statusbar_draw(struct screen *screen, const struct rect *rect,
	const struct statusbar *bar);

#endif /* TERCET_UI_PANE_STATUSBAR_H */
