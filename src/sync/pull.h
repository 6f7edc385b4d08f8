/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brings one IMAP folder in step with the server, by sync/plan.h's steps, and
 * fetches texts.  Everything works in pieces: an interrupted pull is taken up
 * where it stopped.
 */
#ifndef TERCET_SYNC_PULL_H
#define TERCET_SYNC_PULL_H

#include "mail/uidset.h"
#include "store/message.h"
#include "sync/session.h"

enum {
	PULL_SCREENFUL = 100, /* headers of a first sight */
	PULL_TEXTS_MAX = 64,  /* texts asked for in one go */
};

/* A folder's pull as far as it went. */
struct pull {
	int64_t folder;        /* 0: none */
	struct uidset missing; /* headers still to fetch */
	uint64_t total;        /* what the server holds */
	bool complete;         /* nothing is missing */
};

void pull_clear(struct pull *pull);

/*
 * Selects the folder and does all steps but the backfill.  ERR_STALE: the
 * session must be closed and opened again first (an empty mailbox wants a
 * second opinion).
 */
MUST_CHECK bool pull_head(struct session *session, int64_t folder,
	struct pull *ret_pull, struct error *err);
/* The same for the account's first sight: LIST and INBOX at once. */
MUST_CHECK bool pull_first_sight(
	struct session *session, struct pull *ret_pull, struct error *err);
/* Fetches what is missing until done or interrupted; the folder must be the
 * selected one. */
MUST_CHECK bool pull_backfill(
	struct session *session, struct pull *pull, struct error *err);
/* What the server said of the selected folder since: new mail, flags. */
MUST_CHECK bool pull_news(struct session *session, struct error *err);

/*
 * Texts of messages that stand in the selected folder, at most
 * PULL_TEXTS_MAX.  One that the server does not give is marked as tried.
 */
MUST_CHECK bool pull_texts(struct session *session,
	const struct message_wanted *wanted, size_t n, struct error *err);
/* One message's text from whichever folder holds it; ERR_STALE when the server
 * no longer has it. */
MUST_CHECK bool pull_message(
	struct session *session, int64_t message, struct error *err);
/* A section's bytes, streamed, with progress. */
MUST_CHECK bool pull_section(struct session *session, int64_t message,
	const char *section, struct error *err);

#endif /* TERCET_SYNC_PULL_H */
