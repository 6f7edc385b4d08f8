/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sync thread of an account: takes the first thing that waits.
 *
 *	commands > connect > the folder on screen > news > backfill of what is
 *	selected > threads > folders never seen > text index > offline texts >
 *	STATUS of the others > watch
 *
 * Each job is a piece of at most about a second, so that what the user asks
 * for goes next.
 */
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/route.h"
#include "store/question.h"
#include "sync/backoff.h"
#include "sync/private.h"

enum {
	LOGIN_TRIES = 3,
	SWEEP_FOLDERS_MAX = 500,
	SLEPT_US = 5 * 1000000,
};

static const int64_t watch_us = 25 * 60 * 1000000LL;
static const int64_t sweep_us = 60 * 1000000LL;

enum job_result {
	JOB_NOTHING, /* not this one's turn: look further */
	JOB_DONE,    /* a piece was done: begin at the top again */
	JOB_FAILED,
};

struct syncer {
	struct worker *worker;
	struct session *session;
	struct backoff backoff;
	struct pull pull;        /* of the selected folder */
	int64_t wished;          /* folder on the screen; 0: the inbox */
	struct id_array visited; /* folders in step in this session */
	struct id_array refused; /* folders the server will not show */
	bool listed;             /* in this session */
	bool notify_set;         /* NOTIFY is on */
	bool notify_refused;
	bool all_in_step; /* told once a session */
	bool parked;      /* waits for a person */
	int refused_logins;
	int64_t next_sweep_us;
	int64_t asleep_us; /* clock_boot_us() - clock_mono_us() */
	int route_fd;
	int wake_fd;      /* epoll: commands, routes */
	uint64_t linking; /* messages that waited when linking began */
	enum account_state state;
	bool told_state;
};

/* --- small helpers ------------------------------------------------------- */

static bool
ids_have(const struct id_array *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->items[i] == id)
			return true;
	}
	return false;
}

static void
ids_drop(struct id_array *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->items[i] == id) {
			ids->items[i] = ids->items[--ids->n];
			return;
		}
	}
}

static void
set_state(struct syncer *syncer, enum account_state state, const char *text)
{
	if (syncer->told_state && syncer->state == state && !text)
		return;
	syncer->told_state = true;
	syncer->state = state;
	worker_set_state(syncer->worker, state, text);
}

static void
close_session(struct syncer *syncer)
{
	session_close(syncer->session);
	pull_clear(&syncer->pull);
	array_clear(&syncer->visited);
	array_clear(&syncer->refused);
	syncer->listed = false;
	syncer->notify_set = false;
	syncer->notify_refused = false;
	syncer->all_in_step = false;
}

/* The folder that is watched: the one on the screen, else the inbox. */
static int64_t
home_folder(struct syncer *syncer, struct error *err)
{
	struct folder inbox CLEANUP(folder_clear) = { 0 };

	if (syncer->wished && !ids_have(&syncer->refused, syncer->wished))
		return syncer->wished;
	if (folder_find_role(syncer->worker->store,
		    syncer->worker->options.account_id, ROLE_INBOX, &inbox,
		    err) != FOUND)
		return 0;
	return inbox.id;
}

static bool
machine_slept(struct syncer *syncer)
{
	int64_t asleep = clock_boot_us() - clock_mono_us();
	bool slept = asleep - syncer->asleep_us > SLEPT_US;

	syncer->asleep_us = asleep;
	return slept;
}

/* --- jobs ---------------------------------------------------------------- */

/* A folder the server refuses is left alone for this session; the others go
 * on. */
