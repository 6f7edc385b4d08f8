/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbox: what waits to be sent, and what can be done about it. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/json.h"
#include "cli/outgoing.h"
#include "cli/print.h"
#include "compose/later.h"
#include "i18n/format.h"
#include "mail/date.h"
#include "sync/deliver.h"
#include "sync/engine.h"

enum { ENTRIES_MAX = 10000, LINE_LIMIT = 64 * 1024 };

static const char *
fate_name(enum outbox_fate fate)
{
	static const char *const names[] = { "waiting", "unconfirmed", "sent",
		"refused" };

	return (size_t)fate < ARRAY_LEN(names) ? names[fate] : "?";
}

/* When it may be sent, where that is known. */
static int64_t
due(const struct outbox_entry *entry)
{
	if (entry->state == OUTBOX_HELD)
		return entry->hold_until;
	return entry->state == OUTBOX_DEFERRED ? entry->next_attempt : 0;
}

static void
put_addresses(struct json *json, const struct address_list *list)
{
	json_array_begin(json);
	for (size_t i = 0; i < list->n; i++) {
		json_object_begin(json);
		json_put_string_opt(json, "name", list->items[i].name);
		json_put_string(json, "address", list->items[i].address);
		json_object_end(json);
	}
	json_array_end(json);
}

/* Leaves the object open. */
static void
put_entry(struct json *json, const struct cli *cli,
	const struct outbox_entry *entry)
{
	json_object_begin(json);
	json_put_int(json, "schema", CLI_SCHEMA);
	json_put_int(json, "id", entry->id);
	json_put_string(json, "account", cli_account_name(cli, entry->account));
	json_put_string(json, "message_id", entry->message_id);
	json_key(json, "to");
	put_addresses(json, &entry->to);
	json_put_string_opt(json, "subject", entry->subject);
	json_put_string(json, "state", outbox_state_name(entry->state));
	json_put_int(json, "attempts", (int64_t)entry->attempts);
	json_put_time_opt(json, "next_attempt", due(entry));
	json_put_string_opt(json, "error", entry->error);
	json_put_time_opt(json, "queued", entry->created);
	json_put_int(json, "size", (int64_t)entry->size);
}

static void
print_entry(const struct cli *cli, const struct outbox_entry *entry)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	char when[32];

	strbuf_init(&line, LINE_LIMIT);
	strbuf_addf(&line, "%6" PRId64 "  %-11s %s: ", entry->id,
		outbox_state_name(entry->state),
		cli_account_name(cli, entry->account));
	for (size_t i = 0; i < entry->to.n && i < 3; i++)
		strbuf_addf(&line, "%s%s", i > 0 ? ", " : "",
			address_display(&entry->to.items[i]));
	strbuf_addf(&line, "  %s", entry->subject ? entry->subject : "");
	if (due(entry)) {
		date_print_rfc3339(due(entry), when);
		strbuf_addf(&line, _(" (not before %s)"), when);
	}
	if (entry->error)
		strbuf_addf(&line, " (%s)", entry->error);
	print_text(stdout, strbuf_slice(&line), false);
	putchar('\n');
}

enum cli_status
cmd_outbox_list(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_entries entries CLEANUP(outbox_entries_clear) = { 0 };
	struct json json;

	if (!cli_open_store(cli, &err) ||
		!outbox_load_all(cli->store, 0, args_has(args, "all"),
			ENTRIES_MAX, &entries, &err))
		return cli_failed(&err);
	json_init(&json, stdout);
	for (size_t i = 0; i < entries.n; i++) {
		const struct outbox_entry *entry = &entries.items[i];

		if (!cli_means_account(
			    cli, cli_account_name(cli, entry->account)))
			continue;
		if (cli->json) {
			put_entry(&json, cli, entry);
			json_object_end(&json);
		} else {
			print_entry(cli, entry);
		}
	}
	return CLI_OK;
}

/* The row that is named; false with a sentence when there is none. */
static bool
find_entry(struct cli *cli, const struct args *args,
	struct outbox_entry *ret_entry, struct error *err)
{
	int64_t id;
	enum found found;

