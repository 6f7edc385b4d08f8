/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sync: one pass over the accounts meant, with progress for people. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/thread.h"
#include "cli/beside.h"
#include "cli/outgoing.h"
#include "cli/print.h"
#include "cli/probe.h"
#include "cli/subcommand.h"
#include "i18n/format.h"
#include "i18n/width.h"
#include "store/operation.h"
#include "sync/pass.h"
#include "sync/send.h"

enum {
	LINE_LIMIT = 4096,
	/* From account to account: fetched, sent, removed. */
	ROUNDS = 4,
};

/* What all accounts say, each from its own thread. */
struct talk {
	struct cli *cli;
	const char *folder; /* the one that is meant; or NULL */
	bool shown;         /* standard error is a terminal */
	enum cli_status status;
	struct lock lock;
	/* protected by lock */
	bool hushed;
	const char *on_line; /* the account whose progress is seen; or NULL */
};

struct speaker {
	struct talk *talk;
	const char *account;
};

static void
wipe_line(struct talk *talk)
{
	if (talk->on_line)
		fputs("\r\033[K", stderr);
	talk->on_line = NULL;
}

static void
add_kind(enum progress_kind kind, const char *done, const char *total,
	struct strbuf *line)
{
	switch (kind) {
	case PROGRESS_HEADERS:
		strbuf_addf(line, _("headers, %s of %s"), done, total);
		return;
	case PROGRESS_THREADS:
		strbuf_addf(line, _("conversations, %s of %s"), done, total);
		return;
	case PROGRESS_TEXT:
		strbuf_addf(line, _("texts, %s of %s"), done, total);
		return;
	case PROGRESS_PART:
		strbuf_addf(line, _("bytes, %s of %s"), done, total);
		return;
	case PROGRESS_SEND:
		strbuf_addf(line, _("bytes sent, %s of %s"), done, total);
		return;
	}
	UNREACHABLE();
}

static void
show_progress(struct speaker *speaker, const struct event *event)
{
	struct talk *talk = speaker->talk;
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct strbuf cut CLEANUP(strbuf_clear) = { 0 };
	const struct folder *folder = cli_folder(talk->cli, event->folder);
	char done[FORMAT_SIZE];
	char total[FORMAT_SIZE];

	strbuf_init(&line, LINE_LIMIT);
	strbuf_init(&cut, LINE_LIMIT);
	print_inert(slice_str(speaker->account), false, &line);
	if (folder) {
		strbuf_add_char(&line, '/');
		print_inert(slice_str(folder->name), false, &line);
	}
	strbuf_add_str(&line, ": ");
	add_kind(event->progress, format_number((int64_t)event->done, done),
		format_number((int64_t)event->total, total), &line);
	width_truncate(strbuf_slice(&line), print_columns(STDERR_FILENO) - 1,
		"…", &cut);
	wipe_line(talk);
	fputs(cut.data, stderr);
	fflush(stderr);
	talk->on_line = speaker->account;
}

/* One line for all: it is the account's that took it until that has no more to
 * say. */
static void
take_progress(struct speaker *speaker, const struct event *event)
{
	struct talk *talk = speaker->talk;

	if (talk->hushed ||
		(talk->on_line && talk->on_line != speaker->account))
		return;
	if (talk->shown && event->done < event->total)
		show_progress(speaker, event);
	else
		wipe_line(talk);
}

static void
tell(void *ctx, const struct event *event)
{
	struct speaker *speaker = ctx;
	struct talk *talk = speaker->talk;

	if (event->type != EVENT_PROGRESS && event->type != EVENT_ALERT)
		return;
	lock_take(&talk->lock);
	if (event->type == EVENT_PROGRESS) {
		take_progress(speaker, event);
	} else {
		wipe_line(talk);
		print_complaint(_("Account %s: the server says: %s"),
			speaker->account, event->text ? event->text : "");
	}
	lock_give(&talk->lock);
}

static enum beside_outcome
sync_account(void *ctx, struct beside_job *job, struct error *err)
{
	struct talk *talk = ctx;
	struct cli *cli = talk->cli;
	struct speaker speaker = {
		.talk = talk,
		.account = job->account->name,
	};
	struct cancel cancel;
	struct pass_options options = {
		.config = cli->config,
		.account = job->account,
		.folder = talk->folder,
		.home = cli->home,
		.password = job->password,
		.read_only = cli->request->read_only,
		.cancel = &cancel,
		.tell = tell,
		.ctx = &speaker,
	};
	bool knows = job->password || job->account->password_command;
	bool served = false;
	bool ok = true;

	cancel_init(&cancel);
	if (!job->password)
		ok = pass_ask(&options, &served, err);
	/* It may lack a password that somebody here can give. */
	if (!ok && err->kind == ERR_LOGIN && !knows) {
		ok = true;
		served = false;
	}
	if (ok && !served && knows)
		ok = pass_run(&options, err);
	cancel_destroy(&cancel);
	if (ok && !served && !knows)
		return BESIDE_WANTS_PASSWORD;
	return ok ? BESIDE_DONE : BESIDE_FAILED;
}

/* What went through and what did not, taken together. */
static enum cli_status
worse(enum cli_status a, enum cli_status b)
{
	if (a == CLI_OK || a == b)
		return b;
	return b == CLI_OK ? a : CLI_FAILED;
}