static enum job_result
head(struct syncer *syncer, int64_t folder, struct error *err)
{
	ids_drop(&syncer->session->due, folder);
	if (pull_head(syncer->session, folder, &syncer->pull, err)) {
		if (!ids_have(&syncer->visited, folder))
			array_push(&syncer->visited, folder);
		return JOB_DONE;
	}
	if (err->kind != ERR_REFUSED)
		return JOB_FAILED;
	log_warning("sync", "folder %lld: %s", (long long)folder, err->text);
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
	if (!folder_load_all(syncer->worker->store,
		    syncer->worker->options.account_id, &folders, err))
		return JOB_FAILED;
	if (folders.n > 0)
		return JOB_NOTHING;
	set_state(syncer, ACCOUNT_SYNCING, NULL);
	if (!pull_first_sight(syncer->session, &syncer->pull, err))
		return JOB_FAILED;
	array_push(&syncer->visited, syncer->pull.folder);
	syncer->listed = true;
	return JOB_DONE;
}

static enum job_result
job_home(struct syncer *syncer, struct error *err)
{
	int64_t home = home_folder(syncer, err);

	if (home == 0 || ids_have(&syncer->visited, home))
		return JOB_NOTHING;
	set_state(syncer, ACCOUNT_SYNCING, NULL);
	return head(syncer, home, err);
}

static enum job_result
job_news(struct syncer *syncer, struct error *err)
{
	struct session *session = syncer->session;

	if (session->at.folder && session->at.is_dirty)
		return head(syncer, session->at.folder, err);
	if (session->at.has_news || !ingest_is_empty(&session->ingest))
		return pull_news(session, err) ? JOB_DONE : JOB_FAILED;
	return JOB_NOTHING;
}

static enum job_result
job_list(struct syncer *syncer, struct error *err)
{
	if (syncer->listed && !syncer->session->tree_changed)
		return JOB_NOTHING;
	if (!session_list(syncer->session, err))
		return JOB_FAILED;
	syncer->listed = true;
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
	set_state(syncer, ACCOUNT_SYNCING, NULL);
	return pull_backfill(syncer->session, &syncer->pull, err) ? JOB_DONE
								  : JOB_FAILED;
}

static void
link_progress(void *ctx, int64_t left)
{
	struct syncer *syncer = ctx;

	if (left < 0)
		return;
	if ((uint64_t)left > syncer->linking)
		syncer->linking = (uint64_t)left;
	session_tell_progress(syncer->session, PROGRESS_THREADS,
		syncer->linking - (uint64_t)left, syncer->linking);
	session_tell_folder(syncer->session, left == 0);
}

static bool
is_interrupted(void *ctx)
{
	return session_is_interrupted(((struct syncer *)ctx)->session);
}

static bool
any_unlinked(struct syncer *syncer, bool *ret_any, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };

	if (!folder_load_all(syncer->worker->store,
		    syncer->worker->options.account_id, &folders, err))
		return false;
	*ret_any = false;
	for (size_t i = 0; i < folders.n; i++)
		*ret_any = *ret_any || folders.items[i].unlinked > 0;
	return true;
}

static enum job_result
job_link(struct syncer *syncer, struct error *err)
{
	bool any;

	if (!any_unlinked(syncer, &any, err))
		return JOB_FAILED;
	if (!any)
		return JOB_NOTHING;
	syncer->linking = 0;
	return ingest_link(syncer->worker->store,
		       syncer->worker->options.account_id, 0, is_interrupted,
		       link_progress, syncer, err)
		       ? JOB_DONE
		       : JOB_FAILED;
}

static enum job_result
job_other_folders(struct syncer *syncer, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };
	bool any_subscribed = false;

	if (!folder_load_all(syncer->worker->store,
		    syncer->worker->options.account_id, &folders, err))
		return JOB_FAILED;
	for (size_t i = 0; i < folders.n; i++)
		any_subscribed = any_subscribed || folders.items[i].subscribed;
	for (size_t i = 0; i < folders.n; i++) {
		const struct folder *folder = &folders.items[i];

		if (folder->state != FOLDER_COMPLETE &&
			session_wants_folder(folder, any_subscribed) &&
			!ids_have(&syncer->refused, folder->id)) {
			set_state(syncer, ACCOUNT_SYNCING, NULL);
			return head(syncer, folder->id, err);
		}
	}
	return JOB_NOTHING;
}

