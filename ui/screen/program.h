/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Other programs that the interface runs: beside itself, or on the terminal in
 * its place.  Always by argument vector, never through a shell.
 */
#ifndef TERCET_UI_SCREEN_PROGRAM_H
#define TERCET_UI_SCREEN_PROGRAM_H

#include <stddef.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/spawn.h"

struct app;

/* By its path, or by its name in PATH. */
bool program_can_run(const char *program);
/* The first that is installed; NULL: none is. */
const char *program_find(const char *const *names, size_t n);
/* Whether programs with windows can be shown. */
bool program_has_desktop(void);

/* How one gets the terminal. */
struct program_run {
	int input;  /* its standard input; -1: the terminal */
	int output; /* the same */
	bool pause; /* Enter is waited for when it has ended */
};

enum { PROGRAM_NOT_FOUND = 127 };
/* Of what program_run() gave: 128 and more where a signal ended it. */
int program_exit_status(int status);

/*
 * Gives the terminal to a program until it ends.  ERR_INVALID when there is no
 * terminal, or it cannot be run.
 */
MUST_CHECK bool program_run(struct app *app, const struct argv *argv,
	const struct program_run *how, int *ret_status, struct error *err);
/* Beside the interface, in a session of its own without a terminal; `input` as
 * its standard input, -1: nothing. */
MUST_CHECK bool program_start(
	struct app *app, const struct argv *argv, int input, struct error *err);
/* After SIGCHLD: lets ended programs go. */
void program_reap(struct app *app);

#endif /* TERCET_UI_SCREEN_PROGRAM_H */
