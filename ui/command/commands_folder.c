/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Going from folder to folder, from pane to pane. */
#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/act.h"
#include "command/command.h"
#include "command/folder_picker.h"
#include "config/config.h"

static enum command_result
open_folder(struct app *app, int64_t folder)
{
	if (!folder) {
		app_say(app, TONE_DIM, _("There is no other folder there"));
		return COMMAND_FAILED;
	}
	act_open_folder(app, folder);
	app_set_focus(app, PANE_LIST);
	return COMMAND_DONE;
}

static enum command_result
step(struct app *app, const struct command_args *args, int direction)
{
	int64_t folder = app->list.query.folder;
	int64_t found = folder;

	for (int i = 0; i < (args->count > 0 ? args->count : 1); i++) {
		int64_t next =
			view_folders_neighbour(&app->folders, found, direction);

		if (!next)
			break;
		found = next;
	}
	return open_folder(app, found == folder ? 0 : found);
}

static enum command_result
cmd_next_folder(struct app *app, const struct command_args *args)
{
	return step(app, args, 1);
}

static enum command_result
cmd_previous_folder(struct app *app, const struct command_args *args)
{
	return step(app, args, -1);
}

static void
folder_chosen(struct app *app, const struct picker_item *item)
{
	if (item)
		open_folder(app, item->id);
}

static enum command_result
cmd_folder(struct app *app, const struct command_args *args)
{
	int64_t folder;

	if (args->text) {
		folder = folder_by_name(app, 0, args->text);
		if (folder)
			return open_folder(app, folder);
		app_say(app, TONE_WARNING, _("No folder is called “%s”"),
			args->text);
		return COMMAND_FAILED;
	}
	picker_open(&app->picker, _("Go to"), folder_chosen);
	folder_picker_add_all(app);
	picker_match(&app->picker);
	app->dirty = DIRTY_ALL;
	return COMMAND_DONE;
}

/* Panes that can have the focus now, in their order. */
static enum command_result
turn(struct app *app, int by)
{
	int pane = (int)app->focus;

	pane = (pane + 3 + by) % 3;
	if (pane == PANE_VIEWER && app->viewer.state == VIEWER_EMPTY)
		pane = (pane + 3 + by) % 3;
	app_set_focus(app, (enum pane)pane);
	return COMMAND_DONE;
}

static enum command_result
cmd_next_pane(struct app *app, const struct command_args *args)
{
	(void)args;
	return turn(app, 1);
}

static enum command_result
cmd_previous_pane(struct app *app, const struct command_args *args)
{
	(void)args;
	return turn(app, -1);
}

static enum command_result
cmd_focus(struct app *app, const struct command_args *args)
{
	switch (args->text[0]) {
	case 'f':
		app_set_focus(app, PANE_FOLDERS);
		break;
	case 'l':
		app_set_focus(app, PANE_LIST);
		break;
	default:
		app_set_focus(app, PANE_VIEWER);
		break;
	}
	return COMMAND_DONE;
}

/* clang-format off */
const struct command folder_commands[] = {
	{
		.name = "next-folder",
		.keys = {
			[KEYS_DEFAULT] = { "J" },
			[KEYS_MUTT] = { "Ctrl-n" },
		},
		.where = IN_PANES,
		.needs = NEEDS_FOLDER,
		.summary = N_("Open the next folder"),
		.run = cmd_next_folder,
	},
	{
		.name = "previous-folder",
		.keys = {
			[KEYS_DEFAULT] = { "K" },
			[KEYS_MUTT] = { "Ctrl-p" },
		},
		.where = IN_PANES,
		.needs = NEEDS_FOLDER,
		.summary = N_("Open the previous folder"),
		.run = cmd_previous_folder,
	},
	{
		.name = "folder",
		.keys = {
			[KEYS_DEFAULT] = { "c", "g f" },
			[KEYS_MUTT] = { "c" },
			[KEYS_GMAIL] = { "g l" },
		},
		.where = IN_PANES,
		.arg = ARG_FOLDER,
		.arg_name = N_("a folder"),
		.summary = N_("Change folder: a few letters find it, fuzzy "
			"over all accounts"),
		.hint = N_("folder"),
		.run = cmd_folder,
	},
	{
		.name = "next-pane",
		.keys = {
			[KEYS_DEFAULT] = { "Tab" },
			[KEYS_MUTT] = { "Ctrl-o" },
			[KEYS_VIM] = { "Ctrl-w w", "Tab" },
		},
		.where = IN_PANES,
		.summary = N_("Go to the next pane"),
		.run = cmd_next_pane,
	},
	{
		.name = "previous-pane",
		.keys = {
			[KEYS_DEFAULT] = { "Shift-Tab" },
			[KEYS_MUTT] = { "" },
			[KEYS_VIM] = { "Ctrl-w W", "Shift-Tab" },
		},
		.where = IN_PANES,
		.summary = N_("Go to the previous pane"),
		.run = cmd_previous_pane,
	},
	{
		.name = "focus",
		.where = IN_PANES,
		.arg = ARG_CHOICE,
		.arg_needed = true,
		.arg_name = N_("a pane"),
		.choices = "folders list viewer",
		.summary = N_("Go to a pane by its name"),
		.run = cmd_focus,
	},
	{ .name = NULL },
};
/* clang-format on */
