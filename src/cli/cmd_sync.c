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
#include "cli/print.h"
#include "cli/probe.h"
#include "cli/subcommand.h"
#include "i18n/format.h"
#include "i18n/width.h"
#include "sync/pass.h"

enum { LINE_LIMIT = 4096 };

struct progress {
	const struct cli *cli;
	const char *account;
	bool shown; /* standard error is a terminal */
	bool on_line;
};

static void
wipe_line(struct progress *progress)
{
	if (progress->on_line)
		fputs("\r\033[K", stderr);
	progress->on_line = false;
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
	}
	UNREACHABLE();
}

static void
show_progress(struct progress *progress, const struct event *event)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct strbuf cut CLEANUP(strbuf_clear) = { 0 };
	const struct folder *folder = cli_folder(progress->cli, event->folder);
	char done[FORMAT_SIZE];
	char total[FORMAT_SIZE];

	strbuf_init(&line, LINE_LIMIT);
	strbuf_init(&cut, LINE_LIMIT);
	print_inert(slice_str(progress->account), false, &line);
	if (folder) {
		strbuf_add_char(&line, '/');
		print_inert(slice_str(folder->name), false, &line);
	}
	strbuf_add_str(&line, ": ");
	add_kind(event->progress, format_number((int64_t)event->done, done),
		format_number((int64_t)event->total, total), &line);
	width_truncate(strbuf_slice(&line), print_columns(STDERR_FILENO) - 1,
		"…", &cut);
	wipe_line(progress);
	fputs(cut.data, stderr);
	fflush(stderr);
	progress->on_line = true;
}

static void
tell(void *ctx, const struct event *event)
{
	struct progress *progress = ctx;

	switch (event->type) {
	case EVENT_PROGRESS:
		if (progress->shown && event->done < event->total)
			show_progress(progress, event);
		else
			wipe_line(progress);
		return;
	case EVENT_ALERT:
		wipe_line(progress);
		print_complaint(_("Account %s: the server says: %s"),
			progress->account, event->text ? event->text : "");
		return;
	case EVENT_ACCOUNT_CHANGED:
	case EVENT_TREE_CHANGED:
	case EVENT_COUNTS_CHANGED:
	case EVENT_FOLDER_CHANGED:
	case EVENT_MESSAGE_CHANGED:
	case EVENT_FETCH_FAILED:
	case EVENT_QUESTION:
	case EVENT_JOURNAL_CHANGED:
	case EVENT_PASS_TAKEN:
	case EVENT_PASS_ENDED:
	case EVENT_ENGINE_IS_OURS:
		return;
	}
	UNREACHABLE();
}

static enum cli_status
sync_account(struct cli *cli, const struct account_config *account,
	const char *folder)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct progress progress = {
		.cli = cli,
		.account = account->name,
		.shown = isatty(STDERR_FILENO),
	};
	struct cancel cancel;
	struct pass_options options = {
		.config = cli->config,
		.account = account,
		.folder = folder,
		.home = cli->home,
		.read_only = cli->request->read_only,
		.cancel = &cancel,
		.tell = tell,
		.ctx = &progress,
	};
	enum cli_status status;
	bool served;
	bool ok;

	cancel_init(&cancel);
	ok = pass_ask(&options, &served, &err);
	/* It may lack a password that somebody here can give. */
	if ((ok && !served) ||
		(err.kind == ERR_LOGIN && !account->password_command)) {
		error_clear(&err);
		ok = cli_password(cli, account, &options.password, &err) &&
		     pass_run(&options, &err);
	}
	cancel_destroy(&cancel);
	wipe_line(&progress);
	if (ok)
		return CLI_OK;
	cli_prefix_account(&err, account);
	status = cli_failed(&err);
	if (account->imap.present)
		probe_print_hint(&account->imap, &err);
	return status;
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

/* What went through and what did not, taken together. */
static enum cli_status
worse(enum cli_status a, enum cli_status b)
{
	if (a == CLI_OK || a == b)
		return b;
	return b == CLI_OK ? a : CLI_FAILED;
}

enum cli_status
cmd_sync(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *only CLEANUP(freep) = NULL;
	const char *folder = NULL;
	enum cli_status status = CLI_OK;

	if (!cli_has_account(cli))
		return CLI_USAGE;
	if (args->words.n > 1 &&
		!split_target(cli, args->words.items[1], &only, &folder, &err))
		return cli_failed(&err);
	if (!cli_open_store(cli, &err))
		return cli_failed(&err);
	for (size_t i = 0; i < cli->config->n_accounts; i++) {
		const struct account_config *account =
			&cli->config->accounts[i];

		if (!cli_means_account(cli, account->name) ||
			(only && !ascii_eq_nocase(only, account->name)))
			continue;
		if (account->protocol != PROTOCOL_LOCAL)
			status = worse(
				status, sync_account(cli, account, folder));
	}
	return status;
}
