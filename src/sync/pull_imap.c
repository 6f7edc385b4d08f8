/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/pull.h"

#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/log.h"
#include "sync/plan.h"

enum {
	CHUNK_FIRST = 500,
	CHUNK_LEAST = 100,
	CHUNK_MOST = 20000,
	CHUNK_RANGES_MAX = 400, /* keeps the command line short */
	CHUNK_US = 400000,      /* what one command should take */
	IN_FLIGHT = 2,
	LINK_AFTER_US = 100000, /* threads follow the backfill */
	LINK_ROUNDS = 10,
	FLAGS_CHUNK = 50000,
};

void
pull_clear(struct pull *pull)
{
	uidset_clear(&pull->missing);
	*pull = (struct pull){ 0 };
}

/* Links what the next few transactions can, newest first. */
static bool
link_rounds(struct session *session, int rounds, struct error *err)
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

	return transaction_begin(session->options.store, &tx, err) &&
	       folder_save_sync(session->options.store, session->at.folder,
		       &sync, err) &&
	       transaction_commit(&tx, err);
}

static bool
forget_uids(struct session *session, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	log_info("sync", "folder %lld: UIDVALIDITY changed",
		(long long)session->at.folder);
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

static bool
fetch_newest(struct session *session, struct error *err)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	uint32_t last = session->at.exists;
	uint32_t first = last > PULL_SCREENFUL ? last - PULL_SCREENFUL + 1 : 1;

	uidset_add_range(&set, first, last);
	if (!fetch_set(session, &set, true, IMAP_ITEMS_HEADERS, 0, err) ||
		!link_rounds(session, LINK_ROUNDS, err))
		return false;
	session_tell_folder(session, true);
	return true;
}

static bool
fetch_from(struct session *session, uint32_t uidnext, struct error *err)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	uint64_t before = session->ingest.n_placed;

	uidset_add_range(&set, uidnext ? uidnext : 1, UINT32_MAX);
	if (!fetch_set(session, &set, false, IMAP_ITEMS_HEADERS, 0, err))
		return false;
	if (session->ingest.n_placed == before)
		return true;
	if (!link_rounds(session, LINK_ROUNDS, err))
		return false;
	session_tell_folder(session, true);
	return true;
}

static bool
fetch_flags_since(struct session *session, uint64_t modseq, struct error *err)
{
	struct uidset all CLEANUP(uidset_clear) = UIDSET_INIT;

	uidset_add_range(&all, 1, UINT32_MAX);
	return fetch_set(session, &all, false, IMAP_ITEMS_FLAGS, modseq, err);
}

/* Newest first, so that what is on the screen is right first. */
static bool
fetch_flags_all(struct session *session, struct error *err)
{
	uint32_t last = session->at.exists;

	while (last > 0 && !session_is_interrupted(session)) {
		struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
		uint32_t first =
			last > FLAGS_CHUNK ? last - FLAGS_CHUNK + 1 : 1;

		uidset_add_range(&set, first, last);
		if (!fetch_set(session, &set, true, IMAP_ITEMS_FLAGS, 0, err))
			return false;
		session_tell_folder(session, false);
		last = first - 1;
	}
	return true;
}

static void
fill_positions(struct selected *at, const struct uidset *uids)
{
	uint32_t uid = 0;
	size_t n = 0;

	if (!at->tracks_positions || uidset_count(uids) != at->n_uids)
		return;
	while (uidset_next(uids, &uid))
		at->uids[n++] = uid;
}

static bool
search(struct session *session, struct pull *pull, struct error *err)
{
	struct uidset there CLEANUP(uidset_clear) = UIDSET_INIT;
	struct uidset here CLEANUP(uidset_clear) = UIDSET_INIT;
	struct uidset gone CLEANUP(uidset_clear) = UIDSET_INIT;

	if (!imap_search_all(session->imap, &there, err) ||
		!session_flush(session, err) ||
		!folder_uids(
			session->options.store, session->at.folder, &here, err))
		return false;
	fill_positions(&session->at, &there);
	uidset_clear(&pull->missing);
	uidset_minus(&there, &here, &pull->missing);
	uidset_minus(&here, &there, &gone);
	for (size_t i = 0; i < gone.n; i++)
		uidset_add_range(&session->ingest.gone, gone.ranges[i].first,
			gone.ranges[i].last);
	pull->total = uidset_count(&there);
	return session_flush(session, err);
}

static bool
confirm_empty(struct session *session, struct error *err)
{
	session->empty_folder = session->at.folder;
	return error_set(err, ERR_STALE,
		_("The server says that a folder is empty which was not; "
		  "asking again"));
}

