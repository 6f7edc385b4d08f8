/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THE table of subcommands, and of the options each takes. */
#include <string.h>

#include "base/array.h"
#include "base/gettext.h"
#include "cli/outgoing.h"
#include "cli/subcommand.h"

const struct arg_option global_options[] = {
	{ "config", 0, N_("FILE"), N_("Read this configuration file") },
	{ "data", 0, N_("DIR"), N_("Keep the store in this directory") },
	{ "account", 'A', N_("NAME"), N_("Work on this account only") },
	{ "demo", 0, NULL,
		N_("Use a sample mailbox in a temporary directory") },
	{ "read-only", 0, NULL, N_("Change nothing on any server") },
	{ "debug", 'd', NULL, N_("Write more to the log") },
	{ "help", 'h', NULL, N_("Print this, or help for a command") },
	{ "version", 0, NULL, N_("Print the version") },
	{ "dump-docs", 0, N_("TABLE"), NULL }, /* for building the manual */
	{ 0 },
};

const struct arg_option shared_options[] = {
	{ "json", 0, NULL, N_("Print JSON: one object a line") },
	{ "dry-run", 0, NULL, N_("Say what would be done, and do nothing") },
	{ 0 },
};

static const struct arg_option list_options[] = {
	{ "folder", 0, N_("FOLDER"),
		N_("List this folder, or ACCOUNT/FOLDER, not the inboxes") },
	{ "limit", 0, N_("N"), N_("List at most so many messages") },
	{ 0 },
};

static const struct arg_option show_options[] = {
	{ "headers", 0, NULL, N_("Show every header") },
	{ "text", 0, NULL, N_("Show the text alone") },
	{ "html", 0, NULL,
		N_("Show the source of the HTML part; with --text the text "
		   "that it reads as") },
	{ "charset", 0, N_("NAME"),
		N_("Read the text in this charset, whatever the message "
		   "says") },
	{ "raw", 0, NULL, N_("Show the whole message as it was sent") },
	{ "part", 0, N_("N"), N_("Show the bytes of a part") },
	{ 0 },
};

static const struct arg_option save_options[] = {
	{ "part", 0, N_("N"), N_("Save this part") },
	{ "to", 0, N_("PATH"), N_("Save as this file or in this directory") },
	{ 0 },
};

static const struct arg_option search_options[] = {
	{ "server", 0, NULL, N_("Ask the servers too") },
	{ "limit", 0, N_("N"), N_("List at most so many messages") },
	{ 0 },
};

static const struct arg_option compose_options[] = {
	{ "to", 0, N_("ADDRESS"), N_("Send to this address") },
	{ "cc", 0, N_("ADDRESS"), N_("Send a copy to this address") },
	{ "bcc", 0, N_("ADDRESS"), N_("Send a hidden copy to this address") },
	{ "subject", 0, N_("TEXT"), N_("Begin with this subject") },
	{ "body-file", 0, N_("FILE"), N_("Begin with the text of this file") },
	{ "attach", 0, N_("FILE"), N_("Attach this file") },
	{ 0 },
};

static const struct arg_option send_options[] = {
	{ "now", 0, NULL, N_("Try to deliver before returning") },
	{ "at", 0, N_("TIME"), N_("Send at this time") },
	{ "recipients", 't', NULL, N_("Take recipients from the headers") },
	{ "ignore-dots", 'i', NULL,
		N_("Do not end at a line that is a lone dot") },
	{ "sender", 'f', N_("FROM"), N_("Send from this address") },
	{ "full-name", 'F', N_("NAME"), N_("Put this name into From") },
	{ "option", 'o', N_("X"), N_("Accepted and ignored") },
	{ "body-type", 'B', N_("TYPE"), N_("Accepted and ignored") },
	{ "mode", 'b', N_("MODE"), N_("Only -bm is accepted") },
	{ 0 },
};

static const struct arg_option outbox_options[] = {
	{ "all", 0, NULL, N_("List what was sent and cancelled, too") },
	{ 0 },
};

