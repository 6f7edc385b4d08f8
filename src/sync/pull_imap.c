/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/pull.h"

#include "base/bug.h"
#include "base/gettext.h"
#include "base/log.h"
#include "sync/plan.h"
#include "sync/private.h"
#include "sync/tree.h"

enum {
	LINK_ROUNDS = 10,
	FLAGS_FIRST = 1000, /* flags looked at before anything else */
};

bool
pull_doubt(struct error *err)
{
	return error_set(err, ERR_REFUSED,
		_("The server says that a folder is empty which was not, and "
		  "contradicts itself; its mail stays here until the server "
		  "says so again"));
}

void
pull_clear(struct pull *pull)
{
	uidset_clear(&pull->missing);
	uidset_clear(&pull->stale);
	uidset_clear(&pull->held);
	*pull = (struct pull){ 0 };
}

bool
pull_link_some(struct session *session, int rounds, struct error *err)
{
	struct store *store = session->options.store;
	int64_t left = 1;

	for (int i = 0; i < rounds && left > 0; i++) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		if (!transaction_begin(store, &tx, err) ||
			!message_link_some(&tx, session->options.account_id,
				session->at.folder, &left, err) ||
			!transaction_commit(&tx, err))
			return false;
	}
	return true;
}

static bool
save_sync(struct session *session, uint32_t uidnext, uint64_t modseq,
	enum folder_state state, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_sync sync = {
		.uidvalidity = session->at.uidvalidity,
		.uidnext = uidnext,
		.highestmodseq = modseq,
		.state = state,
	};

	if (state == FOLDER_COMPLETE)
		session->ingest.whole_below = uidnext;
	return transaction_begin(session->options.store, &tx, err) &&
	       folder_save_sync(session->options.store, session->at.folder,
		       &sync, err) &&
	       transaction_commit(&tx, err);
}

/* Of the selected folder. */
static bool
load_folder(struct session *session, struct folder *ret, struct error *err)
{
	enum found found = folder_load(
		session->options.store, session->at.folder, ret, err);

	if (found == NOT_FOUND)
		return error_set(err, ERR_STALE, _("The folder is gone"));
	return found == FOUND;
}

static bool
forget_uids(struct session *session, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	log_info("sync", "folder %lld: UIDVALIDITY changed",
		(long long)session->at.folder);
	session->ingest.whole_below = 0;
	return transaction_begin(session->options.store, &tx, err) &&
	       folder_forget_uids(
		       session->options.store, session->at.folder, err) &&
	       transaction_commit(&tx, err);
}

/* Takes away what the new UIDVALIDITY did not bring back. */
static bool
drop_stale(struct session *session, struct error *err)
{
	bool more = true;

	while (more) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		if (!transaction_begin(session->options.store, &tx, err) ||
			!folder_drop_stale(session->options.store,
				session->at.folder, &more, err) ||
			!transaction_commit(&tx, err))
			return false;
	}
	return true;
}

static bool
fetch_set(struct session *session, const struct uidset *set, bool by_sequence,
	enum imap_items items, uint64_t changed_since, struct error *err)
{
	uint64_t ticket;

	return imap_fetch_send(session->imap, set, by_sequence, items,
		       changed_since, &ticket, err) &&
	       imap_fetch_wait(session->imap, ticket, err) &&
	       session_flush(session, err);
}

/* Some servers refuse a whole FETCH for one message they cannot read.  What
 * came has come; SEARCH tells what did not, and the backfill goes round it. */
static bool
tolerate(struct session *session, bool fetched, struct error *err)
{
	if (fetched || err->kind != ERR_REFUSED)
		return fetched;
	log_warning("sync", "folder %lld: %s", (long long)session->at.folder,
		err->text);
	error_clear(err);
	session->at.is_dirty = true;
	return session_flush(session, err);
}

/* What was placed since: threads as far as a moment allows, and the word. */
static bool
show_placed(struct session *session, struct error *err)
{
	if (session->ingest.n_placed == session->at.shown)
		return true;
	session->at.shown = session->ingest.n_placed;
	if (!pull_link_some(session, LINK_ROUNDS, err))
		return false;
	session_tell_folder(session, true);
	return true;
}

