/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sync thread of an account:
 *
 *	commands > connect > jobs.c, the first thing that waits
 *
 * and what becomes of it all when something fails.
 */
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "net/route.h"
#include "store/question.h"
#include "sync/syncer.h"

enum {
	SECOND = 1000000,
	LOGIN_TRIES = 3,
	STALE_TRIES = 3,
	JUMP_US = 5 * SECOND,
	STABLE_US = 30 * SECOND, /* a session this old was a good one */
};

void
syncer_set_state(
	struct syncer *syncer, enum account_state state, const char *text)
{
	if (syncer->told_state && syncer->state == state && !text)
		return;
	syncer->told_state = true;
	syncer->state = state;
	worker_set_state(syncer->worker, state, text);
}

bool
syncer_clock_jumped(struct syncer *syncer)
{
	int64_t mono = clock_mono_us();
	int64_t asleep = clock_boot_us() - mono;
	int64_t ahead = clock_wall_us() - mono;
	bool jumped = asleep - syncer->asleep_us > JUMP_US ||
		      llabs(ahead - syncer->ahead_us) > JUMP_US;

	clock_watch_drain(syncer->clock_fd);
	syncer->asleep_us = asleep;
	syncer->ahead_us = ahead;
	return jumped;
}

static void
close_session(struct syncer *syncer)
{
	session_close(syncer->session);
	pull_clear(&syncer->pull);
	syncer->push = (struct push){ 0 };
	array_clear(&syncer->visited);
	array_clear(&syncer->refused);
	syncer->listed = false;
	syncer->notify_set = false;
	syncer->notify_refused = false;
	syncer->all_in_step = false;
	syncer->next_dirty_us = 0;
	syncer->waiting = 0;
}

/* --- failures ------------------------------------------------------------ */

static void
ask(struct syncer *syncer, enum question_kind kind, const char *text,
	const char *detail)
{
	struct worker *worker = syncer->worker;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	syncer->has_questions = true;
	if (!transaction_begin(worker->store, &tx, &err) ||
		!question_ask(worker->store, worker->options.account_id, kind,
			text, detail, &err) ||
		!transaction_commit(&tx, &err))
		log_error("sync", "question: %s", err.text);
	worker_tell(worker, EVENT_QUESTION, 0, NULL);
}

static void
drop_questions(struct syncer *syncer)
{
	struct worker *worker = syncer->worker;
	int64_t account = worker->options.account_id;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!syncer->has_questions)
		return;
	syncer->has_questions = false;
	if (!transaction_begin(worker->store, &tx, &err) ||
		!question_drop(
			worker->store, account, QUESTION_PASSWORD, &err) ||
		!question_drop(
			worker->store, account, QUESTION_CERTIFICATE, &err) ||
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

	syncer_set_state(syncer, ACCOUNT_NEEDS_LOGIN, why->text);
	if (can_try && ++syncer->refused_logins < LOGIN_TRIES) {
		back_off(syncer);
		return;
	}
	session_set_password(syncer->session, NULL);
	syncer->parked = PARKED_FOR_PASSWORD;
	ask(syncer, QUESTION_PASSWORD, why->text, NULL);
}

static void
try_later(struct syncer *syncer, const struct error *why)
{
	syncer_set_state(syncer, ACCOUNT_OFFLINE, why->text);
	back_off(syncer);
}

/* What a failure means for this account. */
static void
judge(struct syncer *syncer, const struct error *why, bool was_open)
{
	switch (why->kind) {
	case ERR_CANCELLED:
		break;
	case ERR_LOGIN:
		login_refused(syncer, why);
		break;
	case ERR_UNTRUSTED:
		syncer_set_state(syncer, ACCOUNT_UNTRUSTED, why->text);
		syncer->parked = PARKED_UNTRUSTED;
		ask(syncer, QUESTION_CERTIFICATE, why->text,
			syncer->session->certificate);
		break;
	case ERR_INVALID:
		if (!was_open) {
			syncer_set_state(syncer, ACCOUNT_OFFLINE, why->text);
			syncer->parked = PARKED_MISCONFIGURED;
			break;
		}
		try_later(syncer, why);
		break;
	case ERR_STALE:
		/* At once, with a new session. */
		if (++syncer->stale <= STALE_TRIES)
			return;
		try_later(syncer, why);
		break;
	case ERR_NONE:
	case ERR_OFFLINE:
	case ERR_REFUSED:
	case ERR_PROTOCOL:
	case ERR_LIMIT:
	case ERR_DISK:
	case ERR_STORE:
		try_later(syncer, why);
		break;
	}
	syncer_fail_passes(syncer, why);
}

static void
fail(struct syncer *syncer, const struct error *why)
{
	bool was_open = session_is_open(syncer->session);

	log_info("sync", "account %s: %s (%s)",
		syncer->worker->options.account->name, why->text,
		error_kind_name(why->kind));
	/* A server that lets us in and then fails at once is not asked every
	 * second. */
	if (was_open && clock_mono_us() - syncer->opened_us > STABLE_US)
		backoff_reset(&syncer->backoff);
	close_session(syncer);
	judge(syncer, why, was_open);
}

/* --- connecting ---------------------------------------------------------- */

