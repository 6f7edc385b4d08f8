/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine runs in the process that holds engine.lock; there it has workers,
 * a housekeeper and a hub for the others.  In any other process it is a
 * follower, until the lock is free.
 */
#include "sync/engine.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "mail/part.h"
#include "store/account.h"
#include "sync/private.h"
#include "sync/send.h"
#include "sync/socket.h"

struct engine_account {
	const struct account_config *config;
	int64_t id;
	struct worker *worker;   /* NULL: nothing to synchronise with */
	struct worker *fetcher;  /* NULL together with the worker */
	struct worker *delivery; /* NULL: it has no way to send */
};

struct engine {
	/* set once before any thread starts */
	struct config *config;
	struct store_home *home;
	struct store *store; /* the caller's thread */
	struct queue *events;
	struct engine_account *accounts;
	size_t n_accounts;
	bool read_only;
	bool start_offline;

	/* while it runs here */
	struct hub *hub;
	struct cancel wrote;
	struct housekeeper *housekeeper;

	/* while it runs elsewhere */
	struct follower *follower;

	/* what was wished for, for the next one who runs it; or NULL */
	struct request *opened;
	struct request *awaited; /* until it has come */
};

/* --- accounts ------------------------------------------------------------ */

/* The ids of those that have a row; true when all have. */
static bool
find_account_rows(struct engine *engine, bool *ret_all, struct error *err)
{
	struct account_rows rows CLEANUP(account_rows_clear) = { 0 };

	if (!account_load_all(engine->store, &rows, err))
		return false;
	*ret_all = true;
	for (size_t i = 0; i < engine->n_accounts; i++) {
		struct engine_account *account = &engine->accounts[i];

		for (size_t j = 0; j < rows.n; j++) {
			if (strcmp(rows.items[j].name, account->config->name) ==
				0)
				account->id = rows.items[j].id;
		}
		*ret_all = *ret_all && account->id != 0;
	}
	return true;
}

/* Nothing is written where nothing is new: another process may be busy. */
static bool
make_account_rows(struct engine *engine, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	bool all;

	if (!find_account_rows(engine, &all, err))
		return false;
	if (all)
		return true;
	if (!transaction_begin(engine->store, &tx, err))
		return false;
	for (size_t i = 0; i < engine->n_accounts; i++) {
		if (!account_ensure(engine->store,
			    engine->accounts[i].config->name,
			    &engine->accounts[i].id, err))
			return false;
	}
	return transaction_commit(&tx, err);
}

/* Accounts without an IMAP server have nothing running; what is wrong with
 * them, if anything, is said in their row. */
static bool
explain_idle_account(struct engine *engine,
	const struct engine_account *account, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	bool local = account->config->protocol == PROTOCOL_LOCAL;

	return transaction_begin(engine->store, &tx, err) &&
	       account_save_state(engine->store, account->id,
		       local ? ACCOUNT_ONLINE : ACCOUNT_OFFLINE,
		       local ? NULL
			     : _("This version reads mail by IMAP only, and "
				 "the account names no IMAP server"),
		       err) &&
	       transaction_commit(&tx, err);
}

/* The accounts do not change while workers run. */
static void
wake_worker(struct engine *engine, int64_t account)
{
	for (size_t i = 0; i < engine->n_accounts; i++) {
		if (engine->accounts[i].id == account &&
			engine->accounts[i].worker)
			worker_post(engine->accounts[i].worker,
				command_new(COMMAND_WAKE));
	}
}

/* From any worker's thread. */
static void
tell(void *ctx, struct event *event)
{
	struct engine *engine = ctx;

	if (event->type == EVENT_HANDED_ON) {
		wake_worker(engine, event->account);
		event_free(event);
		return;
	}
	hub_tell(engine->hub, event);
	queue_push(engine->events, &event->link);
}

/* Until the worker has something to say; an account that was taken offline by
 * hand stays so when another process takes over. */