static const struct arg_option hold_options[] = {
	{ "at", 0, N_("TIME"), N_("Send at this time") },
	{ 0 },
};

static const struct arg_option activity_options[] = {
	{ "all", 0, NULL, N_("List what is done and cancelled, too") },
	{ 0 },
};

static const struct arg_option delete_options[] = {
	{ "for-good", 0, NULL, N_("Delete what is in the trash already") },
	{ 0 },
};

static const struct arg_option folder_delete_options[] = {
	{ "yes", 0, NULL, N_("Delete what it holds for good, without asking") },
	{ 0 },
};

static const struct arg_option import_options[] = {
	{ "folder", 0, N_("FOLDER"), N_("Import into this folder") },
	{ 0 },
};

static const struct arg_option export_options[] = {
	{ "mbox", 0, N_("FILE"), N_("Write one mbox file") },
	{ "maildir", 0, N_("DIR"), N_("Write a Maildir") },
	{ "eml", 0, N_("DIR"), N_("Write a file for each message") },
	{ 0 },
};

static const struct arg_option account_add_options[] = {
	{ "address", 0, N_("ADDRESS"), N_("The account's mail address") },
	{ "name", 0, N_("TEXT"), N_("The name of the person") },
	{ "imap", 0, N_("URL"),
		N_("The server of incoming mail; without it one is guessed "
		   "and looked for") },
	{ "smtp", 0, N_("URL"), N_("The server of outgoing mail") },
	{ "password-command", 0, N_("COMMAND"),
		N_("A command that prints the password") },
	{ 0 },
};

