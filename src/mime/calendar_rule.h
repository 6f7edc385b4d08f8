/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often an event happens (RFC 5545 3.3.10), as a card; never which days. */
#ifndef TERCET_MIME_CALENDAR_RULE_H
#define TERCET_MIME_CALENDAR_RULE_H

#include <libical/ical.h>

#include "mail/paragraph.h"

/* Appends the card, where the event has a rule that happens more than once. */
void calendar_tell_rule(icalcomponent *event, struct document *doc);

#endif /* TERCET_MIME_CALENDAR_RULE_H */