static enum job_result
job_in_step(struct syncer *syncer, struct error *err)
{
	struct worker *worker = syncer->worker;
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	if (syncer->all_in_step)
		return JOB_NOTHING;
	if (!transaction_begin(worker->store, &tx, err) ||
		!account_save_synced(worker->store, worker->options.account_id,
			clock_wall_s(), err) ||
		!transaction_commit(&tx, err))
		return JOB_FAILED;
	syncer->all_in_step = true;
	set_state(syncer, ACCOUNT_ONLINE, NULL);
	return JOB_DONE;
}

static enum job_result
job_index(struct syncer *syncer, struct error *err)
{
	return ingest_index(syncer->worker->store,
		       syncer->worker->options.account_id, is_interrupted, NULL,
		       syncer, err)
		       ? JOB_NOTHING
		       : JOB_FAILED;
}

static enum job_result
job_texts(struct syncer *syncer, struct error *err)
{
	const struct config *config = syncer->worker->options.config;
	struct message_wanted_array wanted = { 0 };
	enum job_result result = JOB_NOTHING;
	int64_t since = 0;

	if (config->offline_days == OFFLINE_NONE)
		return JOB_NOTHING;
	if (config->offline_days > 0)
		since = clock_wall_s() - (int64_t)config->offline_days * 86400;
	if (!message_wanting_text(syncer->worker->store,
		    syncer->worker->options.account_id, since, PULL_TEXTS_MAX,
		    &wanted, err))
		return JOB_FAILED;
	if (wanted.n > 0 &&
		wanted.items[0].folder != syncer->session->at.folder)
		result = head(syncer, wanted.items[0].folder, err);
	else if (wanted.n > 0)
		result =
			pull_texts(syncer->session, wanted.items, wanted.n, err)
				? JOB_DONE
				: JOB_FAILED;
	array_clear(&wanted);
	return result;
}

static enum job_result
job_sweep(struct syncer *syncer, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };
	struct session *session = syncer->session;
	char *names[SWEEP_FOLDERS_MAX];
	size_t n = 0;

	if (syncer->notify_set || clock_mono_us() < syncer->next_sweep_us)
		return JOB_NOTHING;
	syncer->next_sweep_us = clock_mono_us() + sweep_us;
	if (!folder_load_all(syncer->worker->store,
		    syncer->worker->options.account_id, &folders, err))
		return JOB_FAILED;
	for (size_t i = 0; i < folders.n && n < SWEEP_FOLDERS_MAX; i++) {
		if (folders.items[i].selectable && folders.items[i].remote &&
			folders.items[i].id != session->at.folder)
			names[n++] = folders.items[i].remote;
	}
	if (n > 0 && (!imap_status(session->imap, names, n, &session->statuses,
			      err) ||
			     !session_save_statuses(session, err)))
		return JOB_FAILED;
	return JOB_DONE;
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

static enum job_result
job_watch(struct syncer *syncer, struct error *err)
{
	struct session *session = syncer->session;
	int64_t home = home_folder(syncer, err);
	int64_t until = clock_mono_us() + watch_us;

	if (home && session->at.folder != home)
		return head(syncer, home, err);
	if (!begin_notify(syncer, err))
		return JOB_FAILED;
	if (!syncer->notify_set && syncer->next_sweep_us < until)
		until = syncer->next_sweep_us;
	if (!imap_watch(session->imap, syncer->wake_fd, until, err) ||
		!session_save_statuses(session, err))
		return JOB_FAILED;
	if (machine_slept(syncer) && !imap_noop(session->imap, err))
		return JOB_FAILED;
	route_watch_drain(syncer->route_fd);
	return JOB_DONE;
}

typedef enum job_result job(struct syncer *syncer, struct error *err);

static job *const jobs[] = {
	job_first_sight,
	job_home,
	job_news,
	job_list,
	job_due,
	job_backfill,
	job_link,
	job_other_folders,
	job_in_step,
	job_index,
	job_texts,
	job_sweep,
	job_watch,
};

