/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaking text into lines of so many columns; pure. */
#ifndef TERCET_UI_VIEW_WRAP_H
#define TERCET_UI_VIEW_WRAP_H

#include <stdbool.h>

#include "base/slice.h"

enum wrap_mode {
	WRAP_WORDS,   /* as i18n/width.h has it; a tab is a blank */
	WRAP_COLUMNS, /* anywhere; tabs reach to every eighth column */
};

enum { WRAP_TAB = 8 };

/*
 * How many bytes of `text` make its first line of at most `columns` (at least
 * one glyph, so that it always goes on).  `*ret_next` is where the next line
 * begins: past the blanks or the line end at which this one was broken.
 */
size_t wrap_line(
	struct slice text, int columns, enum wrap_mode mode, size_t *ret_next);

#endif /* TERCET_UI_VIEW_WRAP_H */