static bool
note_start(struct engine *engine, const struct engine_account *account,
	bool takes_over, bool *ret_offline, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct account_row row CLEANUP(account_row_clear) = { 0 };
	bool offline = engine->start_offline;

	if (!account_load(engine->store, account->id, &row, err))
		return false;
	if (takes_over && row.state == ACCOUNT_DISABLED)
		offline = true;
	*ret_offline = offline;
	return transaction_begin(engine->store, &tx, err) &&
	       account_save_state(engine->store, account->id,
		       offline ? ACCOUNT_DISABLED : ACCOUNT_CONNECTING, NULL,
		       err) &&
	       transaction_commit(&tx, err);
}

static struct command *
copy_command(const struct command *command)
{
	struct command *copy = command_new(command->type);

	copy->folder = command->folder;
	copy->message = command->message;
	copy->flag = command->flag;
	copy->section = xstrdup_null(command->section);
	copy->secret = xstrdup_null(command->secret);
	return copy;
}

static void
post_copy(struct worker *worker, const struct command *command)
{
	if (worker)
		worker_post(worker, copy_command(command));
}

/* Somebody changed what stands in a folder, and the rows of the journal; here
 * it is known already when `ours`. */
static void
spread_act(struct engine *engine, const struct request *request, bool ours)
{
	struct event events[2] = {
		{ .type = EVENT_JOURNAL_CHANGED, .account = request->account },
		{ .type = EVENT_FOLDER_CHANGED,
			.account = request->account,
			.folder = request->command->folder },
	};

	for (size_t i = 0; i < (events[1].folder ? 2 : 1); i++) {
		struct event *event = xnew(struct event);

		*event = events[i];
		hub_tell(engine->hub, event);
		if (ours)
			event_free(event);
		else
			queue_push(engine->events, &event->link);
	}
	cancel_fire(&engine->wrote);
}

/* In the delivery thread. */
static void
obey_delivery(void *ctx, struct request *request)
{
	struct engine *engine = ctx;

	spread_act(engine, request, false);
	for (size_t i = 0; i < engine->n_accounts; i++) {
		if (engine->accounts[i].id == request->account)
			post_copy(engine->accounts[i].worker, request->command);
	}
	request_free(request);
}

/* Sent copies and the like: the account's worker has something to tell its
 * server.  From the delivery thread. */
static void
delivered(void *ctx, const struct journal_done *done)
{
	struct engine *engine = ctx;

	requests_of_act(done, obey_delivery, engine);
}

/* It looks once whether anything is left from before. */
static bool
start_delivery(struct engine *engine, struct engine_account *account,
	const struct worker_options *given, struct error *err)
{
	struct worker_options options = *given;
	struct outbox_counts counts = { 0 };

	if (!send_is_possible(account->config) || engine->read_only)
		return true;
	options.acted = delivered;
	options.fetcher = NULL;
	if (!outbox_counts(engine->store, account->id, &counts, err) ||
		!delivery_start(&options, &account->delivery, err))
		return false;
	if (counts.waiting > 0 || counts.unconfirmed > 0)
		worker_post(account->delivery, command_new(COMMAND_WAKE));
	return true;
}

static bool
start_account(struct engine *engine, struct engine_account *account,
	bool takes_over, struct error *err)
{
	struct worker_options options = {
		.config = engine->config,
		.account = account->config,
		.account_id = account->id,
		.home = engine->home,
		.tell = tell,
		.ctx = engine,
		.wrote = &engine->wrote,
		.read_only = engine->read_only,
	};

	if (account->config->protocol == PROTOCOL_LOCAL ||
		account->config->protocol == PROTOCOL_POP3 ||
		!account->config->imap.present)
		return explain_idle_account(engine, account, err) &&
		       start_delivery(engine, account, &options, err);
	if (!note_start(
		    engine, account, takes_over, &options.start_offline, err) ||
		!fetcher_start(&options, &account->fetcher, err))
		return false;
	options.fetcher = account->fetcher;
	return worker_start(&options, &account->worker, err) &&
	       start_delivery(engine, account, &options, err);
}

