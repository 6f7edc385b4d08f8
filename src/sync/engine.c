/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/engine.h"

#include <stdlib.h>

#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/account.h"
#include "sync/private.h"

struct engine_account {
	const struct account_config *config;
	int64_t id;
	struct worker *worker;  /* NULL: nothing to synchronise with */
	struct worker *fetcher; /* NULL until the first wish */
	char *password;         /* given by a person, for a fetcher to come */
	bool offline;
};

struct engine {
	struct config *config;
	struct store_home *home;
	struct store *store; /* the caller's thread */
	struct queue *events;
	struct cancel wrote;
	struct housekeeper *housekeeper;
	struct engine_account *accounts;
	size_t n_accounts;
	bool read_only;
};

static bool
make_account_rows(struct engine *engine, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

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

static struct worker_options
options_of(const struct engine *engine, const struct engine_account *account)
{
	return (struct worker_options){
		.config = engine->config,
		.account = account->config,
		.account_id = account->id,
		.home = engine->home,
		.events = engine->events,
		.wrote = (struct cancel *)(uintptr_t)&engine->wrote,
		.read_only = engine->read_only,
		.start_offline = account->offline,
	};
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

static bool
start_account(struct engine *engine, struct engine_account *account,
	struct error *err)
{
	struct worker_options options = options_of(engine, account);

	if (account->config->protocol == PROTOCOL_LOCAL ||
		account->config->protocol == PROTOCOL_POP3 ||
		!account->config->imap.present)
		return explain_idle_account(engine, account, err);
	return worker_start(&options, &account->worker, err);
}

bool
engine_start(const struct engine_options *options, struct engine **ret_engine,
	struct error *err)
{
	struct engine *engine = xnew(struct engine);
	bool ok;

	engine->config = config_ref(options->config);
	engine->home = options->home;
	engine->read_only = options->read_only;
	engine->events = queue_new(&event_queue_ops);
	cancel_init(&engine->wrote);
	engine->n_accounts = options->config->n_accounts;
	engine->accounts =
		xcalloc(engine->n_accounts, sizeof(*engine->accounts));
	for (size_t i = 0; i < engine->n_accounts; i++) {
		engine->accounts[i].config = &options->config->accounts[i];
		engine->accounts[i].offline = options->start_offline;
	}
	ok = store_open(engine->home, STORE_INTERFACE, &engine->store, err) &&
	     make_account_rows(engine, err) &&
	     housekeeper_start(
		     engine->home, &engine->wrote, &engine->housekeeper, err);
	for (size_t i = 0; ok && i < engine->n_accounts; i++)
		ok = start_account(engine, &engine->accounts[i], err);
	if (!ok) {
		engine_stop(engine);
		return false;
	}
	*ret_engine = engine;
	return true;
}

void
engine_stop(struct engine *engine)
{
	if (!engine)
		return;
	for (size_t i = 0; i < engine->n_accounts; i++) {
		worker_stop(engine->accounts[i].worker);
		worker_stop(engine->accounts[i].fetcher);
	}
	housekeeper_stop(engine->housekeeper);
	for (size_t i = 0; i < engine->n_accounts; i++) {
		worker_join(engine->accounts[i].worker);
		worker_join(engine->accounts[i].fetcher);
		free_secret(engine->accounts[i].password);
	}
	housekeeper_join(engine->housekeeper);
	store_close(engine->store);
	queue_free(engine->events);
	cancel_destroy(&engine->wrote);
	free(engine->accounts);
	config_unref(engine->config);
	free(engine);
}

int
engine_fd(const struct engine *engine)
{
	return queue_fd(engine->events);
}

struct event *
engine_next_event(struct engine *engine)
{
	return (struct event *)queue_pop(engine->events);
}

static struct engine_account *
find_account(const struct engine *engine, int64_t id)
{
	for (size_t i = 0; i < engine->n_accounts; i++) {
		if (engine->accounts[i].id == id)
			return &engine->accounts[i];
	}
	return NULL;
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

/* Starts the fetcher with the first wish. */
static struct worker *
need_fetcher(struct engine *engine, struct engine_account *account)
{
	struct worker_options options = options_of(engine, account);
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct command *command;

	if (account->fetcher || !account->worker)
		return account->fetcher;
	if (!fetcher_start(&options, &account->fetcher, &err)) {
		log_error("engine", "%s", err.text);
		return NULL;
	}
	if (account->password) {
		command = command_new(COMMAND_PASSWORD);
		command->secret = xstrdup(account->password);
		worker_post(account->fetcher, command);
	}
	return account->fetcher;
}

static void
say_not_here(struct engine *engine, int64_t account, int64_t message)
{
	struct event *event = xnew(struct event);

	event->type = EVENT_FETCH_FAILED;
	event->account = account;
	event->message = message;
	event->text = xstrdup(_("Not held here, and its account has no server "
				"to fetch it from"));
	queue_push(engine->events, &event->link);
}

void
engine_open_folder(struct engine *engine, int64_t account, int64_t folder)
{
	struct engine_account *found = find_account(engine, account);
	struct command *command;
	struct worker *fetcher;

	if (!found || !found->worker)
		return;
	command = command_new(COMMAND_OPEN_FOLDER);
	command->folder = folder;
	worker_post(found->worker, command);
	fetcher = need_fetcher(engine, found);
	if (!fetcher)
		return;
	command = command_new(COMMAND_OPEN_FOLDER);
	command->folder = folder;
	worker_post(fetcher, command);
}

static void
wish(struct engine *engine, int64_t account, int64_t message,
	struct command *command)
{
	struct engine_account *found = find_account(engine, account);
	struct worker *fetcher = found ? need_fetcher(engine, found) : NULL;

	command->message = message;
	if (fetcher) {
		worker_post(fetcher, command);
		return;
	}
	command_free(command);
	say_not_here(engine, account, message);
}

void
engine_fetch_message(struct engine *engine, int64_t account, int64_t message)
{
	wish(engine, account, message, command_new(COMMAND_FETCH_TEXT));
}

void
engine_fetch_section(struct engine *engine, int64_t account, int64_t message,
	const char *section)
{
	struct command *command = command_new(COMMAND_FETCH_SECTION);

	command->section = xstrdup(section);
	wish(engine, account, message, command);
}

void
engine_sync_now(struct engine *engine, int64_t account)
{
	for (size_t i = 0; i < engine->n_accounts; i++) {
		struct engine_account *it = &engine->accounts[i];

		if (it->worker && (account == 0 || it->id == account))
			worker_post(it->worker, command_new(COMMAND_SYNC_NOW));
	}
}

static void
post_offline(struct worker *worker, bool offline)
{
	struct command *command;

	if (!worker)
		return;
	command = command_new(COMMAND_SET_OFFLINE);
	command->flag = offline;
	worker_post(worker, command);
}

void
engine_set_offline(struct engine *engine, int64_t account, bool offline)
{
	for (size_t i = 0; i < engine->n_accounts; i++) {
		struct engine_account *it = &engine->accounts[i];

		if (account != 0 && it->id != account)
			continue;
		it->offline = offline;
		post_offline(it->worker, offline);
		post_offline(it->fetcher, offline);
	}
}

static void
post_password(struct worker *worker, const char *secret)
{
	struct command *command;

	if (!worker)
		return;
	command = command_new(COMMAND_PASSWORD);
	command->secret = xstrdup(secret);
	worker_post(worker, command);
}

void
engine_answer_password(
	struct engine *engine, int64_t account, const char *secret)
{
	struct engine_account *found = find_account(engine, account);

	if (!found)
		return;
	free_secret(found->password);
	found->password = xstrdup(secret);
	post_password(found->worker, secret);
	post_password(found->fetcher, secret);
}
