/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving in the list, threads, unread mail. */
#include "app.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "command/act.h"
#include "command/command.h"
#include "config/config.h"
#include "store/folder.h"

static enum command_result
result(struct app *app, bool good, struct error *err)
{
	if (good)
		return COMMAND_DONE;
	app_fail(app, err);
	return COMMAND_FAILED;
}

static int
times(const struct command_args *args)
{
	return args->count > 0 ? args->count : 1;
}

/* Another row in the list, which the viewer follows; a line elsewhere. */
static enum command_result
move_by(struct app *app, int by)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (app->pager.is_open) {
		pager_scroll(&app->pager, by);
		app->dirty |= DIRTY_OVER;
		return COMMAND_DONE;
	}
	if (app->activity.is_open) {
		activity_move(&app->activity, by);
		app->dirty |= DIRTY_OVER;
		return COMMAND_DONE;
	}
	if (app->composer.is_open) {
		composer_scroll(&app->composer, by);
		app->dirty |= DIRTY_OVER;
		return COMMAND_DONE;
	}
	if (app->focus == PANE_FOLDERS) {
		view_folders_move(&app->folders, by);
		app->dirty |= DIRTY_FOLDERS;
		return COMMAND_DONE;
	}
	app->dirty |= DIRTY_LIST;
	return result(
		app, view_list_move(&app->list, app->store, by, &err), &err);
}

static enum command_result
cmd_next(struct app *app, const struct command_args *args)
{
	return move_by(app, times(args));
}

static enum command_result
cmd_previous(struct app *app, const struct command_args *args)
{
	return move_by(app, -times(args));
}

static enum command_result
cmd_first(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	(void)args;
	if (app->pager.is_open) {
		pager_scroll(&app->pager, -(long)app->pager.n);
		app->dirty |= DIRTY_OVER;
	} else if (app->activity.is_open) {
		activity_move(&app->activity, -(long)app->activity.n);
		app->dirty |= DIRTY_OVER;
	} else if (app->composer.is_open) {
		composer_scroll(&app->composer, -(long)app->composer.lines);
		app->dirty |= DIRTY_OVER;
	} else if (app->focus == PANE_FOLDERS) {
		view_folders_set_cursor(&app->folders, 0);
		app->dirty |= DIRTY_FOLDERS;
	} else if (app->focus == PANE_VIEWER) {
		view_viewer_first(&app->viewer);
		app->dirty |= DIRTY_VIEWER;
	} else {
		app->dirty |= DIRTY_LIST;
		return result(app,
			view_list_first(&app->list, app->store, &err), &err);
	}
	return COMMAND_DONE;
}

static enum command_result
cmd_goto(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	uint64_t number = args->count > 0 ? (uint64_t)args->count : 1;

	if (args->text && !ascii_parse_u64(args->text, strlen(args->text),
				  COMMAND_COUNT_MAX, &number))
		return COMMAND_FAILED;
	app->dirty |= DIRTY_LIST;
	return result(app,
		view_list_first(&app->list, app->store, &err) &&
			view_list_move(&app->list, app->store,
				number > 0 ? (int64_t)number - 1 : 0, &err),
		&err);
}

static enum command_result
cmd_last(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (args->count > 0 && app_context(app) == IN_LIST)
		return cmd_goto(app, args);
	if (app->pager.is_open) {
		pager_scroll(&app->pager, (long)app->pager.n);
		app->dirty |= DIRTY_OVER;
	} else if (app->activity.is_open) {
		activity_move(&app->activity, (long)app->activity.n);
		app->dirty |= DIRTY_OVER;
	} else if (app->composer.is_open) {
		composer_scroll(&app->composer, (long)app->composer.lines);
		app->dirty |= DIRTY_OVER;
	} else if (app->focus == PANE_FOLDERS) {
		view_folders_set_cursor(&app->folders, app->folders.n);
		app->dirty |= DIRTY_FOLDERS;
	} else if (app->focus == PANE_VIEWER) {
		view_viewer_last(&app->viewer);
		app->dirty |= DIRTY_VIEWER;
	} else {
		app->dirty |= DIRTY_LIST;
		return result(app, view_list_last(&app->list, app->store, &err),
			&err);
	}
	return COMMAND_DONE;
}

