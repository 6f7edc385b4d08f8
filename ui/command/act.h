/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands, events and timers do to the views, and ask of the engine. */
#ifndef TERCET_UI_COMMAND_ACT_H
#define TERCET_UI_COMMAND_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

struct app;
struct folder;

/* The open folder's row; NULL when none is open. */
const struct folder *act_folder(const struct app *app);
/* Shows a folder in the list and asks the engine to look at it. */
/* What it is made of, for one over all accounts; else NULL. */
const struct id_array *act_parts(const struct app *app);
void act_open_folder(struct app *app, int64_t folder);
/* Reads accounts and folders again; opens one if none is. */
void act_reload_folders(struct app *app);
/* Reads the list's window again. */
void act_reload_list(struct app *app);
/* The status cells and trouble from the accounts' rows. */
void act_reload_status(struct app *app);
/*
 * Shows the message at the cursor in the viewer.  What is quickly read is
 * shown at once, the rest when the cursor has rested, unless `now`.
 */
void act_show(struct app *app, int64_t now_us, bool now);
/* Why a text that is not held does not come, with the `failure` of asking for
 * it (or NULL); owned, NULL when it may come. */
char *act_why_not_fetched(
	const struct app *app, int64_t account, const char *failure);
/* Reads the shown message again: something of it has come. */
void act_reload_message(struct app *app);

#endif /* TERCET_UI_COMMAND_ACT_H */
