/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading: headers, source, links, attachments. */
#include <string.h>

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "command/command.h"
#include "command/complete.h"
#include "command/fetch.h"
#include "command/find.h"
#include "config/config.h"
#include "screen/pipe.h"

static int
times(const struct command_args *args)
{
	return args->count > 0 ? args->count : 1;
}

static enum command_result
cmd_scroll_down(struct app *app, const struct command_args *args)
{
	view_viewer_scroll(&app->viewer, times(args));
	app->dirty |= DIRTY_VIEWER;
	return COMMAND_DONE;
}

static enum command_result
cmd_scroll_up(struct app *app, const struct command_args *args)
{
	view_viewer_scroll(&app->viewer, -times(args));
	app->dirty |= DIRTY_VIEWER;
	return COMMAND_DONE;
}

/* The header or the source, or back to the text. */
static enum command_result
toggle_mode(struct app *app, enum viewer_mode mode, enum want want,
	const char *section)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	app->dirty |= DIRTY_VIEWER;
	app_set_focus(app, PANE_VIEWER);
	if (app->viewer.mode != mode) {
		fetch_want(app, want, section, NULL);
		return COMMAND_DONE;
	}
	fetch_forget(app);
	if (view_viewer_set_mode(&app->viewer, app->store, VIEWER_TEXT, &err) !=
		FOUND_ERROR)
		return COMMAND_DONE;
	app_fail(app, &err);
	return COMMAND_FAILED;
}

static enum command_result
cmd_headers(struct app *app, const struct command_args *args)
{
	(void)args;
	return toggle_mode(app, VIEWER_HEADERS, WANT_HEADERS, "HEADER");
}

static enum command_result
cmd_raw(struct app *app, const struct command_args *args)
{
	(void)args;
	return toggle_mode(app, VIEWER_RAW, WANT_RAW, "");
}

static enum command_result
cmd_quotes(struct app *app, const struct command_args *args)
{
	(void)args;
	view_viewer_set_quotes(&app->viewer, !app->viewer.quotes_open);
	app->dirty |= DIRTY_VIEWER;
	return COMMAND_DONE;
}

static enum command_result
cmd_links(struct app *app, const struct command_args *args)
{
	(void)args;
	return links_open(app) ? COMMAND_DONE : COMMAND_FAILED;
}

/* The listed part of that number, the first with NULL; says so when there is
 * none. */
static const struct part *
attachment(struct app *app, const char *section)
{
	const struct view_viewer *viewer = &app->viewer;

	for (size_t i = 0; i < viewer->n_attachments; i++) {
		const struct part *part =
			&viewer->message.parts
				 .items[viewer->attachments[i].part];

		if (!section || strcmp(part->section, section) == 0)
			return part;
	}
	if (viewer->n_attachments == 0)
		app_say(app, TONE_WARNING,
			_("This message has no attachments"));
	else
		app_say(app, TONE_WARNING,
			_("There is no attachment with the number %s"),
			section);
	return NULL;
}

static void
path_given(struct app *app, const char *path)
{
	const struct part *part;

	if (!path)
		return;
	part = attachment(app, app->asked_part);
	if (part)
		fetch_want(app, WANT_SAVE, part->section, *path ? path : NULL);
}

static void
ask_path(struct app *app, const struct part *part)
{
	str_replace(&app->asked_part, part->section);
	prompt_open(&app->prompt, _("Save to (empty: here):"), "", path_given);
	app->prompt.history = &app->path_history;
	app->prompt.complete = complete_path;
	history_rewind(&app->path_history);
}

/* "2", "1.3", but not a path such as "2.txt". */
static bool
is_section(struct slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		bool is_dot = word.data[i] == '.';

		if (!is_dot && !ascii_is_digit(word.data[i]))
			return false;
		if (is_dot && (i == 0 || i + 1 == word.len))
			return false;
	}
	return word.len > 0;
}

/* "2 ~/Downloads", "1.3", or the count and a path: the part, by its number or
 * the first. */
static const struct part *
take_part(
	struct app *app, const struct command_args *args, const char **ret_rest)
{
	struct slice text = slice_str(args->text);
	struct slice word = slice_head(text, slice_find(text, ' '));
	char *section CLEANUP(freep) = NULL;

	*ret_rest = args->text;
	if (is_section(word)) {
		*ret_rest =
			word.len < text.len ? word.data + word.len + 1 : NULL;
		section = xmemdup0(word.data, word.len);
	} else if (args->count > 0) {
		section = xasprintf("%d", args->count);
	}
	return attachment(app, section);
}

static enum command_result
cmd_save(struct app *app, const struct command_args *args)
{
	const char *path;
	const struct part *part = take_part(app, args, &path);

	if (!part)
		return COMMAND_FAILED;
	if (path)
		fetch_want(app, WANT_SAVE, part->section, path);
	else
		ask_path(app, part);
	return COMMAND_DONE;
}

