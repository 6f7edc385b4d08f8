/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help, generated from the command table and the keys in force. */
#ifndef TERCET_UI_SCREEN_HELP_H
#define TERCET_UI_SCREEN_HELP_H

struct app;

void help_open(struct app *app);

#endif /* TERCET_UI_SCREEN_HELP_H */
