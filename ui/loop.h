/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's only poll(): keys, the engine's events, signals, time. */
#ifndef TERCET_UI_LOOP_H
#define TERCET_UI_LOOP_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/error.h"

struct app;

struct loop;

/*
 * Blocks the signals the loop will take.  Before any thread starts, so that
 * none of them takes one.
 */
MUST_CHECK bool loop_new(struct loop **ret_loop, struct error *err);
void loop_free(struct loop *loop);

/* Draws what is dirty, now. */
void loop_show(struct app *app);
/* Until the user quits, the terminal goes, or a signal says so. */
void loop_run(struct loop *loop, struct app *app);

#endif /* TERCET_UI_LOOP_H */
