/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The symbols tercet draws of its own accord, each with a form for terminals
 * and readers that know ASCII only.  Both forms take the same columns.
 */
#ifndef TERCET_UI_TERM_SYMBOL_H
#define TERCET_UI_TERM_SYMBOL_H

#include <stdbool.h>

enum symbol {
	SYMBOL_UNREAD,
	SYMBOL_FLAGGED,
	SYMBOL_ANSWERED,
	SYMBOL_FORWARDED,
	SYMBOL_ATTACHMENT,
	SYMBOL_MARKED,
	SYMBOL_OPEN,   /* a fold that is open */
	SYMBOL_CLOSED, /* a fold that is closed */
	SYMBOL_BRANCH, /* a message inside an open thread */
	SYMBOL_REMOTE, /* still only at the server */
	SYMBOL_VLINE,
	SYMBOL_HLINE,
	SYMBOL_TEE,    /* where a horizontal rule leaves a vertical one */
	SYMBOL_TEE_UP, /* where a vertical rule stands on a horizontal one */
	SYMBOL_TEE_DOWN,
	SYMBOL_ELLIPSIS,
	SYMBOL_FOLDED, /* in front of "14 quoted lines" */
	SYMBOL_QUOTE,
	SYMBOL_DOT, /* between the cells of the status line */
	SYMBOL_GOOD,
	SYMBOL_WARNING,
	SYMBOL_ARROW,
	SYMBOL_BAR_LEFT,
	SYMBOL_BAR_RIGHT,
	SYMBOL_BAR_FULL,
	SYMBOL_BAR_1, /* one eighth, up to seven */
	SYMBOL_BAR_2,
	SYMBOL_BAR_3,
	SYMBOL_BAR_4,
	SYMBOL_BAR_5,
	SYMBOL_BAR_6,
	SYMBOL_BAR_7,
	SYMBOL_REPLACEMENT, /* what cannot be shown */
	SYMBOL_COUNT,
};

/* UTF-8, one column wide. */
const char *symbol_text(enum symbol symbol, bool ascii);

#endif /* TERCET_UI_TERM_SYMBOL_H */