/* --- connecting ---------------------------------------------------------- */

static void
ask_password(struct syncer *syncer, const struct error *why)
{
	struct worker *worker = syncer->worker;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!transaction_begin(worker->store, &tx, &err) ||
		!question_ask(worker->store, worker->options.account_id,
			QUESTION_PASSWORD, why->text, NULL, &err) ||
		!transaction_commit(&tx, &err))
		log_error("sync", "question: %s", err.text);
	worker_tell(worker, EVENT_QUESTION, 0, NULL);
}

static void
drop_question(struct syncer *syncer)
{
	struct worker *worker = syncer->worker;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!transaction_begin(worker->store, &tx, &err) ||
		!question_drop(worker->store, worker->options.account_id,
			QUESTION_PASSWORD, &err) ||
		!transaction_commit(&tx, &err))
		log_error("sync", "question: %s", err.text);
	worker_tell(worker, EVENT_QUESTION, 0, NULL);
}

static void
back_off(struct syncer *syncer)
{
	int64_t now = clock_mono_us();
	const char *host = syncer->worker->options.account->imap.host;

	backoff_failed(&syncer->backoff, now, route_exists(host),
		(uint32_t)(now ^ (now >> 16)));
}

static void
login_refused(struct syncer *syncer, const struct error *why)
{
	const struct account_config *account = syncer->worker->options.account;
	bool can_try = account->password_command != NULL &&
		       syncer->session->password == NULL;

	set_state(syncer, ACCOUNT_NEEDS_LOGIN, why->text);
	if (can_try && ++syncer->refused_logins < LOGIN_TRIES) {
		back_off(syncer);
		return;
	}
	session_set_password(syncer->session, NULL);
	syncer->parked = true;
	ask_password(syncer, why);
}

/* What a failure means for this account; the session is over. */
static void
fail(struct syncer *syncer, struct error *err)
{
	log_info("sync", "account %s: %s (%s)",
		syncer->worker->options.account->name, err->text,
		error_kind_name(err->kind));
	close_session(syncer);
	switch (err->kind) {
	case ERR_CANCELLED:
		break;
	case ERR_LOGIN:
		login_refused(syncer, err);
		break;
	case ERR_UNTRUSTED:
		set_state(syncer, ACCOUNT_UNTRUSTED, err->text);
		syncer->parked = true;
		break;
	case ERR_INVALID:
		set_state(syncer, ACCOUNT_OFFLINE, err->text);
		syncer->parked = true;
		break;
	case ERR_STALE:
		break; /* again at once */
	case ERR_NONE:
	case ERR_OFFLINE:
	case ERR_REFUSED:
	case ERR_PROTOCOL:
	case ERR_LIMIT:
	case ERR_DISK:
	case ERR_STORE:
		set_state(syncer, ACCOUNT_OFFLINE, err->text);
		back_off(syncer);
		break;
	}
	error_clear(err);
}

static bool
connect_session(struct syncer *syncer, struct error *err)
{
	bool had_trouble = syncer->state == ACCOUNT_NEEDS_LOGIN;

	/* A retry keeps the sentence about the failure on the screen. */
	if (syncer->backoff.failures == 0)
		set_state(syncer, ACCOUNT_CONNECTING, NULL);
	if (!session_open(syncer->session, err))
		return false;
	backoff_reset(&syncer->backoff);
	syncer->refused_logins = 0;
	if (had_trouble)
		drop_question(syncer);
	set_state(syncer, ACCOUNT_SYNCING, NULL);
	machine_slept(syncer);
	return true;
}

/* --- commands ------------------------------------------------------------ */

static void
try_again_now(struct syncer *syncer)
{
	backoff_reset(&syncer->backoff);
	syncer->parked = false;
	syncer->next_sweep_us = 0;
	syncer->all_in_step = false;
	syncer->listed = false;
	array_clear(&syncer->refused);
	if (syncer->session->at.folder)
		ids_drop(&syncer->visited, syncer->session->at.folder);
}