/* Half or whole screens of whatever has the focus. */
static enum command_result
scroll(struct app *app, int halves)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int page;

	if (app->pager.is_open) {
		page = app->pager.page;
		pager_scroll(&app->pager, (long)page * halves / 2);
		app->dirty |= DIRTY_OVER;
	} else if (app->activity.is_open) {
		page = app->activity.page;
		activity_move(&app->activity, (long)page * halves / 2);
		app->dirty |= DIRTY_OVER;
	} else if (app->composer.is_open) {
		composer_scroll(
			&app->composer, (long)app->composer.page * halves / 2);
		app->dirty |= DIRTY_OVER;
	} else if (app->focus == PANE_FOLDERS) {
		page = app->folders.page;
		view_folders_move(&app->folders, (int64_t)page * halves / 2);
		app->dirty |= DIRTY_FOLDERS;
	} else if (app->focus == PANE_VIEWER) {
		/* Whole pages keep a line of what was seen. */
		page = app->viewer.page > 2 ? app->viewer.page - 1
					    : app->viewer.page;
		view_viewer_scroll(&app->viewer, page * halves / 2);
		app->dirty |= DIRTY_VIEWER;
	} else {
		page = app->list.page > 1 ? app->list.page : 2;
		app->dirty |= DIRTY_LIST;
		return result(app,
			view_list_scroll(&app->list, app->store,
				page * halves / 2, &err),
			&err);
	}
	return COMMAND_DONE;
}

static int
scroll_times(const struct command_args *args)
{
	return times(args) < 1000 ? times(args) : 1000;
}

static enum command_result
cmd_half_down(struct app *app, const struct command_args *args)
{
	return scroll(app, scroll_times(args));
}

static enum command_result
cmd_half_up(struct app *app, const struct command_args *args)
{
	return scroll(app, -scroll_times(args));
}

static enum command_result
cmd_page_down(struct app *app, const struct command_args *args)
{
	return scroll(app, 2 * scroll_times(args));
}

static enum command_result
cmd_page_up(struct app *app, const struct command_args *args)
{
	return scroll(app, -2 * scroll_times(args));
}

/* Opens a folder at the cursor of the folder pane, a thread or a message. */
static enum command_result
cmd_open(struct app *app, const struct command_args *args)
{
	const struct folder_line *line = view_folders_at_cursor(&app->folders);
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	(void)args;
	if (app->focus == PANE_FOLDERS) {
		app->dirty |= DIRTY_FOLDERS;
		if (line && line->folder && line->selectable) {
			act_open_folder(app, line->folder);
			app_set_focus(app, PANE_LIST);
		} else {
			view_folders_toggle(&app->folders);
		}
		return COMMAND_DONE;
	}
	if (!view_list_at_cursor(&app->list)) {
		app_say(app, TONE_DIM, _("There is no message here"));
		return COMMAND_FAILED;
	}
	app->dirty |= DIRTY_LIST;
	if (!view_list_open_thread(&app->list, app->store, &err))
		return result(app, false, &err);
	app_set_focus(app, PANE_VIEWER);
	act_show(app, clock_mono_us(), true);
	return COMMAND_DONE;
}

static enum command_result
next_unread(struct app *app, enum list_direction direction, int count)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	while (count-- > 0) {
		switch (view_list_next_unread(
			&app->list, app->store, direction, &err)) {
		case FOUND:
			app->dirty |= DIRTY_LIST;
			break;
		case NOT_FOUND:
			app_say(app, TONE_DIM,
				direction == LIST_OLDER
					? _("Nothing unread below")
					: _("Nothing unread above"));
			return COMMAND_FAILED;
		case FOUND_ERROR:
			return result(app, false, &err);
		}
	}
	if (app->focus == PANE_VIEWER) {
		if (!view_list_open_thread(&app->list, app->store, &err))
			return result(app, false, &err);
		act_show(app, clock_mono_us(), true);
	}
	return COMMAND_DONE;
}

static enum command_result
cmd_next_unread(struct app *app, const struct command_args *args)
{
	return next_unread(app, LIST_OLDER, times(args));
}

static enum command_result
cmd_previous_unread(struct app *app, const struct command_args *args)
{
	return next_unread(app, LIST_NEWER, times(args));
}

