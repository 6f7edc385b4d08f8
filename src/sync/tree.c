/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/tree.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/imap_name.h"

enum {
	ASKED_MAX = 1000, /* folders asked for by name at a time */
	DUE_MAX = 2000,   /* more of them come up at the next LIST */
};

/* --- names and roles ----------------------------------------------------- */

struct naming {
	char *name; /* UTF-8 */
	enum folder_role role;
};

static void
namings_free(struct naming *namings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(namings[i].name);
	free(namings);
}

/* The folder that the configuration names for a role; NULL: none. */
static const char *
configured_for(const struct account_config *account, enum folder_role role)
{
	const char *const named[ROLES] = {
		[ROLE_SENT] = account->sent,
		[ROLE_DRAFTS] = account->drafts,
		[ROLE_TRASH] = account->trash,
		[ROLE_JUNK] = account->junk,
		[ROLE_ARCHIVE] = account->archive,
	};

	return named[role];
}

/* The configuration wins over SPECIAL-USE. */
static enum folder_role
told_role(const struct account_config *account,
	const struct imap_mailbox *mailbox, const char *name)
{
	if (ascii_eq_nocase(name, "INBOX"))
		return ROLE_INBOX;
	for (int i = 0; i < ROLES; i++) {
		const char *named = configured_for(account, i);

		if (named && (strcmp(named, name) == 0 ||
				     strcmp(named, mailbox->name) == 0))
			return i;
	}
	return configured_for(account, mailbox->role) ? ROLE_NONE
						      : mailbox->role;
}

static enum folder_role
guessed_role(const struct account_config *account, const char *name)
{
	const char *last = strrchr(name, '/');
	enum folder_role role = role_guess(slice_str(last ? last + 1 : name));

	return configured_for(account, role) ? ROLE_NONE : role;
}

/* Each role goes to one folder: told roles first, then guesses from names for
 * roles nobody has. */
static void
settle_roles(const struct account_config *account,
	const struct imap_mailboxes *mailboxes, struct naming *namings)
{
	bool taken[ROLES] = { false };

	for (int guess = 0; guess < 2; guess++) {
		for (size_t i = 0; i < mailboxes->n; i++) {
			struct naming *naming = &namings[i];
			enum folder_role role;

			if (naming->role != ROLE_NONE)
				continue;
			role = guess ? guessed_role(account, naming->name)
				     : told_role(account, &mailboxes->items[i],
					       naming->name);
			if (role == ROLE_NONE || taken[role])
				continue;
			taken[role] = true;
			naming->role = role;
		}
	}
}

/* RFC 9051 5.1: there is always an INBOX, listed or not, and only one,
 * whatever its case. */
static void
settle_inbox(struct imap_mailboxes *mailboxes)
{
	struct imap_mailbox *inbox = NULL;
	size_t n = 0;

	for (size_t i = 0; i < mailboxes->n; i++) {
		struct imap_mailbox *it = &mailboxes->items[i];

		if (inbox && ascii_eq_nocase(it->name, "INBOX")) {
			free(it->name);
			continue;
		}
		mailboxes->items[n] = *it;
		it = &mailboxes->items[n++];
		if (ascii_eq_nocase(it->name, "INBOX")) {
			str_replace(&it->name, "INBOX");
			inbox = it;
		}
	}
	mailboxes->n = n;
	if (inbox)
		return;
	inbox = array_add(mailboxes);
	inbox->name = xstrdup("INBOX");
	inbox->selectable = true;
	inbox->subscribed = true;
}

/* --- news ---------------------------------------------------------------- */

static void
push_once(struct id_array *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->items[i] == id)
			return;
	}
	if (ids->n < DUE_MAX)
		array_push(ids, id);
}

/* Where the counts differ because some are hidden here, or wait to be sent,
 * they say nothing of the flags either. */
static bool
counts_differ(struct session *session, const struct folder *folder,
	const struct imap_mailbox *said)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	uint64_t held;

	if (said->messages == folder->placed && said->unseen == folder->unread)
		return false;
	return !folder_held(session->options.store, folder->id, &held, &err) ||
	       held == (uint64_t)folder->placed || held != said->messages;
}