static void
set_offline(struct syncer *syncer, bool offline)
{
	syncer->worker->offline = offline;
	if (offline) {
		close_session(syncer);
		set_state(syncer, ACCOUNT_DISABLED, NULL);
	} else {
		try_again_now(syncer);
	}
}

static void
obey(struct syncer *syncer, struct command *command)
{
	switch (command->type) {
	case COMMAND_OPEN_FOLDER:
		syncer->wished = command->folder;
		break;
	case COMMAND_SYNC_NOW:
		if (!syncer->worker->offline)
			try_again_now(syncer);
		break;
	case COMMAND_SET_OFFLINE:
		set_offline(syncer, command->flag);
		break;
	case COMMAND_PASSWORD:
		session_set_password(syncer->session, STEAL(command->secret));
		syncer->refused_logins = 0;
		try_again_now(syncer);
		break;
	case COMMAND_FETCH_TEXT:
	case COMMAND_FETCH_SECTION:
	case COMMAND_WAKE:
		break;
	}
}

static void
take_commands(struct syncer *syncer)
{
	struct command *command;

	while ((command = worker_next_command(syncer->worker)) != NULL) {
		obey(syncer, command);
		command_free(command);
	}
}

/* --- the thread ---------------------------------------------------------- */

static void
wait_for_change(struct syncer *syncer)
{
	int fds[] = { syncer->worker->stop.fd,
		queue_fd(syncer->worker->commands), syncer->route_fd };
	bool stands_still = syncer->parked || syncer->worker->offline;
	int64_t until = stands_still ? -1 : syncer->backoff.next_us;
	int ready = thread_wait(fds, stands_still ? 2 : 3, until);

	if (ready == 2 || (!stands_still && machine_slept(syncer))) {
		route_watch_drain(syncer->route_fd);
		backoff_reset(&syncer->backoff);
		syncer->backoff.failures = 1; /* the sentence stays */
	}
}

static void
work(struct syncer *syncer)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!session_is_open(syncer->session)) {
		if (!connect_session(syncer, &err))
			fail(syncer, &err);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		enum job_result result = jobs[i](syncer, &err);

		if (result == JOB_FAILED) {
			fail(syncer, &err);
			return;
		}
		error_clear(&err);
		if (result == JOB_DONE ||
			queue_length(syncer->worker->commands) > 0)
			return;
	}
}

static int
make_wake_fd(struct syncer *syncer)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);
	int watched[] = { queue_fd(syncer->worker->commands),
		syncer->route_fd };

	for (size_t i = 0; fd >= 0 && i < ARRAY_LEN(watched); i++) {
		struct epoll_event event = { .events = EPOLLIN };

		if (watched[i] >= 0 &&
			epoll_ctl(fd, EPOLL_CTL_ADD, watched[i], &event) != 0)
			log_warning("sync", "cannot watch a descriptor");
	}
	return fd;
}

static void
syncer_run(struct worker *worker)
{
	struct syncer syncer = {
		.worker = worker,
		.session = &worker->session,
		.route_fd = route_watch_open(),
	};

	syncer.wake_fd = make_wake_fd(&syncer);
	machine_slept(&syncer);
	if (worker->offline)
		set_state(&syncer, ACCOUNT_DISABLED, NULL);
	while (!cancel_is_fired(&worker->stop)) {
		take_commands(&syncer);
		if (worker->offline || syncer.parked ||
			(!session_is_open(syncer.session) &&
				!backoff_is_over(
					&syncer.backoff, clock_mono_us())))
			wait_for_change(&syncer);
		else
			work(&syncer);
	}
	close_session(&syncer);
	closep(&syncer.wake_fd);
	closep(&syncer.route_fd);
}

bool
worker_start(const struct worker_options *options, struct worker **ret_worker,
	struct error *err)
{
	return worker_start_thread(
		options, "sync", false, syncer_run, ret_worker, err);
}