/* Reads on: down the message, then the next unread one. */
static enum command_result
cmd_page_on(struct app *app, const struct command_args *args)
{
	int page =
		app->viewer.page > 2 ? app->viewer.page - 1 : app->viewer.page;

	(void)args;
	if (app->layout.viewer.rows <= 0 || app->viewer.state == VIEWER_EMPTY) {
		struct command_args none = { .count = 0 };

		return cmd_open(app, &none);
	}
	app->dirty |= DIRTY_VIEWER;
	triage_opened(app);
	if (view_viewer_scroll(&app->viewer, page))
		return COMMAND_DONE;
	return next_unread(app, LIST_OLDER, 1);
}

static enum command_result
cmd_page_back(struct app *app, const struct command_args *args)
{
	int page =
		app->viewer.page > 2 ? app->viewer.page - 1 : app->viewer.page;

	(void)args;
	view_viewer_scroll(&app->viewer, -page);
	app->dirty |= DIRTY_VIEWER;
	return COMMAND_DONE;
}

/* The folder is seen so from now on. */
static bool
remember_threads(struct app *app, bool threads, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return app->read_only || app->list.query.folder == 0 ||
	       (transaction_begin(app->store, &tx, err) &&
		       folder_view_save(app->store, app->list.query.folder,
			       threads, err) &&
		       transaction_commit(&tx, err));
}

static enum command_result
cmd_threads(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool threads = !app->list.want_threads;

	(void)args;
	app->dirty |= DIRTY_LIST;
	app_say(app, TONE_DIM,
		threads ? _("One row a conversation") : _("One row a message"));
	return result(app,
		remember_threads(app, threads, &err) &&
			view_list_set_threads(&app->list, app->store,
				act_folder(app), act_parts(app), threads, &err),
		&err);
}

static enum command_result
cmd_unfold(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	(void)args;
	app->dirty |= DIRTY_LIST;
	return result(
		app, view_list_open_thread(&app->list, app->store, &err), &err);
}

static enum command_result
cmd_close(struct app *app, const struct command_args *args)
{
	(void)args;
	view_list_close_thread(&app->list);
	app->dirty |= DIRTY_LIST;
	return COMMAND_DONE;
}

/* Folds what the focus is on: a thread, a folder's children, quoted text. */
static enum command_result
cmd_fold(struct app *app, const struct command_args *args)
{
	if (app->focus == PANE_FOLDERS) {
		view_folders_toggle(&app->folders);
		app->dirty |= DIRTY_FOLDERS;
		return COMMAND_DONE;
	}
	if (app->focus == PANE_VIEWER) {
		view_viewer_set_quotes(&app->viewer, !app->viewer.quotes_open);
		app->dirty |= DIRTY_VIEWER;
		return COMMAND_DONE;
	}
	return view_list_can_open(&app->list) ? cmd_unfold(app, args)
					      : cmd_close(app, args);
}

