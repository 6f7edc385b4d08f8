/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "config/secret.h"
#include "net/tls.h"
#include "sync/private.h"
#include "sync/server.h"

enum { PASSWORD_COMMAND_US = 60 * 1000000, TELL_US = 100000 };

void
session_init(struct session *session, const struct session_options *options)
{
	*session = (struct session){ .options = *options };
	server_endpoint(
		options->account, &options->account->imap, &session->endpoint);
	session_listen(session);
}

/* Nobody works on it any more. */
static void
end_progress(struct session *session)
{
	for (int kind = PROGRESS_HEADERS; kind <= PROGRESS_PART; kind++) {
		if (session->unfinished & 1u << kind)
			session_tell_progress(
				session, (enum progress_kind)kind, 0, 0);
	}
	session->unfinished = 0;
}

void
session_close(struct session *session)
{
	end_progress(session);
	session_leave(session);
	imap_close(session->imap);
	session->imap = NULL;
	imap_mailboxes_clear(&session->statuses);
	array_clear(&session->due);
	array_clear(&session->settled);
	error_clear(&session->failed);
}

void
session_clear(struct session *session)
{
	session_close(session);
	endpoint_clear(&session->endpoint);
	free_secret(session->password);
	session->password = NULL;
	array_clear(&session->emptied);
	str_replace(&session->certificate, NULL);
}

void
session_set_password(struct session *session, char *password)
{
	free_secret(session->password);
	session->password = password;
}

bool
session_is_open(const struct session *session)
{
	return session->imap != NULL;
}

static bool
get_password(void *ctx, char **ret_secret, struct error *err)
{
	struct session *session = ctx;

	if (session->password) {
		*ret_secret = xstrdup(session->password);
		return true;
	}
	return secret_fetch(session->options.account,
		clock_mono_us() + PASSWORD_COMMAND_US, session->options.cancel,
		ret_secret, err);
}

/* Seconds since 1970 as "2026-11-20". */
static void
print_day(int64_t when, char *to, size_t size)
{
	time_t t = (time_t)when;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || strftime(to, size, "%Y-%m-%d", &tm) == 0)
		snprintf(to, size, "?");
}

/* What somebody needs to know before they trust it. */
static void
on_untrusted(void *ctx, const struct tls_certificate *certificate)
{
	struct session *session = ctx;
	char from[16], to[16];

	print_day(certificate->not_before, from, sizeof(from));
	print_day(certificate->not_after, to, sizeof(to));
	free(session->certificate);
	session->certificate = xasprintf(
		/* TRANSLATORS: facts of a server's certificate */
		_("Subject: %s\nNames: %s\nIssuer: %s\nValid: %s to "
		  "%s\ntls-pin = %s"),
		certificate->subject ? certificate->subject : "-",
		certificate->names ? certificate->names : "-",
		certificate->issuer ? certificate->issuer : "-", from, to,
		certificate->pin ? certificate->pin : "-");
}

static bool
save_capabilities(
	struct session *session, const char *remembered, struct error *err)
{
	const char *now = imap_capability_text(session->imap);
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	if (remembered && now && strcmp(remembered, now) == 0)
		return true;
	return transaction_begin(session->options.store, &tx, err) &&
	       account_save_capabilities(session->options.store,
		       session->options.account_id, now, err) &&
	       transaction_commit(&tx, err);
}

bool
session_open(struct session *session, struct error *err)
{
	const struct account_config *account = session->options.account;
	struct account_row row CLEANUP(account_row_clear) = { 0 };
	struct imap_options options = {
		.endpoint = &session->endpoint,
		.login = { .mechanism = account_auth_name(account->auth),
			.password = get_password,
			.ctx = session },
		.timeout_s = session->options.timeout_s,
		.cancel = session->options.cancel,
		.handler = &session->handler,
		.compress = true,
		.untrusted = on_untrusted,
		.untrusted_ctx = session,
	};

	if (!account->imap.present)
		return error_set(err, ERR_INVALID,
			_("Account %s names no IMAP server"), account->name);
	session_close(session);
	if (!account_load(session->options.store, session->options.account_id,
		    &row, err))
		return false;
	options.remembered_capabilities = row.capabilities;
	str_replace(&session->certificate, NULL);
	if (!imap_open(&options, &session->imap, err))
		return false;
	if (!save_capabilities(session, row.capabilities, err)) {
		session_close(session);
		return false;
	}
	return true;
}

/* --- the selected folder ------------------------------------------------- */

void
session_leave(struct session *session)
{
	positions_clear(&session->at.positions);
	session->at = (struct selected){ 0 };
	ingest_clear(&session->ingest);
}

