/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Headers and flags of what lies behind the newest screenful, newest first, in
 * commands whose answers take about half a second to come in, two in flight.
 */
#include "base/array.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/log.h"
#include "sync/private.h"

enum {
	CHUNK_FIRST = 500,
	CHUNK_LEAST = 100, /* below it overhead counts, not the link */
	CHUNK_MOST = 20000,
	CHUNK_RANGES_MAX = 400,  /* keeps the command line short */
	CHUNK_US = 400000,       /* what an answer should take to come in */
	CHUNK_MOST_US = 1000000, /* the same over a link that is far */
	FLAGS_WEIGHT = 10,       /* so many flags cost as much as a header */
	GROWTH = 4,
	IN_FLIGHT = 2,
	LINK_AFTER_US = 100000, /* threads follow the backfill */
	LINK_ROUNDS = 5,
	OWN_US = 25, /* of a header's time, what is ours on a fast link */
};

/* Whether the set has nothing between these two. */
static bool
is_apart(const struct uidset *set, uint32_t first, uint32_t last)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->ranges[middle].last < first)
			low = middle + 1;
		else
			high = middle;
	}
	return low == set->n || set->ranges[low].first > last;
}

void
pull_take_newest(struct uidset *from, const struct uidset *held, uint64_t n,
	struct uidset *to)
{
	struct uid_range taken[CHUNK_RANGES_MAX];
	size_t n_taken = 0;

	while (n > 0 && from->n > 0) {
		struct uid_range *range = &from->ranges[from->n - 1];
		uint64_t here = (uint64_t)range->last - range->first + 1;
		uint32_t first =
			here > n ? range->last - (uint32_t)n + 1 : range->first;
		struct uid_range *before =
			n_taken > 0 ? &taken[n_taken - 1] : NULL;

		if (before && held &&
			is_apart(held, range->last + 1, before->first - 1))
			before->first = first;
		else if (n_taken == CHUNK_RANGES_MAX)
			break;
		else
			taken[n_taken++] =
				(struct uid_range){ first, range->last };
		n -= here < n ? here : n;
		if (first > range->first)
			range->last = first - 1;
		else
			from->n--;
	}
	while (n_taken-- > 0)
		uidset_add_range(to, taken[n_taken].first, taken[n_taken].last);
}

struct flight {
	uint64_t ticket;
	uint64_t n;
	bool flags;
	int64_t asked_us; /* 0: while another was being answered */
	struct uidset set;
};

struct backfill {
	struct session *session;
	struct pull *pull;
	struct flight flights[IN_FLIGHT];
	size_t n_flights;
	int64_t last_us; /* when the last answer was complete */
	int64_t away_us; /* from a question to its answer's first byte */
	int64_t linked_us;
};

static bool
send_chunk(struct backfill *fill, struct error *err)
{
	struct flight *flight = &fill->flights[fill->n_flights];
	struct pull *pull = fill->pull;
	uint64_t before;
	struct uidset *from;

	*flight = (struct flight){
		.flags = pull->stale.n > 0,
		.asked_us = fill->n_flights == 0 ? clock_mono_us() : 0,
	};
	from = flight->flags ? &pull->stale : &pull->missing;
	before = uidset_count(from);
	pull_take_newest(from, flight->flags ? NULL : &pull->held,
		flight->flags ? pull->chunk * FLAGS_WEIGHT : pull->chunk,
		&flight->set);
	flight->n = before - uidset_count(from);
	fill->n_flights++;
	return imap_fetch_send(fill->session->imap, &flight->set, false,
		flight->flags ? IMAP_ITEMS_FLAGS : IMAP_ITEMS_HEADERS, 0,
		&flight->ticket, err);
}

/* An answer should last longer than it takes to ask for the one after the
 * next. */
static int64_t
chunk_us(const struct backfill *fill)
{
	if (fill->away_us < CHUNK_US)
		return CHUNK_US;
	return fill->away_us < CHUNK_MOST_US ? fill->away_us : CHUNK_MOST_US;
}

/* `came_us`: from its first message to its end. */
static void
adapt_chunk(struct backfill *fill, const struct flight *flight, int64_t came_us)
{
	struct pull *pull = fill->pull;
	uint64_t n = flight->flags ? flight->n / FLAGS_WEIGHT : flight->n;
	uint64_t next;

	if (came_us < 1000)
		came_us = 1000;
	next = n * (uint64_t)chunk_us(fill) / (uint64_t)came_us;
	if (next < CHUNK_LEAST)
		next = CHUNK_LEAST;
	if (next > pull->chunk * GROWTH)
		next = pull->chunk * GROWTH;
	pull->chunk = next > CHUNK_MOST ? CHUNK_MOST : next;
}

