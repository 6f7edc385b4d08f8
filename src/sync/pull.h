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
};

/* A folder's pull as far as it went. */
struct pull {
	int64_t folder;        /* 0: none */
	struct uidset missing; /* headers still to fetch */
	struct uidset stale;   /* flags still to fetch */
	struct uidset held;    /* headers that were here at the last SEARCH */
	uint64_t total;        /* what the server holds */
	uint64_t modseq;       /* of SELECT */
	uint64_t chunk;        /* headers in a command of the backfill */
	bool complete;         /* nothing is missing or stale */
	bool doubtful;         /* said to be empty, and not believed */
};

void pull_clear(struct pull *pull);

/*
 * Selects the folder and does all steps but the backfill.  ERR_STALE: the
 * session must be closed and opened again first (an empty mailbox wants a
 * second opinion).
 */
MUST_CHECK bool pull_head(struct session *session, int64_t folder,
	struct pull *ret_pull, struct error *err);
/* The same for the account's first sight: LIST and INBOX at once.  Without a
 * folder in it when the server will not open INBOX. */
MUST_CHECK bool pull_first_sight(
	struct session *session, struct pull *ret_pull, struct error *err);
/* Fetches what is missing until done or interrupted; the folder must be the
 * selected one. */
MUST_CHECK bool pull_backfill(
	struct session *session, struct pull *pull, struct error *err);
/* What is to be said of a doubtful one.  Returns false. */
bool pull_doubt(struct error *err);
/* What the server said of the selected folder since: new mail, flags. */
MUST_CHECK bool pull_news(struct session *session, struct error *err);
/* Links what the next few transactions can of the selected folder. */
MUST_CHECK bool pull_link_some(
	struct session *session, int rounds, struct error *err);
/* Everything is here: what a new UIDVALIDITY did not bring back goes, and the
 * row says so. */
MUST_CHECK bool pull_finish(
	struct session *session, struct pull *pull, struct error *err);

/*
 * The next texts that `offline` asks for, newest first.  `*ret_folder` is 0
 * when none is wanted any more; the selected folder when some were fetched, or
 * given up, and there may be more; else the folder to be
 * selected by pull_head() first, none of `refused`.
 */
MUST_CHECK bool pull_texts(struct session *session,
	const struct id_array *refused, int64_t *ret_folder, struct error *err);
/* One message's text from whichever folder holds it; ERR_STALE when the server
 * no longer has it. */
MUST_CHECK bool pull_message(
	struct session *session, int64_t message, struct error *err);
/* A section's bytes, streamed, with progress. */
MUST_CHECK bool pull_section(struct session *session, int64_t message,
	const char *section, struct error *err);
/* The same by the UID it has in the selected folder. */
MUST_CHECK bool pull_section_at(struct session *session, int64_t message,
	uint32_t uid, const char *section, struct error *err);

#endif /* TERCET_SYNC_PULL_H */
