/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Account setup: a page of fields, each asked for in the prompt with a likely
 * value in it.  Enter goes on, Esc goes back; the last step writes the
 * configuration file, and the interface starts anew with the account.
 */
#ifndef TERCET_UI_SCREEN_SETUP_H
#define TERCET_UI_SCREEN_SETUP_H

#include <stdbool.h>

#include "config/draft.h"

struct app;

struct setup {
	bool is_open;
	int at; /* enum draft_field; DRAFT_FIELDS: all that is left is a yes */
	struct account_draft draft;
	char *fault; /* why the last answer was not taken; or NULL */
};

void setup_clear(struct setup *setup);
/* Opens the page and asks for the first field. */
void setup_open(struct app *app);

#endif /* TERCET_UI_SCREEN_SETUP_H */
