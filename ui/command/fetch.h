/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes of a message that something is to be done with: at once where they
 * are held, else when the engine has brought them.  Only the last wish counts.
 */
#ifndef TERCET_UI_COMMAND_FETCH_H
#define TERCET_UI_COMMAND_FETCH_H

#include "app.h"

/* Of the message the viewer shows; `argument` is copied. */
void fetch_want(struct app *app, enum want what, const char *section,
	const char *argument);
/* Messages as an mbox, in place of the one shown; all are copied. */
void fetch_want_piped(
	struct app *app, const struct id_array *messages, const char *command);
/* Something of the message has come. */
void fetch_arrived(struct app *app, int64_t message);
void fetch_failed_for(struct app *app, int64_t message, const char *why);
void fetch_forget(struct app *app);

#endif /* TERCET_UI_COMMAND_FETCH_H */
