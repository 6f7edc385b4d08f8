/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message becomes a draft: answered, forwarded, or taken up again.
 *
 * Whom an answer goes to (RFC 5322 3.6.2, RFC 2369, and Mail-Followup-To as
 * mailing lists use it):
 *
 *	reply        Mail-Reply-To, else Reply-To, else From; where a mailing
 *	             list has put itself into Reply-To, From all the same, and
 *	             `munged` says so
 *	reply all    Mail-Followup-To, else those and To and Cc without oneself
 *	reply list   Mail-Followup-To, else the address of List-Post
 *
 * A reply to one's own message goes to whom that went.
 *
 * Pure; any thread.
 */
#ifndef TERCET_COMPOSE_REPLY_H
#define TERCET_COMPOSE_REPLY_H

#include "base/error.h"
#include "compose/draft.h"
#include "mail/paragraph.h"
#include "mail/part.h"

enum reply_kind {
	REPLY_TO_SENDER,
	REPLY_TO_ALL,
	REPLY_TO_LIST,
	REPLY_FORWARD,          /* its text inside, its attachments with it */
	REPLY_FORWARD_ATTACHED, /* all of it as an attachment */
	REPLY_EDIT_AS_NEW,
};

/* What is known of the message; everything is borrowed. */
struct reply_source {
	int64_t message; /* of the store */
	const struct envelope *envelope;
	int64_t received;    /* for attribution where it has no date */
	struct slice header; /* all of it; empty: not held here */
	const struct document *document; /* its text; or NULL */
	const struct part_tree *parts;   /* or NULL */
};

/* Who writes. */
struct reply_self {
	const char *name;    /* or NULL */
	const char *address; /* the account's; or NULL */
	/* Whether an address is one's own: the account's, or an alias. */
	bool (*is_own)(void *ctx, const char *address);
	void *ctx;
	const char *signature; /* text; or NULL */
};

struct reply_notes {
	bool munged;     /* a list has put itself into Reply-To */
	bool is_list;    /* it came by a mailing list */
	bool no_text;    /* there was no text to quote */
	bool goes_wider; /* a reply to all that has the list in it */
};

/*
 * ERR_INVALID: there is nobody to answer, or it did not come by a mailing list.
 * The sender is the own address it was sent to (with aliases: as it stands
 * there), else the account's.
 */
MUST_CHECK bool reply_make(enum reply_kind kind,
	const struct reply_source *source, const struct reply_self *self,
	struct draft *ret_draft, struct reply_notes *ret_notes,
	struct error *err);
/* An empty one, with sender and signature. */
void reply_new(const struct reply_self *self, struct draft *ret_draft);

/* The address that List-Post names; NULL: none, or it takes no mail.  The
 * caller frees. */
char *reply_list_address(struct slice header);

#endif /* TERCET_COMPOSE_REPLY_H */