const struct subcommand subcommands[] = {
	{
		.name = "sync",
		.words = N_("[ACCOUNT[/FOLDER]]"),
		.max_words = 1,
		.summary = N_("Fetch what is new in one pass and return"),
		.run = cmd_sync,
	},
	{
		.name = "list",
		.many_words = true, /* refused by itself, until it searches */
		.options = list_options,
		.has_json = true,
		.summary = N_("List messages, newest first"),
		.run = cmd_list,
	},
	{
		.name = "search",
		.words = N_("QUERY"),
		.min_words = 1,
		.many_words = true,
		.options = search_options,
		.has_json = true,
		.summary = N_("List what matches a query, over all folders"),
	},
	{
		.name = "show",
		.words = N_("ID..."),
		.min_words = 1,
		.many_words = true,
		.options = show_options,
		.has_json = true,
		.summary = N_("Print messages"),
		.run = cmd_show,
	},
	{
		.name = "save",
		.words = N_("ID"),
		.min_words = 1,
		.max_words = 1,
		.options = save_options,
		.has_dry_run = true,
		.summary = N_("Write a part of a message to a file"),
		.run = cmd_save,
	},
	{
		.name = "folder",
		.verb = "list",
		.is_default = true,
		.has_json = true,
		.summary = N_("List folders with their counts"),
		.run = cmd_folder_list,
	},
	{
		.name = "folder",
		.verb = "create",
		.words = N_("FOLDER"),
		.min_words = 1,
		.max_words = 1,
		.has_dry_run = true,
		.summary = N_("Make a folder"),
		.run = cmd_folder_create,
	},
	{
		.name = "folder",
		.verb = "rename",
		.words = N_("FOLDER NAME"),
		.min_words = 2,
		.max_words = 2,
		.has_dry_run = true,
		.summary = N_("Rename a folder"),
		.run = cmd_folder_rename,
	},
	{
		.name = "folder",
		.verb = "delete",
		.words = N_("FOLDER"),
		.min_words = 1,
		.max_words = 1,
		.options = folder_delete_options,
		.has_dry_run = true,
		.summary = N_("Delete a folder"),
		.run = cmd_folder_delete,
	},
	{
		.name = "folder",
		.verb = "subscribe",
		.words = N_("FOLDER"),
		.min_words = 1,
		.max_words = 1,
		.has_dry_run = true,
		.summary = N_("Subscribe to a folder"),
		.run = cmd_folder_subscribe,
	},
	{
		.name = "folder",
		.verb = "unsubscribe",
		.words = N_("FOLDER"),
		.min_words = 1,
		.max_words = 1,
		.has_dry_run = true,
		.summary = N_("Unsubscribe from a folder"),
		.run = cmd_folder_unsubscribe,
	},
	{
		.name = "account",
		.verb = "list",
		.is_default = true,
		.has_json = true,
		.summary = N_("List accounts and what is known of them"),
		.run = cmd_account_list,
	},
	{
		.name = "account",
		.verb = "test",
		.words = N_("NAME"),
		.min_words = 1,
		.max_words = 1,
		.has_json = true,
		.summary = N_("Connect and log in, step by step"),
		.run = cmd_account_test,
	},
	{
		.name = "account",
		.verb = "add",
		.words = N_("[NAME]"),
		.max_words = 1,
		.options = account_add_options,
		.has_json = true,
		.reads_config = true,
		.summary = N_("Set up an account, asking for what is not "
			      "given"),
		.run = cmd_account_add,
	},
	{
		.name = "account",
		.verb = "remove",
		.words = N_("NAME"),
		.min_words = 1,
		.max_words = 1,
		.has_json = true,
		.summary = N_("Forget an account"),
	},
	{
		.name = "doctor",
		.has_json = true,
		.reads_config = true,
		.summary = N_("Check configuration, store and servers, and say "
			      "what to do about each fault"),
		.run = cmd_doctor,
	},
	{
		.name = "compose",
		.options = compose_options,
		.summary = N_("Write a message"),
	},
	{
		.name = "send",
		.words = N_("[RECIPIENT...]"),
		.many_words = true,
		.options = send_options,
		.summary = N_("Queue a message from standard input, as "
			      "sendmail does"),
		.run = cmd_send,
	},
	{
		.name = "outbox",
		.verb = "list",
		.is_default = true,
		.options = outbox_options,
		.has_json = true,
		.summary = N_("List messages that wait to be sent, or failed"),
		.run = cmd_outbox_list,
	},
	{
		.name = "outbox",
		.verb = "show",
		.words = N_("ID"),
		.min_words = 1,
		.max_words = 1,
		.has_json = true,
		.summary =
			N_("Show one of them, and what came of each recipient"),
		.run = cmd_outbox_show,
	},
	{
		.name = "outbox",
		.verb = "retry",
		.words = N_("ID"),
		.min_words = 1,
		.max_words = 1,
		.summary = N_("Send one at once, or again"),
		.run = cmd_outbox_retry,
	},
	{
		.name = "outbox",
		.verb = "hold",
		.words = N_("ID"),
		.min_words = 1,
		.max_words = 1,
		.options = hold_options,
		.summary = N_("Keep one from being sent for now"),
		.run = cmd_outbox_hold,
	},
	{
		.name = "outbox",
		.verb = "cancel",
		.words = N_("ID"),
		.min_words = 1,
		.max_words = 1,
		.summary = N_("Take one back that was not sent"),
		.run = cmd_outbox_cancel,
	},
	{
		.name = "outbox",
		.verb = "sent",
		.words = N_("ID"),
		.min_words = 1,
		.max_words = 1,
		.summary = N_("Say that an unconfirmed one did arrive"),
		.run = cmd_outbox_sent,
	},
	{
		.name = "outbox",
		.verb = "flush",
		.summary = N_("Send all that waits, now"),
		.run = cmd_outbox_flush,
	},
	{
		.name = "activity",
		.verb = "list",
		.is_default = true,
		.options = activity_options,
		.has_json = true,
		.summary = N_("List operations that wait, run or failed"),
		.run = cmd_activity_list,
	},
	{
		.name = "activity",
		.verb = "retry",
		.words = N_("ID"),
		.min_words = 1,
		.max_words = 1,
		.has_dry_run = true,
		.summary = N_("Try an operation again that failed or waits"),
		.run = cmd_activity_retry,
	},
	{
		.name = "activity",
		.verb = "cancel",
		.words = N_("ID"),
		.min_words = 1,
		.max_words = 1,
		.has_dry_run = true,
		.summary = N_("Take back an operation no server was told of"),
		.run = cmd_activity_cancel,
	},
	{
		.name = "activity",
		.verb = "dismiss",
		.words = N_("ID"),
		.min_words = 1,
		.max_words = 1,
		.summary = N_("Forget an operation that failed"),
		.run = cmd_activity_dismiss,
	},
	{
		.name = "flag",
		.has_dry_run = true,
		.words = N_("ID... +FLAG -FLAG"),
		.many_words = true,
		.signed_words = true,
		.summary = N_("Add and remove flags and keywords"),
		.run = cmd_flag,
	},
	{
		.name = "move",
		.has_dry_run = true,
		.words = N_("ID... FOLDER"),
		.min_words = 2,
		.many_words = true,
		.summary = N_("Move messages to a folder"),
		.run = cmd_move,
	},
	{
		.name = "archive",
		.has_dry_run = true,
		.words = N_("ID..."),
		.min_words = 1,
		.many_words = true,
		.summary = N_("Move messages to the archive"),
		.run = cmd_archive,
	},
	{
		.name = "delete",
		.has_dry_run = true,
		.words = N_("ID..."),
		.min_words = 1,
		.many_words = true,
		.options = delete_options,
		.summary = N_("Move messages to the trash"),
		.run = cmd_delete,
	},
	{
		.name = "undo",
		.has_dry_run = true,
		.summary = N_("Undo the last change"),
		.run = cmd_undo,
	},
	{
		.name = "redo",
		.has_dry_run = true,
		.summary = N_("Do again what was undone last"),
		.run = cmd_redo,
	},
	{
		.name = "import",
		.has_dry_run = true,
		.words = N_("PATH..."),
		.min_words = 1,
		.many_words = true,
		.options = import_options,
		.summary = N_("Import mbox files, Maildirs and .eml files"),
	},
	{
		.name = "export",
		.words = N_("QUERY"),
		.many_words = true,
		.options = export_options,
		.summary = N_("Export messages"),
	},
	{ 0 },
};

