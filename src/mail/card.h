/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Invitations and reports as cards at the head of a message's text.
 *
 * mime/ makes them when a message arrives, the store keeps them: as paragraphs
 * of kind PARAGRAPH_CARD, whose text is a key and its columns with tabs between
 * and which know no language and no time zone.  card_expand() makes of them
 * what people read, in their language and zone, whenever a text is loaded.
 *
 *	title METHOD STATUS SEQUENCE KIND WHO ANSWER SUMMARY
 *		KIND: VEVENT or VTODO; WHO and ANSWER: of a reply
 *	when KIND START END ZONE-START ZONE-END ZONE
 *		KIND: "utc", "floating" (in no zone), "days"; START and END:
 *		seconds (END empty: none; of days: exclusive); ZONE-START and
 *		ZONE-END: the writer's offsets in seconds; ZONE: its name
 *	due KIND START - ZONE-START - ZONE	the same, of a task
 *	repeat FREQUENCY INTERVAL COUNT UNTIL-KIND UNTIL DAYS REST
 *		UNTIL as START; DAYS: "TU,TH" of a week, "2TU", "-1FR" or "15"
 *		of a month; REST: "1": there are exceptions, "2": there is
 *		more to the rule
 *	where TEXT
 *	organizer TEXT
 *	attendee ANSWER ROLE TEXT
 *	more COUNT	attendees left out
 *	events COUNT	left out
 *	report ACTION RECIPIENT STATUS SERVER TEXT
 *
 * Columns hold no control characters; numbers that are none are passed over.
 */
#ifndef TERCET_MAIL_CARD_H
#define TERCET_MAIL_CARD_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/paragraph.h"
#include "mail/report.h"

enum { CARD_COLUMNS_MAX = 8 };

/* Takes a card's text apart; missing columns are empty. */
void card_split(struct slice text, struct slice columns[CARD_COLUMNS_MAX]);

/* Cards to words, in place; nothing happens to a document without any. */
void card_expand(struct document *doc);
/* Whether its text holds words that somebody may look for. */
bool card_is_searchable(struct slice text);

/* Appends the card of each entry. */
void card_add_report(const struct report *report, struct document *doc);
/* A new card with `key`, then its columns: control characters become blanks,
 * `text` NULL is empty. */
void card_begin(struct document *doc, const char *key);
void card_add_column(struct document *doc, struct slice text);
void card_add_number(struct document *doc, int64_t n);
/* An empty one unless `has`. */
void card_add_number_if(struct document *doc, bool has, int64_t n);

#endif /* TERCET_MAIL_CARD_H */