	if (!args_number(args->words.items[args->words.n - 1],
		    _("an outbox ID"), INT64_MAX, &id, err) ||
		!cli_open_store(cli, err))
		return false;
	found = outbox_load(cli->store, id, ret_entry, err);
	if (found == NOT_FOUND)
		error_set(err, ERR_REFUSED,
			_("There is no message %" PRId64 " in the outbox"), id);
	return found == FOUND;
}

static void
print_recipient(const struct outbox_recipient *it)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&line, LINE_LIMIT);
	strbuf_addf(&line, "  %-11s %s", fate_name(it->fate), it->address);
	if (it->reply)
		strbuf_addf(&line, ": %s", it->reply);
	print_text(stdout, strbuf_slice(&line), false);
	putchar('\n');
}

static bool
print_piece(void *ctx, struct slice piece)
{
	(void)ctx;
	print_text(stdout, piece, true);
	return !ferror(stdout);
}

static void
put_recipients(struct json *json, const struct outbox_recipients *all)
{
	json_key(json, "recipients");
	json_array_begin(json);
	for (size_t i = 0; i < all->n; i++) {
		json_object_begin(json);
		json_put_string(json, "address", all->items[i].address);
		json_put_string(json, "state", fate_name(all->items[i].fate));
		if (all->items[i].code)
			json_put_int(json, "code", all->items[i].code);
		json_put_string_opt(json, "reply", all->items[i].reply);
		json_object_end(json);
	}
	json_array_end(json);
}

enum cli_status
cmd_outbox_show(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	struct outbox_recipients all CLEANUP(outbox_recipients_clear) = { 0 };
	struct json json;

	if (!find_entry(cli, args, &entry, &err) ||
		!outbox_load_recipients(cli->store, entry.id, &all, &err))
		return cli_failed(&err);
	json_init(&json, stdout);
	if (cli->json) {
		put_entry(&json, cli, &entry);
		put_recipients(&json, &all);
		json_object_end(&json);
		return CLI_OK;
	}
	print_entry(cli, &entry);
	for (size_t i = 0; i < all.n; i++)
		print_recipient(&all.items[i]);
	putchar('\n');
	if (outbox_stream(cli->store, entry.id, true, print_piece, NULL,
		    &err) == FOUND_ERROR)
		return cli_failed(&err);
	return CLI_OK;
}

static enum cli_status
not_so(const struct outbox_entry *entry, const char *what)
{
	print_complaint(_("Message %" PRId64 " is %s: it cannot be %s"),
		entry->id, outbox_state_name(entry->state), what);
	return CLI_FAILED;
}

/* Where it is delivered from now on; what came of it. */
static enum cli_status
deliver(struct cli *cli, const struct outbox_entry *entry)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_entry now CLEANUP(outbox_entry_clear) = { 0 };
	const struct account_config *account =
		cli_account_config(cli, entry->account);

	if (!account) {
		print_complaint(_("Account %s is no longer configured"),
			cli_account_name(cli, entry->account));
		return CLI_PARTLY;
	}
	if (!outgoing_deliver(cli, account, entry->account, NULL, &why)) {
		cli_prefix_account(&why, account);
		cli_failed(&why);
		return CLI_PARTLY;
	}
	if (!outgoing_wait(cli, entry->id, &now, &err))
		return cli_failed(&err);
	return outgoing_report(&now, true);
}

enum cli_status
cmd_outbox_retry(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };

	if (!find_entry(cli, args, &entry, &err))
		return cli_failed(&err);
	switch (outbox_retry(cli->store, entry.id, &err)) {
	case FOUND:
		return deliver(cli, &entry);
	case NOT_FOUND:
		return not_so(&entry, _("sent again"));
	case FOUND_ERROR:
		break;
	}
	return cli_failed(&err);
}

