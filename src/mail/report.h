/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a report says of a message that was sent: delivery status (RFC 3464),
 * disposition, which is a receipt (RFC 8098), and complaints (RFC 5965).
 * Reports are as easily forged as any mail.  All text is one line of UTF-8.
 */
#ifndef TERCET_MAIL_REPORT_H
#define TERCET_MAIL_REPORT_H

#include <stddef.h>

#include "base/attr.h"
#include "base/slice.h"
#include "mail/limits.h"

/* Kept in the store as numbers: only ever added to. */
enum report_action {
	REPORT_FAILED,
	REPORT_DELAYED,
	REPORT_DELIVERED,
	REPORT_RELAYED,  /* to where no more reports come from */
	REPORT_EXPANDED, /* to the members of a list */
	REPORT_DISPLAYED,
	REPORT_DELETED, /* without being displayed */
	REPORT_PROCESSED,
	REPORT_DENIED, /* nobody is told whether it was read */
	REPORT_COMPLAINT,
	REPORT_ACTIONS,
};

struct report_entry {
	enum report_action action;
	char *recipient; /* or NULL, as are the next */
	char *status;    /* RFC 3463, "5.1.1" */
	char *server;    /* who refused it */
	char *text;      /* why, in its words */
};

struct report {
	char *about; /* Message-ID without < and >; NULL: not said */
	struct report_entry *items;
	size_t n;
	size_t cap;
};

/* For CLEANUP() too. */
void report_clear(struct report *report);
void report_entry_clear(struct report_entry *entry);
/* An empty one at the end; NULL past REPORT_ENTRIES_MAX. */
struct report_entry *report_add(struct report *report);
/* Replaces a column by the text without control characters, cut; empty text
 * makes it NULL. */
void report_set(char **column, struct slice text);

/* The word that programs are told: "failed"; as in RFC 3464 and RFC 8098. */
const char *report_action_name(enum report_action action);
/* "Not delivered to bo@example.net: 550 No such user"; the caller frees. */
NONNULL_RETURN char *report_sentence(const struct report_entry *entry);

#endif /* TERCET_MAIL_REPORT_H */