static const struct arg_option *
find_in(const struct arg_option *table, struct slice name, char letter)
{
	for (const struct arg_option *it = table; it && it->name; it++)
		if (name.len > 0 ? slice_eq(slice_str(it->name), name)
				 : letter && it->letter == letter)
			return it;
	return NULL;
}

const struct arg_option *
subcommand_find_option(struct slice name, char letter)
{
	const struct arg_option *found = find_in(global_options, name, letter);

	if (!found)
		found = find_in(shared_options, name, letter);
	for (const struct subcommand *it = subcommands; !found && it->name;
		it++)
		found = find_in(it->options, name, letter);
	return found;
}

bool
subcommand_is_word(const struct arg_words *words, const char *word)
{
	if (words->n == 0 || word[1] == '-' || strlen(word) < 3)
		return false;
	for (const struct subcommand *it = subcommands; it->name; it++)
		if (it->signed_words && strcmp(it->name, words->items[0]) == 0)
			return true;
	return false;
}

bool
subcommand_has_option(
	const struct subcommand *command, const struct arg_option *option)
{
	struct slice name = slice_str(option->name);

	if (slice_eq(name, SLICE("json")))
		return command && command->has_json;
	if (slice_eq(name, SLICE("dry-run")))
		return command && command->has_dry_run;
	return find_in(global_options, name, 0) ||
	       (command && find_in(command->options, name, 0));
}

const struct subcommand *
subcommand_find(const struct arg_words *words, size_t *ret_skip)
{
	const struct subcommand *fallback = NULL;
	const char *verb = words->n > 1 ? words->items[1] : NULL;

	for (const struct subcommand *it = subcommands; it->name; it++) {
		if (words->n == 0 || strcmp(it->name, words->items[0]) != 0)
			continue;
		*ret_skip = 1;
		if (!it->verb)
			return it;
		if (verb && strcmp(it->verb, verb) == 0) {
			*ret_skip = 2;
			return it;
		}
		if (!verb && it->is_default)
			fallback = it;
	}
	return fallback;
}