/* --- commands, here or elsewhere ----------------------------------------- */

static bool
is_for_fetcher(enum command_type type)
{
	return type == COMMAND_FETCH_TEXT || type == COMMAND_FETCH_SECTION;
}

static bool
is_for_syncer(enum command_type type)
{
	return type == COMMAND_OPEN_FOLDER || type == COMMAND_SYNC_NOW ||
	       type == COMMAND_SYNC_PASS || type == COMMAND_WAKE;
}

static bool
is_for_delivery(enum command_type type)
{
	return type == COMMAND_WAKE || type == COMMAND_SYNC_NOW ||
	       type == COMMAND_SYNC_PASS || type == COMMAND_SET_OFFLINE ||
	       type == COMMAND_PASSWORD;
}

static void
say_not_here(struct engine *engine, const struct request *request)
{
	struct event *event = xnew(struct event);

	event->type = EVENT_FETCH_FAILED;
	event->account = request->account;
	event->message = request->command->message;
	event->text = xstrdup(_("Not held here, and its account has no server "
				"to fetch it from"));
	tell(engine, event);
}

/* Who wished for a pass is told at once that somebody is there; and when there
 * is nobody to do it. */
static void
answer_pass(struct engine *engine, const struct request *request, bool taken)
{
	struct event event = {
		.type = taken ? EVENT_PASS_TAKEN : EVENT_PASS_ENDED,
		.account = request->account,
		.message = request->command->message,
		.done = taken ? ERR_NONE : ERR_STALE,
	};

	hub_tell(engine->hub, &event);
}

/* The accounts do not change while the hub runs, and posting is safe from any
 * thread. */
static void
obey(struct engine *engine, const struct request *request)
{
	const struct command *command = request->command;
	bool taken = false;

	for (size_t i = 0; i < engine->n_accounts; i++) {
		struct engine_account *account = &engine->accounts[i];

		if (request->account != 0 && request->account != account->id)
			continue;
		taken = taken || account->worker;
		if (!is_for_fetcher(command->type))
			post_copy(account->worker, command);
		if (!is_for_syncer(command->type))
			post_copy(account->fetcher, command);
		if (is_for_delivery(command->type))
			post_copy(account->delivery, command);
		if (is_for_fetcher(command->type) && !account->fetcher)
			say_not_here(engine, request);
	}
	if (command->type == COMMAND_SYNC_PASS)
		answer_pass(engine, request, taken);
}

/* From another process, in the hub's thread. */
static void
obey_other(void *ctx, struct request *request)
{
	if (request->command->type == COMMAND_WAKE)
		spread_act(ctx, request, false);
	obey(ctx, request);
}

/* Takes the request. */
static void
pass_on(struct engine *engine, struct request *request)
{
	if (engine->follower) {
		follower_send(engine->follower, request);
		return;
	}
	if (engine->hub && request->command->type == COMMAND_WAKE)
		spread_act(engine, request, true);
	if (engine->hub)
		obey(engine, request);
	request_free(request);
}

static void
remember(struct request **wish, int64_t account, const struct command *command)
{
	request_free(*wish);
	*wish = request_new(account, copy_command(command));
}

static void
repeat(struct engine *engine, const struct request *wish)
{
	if (wish)
		pass_on(engine, request_new(wish->account,
					copy_command(wish->command)));
}

/* Who runs the engine has changed, and knows nothing of these. */
static void
repeat_wishes(struct engine *engine)
{
	repeat(engine, engine->opened);
	repeat(engine, engine->awaited);
}

/* Takes the command. */
static void
ask(struct engine *engine, int64_t account, struct command *command)
{
	if (command->type == COMMAND_OPEN_FOLDER)
		remember(&engine->opened, account, command);
	else if (is_for_fetcher(command->type))
		remember(&engine->awaited, account, command);
	pass_on(engine, request_new(account, command));
}

