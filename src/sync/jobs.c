/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the sync thread of an account does while its session is open: the first
 * thing that waits.  Each job is a piece of at most about a second, so that
 * what somebody asks for goes next.
 */
#include "sync/syncer.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/route.h"
#include "sync/tree.h"

enum {
	SECOND = 1000000,
	PIECE_US = SECOND, /* local work, before the server is heard again */
	DIRTY_US = 2 * SECOND,
	PROBE_US = 30 * SECOND,
	LIST_US = 60 * SECOND,
	LIST_FOLDERS = 100, /* with more, a STATUS each comes less often */
};

static const int64_t watch_us = 25 * 60 * (int64_t)SECOND;

bool
ids_have(const struct id_array *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->items[i] == id)
			return true;
	}
	return false;
}

void
ids_drop(struct id_array *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->items[i] == id) {
			ids->items[i] = ids->items[--ids->n];
			return;
		}
	}
}

static bool
load_folders(struct syncer *syncer, struct folders *ret, struct error *err)
{
	return folder_load_all(syncer->worker->store,
		syncer->worker->options.account_id, ret, err);
}

/* --- folders ------------------------------------------------------------- */

/* The folder that is watched: the one on the screen, else the inbox; 0 when
 * the server shows neither. */
static bool
find_home(struct syncer *syncer, int64_t *ret_folder, struct error *err)
{
	struct folder inbox CLEANUP(folder_clear) = { 0 };
	enum found found;

	*ret_folder = syncer->wished;
	if (syncer->wished && !ids_have(&syncer->refused, syncer->wished))
		return true;
	found = folder_find_role(syncer->worker->store,
		syncer->worker->options.account_id, ROLE_INBOX, &inbox, err);
	*ret_folder = found == FOUND && !ids_have(&syncer->refused, inbox.id)
			      ? inbox.id
			      : 0;
	return found != FOUND_ERROR;
}

/* Once a folder is there, what is opened in it should come at once. */
static void
warm_fetcher(struct syncer *syncer, int64_t folder)
{
	struct command *command;

	if (!syncer->worker->options.fetcher)
		return;
	command = command_new(COMMAND_OPEN_FOLDER);
	command->folder = folder;
	worker_post(syncer->worker->options.fetcher, command);
}

/* A folder the server refuses is left alone for this session; the others go
 * on. */
static enum job_result
head(struct syncer *syncer, int64_t folder, struct error *err)
{
	ids_drop(&syncer->session->due, folder);
	if (pull_head(syncer->session, folder, &syncer->pull, err)) {
		if (!ids_have(&syncer->visited, folder))
			array_push(&syncer->visited, folder);
		if (syncer->pull.doubtful) {
			pull_doubt(err);
			syncer_fail_folder(syncer, folder, err);
			error_clear(err);
		}
		return JOB_DONE;
	}
	if (err->kind != ERR_REFUSED)
		return JOB_FAILED;
	syncer_fail_folder(syncer, folder, err);
	log_warning("sync", "folder %lld: %s", (long long)folder, err->text);
	if (folder == syncer->wished)
		worker_tell(syncer->worker, EVENT_ALERT, 0, err->text);
	if (!ids_have(&syncer->refused, folder))
		array_push(&syncer->refused, folder);
	pull_clear(&syncer->pull);
	return JOB_DONE;
}

static enum job_result
job_first_sight(struct syncer *syncer, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };

	if (syncer->listed)
		return JOB_NOTHING;
	if (!load_folders(syncer, &folders, err))
		return JOB_FAILED;
	if (folders.n > 0)
		return JOB_NOTHING;
	syncer_set_state(syncer, ACCOUNT_SYNCING, NULL);
	if (!pull_first_sight(syncer->session, &syncer->pull, err))
		return JOB_FAILED;
	syncer->listed = true;
	syncer->next_list_us = clock_mono_us() + LIST_US;
	if (syncer->pull.folder) {
		array_push(&syncer->visited, syncer->pull.folder);
		warm_fetcher(syncer, syncer->pull.folder);
	}
	return JOB_DONE;
}