static void
enter(struct session *session, const struct folder *folder)
{
	session_leave(session);
	session->at.folder = folder->id;
	ingest_init(&session->ingest, session->options.store,
		session->options.account_id, folder->id);
	if (folder->state == FOLDER_COMPLETE)
		session->ingest.whole_below = folder->uidnext;
}

/* Once the SELECT is answered; ENABLE was answered before it. */
static void
note_selected(struct session *session, const struct imap_selected *selected)
{
	struct selected *at = &session->at;

	at->exists = selected->exists;
	at->uidvalidity = selected->uidvalidity;
	at->read_only = selected->read_only;
	at->keywords_allowed = selected->keywords_allowed;
	at->permanent_flags = selected->permanent_flags;
	at->tracks_positions = session->options.watches && !at->bodies_only &&
			       !imap_is_enabled(session->imap, IMAP_QRESYNC);
}

void
session_expect(struct session *session)
{
	session_leave(session);
	ingest_init(&session->ingest, session->options.store,
		session->options.account_id, 0);
	session->at.is_unnamed = true;
}

void
session_enter(struct session *session, const struct folder *folder,
	const struct imap_selected *selected)
{
	/* Told behind the SELECT, before anybody knew what of. */
	bool changed = session->at.is_dirty || session->at.has_news ||
		       session->at.removed > 0;
	uint64_t removed = session->at.removed;
	struct ingest early = session->ingest;

	session->ingest = (struct ingest){ 0 };
	enter(session, folder);
	if (early.headers)
		ingest_adopt(&session->ingest, &early);
	ingest_clear(&early);
	note_selected(session, selected);
	if (removed < selected->exists)
		session->at.exists -= (uint32_t)removed;
	session->at.is_dirty = changed;
}

bool
session_select(struct session *session, const struct folder *folder,
	bool changes, struct imap_selected *ret_selected, struct error *err)
{
	struct imap_select how = { .read_only = session->options.read_only };

	if (changes && folder->state != FOLDER_LISTED) {
		how.uidvalidity = folder->uidvalidity;
		how.modseq = folder->highestmodseq;
	}
	enter(session, folder);
	if (!imap_select(
		    session->imap, folder->remote, &how, ret_selected, err)) {
		session_leave(session);
		return false;
	}
	/* Without QRESYNC all that came meanwhile is of the folder before. */
	if (!ret_selected->qresync)
		enter(session, folder);
	session->at.bodies_only = !changes;
	note_selected(session, ret_selected);
	return true;
}

/* --- writing ------------------------------------------------------------- */

bool
session_flush(struct session *session, struct error *err)
{
	if (session->failed.kind != ERR_NONE)
		return error_move(err, &session->failed);
	if (session->at.folder == 0 || ingest_is_empty(&session->ingest))
		return true;
	if (!ingest_flush(&session->ingest, err))
		return false;
	if (session->ingest.overflow || session->ingest.met_unknown)
		session->at.is_dirty = true;
	session->ingest.overflow = false;
	session->ingest.met_unknown = false;
	return true;
}

/* --- telling ------------------------------------------------------------- */

bool
session_is_interrupted(const struct session *session)
{
	return cancel_is_fired(session->options.cancel) ||
	       (session->options.is_interrupted &&
		       session->options.is_interrupted(session->options.ctx));
}

void
session_tell(struct session *session, enum event_type type)
{
	struct event *event = xnew(struct event);

	event->type = type;
	event->account = session->options.account_id;
	event->folder = session->at.folder;
	session->options.tell(session->options.ctx, event);
}

void
session_tell_folder(struct session *session, bool now)
{
	int64_t us = clock_mono_us();

	if (!now && us - session->told_us < TELL_US)
		return;
	session->told_us = us;
	session_tell(session, EVENT_FOLDER_CHANGED);
}

void
session_tell_message(struct session *session, int64_t message)
{
	struct event *event = xnew(struct event);

	event->type = EVENT_MESSAGE_CHANGED;
	event->account = session->options.account_id;
	event->folder = session->at.folder;
	event->message = message;
	session->options.tell(session->options.ctx, event);
}

void
session_tell_progress(struct session *session, enum progress_kind kind,
	uint64_t done, uint64_t total)
{
	int64_t us = clock_mono_us();
	struct event *event;

	if (done < total && kind == session->told_kind &&
		us - session->told_progress_us < TELL_US)
		return;
	if (done < total)
		session->unfinished |= 1u << kind;
	else
		session->unfinished &= ~(1u << kind);
	session->told_kind = kind;
	session->told_progress_us = us;
	event = xnew(struct event);
	event->type = EVENT_PROGRESS;
	event->account = session->options.account_id;
	event->folder = session->at.folder;
	event->progress = kind;
	event->done = done;
	event->total = total;
	session->options.tell(session->options.ctx, event);
}
