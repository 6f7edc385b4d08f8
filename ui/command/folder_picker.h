/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders by name, and to choose one from. */
#ifndef TERCET_UI_COMMAND_FOLDER_PICKER_H
#define TERCET_UI_COMMAND_FOLDER_PICKER_H

#include <stdint.h>

#include "command/picker.h"

struct app;
struct targets;

/* The folder that a name fits best, "account/folder" and "account: folder" too;
 * 0 for none.  Of the
 * account (0: any, and those over all accounts). */
int64_t folder_by_name(
	const struct app *app, int64_t account, const char *name);
/* The same, by the whole name only. */
int64_t folder_by_exact_name(
	const struct app *app, int64_t account, const char *name);
/* The account that "account/name" or "account: name" begins with, and what
 * stands behind; 0 and the whole where it begins with none. */
int64_t folder_split_account(
	const struct app *app, const char *name, const char **ret_name);
/* Every folder that can be opened; with the account where there are some. */
void folder_picker_add_all(struct app *app);
/* Opens on where these senders' mail went last, then where any went lately;
 * then come the account's folders, and those of others. */
void folder_picker_open(struct app *app, const char *title,
	const struct targets *targets, picker_done *done);

#endif /* TERCET_UI_COMMAND_FOLDER_PICKER_H */
