/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The delivery thread of an account: asleep until something waits to be sent,
 * at it when its time has come, somebody asks, or the network has changed.
 */
#include <unistd.h>

#include "base/clock.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/route.h"
#include "store/question.h"
#include "sync/private.h"
#include "sync/send_private.h"

enum {
	BUSY_US = 2 * 1000000,    /* another process delivers */
	KEEP_US = 20 * 1000000,   /* an idle session is kept this long */
	LOOK_US = 30 * 1000000,   /* at Sent, for the unconfirmed */
	SETTLED_US = 3 * 1000000, /* before a new route is tried */
};

struct delivery {
	struct worker *worker;
	struct deliver deliver;
	int route_fd;
	int clock_fd;
	int64_t wake_us; /* look again then; -1: when somebody says so */
	bool parked;     /* a person has to do something first */
	bool asked;      /* a question of ours is open */
	int refused;     /* logins, in a row */
};

enum { LOGIN_TRIES = 3 };

static void
tell(void *ctx, struct event *event)
{
	struct delivery *it = ctx;

	it->worker->options.tell(it->worker->options.ctx, event);
	cancel_fire(it->worker->options.wrote);
}

static void
acted(void *ctx, const struct journal_done *done)
{
	struct delivery *it = ctx;

	if (it->worker->options.acted)
		it->worker->options.acted(it->worker->options.ctx, done);
}

static void
say_question(struct delivery *it, const char *text)
{
	struct worker *worker = it->worker;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	it->asked = true;
	if (!transaction_begin(worker->store, &tx, &err) ||
		!question_ask(worker->store, worker->options.account_id,
			QUESTION_PASSWORD, text, NULL, &err) ||
		!transaction_commit(&tx, &err)) {
		log_error("send", "question: %s", err.text);
		return;
	}
	worker_tell(worker, EVENT_QUESTION, 0, NULL);
}

static void
drop_question(struct delivery *it)
{
	struct worker *worker = it->worker;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!it->asked)
		return;
	it->asked = false;
	if (!transaction_begin(worker->store, &tx, &err) ||
		!question_drop(worker->store, worker->options.account_id,
			QUESTION_PASSWORD, &err) ||
		!transaction_commit(&tx, &err))
		log_error("send", "question: %s", err.text);
	worker_tell(worker, EVENT_QUESTION, 0, NULL);
}

/* What a failure means: the rows say when the next try is. */
static void
judge(struct delivery *it, const struct error *why)
{
	const struct account_config *account = it->worker->options.account;
	bool can_try = account->password_command && !it->deliver.password;

	log_info("send", "account %s: %s (%s)", account->name, why->text,
		error_kind_name(why->kind));
	deliver_close(&it->deliver);
	if (why->kind == ERR_UNTRUSTED || why->kind == ERR_INVALID)
		it->parked = true;
	if (why->kind != ERR_LOGIN || (can_try && ++it->refused < LOGIN_TRIES))
		return;
	deliver_set_password(&it->deliver, NULL);
	it->parked = true;
	say_question(it, why->text);
}

static int64_t
until(int64_t when_s)
{
	int64_t left = when_s - clock_wall_s();

	return clock_mono_us() + (left > 0 ? left : 1) * 1000000;
}

static void
work(struct delivery *it)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct deliver_result result = { 0 };
	int64_t soon;

	it->wake_us = -1;
	if (deliver_run(&it->deliver, &result, &err)) {
		it->refused = 0;
		drop_question(it);
	} else if (!cancel_is_fired(&it->worker->stop)) {
		judge(it, &err);
	}
	if (result.busy)
		it->wake_us = clock_mono_us() + BUSY_US;
	else if (result.next > 0)
		it->wake_us = until(result.next);
	soon = clock_mono_us() + LOOK_US;
	if (result.unsettled && (it->wake_us < 0 || it->wake_us > soon))
		it->wake_us = soon;
}

/* What waits for its time need not wait any longer. */
static void
hurry(struct delivery *it)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!outbox_hurry(
		    it->worker->store, it->worker->options.account_id, &err))
		log_error("send", "%s", err.text);
	it->parked = false;
	it->wake_us = 0;
}

static void
obey(struct delivery *it, struct command *command)
{
	switch (command->type) {
	case COMMAND_WAKE:
		it->wake_us = 0;
		break;
	case COMMAND_SYNC_NOW:
	case COMMAND_SYNC_PASS:
		if (!it->worker->offline)
			hurry(it);
		break;
	case COMMAND_SET_OFFLINE:
		it->worker->offline = command->flag;
		if (command->flag)
			deliver_close(&it->deliver);
		else
			hurry(it);
		break;
	case COMMAND_PASSWORD:
		deliver_set_password(&it->deliver, STEAL(command->secret));
		it->refused = 0;
		hurry(it);
		break;
	case COMMAND_OPEN_FOLDER:
	case COMMAND_FETCH_TEXT:
	case COMMAND_FETCH_SECTION:
		break;
	}
}

static void
take_commands(struct delivery *it)
{
	struct command *command;

	while ((command = worker_next_command(it->worker)) != NULL) {
		obey(it, command);
		command_free(command);
	}
}

/* When the session is closed, if nothing happens. */
static int64_t
deadline(const struct delivery *it)
{
	int64_t at = it->worker->offline || it->parked ? -1 : it->wake_us;
	int64_t close = it->deliver.smtp ? it->deliver.used_us + KEEP_US : -1;

	if (at < 0 || (close >= 0 && close < at))
		return close;
	return at;
}

static void
wait_for_work(struct delivery *it)
{
	int fds[] = { it->worker->stop.fd, queue_fd(it->worker->commands),
		it->route_fd, it->clock_fd };

	switch (thread_wait(fds, 4, deadline(it))) {
	case 2:
		/* Another network: what had none before may have one now. */
		route_watch_drain(it->route_fd);
		if (!it->parked && it->wake_us > 0) {
			hurry(it);
			it->wake_us = clock_mono_us() + SETTLED_US;
		}
		break;
	case 3:
		clock_watch_drain(it->clock_fd);
		it->wake_us = 0;
		break;
	case -1:
		if (it->deliver.smtp &&
			clock_mono_us() >= it->deliver.used_us + KEEP_US)
			deliver_close(&it->deliver);
		break;
	default:
		break;
	}
}

static void
delivery_run(struct worker *worker)
{
	struct delivery it = {
		.worker = worker,
		.route_fd = route_watch_open(),
		.clock_fd = clock_watch_open(),
	};
	struct deliver_options options = {
		.config = worker->options.config,
		.account = worker->options.account,
		.account_id = worker->options.account_id,
		.store = worker->store,
		.store_dir = store_home_dir(worker->options.home),
		.cancel = &worker->stop,
		.tell = tell,
		.acted = acted,
		.ctx = &it,
	};

	deliver_init(&it.deliver, &options);
	while (!cancel_is_fired(&worker->stop)) {
		take_commands(&it);
		if (!worker->offline && !it.parked && it.wake_us >= 0 &&
			clock_mono_us() >= it.wake_us)
			work(&it);
		else
			wait_for_work(&it);
	}
	deliver_clear(&it.deliver);
	if (it.route_fd >= 0)
		close(it.route_fd);
	if (it.clock_fd >= 0)
		close(it.clock_fd);
}

bool
delivery_start(const struct worker_options *options,
	struct worker **ret_delivery, struct error *err)
{
	return worker_start_thread(
		options, "deliver", true, delivery_run, ret_delivery, err);
}
