/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal: taken over and given back.  Curses writes to it; what it
 * sends is read here and taken apart by input.h, since curses waits inside
 * its reading and hands on what it does not know as keys.
 *
 * Should the process die, by a signal or a failed assertion, the terminal is
 * restored first.  One terminal a process.
 */
#ifndef TERCET_UI_TERM_TERM_H
#define TERCET_UI_TERM_TERM_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/error.h"
#include "term/input.h"
#include "term/screen.h"
#include "term/theme.h"

struct terminal;

struct terminal_options {
	bool mouse;
	bool color;          /* false: NO_COLOR */
	bool ask_background; /* INPUT_BACKGROUND may follow */
};

/* Whether there is one that can be taken; ERR_INVALID says why not. */
MUST_CHECK bool terminal_check(struct error *err);
/*
 * Takes the terminal on descriptors 0 and 1.  ERR_INVALID with a sentence
 * when there is none, or one that cannot place its cursor (TERM=dumb).
 */
MUST_CHECK bool terminal_start(const struct terminal_options *options,
	struct terminal **ret_term, struct error *err);
/* Gives it back.  NULL is fine. */
void terminal_stop(struct terminal *term);

/* For another program, or to be stopped; until terminal_resume(). */
void terminal_suspend(struct terminal *term);
void terminal_resume(struct terminal *term);

/* The size now, after SIGWINCH or a suspension. */
void terminal_size(struct terminal *term, int *ret_rows, int *ret_cols);
void terminal_set_mouse(struct terminal *term, bool on);

/* Puts text on the clipboard (OSC 52), where the terminal may know how: most
 * do, some must be allowed to.  False when it surely was not. */
enum { TERMINAL_COPY_MAX = 8192 };
bool terminal_copy(struct terminal *term, struct slice text);

int terminal_fd(const struct terminal *term);
/* Reads what waits, without blocking; false when the terminal is gone. */
MUST_CHECK bool terminal_read(
	struct terminal *term, struct input_decoder *decoder);

enum color_depth terminal_depth(const struct terminal *term);
/* Borrowed; the next terminal_show() draws all anew. */
void terminal_set_theme(struct terminal *term, const struct theme *theme);
/* Brings the screen to the terminal, writing what changed. */
void terminal_show(struct terminal *term, const struct screen *screen);
/* The next terminal_show() writes every cell: somebody else has drawn. */
void terminal_redraw(struct terminal *term);

/* What COLORFGBG (rxvt, Konsole) says: 1 light, 0 dark, -1 nothing. */
int terminal_guess_light(const char *colorfgbg);

#endif /* TERCET_UI_TERM_TERM_H */
