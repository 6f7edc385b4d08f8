/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list: one message a line, newest first.  Without a folder it is the inbox of
 * every account that is meant, merged by date.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "cli/json.h"
#include "cli/message_json.h"
#include "cli/print.h"
#include "cli/subcommand.h"
#include "i18n/format.h"
#include "i18n/width.h"
#include "store/list.h"

enum {
	WINDOW = 200,
	ACCOUNT_COLUMNS = 10,
	DATE_COLUMNS = 9,
	PEOPLE_COLUMNS = 22,
	LINE_LIMIT = 64 * 1024,
};

/* A folder being walked. */
struct source {
	struct list_query query;
	struct list_rows rows; /* the window held */
	size_t at;
	bool ended;
};

ARRAY_OF(source_array, struct source);

static void
sources_clear(struct source_array *sources)
{
	for (size_t i = 0; i < sources->n; i++)
		list_rows_clear(&sources->items[i].rows);
	array_clear(sources);
}

/* The source's next row; NULL at its end, or with `*err` set. */
static const struct list_row *
peek(struct cli *cli, struct source *source, struct error *err)
{
	struct list_rows next = { 0 };
	const struct list_key *from = NULL;

	if (source->at < source->rows.n)
		return &source->rows.items[source->at];
	if (source->ended)
		return NULL;
	if (source->rows.n > 0)
		from = &source->rows.items[source->rows.n - 1].key;
	source->ended = true;
	if (!list_load(cli->store, &source->query, from, false, LIST_OLDER,
		    WINDOW, &next, err))
		return NULL;
	list_rows_clear(&source->rows);
	source->rows = next;
	source->at = 0;
	source->ended = next.n < WINDOW;
	return next.n > 0 ? &source->rows.items[0] : NULL;
}

/* The newest row of all sources, taken; NULL at the end or with `*err` set. */
static const struct list_row *
take_newest(struct cli *cli, struct source_array *sources, struct error *err)
{
	struct source *best = NULL;

	for (size_t i = 0; i < sources->n; i++) {
		struct source *source = &sources->items[i];
		const struct list_row *row = peek(cli, source, err);

		if (!row && err->kind != ERR_NONE)
			return NULL;
		if (row &&
			(!best || row->key.date >
					  best->rows.items[best->at].key.date))
			best = source;
	}
	return best ? &best->rows.items[best->at++] : NULL;
}

static void
add_source(struct source_array *sources, const struct folder *folder)
{
	struct source source = {
		.query = {
			.folder = folder->id,
			.to_shown = folder->role == ROLE_SENT ||
				    folder->role == ROLE_DRAFTS,
		},
	};

	array_push(sources, source);
}

/* The account's folder of that name, or with NULL its inbox, if it has one. */
static bool
add_folder(struct cli *cli, const struct account_row *account, const char *name,
	struct source_array *sources, struct error *err)
{
	struct folder folder = { 0 };
	enum found found =
		name ? folder_find(cli->store, account->id, name, &folder, err)
		     : folder_find_role(cli->store, account->id, ROLE_INBOX,
			       &folder, err);

	if (found == FOUND)
		add_source(sources, &folder);
	folder_clear(&folder);
	return found != FOUND_ERROR;
}

/* The folder called `name`, or with NULL the inbox, of each account meant;
 * where none has it, ACCOUNT/FOLDER. */
static bool
find_sources(struct cli *cli, const char *name, struct source_array *sources,
	struct error *err)
{
	for (int pass = 0; pass < 2 && sources->n == 0; pass++) {
		for (size_t i = 0; i < cli->accounts.n; i++) {
			const struct account_row *account =
				&cli->accounts.items[i];
			const char *folder = name;

			if (pass > 0 && name)
				folder =
					cli_behind_account(account->name, name);
			if (!cli_means_account(cli, account->name) ||
				(name && !folder))
				continue;
			if (!add_folder(cli, account, folder, sources, err))
				return false;
		}
	}
	if (name && sources->n == 0)
		return error_set(
			err, ERR_REFUSED, _("There is no folder %s"), name);
	return true;
}

static void
add_people(const struct list_row *row, struct strbuf *out)
{
	struct strbuf people CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&people, LINE_LIMIT);
	for (int i = 0; i < row->n_people; i++) {
		if (i > 0)
			strbuf_add_str(&people, ", ");
		print_inert(slice_str(row->people[i].name), false, &people);
	}
	if (row->more_people > 0)
		strbuf_addf(&people, " +%d", row->more_people);
	width_pad(strbuf_slice(&people), PEOPLE_COLUMNS, "…", false, out);
}