static bool
is_news(struct session *session, const struct folder *folder,
	const struct imap_mailbox *said)
{
	if (said->uidvalidity && said->uidvalidity != folder->uidvalidity)
		return true;
	if (said->highestmodseq && folder->highestmodseq)
		return said->highestmodseq != folder->highestmodseq;
	return said->uidnext != folder->uidnext ||
	       counts_differ(session, folder, said);
}

/* Whether the answer proves that the store holds it as it is. */
static bool
is_settled(const struct folder *folder, const struct imap_mailbox *said)
{
	return folder->state == FOLDER_COMPLETE && folder->highestmodseq &&
	       said->uidvalidity == folder->uidvalidity &&
	       said->highestmodseq == folder->highestmodseq &&
	       said->uidnext == folder->uidnext &&
	       said->messages == folder->placed;
}

static void
note_status(struct session *session, const struct folder *folder,
	const struct imap_mailbox *said)
{
	if (folder->state == FOLDER_LISTED || folder->id == session->at.folder)
		return;
	if (!is_settled(folder, said) && is_news(session, folder, said))
		push_once(&session->due, folder->id);
}

/* --- LIST into the store ------------------------------------------------- */

struct listing {
	struct session *session;
	struct imap_mailboxes *mailboxes;
	struct naming *namings;
	struct id_array ids; /* of all that stays */
	bool changed;
};

static bool
write_listing(struct listing *all, size_t i, struct error *err)
{
	const struct imap_mailbox *mailbox = &all->mailboxes->items[i];
	struct store *store = all->session->options.store;
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct folder_listing listing = {
		.name = all->namings[i].name,
		.remote = mailbox->name,
		.delimiter = mailbox->delimiter,
		.role = all->namings[i].role,
		.selectable = mailbox->selectable,
		.subscribed = mailbox->subscribed,
		.server_total =
			mailbox->has_status ? (int64_t)mailbox->messages : -1,
		.server_unread =
			mailbox->has_status ? (int64_t)mailbox->unseen : -1,
	};
	enum found found;
	bool changed = false;
	int64_t id;

	if (!folder_save_listing(store, all->session->options.account_id,
		    &listing, &id, &changed, err))
		return false;
	array_push(&all->ids, id);
	all->changed = all->changed || changed;
	if (!mailbox->has_status)
		return true;
	found = folder_load(store, id, &folder, err);
	if (found != FOUND)
		return found == NOT_FOUND;
	note_status(all->session, &folder, mailbox);
	if (is_settled(&folder, mailbox))
		array_push(&all->session->settled, id);
	return true;
}

static bool
write_listings(struct listing *all, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct store *store = all->session->options.store;

	if (!transaction_begin(store, &tx, err))
		return false;
	for (size_t i = 0; i < all->mailboxes->n; i++) {
		if (!write_listing(all, i, err))
			return false;
		if (transaction_is_due(&tx) &&
			(!transaction_commit(&tx, err) ||
				!transaction_begin(store, &tx, err)))
			return false;
	}
	return transaction_commit(&tx, err);
}

static int
compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Of the first `n`, which are sorted. */
static bool
has_id(const struct id_array *ids, size_t n, int64_t id)
{
	return n > 0 && bsearch(&id, ids->items, n, sizeof(id), compare_ids);
}

static const struct folder *
find_remote(const struct folders *folders, const char *remote)
{
	for (size_t i = 0; i < folders->n; i++) {
		const struct folder *it = &folders->items[i];

		if (it->remote && strcmp(it->remote, remote) == 0)
			return it;
	}
	return NULL;
}

/*
 * A folder that LIST leaves out is gone only if STATUS does not find it
 * either: a server in trouble may list too little, and mail would go from
 * here.
 */