static bool
do_step(struct session *session, enum step step, const struct folder *folder,
	struct pull *pull, struct error *err)
{
	log_debug("sync", "folder %lld: %s", (long long)folder->id,
		step_name(step));
	switch (step) {
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
		return search(session, pull, err);
	case STEP_FLAGS_ALL:
		return fetch_flags_all(session, err);
	case STEP_BACKFILL:
		return true;
	case STEPS:
		break;
	}
	UNREACHABLE();
}

/* After QRESYNC: if the numbers disagree, something was missed. */
static bool
check_counts(struct session *session, struct pull *pull, struct error *err)
{
	struct folder now CLEANUP(folder_clear) = { 0 };

	if (folder_load(session->options.store, session->at.folder, &now,
		    err) != FOUND)
		return false;
	pull->total = session->at.exists;
	if (now.placed == (int64_t)session->at.exists && !session->at.is_dirty)
		return true;
	return search(session, pull, err);
}

static void
make_plan(const struct session *session, const struct folder *folder,
	const struct imap_selected *selected, struct plan *plan)
{
	struct plan_local local = {
		.complete = folder->state == FOLDER_COMPLETE,
		.known = folder->state != FOLDER_LISTED,
		.uidvalidity = folder->uidvalidity,
		.uidnext = folder->uidnext,
		.modseq = folder->highestmodseq,
		.placed = (uint64_t)folder->placed,
	};
	struct plan_server server = {
		.exists = selected->exists,
		.uidvalidity = selected->uidvalidity,
		.uidnext = selected->uidnext,
		.modseq = selected->highestmodseq,
		.qresync = selected->qresync,
		.empty_confirmed = session->empty_folder == folder->id,
		.needs_positions = session->at.tracks_positions,
	};

	plan_folder(&local, &server, plan);
}

static bool
run_plan(struct session *session, const struct folder *folder,
	const struct imap_selected *selected, struct pull *pull,
	struct error *err)
{
	struct plan plan;
	uint32_t uidnext;

	make_plan(session, folder, selected, &plan);
	/* What SELECT brought about other UIDs than the store's is void. */
	if (plan_has(&plan, STEP_FORGET_UIDS))
		uidset_clear(&session->ingest.gone);
	if (!plan_has(&plan, STEP_CONFIRM_EMPTY) &&
		!session_flush(session, err))
		return false;
	/* Changes of messages that are not here yet come with the new ones. */
	if (plan_has(&plan, STEP_NEW))
		session->at.is_dirty = false;
	pull->total = selected->exists;
	for (size_t i = 0; i < plan.n; i++) {
		if (!do_step(session, plan.steps[i], folder, pull, err))
			return false;
	}
	session->empty_folder = 0;
	if (!plan_has(&plan, STEP_SEARCH) && !check_counts(session, pull, err))
		return false;
	session->at.is_dirty = false;
	session->at.has_news = false;
	uidnext = selected->uidnext ? selected->uidnext : folder->uidnext;
	pull->complete = pull->missing.n == 0;
	if (pull->complete && !drop_stale(session, err))
		return false;
	if (!save_sync(session, uidnext, selected->highestmodseq,
		    pull->complete ? FOLDER_COMPLETE : FOLDER_PARTIAL, err))
		return false;
	session_tell_folder(session, true);
	return true;
}

bool
pull_head(struct session *session, int64_t folder_id, struct pull *pull,
	struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct imap_selected selected;
	enum found found =
		folder_load(session->options.store, folder_id, &folder, err);

	if (found == FOUND_ERROR)
		return false;
	if (found == NOT_FOUND || !folder.selectable)
		return error_set(
			err, ERR_REFUSED, _("There is no such folder"));
	pull_clear(pull);
	pull->folder = folder_id;
	if (!session_select(session, &folder, &selected, err) ||
		!run_plan(session, &folder, &selected, pull, err))
		return error_prefix(err, "%s", folder.name);
	return true;
}

bool
pull_first_sight(struct session *session, struct pull *pull, struct error *err)
{
	struct folder inbox CLEANUP(folder_clear) = { 0 };
	struct imap_selected selected;

	pull_clear(pull);
	if (!session_list_and_select_inbox(session, &selected, &inbox, err))
		return false;
	pull->folder = inbox.id;
	return run_plan(session, &inbox, &selected, pull, err);
}

/* --- backfill ------------------------------------------------------------ */

/* Moves the newest `n` UIDs, in at most CHUNK_RANGES_MAX ranges. */
static void
take_newest(struct uidset *from, uint64_t n, struct uidset *to)
{
	size_t first = from->n;
	uint32_t cut = 0; /* where the oldest range is split; 0: nowhere */

	while (n > 0 && first > 0 && from->n - first < CHUNK_RANGES_MAX) {
		const struct uid_range *range = &from->ranges[first - 1];
		uint64_t here = (uint64_t)range->last - range->first + 1;

		first--;
		if (here > n)
			cut = range->last - (uint32_t)n + 1;
		n -= here < n ? here : n;
	}
	for (size_t i = first; i < from->n; i++) {
		uint32_t start = from->ranges[i].first;

		if (i == first && cut)
			start = cut;
		uidset_add_range(to, start, from->ranges[i].last);
	}
	from->n = first;
	if (cut) {
		from->ranges[first].last = cut - 1;
		from->n = first + 1;
	}
}

