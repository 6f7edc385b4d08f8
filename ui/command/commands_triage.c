/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acting on mail. */
#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/act.h"
#include "command/command.h"
#include "command/deletion.h"
#include "command/label_picker.h"
#include "command/marking.h"
#include "command/targets.h"
#include "command/to_folder.h"
#include "command/triage.h"
#include "config/config.h"
#include "screen/activity.h"
#include "sync/journal.h"

/* The targets, once all that is being marked is marked: until then the command
 * waits.  False: not now. */
static bool
find(struct app *app, const char *name, const struct command_args *args,
	struct targets *targets)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *line CLEANUP(freep) =
		args->text ? xasprintf("%s %s", name, args->text)
			   : xstrdup(name);

	if (app->read_only) {
		error_set(&err, ERR_REFUSED,
			_("Nothing is changed under --read-only"));
		app_fail(app, &err);
		return false;
	}
	if (app->marks.ranging)
		marking_end_range(app);
	if (!marking_is_busy(app) && marks_count(&app->marks) == 0 &&
		!targets_at_hand(app, args->count))
		marking_count(app, (size_t)args->count);
	return !marking_defer(app, line) &&
	       targets_find(app, args->count, targets);
}

static enum command_result
result(bool good)
{
	return good ? COMMAND_DONE : COMMAND_FAILED;
}

static enum command_result
cmd_archive(struct app *app, const struct command_args *args)
{
	struct deed deed = { .kind = DEED_ARCHIVE };
	struct targets targets;

	return result(find(app, "archive", args, &targets) &&
		      triage_do(app, &deed, &targets));
}

static enum command_result
cmd_delete(struct app *app, const struct command_args *args)
{
	struct targets targets;

	return result(find(app, "delete", args, &targets) &&
		      deletion_of(app, &targets));
}

/* ---- flags ---- */

static enum command_result
flag(struct app *app, struct targets *targets, uint32_t add, uint32_t remove)
{
	struct deed deed = { .kind = DEED_FLAGS,
		.add = { .bits = add },
		.remove = { .bits = remove } };

	return result(triage_do(app, &deed, targets));
}

static enum command_result
cmd_flag(struct app *app, const struct command_args *args)
{
	struct targets targets;

	if (!find(app, "flag", args, &targets))
		return COMMAND_FAILED;
	return targets.any_unflagged || targets.n_rows == 0
		       ? flag(app, &targets, FLAG_FLAGGED, 0)
		       : flag(app, &targets, 0, FLAG_FLAGGED);
}

static enum command_result
cmd_mark_unread(struct app *app, const struct command_args *args)
{
	struct targets targets;

	if (!find(app, "mark-unread", args, &targets))
		return COMMAND_FAILED;
	/* It is not to become read again because it is on the screen. */
	app->triage.shown_done = true;
	return targets.any_unread || targets.n_rows == 0
		       ? flag(app, &targets, FLAG_SEEN, 0)
		       : flag(app, &targets, 0, FLAG_SEEN);
}

static enum command_result
cmd_spam(struct app *app, const struct command_args *args)
{
	struct deed deed = { .kind = DEED_SPAM };
	const struct folder *folder;
	struct targets targets;

	if (!find(app, "spam", args, &targets))
		return COMMAND_FAILED;
	folder = view_folders_find(&app->folders, targets.folder);
	if (folder && folder->role == ROLE_JUNK)
		deed.kind = DEED_NOT_SPAM;
	return result(triage_do(app, &deed, &targets));
}

/* ---- to other folders ---- */

static enum command_result
bring(struct app *app, const char *name, enum deed_kind kind,
	const struct command_args *args)
{
	struct targets targets;

	return result(find(app, name, args, &targets) &&
		      to_folder(app, kind, args->text, &targets));
}

static enum command_result
cmd_move(struct app *app, const struct command_args *args)
{
	return bring(app, "move", DEED_MOVE, args);
}

static enum command_result
cmd_copy(struct app *app, const struct command_args *args)
{
	return bring(app, "copy", DEED_COPY, args);
}

/* ---- labels ---- */

static enum command_result
cmd_label(struct app *app, const struct command_args *args)
{
	struct targets targets;

	if (!find(app, "label", args, &targets))
		return COMMAND_FAILED;
	if (args->text)
		return result(label_toggle(app, &targets, args->text));
	targets_clear(&app->triage.asked_targets);
	app->triage.asked_targets = targets;
	label_picker_open(app);
	return COMMAND_DONE;
}

/* ---- what was done ---- */

static enum command_result
cmd_repeat(struct app *app, const struct command_args *args)
{
	struct targets targets;

	if (app->triage.last.kind == DEED_NOTHING) {
		app_say(app, TONE_DIM, _("There is nothing to repeat yet"));
		return COMMAND_FAILED;
	}
	return result(find(app, "repeat", args, &targets) &&
		      triage_do(app, &app->triage.last, &targets));
}

static enum command_result
undo(struct app *app, const struct command_args *args, bool redo)
{
	bool good = true;

	for (int i = 0; good && i < (args->count > 0 ? args->count : 1); i++)
		good = triage_undo(app, redo, i > 0);
	return result(good);
}

