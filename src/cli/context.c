/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What subcommands share: the store, names, failures. */
#include <inttypes.h>
#include <string.h>

#include "base/ascii.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/thread.h"
#include "cli/ask.h"
#include "cli/print.h"
#include "cli/subcommand.h"
#include "sync/pass.h"

enum cli_status
cli_failed(const struct error *err)
{
	print_complaint("%s", err->text ? err->text : "");
	log_error("cli", "%s: %s%s%s", error_kind_name(err->kind),
		err->text ? err->text : "", err->detail ? ": " : "",
		err->detail ? err->detail : "");
	switch (err->kind) {
	case ERR_UNTRUSTED:
		return CLI_REFUSED;
	case ERR_INVALID:
		return CLI_USAGE;
	case ERR_NONE:
	case ERR_CANCELLED:
	case ERR_OFFLINE:
	case ERR_LOGIN:
	case ERR_REFUSED:
	case ERR_PROTOCOL:
	case ERR_STALE:
	case ERR_LIMIT:
	case ERR_DISK:
	case ERR_STORE:
		return CLI_FAILED;
	}
	UNREACHABLE();
}

/* Whether an error of this kind has to do with a server. */
static bool
is_of_server(enum error_kind kind)
{
	return kind == ERR_OFFLINE || kind == ERR_LOGIN ||
	       kind == ERR_UNTRUSTED || kind == ERR_REFUSED ||
	       kind == ERR_PROTOCOL;
}

bool
cli_prefix_account(struct error *err, const struct account_config *account)
{
	const struct config_url *url =
		account->imap.present ? &account->imap : &account->pop3;
	char *place CLEANUP(freep) = NULL;
	char *named CLEANUP(freep) = xasprintf(_("Account %s"), account->name);

	if (slice_starts(slice_str(err->text), slice_str(named)))
		return false;
	if (url->present)
		place = xasprintf("%s:%u", url->host, url->port);
	if (!place || !is_of_server(err->kind) || strstr(err->text, place))
		return error_prefix(err, _("Account %s"), account->name);
	return error_prefix(err, _("Account %s, %s"), account->name, place);
}

bool
cli_open_store(struct cli *cli, struct error *err)
{
	if (cli->store)
		return true;
	if (cli->demo.home) {
		cli->home = cli->demo.home;
		cli->home_is_demos = true;
	}
	return (cli->home || store_home_open(
				     cli->data_dir, false, &cli->home, err)) &&
	       store_open(cli->home, STORE_TOOL, &cli->store, err) &&
	       account_load_all(cli->store, &cli->accounts, err) &&
	       folder_load_all(cli->store, 0, &cli->folders, err);
}

void
cli_close_store(struct cli *cli)
{
	account_rows_clear(&cli->accounts);
	folders_clear(&cli->folders);
	if (cli->store)
		store_close(cli->store);
	cli->store = NULL;
	if (!cli->home_is_demos)
		store_home_close(cli->home);
	cli->home = NULL;
}

const char *
cli_account_name(const struct cli *cli, int64_t account)
{
	for (size_t i = 0; i < cli->accounts.n; i++)
		if (cli->accounts.items[i].id == account)
			return cli->accounts.items[i].name;
	return "?";
}

const struct folder *
cli_folder(const struct cli *cli, int64_t folder)
{
	for (size_t i = 0; i < cli->folders.n; i++)
		if (cli->folders.items[i].id == folder)
			return &cli->folders.items[i];
	return NULL;
}

bool
cli_means_account(const struct cli *cli, const char *name)
{
	const char *only = cli->request->account;

	return config_account(cli->config, name) &&
	       (!only || ascii_eq_nocase(only, name));
}

const char *
cli_behind_account(const char *account, const char *name)
{
	size_t len = strlen(account);

	if (strlen(name) <= len || name[len] != '/' ||
		!slice_eq_nocase(slice_make(name, len), slice_str(account)))
		return NULL;
	return name + len + 1;
}

bool
cli_has_account(const struct cli *cli)
{
	if (cli->config->n_accounts > 0)
		return true;
	print_complaint("%s", _("No account is configured"));
	return false;
}

bool
cli_check_account(
	const struct cli *cli, int64_t id, int64_t account, struct error *err)
{
	const char *only = cli->request->account;
	const char *name = cli_account_name(cli, account);

	if (!only || ascii_eq_nocase(only, name))
		return true;
	return error_set(err, ERR_REFUSED,
		_("Message %" PRId64 " is of account %s, not %s"), id, name,
		only);
}

const struct account_config *
cli_account_config(const struct cli *cli, int64_t account)
{
	return config_account(cli->config, cli_account_name(cli, account));
}

bool
cli_ids(const struct args *args, struct id_array *ret_ids, struct error *err)
{
	struct id_array ids CLEANUP(cli_ids_clear) = { 0 };

	for (size_t i = 1; i < args->words.n; i++) {
		int64_t id;

		if (!args_number(args->words.items[i], _("a message ID"),
			    INT64_MAX, &id, err))
			return false;
		array_push(&ids, id);
	}
	*ret_ids = ids;
	ids = (struct id_array){ 0 };
	return true;
}

void
cli_ids_clear(struct id_array *ids)
{
	array_clear(ids);
}

void
cli_words_clear(struct arg_words *words)
{
	array_clear(words);
}

bool
cli_password(struct cli *cli, const struct account_config *account,
	const char **ret_password, struct error *err)
{
	struct given_password given = { .account = account };

	*ret_password = NULL;
	if (account->password_command)
		return true;
	for (size_t i = 0; i < cli->passwords.n; i++)
		if (cli->passwords.items[i].account == account)
			*ret_password = cli->passwords.items[i].password;
	if (*ret_password)
		return true;
	if (!ask_password(account, &given.password, err))
		return false;
	array_push(&cli->passwords, given);
	*ret_password = given.password;
	return true;
}

void
cli_forget_passwords(struct cli *cli)
{
	for (size_t i = 0; i < cli->passwords.n; i++)
		free_secret(cli->passwords.items[i].password);
	array_clear(&cli->passwords);
}

bool
cli_fetch(struct cli *cli, int64_t account, int64_t message,
	const char *section, struct error *err)
{
	struct cancel cancel;
	struct pass_options options = {
		.config = cli->config,
		.account = cli_account_config(cli, account),
		.home = cli->home,
		.read_only = true, /* looking changes nothing */
		.cancel = &cancel,
	};
	bool ok;

	if (!options.account)
		return error_set(err, ERR_REFUSED,
			_("Account %s is no longer configured"),
			cli_account_name(cli, account));
	if (options.account->protocol == PROTOCOL_LOCAL)
		return error_set(err, ERR_REFUSED,
			_("It is not held here, and account %s has no server"),
			options.account->name);
	if (!cli_password(cli, options.account, &options.password, err))
		return false;
	cancel_init(&cancel);
	ok = pass_fetch(&options, message, section, err);
	cancel_destroy(&cancel);
	if (!ok && err->kind == ERR_LOGIN)
		cli_forget_passwords(cli);
	return ok || cli_prefix_account(err, options.account);
}