struct flight {
	uint64_t ticket;
	uint64_t n;
	struct uidset set; /* to be put back when it fails */
};

struct backfill {
	struct session *session;
	struct pull *pull;
	struct flight flights[IN_FLIGHT];
	size_t n_flights;
	uint64_t chunk;
	int64_t last_us; /* when the last answer was complete */
	int64_t linked_us;
};

static bool
send_chunk(struct backfill *fill, struct error *err)
{
	struct flight *flight = &fill->flights[fill->n_flights];

	*flight = (struct flight){ 0 };
	take_newest(&fill->pull->missing, fill->chunk, &flight->set);
	flight->n = uidset_count(&flight->set);
	fill->n_flights++;
	return imap_fetch_send(fill->session->imap, &flight->set, false,
		IMAP_ITEMS_HEADERS, 0, &flight->ticket, err);
}

static void
adapt_chunk(struct backfill *fill, uint64_t n, int64_t took_us)
{
	uint64_t next;

	if (took_us < 1000)
		took_us = 1000;
	next = n * CHUNK_US / (uint64_t)took_us;
	if (next > fill->chunk * 4)
		next = fill->chunk * 4;
	if (next < CHUNK_LEAST)
		next = CHUNK_LEAST;
	fill->chunk = next > CHUNK_MOST ? CHUNK_MOST : next;
}

static bool
wait_chunk(struct backfill *fill, struct error *err)
{
	struct flight *flight = &fill->flights[0];
	struct session *session = fill->session;
	int64_t now;

	if (!imap_fetch_wait(session->imap, flight->ticket, err) ||
		!session_flush(session, err))
		return false;
	now = clock_mono_us();
	adapt_chunk(fill, flight->n, now - fill->last_us);
	fill->last_us = now;
	uidset_clear(&flight->set);
	fill->flights[0] = fill->flights[1];
	fill->flights[1] = (struct flight){ 0 };
	fill->n_flights--;
	session_tell_folder(session, false);
	session_tell_progress(session, PROGRESS_HEADERS,
		fill->pull->total - uidset_count(&fill->pull->missing),
		fill->pull->total);
	if (now - fill->linked_us < LINK_AFTER_US)
		return true;
	fill->linked_us = now;
	return link_rounds(session, LINK_ROUNDS / 2, err);
}

static bool
run_backfill(struct backfill *fill, struct error *err)
{
	for (;;) {
		bool stop = session_is_interrupted(fill->session);

		while (!stop && fill->n_flights < IN_FLIGHT &&
			fill->pull->missing.n > 0) {
			if (!send_chunk(fill, err))
				return false;
		}
		if (fill->n_flights == 0)
			return true;
		if (!wait_chunk(fill, err))
			return false;
	}
}

bool
pull_backfill(struct session *session, struct pull *pull, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct backfill fill = {
		.session = session,
		.pull = pull,
		.chunk = CHUNK_FIRST,
		.last_us = clock_mono_us(),
		.linked_us = clock_mono_us(),
	};
	bool ok;

	ASSERT(pull->folder == session->at.folder);
	ok = run_backfill(&fill, err);
	for (size_t i = 0; i < fill.n_flights; i++)
		uidset_clear(&fill.flights[i].set);
	if (!ok || pull->missing.n > 0)
		return ok;
	if (!drop_stale(session, err))
		return false;
	pull->complete = true;
	if (folder_load(session->options.store, pull->folder, &folder, err) !=
		FOUND)
		return false;
	if (!save_sync(session, folder.uidnext, folder.highestmodseq,
		    FOLDER_COMPLETE, err))
		return false;
	session_tell_progress(
		session, PROGRESS_HEADERS, pull->total, pull->total);
	session_tell_folder(session, true);
	return true;
}

/* --- news ---------------------------------------------------------------- */

bool
pull_news(struct session *session, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	uint64_t before = session->ingest.n_changed;
	uint32_t uidnext;

	if (session->at.folder == 0)
		return true;
	if (!session_flush(session, err))
		return false;
	if (session->ingest.n_changed != before)
		session_tell_folder(session, true);
	if (!session->at.has_news)
		return true;
	session->at.has_news = false;
	if (folder_load(session->options.store, session->at.folder, &folder,
		    err) != FOUND)
		return false;
	if (!fetch_from(session, folder.uidnext, err))
		return false;
	uidnext = session->ingest.last_uid + 1;
	if (uidnext <= folder.uidnext)
		return true;
	return save_sync(
		session, uidnext, folder.highestmodseq, folder.state, err);
}
