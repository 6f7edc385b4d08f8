/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both threads of an account need: life, commands, telling. */
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/account.h"
#include "sync/private.h"

/* Somebody waits for what comes over a lazy worker's connection. */
enum { WAITED_FOR_S = 30 };

static void
tell(void *ctx, struct event *event)
{
	struct worker *worker = ctx;

	worker->options.tell(worker->options.ctx, event);
	cancel_fire(worker->options.wrote);
}

static bool
has_commands(void *ctx)
{
	struct worker *worker = ctx;

	return queue_length(worker->commands) > 0;
}

/* A thread that only serves wishes costs nothing until the first one. */
static bool
wait_for_start(struct worker *worker)
{
	int fds[] = { worker->stop.fd, queue_fd(worker->commands) };

	if (worker->is_lazy)
		thread_wait(fds, 2, -1);
	return !cancel_is_fired(&worker->stop);
}

static void
thread_main(void *arg)
{
	struct worker *worker = arg;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct session_options options = {
		.config = worker->options.config,
		.account = worker->options.account,
		.account_id = worker->options.account_id,
		.store_dir = store_home_dir(worker->options.home),
		.cancel = &worker->stop,
		.read_only = worker->options.read_only,
		.timeout_s = worker->is_lazy ? WAITED_FOR_S : 0,
		.watches = !worker->is_lazy,
		.tell = tell,
		.is_interrupted = has_commands,
		.ctx = worker,
	};

	if (!wait_for_start(worker))
		return;
	if (!store_open(
		    worker->options.home, STORE_WORKER, &worker->store, &err)) {
		log_error("sync", "account %lld: %s",
			(long long)worker->options.account_id, err.text);
		worker_tell(worker, EVENT_ALERT, 0, err.text);
		return;
	}
	options.store = worker->store;
	session_init(&worker->session, &options);
	worker->run(worker);
	session_clear(&worker->session);
	store_close(worker->store);
}

bool
worker_start_thread(const struct worker_options *options, const char *name,
	bool is_lazy, void (*run)(struct worker *worker),
	struct worker **ret_worker, struct error *err)
{
	struct worker *worker = xnew(struct worker);

	worker->options = *options;
	worker->run = run;
	worker->is_lazy = is_lazy;
	worker->offline = options->start_offline;
	worker->commands = queue_new(&command_queue_ops);
	cancel_init(&worker->stop);
	cancel_init(&worker->doubt);
	if (!thread_start(name, thread_main, worker, &worker->thread, err)) {
		worker_join(worker);
		return false;
	}
	*ret_worker = worker;
	return true;
}

void
worker_post(struct worker *worker, struct command *command)
{
	queue_push(worker->commands, &command->link);
}

void
worker_stop(struct worker *worker)
{
	if (worker)
		cancel_fire(&worker->stop);
}

void
worker_join(struct worker *worker)
{
	if (!worker)
		return;
	thread_join(worker->thread);
	queue_free(worker->commands);
	cancel_destroy(&worker->stop);
	cancel_destroy(&worker->doubt);
	free(worker);
}

struct command *
worker_next_command(struct worker *worker)
{
	return (struct command *)queue_pop(worker->commands);
}

void
worker_tell(struct worker *worker, enum event_type type, int64_t message,
	const char *text)
{
	struct event *event = xnew(struct event);

	event->type = type;
	event->account = worker->options.account_id;
	event->message = message;
	event->text = xstrdup_null(text);
	tell(worker, event);
}

void
worker_set_state(
	struct worker *worker, enum account_state state, const char *text)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!transaction_begin(worker->store, &tx, &err) ||
		!account_save_state(worker->store, worker->options.account_id,
			state, text, &err) ||
		!transaction_commit(&tx, &err))
		log_error("sync", "state: %s", err.text);
	worker_tell(worker, EVENT_ACCOUNT_CHANGED, 0, NULL);
}