/* What was done here, before anything is looked at. */
static enum job_result
job_push(struct syncer *syncer, struct error *err)
{
	bool any;

	if (!syncer->listed)
		return JOB_NOTHING;
	syncer->push.session = syncer->session;
	syncer->push.pull = &syncer->pull;
	if (!push_some(&syncer->push, &any, err))
		return JOB_FAILED;
	return any ? JOB_DONE : JOB_NOTHING;
}

static enum job_result
job_home(struct syncer *syncer, struct error *err)
{
	enum job_result result;
	int64_t home;

	if (!find_home(syncer, &home, err))
		return JOB_FAILED;
	if (home == 0 || ids_have(&syncer->visited, home))
		return JOB_NOTHING;
	syncer_set_state(syncer, ACCOUNT_SYNCING, NULL);
	result = head(syncer, home, err);
	if (ids_have(&syncer->visited, home))
		warm_fetcher(syncer, home);
	return result;
}

/* Of passes that were wished for. */
static enum job_result
job_wished(struct syncer *syncer, struct error *err)
{
	int64_t folder = syncer_next_wished(syncer);

	if (folder == 0)
		return JOB_NOTHING;
	syncer_set_state(syncer, ACCOUNT_SYNCING, NULL);
	return head(syncer, folder, err);
}

static enum job_result
job_end_folder_passes(struct syncer *syncer, struct error *err)
{
	return syncer_end_folder_passes(syncer, err) ? JOB_NOTHING : JOB_FAILED;
}

static enum job_result
job_end_passes(struct syncer *syncer, struct error *err)
{
	(void)err;
	syncer_end_passes(syncer);
	return JOB_NOTHING;
}

static enum job_result
job_news(struct syncer *syncer, struct error *err)
{
	struct session *session = syncer->session;
	int64_t now = clock_mono_us();

	if (session->at.folder == 0)
		return JOB_NOTHING;
	/* Whatever the server does, not over and over. */
	if (session->at.is_dirty && now >= syncer->next_dirty_us) {
		syncer->next_dirty_us = now + DIRTY_US;
		return head(syncer, session->at.folder, err);
	}
	if (session->at.has_news || !ingest_is_empty(&session->ingest))
		return pull_news(session, err) ? JOB_DONE : JOB_FAILED;
	return JOB_NOTHING;
}

/* With NOTIFY the server says when to look again. */
static enum job_result
job_list(struct syncer *syncer, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };
	int64_t wait = LIST_US;

	if (syncer->listed && !syncer->session->tree_changed &&
		(syncer->notify_set || clock_mono_us() < syncer->next_list_us))
		return JOB_NOTHING;
	if (!tree_pull(syncer->session, err) ||
		!load_folders(syncer, &folders, err))
		return JOB_FAILED;
	if (folders.n > LIST_FOLDERS &&
		!(imap_capabilities(syncer->session->imap) & IMAP_LIST_STATUS))
		wait *= (int64_t)folders.n / LIST_FOLDERS;
	syncer->listed = true;
	syncer->next_list_us = clock_mono_us() + wait;
	return JOB_DONE;
}

static enum job_result
job_due(struct syncer *syncer, struct error *err)
{
	struct id_array *due = &syncer->session->due;

	if (due->n == 0)
		return JOB_NOTHING;
	return head(syncer, due->items[0], err);
}

static enum job_result
job_backfill(struct syncer *syncer, struct error *err)
{
	if (syncer->pull.folder == 0 || syncer->pull.complete ||
		syncer->pull.folder != syncer->session->at.folder)
		return JOB_NOTHING;
	syncer_set_state(syncer, ACCOUNT_SYNCING, NULL);
	return pull_backfill(syncer->session, &syncer->pull, err) ? JOB_DONE
								  : JOB_FAILED;
}

/* Without HIGHESTMODSEQ no number tells of flags: each folder is looked at once
 * a session. */
static bool
wants_head(const struct syncer *syncer, const struct folder *folder)
{
	if (ids_have(&syncer->refused, folder->id))
		return false;
	return folder->state != FOLDER_COMPLETE ||
	       (folder->highestmodseq == 0 &&
		       !ids_have(&syncer->visited, folder->id));
}

