/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attachments: listed, opened, saved, piped. */
#include "command/attachment.h"

#include <string.h>

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/export.h"
#include "command/browser.h"
#include "command/command.h"
#include "command/complete.h"
#include "command/fetch.h"
#include "command/here.h"
#include "command/piping.h"
#include "i18n/format.h"
#include "i18n/width.h"

/* What of a name and of a directory stands in a prompt's label. */
enum { LABEL_NAME_COLUMNS = 24, LABEL_HERE_COLUMNS = 24 };

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

/* The name its file gets, as much as a label has room for. */
static char *
short_name(const struct part *part)
{
	char *name CLEANUP(freep) = export_safe_name(part);
	struct strbuf out;

	strbuf_init(&out, PART_NAME_LENGTH_MAX);
	width_truncate(slice_str(name), LABEL_NAME_COLUMNS, "…", &out);
	return strbuf_take(&out);
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
	char *name CLEANUP(freep) = short_name(part);
	char *here CLEANUP(freep) = here_print_short(NULL, LABEL_HERE_COLUMNS);
	char *label CLEANUP(freep) = xasprintf(
		/* TRANSLATORS: a file's name and a directory */
		_("Save %s to (empty: %s):"), name, here);

	str_replace(&app->asked_part, part->section);
	prompt_open(&app->prompt, label, "", path_given);
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

static void
part_command_given(struct app *app, const char *line)
{
	const struct part *part;

	if (!piping_is_command(app, line))
		return;
	part = attachment(app, app->asked_part);
	if (part)
		fetch_want(app, WANT_PIPE, part->section, line);
}

static void
ask_part_command(struct app *app, const struct part *part)
{
	char *name CLEANUP(freep) = short_name(part);
	char *label CLEANUP(freep) = xasprintf(_("Pipe %s to:"), name);

	piping_ask(app, label, part_command_given);
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
		ask_part_command(app, part);
	else
		ask_path(app, part);
}

void
attachment_ask(struct app *app, const char *section)
{
	const struct part *part;
	const char *open;
	char *title CLEANUP(freep) = NULL;
	char size[FORMAT_SIZE];

	str_replace(&app->asked_part, section);
	part = attachment(app, app->asked_part);
	if (!part)
		return;
	open = part_is_message(part) ? _("read it") : _("open it");
	title = xasprintf("%s  %s", part_title(part),
		format_size(part_content_size(part), size));
	picker_open(&app->picker, title, way_chosen);
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

static void
attachment_chosen(struct app *app, const struct picker_item *item)
{
	if (item && item->id == WANT_BROWSE)
		(void)browser_ask(app);
	else if (item)
		attachment_ask(app, item->value);
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
	if (!browser_has_html(app) && !attachment(app, NULL))
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
	if (browser_has_html(app))
		picker_add(&app->picker,
			&(struct picker_item){
				.text = (char *)_("the text's HTML, in a "
						  "browser"),
				.key = (char *)"b",
				.id = WANT_BROWSE });
	picker_match(&app->picker);
	app->dirty = DIRTY_ALL;
	return COMMAND_DONE;
}

/* clang-format off */
const struct command attachment_commands[] = {
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
	{ .name = NULL },
};
/* clang-format on */