/* What is here already is shown while the answer is on its way. */
static bool
fetch_headers(struct session *session, uint32_t first, uint32_t last,
	bool by_sequence, struct error *err)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	uint64_t ticket;

	uidset_add_range(&set, first, last);
	if (!imap_fetch_send(session->imap, &set, by_sequence,
		    IMAP_ITEMS_HEADERS, 0, &ticket, err) ||
		!show_placed(session, err))
		return false;
	return tolerate(session,
		       imap_fetch_wait(session->imap, ticket, err) &&
			       session_flush(session, err),
		       err) &&
	       show_placed(session, err);
}

static bool
fetch_newest(struct session *session, struct error *err)
{
	uint32_t last = session->at.exists;
	uint32_t first = last > PULL_SCREENFUL ? last - PULL_SCREENFUL + 1 : 1;

	return last == 0 || fetch_headers(session, first, last, true, err);
}

static bool
fetch_from(struct session *session, uint32_t uidnext, struct error *err)
{
	return fetch_headers(
		session, uidnext ? uidnext : 1, UINT32_MAX, false, err);
}

static bool
fetch_flags_since(struct session *session, uint64_t modseq, struct error *err)
{
	struct uidset all CLEANUP(uidset_clear) = UIDSET_INIT;

	uidset_add_range(&all, 1, UINT32_MAX);
	return fetch_set(session, &all, false, IMAP_ITEMS_FLAGS, modseq, err);
}

/* Those of the newest messages at once, the others with the backfill. */
static bool
fetch_flags(struct session *session, struct pull *pull, struct error *err)
{
	struct uidset first CLEANUP(uidset_clear) = UIDSET_INIT;

	pull_take_newest(&pull->stale, NULL, FLAGS_FIRST, &first);
	return fetch_set(session, &first, false, IMAP_ITEMS_FLAGS, 0, err);
}

static void
add_all(struct uidset *to, const struct uidset *from)
{
	for (size_t i = 0; i < from->n; i++)
		uidset_add_range(
			to, from->ranges[i].first, from->ranges[i].last);
}

/* `there` is what the server holds. */
static void
compare(struct session *session, const struct uidset *there, bool flags,
	struct pull *pull)
{
	struct uidset gone CLEANUP(uidset_clear) = UIDSET_INIT;

	uidset_clear(&pull->missing);
	uidset_minus(there, &pull->held, &pull->missing);
	uidset_minus(&pull->held, there, &gone);
	if (flags) {
		uidset_clear(&pull->stale);
		uidset_minus(&pull->held, &gone, &pull->stale);
	}
	if (pull->missing.n > 0)
		session->ingest.whole_below = 0;
	add_all(&session->ingest.gone, &gone);
	pull->total = uidset_count(there);
}

static bool
search(struct session *session, bool flags, struct pull *pull,
	struct error *err)
{
	struct selected *at = &session->at;
	struct uidset there CLEANUP(uidset_clear) = UIDSET_INIT;
	uint64_t least = at->exists + at->removed;
	uint32_t exists = at->exists;

	at->is_dirty = false;
	positions_clear(&at->positions);
	uidset_clear(&pull->held);
	if (!imap_search_all(session->imap, &there, err) ||
		!session_flush(session, err) ||
		!folder_uids(
			session->options.store, at->folder, &pull->held, err))
		return false;
	/* Mail that EXISTS counts is not gone because SEARCH passes it over. */
	if (uidset_count(&there) + at->removed < least) {
		log_warning("sync", "folder %lld: SEARCH contradicts EXISTS",
			(long long)at->folder);
		add_all(&there, &pull->held);
	}
	if (at->tracks_positions && at->exists == exists &&
		at->exists + at->removed == least &&
		uidset_count(&there) == exists)
		positions_fill(&at->positions, &there);
	compare(session, &there, flags, pull);
	return session_flush(session, err);
}

