/* SPDX-License-Identifier: GPL-3.0-or-later */
/* account list, account test */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/thread.h"
#include "cli/json.h"
#include "cli/outgoing.h"
#include "cli/print.h"
#include "cli/probe.h"
#include "cli/subcommand.h"
#include "i18n/format.h"
#include "sync/pass.h"
#include "sync/socket.h"

static void
put_words(struct json *json, const char *key, const char *words)
{
	struct slice rest = slice_str(words ? words : "");

	json_key(json, key);
	json_array_begin(json);
	while (rest.len > 0) {
		struct slice word = slice_head(rest, slice_find(rest, ' '));

		rest = slice_skip(rest, word.len + 1);
		if (word.len > 0)
			json_slice(json, word);
	}
	json_array_end(json);
}

static const struct account_row *
row_of(const struct cli *cli, const char *name)
{
	for (size_t i = 0; i < cli->accounts.n; i++)
		if (ascii_eq_nocase(cli->accounts.items[i].name, name))
			return &cli->accounts.items[i];
	return NULL;
}

/* Whether an engine keeps the rows true; without one nothing is connected. */
static bool
has_engine(const struct cli *cli)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int fd CLEANUP(closep) = -1;

	return engine_lock(store_home_dir(cli->home), &fd, &err) && fd < 0;
}

static enum account_state
state_of(const struct account_row *row, bool engine)
{
	return row && engine ? row->state : ACCOUNT_OFFLINE;
}

/* "local" for an account without a server: it is neither on- nor offline. */
static const char *
state_name(const struct account_config *account, const struct account_row *row,
	bool engine)
{
	return account->protocol == PROTOCOL_LOCAL
		       ? account_protocol_name(PROTOCOL_LOCAL)
		       : account_state_name(state_of(row, engine));
}

/* The row's error, unless it may be of a server no longer configured. */
static const char *
error_of(const struct account_config *account, const struct account_row *row,
	bool engine)
{
	if (!row || !row->error)
		return NULL;
	if (engine || (account->imap.present &&
			      strstr(row->error, account->imap.host)))
		return row->error;
	return NULL;
}

static void
put_account(struct json *json, const struct account_config *account,
	const struct account_row *row, bool engine)
{
	static const char *const protocols[] = { "imap", "pop3", "smtp" };

	json_object_begin(json);
	json_put_int(json, "schema", CLI_SCHEMA);
	json_put_string(json, "name", account->name);
	json_put_string_opt(json, "address", account->address);
	json_put_string(
		json, "protocol", account_protocol_name(account->protocol));
	json_put_string(json, "state", state_name(account, row, engine));
	for (size_t i = 0; i < ARRAY_LEN(protocols); i++) {
		char *url CLEANUP(freep) = probe_url(account, protocols[i]);

		if (url[0])
			json_put_string(json, protocols[i], url);
	}
	if (row && row->capabilities)
		put_words(json, "capabilities", row->capabilities);
	if (row)
		json_put_time_opt(json, "last_sync", row->last_sync);
	json_put_string_opt(json, "error", error_of(account, row, engine));
	json_object_end(json);
}

static void
print_account(const struct account_config *account,
	const struct account_row *row, bool engine)
{
	const char *option = account->imap.present ? "imap" : "pop3";
	char *url CLEANUP(freep) = probe_url(account, option);
	const char *error = error_of(account, row, engine);
	char date[FORMAT_SIZE] = "";

	printf("%-16s %-28s %-8s %s", account->name,
		account->address ? account->address : "-",
		state_name(account, row, engine), url[0] ? url : "-");
	if (row && row->last_sync)
		printf(_("  in step on %s"), format_date(row->last_sync, date));
	putchar('\n');
	if (error) {
		fputs("    ", stdout);
		print_text(stdout, slice_str(error), false);
		putchar('\n');
	}
}

enum cli_status
cmd_account_list(struct cli *cli, const struct args *args UNUSED)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct json json;
	bool engine;

	if (!cli_has_account(cli))
		return CLI_USAGE;
	if (!cli_open_store(cli, &err))
		return cli_failed(&err);
	engine = has_engine(cli);
	json_init(&json, stdout);
	for (size_t i = 0; i < cli->config->n_accounts; i++) {
		const struct account_config *account =
			&cli->config->accounts[i];
		const struct account_row *row = row_of(cli, account->name);

		if (!cli_means_account(cli, account->name))
			continue;
		if (cli->json)
			put_account(&json, account, row, engine);
		else
			print_account(account, row, engine);
	}
	return CLI_OK;
}

/* The steps of a test, in order; those before the first false one went well. */
struct steps {
	bool looked_up;
	struct pass_probe probe;
	bool can_send;
	struct error unsent; /* why it cannot; ERR_NONE: not tried */
};

struct step {
	const char *name;
	const char *text;
	bool done;
};

enum { STEPS = 5 };

static void
list_steps(const struct steps *steps, struct step list[STEPS])
{
	const struct pass_probe *probe = &steps->probe;

	list[0] = (struct step){ "lookup", _("the host was found"),
		steps->looked_up };
	list[1] = (struct step){ "connect", _("connected"), probe->connected };
	list[2] = (struct step){ "secure", _("the connection is as asked for"),
		probe->secured };
	list[3] = (struct step){ "login", _("logged in"), probe->logged_in };
	list[4] = (struct step){ "list", _("folders were listed"),
		probe->listed };
}

