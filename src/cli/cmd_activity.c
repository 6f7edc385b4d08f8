/* SPDX-License-Identifier: GPL-3.0-or-later */
/* activity: what waits for a server, runs, or failed. */
#include <inttypes.h>
#include <stdio.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "cli/change.h"
#include "cli/json.h"
#include "cli/print.h"

enum { ENTRIES_MAX = 10000, LINE_LIMIT = 64 * 1024 };

static void
put_entry(struct json *json, const struct journal_entry *entry)
{
	json_object_begin(json);
	json_put_int(json, "schema", CLI_SCHEMA);
	json_put_int(json, "id", entry->id);
	json_put_string_opt(json, "account", entry->account_name);
	json_put_string(json, "kind", journal_kind_name(entry->kind));
	json_put_string_opt(json, "target", entry->target);
	json_put_string(json, "state", journal_state_name(entry->state));
	json_put_int(json, "attempts", (int64_t)entry->attempts);
	json_put_string_opt(json, "error", entry->error);
	json_put_time_opt(json, "created", entry->created);
	json_put_time_opt(json, "next_attempt", entry->next_attempt);
	json_put_string_opt(json, "text", entry->text);
	json_put_int(json, "n", (int64_t)entry->n);
	json_put_int(json, "left", (int64_t)entry->n_left);
	json_object_end(json);
}

static void
print_entry(const struct journal_entry *entry)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&line, LINE_LIMIT);
	strbuf_addf(&line, "%6" PRId64 "  %-9s ", entry->id,
		journal_state_name(entry->state));
	strbuf_addf(&line, "%s: %s",
		entry->account_name ? entry->account_name : "?",
		entry->text ? entry->text : "");
	if (entry->error)
		strbuf_addf(&line, " (%s)", entry->error);
	print_text(stdout, strbuf_slice(&line), false);
	putchar('\n');
}

enum cli_status
cmd_activity_list(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_entries entries CLEANUP(journal_entries_clear) = { 0 };
	struct journal journal = { .config = cli->config };
	struct json json;

	if (!cli_open_store(cli, &err))
		return cli_failed(&err);
	journal.store = cli->store;
	if (!journal_activity(&journal, args_has(args, "all"), ENTRIES_MAX,
		    &entries, &err))
		return cli_failed(&err);
	json_init(&json, stdout);
	for (size_t i = 0; i < entries.n; i++) {
		const struct journal_entry *entry = &entries.items[i];

		if (!cli_means_account(cli, entry->account_name))
			continue;
		if (cli->json)
			put_entry(&json, entry);
		else
			print_entry(entry);
	}
	return CLI_OK;
}

static enum cli_status
change_entry(struct cli *cli, const struct args *args,
	bool (*verb)(const struct journal *journal, int64_t operation,
		struct journal_done *ret_done, struct error *err))
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct journal journal;
	int64_t id;

	if (!args_number(args->words.items[args->words.n - 1],
		    _("an operation's ID"), INT64_MAX, &id, &err))
		return cli_failed(&err);
	if (!change_begin(cli, &journal, &err) ||
		!verb(&journal, id, &done, &err))
		return change_failed(cli, &err);
	return change_finish(cli, &journal, &done);
}

enum cli_status
cmd_activity_retry(struct cli *cli, const struct args *args)
{
	return change_entry(cli, args, journal_retry);
}

enum cli_status
cmd_activity_cancel(struct cli *cli, const struct args *args)
{
	return change_entry(cli, args, journal_cancel);
}

enum cli_status
cmd_activity_dismiss(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal journal;
	int64_t id;

	if (!args_number(args->words.items[args->words.n - 1],
		    _("an operation's ID"), INT64_MAX, &id, &err))
		return cli_failed(&err);
	if (!change_begin(cli, &journal, &err) ||
		!journal_dismiss(&journal, id, &err))
		return change_failed(cli, &err);
	return CLI_OK;
}