static bool
confirm_empty(struct session *session, struct error *err)
{
	array_push(&session->emptied, session->at.folder);
	return error_set(err, ERR_STALE,
		_("The server says that a folder is empty which was not; "
		  "asking again"));
}

/* Remembers that it was said: uidnext 0. */
static bool
doubt_empty(struct session *session, const struct folder *folder,
	struct pull *pull, struct error *err)
{
	log_warning("sync",
		"folder %lld: said to be empty, and UIDNEXT went back",
		(long long)folder->id);
	pull->doubtful = true;
	return save_sync(session, 0, 0, folder->state, err);
}

static bool
was_emptied(const struct session *session, int64_t folder)
{
	for (size_t i = 0; i < session->emptied.n; i++) {
		if (session->emptied.items[i] == folder)
			return true;
	}
	return false;
}

static void
forget_emptied(struct session *session, int64_t folder)
{
	struct id_array *emptied = &session->emptied;

	for (size_t i = emptied->n; i-- > 0;) {
		if (emptied->items[i] == folder)
			emptied->items[i] = emptied->items[--emptied->n];
	}
}

static bool
do_step(struct session *session, const struct plan *plan, enum step step,
	const struct folder *folder, struct pull *pull, struct error *err)
{
	log_debug("sync", "folder %lld: %s", (long long)folder->id,
		step_name(step));
	switch (step) {
	case STEP_DOUBT_EMPTY:
		return doubt_empty(session, folder, pull, err);
	case STEP_CONFIRM_EMPTY:
		return confirm_empty(session, err);
	case STEP_FORGET_UIDS:
		return forget_uids(session, err);
	case STEP_NEWEST:
		return fetch_newest(session, err);
	case STEP_NEW:
		return fetch_from(session, folder->uidnext, err);
	case STEP_FLAGS_SINCE:
		return fetch_flags_since(session, folder->highestmodseq, err);
	case STEP_SEARCH:
		return search(
			session, plan_has(plan, STEP_FLAGS_ALL), pull, err);
	case STEP_FLAGS_ALL:
		return fetch_flags(session, pull, err);
	case STEP_BACKFILL:
		return true;
	case STEPS:
		break;
	}
	UNREACHABLE();
}

/* How many of the mailbox's messages the store has, which is looked at closely
 * only where it would matter. */
static bool
count_held(struct session *session, const struct folder *folder,
	uint32_t exists, uint64_t *ret_n, struct error *err)
{
	*ret_n = (uint64_t)folder->placed;
	if (folder->placed == (int64_t)exists || folder->uidvalidity == 0)
		return true;
	return folder_held(session->options.store, folder->id, ret_n, err);
}

/* If the numbers disagree at the end, something was missed. */
static bool
check_counts(struct session *session, struct pull *pull, struct error *err)
{
	struct folder now CLEANUP(folder_clear) = { 0 };
	uint64_t held;

	if (!load_folder(session, &now, err) ||
		!count_held(session, &now, session->at.exists, &held, err))
		return false;
	pull->total = session->at.exists;
	if (held == session->at.exists && !session->at.is_dirty)
		return true;
	return search(session, false, pull, err);
}

static void
make_plan(const struct session *session, const struct folder *folder,
	const struct imap_selected *selected, uint64_t held, struct plan *plan)
{
	struct plan_local local = {
		.complete = folder->state == FOLDER_COMPLETE,
		.known = folder->state != FOLDER_LISTED,
		.uidvalidity = folder->uidvalidity,
		.uidnext = folder->uidnext,
		.modseq = folder->highestmodseq,
		.placed = held,
	};
	struct plan_server server = {
		.exists = selected->exists,
		.uidvalidity = selected->uidvalidity,
		.uidnext = selected->uidnext,
		.modseq = selected->highestmodseq,
		.qresync = selected->qresync,
		.empty_confirmed = was_emptied(session, folder->id),
		.needs_positions = session->at.tracks_positions,
	};

	plan_folder(&local, &server, plan);
}

