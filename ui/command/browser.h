/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HTML of the message that is shown, in a browser. */
#ifndef TERCET_UI_COMMAND_BROWSER_H
#define TERCET_UI_COMMAND_BROWSER_H

#include <stdbool.h>

struct app;

bool browser_has_html(const struct app *app);
/* Asks first, since a browser loads what is remote; nothing is stripped.
 * False, and said, when there is no HTML. */
bool browser_ask(struct app *app);

#endif /* TERCET_UI_COMMAND_BROWSER_H */
