/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The message that is shown, read otherwise: its other alternative, another
 * charset.  A job beside the interface reads it; what comes of it is kept while
 * the message is shown.
 */
#ifndef TERCET_UI_COMMAND_READING_H
#define TERCET_UI_COMMAND_READING_H

#include <stdbool.h>
#include <stdint.h>

struct app;
struct reading_job;

/* How somebody wishes it, and who is at it. */
struct reading_wished {
	int64_t message; /* 0: nothing is wished for */
	bool other;      /* HTML in place of plain text, or back */
	char *charset;   /* NULL: what the message says */
	char *asked;     /* the section that was asked for; or NULL */
	struct reading_job *job;
	bool again; /* the job is for an older wish */
};

/* The other alternative, and back. */
void reading_toggle(struct app *app);
/* NULL: what the message says.  False, and said, for a name that means
 * nothing. */
bool reading_set_charset(struct app *app, const char *charset);
/* Bytes that were asked for are here. */
void reading_go_on(struct app *app);
/* Readable when the job is done; -1: there is none. */
int reading_fd(const struct app *app);
void reading_settle(struct app *app);
void reading_clear_wish(struct app *app);

#endif /* TERCET_UI_COMMAND_READING_H */
