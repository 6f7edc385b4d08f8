/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding words in the message that is shown. */
#ifndef TERCET_UI_COMMAND_FIND_H
#define TERCET_UI_COMMAND_FIND_H

#include <stdbool.h>
#include <stdint.h>

struct app;

/* Asks for the words; none are those from before. */
void find_ask(struct app *app);
/* False, and said, when the message does not have them. */
bool find_words(struct app *app, const char *words);
bool find_next(struct app *app, bool up);
/* Whether words are being looked for, and the keys are the viewer's. */
bool find_is_active(const struct app *app);
/* "3 of 17": which match one is at; the caller frees. */
char *find_print_place(const struct app *app);
/* n, N and Escape while they are; true: taken. */
bool find_key(struct app *app, uint32_t key);

#endif /* TERCET_UI_COMMAND_FIND_H */