/* A message is read here, everything else by the desktop's program. */
static void
open_part(struct app *app, const struct part *part)
{
	bool here = part_is_message(part);

	if (here)
		app_set_focus(app, PANE_VIEWER);
	fetch_want(app, here ? WANT_PART : WANT_OPEN, part->section, NULL);
}

static enum command_result
cmd_open_attachment(struct app *app, const struct command_args *args)
{
	const char *rest;
	const struct part *part = take_part(app, args, &rest);

	if (!part)
		return COMMAND_FAILED;
	open_part(app, part);
	return COMMAND_DONE;
}

/* Nothing is fetched for a command that cannot be read. */
static bool
is_command(struct app *app, const char *line)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct argv argv CLEANUP(argv_clear) = { NULL, 0 };

	if (!line || !*line)
		return false;
	if (argv_split(line, &argv, &err))
		return true;
	app_fail(app, &err);
	return false;
}

static void
part_command_given(struct app *app, const char *line)
{
	const struct part *part;

	if (!is_command(app, line))
		return;
	part = attachment(app, app->asked_part);
	if (part)
		fetch_want(app, WANT_PIPE, part->section, line);
}

static void
ask_command(struct app *app, const char *label, prompt_done *done)
{
	prompt_open(&app->prompt, label, "", done);
	app->prompt.history = &app->pipe_history;
	history_rewind(&app->pipe_history);
}

static void
way_chosen(struct app *app, const struct picker_item *item)
{
	const struct part *part;

	if (!item)
		return;
	part = attachment(app, app->asked_part);
	if (!part)
		return;
	if (item->id == WANT_OPEN)
		open_part(app, part);
	else if (item->id == WANT_PIPE)
		ask_command(
			app, _("Pipe the attachment to:"), part_command_given);
	else
		ask_path(app, part);
}

static void
attachment_chosen(struct app *app, const struct picker_item *item)
{
	const struct part *part;
	const char *open;

	if (!item)
		return;
	str_replace(&app->asked_part, item->value);
	part = attachment(app, app->asked_part);
	if (!part)
		return;
	open = part_is_message(part) ? _("read it") : _("open it");
	picker_open(&app->picker, _("Attachment"), way_chosen);
	app->picker.by_hint = true;
	picker_add(&app->picker, &(struct picker_item){ .text = (char *)open,
					 .key = (char *)"o",
					 .id = WANT_OPEN });
	picker_add(&app->picker,
		&(struct picker_item){ .text = (char *)_("save it"),
			.key = (char *)"s",
			.id = WANT_SAVE });
	picker_add(
		&app->picker, &(struct picker_item){
				      .text = (char *)_("pipe it to a command"),
				      .key = (char *)"|",
				      .id = WANT_PIPE });
	picker_match(&app->picker);
	app->dirty = DIRTY_ALL;
}

/* Part numbers of one digit choose by themselves. */
static bool
numbers_are_keys(const struct view_viewer *viewer)
{
	for (size_t i = 0; i < viewer->n_attachments; i++)
		if (viewer->attachments[i].label[1] != ' ')
			return false;
	return true;
}

static enum command_result
cmd_attachments(struct app *app, const struct command_args *args)
{
	(void)args;
	if (!attachment(app, NULL))
		return COMMAND_FAILED;
	picker_open(&app->picker, _("Attachments"), attachment_chosen);
	app->picker.by_hint = numbers_are_keys(&app->viewer);
	for (size_t i = 0; i < app->viewer.n_attachments; i++) {
		const struct viewer_attachment *it =
			&app->viewer.attachments[i];
		const struct part *part =
			&app->viewer.message.parts.items[it->part];
		struct picker_item item = {
			.text = it->label,
			.note = part->type,
			.value = part->section,
		};

		if (app->picker.by_hint) {
			item.key = part->section;
			item.text = strchr(it->label, ' ') + 2;
		}
		picker_add(&app->picker, &item);
	}
	picker_match(&app->picker);
	app->dirty = DIRTY_ALL;
	return COMMAND_DONE;
}

/* The messages of the closed thread at the cursor, each once; none in the
 * viewer and elsewhere. */
static bool
find_thread(struct app *app, struct error *err)
{
	const struct view_row *at = view_list_at_cursor(&app->list);
	struct list_rows rows = { NULL, 0, 0 };
	struct id_array *ids = &app->asked_messages;

	id_array_clear(ids);
	if (!at || app->focus != PANE_LIST || !view_list_can_open(&app->list))
		return true;
	app->asked_messages_of = at->row.account;
	if (!list_load_thread(app->store, &app->list.query,
		    at->row.conversation, &rows, err))
		return false;
	for (size_t i = 0; i < rows.n && ids->n < PIPE_MESSAGES_MAX; i++) {
		bool known = false;

		for (size_t k = 0; k < ids->n && !known; k++)
			known = ids->items[k] == rows.items[i].message;
		if (!known)
			array_push(ids, rows.items[i].message);
	}
	list_rows_clear(&rows);
	return true;
}

