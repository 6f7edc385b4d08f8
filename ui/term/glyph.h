/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one filter between mail and the terminal, and the one opinion about
 * columns.  Text is taken apart into glyphs, each of which takes one or two
 * columns on every terminal; whatever could move the cursor, change its
 * direction, hide or pretend is gone or replaced:
 *
 * - controls (C0, C1, DEL), malformed UTF-8, surrogates, unassigned and
 *   private code points, and those drawn wider than they say, become U+FFFD;
 * - bidirectional controls, zero-width characters, joiners, tags, variation
 *   selectors and emoji modifiers are dropped, and flags become two letters,
 *   since terminals do not agree on the width of what they build;
 * - blanks of every kind become blanks; tab, CR and LF one column each;
 * - a base takes at most GLYPH_MARKS combining marks; marks without a base
 *   stand on a blank.
 *
 * Threads: any; no state.
 */
#ifndef TERCET_UI_TERM_GLYPH_H
#define TERCET_UI_TERM_GLYPH_H

#include <stdbool.h>

#include "base/slice.h"

enum { GLYPH_MARKS = 3, GLYPH_BYTES = (1 + GLYPH_MARKS) * 4 + 1 };

struct glyph {
	char text[GLYPH_BYTES]; /* UTF-8, NUL-terminated */
	int width;              /* 1 or 2 */
};

/* Takes the next glyph off the front of `*text`; false at its end. */
bool glyph_next(struct slice *text, struct glyph *ret_glyph);

/* Columns of the whole text. */
int glyph_columns(struct slice text);

/* Bytes of the longest prefix that takes at most `columns`. */
size_t glyph_cut(struct slice text, int columns, int *ret_columns);

#endif /* TERCET_UI_TERM_GLYPH_H */