/* What the next session starts from. */
static bool
save_head(struct session *session, const struct folder *folder,
	const struct imap_selected *selected, struct pull *pull,
	struct error *err)
{
	uint32_t last = session->ingest.last_uid;
	uint32_t uidnext = selected->uidnext;
	uint64_t modseq = selected->highestmodseq;

	/* A server that does not tell it. */
	if (uidnext == 0)
		uidnext = last >= folder->uidnext && last < UINT32_MAX
				  ? last + 1
				  : folder->uidnext;
	pull->modseq = modseq;
	pull->complete = pull->missing.n == 0 && pull->stale.n == 0;
	if (pull->complete)
		return drop_stale(session, err) &&
		       save_sync(
			       session, uidnext, modseq, FOLDER_COMPLETE, err);
	/* Flags not looked at yet must be looked at next time. */
	return save_sync(session, uidnext,
		pull->stale.n > 0 ? folder->highestmodseq : modseq,
		FOLDER_PARTIAL, err);
}

bool
pull_finish(struct session *session, struct pull *pull, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };

	if (!drop_stale(session, err) || !load_folder(session, &folder, err))
		return false;
	pull->complete = true;
	return save_sync(
		session, folder.uidnext, pull->modseq, FOLDER_COMPLETE, err);
}

static bool
run_plan(struct session *session, const struct folder *folder,
	const struct imap_selected *selected, struct pull *pull,
	struct error *err)
{
	struct plan plan;
	uint64_t held;

	if (!count_held(session, folder, selected->exists, &held, err))
		return false;
	make_plan(session, folder, selected, held, &plan);
	pull->folder = folder->id;
	pull->total = selected->exists;
	if (plan_has(&plan, STEP_CONFIRM_EMPTY) ||
		plan_has(&plan, STEP_DOUBT_EMPTY))
		ingest_drop(&session->ingest);
	if (!session_flush(session, err))
		return false;
	for (size_t i = 0; i < plan.n; i++) {
		if (!do_step(session, &plan, plan.steps[i], folder, pull, err))
			return false;
	}
	forget_emptied(session, folder->id);
	pull->complete = pull->doubtful;
	if (pull->doubtful)
		return true;
	if (!plan_has(&plan, STEP_SEARCH) && !check_counts(session, pull, err))
		return false;
	if (!save_head(session, folder, selected, pull, err))
		return false;
	session_tell_folder(session, true);
	return true;
}

bool
pull_head(struct session *session, int64_t folder_id, struct pull *pull,
	struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct imap_selected selected = { 0 };
	enum found found =
		folder_load(session->options.store, folder_id, &folder, err);

	if (found == FOUND_ERROR)
		return false;
	if (found == NOT_FOUND || !folder.selectable || !folder.remote)
		return error_set(
			err, ERR_REFUSED, _("There is no such folder"));
	pull_clear(pull);
	if (!session_select(session, &folder, true, &selected, err) ||
		!run_plan(session, &folder, &selected, pull, err))
		return error_prefix(err, "%s", folder.name);
	return true;
}

bool
pull_first_sight(struct session *session, struct pull *pull, struct error *err)
{
	struct folder inbox CLEANUP(folder_clear) = { 0 };
	struct imap_selected selected = { 0 };

	pull_clear(pull);
	if (!tree_pull_and_select_inbox(session, &selected, &inbox, err))
		return false;
	if (inbox.id == 0)
		return true;
	session_enter(session, &inbox, &selected);
	return run_plan(session, &inbox, &selected, pull, err);
}

bool
pull_news(struct session *session, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	uint64_t before = session->ingest.n_changed;
	uint32_t last;

	if (session->at.folder == 0)
		return true;
	if (!session_flush(session, err))
		return false;
	if (session->ingest.n_changed != before)
		session_tell_folder(session, true);
	if (!session->at.has_news)
		return true;
	session->at.has_news = false;
	if (!load_folder(session, &folder, err) ||
		!fetch_from(session, folder.uidnext, err))
		return false;
	last = session->ingest.last_uid;
	if (last < folder.uidnext || last == UINT32_MAX)
		return true;
	return save_sync(
		session, last + 1, folder.highestmodseq, folder.state, err);
}