static bool
run_steps(struct cli *cli, const struct account_config *account,
	struct steps *steps, struct error *err)
{
	struct cancel cancel;
	struct pass_options options = {
		.config = cli->config,
		.account = account,
		.home = cli->home,
		.read_only = true,
		.cancel = &cancel,
	};
	bool ok;

	if (account->imap.present && !probe_lookup(&account->imap, err))
		return false;
	steps->looked_up = account->imap.present;
	/* Where nobody can be asked, the steps before the login are shown. */
	if (!cli_password(cli, account, &options.password, err) &&
		err->cause != CAUSE_NO_PASSWORD)
		return false;
	error_clear(err);
	cancel_init(&cancel);
	ok = pass_probe(&options, &steps->probe, err);
	cancel_destroy(&cancel);
	return ok;
}

/* The submission server, whatever came of the other one. */
static void
try_sending(struct cli *cli, const struct account_config *account,
	struct steps *steps)
{
	char *capabilities CLEANUP(freep) = NULL;

	if (account->smtp.present && !account->sendmail_command)
		steps->can_send = outgoing_probe(
			cli, account, &capabilities, &steps->unsent);
}

static void
put_test(const struct account_config *account, const char *url,
	const struct steps *steps, const struct error *err)
{
	struct step list[STEPS];
	struct json json;

	list_steps(steps, list);
	json_init(&json, stdout);
	json_object_begin(&json);
	json_put_int(&json, "schema", CLI_SCHEMA);
	json_put_string(&json, "name", account->name);
	json_put_string(&json, "imap", url);
	json_put_bool(&json, "ok", err->kind == ERR_NONE);
	json_key(&json, "steps");
	json_array_begin(&json);
	for (int i = 0; i < STEPS; i++) {
		json_object_begin(&json);
		json_put_string(&json, "step", list[i].name);
		json_put_bool(&json, "ok", list[i].done);
		json_object_end(&json);
	}
	json_array_end(&json);
	if (steps->probe.listed)
		json_put_int(&json, "folders", steps->probe.folders);
	if (steps->probe.capabilities)
		put_words(&json, "capabilities", steps->probe.capabilities);
	if (account->smtp.present)
		json_put_bool(&json, "can_send", steps->can_send);
	json_put_string_opt(
		&json, "error", err->text ? err->text : steps->unsent.text);
	json_object_end(&json);
}

/* Those of the server's capabilities that tercet makes use of; --json has
 * all. */
static void
print_capabilities(const char *capabilities)
{
	static const char *const used[] = { "COMPRESS=DEFLATE", "CONDSTORE",
		"IDLE", "LIST-STATUS", "MOVE", "NOTIFY", "QRESYNC",
		"SPECIAL-USE", "UIDPLUS", "UTF8=ACCEPT" };
	char *padded CLEANUP(freep) = xasprintf(" %s ", capabilities);
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(used); i++) {
		char *word CLEANUP(freep) = xasprintf(" %s ", used[i]);

		if (!strcasestr(padded, word))
			continue;
		if (!any)
			fputs(_("  server offers:"), stdout);
		any = true;
		printf(" %s", used[i]);
	}
	if (any)
		putchar('\n');
}

static void
print_test(const struct account_config *account, const char *url,
	const struct steps *steps)
{
	struct step list[STEPS];
	char number[FORMAT_SIZE];

	list_steps(steps, list);
	printf("%s: %s\n", account->name, url);
	for (int i = 0; i < STEPS && list[i].done; i++)
		printf("  %s\n", list[i].text);
	if (steps->probe.listed)
		printf(_("  %s folders\n"),
			format_number(steps->probe.folders, number));
	if (steps->probe.capabilities)
		print_capabilities(steps->probe.capabilities);
	if (steps->can_send)
		puts(_("  ready to send"));
	fflush(stdout);
}

enum cli_status
cmd_account_test(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const char *name = args->words.items[args->words.n - 1];
	const struct account_config *account =
		config_account(cli->config, name);
	struct steps steps = { 0 };
	char *url CLEANUP(freep) = NULL;
	enum cli_status status;
	bool ok;

	if (!account) {
		print_complaint(_("There is no account %s"), name);
		return CLI_USAGE;
	}
	if (account->protocol == PROTOCOL_LOCAL) {
		print_complaint(
			_("Account %s is local: there is nothing to test"),
			account->name);
		return CLI_USAGE;
	}
	if (!cli_open_store(cli, &err))
		return cli_failed(&err);
	url = probe_url(account, "imap");
	ok = run_steps(cli, account, &steps, &err);
	if (!ok)
		cli_prefix_account(&err, account);
	try_sending(cli, account, &steps);
	if (cli->json)
		put_test(account, url, &steps, &err);
	else
		print_test(account, url, &steps);
	pass_probe_clear(&steps.probe);
	if (ok && steps.unsent.kind != ERR_NONE) {
		status = cli_failed(&steps.unsent);
		if (!cli->json)
			probe_print_hint(&account->smtp, &steps.unsent);
		error_clear(&steps.unsent);
		return status;
	}
	error_clear(&steps.unsent);
	if (ok)
		return CLI_OK;
	status = cli_failed(&err);
	if (!cli->json)
		probe_print_hint(&account->imap, &err);
	return status;
}
