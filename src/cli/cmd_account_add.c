/* SPDX-License-Identifier: GPL-3.0-or-later */
/* account add: writes an account's section, asking for what was not given. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/ask.h"
#include "cli/json.h"
#include "cli/print.h"
#include "cli/probe.h"
#include "cli/subcommand.h"
#include "config/draft.h"
#include "config/parse.h"
#include "config/url.h"
#include "i18n/width.h"

enum { LINE_LENGTH_MAX = 2000, HELP_COLUMNS_MAX = 78 };

static const char *const option_of[DRAFT_FIELDS] = {
	[DRAFT_ADDRESS] = "address",
	[DRAFT_NAME] = "name",
	[DRAFT_IMAP] = "imap",
	[DRAFT_SMTP] = "smtp",
	[DRAFT_PASSWORD_COMMAND] = "password-command",
};

/* Whether there is a host of that name. */
static bool
answers(const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct config_url url = { .present = false };
	bool found =
		url_parse(text, "imap", &url, &err) && probe_lookup(&url, &err);

	url_clear(&url);
	return found;
}

/* Whether anything listens there, trusted or not. */
static bool
is_reached(const char *text)
{
	static const struct account_config nobody = { .name = NULL };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct config_url url = { .present = false };
	int64_t not_after;
	bool reached =
		url_parse(text, "smtp", &url, &err) &&
		probe_lookup(&url, &err) &&
		(probe_connect(&nobody, &url, "smtp", &not_after, &err) ||
			err.kind != ERR_OFFLINE);

	url_clear(&url);
	return reached;
}

/* imap.DOMAIN, or mail.DOMAIN, or DOMAIN: the first that there is. */
static char *
find_imap(const struct account_draft *draft, char *guess)
{
	const char *domain = strrchr(draft->values[DRAFT_ADDRESS], '@') + 1;

	if (answers(guess))
		return guess;
	for (int i = 0; i < 2; i++) {
		char *other = xasprintf(
			"imaps://%s%s", i == 0 ? "mail." : "", domain);

		if (answers(other)) {
			free(guess);
			return other;
		}
		free(other);
	}
	return guess;
}

static char *
guess(const struct account_draft *draft, enum draft_field field,
	const struct config *config)
{
	char *value = draft_guess(draft, field, config);

	if (field == DRAFT_IMAP && *value)
		return find_imap(draft, value);
	/* Mail is read without it: nothing is made up. */
	if (field == DRAFT_SMTP && *value && !is_reached(value)) {
		free(value);
		return xstrdup("");
	}
	return value;
}

/* A line from the terminal without its end; false at the end of input. */
static bool
read_line(char line[LINE_LENGTH_MAX])
{
	size_t len;

	if (!fgets(line, LINE_LENGTH_MAX, stdin))
		return false;
	len = strlen(line);
	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		line[--len] = '\0';
	return true;
}

static void
print_help(const char *text)
{
	struct slice rest = slice_str(text);
	int columns = print_columns(STDERR_FILENO);

	if (columns <= 0 || columns > HELP_COLUMNS_MAX)
		columns = HELP_COLUMNS_MAX;
	while (rest.len > 0) {
		size_t next;
		size_t len = width_wrap(rest, columns, &next);

		fprintf(stderr, "%.*s\n", (int)len, rest.data);
		rest = slice_skip(rest, next);
	}
}

/* Asks until the answer can be used.  An empty one takes the guess; a lone
 * hyphen is nothing at all. */
static bool
ask(struct account_draft *draft, enum draft_field field,
	const struct config *config, struct error *err)
{
	char *likely CLEANUP(freep) = guess(draft, field, config);
	char line[LINE_LENGTH_MAX];

	print_help(draft_help(field));
	for (;;) {
		struct error why CLEANUP(error_clear) = ERROR_INIT;
		const char *value = line;

		if (*likely)
			fprintf(stderr, "%s [%s]: ", draft_label(field),
				likely);
		else
			fprintf(stderr, "%s: ", draft_label(field));
		fflush(stderr);
		if (!read_line(line))
			return error_set(
				err, ERR_CANCELLED, _("No account was set up"));
		if (!*line)
			value = likely;
		else if (strcmp(line, "-") == 0)
			value = "";
		if (draft_check(field, value, config, &why)) {
			draft_set(draft, field, value);
			return true;
		}
		print_complaint("%s", why.text);
	}
}