/* The engine looks at it anew. */
static enum cli_status
changed(struct cli *cli, const struct outbox_entry *entry, enum found found,
	const char *what, const struct error *err)
{
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };

	if (found == FOUND_ERROR)
		return cli_failed(err);
	if (found == NOT_FOUND)
		return not_so(entry, what);
	array_push(&done.accounts, entry->account);
	if (!engine_notify(store_home_dir(cli->home), &done))
		return CLI_OK; /* nobody need know */
	return CLI_OK;
}

enum cli_status
cmd_outbox_hold(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	const char *at = args_value(args, "at");
	int64_t until = 0;

	if (at && !later_parse(at, clock_wall_s(), &until, &err))
		return cli_failed(&err);
	if (!find_entry(cli, args, &entry, &err))
		return cli_failed(&err);
	return changed(cli, &entry,
		outbox_hold(cli->store, entry.id, until, &err), _("held"),
		&err);
}

enum cli_status
cmd_outbox_cancel(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	int64_t draft;

	if (!find_entry(cli, args, &entry, &err))
		return cli_failed(&err);
	return changed(cli, &entry,
		outbox_cancel(cli->store, entry.id, &draft, &err),
		_("cancelled"), &err);
}

enum cli_status
cmd_outbox_sent(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	enum cli_status status;

	if (!find_entry(cli, args, &entry, &err))
		return cli_failed(&err);
	status =
		changed(cli, &entry, outbox_confirm(cli->store, entry.id, &err),
			_("called sent"), &err);
	/* Its copy in Sent is still to be made. */
	return status == CLI_OK ? deliver(cli, &entry) : status;
}

static enum cli_status
flush_account(struct cli *cli, const struct account_config *account,
	int64_t account_id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_counts counts = { 0 };
	int64_t until;
	bool elsewhere = false;

	if (!outbox_counts(cli->store, account_id, &counts, &err))
		return cli_failed(&err);
	if (counts.waiting == 0 && counts.unconfirmed == 0)
		return CLI_OK;
	if (!outbox_hurry(cli->store, account_id, &err) ||
		!outgoing_deliver(cli, account, account_id, &elsewhere, &err)) {
		cli_prefix_account(&err, account);
		return cli_failed(&err);
	}
	until = clock_mono_us() + 120 * (int64_t)1000000;
	while (elsewhere && clock_mono_us() < until) {
		struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
		int64_t next;
		enum found found = outbox_next(cli->store, account_id,
			clock_wall_s(), &entry, &next, &err);

		if (found == FOUND_ERROR)
			return cli_failed(&err);
		if (found == NOT_FOUND)
			break;
		thread_wait(NULL, 0, clock_mono_us() + 200000);
	}
	return CLI_OK;
}

enum cli_status
outgoing_flush(struct cli *cli, const struct account_config *account)
{
	for (size_t i = 0; i < cli->accounts.n; i++)
		if (strcmp(cli->accounts.items[i].name, account->name) == 0)
			return flush_account(
				cli, account, cli->accounts.items[i].id);
	return CLI_OK;
}

enum cli_status
cmd_outbox_flush(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_counts counts = { 0 };
	enum cli_status status = CLI_OK;

	(void)args;
	if (!cli_has_account(cli))
		return CLI_USAGE;
	if (cli->request->read_only) {
		print_complaint("%s", _("Nothing is sent under --read-only"));
		return CLI_REFUSED;
	}
	if (!cli_open_store(cli, &err))
		return cli_failed(&err);
	for (size_t i = 0; i < cli->config->n_accounts; i++) {
		const struct account_config *account =
			&cli->config->accounts[i];
		enum cli_status one;

		if (!cli_means_account(cli, account->name))
			continue;
		one = outgoing_flush(cli, account);
		if (one != CLI_OK)
			status = one;
	}
	if (!outbox_counts(cli->store, 0, &counts, &err))
		return cli_failed(&err);
	if (status == CLI_OK && counts.failed + counts.unconfirmed > 0)
		print_complaint(_("%" PRIu64 " failed, %" PRIu64
				  " unconfirmed: see tercet outbox"),
			counts.failed, counts.unconfirmed);
	return status;
}
