/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server says, into batches of rows and notes about the folder. */
#include "base/array.h"
#include "base/clock.h"
#include "base/mem.h"
#include "sync/private.h"

/* Writes what waits; a failure is kept for session_flush(), and what comes
 * behind it is dropped. */
static void
write_now(struct session *session)
{
	if (session->failed.kind == ERR_NONE &&
		ingest_flush(&session->ingest, &session->failed))
		session_tell_folder(session, false);
	else
		ingest_drop(&session->ingest);
}

/* The server was asked to describe a message, or does so unasked; some leave
 * out what they cannot tell, and the message is there nevertheless. */
static void
hear_header(struct session *session, struct imap_fetch *fetch, uint32_t uid)
{
	/* Flags told before are older than those that come with it. */
	if (session->ingest.n_flags > 0)
		write_now(session);
	fetch->uid = uid;
	ingest_add_header(&session->ingest, fetch);
	if (ingest_is_full(&session->ingest))
		write_now(session);
}

static void
on_fetch(void *ctx, struct imap_fetch *fetch)
{
	struct session *session = ctx;
	struct selected *at = &session->at;
	uint32_t uid = fetch->uid;
	bool describes =
		(fetch->has & (IMAP_HAS_HEADER | IMAP_HAS_PARTS |
				      IMAP_HAS_SIZE | IMAP_HAS_DATE)) != 0;

	if (session->heard_us == 0)
		session->heard_us = clock_mono_us();
	if ((fetch->has & IMAP_HAS_BODY) && session->bodies)
		session->bodies(session->bodies_ctx, fetch);
	if (at->bodies_only)
		return;
	if (at->tracks_positions && uid)
		positions_note(&at->positions, fetch->sequence, uid);
	else if (at->tracks_positions)
		uid = positions_uid(&at->positions, fetch->sequence);
	if (at->is_unnamed && describes && uid &&
		!ingest_is_full(&session->ingest))
		ingest_add_header(&session->ingest, fetch);
	else if (at->folder == 0 || (uid == 0 && fetch->has & IMAP_HAS_FLAGS))
		at->is_dirty = true;
	else if (describes && uid)
		hear_header(session, fetch, uid);
	else if (fetch->has & IMAP_HAS_FLAGS)
		ingest_add_flags(&session->ingest, fetch, uid);
}

static void
on_exists(void *ctx, uint32_t messages)
{
	struct session *session = ctx;
	struct selected *at = &session->at;

	if (messages > at->exists || at->folder == 0)
		at->has_news = true;
	at->exists = messages;
}

static void
on_expunge(void *ctx, uint32_t sequence)
{
	struct session *session = ctx;
	struct selected *at = &session->at;
	uint32_t uid = positions_uid(&at->positions, sequence);

	if (at->exists > 0)
		at->exists--;
	at->removed++;
	if (at->bodies_only)
		return;
	if (uid && at->folder)
		uidset_add(&session->ingest.gone, uid);
	else
		at->is_dirty = true;
	positions_remove(&at->positions, sequence);
}

static void
on_vanished(void *ctx, const struct uidset *uids, bool earlier)
{
	struct session *session = ctx;
	struct selected *at = &session->at;
	uint64_t n = uidset_count(uids);

	if (!earlier) {
		at->exists -= n < at->exists ? (uint32_t)n : at->exists;
		at->removed += n;
	}
	if (at->bodies_only)
		return;
	if (at->folder == 0)
		at->is_dirty = true;
	for (size_t i = 0; i < uids->n && at->folder; i++) {
		if (!uidset_add_range(&session->ingest.gone,
			    uids->ranges[i].first, uids->ranges[i].last))
			at->is_dirty = true;
	}
}

static void
on_status(void *ctx, const struct imap_mailbox *mailbox)
{
	struct session *session = ctx;
	struct imap_mailbox *copy;

	if (session->statuses.n >= IMAP_MAILBOXES_MAX)
		return;
	copy = array_add(&session->statuses);
	*copy = *mailbox;
	copy->name = xstrdup(mailbox->name);
}

static void
on_tree_changed(void *ctx)
{
	((struct session *)ctx)->tree_changed = true;
}

static void
on_alert(void *ctx, const char *text)
{
	struct session *session = ctx;
	struct event *event = xnew(struct event);

	event->type = EVENT_ALERT;
	event->account = session->options.account_id;
	event->text = xstrdup(text);
	session->options.tell(session->options.ctx, event);
}

void
session_listen(struct session *session)
{
	session->handler = (struct imap_handler){
		.ctx = session,
		.fetch = on_fetch,
		.exists = on_exists,
		.expunge = on_expunge,
		.vanished = on_vanished,
		.status = on_status,
		.tree_changed = on_tree_changed,
		.alert = on_alert,
	};
}
