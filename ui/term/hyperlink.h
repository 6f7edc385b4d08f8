/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OSC 8: text on the terminal that leads to a URL.  Curses knows nothing of
 * it, so what leads somewhere is written once more, over itself; see
 * screen_links.c.
 */
#ifndef TERCET_UI_TERM_HYPERLINK_H
#define TERCET_UI_TERM_HYPERLINK_H

#include <stdbool.h>

/* What the environment says of the terminal; each may be NULL. */
struct hyperlink_signs {
	const char *term;
	const char *program; /* TERM_PROGRAM */
	const char *version; /* TERM_PROGRAM_VERSION */
	const char *vte;     /* VTE_VERSION */
	const char *konsole; /* KONSOLE_VERSION */
	const char *windows; /* WT_SESSION */
	const char *domterm; /* DOMTERM */
};

/*
 * Whether it is surely a terminal that knows OSC 8.  Inside a multiplexer the
 * variables of the terminal around it mean nothing.
 */
bool hyperlink_is_known(const struct hyperlink_signs *signs);
/* The signs of our own environment. */
bool hyperlink_is_known_here(void);

#endif /* TERCET_UI_TERM_HYPERLINK_H */
