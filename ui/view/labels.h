/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Labels: IMAP keywords as people see them.  $label1 to $label5 have
 * Thunderbird's names and colours of their own; what other programs keep notes
 * for themselves with ($Forwarded, NonJunk) is no label.
 */
#ifndef TERCET_UI_VIEW_LABELS_H
#define TERCET_UI_VIEW_LABELS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "mail/flags.h"

enum { LABELS_NAMED = 5 };

struct label {
	struct slice word; /* the keyword */
	struct slice name; /* to be shown */
	uint16_t style;
};

/* Those of a message, the named ones first: start with `*position` 0; false
 * past the last. */
bool labels_next(
	const struct flags *flags, size_t *position, struct label *ret_label);
/* $label1 and so on, by number from 0. */
struct label labels_named(int i);
/* The keyword that a typed name means: borrowed from the tables or `name`. */
struct slice labels_word(struct slice name);
struct label labels_of(struct slice word);

#endif /* TERCET_UI_VIEW_LABELS_H */
