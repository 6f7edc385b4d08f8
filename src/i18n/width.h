/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Columns of UTF-8 text.  Pure; any thread; independent of the locale.
 *
 * Text is taken by grapheme, so that nothing is cut in the middle; a
 * grapheme's width is the sum of its characters' widths, since terminals do
 * not agree on joining them: an emoji family is as wide as its members side by
 * side, a flag two columns, a skin tone nothing.  What must not reach a
 * terminal as it stands counts as the one column of its replacement.
 */
#ifndef TERCET_I18N_WIDTH_H
#define TERCET_I18N_WIDTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct strbuf;

/*
 * 0 for combining and invisible characters, 1, 2 for East Asian wide ones and
 * emoji (ambiguous ones are 1), -1 for what cannot be printed: controls, line
 * separators, unassigned code points, surrogates.
 */
int width_char(uint32_t code_point);

/* Bytes of the first grapheme of `s`, which is not empty. */
size_t width_grapheme(struct slice s, int *ret_columns);

/* Columns of all of it. */
int width_text(struct slice s);

/* Bytes of the longest run of whole graphemes within `columns`. */
size_t width_cut(struct slice s, int columns, int *ret_columns);

/*
 * Appends `s` within `columns`: whole where it fits, else cut at a grapheme
 * with `ellipsis` behind it.  Returns the columns used.
 */
int width_truncate(
	struct slice s, int columns, const char *ellipsis, struct strbuf *out);

/* The same, filled with blanks to exactly `columns`: behind, or in front with
 * `right`. */
void width_pad(struct slice s, int columns, const char *ellipsis, bool right,
	struct strbuf *out);

/*
 * Where a line of at most `columns` (at least 1) ends: the length of what to
 * show, without blanks at its end, and in `*ret_next` where the next line
 * begins.  Breaks at a line feed, at blanks, behind a hyphen between letters,
 * between East Asian characters but not before their closing or behind their
 * opening punctuation; inside a word only when it alone is too long.
 */
size_t width_wrap(struct slice s, int columns, size_t *ret_next);

#endif /* TERCET_I18N_WIDTH_H */
