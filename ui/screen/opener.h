/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Handing things to other programs: attachments and links to the desktop's
 * opener, a message to a command.  Always by argument vector, never through a
 * shell; attachments in a private directory that goes with the interface.
 */
#ifndef TERCET_UI_SCREEN_OPENER_H
#define TERCET_UI_SCREEN_OPENER_H

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"

struct app;

/* The interface's directory for opened attachments, mode 0700; borrowed. */
MUST_CHECK bool opener_directory(
	struct app *app, const char **ret_dir, struct error *err);
/* A name for a file there: what shells read otherwise is no part of it, since
 * programs that open files are often scripts.  The caller frees. */
NONNULL_RETURN char *opener_plain_name(const char *name);
/* Removes it and what was put there. */
void opener_clean(struct app *app);

/*
 * Opens a file of that directory: by the user's own mailcap, else by the
 * desktop's opener (xdg-open, open), else by the system's mailcap, else a text
 * in a pager.  ERR_INVALID when there is none of them, or the file is one that
 * a desktop would run.
 */
MUST_CHECK bool opener_open_file(
	struct app *app, const char *type, const char *path, struct error *err);
/* A page of ours, in a browser. */
MUST_CHECK bool opener_browse_file(
	struct app *app, const char *path, struct error *err);
/* The same for a link (http, https, mailto only), by $BROWSER where that names
 * a program; one that needs the terminal gets it. */
MUST_CHECK bool opener_open_link(
	struct app *app, const char *url, struct error *err);
/*
 * Gives the terminal to a command with the file as its standard input, and
 * takes it back after a key; how it ended is said.  ERR_INVALID when it cannot
 * be run.  For pipe.h.
 */
MUST_CHECK bool opener_pipe(
	struct app *app, const char *command, int input, struct error *err);

#endif /* TERCET_UI_SCREEN_OPENER_H */