static void
command_given(struct app *app, const char *line)
{
	if (!is_command(app, line))
		return;
	if (app->asked_messages.n > 0)
		fetch_want_piped(app, app->asked_messages_of,
			&app->asked_messages, line);
	else
		fetch_want(app, WANT_PIPE, "", line);
}

static enum command_result
cmd_pipe(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *label CLEANUP(freep) = NULL;

	if (!find_thread(app, &err)) {
		app_fail(app, &err);
		return COMMAND_FAILED;
	}
	if (args->text) {
		command_given(app, args->text);
		return COMMAND_DONE;
	}
	if (app->asked_messages.n > 1)
		label = xasprintf(_("Pipe the thread's %zu messages to:"),
			app->asked_messages.n);
	ask_command(
		app, label ? label : _("Pipe the message to:"), command_given);
	return COMMAND_DONE;
}

static enum command_result
cmd_find(struct app *app, const struct command_args *args)
{
	if (!args->text) {
		find_ask(app);
		return COMMAND_DONE;
	}
	return find_words(app, args->text) ? COMMAND_DONE : COMMAND_FAILED;
}

static enum command_result
cmd_find_next(struct app *app, const struct command_args *args)
{
	(void)args;
	return find_next(app, false) ? COMMAND_DONE : COMMAND_FAILED;
}

static enum command_result
cmd_find_previous(struct app *app, const struct command_args *args)
{
	(void)args;
	return find_next(app, true) ? COMMAND_DONE : COMMAND_FAILED;
}

/* clang-format off */
const struct command viewer_commands[] = {
	{
		.name = "scroll-down",
		.keys = {
			[KEYS_DEFAULT] = { "Ctrl-e", "Ctrl-Down" },
			[KEYS_MUTT] = { "viewer:Enter", "Ctrl-Down" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Scroll the message a line down"),
		.run = cmd_scroll_down,
	},
	{
		.name = "scroll-up",
		.keys = {
			[KEYS_DEFAULT] = { "Ctrl-y", "Ctrl-Up" },
			[KEYS_MUTT] = { "viewer:Backspace", "Ctrl-Up" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Scroll the message a line up"),
		.run = cmd_scroll_up,
	},
	{
		.name = "headers",
		.keys = { [KEYS_DEFAULT] = { "h" } },
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Show every header field, or the usual ones"),
		.run = cmd_headers,
	},
	{
		.name = "raw",
		.keys = { [KEYS_DEFAULT] = { "H" } },
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Show the message's source, or its text"),
		.run = cmd_raw,
	},
	{
		.name = "quotes",
		.keys = {
			[KEYS_DEFAULT] = { "z q" },
			[KEYS_MUTT] = { "T" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Show quoted text whole, or folded"),
		.run = cmd_quotes,
	},
	{
		.name = "links",
		.keys = {
			[KEYS_DEFAULT] = { "Ctrl-l" },
			[KEYS_MUTT] = { "Ctrl-b" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Choose a link by its letter, see where it "
			"leads, and open it"),
		.run = cmd_links,
	},
	{
		.name = "attachments",
		.keys = {
			[KEYS_DEFAULT] = { "v" },
			[KEYS_GMAIL] = { "V" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("List the attachments; open, save or pipe one"),
		.run = cmd_attachments,
	},
	{
		.name = "open-attachment",
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.arg = ARG_TEXT,
		.arg_name = N_("an attachment's number"),
		.summary = N_("Read an attached message, or open an "
			"attachment with the desktop's program"),
		.run = cmd_open_attachment,
	},
	{
		.name = "save-attachment",
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.arg = ARG_PATH,
		.arg_name = N_("an attachment's number and a path"),
		.summary = N_("Save an attachment; nothing is overwritten"),
		.run = cmd_save,
	},
	{
		.name = "pipe",
		.keys = { [KEYS_DEFAULT] = { "|" } },
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.arg = ARG_TEXT,
		.arg_name = N_("a command"),
		.summary = N_("Pipe the message, or a closed thread, to a "
			"command"),
		.run = cmd_pipe,
	},
	{
		.name = "find",
		.keys = { [KEYS_DEFAULT] = { "Ctrl-s" } },
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.arg = ARG_TEXT,
		.arg_name = N_("words"),
		.summary = N_("Find words in the message; n and N go on"),
		.run = cmd_find,
	},
	{
		.name = "find-next",
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Go to the next match in the message"),
		.run = cmd_find_next,
	},
	{
		.name = "find-previous",
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Go to the previous match in the message"),
		.run = cmd_find_previous,
	},
	{ .name = NULL },
};
/* clang-format on */