/* What was given, else what a person says, else a guess. */
static bool
fill(struct account_draft *draft, const struct args *args,
	const struct config *config, struct error *err)
{
	bool can_ask = ask_is_possible();

	for (int i = 0; i < DRAFT_FIELDS; i++) {
		enum draft_field field = (enum draft_field)i;
		const char *given =
			option_of[i] ? args_value(args, option_of[i]) : NULL;
		char *value CLEANUP(freep) = NULL;

		if (field == DRAFT_ACCOUNT && args->words.n > 2)
			given = args->words.items[2];
		if (!given && can_ask) {
			if (!ask(draft, field, config, err))
				return false;
			continue;
		}
		if (field == DRAFT_ADDRESS && !given)
			return error_set(err, ERR_INVALID,
				_("account add needs --address, or a terminal "
				  "to ask for it"));
		value = given ? xstrdup(given) : guess(draft, field, config);
		if (!draft_check(field, value, config, err))
			return error_prefix(err, "%s", draft_label(field));
		draft_set(draft, field, value);
	}
	return true;
}

static void
put_account(const struct account_draft *draft, const char *path)
{
	struct json json;

	json_init(&json, stdout);
	json_object_begin(&json);
	json_put_int(&json, "schema", CLI_SCHEMA);
	json_put_string(&json, "name", draft->values[DRAFT_ACCOUNT]);
	json_put_string(&json, "address", draft->values[DRAFT_ADDRESS]);
	json_put_string(&json, "imap", draft->values[DRAFT_IMAP]);
	if (*draft->values[DRAFT_SMTP])
		json_put_string(&json, "smtp", draft->values[DRAFT_SMTP]);
	json_put_string(&json, "config", path);
	json_object_end(&json);
}

/* Where the option stands in the file: the last line that sets it. */
static int
line_of(const char *path, const char *key)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct slice rest;
	int found = 0;

	strbuf_init(&text, CONFIG_FILE_LIMIT);
	if (!file_read(path, &text, &err))
		return 0;
	rest = strbuf_slice(&text);
	for (int line = 1; rest.len > 0; line++) {
		size_t end = slice_find(rest, '\n');
		struct slice name = slice_head(rest, end);

		name = slice_trim(slice_head(name, slice_find(name, '=')));
		if (slice_eq(name, slice_str(key)))
			found = line;
		rest = slice_skip(rest, end + 1);
	}
	return found;
}

/* Says whether the server can be reached, and where to correct it. */
static void
try_server(const struct account_config *account, const struct config_url *url,
	const char *key, const char *path)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *text CLEANUP(freep) = NULL;
	int64_t not_after;

	if (!url->present)
		return;
	text = probe_url(account, key);
	fflush(stdout);
	if (probe_lookup(url, &err) &&
		probe_connect(account, url, key, &not_after, &err)) {
		printf(_("%s answers.\n"), text);
		return;
	}
	printf(_("%s was not reached: %s.\n"), text, err.text);
	printf(_("  To correct it: %s, line %d.\n"), path, line_of(path, key));
}

/* Whether the servers of what was written are there. */
static void
try_account(const struct account_draft *draft, const char *path)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct config *config CLEANUP(config_unrefp) = NULL;
	const struct account_config *account;

	if (!config_load(path, true, &config, &err))
		return;
	account = config_account(config, draft->values[DRAFT_ACCOUNT]);
	if (!account)
		return;
	try_server(account, &account->imap, "imap", path);
	try_server(account, &account->smtp, "smtp", path);
}

enum cli_status
cmd_account_add(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct account_draft draft CLEANUP(account_draft_clear) = { { NULL } };
	struct config *config CLEANUP(config_unrefp) = NULL;
	const char *path = cli->request->config_path;

	if (!path) {
		print_complaint("%s",
			_("The sample mailbox takes no account: leave out "
			  "--demo"));
		return CLI_USAGE;
	}
	if (!config_load(path, false, &config, &err) ||
		!fill(&draft, args, config, &err) ||
		!draft_write(&draft, path, &err))
		return cli_failed(&err);
	if (cli->json) {
		put_account(&draft, path);
		return CLI_OK;
	}
	printf(_("Account %s was written to %s.\n"),
		draft.values[DRAFT_ACCOUNT], path);
	try_account(&draft, path);
	printf(_("`tercet account test %s` tries to log in.\n"),
		draft.values[DRAFT_ACCOUNT]);
	return CLI_OK;
}