static void
ended(void *ctx, struct beside_job *job)
{
	struct talk *talk = ctx;
	const struct account_config *account = job->account;
	enum cli_status status = CLI_OK;

	lock_take(&talk->lock);
	if (talk->on_line == account->name)
		wipe_line(talk);
	if (job->outcome == BESIDE_FAILED) {
		wipe_line(talk);
		cli_prefix_account(&job->err, account);
		status = cli_failed(&job->err);
		if (account->imap.present)
			probe_print_hint(&account->imap, &job->err);
	}
	lock_give(&talk->lock);
	talk->status = worse(talk->status, status);
}

static void
hush(void *ctx, bool on)
{
	struct talk *talk = ctx;

	lock_take(&talk->lock);
	talk->hushed = on;
	wipe_line(talk);
	lock_give(&talk->lock);
}

static enum cli_status
send_waiting(struct cli *cli, const struct account_config *account)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_counts counts = { 0 };
	int64_t id = 0;
	enum cli_status status;

	for (size_t i = 0; i < cli->accounts.n; i++)
		if (strcmp(cli->accounts.items[i].name, account->name) == 0)
			id = cli->accounts.items[i].id;
	if (id == 0 || !send_is_possible(account) || cli->request->read_only)
		return CLI_OK;
	status = outgoing_flush(cli, account);
	if (status != CLI_OK)
		return status;
	if (!outbox_counts(cli->store, id, &counts, &err))
		return cli_failed(&err);
	return counts.failed + counts.unconfirmed > 0 ? CLI_PARTLY : CLI_OK;
}

/* "ACCOUNT/FOLDER" apart; false when there is no such account. */
static bool
split_target(struct cli *cli, const char *word, char **ret_account,
	const char **ret_folder, struct error *err)
{
	struct slice s = slice_str(word);
	size_t slash = slice_find(s, '/');

	*ret_account = xmemdup0(s.data, slash);
	*ret_folder = slash + 1 < s.len ? word + slash + 1 : NULL;
	if (!config_account(cli->config, *ret_account))
		return error_set(err, ERR_INVALID, _("There is no account %s"),
			*ret_account);
	return true;
}

static bool
has_row(const struct cli *cli, const char *name)
{
	for (size_t i = 0; i < cli->accounts.n; i++)
		if (strcmp(cli->accounts.items[i].name, name) == 0)
			return true;
	return false;
}

/* Their rows are made in the order of the configuration. */
static bool
ensure_accounts(const struct beside *beside, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	bool all = true;
	int64_t id;

	for (size_t i = 0; i < beside->n; i++)
		all = all &&
		      has_row(beside->cli, beside->jobs[i].account->name);
	if (all)
		return true;
	if (!transaction_begin(beside->cli->store, &tx, err))
		return false;
	for (size_t i = 0; i < beside->n; i++)
		if (!account_ensure(beside->cli->store,
			    beside->jobs[i].account->name, &id, err))
			return false;
	return transaction_commit(&tx, err);
}

/* 0: the store knows of none by that name. */
static int64_t
account_id(const struct cli *cli, const char *name)
{
	for (size_t i = 0; i < cli->accounts.n; i++)
		if (strcmp(cli->accounts.items[i].name, name) == 0)
			return cli->accounts.items[i].id;
	return 0;
}

/* Of the accounts that are meant and have a server, all at once; `again` those
 * that another has handed something on to. */
static enum cli_status
sync_accounts(struct cli *cli, const char *only, const char *folder, bool again)
{
	const struct config *config = cli->config;
	struct talk talk = {
		.cli = cli,
		.folder = folder,
		.shown = isatty(STDERR_FILENO),
		.status = CLI_OK,
	};
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct beside beside;

	lock_init(&talk.lock);
	beside_init(&beside, cli, config->n_accounts);
	beside.work = sync_account;
	beside.ended = ended;
	beside.hush = hush;
	beside.ctx = &talk;
	for (size_t i = 0; i < config->n_accounts; i++) {
		const struct account_config *account = &config->accounts[i];
		bool waits = true;

		if (account->protocol == PROTOCOL_LOCAL ||
			!cli_means_account(cli, account->name) ||
			(only && !ascii_eq_nocase(only, account->name)))
			continue;
		if (again &&
			!operation_is_handed_on(cli->store,
				account_id(cli, account->name), &waits, &err))
			break;
		if (waits)
			beside_add(&beside, account);
	}
	if (err.kind == ERR_NONE && ensure_accounts(&beside, &err))
		beside_run(&beside);
	else
		talk.status = cli_failed(&err);
	beside_clear(&beside);
	lock_destroy(&talk.lock);
	return talk.status;
}

enum cli_status
cmd_sync(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *only CLEANUP(freep) = NULL;
	const char *folder = NULL;
	enum cli_status status;
	enum cli_status again = CLI_OK;

	if (!cli_has_account(cli))
		return CLI_USAGE;
	if (args->words.n > 1 &&
		!split_target(cli, args->words.items[1], &only, &folder, &err))
		return cli_failed(&err);
	if (!cli_open_store(cli, &err))
		return cli_failed(&err);
	status = sync_accounts(cli, only, folder, false);
	/* One that cannot be reached keeps the others from nothing. */
	for (int round = 1; round < ROUNDS && again == CLI_OK; round++)
		again = sync_accounts(cli, only, folder, true);
	status = worse(status, again);
	for (size_t i = 0; i < cli->config->n_accounts && !folder; i++) {
		const struct account_config *account =
			&cli->config->accounts[i];

		if (cli_means_account(cli, account->name) &&
			(!only || ascii_eq_nocase(only, account->name)))
			status = worse(status, send_waiting(cli, account));
	}
	return status;
}