static enum job_result
job_other_folders(struct syncer *syncer, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };

	if (!load_folders(syncer, &folders, err))
		return JOB_FAILED;
	for (int rank = 0; rank < TREE_RANKS; rank++) {
		for (size_t i = 0; i < folders.n; i++) {
			const struct folder *folder = &folders.items[i];

			if (tree_rank(folder) != rank ||
				!wants_head(syncer, folder))
				continue;
			syncer_set_state(syncer, ACCOUNT_SYNCING, NULL);
			return head(syncer, folder->id, err);
		}
	}
	return JOB_NOTHING;
}

/* --- work that needs no server ------------------------------------------- */

static bool
is_interrupted(void *ctx)
{
	struct syncer *syncer = ctx;

	return session_is_interrupted(syncer->session) ||
	       clock_mono_us() >= syncer->until_us;
}

static void
begin_piece(struct syncer *syncer)
{
	syncer->until_us = clock_mono_us() + PIECE_US;
	syncer->left = 0;
}

/* Between two pieces the server is asked for news. */
static enum job_result
end_piece(struct syncer *syncer, bool worked, struct error *err)
{
	if (!worked)
		return JOB_FAILED;
	if (syncer->left <= 0)
		return JOB_NOTHING;
	if (session_is_interrupted(syncer->session))
		return JOB_DONE;
	return imap_noop(syncer->session->imap, err) ? JOB_DONE : JOB_FAILED;
}

static void
link_progress(void *ctx, int64_t left)
{
	struct syncer *syncer = ctx;

	if (left < 0)
		return;
	syncer->left = left;
	if ((uint64_t)left > syncer->waiting)
		syncer->waiting = (uint64_t)left;
	session_tell_progress(syncer->session, PROGRESS_THREADS,
		syncer->waiting - (uint64_t)left, syncer->waiting);
	session_tell_folder(syncer->session, left == 0);
	if (left == 0)
		syncer->waiting = 0;
}

static void
index_progress(void *ctx, int64_t left)
{
	((struct syncer *)ctx)->left = left;
}

static enum job_result
job_link(struct syncer *syncer, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };
	bool any = false;

	if (!load_folders(syncer, &folders, err))
		return JOB_FAILED;
	for (size_t i = 0; i < folders.n; i++)
		any = any || folders.items[i].unlinked > 0;
	if (!any)
		return JOB_NOTHING;
	begin_piece(syncer);
	return end_piece(syncer,
		ingest_link(syncer->worker->store,
			syncer->worker->options.account_id, 0, is_interrupted,
			link_progress, syncer, err),
		err);
}

static enum job_result
job_index(struct syncer *syncer, struct error *err)
{
	begin_piece(syncer);
	return end_piece(syncer,
		ingest_index(syncer->worker->store,
			syncer->worker->options.account_id, is_interrupted,
			index_progress, syncer, err),
		err);
}

/* --- in step ------------------------------------------------------------- */

static enum job_result
job_in_step(struct syncer *syncer, struct error *err)
{
	struct worker *worker = syncer->worker;
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	if (syncer->all_in_step && syncer->state == ACCOUNT_ONLINE)
		return JOB_NOTHING;
	if (!transaction_begin(worker->store, &tx, err) ||
		!account_save_synced(worker->store, worker->options.account_id,
			clock_wall_s(), err) ||
		!transaction_commit(&tx, err))
		return JOB_FAILED;
	syncer->all_in_step = true;
	syncer->stale = 0;
	backoff_reset(&syncer->backoff);
	syncer_set_state(syncer, ACCOUNT_ONLINE, NULL);
	return JOB_DONE;
}

static enum job_result
job_texts(struct syncer *syncer, struct error *err)
{
	int64_t folder;

	if (!pull_texts(syncer->session, &syncer->refused, &folder, err))
		return JOB_FAILED;
	if (folder == 0)
		return JOB_NOTHING;
	if (folder == syncer->session->at.folder)
		return JOB_DONE;
	return head(syncer, folder, err);
}

