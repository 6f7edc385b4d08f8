/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well a few typed letters name something; pure. */
#ifndef TERCET_UI_COMMAND_FUZZY_H
#define TERCET_UI_COMMAND_FUZZY_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * -1 when `text` does not match; else higher is better.  Each word of
 * `typed` must stand in `text` with its letters in order, case and accents
 * aside; letters that follow each other and that begin words count for more.
 * Nothing typed matches everything with 0.
 */
int fuzzy_score(struct slice typed, struct slice text);

/*
 * The same for a text that begins with a name of `name_len` bytes: the name
 * itself is better than its beginning, that than its letters, and these than
 * whatever stands behind it.
 */
int fuzzy_score_named(struct slice typed, struct slice text, size_t name_len);

/* Whether `typed` stands in `text` as it is, case and accents aside. */
bool fuzzy_contains(struct slice typed, struct slice text);

#endif /* TERCET_UI_COMMAND_FUZZY_H */
