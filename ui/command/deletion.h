/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deleting: to the trash; from there, when asked, for good. */
#ifndef TERCET_UI_COMMAND_DELETION_H
#define TERCET_UI_COMMAND_DELETION_H

#include <stdbool.h>

struct app;
struct targets;

/* Deletes them, or asks whether it is to be for good; takes the targets. */
bool deletion_of(struct app *app, struct targets *targets);

#endif /* TERCET_UI_COMMAND_DELETION_H */
