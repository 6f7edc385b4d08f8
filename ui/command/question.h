/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a worker asks and how it is answered.  A question never takes a key
 * that was meant for something else: a password is asked for when nothing else
 * is open and no key has come for a moment.
 */
#ifndef TERCET_UI_COMMAND_QUESTION_H
#define TERCET_UI_COMMAND_QUESTION_H

#include <stdint.h>

struct app;

/* A question of an account has come or gone. */
void question_arrived(struct app *app, int64_t account);
/* Prompts for the next password that is wanted, once the keys are free. */
void question_settle(struct app *app, int64_t now_us);
/* Before each key: one that comes with the prompt was meant for what was there
 * before; the prompt makes way and comes again. */
void question_key(struct app *app);
/* Prompts for the password of an account; 0: of the first that asks. */
void question_password(struct app *app, int64_t account);
/* A page on every account: state, error, what is asked, what to do. */
void question_explain(struct app *app);

#endif /* TERCET_UI_COMMAND_QUESTION_H */
