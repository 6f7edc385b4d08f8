/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks: what the next action is about. */
#include "app.h"
#include "base/array.h"
#include "base/gettext.h"
#include "command/command.h"
#include "command/marking.h"
#include "config/config.h"
#include "store/pick.h"
#include "view/list_private.h"

/* One message of a marked conversation loses its mark: the others keep it. */
static bool
unmark_one(struct app *app, const struct list_row *row, struct error *err)
{
	struct id_array members = { NULL, 0, 0 };
	bool good = pick_load_members(
		app->store, row->conversation, row->folder, &members, err);

	if (good)
		marks_set_thread(
			&app->marks, row->conversation, row->folder, false);
	for (size_t i = 0; good && i < members.n; i++)
		if (members.items[i] != row->placement)
			marks_set_message(&app->marks, members.items[i],
				row->conversation, true);
	array_clear(&members);
	return good;
}

static bool
toggle(struct app *app, size_t i, struct error *err)
{
	const struct view_row *row = &app->list.rows[i];
	bool on = marks_of(&app->marks, &app->list, i) != MARKED_WHOLE;

	if (marks_is_thread_row(&app->list, row)) {
		marks_set_thread(&app->marks, row->row.conversation,
			row->row.folder, on);
		return true;
	}
	if (!on && !id_map_has(&app->marks.messages, row->row.placement))
		return unmark_one(app, &row->row, err);
	marks_set_message(
		&app->marks, row->row.placement, row->row.conversation, on);
	if (!view_folders_holds(
		    &app->folders, app->list.query.folder, row->row.folder))
		app->marks.strangers = true;
	return true;
}

static enum command_result
cmd_mark(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool good = true;

	app->dirty |= DIRTY_LIST | DIRTY_STATUS;
	if (app->marks.ranging) {
		marking_end_range(app);
		return COMMAND_DONE;
	}
	for (int i = 0; good && i < (args->count > 0 ? args->count : 1); i++) {
		size_t before = app->list.cursor;
		int64_t placement = app->list.rows[before].row.placement;
		const struct view_row *now;

		good = toggle(app, before, &err) &&
		       view_list_move(&app->list, app->store, 1, &err);
		now = view_list_at_cursor(&app->list);
		if (!now || now->row.placement == placement)
			break;
	}
	if (good)
		return COMMAND_DONE;
	app_fail(app, &err);
	return COMMAND_FAILED;
}

static enum command_result
cmd_mark_range(struct app *app, const struct command_args *args)
{
	(void)args;
	app->dirty |= DIRTY_LIST | DIRTY_STATUS;
	if (app->marks.ranging) {
		marking_end_range(app);
		return COMMAND_DONE;
	}
	marks_begin_range(&app->marks, &app->list);
	app_say(app, TONE_DIM,
		_("Marking from here; move, then x or an action ends it"));
	return COMMAND_DONE;
}

static enum command_result
cmd_unmark(struct app *app, const struct command_args *args)
{
	(void)args;
	app->dirty |= DIRTY_LIST | DIRTY_STATUS;
	marking_stop(app);
	/* A range begun in error costs no other marks. */
	if (app->marks.ranging)
		marks_leave_range(&app->marks);
	else
		marks_clear(&app->marks);
	return COMMAND_DONE;
}

static enum command_result
mark_query(struct app *app, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (marking_query(app, text, &err))
		return COMMAND_DONE;
	app_fail(app, &err);
	return COMMAND_FAILED;
}

static void
query_given(struct app *app, const char *text)
{
	if (text && *text)
		(void)mark_query(app, text);
}

static size_t
complete_query(struct app *app, const char *line)
{
	const char *blank = strrchr(line, ' ');
	size_t from = blank ? (size_t)(blank - line) + 1 : 0;
	const char *word;

	for (size_t i = 0; (word = mark_query_word(i)); i++)
		if (slice_starts_nocase(
			    slice_str(word), slice_str(line + from)))
			prompt_add_choice(&app->prompt, word);
	return from;
}

static enum command_result
cmd_mark_query(struct app *app, const struct command_args *args)
{
	if (args->text)
		return mark_query(app, args->text);
	prompt_open(&app->prompt, _("Mark:"), "", query_given);
	app->prompt.history = &app->mark_history;
	app->prompt.complete = complete_query;
	app->dirty |= DIRTY_STATUS;
	return COMMAND_DONE;
}

/* clang-format off */
const struct command mark_commands[] = {
	{
		.name = "mark",
		.keys = {
			[KEYS_DEFAULT] = { "x" },
			[KEYS_MUTT] = { "t" },
			[KEYS_GMAIL] = { "x" },
		},
		.where = IN_LIST,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Mark the message or thread for the next "
			"action, or take the mark away"),
		.run = cmd_mark,
	},
	{
		.name = "mark-range",
		.keys = {
			[KEYS_DEFAULT] = { "V" },
			[KEYS_MUTT] = { "" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Mark from here to where the cursor goes"),
		.run = cmd_mark_range,
	},
	{
		.name = "mark-query",
		.keys = {
			[KEYS_DEFAULT] = { "*" },
			[KEYS_MUTT] = { "" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST,
		.needs = NEEDS_FOLDER,
		.arg = ARG_TEXT,
		.arg_name = N_("words, from: to: subject: list: label: "
			"is:unread is:flagged has:attachment older:30d "
			"newer:2026-01-31 larger:5M, or these with a minus "
			"in front"),
		.summary = N_("Mark the messages of this folder that fit"),
		.run = cmd_mark_query,
	},
	{
		.name = "unmark",
		.keys = {
			[KEYS_DEFAULT] = { "list:Esc" },
			[KEYS_MUTT] = { "Ctrl-t" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Take all marks away"),
		.run = cmd_unmark,
	},
	{ .name = NULL },
};
/* clang-format on */
