/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/session.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "config/secret.h"
#include "net/imap_name.h"

enum { PASSWORD_COMMAND_US = 60 * 1000000, TELL_US = 100000 };

/* --- what the server says ------------------------------------------------ */

static void
note_position(struct selected *at, uint32_t sequence, uint32_t uid)
{
	if (!at->tracks_positions || sequence == 0 || sequence > at->n_uids)
		return;
	at->uids[sequence - 1] = uid;
}

static uint32_t
uid_at(const struct selected *at, uint32_t sequence)
{
	if (sequence == 0 || sequence > at->n_uids)
		return 0;
	return at->uids[sequence - 1];
}

static void
grow_positions(struct selected *at, uint32_t exists)
{
	if (!at->tracks_positions || exists <= at->n_uids)
		return;
	if (exists > at->cap_uids) {
		at->cap_uids = (size_t)exists + exists / 8 + 64;
		at->uids = xreallocarray(
			at->uids, at->cap_uids, sizeof(*at->uids));
	}
	memset(at->uids + at->n_uids, 0,
		(exists - at->n_uids) * sizeof(*at->uids));
	at->n_uids = exists;
}

/* Writes when enough waits; a failure is kept for session_flush(). */
static void
flush_if_full(struct session *session)
{
	if (!ingest_is_full(&session->ingest))
		return;
	if (session->failed.kind == ERR_NONE &&
		ingest_flush(&session->ingest, &session->failed)) {
		session_tell_folder(session, false);
		return;
	}
	ingest_clear(&session->ingest);
	ingest_init(&session->ingest, session->options.store,
		session->options.account_id, session->at.folder);
}

static void
on_fetch(void *ctx, struct imap_fetch *fetch)
{
	struct session *session = ctx;
	struct selected *at = &session->at;
	uint32_t uid = fetch->uid ? fetch->uid : uid_at(at, fetch->sequence);

	if (at->folder == 0)
		return;
	if (fetch->uid)
		note_position(at, fetch->sequence, fetch->uid);
	if ((fetch->has & IMAP_HAS_BODY) && session->bodies)
		session->bodies(session->bodies_ctx, fetch);
	if (fetch->has & IMAP_HAS_HEADER) {
		if (uid == 0)
			return;
		fetch->uid = uid;
		ingest_add_header(&session->ingest, fetch);
		flush_if_full(session);
	} else if (fetch->has & IMAP_HAS_FLAGS) {
		if (uid)
			ingest_add_flags(&session->ingest, fetch, uid);
		else
			at->is_dirty = true;
	}
}

static void
on_exists(void *ctx, uint32_t messages)
{
	struct session *session = ctx;
	struct selected *at = &session->at;

	if (messages > at->exists)
		at->has_news = true;
	at->exists = messages;
	grow_positions(at, messages);
}

static void
on_expunge(void *ctx, uint32_t sequence)
{
	struct session *session = ctx;
	struct selected *at = &session->at;
	uint32_t uid = uid_at(at, sequence);

	if (at->exists > 0)
		at->exists--;
	if (uid)
		uidset_add(&session->ingest.gone, uid);
	else
		at->is_dirty = true;
	if (sequence >= 1 && sequence <= at->n_uids) {
		memmove(at->uids + sequence - 1, at->uids + sequence,
			(at->n_uids - sequence) * sizeof(*at->uids));
		at->n_uids--;
	}
}

