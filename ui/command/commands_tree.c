/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders themselves: made, renamed, deleted, subscribed. */
#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/act.h"
#include "command/command.h"
#include "command/folder_picker.h"
#include "command/triage.h"
#include "config/config.h"
#include "i18n/format.h"
#include "sync/journal.h"

/* The folder at the cursor of the folder pane, else the open one; one named
 * comes first.  NULL, and says so, when there is none. */
static const struct folder *
find(struct app *app, const char *name)
{
	const struct folder_line *line = view_folders_at_cursor(&app->folders);
	const struct folder *folder = act_folder(app);

	if (name) {
		/* A name that two accounts have is the open one's. */
		int64_t id = folder_by_exact_name(
			app, folder ? folder->account : 0, name);

		if (!id)
			id = folder_by_exact_name(app, 0, name);
		folder = view_folders_find(&app->folders, id);
		if (!folder)
			app_say(app, TONE_WARNING,
				_("No folder is called “%s”"), name);
		return folder;
	}
	if (app->focus == PANE_FOLDERS)
		folder = line ? view_folders_find(&app->folders, line->folder)
			      : NULL;
	if (!folder || folder->id < 0) {
		app_say(app, TONE_WARNING,
			_("This is no folder of an account"));
		return NULL;
	}
	return folder;
}

static enum command_result
finish(struct app *app, bool good, const struct journal_done *done,
	struct error *err)
{
	if (!good) {
		app_fail(app, err);
		return COMMAND_FAILED;
	}
	act_reload_folders(app);
	triage_after(app, done, NULL, false);
	app->dirty = DIRTY_ALL;
	return COMMAND_DONE;
}

/* The account a new folder is for: "account/name", "account: name", else where
 * one is. */
static int64_t
split_account(struct app *app, const char *text, const char **ret_name)
{
	const struct folder_line *line = view_folders_at_cursor(&app->folders);
	const struct folder *folder = act_folder(app);
	int64_t named = folder_split_account(app, text, ret_name);

	if (named)
		return named;
	if (app->focus == PANE_FOLDERS && line)
		return line->account;
	return folder ? folder->account : 0;
}

static enum command_result
cmd_create(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { .action = 0 };
	struct journal journal = triage_journal(app);
	const char *name;
	int64_t account = split_account(app, args->text, &name);
	int64_t folder;

	if (account == 0) {
		app_say(app, TONE_WARNING,
			_("Say which account it is for: “work: %s”"), name);
		return COMMAND_FAILED;
	}
	return finish(app,
		journal_folder_create(
			&journal, account, name, &folder, &done, &err),
		&done, &err);
}

static enum command_result
rename_to(struct app *app, int64_t folder, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { .action = 0 };
	struct journal journal = triage_journal(app);

	return finish(app,
		journal_folder_rename(&journal, folder, name, &done, &err),
		&done, &err);
}

static void
name_given(struct app *app, const char *text)
{
	if (text && *text)
		(void)rename_to(app, app->triage.asked.folder, text);
}

static enum command_result
cmd_rename(struct app *app, const struct command_args *args)
{
	const struct folder *folder = find(app, NULL);

	if (!folder)
		return COMMAND_FAILED;
	if (args->text)
		return rename_to(app, folder->id, args->text);
	deed_clear(&app->triage.asked);
	app->triage.asked.folder = folder->id;
	prompt_open(&app->prompt, _("New name:"), folder->name, name_given);
	app->dirty |= DIRTY_STATUS;
	return COMMAND_DONE;
}

static void
delete_chosen(struct app *app, const struct picker_item *item)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { .action = 0 };
	struct journal journal = triage_journal(app);

	if (item && item->id == 1)
		(void)finish(app,
			journal_folder_delete(&journal,
				app->triage.asked.folder, &done, &err),
			&done, &err);
}

/* A local folder is gone at once, one at a server once that was told. */
static char *
print_question(const struct app *app, const struct folder *folder)
{
	int64_t total = folder_total(folder);
	bool is_known =
		folder->state == FOLDER_COMPLETE || folder->server_total == 0;
	char n[FORMAT_SIZE];
	char *what CLEANUP(freep) = NULL;

	if (total > 0)
		what = xasprintf(P_("Delete “%s” with the %s message in it?",
					 "Delete “%s” with the %s messages in "
					 "it?",
					 (unsigned long)total),
			folder->name, format_number(total, n));
	else if (is_known)
		what = xasprintf(
			_("Delete “%s”? No message is in it."), folder->name);
	else
		what = xasprintf(
			_("Delete “%s” with all in it?"), folder->name);
	return xasprintf("%s %s", what,
		triage_is_local(app, folder->account)
			? _("Nothing brings it back.")
			: _("Once the server has done it, nothing brings it "
			    "back."));
}

static enum command_result
cmd_delete(struct app *app, const struct command_args *args)
{
	const struct folder *folder = find(app, args->text);
	char *yes CLEANUP(freep) = NULL;
	char *title CLEANUP(freep) = NULL;

	if (!folder)
		return COMMAND_FAILED;
	if (app->read_only) {
		delete_chosen(app, &(struct picker_item){ .id = 1 });
		return COMMAND_FAILED;
	}
	deed_clear(&app->triage.asked);
	app->triage.asked.folder = folder->id;
	title = print_question(app, folder);
	yes = xasprintf(_("Delete “%s”"), folder->name);
	triage_ask(app, title, _("Keep it"), yes, delete_chosen);
	return COMMAND_DONE;
}

static enum command_result
subscribe(struct app *app, const struct command_args *args, bool on)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { .action = 0 };
	struct journal journal = triage_journal(app);
	const struct folder *folder = find(app, args->text);

	if (!folder)
		return COMMAND_FAILED;
	return finish(app,
		journal_folder_subscribe(&journal, folder->id, on, &done, &err),
		&done, &err);
}

static enum command_result
cmd_subscribe(struct app *app, const struct command_args *args)
{
	return subscribe(app, args, true);
}

static enum command_result
cmd_unsubscribe(struct app *app, const struct command_args *args)
{
	return subscribe(app, args, false);
}

/* clang-format off */
const struct command tree_commands[] = {
	{
		.name = "folder-create",
		.where = IN_PANES,
		.arg = ARG_TEXT,
		.arg_needed = true,
		.arg_name = N_("a name, with / between levels"),
		.summary = N_("Make a folder"),
		.run = cmd_create,
	},
	{
		.name = "folder-rename",
		.where = IN_PANES,
		.arg = ARG_TEXT,
		.arg_name = N_("the new name, with all its levels"),
		.summary = N_("Rename the folder"),
		.run = cmd_rename,
	},
	{
		.name = "folder-delete",
		.where = IN_PANES,
		.arg = ARG_FOLDER,
		.arg_name = N_("a folder"),
		.summary = N_("Delete the folder with all that is in it, after "
			"asking"),
		.run = cmd_delete,
	},
	{
		.name = "subscribe",
		.where = IN_PANES,
		.arg = ARG_FOLDER,
		.arg_name = N_("a folder"),
		.summary = N_("Subscribe to the folder at the server"),
		.run = cmd_subscribe,
	},
	{
		.name = "unsubscribe",
		.where = IN_PANES,
		.arg = ARG_FOLDER,
		.arg_name = N_("a folder"),
		.summary = N_("Unsubscribe from the folder at the server"),
		.run = cmd_unsubscribe,
	},
	{ .name = NULL },
};
/* clang-format on */