/* --- life ---------------------------------------------------------------- */

/* In the housekeeper's thread. */
static void
applied(void *ctx, const struct id_array *accounts,
	const struct id_array *folders)
{
	struct engine *engine = ctx;
	int64_t account = accounts->n == 1 ? accounts->items[0] : 0;

	for (size_t i = 0; i < folders->n; i++) {
		struct event *event = xnew(struct event);

		event->type = EVENT_FOLDER_CHANGED;
		event->account = account;
		event->folder = folders->items[i];
		tell(engine, event);
	}
	if (accounts->n > 0) {
		struct event *event = xnew(struct event);

		event->type = EVENT_JOURNAL_CHANGED;
		event->account = account;
		tell(engine, event);
	}
	for (size_t i = 0; i < accounts->n; i++)
		wake_worker(engine, accounts->items[i]);
}

/* Takes the lock. */
static bool
run_here(struct engine *engine, int lock_fd, bool takes_over, struct error *err)
{
	struct housekeeper_options options = {
		.home = engine->home,
		.wrote = &engine->wrote,
		.applied = applied,
		.ctx = engine,
	};

	engine->hub = hub_new(store_home_dir(engine->home), lock_fd);
	for (size_t i = 0; i < engine->n_accounts; i++) {
		if (!start_account(
			    engine, &engine->accounts[i], takes_over, err))
			return false;
	}
	/* From now on these threads look at the accounts too. */
	if (!housekeeper_start(&options, &engine->housekeeper, err))
		return false;
	return hub_start(engine->hub, obey_other, engine, err);
}

static bool
run_somewhere(struct engine *engine, struct error *err)
{
	int lock_fd;

	if (!engine_lock(store_home_dir(engine->home), &lock_fd, err))
		return false;
	if (lock_fd >= 0)
		return run_here(engine, lock_fd, false, err);
	return follower_start(store_home_dir(engine->home), engine->events,
		&engine->follower, err);
}

bool
engine_start(const struct engine_options *options, struct engine **ret_engine,
	struct error *err)
{
	struct engine *engine = xnew(struct engine);

	engine->config = config_ref(options->config);
	engine->home = options->home;
	engine->read_only = options->read_only;
	engine->start_offline = options->start_offline;
	engine->events = queue_new(&event_queue_ops);
	cancel_init(&engine->wrote);
	engine->n_accounts = options->config->n_accounts;
	engine->accounts =
		xcalloc(engine->n_accounts, sizeof(*engine->accounts));
	for (size_t i = 0; i < engine->n_accounts; i++)
		engine->accounts[i].config = &options->config->accounts[i];
	if (!store_open(engine->home, STORE_WORKER, &engine->store, err) ||
		!make_account_rows(engine, err) ||
		!run_somewhere(engine, err)) {
		engine_stop(engine);
		return false;
	}
	*ret_engine = engine;
	return true;
}

static void
stop_workers(struct engine *engine)
{
	if (engine->hub)
		hub_stop(engine->hub);
	for (size_t i = 0; i < engine->n_accounts; i++) {
		worker_stop(engine->accounts[i].worker);
		worker_stop(engine->accounts[i].fetcher);
		worker_stop(engine->accounts[i].delivery);
	}
	/* It wakes the workers: none is freed before. */
	housekeeper_stop(engine->housekeeper);
	housekeeper_join(STEAL(engine->housekeeper));
	/* It wakes the workers too, and none is freed before it. */
	for (size_t i = 0; i < engine->n_accounts; i++)
		worker_join(STEAL(engine->accounts[i].delivery));
	for (size_t i = 0; i < engine->n_accounts; i++) {
		worker_join(STEAL(engine->accounts[i].worker));
		worker_join(STEAL(engine->accounts[i].fetcher));
	}
}