/*
 * The server would not fetch some of it.  What did not come is asked for again
 * in smaller pieces, until what it cannot read stands alone and is left out.
 */
static bool
retreat(struct backfill *fill, const struct flight *flight, struct error *err)
{
	struct session *session = fill->session;
	struct uidset here CLEANUP(uidset_clear) = UIDSET_INIT;
	struct uidset left CLEANUP(uidset_clear) = UIDSET_INIT;

	log_warning("sync", "folder %lld: %s", (long long)session->at.folder,
		err->text);
	error_clear(err);
	if (flight->flags)
		return true;
	if (!session_flush(session, err) ||
		!folder_uids(
			session->options.store, session->at.folder, &here, err))
		return false;
	uidset_minus(&flight->set, &here, &left);
	fill->pull->chunk = flight->n / GROWTH + 1;
	if (flight->n <= 1)
		return true;
	for (size_t i = 0; i < left.n; i++)
		uidset_add_range(&fill->pull->missing, left.ranges[i].first,
			left.ranges[i].last);
	return true;
}

/* Much while the network is slow, little while it waits for us. */
static int
link_rounds(const struct flight *flight, int64_t took_us)
{
	return took_us > (int64_t)flight->n * OWN_US ? LINK_ROUNDS : 1;
}

static bool
follow_up(struct backfill *fill, int64_t now, int rounds, struct error *err)
{
	struct session *session = fill->session;
	struct pull *pull = fill->pull;
	bool flags = pull->stale.n > 0 ||
		     (fill->n_flights > 0 && fill->flights[0].flags);
	uint64_t left = uidset_count(flags ? &pull->stale : &pull->missing);

	for (size_t i = 0; i < fill->n_flights; i++)
		left += fill->flights[i].flags == flags ? fill->flights[i].n
							: 0;
	session_tell_folder(session, false);
	if (left > 0)
		session_tell_progress(session, PROGRESS_HEADERS,
			left < pull->total ? pull->total - left : 0,
			pull->total);
	if (now - fill->linked_us < LINK_AFTER_US)
		return true;
	fill->linked_us = now;
	return pull_link_some(session, rounds, err);
}

static bool
wait_chunk(struct backfill *fill, struct error *err)
{
	struct flight flight = fill->flights[0];
	struct session *session = fill->session;
	bool fetched;
	int64_t now;
	int64_t came_us;
	int rounds;
	bool ok;

	session->heard_us = 0;
	fetched = imap_fetch_wait(session->imap, flight.ticket, err);
	now = clock_mono_us();
	came_us = session->heard_us > 0 ? now - session->heard_us : 0;
	if (flight.asked_us > 0)
		fill->away_us = now - came_us - flight.asked_us;
	rounds = link_rounds(&flight, now - fill->last_us);

	fill->flights[0] = fill->flights[1];
	fill->flights[1] = (struct flight){ 0 };
	fill->n_flights--;
	if (fetched) {
		adapt_chunk(fill, &flight, came_us);
		ok = session_flush(session, err);
	} else {
		ok = err->kind == ERR_REFUSED && retreat(fill, &flight, err);
	}
	fill->last_us = now;
	uidset_clear(&flight.set);
	return ok && follow_up(fill, now, rounds, err);
}

static bool
run_backfill(struct backfill *fill, struct error *err)
{
	const struct pull *pull = fill->pull;

	for (;;) {
		bool stop = session_is_interrupted(fill->session);

		while (!stop && fill->n_flights < IN_FLIGHT &&
			(pull->missing.n > 0 || pull->stale.n > 0)) {
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
	struct backfill fill = {
		.session = session,
		.pull = pull,
		.last_us = clock_mono_us(),
		.linked_us = clock_mono_us(),
	};
	bool ok;

	ASSERT(pull->folder == session->at.folder);
	if (pull->chunk == 0)
		pull->chunk = CHUNK_FIRST;
	ok = imap_compress(session->imap, err) && run_backfill(&fill, err);
	for (size_t i = 0; i < fill.n_flights; i++)
		uidset_clear(&fill.flights[i].set);
	if (!ok || pull->missing.n > 0 || pull->stale.n > 0)
		return ok;
	if (!pull_finish(session, pull, err))
		return false;
	session_tell_progress(
		session, PROGRESS_HEADERS, pull->total, pull->total);
	session_tell_folder(session, true);
	return true;
}
