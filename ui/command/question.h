/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a worker asks and how it is answered.  A question never takes a key
 * that was meant for something else: it stands in the status line until the
 * user turns to it with a command.
 */
#ifndef TERCET_UI_COMMAND_QUESTION_H
#define TERCET_UI_COMMAND_QUESTION_H

#include <stdint.h>

struct app;

/* A question has come or gone: the status line tells. */
void question_arrived(struct app *app);
/* Prompts for the password of an account; 0: of the first that asks. */
void question_password(struct app *app, int64_t account);
/* A page on every account: state, error, what is asked, what to do. */
void question_explain(struct app *app);

#endif /* TERCET_UI_COMMAND_QUESTION_H */
