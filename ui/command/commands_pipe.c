/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail on the standard input of a command. */
#include "command/piping.h"

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "command/command.h"
#include "command/fetch.h"
#include "command/targets.h"
#include "screen/pipe.h"
#include "store/pick.h"

bool
piping_is_command(struct app *app, const char *line)
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

void
piping_ask(struct app *app, const char *label, prompt_done *done)
{
	prompt_open(&app->prompt, label, "", done);
	app->prompt.history = &app->pipe_history;
	history_rewind(&app->pipe_history);
}

static void
add_message(struct app *app, int64_t message)
{
	struct id_array *ids = &app->asked_messages;

	for (size_t i = 0; i < ids->n; i++)
		if (ids->items[i] == message)
			return;
	array_push(ids, message);
}

/* The messages of the thread at the cursor, as far as it stands there. */
static bool
find_thread(struct app *app, struct error *err)
{
	const struct view_row *at = view_list_at_cursor(&app->list);
	struct list_query query = app->list.query;
	struct list_rows rows = { NULL, 0, 0 };

	if (!at)
		return true;
	query.folder = at->row.folder;
	if (!list_load_thread(
		    app->store, &query, at->row.conversation, &rows, err))
		return false;
	for (size_t i = 0; i < rows.n && i < PIPE_MESSAGES_MAX; i++)
		add_message(app, rows.items[i].message);
	list_rows_clear(&rows);
	return true;
}

/* The messages that stand at these places. */
static bool
find_messages(
	struct app *app, const struct id_array *placements, struct error *err)
{
	for (size_t i = 0; i < placements->n; i++) {
		int64_t message;

		if (app->asked_messages.n == PIPE_MESSAGES_MAX)
			return error_set(err, ERR_LIMIT,
				_("No more than %d messages are piped at once"),
				PIPE_MESSAGES_MAX);
		switch (placement_message(
			app->store, placements->items[i], &message, err)) {
		case FOUND:
			add_message(app, message);
			break;
		case NOT_FOUND: /* gone meanwhile */
			break;
		case FOUND_ERROR:
			return false;
		}
	}
	return true;
}

/* All that is marked, or counted. */
static bool
find_targets(struct app *app, int count, struct error *err)
{
	struct id_array placements = { NULL, 0, 0 };
	struct targets targets;
	bool good = true;

	if (!targets_find(app, count, &targets))
		return false;
	if (!targets.are_threads)
		good = find_messages(app, &targets.ids, err);
	for (size_t i = 0; good && targets.are_threads && i < targets.ids.n;
		i++)
		good = placements.n <= PIPE_MESSAGES_MAX &&
		       pick_load_members(app->store, targets.ids.items[i],
			       targets.folder, &placements, err);
	if (targets.are_threads && (good || !err->text))
		good = find_messages(app, &placements, err);
	array_clear(&placements);
	targets_clear(&targets);
	return good;
}

static void
command_given(struct app *app, const char *line)
{
	if (!piping_is_command(app, line))
		return;
	if (app->asked_messages.n > 0)
		fetch_want_piped(app, &app->asked_messages, line);
	else
		fetch_want(app, WANT_PIPE, "", line);
}

/* Runs the command that was given, or asks for one. */
static enum command_result
pipe_asked(struct app *app, const struct command_args *args, const char *label)
{
	if (args->text)
		command_given(app, args->text);
	else
		piping_ask(app, label, command_given);
	return COMMAND_DONE;
}

static enum command_result
failed(struct app *app, struct error *err)
{
	if (err->text)
		app_fail(app, err);
	return COMMAND_FAILED;
}

static enum command_result
pipe_thread(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *label CLEANUP(freep) = NULL;

	if (!find_thread(app, &err))
		return failed(app, &err);
	if (app->asked_messages.n > 1)
		label = xasprintf(_("Pipe the thread's %zu messages to:"),
			app->asked_messages.n);
	return pipe_asked(app, args, label ? label : _("Pipe the message to:"));
}

static enum command_result
pipe_targets(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *label CLEANUP(freep) = NULL;
	size_t n;

	if (!find_targets(app, args->count, &err))
		return failed(app, &err);
	n = app->asked_messages.n;
	label = xasprintf(
		P_("Pipe %zu message to:", "Pipe %zu messages to:", n), n);
	return pipe_asked(app, args, label);
}

/* When marks are still being made, the command waits for them. */
static bool
has_to_wait(struct app *app, const struct command_args *args)
{
	char *line CLEANUP(freep) =
		args->text ? xasprintf("pipe %s", args->text) : xstrdup("pipe");

	if (app->marks.ranging)
		marking_end_range(app);
	return marking_defer(app, line);
}

static enum command_result
cmd_pipe(struct app *app, const struct command_args *args)
{
	bool in_list = app->focus == PANE_LIST;

	id_array_clear(&app->asked_messages);
	if (has_to_wait(app, args))
		return COMMAND_DONE;
	if (marks_count(&app->marks) > 0 || (in_list && args->count > 1))
		return pipe_targets(app, args);
	if (in_list && view_list_can_open(&app->list))
		return pipe_thread(app, args);
	return pipe_asked(app, args, _("Pipe the message to:"));
}

static enum command_result
cmd_pipe_thread(struct app *app, const struct command_args *args)
{
	id_array_clear(&app->asked_messages);
	return pipe_thread(app, args);
}

/* clang-format off */
const struct command pipe_commands[] = {
	{
		.name = "pipe",
		.keys = { [KEYS_DEFAULT] = { "|" } },
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.arg = ARG_TEXT,
		.arg_name = N_("a command"),
		.summary = N_("Pipe the message, a closed thread or what is "
			"marked to a command; several as an mbox, oldest "
			"first"),
		.run = cmd_pipe,
	},
	{
		.name = "pipe-thread",
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.arg = ARG_TEXT,
		.arg_name = N_("a command"),
		.summary = N_("Pipe the whole thread to a command, such as "
			"git am, as an mbox, oldest first"),
		.run = cmd_pipe_thread,
	},
	{ .name = NULL },
};
/* clang-format on */
