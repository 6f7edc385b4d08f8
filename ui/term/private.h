/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What term.c and screen_curses.c share. */
#ifndef TERCET_UI_TERM_PRIVATE_H
#define TERCET_UI_TERM_PRIVATE_H

#include <stdint.h>
#include <termios.h>

#include "term/term.h"

/* Looks already made, found by style. */
enum { LOOKS_MAX = 512 };

struct made_look {
	uint16_t style;
	bool used;
	int pair;
	unsigned attrs; /* curses' bits */
};

enum cursor_state { CURSOR_UNKNOWN, CURSOR_HIDDEN, CURSOR_SHOWN };

struct terminal {
	enum cursor_state cursor;
	struct termios saved;
	enum color_depth depth;
	int colors; /* as curses counts them */
	bool mouse;
	bool suspended;
	int64_t asked_us; /* when the background was asked for; 0: never */
	const struct theme *theme; /* borrowed */
	struct made_look looks[LOOKS_MAX];
	struct screen *shown;  /* what the terminal holds; NULL: unknown */
	struct screen *linked; /* the same, of links; NULL: there were none */
};

/*
 * Hides or shows the cursor.  Curses would write what terminfo has, which for
 * Linux is more than that: the cursor's shape.
 */
void terminal_cursor(struct terminal *term, bool shown);

/* Past curses, whose output has been flushed. */
void terminal_write(const char *bytes, size_t len);
/* After curses has shown the screen; `anew`: it was cleared for it. */
void terminal_show_links(
	struct terminal *term, const struct screen *screen, bool anew);

#endif /* TERCET_UI_TERM_PRIVATE_H */
