/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calendar data in mail (RFC 5545, RFC 5546) to cards (mail/card.h).
 *
 * libical takes properties and their values apart; it gets to see only lines
 * that calendar_guard.c let through.  Nothing is ever expanded: a recurrence is
 * told in words, and an offset is computed for the one time that is shown
 * (doc/adr/0030-libical.md).
 */
#ifndef TERCET_MIME_CALENDAR_H
#define TERCET_MIME_CALENDAR_H

#include <stdbool.h>

#include "base/slice.h"
#include "mail/limits.h"
#include "mail/paragraph.h"
#include "mail/part.h"

/* text/calendar and its kin, attached or not. */
bool calendar_is_part(const struct part *part);
/*
 * Appends the cards of a part, given its encoded bytes; with descriptions and
 * comments where `notes` says so.  False when there is nothing in it that could
 * be told.
 */
bool calendar_read(const struct part *part, struct slice bytes, bool notes,
	struct document *doc);
/* The same from its text. */
bool calendar_read_text(struct slice text, bool notes, struct document *doc);

#endif /* TERCET_MIME_CALENDAR_H */
