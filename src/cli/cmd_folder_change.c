/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder create, rename, delete, subscribe, unsubscribe. */
#include <stdio.h>
#include <string.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "cli/ask.h"
#include "cli/change.h"
#include "cli/print.h"
#include "i18n/format.h"

enum { NAME_LIMIT = 4096 };

/* The word `n` behind "folder VERB". */
static const char *
name_word(const struct args *args, size_t n)
{
	return args->words.items[2 + n];
}

/* The account of ACCOUNT/NAME, else the only one that is meant; `*ret_name`
 * points into `word`. */
static bool
split_name(struct cli *cli, const char *word, int64_t *ret_account,
	const char **ret_name, struct error *err)
{
	size_t n = 0;

	*ret_name = word;
	for (size_t i = 0; i < cli->accounts.n; i++) {
		const char *account = cli->accounts.items[i].name;
		const char *behind = cli_behind_account(account, word);

		if (!cli_means_account(cli, account))
			continue;
		if (behind && behind[0]) {
			*ret_account = cli->accounts.items[i].id;
			*ret_name = behind;
			return true;
		}
		if (n++ == 0)
			*ret_account = cli->accounts.items[i].id;
	}
	if (n == 0)
		return error_set(err, ERR_REFUSED,
			_("No account has been synchronised yet"));
	return n == 1 ||
	       error_set(err, ERR_INVALID,
		       _("Which account? Write ACCOUNT/%s, or --account NAME"),
		       word);
}

enum cli_status
cmd_folder_create(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct journal journal;
	const char *name;
	int64_t account = 0;
	int64_t folder;

	if (!change_begin(cli, &journal, &err) ||
		!split_name(cli, name_word(args, 0), &account, &name, &err) ||
		!journal_folder_create(
			&journal, account, name, &folder, &done, &err))
		return change_failed(cli, &err);
	return change_finish(cli, &journal, &done);
}

/* What `verb` does to the folder that the first word names. */
static enum cli_status
on_folder(struct cli *cli, const struct args *args,
	bool (*verb)(const struct journal *journal, int64_t folder,
		const struct args *args, struct journal_done *ret_done,
		struct error *err))
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct journal journal;

	if (!change_begin(cli, &journal, &err) ||
		!change_folder(cli, 0, name_word(args, 0), &folder, &err) ||
		!verb(&journal, folder.id, args, &done, &err))
		return change_failed(cli, &err);
	return change_finish(cli, &journal, &done);
}

static bool
rename_folder(const struct journal *journal, int64_t folder,
	const struct args *args, struct journal_done *ret_done,
	struct error *err)
{
	return journal_folder_rename(
		journal, folder, name_word(args, 1), ret_done, err);
}

static bool
subscribe(const struct journal *journal, int64_t folder,
	const struct args *args UNUSED, struct journal_done *ret_done,
	struct error *err)
{
	return journal_folder_subscribe(journal, folder, true, ret_done, err);
}

static bool
unsubscribe(const struct journal *journal, int64_t folder,
	const struct args *args UNUSED, struct journal_done *ret_done,
	struct error *err)
{
	return journal_folder_subscribe(journal, folder, false, ret_done, err);
}

enum cli_status
cmd_folder_rename(struct cli *cli, const struct args *args)
{
	return on_folder(cli, args, rename_folder);
}

/* What is lost with the folder; -1: nobody knows. */
static int64_t
messages_in(const struct folder *folder)
{
	if (folder->server_total > folder->placed)
		return folder->server_total;
	if (folder->placed == 0 && folder->server_total < 0 && folder->remote &&
		folder->selectable)
		return -1;
	return folder->placed;
}

/* "bench/Work with its 2 messages" */
static char *
describe(const struct cli *cli, const struct folder *folder, int64_t messages)
{
	struct strbuf name CLEANUP(strbuf_clear) = { 0 };
	char number[FORMAT_SIZE];
	char *full CLEANUP(freep) = xasprintf(
		"%s/%s", cli_account_name(cli, folder->account), folder->name);

	strbuf_init(&name, NAME_LIMIT);
	print_inert(slice_str(full), false, &name);
	if (messages < 0)
		return xasprintf(_("%s with whatever it holds"), name.data);
	if (messages == 0)
		return xstrdup(name.data);
	return xasprintf(P_("%s with its %s message", "%s with its %s messages",
				 (unsigned long)messages),
		name.data, format_number(messages, number));
}

/* A folder that holds mail, or that something is kept in, goes only when a
 * person says so. */
static bool
may_delete(struct cli *cli, const struct args *args,
	const struct folder *folder, struct error *err)
{
	int64_t messages = messages_in(folder);
	char *what CLEANUP(freep) = describe(cli, folder, messages);
	char *question CLEANUP(freep) = NULL;

	if (cli->dry_run) {
		if (messages != 0)
			printf(_("For good: %s.\n"), what);
		return true;
	}
	if ((messages == 0 && folder->role == ROLE_NONE) ||
		args_has(args, "yes"))
		return true;
	if (!ask_is_possible())
		return error_set(err, ERR_REFUSED,
			_("Not deleted: %s would be gone for good; --yes does "
			  "it"),
			what);
	question = xasprintf(_("Delete %s for good?"), what);
	return ask_yes(question) ||
	       error_set(err, ERR_CANCELLED, _("Nothing was deleted"));
}

enum cli_status
cmd_folder_delete(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done before CLEANUP(journal_done_clear) = { 0 };
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct journal journal;
	struct journal rehearsal;

	if (!change_begin(cli, &journal, &err) ||
		!change_folder(cli, 0, name_word(args, 0), &folder, &err))
		return change_failed(cli, &err);
	/* Nobody is asked about what cannot be done. */
	rehearsal = journal;
	rehearsal.dry_run = true;
	if (!journal_folder_delete(&rehearsal, folder.id, &before, &err) ||
		!may_delete(cli, args, &folder, &err) ||
		!journal_folder_delete(&journal, folder.id, &done, &err))
		return change_failed(cli, &err);
	return change_finish(cli, &journal, &done);
}

enum cli_status
cmd_folder_subscribe(struct cli *cli, const struct args *args)
{
	return on_folder(cli, args, subscribe);
}

enum cli_status
cmd_folder_unsubscribe(struct cli *cli, const struct args *args)
{
	return on_folder(cli, args, unsubscribe);
}
