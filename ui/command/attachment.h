/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be done with an attachment of the message that is shown. */
#ifndef TERCET_UI_COMMAND_ATTACHMENT_H
#define TERCET_UI_COMMAND_ATTACHMENT_H

struct app;

/* Asks whether it is to be opened, saved or piped. */
void attachment_ask(struct app *app, const char *section);

#endif /* TERCET_UI_COMMAND_ATTACHMENT_H */
