/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder list: the folders of the accounts meant, with their counts. */
#include <stdio.h>
#include <string.h>

#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/json.h"
#include "cli/print.h"
#include "cli/subcommand.h"
#include "i18n/format.h"
#include "i18n/width.h"

enum { NAME_COLUMNS = 40, COUNT_COLUMNS = 10, LINE_LIMIT = 64 * 1024 };

static const char *
state_name(enum folder_state state)
{
	switch (state) {
	case FOLDER_LISTED:
		return "listed";
	case FOLDER_PARTIAL:
		return "partial";
	case FOLDER_COMPLETE:
		return "complete";
	}
	UNREACHABLE();
}

/* What the server says until every header is here. */
static int64_t
total_of(const struct folder *folder)
{
	return folder->state != FOLDER_COMPLETE && folder->server_total >= 0
		       ? folder->server_total
		       : folder->placed;
}

static int64_t
unread_of(const struct folder *folder)
{
	return folder->state != FOLDER_COMPLETE && folder->server_unread >= 0
		       ? folder->server_unread
		       : folder->unread;
}

static void
put_folder(
	struct json *json, const struct cli *cli, const struct folder *folder)
{
	json_object_begin(json);
	json_put_int(json, "schema", CLI_SCHEMA);
	json_put_string(
		json, "account", cli_account_name(cli, folder->account));
	json_put_string(json, "name", folder->name);
	if (folder->role != ROLE_NONE)
		json_put_string(json, "role", role_name(folder->role));
	json_put_int(json, "unread", unread_of(folder));
	json_put_int(json, "total", total_of(folder));
	json_put_int(json, "placed", folder->placed);
	json_put_bool(json, "subscribed", folder->subscribed);
	json_put_bool(json, "special", folder->role != ROLE_NONE);
	json_put_string(json, "state", state_name(folder->state));
	json_object_end(json);
}

static void
print_folder(const struct cli *cli, const struct folder *folder)
{
	struct strbuf name CLEANUP(strbuf_clear) = { 0 };
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	char number[FORMAT_SIZE];

	strbuf_init(&name, LINE_LIMIT);
	strbuf_init(&line, LINE_LIMIT * 2);
	print_inert(slice_str(cli_account_name(cli, folder->account)), false,
		&name);
	strbuf_add_str(&name, "/");
	print_inert(slice_str(folder->name), false, &name);
	strbuf_add_slice(&line, strbuf_slice(&name));
	for (int n = width_text(strbuf_slice(&name)); n < NAME_COLUMNS; n++)
		strbuf_add_char(&line, ' ');
	width_pad(slice_str(format_number(unread_of(folder), number)),
		COUNT_COLUMNS, "", true, &line);
	width_pad(slice_str(format_number(total_of(folder), number)),
		COUNT_COLUMNS, "", true, &line);
	if (folder->role != ROLE_NONE)
		strbuf_addf(&line, "  %s", role_name(folder->role));
	puts(line.data);
}

enum cli_status
cmd_folder_list(struct cli *cli, const struct args *args UNUSED)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct json json;

	if (!cli_has_account(cli))
		return CLI_USAGE;
	if (!cli_open_store(cli, &err))
		return cli_failed(&err);
	json_init(&json, stdout);
	for (size_t i = 0; i < cli->folders.n; i++) {
		const struct folder *folder = &cli->folders.items[i];

		if (!cli_means_account(
			    cli, cli_account_name(cli, folder->account)))
			continue;
		if (cli->json)
			put_folder(&json, cli, folder);
		else
			print_folder(cli, folder);
	}
	return CLI_OK;
}
