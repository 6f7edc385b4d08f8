/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for a command that mail is piped to. */
#ifndef TERCET_UI_COMMAND_PIPING_H
#define TERCET_UI_COMMAND_PIPING_H

#include <stdbool.h>

#include "command/prompt.h"

struct app;

/* False, and said, for a line that cannot be split: nothing is fetched for it.
 * Without a word it is false alone. */
bool piping_is_command(struct app *app, const char *line);
void piping_ask(struct app *app, const char *label, prompt_done *done);

#endif /* TERCET_UI_COMMAND_PIPING_H */
