/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading: headers, source, links, words. */
#include "app.h"
#include "base/gettext.h"
#include "command/command.h"
#include "command/fetch.h"
#include "command/find.h"

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

/* What is needed for it is here. */
static enum command_result
cmd_security(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool back = app->viewer.mode == VIEWER_SECURITY;

	(void)args;
	fetch_forget(app);
	app->dirty |= DIRTY_VIEWER;
	app_set_focus(app, PANE_VIEWER);
	if (view_viewer_set_mode(&app->viewer, app->store,
		    back ? VIEWER_TEXT : VIEWER_SECURITY, &err) != FOUND_ERROR)
		return COMMAND_DONE;
	app_fail(app, &err);
	return COMMAND_FAILED;
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
	if (args->count > 0)
		return links_choose(app, args->count) ? COMMAND_DONE
						      : COMMAND_FAILED;
	return links_open(app) ? COMMAND_DONE : COMMAND_FAILED;
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
		.name = "security",
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Show what servers found of where the message "
			"is from, or its text"),
		.run = cmd_security,
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
		.summary = N_("Choose a link by letter or number, see where "
			"it leads, and open it"),
		.run = cmd_links,
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