/* N unread, F flagged, A answered, @ with attachments. */
static void
add_marks(const struct list_row *row, struct strbuf *out)
{
	strbuf_add_char(out, row->unread ? 'N' : ' ');
	strbuf_add_char(out, row->flagged ? 'F' : ' ');
	strbuf_add_char(
		out, (row->flags.bits & FLAG_ANSWERED) != 0 ? 'A' : ' ');
	strbuf_add_char(out, row->attachments > 0 ? '@' : ' ');
}

/* Whether what is listed is of more than one account. */
static bool
is_of_several(const struct cli *cli, const struct source_array *sources)
{
	const struct folder *first = NULL;

	for (size_t i = 0; i < sources->n; i++) {
		const struct folder *folder =
			cli_folder(cli, sources->items[i].query.folder);

		if (first && folder && folder->account != first->account)
			return true;
		if (!first)
			first = folder;
	}
	return false;
}

static const char *
account_of(const struct cli *cli, const struct list_row *row)
{
	const struct folder *folder = cli_folder(cli, row->folder);

	return folder ? cli_account_name(cli, folder->account) : "?";
}

/* `account` NULL: only one is listed. */
static void
print_row(const struct list_row *row, const char *account, int columns)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	char date[FORMAT_SIZE];

	strbuf_init(&line, LINE_LIMIT);
	strbuf_init(&text, LINE_LIMIT);
	strbuf_addf(&line, "%6" PRId64 "  ", row->message);
	if (account) {
		width_pad(
			slice_str(account), ACCOUNT_COLUMNS, "…", false, &line);
		strbuf_add_str(&line, "  ");
	}
	format_date_short(row->received, clock_wall_s(), date);
	width_pad(slice_str(date), DATE_COLUMNS, "…", true, &line);
	strbuf_add_str(&line, "  ");
	add_marks(row, &line);
	strbuf_add_str(&line, "  ");
	add_people(row, &line);
	strbuf_add_str(&line, "  ");
	print_inert(slice_str(row->subject ? row->subject : ""), false, &line);
	if (columns > 0) {
		width_truncate(strbuf_slice(&line), columns, "…", &text);
		puts(text.data);
	} else {
		puts(line.data);
	}
}

static bool
print_object(struct cli *cli, struct json *json, const struct list_row *row,
	struct error *err)
{
	struct message message = { 0 };
	enum found found =
		message_load(cli->store, row->message, &message, err);

	if (found == FOUND) {
		json_object_begin(json);
		json_put_message(json, cli, &message, row->folder);
		json_object_end(json);
	}
	message_clear(&message);
	return found != FOUND_ERROR;
}

static bool
print_all(struct cli *cli, struct source_array *sources, int64_t limit,
	struct error *err)
{
	int columns = print_columns(STDOUT_FILENO);
	bool several = is_of_several(cli, sources);
	struct json json;

	json_init(&json, stdout);
	for (int64_t n = 0; n < limit && !ferror(stdout); n++) {
		const struct list_row *row = take_newest(cli, sources, err);

		if (!row)
			return err->kind == ERR_NONE;
		if (!cli->json)
			print_row(row, several ? account_of(cli, row) : NULL,
				columns);
		else if (!print_object(cli, &json, row, err))
			return false;
	}
	return true;
}

enum cli_status
cmd_list(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct source_array sources CLEANUP(sources_clear) = { 0 };
	const char *limit_text = args_value(args, "limit");
	int64_t limit = INT64_MAX;

	if (args->words.n > 1) {
		print_complaint("%s",
			_("list: this version cannot search yet; it lists "
			  "whole folders"));
		return CLI_USAGE;
	}
	if (limit_text &&
		!args_number(limit_text, "--limit", INT64_MAX, &limit, &err))
		return cli_failed(&err);
	if (!cli_has_account(cli))
		return CLI_USAGE;
	if (!cli_open_store(cli, &err) ||
		!find_sources(
			cli, args_value(args, "folder"), &sources, &err) ||
		!print_all(cli, &sources, limit, &err))
		return cli_failed(&err);
	return CLI_OK;
}
