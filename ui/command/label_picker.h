/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels to choose from: the named ones, those seen, and any word. */
#ifndef TERCET_UI_COMMAND_LABEL_PICKER_H
#define TERCET_UI_COMMAND_LABEL_PICKER_H

#include <stdbool.h>

struct app;
struct targets;

/* For app->triage.asked_targets. */
void label_picker_open(struct app *app);
/* By a name or keyword: put on, or taken off where all that is at hand has it.
 * Takes the targets. */
bool label_toggle(struct app *app, struct targets *targets, const char *name);

#endif /* TERCET_UI_COMMAND_LABEL_PICKER_H */