static bool
keep_what_is_there(struct listing *all, struct error *err)
{
	struct session *session = all->session;
	struct folders folders CLEANUP(folders_clear) = { 0 };
	struct imap_mailboxes there CLEANUP(imap_mailboxes_clear) = { 0 };
	char *names[ASKED_MAX];
	size_t listed = all->ids.n;
	size_t n = 0;

	if (!folder_load_all(session->options.store,
		    session->options.account_id, &folders, err))
		return false;
	qsort(all->ids.items, listed, sizeof(int64_t), compare_ids);
	for (size_t i = 0; i < folders.n; i++) {
		struct folder *folder = &folders.items[i];

		if (!folder->remote || has_id(&all->ids, listed, folder->id))
			continue;
		if (folder->placed > 0 && n < ASKED_MAX)
			names[n++] = folder->remote;
		else if (folder->placed > 0)
			array_push(&all->ids, folder->id);
	}
	if (n > 0 && !imap_status(session->imap, names, n, &there, err))
		return false;
	for (size_t i = 0; i < there.n; i++) {
		const struct folder *found =
			find_remote(&folders, there.items[i].name);

		if (found)
			array_push(&all->ids, found->id);
	}
	return true;
}

static bool
drop_others(struct listing *all, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct store *store = all->session->options.store;
	bool dropped = false;

	if (!transaction_begin(store, &tx, err) ||
		!folder_drop_others(store, all->session->options.account_id,
			all->ids.items, all->ids.n, &dropped, err) ||
		!transaction_commit(&tx, err))
		return false;
	all->changed = all->changed || dropped;
	return true;
}

static bool
save(struct session *session, struct imap_mailboxes *mailboxes,
	struct error *err)
{
	bool utf8 = imap_is_enabled(session->imap, IMAP_UTF8_ACCEPT);
	struct listing all = { .session = session, .mailboxes = mailboxes };
	bool ok;

	settle_inbox(mailboxes);
	array_clear(&session->settled);
	all.namings = xcalloc(mailboxes->n, sizeof(struct naming));
	for (size_t i = 0; i < mailboxes->n; i++)
		all.namings[i].name = imap_name_decode(mailboxes->items[i].name,
			mailboxes->items[i].delimiter, utf8);
	settle_roles(session->options.account, mailboxes, all.namings);
	ok = write_listings(&all, err) && keep_what_is_there(&all, err) &&
	     drop_others(&all, err);
	namings_free(all.namings, mailboxes->n);
	array_clear(&all.ids);
	if (ok && all.changed)
		session_tell(session, EVENT_TREE_CHANGED);
	return ok;
}

bool
tree_pull(struct session *session, struct error *err)
{
	struct imap_mailboxes mailboxes CLEANUP(imap_mailboxes_clear) = { 0 };

	session->tree_changed = false;
	return imap_list(session->imap, &mailboxes, err) &&
	       save(session, &mailboxes, err);
}

bool
tree_pull_and_select_inbox(struct session *session,
	struct imap_selected *ret_selected, struct folder *ret_inbox,
	struct error *err)
{
	struct imap_mailboxes mailboxes CLEANUP(imap_mailboxes_clear) = { 0 };
	struct imap_select how = { .read_only = session->options.read_only };

	/* No row to put it in: what is said of the inbox before there is one
	 * only makes it dirty, but for the newest message. */
	session_expect(session);
	if (!imap_list_and_select(session->imap, "INBOX", &how, &mailboxes,
		    ret_selected, err)) {
		if (err->kind != ERR_REFUSED)
			return false;
		log_warning("sync", "%s", err->text);
		error_clear(err);
		session_leave(session);
		return tree_pull(session, err);
	}
	return save(session, &mailboxes, err) &&
	       folder_find_role(session->options.store,
		       session->options.account_id, ROLE_INBOX, ret_inbox,
		       err) == FOUND;
}

/* --- STATUS -------------------------------------------------------------- */

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
	/* RFC 5465 5.4: a notice of flags may leave the numbers out. */
	if (said->uidnext != 0 &&
		!folder_save_counts(store, folder.id, said->messages,
			said->unseen, &counts, err))
		return false;
	*changed = *changed || counts;
	note_status(session, &folder, said);
	return true;
}

bool
tree_save_statuses(struct session *session, struct error *err)
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

int
tree_rank(const struct folder *folder)
{
	if (!folder->selectable || !folder->remote ||
		folder->role == ROLE_ALL || folder->role == ROLE_FLAGGED ||
		folder->role == ROLE_IMPORTANT)
		return -1;
	return folder->subscribed || folder->role != ROLE_NONE ? 0 : 1;
}