static bool
begin_notify(struct syncer *syncer, struct error *err)
{
	if (syncer->notify_set || syncer->notify_refused ||
		!(imap_capabilities(syncer->session->imap) & IMAP_NOTIFY))
		return true;
	if (imap_notify(syncer->session->imap, err)) {
		syncer->notify_set = true;
		return true;
	}
	if (err->kind != ERR_REFUSED)
		return false;
	syncer->notify_refused = true;
	return true;
}

/* The fetcher got no answer from the same server. */
static bool
is_doubted(struct syncer *syncer)
{
	struct worker *fetcher = syncer->worker->options.fetcher;

	if (!fetcher || !cancel_is_fired(&fetcher->doubt))
		return false;
	cancel_reset(&fetcher->doubt);
	return true;
}

/* Where the network or the clock is another, the connection may be dead
 * without knowing it. */
static bool
probe(struct syncer *syncer, struct error *err)
{
	int64_t now = clock_mono_us();
	bool moved = syncer->route_fd >= 0 &&
		     thread_wait(&syncer->route_fd, 1, now) == 0;
	bool jumped = syncer_clock_jumped(syncer);
	bool doubted = is_doubted(syncer);

	if (moved)
		route_watch_drain(syncer->route_fd);
	if (!jumped && !doubted && (!moved || now < syncer->next_probe_us))
		return true;
	syncer->next_probe_us = now + PROBE_US;
	return imap_noop(syncer->session->imap, err);
}

/* When operations that were put off may be tried again. */
static int64_t
until_push(const struct syncer *syncer)
{
	int64_t left;

	if (syncer->push.next_s == 0)
		return INT64_MAX;
	left = syncer->push.next_s - clock_wall_s();
	return clock_mono_us() + (left > 0 ? left : 1) * SECOND;
}

static enum job_result
job_watch(struct syncer *syncer, struct error *err)
{
	struct session *session = syncer->session;
	int64_t until = clock_mono_us() + watch_us;
	int64_t home;

	if (!find_home(syncer, &home, err))
		return JOB_FAILED;
	if (home && session->at.folder != home)
		return head(syncer, home, err);
	if (!begin_notify(syncer, err) || !tree_save_statuses(session, err))
		return JOB_FAILED;
	/* News may have come with the answer to any command: nothing would
	 * tell of it again. */
	if (session->at.has_news || !ingest_is_empty(&session->ingest) ||
		session->due.n > 0)
		return JOB_DONE;
	if (!syncer->notify_set && syncer->next_list_us < until)
		until = syncer->next_list_us;
	if (session->at.is_dirty && syncer->next_dirty_us < until)
		until = syncer->next_dirty_us;
	if (!(imap_capabilities(session->imap) & IMAP_IDLE) &&
		clock_mono_us() + LIST_US < until)
		until = clock_mono_us() + LIST_US;
	if (until_push(syncer) < until)
		until = until_push(syncer);
	if (!imap_watch(session->imap, syncer->wake_fd, until, err) ||
		!tree_save_statuses(session, err) || !probe(syncer, err))
		return JOB_FAILED;
	return JOB_DONE;
}

typedef enum job_result job(struct syncer *syncer, struct error *err);

static job *const jobs[] = {
	job_first_sight, /* of the account */
	job_push,        /* what was done here */
	job_home,        /* the folder on the screen */
	job_wished,      /* a folder somebody else wishes to be in step */
	job_news,        /* what the server said of it */
	job_list,
	job_due,      /* folders the server says have news */
	job_backfill, /* of the selected folder */
	job_link,     /* threads */
	job_end_folder_passes,
	job_other_folders,
	job_in_step,
	job_index, /* full text */
	job_texts, /* for reading offline */
	job_end_passes,
	job_watch,
};

enum job_result
syncer_work(struct syncer *syncer, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		enum job_result result = jobs[i](syncer, err);

		if (result != JOB_NOTHING)
			return result;
		error_clear(err);
		if (queue_length(syncer->worker->commands) > 0)
			return JOB_DONE;
	}
	return JOB_NOTHING;
}