static bool
connect_session(struct syncer *syncer, struct error *err)
{
	/* A retry keeps the sentence about the failure on the screen. */
	if (syncer->backoff.failures == 0 && syncer->refused_logins == 0)
		syncer_set_state(syncer, ACCOUNT_CONNECTING, NULL);
	if (!session_open(syncer->session, err))
		return false;
	syncer->refused_logins = 0;
	syncer->opened_us = clock_mono_us();
	drop_questions(syncer);
	syncer_set_state(syncer, ACCOUNT_SYNCING, NULL);
	syncer_clock_jumped(syncer);
	return true;
}

static void
work(struct syncer *syncer)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (session_is_open(syncer->session)) {
		if (syncer_work(syncer, &err) == JOB_FAILED)
			fail(syncer, &err);
	} else if (!connect_session(syncer, &err)) {
		fail(syncer, &err);
	}
}

/* --- commands ------------------------------------------------------------ */

static void
try_again_now(struct syncer *syncer)
{
	backoff_reset(&syncer->backoff);
	syncer->parked = PARKED_NOT;
	syncer->all_in_step = false;
	syncer->listed = false;
	syncer->stale = 0;
	array_clear(&syncer->refused);
	if (syncer->session->at.folder)
		ids_drop(&syncer->visited, syncer->session->at.folder);
}

static void
set_offline(struct syncer *syncer, bool offline)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;

	syncer->worker->offline = offline;
	if (offline) {
		close_session(syncer);
		syncer_set_state(syncer, ACCOUNT_DISABLED, NULL);
		error_set(&why, ERR_OFFLINE, _("It is offline by your choice"));
		syncer_fail_passes(syncer, &why);
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
		/* Who opens a folder wants to see what is there now. */
		ids_drop(&syncer->refused, command->folder);
		if (syncer->session->at.folder != command->folder)
			ids_drop(&syncer->visited, command->folder);
		break;
	case COMMAND_SYNC_NOW:
		if (!syncer->worker->offline)
			try_again_now(syncer);
		break;
	case COMMAND_SYNC_PASS:
		syncer_wish_pass(syncer, command);
		if (syncer->worker->offline)
			break;
		try_again_now(syncer);
		/* Not only what the server says has changed. */
		if (command->folder == 0)
			array_clear(&syncer->visited);
		break;
	case COMMAND_SET_OFFLINE:
		if (syncer->worker->offline != command->flag)
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

static bool
must_wait(const struct syncer *syncer)
{
	if (syncer->worker->offline || syncer->parked != PARKED_NOT)
		return true;
	return !session_is_open(syncer->session) &&
	       !backoff_is_over(&syncer->backoff, clock_mono_us());
}

/* For a command, or for the time to try again; another network or clock is
 * worth a try of its own. */
static void
wait_for_change(struct syncer *syncer)
{
	bool stands = syncer->worker->offline || syncer->parked != PARKED_NOT;
	bool hopes = !stands || (syncer->parked == PARKED_UNTRUSTED &&
					!syncer->worker->offline);
	int fds[] = { syncer->worker->stop.fd,
		queue_fd(syncer->worker->commands), syncer->route_fd,
		syncer->clock_fd };
	int ready = thread_wait(
		fds, hopes ? 4 : 2, stands ? -1 : syncer->backoff.next_us);
	bool jumped = hopes && syncer_clock_jumped(syncer);

	if (ready != 2 && !jumped)
		return;
	route_watch_drain(syncer->route_fd);
	backoff_hurry(&syncer->backoff, clock_mono_us());
	syncer->parked = PARKED_NOT;
}

static int
make_wake_fd(struct syncer *syncer)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);
	const struct worker *fetcher = syncer->worker->options.fetcher;
	int watched[] = { queue_fd(syncer->worker->commands), syncer->route_fd,
		syncer->clock_fd, fetcher ? fetcher->doubt.fd : -1 };

	for (size_t i = 0; fd >= 0 && i < ARRAY_LEN(watched); i++) {
		struct epoll_event event = { .events = EPOLLIN };

		if (watched[i] >= 0 &&
			epoll_ctl(fd, EPOLL_CTL_ADD, watched[i], &event) != 0)
			log_warning("sync", "cannot watch a descriptor");
	}
	return fd;
}

/* Nobody is there any more who could be online. */
static void
sign_off(struct syncer *syncer)
{
	close_session(syncer);
	if (syncer->state == ACCOUNT_CONNECTING ||
		syncer->state == ACCOUNT_SYNCING ||
		syncer->state == ACCOUNT_ONLINE)
		syncer_set_state(syncer, ACCOUNT_OFFLINE, NULL);
}

static void
syncer_run(struct worker *worker)
{
	struct syncer syncer = {
		.worker = worker,
		.session = &worker->session,
		.has_questions = true, /* of a run before this one */
		.route_fd = route_watch_open(),
		.clock_fd = clock_watch_open(),
	};

	thread_step_back();
	syncer.wake_fd = make_wake_fd(&syncer);
	syncer_clock_jumped(&syncer);
	if (worker->offline)
		syncer_set_state(&syncer, ACCOUNT_DISABLED, NULL);
	while (!cancel_is_fired(&worker->stop)) {
		take_commands(&syncer);
		if (must_wait(&syncer))
			wait_for_change(&syncer);
		else
			work(&syncer);
	}
	sign_off(&syncer);
	syncer_drop_passes(&syncer);
	closep(&syncer.wake_fd);
	closep(&syncer.route_fd);
	closep(&syncer.clock_fd);
}

bool
worker_start(const struct worker_options *options, struct worker **ret_worker,
	struct error *err)
{
	return worker_start_thread(
		options, "sync", false, syncer_run, ret_worker, err);
}