static enum command_result
cmd_undo(struct app *app, const struct command_args *args)
{
	/* A message that was sent a moment ago is the last thing done. */
	if (args->count == 0 && composer_take_back(app))
		return COMMAND_DONE;
	return undo(app, args, false);
}

static enum command_result
cmd_redo(struct app *app, const struct command_args *args)
{
	return undo(app, args, true);
}

static enum command_result
cmd_read_folder(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal journal = triage_journal(app);
	const struct id_array *parts = act_parts(app);
	size_t n = parts ? parts->n : 1;

	(void)args;
	for (size_t i = 0; i < n; i++) {
		struct journal_done done CLEANUP(
			journal_done_clear) = { .action = 0 };

		if (!journal_mark_read(&journal,
			    parts ? parts->items[i] : app->list.query.folder,
			    &done, &err)) {
			app_fail(app, &err);
			return COMMAND_FAILED;
		}
		triage_after(app, &done, NULL, false);
	}
	return COMMAND_DONE;
}

static enum command_result
cmd_activity(struct app *app, const struct command_args *args)
{
	(void)args;
	activity_open(app);
	return COMMAND_DONE;
}

/* clang-format off */
const struct command triage_commands[] = {
	{
		.name = "archive",
		.keys = {
			[KEYS_DEFAULT] = { "e", "a" },
			[KEYS_MUTT] = { "a" },
			[KEYS_GMAIL] = { "e" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Archive the message or thread"),
		.hint = N_("archive"),
		.run = cmd_archive,
	},
	{
		.name = "delete",
		.keys = {
			[KEYS_DEFAULT] = { "d", "Del" },
			[KEYS_MUTT] = { "d" },
			[KEYS_VIM] = { "d d" },
			[KEYS_GMAIL] = { "#" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Move the message or thread to Trash; in Trash, "
			"delete it for good"),
		.hint = N_("delete"),
		.run = cmd_delete,
	},
	{
		.name = "move",
		.keys = {
			[KEYS_DEFAULT] = { "m" },
			[KEYS_MUTT] = { "s" },
			[KEYS_GMAIL] = { "v" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.arg = ARG_FOLDER,
		.arg_name = N_("a folder"),
		.summary = N_("Move the message or thread to another folder: "
			"the one last used for this sender or list comes "
			"first"),
		.hint = N_("move"),
		.run = cmd_move,
	},
	{
		.name = "copy",
		.keys = {
			[KEYS_DEFAULT] = { "y" },
			[KEYS_MUTT] = { "C" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.arg = ARG_FOLDER,
		.arg_name = N_("a folder"),
		.summary = N_("Copy the message or thread to another folder"),
		.run = cmd_copy,
	},
	{
		.name = "flag",
		.keys = {
			[KEYS_DEFAULT] = { "s" },
			[KEYS_MUTT] = { "F" },
			[KEYS_GMAIL] = { "s" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Flag the message with a star, or take it away"),
		.run = cmd_flag,
	},
	{
		.name = "mark-unread",
		.keys = {
			[KEYS_DEFAULT] = { "U" },
			[KEYS_MUTT] = { "N" },
			[KEYS_GMAIL] = { "U" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Mark the message unread, or read"),
		.run = cmd_mark_unread,
	},
	{
		.name = "spam",
		.keys = {
			[KEYS_DEFAULT] = { "!" },
			[KEYS_MUTT] = { "!" },
			[KEYS_GMAIL] = { "!" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Say that the message is spam, or in Junk that "
			"it is not"),
		.run = cmd_spam,
	},
	{
		.name = "label",
		.keys = {
			[KEYS_DEFAULT] = { "l" },
			[KEYS_MUTT] = { "Y" },
			[KEYS_GMAIL] = { "l" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.arg = ARG_TEXT,
		.arg_name = N_("a label"),
		.summary = N_("Put a label on the message, or take it off"),
		.run = cmd_label,
	},
	{
		.name = "repeat",
		.keys = {
			[KEYS_DEFAULT] = { "." },
			[KEYS_MUTT] = { "" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Repeat the last action"),
		.run = cmd_repeat,
	},
	{
		.name = "undo",
		.keys = {
			[KEYS_DEFAULT] = { "u" },
			[KEYS_MUTT] = { "u" },
			[KEYS_GMAIL] = { "z" },
		},
		.where = IN_PANES,
		.summary = N_("Undo the last action, and so on back"),
		.run = cmd_undo,
	},
	{
		.name = "redo",
		.keys = {
			[KEYS_DEFAULT] = { "Ctrl-r" },
			[KEYS_MUTT] = { "" },
		},
		.where = IN_PANES,
		.summary = N_("Do again what was undone"),
		.run = cmd_redo,
	},
	{
		.name = "mark-folder-read",
		.where = IN_PANES,
		.needs = NEEDS_FOLDER,
		.summary = N_("Mark all messages of the open folder read"),
		.run = cmd_read_folder,
	},
	{
		.name = "activity",
		.keys = {
			[KEYS_DEFAULT] = { "A" },
			[KEYS_MUTT] = { "A" },
		},
		.where = IN_PANES,
		.summary = N_("Show all that is queued, running or failed"),
		.run = cmd_activity,
	},
	{ .name = NULL },
};
/* clang-format on */