static void
on_vanished(void *ctx, const struct uidset *uids, bool earlier)
{
	struct session *session = ctx;
	uint64_t n = uidset_count(uids);

	for (size_t i = 0; i < uids->n; i++) {
		if (!uidset_add_range(&session->ingest.gone,
			    uids->ranges[i].first, uids->ranges[i].last))
			session->at.is_dirty = true;
	}
	if (!earlier)
		session->at.exists -= n < session->at.exists
					      ? (uint32_t)n
					      : session->at.exists;
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

/* --- life ---------------------------------------------------------------- */

static enum security
security_of(enum url_security security)
{
	switch (security) {
	case URL_TLS:
		return SECURITY_TLS;
	case URL_STARTTLS:
		return SECURITY_STARTTLS;
	case URL_INSECURE:
		return SECURITY_CLEAR;
	}
	UNREACHABLE();
}

static void
fill_endpoint(struct session *session)
{
	const struct account_config *account = session->options.account;
	struct endpoint *endpoint = &session->endpoint;

	endpoint_init(endpoint);
	endpoint->host = xstrdup_null(account->imap.host);
	endpoint->port = account->imap.port;
	endpoint->user = xstrdup_null(account_user(account, &account->imap));
	endpoint->security = security_of(account->imap.security);
	endpoint->ca_file = xstrdup_null(account->tls_ca_file);
	endpoint->pin = xstrdup_null(account->tls_pin);
}

void
session_init(struct session *session, const struct session_options *options)
{
	*session = (struct session){ .options = *options };
	fill_endpoint(session);
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

static void
leave_folder(struct session *session)
{
	free(session->at.remote);
	free(session->at.uids);
	session->at = (struct selected){ 0 };
	ingest_clear(&session->ingest);
}

void
session_close(struct session *session)
{
	leave_folder(session);
	imap_close(session->imap);
	session->imap = NULL;
	imap_mailboxes_clear(&session->statuses);
	array_clear(&session->due);
	error_clear(&session->failed);
}

void
session_clear(struct session *session)
{
	session_close(session);
	endpoint_clear(&session->endpoint);
	free_secret(session->password);
	session->password = NULL;
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
		.cancel = session->options.cancel,
		.handler = &session->handler,
		.compress = true,
	};

	if (!account->imap.present)
		return error_set(err, ERR_INVALID,
			_("Account %s names no IMAP server"), account->name);
	session_close(session);
	if (!account_load(session->options.store, session->options.account_id,
		    &row, err))
		return false;
	options.remembered_capabilities = row.capabilities;
	if (!imap_open(&options, &session->imap, err))
		return false;
	if (!save_capabilities(session, row.capabilities, err)) {
		session_close(session);
		return false;
	}
	return true;
}

/* --- folders ------------------------------------------------------------- */

static bool
is_called(const char *configured, const char *name)
{
	return configured && strcmp(configured, name) == 0;
}

/* The configuration wins over SPECIAL-USE, which wins over guessing. */
static enum folder_role
role_of(const struct session *session, const struct imap_mailbox *mailbox,
	const char *name)
{
	const struct account_config *account = session->options.account;

	if (ascii_eq_nocase(name, "INBOX"))
		return ROLE_INBOX;
	if (is_called(account->sent, name))
		return ROLE_SENT;
	if (is_called(account->drafts, name))
		return ROLE_DRAFTS;
	if (is_called(account->trash, name))
		return ROLE_TRASH;
	if (is_called(account->junk, name))
		return ROLE_JUNK;
	if (is_called(account->archive, name))
		return ROLE_ARCHIVE;
	return mailbox->role;
}

static bool
is_overridden(const struct account_config *account, enum folder_role role)
{
	return (role == ROLE_SENT && account->sent) ||
	       (role == ROLE_DRAFTS && account->drafts) ||
	       (role == ROLE_TRASH && account->trash) ||
	       (role == ROLE_JUNK && account->junk) ||
	       (role == ROLE_ARCHIVE && account->archive);
}

struct naming {
	char *name;
	enum folder_role role;
};

/* Each role goes to one folder: told roles first, then guesses from names for
 * roles nobody has. */
static void
settle_roles(const struct session *session,
	const struct imap_mailboxes *mailboxes, struct naming *namings)
{
	bool taken[ROLES] = { false };

	for (size_t i = 0; i < mailboxes->n; i++) {
		enum folder_role role =
			role_of(session, &mailboxes->items[i], namings[i].name);

		if (role == mailboxes->items[i].role &&
			is_overridden(session->options.account, role))
			role = ROLE_NONE;
		if (role != ROLE_NONE && taken[role])
			role = ROLE_NONE;
		taken[role] = true;
		namings[i].role = role;
	}
	for (size_t i = 0; i < mailboxes->n; i++) {
		const char *last = strrchr(namings[i].name, '/');
		enum folder_role role;

		if (namings[i].role != ROLE_NONE)
			continue;
		role = role_guess(slice_str(last ? last + 1 : namings[i].name));
		if (role == ROLE_NONE || taken[role] ||
			is_overridden(session->options.account, role))
			continue;
		taken[role] = true;
		namings[i].role = role;
	}
}

static bool
is_news(const struct folder *folder, const struct imap_mailbox *said)
{
	if (said->highestmodseq && folder->highestmodseq)
		return said->highestmodseq != folder->highestmodseq;
	return said->uidnext != folder->uidnext ||
	       said->messages != folder->placed ||
	       said->unseen != folder->unread;
}

/* What LIST-STATUS told may be news of a folder that is held here. */
static bool
note_if_news(struct session *session, const struct imap_mailbox *mailbox,
	int64_t id, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	enum found found;

	if (!mailbox->has_status)
		return true;
	found = folder_load(session->options.store, id, &folder, err);
	if (found != FOUND)
		return found == NOT_FOUND;
	if (folder.state != FOLDER_LISTED && id != session->at.folder &&
		is_news(&folder, mailbox))
		array_push(&session->due, id);
	return true;
}

static bool
write_listing(struct session *session, const struct imap_mailbox *mailbox,
	const struct naming *naming, int64_t *ret_id, bool *ret_changed,
	struct error *err)
{
	struct folder_listing listing = {
		.name = naming->name,
		.remote = mailbox->name,
		.delimiter = mailbox->delimiter,
		.role = naming->role,
		.selectable = mailbox->selectable,
		.subscribed = mailbox->subscribed,
		.server_total =
			mailbox->has_status ? (int64_t)mailbox->messages : -1,
		.server_unread =
			mailbox->has_status ? (int64_t)mailbox->unseen : -1,
	};

	return folder_save_listing(session->options.store,
		session->options.account_id, &listing, ret_id, ret_changed,
		err);
}

static bool
write_tree(struct session *session, const struct imap_mailboxes *mailboxes,
	const struct naming *namings, bool *ret_changed, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct store *store = session->options.store;
	int64_t *ids CLEANUP(freep) = xcalloc(mailboxes->n, sizeof(*ids));
	bool dropped = false;

	if (!transaction_begin(store, &tx, err))
		return false;
	for (size_t i = 0; i < mailboxes->n; i++) {
		bool changed = false;

		if (!write_listing(session, &mailboxes->items[i], &namings[i],
			    &ids[i], &changed, err) ||
			!note_if_news(
				session, &mailboxes->items[i], ids[i], err))
			return false;
		*ret_changed = *ret_changed || changed;
		if (transaction_is_due(&tx) &&
			(!transaction_commit(&tx, err) ||
				!transaction_begin(store, &tx, err)))
			return false;
	}
	if (!folder_drop_others(store, session->options.account_id, ids,
		    mailboxes->n, &dropped, err) ||
		!transaction_commit(&tx, err))
		return false;
	*ret_changed = *ret_changed || dropped;
	return true;
}

static bool
save_tree(struct session *session, const struct imap_mailboxes *mailboxes,
	struct error *err)
{
	struct naming *namings = xcalloc(mailboxes->n, sizeof(struct naming));
	bool utf8 = imap_is_enabled(session->imap, IMAP_UTF8_ACCEPT);
	bool changed = false;
	bool ok;

	for (size_t i = 0; i < mailboxes->n; i++)
		namings[i].name = imap_name_decode(mailboxes->items[i].name,
			mailboxes->items[i].delimiter, utf8);
	settle_roles(session, mailboxes, namings);
	ok = write_tree(session, mailboxes, namings, &changed, err);
	for (size_t i = 0; i < mailboxes->n; i++)
		free(namings[i].name);
	free(namings);
	if (ok && changed)
		session_tell(session, EVENT_TREE_CHANGED);
	return ok;
}

bool
session_list(struct session *session, struct error *err)
{
	struct imap_mailboxes mailboxes CLEANUP(imap_mailboxes_clear) = { 0 };

	session->tree_changed = false;
	return imap_list(session->imap, &mailboxes, err) &&
	       save_tree(session, &mailboxes, err);
}

bool
session_wants_folder(const struct folder *folder, bool any_subscribed)
{
	if (!folder->selectable || !folder->remote ||
		folder->role == ROLE_ALL || folder->role == ROLE_FLAGGED ||
		folder->role == ROLE_IMPORTANT)
		return false;
	return !any_subscribed || folder->subscribed ||
	       folder->role != ROLE_NONE;
}

static void
enter_folder(struct session *session, int64_t folder, const char *remote)
{
	leave_folder(session);
	session->at.folder = folder;
	session->at.remote = xstrdup_null(remote);
	session->at.tracks_positions =
		!imap_is_enabled(session->imap, IMAP_QRESYNC);
	ingest_init(&session->ingest, session->options.store,
		session->options.account_id, folder);
}

static void
note_selected(struct session *session, const struct imap_selected *selected)
{
	struct selected *at = &session->at;

	at->exists = selected->exists;
	at->uidvalidity = selected->uidvalidity;
	at->uidnext = selected->uidnext;
	at->has_news = false;
	grow_positions(at, selected->exists);
}

bool
session_list_and_select_inbox(struct session *session,
	struct imap_selected *ret_selected, struct folder *ret_inbox,
	struct error *err)
{
	struct imap_mailboxes mailboxes CLEANUP(imap_mailboxes_clear) = { 0 };
	struct imap_select how = { .read_only = session->options.read_only };
	struct imap_selected selected;
	enum found found;

	/* Nothing is known yet, so nothing the server may say now is about a
	 * folder of the store. */
	leave_folder(session);
	if (!imap_list_and_select(
		    session->imap, "INBOX", &how, &mailboxes, &selected, err) ||
		!save_tree(session, &mailboxes, err))
		return false;
	found = folder_find_role(session->options.store,
		session->options.account_id, ROLE_INBOX, ret_inbox, err);
	if (found == FOUND_ERROR)
		return false;
	if (found == NOT_FOUND)
		return error_set(err, ERR_REFUSED,
			_("The server of account %s shows no INBOX"),
			session->options.account->name);
	enter_folder(session, ret_inbox->id, ret_inbox->remote);
	note_selected(session, &selected);
	*ret_selected = selected;
	return true;
}

bool
session_select(struct session *session, const struct folder *folder,
	struct imap_selected *ret_selected, struct error *err)
{
	struct imap_select how = {
		.read_only = session->options.read_only,
		.uidvalidity = folder->uidvalidity,
		.modseq = folder->highestmodseq,
	};

	if (folder->state == FOLDER_LISTED)
		how.modseq = 0;
	enter_folder(session, folder->id, folder->remote);
	if (!imap_select(
		    session->imap, folder->remote, &how, ret_selected, err)) {
		leave_folder(session);
		return false;
	}
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

static bool
save_status(struct session *session, const struct imap_mailbox *said,
	bool *changed, struct error *err)
{
	struct store *store = session->options.store;
	struct folder folder CLEANUP(folder_clear) = { 0 };
	enum found found = folder_find_remote(
		store, session->options.account_id, said->name, &folder, err);
	bool counts = false;

	if (found != FOUND)
		return found == NOT_FOUND;
	if (!folder_save_counts(store, folder.id, said->messages, said->unseen,
		    &counts, err))
		return false;
	*changed = *changed || counts;
	if (is_news(&folder, said) && folder.id != session->at.folder)
		array_push(&session->due, folder.id);
	return true;
}

bool
session_save_statuses(struct session *session, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct store *store = session->options.store;
	bool changed = false;

	if (session->statuses.n == 0)
		return true;
	if (!transaction_begin(store, &tx, err))
		return false;
	for (size_t i = 0; i < session->statuses.n; i++) {
		if (!save_status(session, &session->statuses.items[i], &changed,
			    err))
			return false;
		if (transaction_is_due(&tx) &&
			(!transaction_commit(&tx, err) ||
				!transaction_begin(store, &tx, err)))
			return false;
	}
	if (!transaction_commit(&tx, err))
		return false;
	imap_mailboxes_clear(&session->statuses);
	if (changed)
		session_tell(session, EVENT_COUNTS_CHANGED);
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
session_tell_progress(struct session *session, enum progress_kind kind,
	uint64_t done, uint64_t total)
{
	struct event *event = xnew(struct event);

	event->type = EVENT_PROGRESS;
	event->account = session->options.account_id;
	event->folder = session->at.folder;
	event->progress = kind;
	event->done = done;
	event->total = total;
	session->options.tell(session->options.ctx, event);
}