/* clang-format off */
const struct command list_commands[] = {
	{
		.name = "next",
		.keys = { [KEYS_DEFAULT] = { "j", "Down" } },
		.where = IN_ALL,
		.summary = N_("Go to the next message (line, folder)"),
		.run = cmd_next,
	},
	{
		.name = "previous",
		.keys = { [KEYS_DEFAULT] = { "k", "Up" } },
		.where = IN_ALL,
		.summary = N_("Go to the previous message (line, folder)"),
		.run = cmd_previous,
	},
	{
		.name = "first",
		.keys = {
			[KEYS_DEFAULT] = { "g g", "Home" },
			[KEYS_MUTT] = { "Equal", "Home" },
		},
		.where = IN_ALL,
		.summary = N_("Go to the newest message, to the top"),
		.run = cmd_first,
	},
	{
		.name = "last",
		.keys = {
			[KEYS_DEFAULT] = { "G", "End" },
			[KEYS_MUTT] = { "*", "End" },
		},
		.where = IN_ALL,
		.summary = N_("Go to the oldest message, to the end; with a "
			"count, to that row"),
		.run = cmd_last,
	},
	{
		.name = "goto",
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_FOLDER,
		.arg = ARG_NUMBER,
		.arg_name = N_("a row's number"),
		.summary = N_("Go to a row, counted from the newest"),
		.run = cmd_goto,
	},
	{
		.name = "half-page-down",
		.keys = {
			[KEYS_DEFAULT] = { "Ctrl-d" },
			[KEYS_MUTT] = { "]", "Ctrl-d" },
		},
		.where = IN_ALL,
		.summary = N_("Go half a page down"),
		.run = cmd_half_down,
	},
	{
		.name = "half-page-up",
		.keys = {
			[KEYS_DEFAULT] = { "Ctrl-u" },
			[KEYS_MUTT] = { "[", "Ctrl-u" },
		},
		.where = IN_ALL,
		.summary = N_("Go half a page up"),
		.run = cmd_half_up,
	},
	{
		.name = "page-down",
		.keys = {
			[KEYS_DEFAULT] = { "PgDn", "Ctrl-f", "pager:Space" },
			[KEYS_MUTT] = { "PgDn", "list:z", "Right",
				"pager:Space" },
		},
		.where = IN_ALL,
		.summary = N_("Go a page down"),
		.run = cmd_page_down,
	},
	{
		.name = "page-up",
		.keys = {
			[KEYS_DEFAULT] = { "PgUp", "Ctrl-b", "pager:-" },
			[KEYS_MUTT] = { "PgUp", "list:Z", "Left", "pager:-" },
		},
		.where = IN_ALL,
		.summary = N_("Go a page up"),
		.run = cmd_page_up,
	},
	{
		.name = "open",
		.keys = {
			[KEYS_DEFAULT] = { "Enter", "o" },
			[KEYS_MUTT] = { "Enter" },
		},
		.where = IN_LIST | IN_FOLDERS,
		.summary = N_("Open the message, thread or folder"),
		.hint = N_("open"),
		.run = cmd_open,
	},
	{
		.name = "page-on",
		.keys = {
			[KEYS_DEFAULT] = { "Space", "viewer:Enter",
				"viewer:o" },
			[KEYS_MUTT] = { "Space" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Read on: a page down, then the next unread "
			"message"),
		.hint = N_("read on"),
		.run = cmd_page_on,
	},
	{
		.name = "page-back",
		.keys = { [KEYS_DEFAULT] = { "-" } },
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Page the message back"),
		.run = cmd_page_back,
	},
	{
		.name = "next-unread",
		.keys = {
			[KEYS_DEFAULT] = { "n" },
			[KEYS_MUTT] = { "Tab" },
			[KEYS_GMAIL] = { "Ctrl-n" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_FOLDER,
		.summary = N_("Go to the next unread message"),
		.hint = N_("next unread"),
		.run = cmd_next_unread,
	},
	{
		.name = "previous-unread",
		.keys = {
			[KEYS_DEFAULT] = { "N" },
			[KEYS_MUTT] = { "Shift-Tab" },
			[KEYS_GMAIL] = { "Ctrl-p" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_FOLDER,
		.summary = N_("Go to the previous unread message"),
		.run = cmd_previous_unread,
	},
	{
		.name = "threads",
		.keys = {
			[KEYS_DEFAULT] = { "t" },
			[KEYS_MUTT] = { "Esc V" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_FOLDER,
		.summary = N_("Show one row a conversation, or one a message"),
		.hint = N_("threads"),
		.run = cmd_threads,
	},
	{
		.name = "fold",
		.keys = {
			[KEYS_DEFAULT] = { "z a" },
			[KEYS_MUTT] = { "Esc v" },
			[KEYS_GMAIL] = { ";" },
		},
		.where = IN_PANES,
		.summary = N_("Open or close in place: a thread, a folder's "
			"children, quoted text"),
		.run = cmd_fold,
	},
	{
		.name = "unfold",
		.keys = {
			[KEYS_DEFAULT] = { "Right", "z o" },
			[KEYS_MUTT] = { "" },
			[KEYS_GMAIL] = { "Right" },
		},
		.where = IN_LIST,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Open the thread in place"),
		.run = cmd_unfold,
	},
	{
		.name = "close",
		.keys = {
			[KEYS_DEFAULT] = { "Left", "z c" },
			[KEYS_MUTT] = { "" },
			[KEYS_GMAIL] = { "Left" },
		},
		.where = IN_LIST,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Close the thread"),
		.run = cmd_close,
	},
	{ .name = NULL },
};
/* clang-format on */