void
engine_stop(struct engine *engine)
{
	if (!engine)
		return;
	stop_workers(engine);
	follower_stop(engine->follower);
	/* Last: who takes the lock now may start workers of its own. */
	hub_free(engine->hub);
	store_close(engine->store);
	request_free(engine->opened);
	request_free(engine->awaited);
	queue_free(engine->events);
	cancel_destroy(&engine->wrote);
	free(engine->accounts);
	config_unref(engine->config);
	free(engine);
}

/* The process that ran the engine has gone, and the lock is ours. */
static void
take_over(struct engine *engine)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct follower *follower = STEAL(engine->follower);
	int lock_fd = follower_take_lock(follower);
	struct request *unsent;
	struct event *event;

	log_info("engine", "taking over");
	if (run_here(engine, lock_fd, true, &err)) {
		while ((unsent = follower_take_request(follower)) != NULL)
			pass_on(engine, unsent);
		repeat_wishes(engine);
	} else {
		log_error("engine", "%s", err.text);
		event = xnew(struct event);
		event->type = EVENT_ALERT;
		event->text = xstrdup(err.text);
		queue_push(engine->events, &event->link);
	}
	follower_stop(follower);
}

int
engine_fd(const struct engine *engine)
{
	return queue_fd(engine->events);
}

/* What was awaited has come, or will not. */
static void
note_answer(struct engine *engine, const struct event *event)
{
	if (engine->awaited &&
		(event->type == EVENT_MESSAGE_CHANGED ||
			event->type == EVENT_FETCH_FAILED) &&
		event->message == engine->awaited->command->message) {
		request_free(engine->awaited);
		engine->awaited = NULL;
	}
}

struct event *
engine_next_event(struct engine *engine)
{
	struct event *event;

	while ((event = (struct event *)queue_pop(engine->events)) != NULL) {
		bool ours = event->account == 1;

		note_answer(engine, event);
		if (event->type != EVENT_ENGINE_IS_OURS)
			break;
		event_free(event);
		if (ours)
			take_over(engine);
		else
			repeat_wishes(engine);
	}
	return event;
}

int64_t
engine_account_id(const struct engine *engine, const char *name)
{
	for (size_t i = 0; i < engine->n_accounts; i++) {
		if (strcmp(engine->accounts[i].config->name, name) == 0)
			return engine->accounts[i].id;
	}
	return 0;
}

void
engine_open_folder(struct engine *engine, int64_t account, int64_t folder)
{
	struct command *command = command_new(COMMAND_OPEN_FOLDER);

	command->folder = folder;
	ask(engine, account, command);
}

void
engine_fetch_message(struct engine *engine, int64_t account, int64_t message)
{
	struct command *command = command_new(COMMAND_FETCH_TEXT);

	command->message = message;
	ask(engine, account, command);
}

void
engine_fetch_section(struct engine *engine, int64_t account, int64_t message,
	const char *section)
{
	struct command *command = command_new(COMMAND_FETCH_SECTION);
	struct slice server;

	command->message = message;
	server = part_server_section(section);
	command->section = xmemdup0(server.data, server.len);
	ask(engine, account, command);
}

void
engine_sync_now(struct engine *engine, int64_t account)
{
	ask(engine, account, command_new(COMMAND_SYNC_NOW));
}

void
engine_wake(struct engine *engine, int64_t account)
{
	ask(engine, account, command_new(COMMAND_WAKE));
}

static void
ask_acted(void *ctx, struct request *request)
{
	pass_on(ctx, request);
}

void
engine_acted(struct engine *engine, const struct journal_done *done)
{
	requests_of_act(done, ask_acted, engine);
}

void
engine_set_offline(struct engine *engine, int64_t account, bool offline)
{
	struct command *command = command_new(COMMAND_SET_OFFLINE);

	command->flag = offline;
	ask(engine, account, command);
}

void
engine_answer_password(
	struct engine *engine, int64_t account, const char *secret)
{
	struct command *command = command_new(COMMAND_PASSWORD);

	command->secret = xstrdup(secret);
	ask(engine, account, command);
}
