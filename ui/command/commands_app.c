/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program itself: quitting, help, the network, looks. */
#include "app.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/act.h"
#include "command/command.h"
#include "command/complete.h"
#include "command/question.h"
#include "config/config.h"
#include "config/option.h"
#include "screen/help.h"
#include "sync/engine.h"
#include "term/term.h"

static enum command_result
cmd_quit(struct app *app, const struct command_args *args)
{
	(void)args;
	app->wants_quit = true;
	return COMMAND_DONE;
}

/* From a message inside a message to the message. */
static enum command_result
close_part(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	app->dirty |= DIRTY_VIEWER;
	if (view_viewer_set_mode(&app->viewer, app->store, VIEWER_TEXT, &err) !=
		FOUND_ERROR)
		return COMMAND_DONE;
	app_fail(app, &err);
	return COMMAND_FAILED;
}

/* One step back towards the list; from there, out. */
static enum command_result
cmd_back(struct app *app, const struct command_args *args)
{
	if (app->pager.is_open) {
		pager_close(&app->pager);
		app->dirty = DIRTY_ALL;
		return COMMAND_DONE;
	}
	if (app->activity.is_open) {
		activity_close(app);
		return COMMAND_DONE;
	}
	if (app->viewer.mode == VIEWER_PART ||
		app->viewer.mode == VIEWER_SECURITY)
		return close_part(app);
	if (app->focus != PANE_LIST) {
		app_set_focus(app, PANE_LIST);
		return COMMAND_DONE;
	}
	return cmd_quit(app, args);
}

static enum command_result
cmd_help(struct app *app, const struct command_args *args)
{
	(void)args;
	if (app->pager.is_open)
		return cmd_back(app, args);
	help_open(app);
	return COMMAND_DONE;
}

static void
line_given(struct app *app, const char *line)
{
	if (line)
		command_run_line(app, line, 0);
}

static enum command_result
open_line(struct app *app, const char *text)
{
	prompt_open(&app->prompt, ":", text, line_given);
	app->prompt.history = &app->command_history;
	app->prompt.complete = complete_command;
	app->dirty |= DIRTY_STATUS;
	return COMMAND_DONE;
}

static enum command_result
cmd_command(struct app *app, const struct command_args *args)
{
	(void)args;
	return open_line(app, "");
}

static void
command_chosen(struct app *app, const struct picker_item *item)
{
	const struct command *command =
		item ? command_at((size_t)item->id) : NULL;
	struct command_args args = { .count = 0 };
	char *text CLEANUP(freep) = NULL;

	if (!command)
		return;
	if (command->arg_needed) {
		text = xasprintf("%s ", command->name);
		open_line(app, text);
	} else {
		command_run(app, command, &args);
	}
}

static enum command_result
cmd_palette(struct app *app, const struct command_args *args)
{
	const struct command *command;
	unsigned context = app_context(app);

	(void)args;
	picker_open(&app->picker, _("Command"), command_chosen);
	for (size_t i = 0; (command = command_at(i)); i++) {
		char *text CLEANUP(freep) = NULL;
		char *keys CLEANUP(freep) = NULL;

		if (command->later || !(command->where & context))
			continue;
		text = xasprintf("%s: %s", command->name, _(command->summary));
		keys = keymap_keys_of(app->keymap, command->name, context, 3);
		picker_add(&app->picker,
			&(struct picker_item){ .text = text,
				.note = keys,
				.id = (int64_t)i,
				.name_len = strlen(command->name) });
	}
	picker_match(&app->picker);
	app->dirty = DIRTY_ALL;
	return COMMAND_DONE;
}

static enum command_result
cmd_sync(struct app *app, const struct command_args *args)
{
	(void)args;
	engine_sync_now(app->engine, 0);
	app_say(app, TONE_DIM, _("Looking for new mail"));
	app->looking_since_s = clock_wall_s();
	return COMMAND_DONE;
}

/* An account by name; all of them without one. */
static enum command_result
set_offline(struct app *app, const struct command_args *args, bool offline)
{
	int64_t account = 0;

	if (args->text) {
		account = engine_account_id(app->engine, args->text);
		if (!account) {
			app_say(app, TONE_WARNING,
				_("No account is called “%s”"), args->text);
			return COMMAND_FAILED;
		}
	}
	engine_set_offline(app->engine, account, offline);
	app_say(app, TONE_DIM,
		offline ? _("Offline until :online") : _("Connecting again"));
	return COMMAND_DONE;
}

static enum command_result
cmd_offline(struct app *app, const struct command_args *args)
{
	return set_offline(app, args, true);
}

static enum command_result
cmd_online(struct app *app, const struct command_args *args)
{
	return set_offline(app, args, false);
}

static enum command_result
cmd_password(struct app *app, const struct command_args *args)
{
	int64_t account = 0;

	if (args->text)
		account = engine_account_id(app->engine, args->text);
	question_password(app, account);
	return COMMAND_DONE;
}

static enum command_result
cmd_doctor(struct app *app, const struct command_args *args)
{
	(void)args;
	question_explain(app);
	return COMMAND_DONE;
}

static enum command_result
cmd_account_add(struct app *app, const struct command_args *args)
{
	(void)args;
	if (app->is_demo) {
		app_say(app, TONE_WARNING,
			_("Not on the sample mailbox: start tercet without "
			  "--demo"));
		return COMMAND_FAILED;
	}
	setup_open(app);
	return COMMAND_DONE;
}

static enum command_result
cmd_layout(struct app *app, const struct command_args *args)
{
	struct layout_options *layout = &app->layout_options;

	switch (args->text[0]) {
	case 'c':
		layout->wish = LAYOUT_WISH_COLUMNS;
		break;
	case 's':
		layout->wish = LAYOUT_WISH_STACKED;
		break;
	default:
		layout->wish = LAYOUT_WISH_AUTO;
		break;
	}
	/* Dividers go back to where this layout has them. */
	layout->folders_cols = 0;
	layout->list_cols = 0;
	layout->list_rows = 0;
	app_relayout(app);
	return COMMAND_DONE;
}

static enum command_result
cmd_theme(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (app_load_theme(app, args->text, &err))
		return COMMAND_DONE;
	app_fail(app, &err);
	return COMMAND_FAILED;
}

static enum command_result
cmd_mouse(struct app *app, const struct command_args *args)
{
	app->mouse = args->text ? args->text[1] == 'n' : !app->mouse;
	if (app->terminal)
		terminal_set_mouse(app->terminal, app->mouse);
	app_say(app, TONE_DIM,
		app->mouse ? _("The mouse works")
			   : _("The mouse is the terminal's"));
	return COMMAND_DONE;
}

static enum command_result
cmd_redraw(struct app *app, const struct command_args *args)
{
	(void)args;
	app->wants_redraw = true;
	app->dirty = DIRTY_ALL;
	return COMMAND_DONE;
}

static enum command_result
cmd_refresh(struct app *app, const struct command_args *args)
{
	(void)args;
	act_reload_folders(app);
	act_reload_list(app);
	act_reload_message(app);
	app->dirty = DIRTY_ALL;
	return COMMAND_DONE;
}

static enum command_result
cmd_suspend(struct app *app, const struct command_args *args)
{
	(void)args;
	app->wants_suspend = true;
	return COMMAND_DONE;
}

/* What a changed option changes here. */
static void
apply(struct app *app, unsigned affects)
{
	struct command_args none = { .count = 0 };

	if (affects & AFFECTS_COLOURS)
		app_load_looks(app);
	if (affects & AFFECTS_KEYS)
		app_load_keys(app);
	if (affects & AFFECTS_LAYOUT) {
		none.text = app->config->layout == LAYOUT_COLUMNS   ? "columns"
			    : app->config->layout == LAYOUT_STACKED ? "stacked"
								    : "auto";
		cmd_layout(app, &none);
	}
	if (affects & AFFECTS_TERMINAL) {
		app->mouse = app->config->mouse;
		if (app->terminal)
			terminal_set_mouse(app->terminal, app->mouse);
		/* Only towards ASCII: whether the terminal takes more was
		 * found out at the start. */
		if (app->config->ascii == ASCII_YES)
			app->screen->ascii = true;
		app_load_hyperlinks(app);
		app->dirty = DIRTY_ALL;
	}
	if (affects & (AFFECTS_SYNC | AFFECTS_SESSION))
		app_say(app, TONE_DIM,
			_("Written; it holds from the next start"));
}

static enum command_result
cmd_set(struct app *app, const struct command_args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct slice text = slice_str(args->text);
	size_t blank = slice_find(text, ' ');
	struct slice value = slice_trim(slice_skip(text, blank));
	char *key CLEANUP(freep) = xmemdup0(text.data, blank);
	char *to CLEANUP(freep) = NULL;
	const struct option *option = option_find(OPTION_GENERAL, key);
	struct config *config;

	if (option && blank == text.len) {
		to = option_print(option, app->config);
		app_say(app, TONE_PLAIN, "%s = %s", option->name, to);
		return COMMAND_DONE;
	}
	if (value.len > 0 && value.data[0] == '=')
		value = slice_trim(slice_skip(value, 1));
	to = xmemdup0(value.data, value.len);
	if (!config_with(app->config, "general", key, to, &config, &err)) {
		app_fail(app, &err);
		return COMMAND_FAILED;
	}
	config_unref(app->config);
	app->config = config;
	app_say(app, TONE_GOOD, "%s = %s", key, to);
	act_reload_folders(app);
	apply(app, option ? option->affects : 0);
	if (app->config->path && !app->is_demo &&
		!config_set_in_file(
			app->config->path, "general", key, to, &err)) {
		app_fail(app, &err);
		return COMMAND_FAILED;
	}
	return COMMAND_DONE;
}

/* clang-format off */
const struct command app_commands[] = {
	{
		.name = "sync",
		.keys = {
			[KEYS_DEFAULT] = { "$" },
			[KEYS_MUTT] = { "G", "$" },
			[KEYS_GMAIL] = { "$", "N" },
		},
		.where = IN_PANES,
		.needs = NEEDS_ENGINE,
		.summary = N_("Look for new mail and send what waits, now"),
		.run = cmd_sync,
	},
	{
		.name = "offline",
		.where = IN_PANES,
		.needs = NEEDS_ENGINE,
		.arg = ARG_TEXT,
		.arg_name = N_("an account"),
		.summary = N_("Stay offline until :online"),
		.run = cmd_offline,
	},
	{
		.name = "online",
		.where = IN_PANES,
		.needs = NEEDS_ENGINE,
		.arg = ARG_TEXT,
		.arg_name = N_("an account"),
		.summary = N_("Connect again"),
		.run = cmd_online,
	},
	{
		.name = "password",
		.where = IN_PANES,
		.needs = NEEDS_ENGINE,
		.arg = ARG_TEXT,
		.arg_name = N_("an account"),
		.summary = N_("Enter the password that a server refused or "
			"nobody knew"),
		.run = cmd_password,
	},
	{
		.name = "account-add",
		.where = IN_PANES,
		.summary = N_("Set up an account"),
		.run = cmd_account_add,
	},
	{
		.name = "doctor",
		.where = IN_PANES,
		.summary = N_("Explain the state of each account and what to "
			"do"),
		.run = cmd_doctor,
	},
	{
		.name = "help",
		.keys = { [KEYS_DEFAULT] = { "?", "F1" } },
		.where = IN_ALL,
		.summary = N_("Show all keys and commands"),
		.hint = N_("help"),
		.run = cmd_help,
	},
	{
		.name = "command",
		.keys = { [KEYS_DEFAULT] = { ":" } },
		.where = IN_ALL,
		.summary = N_("Type a command; Tab completes it"),
		.run = cmd_command,
	},
	{
		.name = "palette",
		.keys = {
			[KEYS_DEFAULT] = { "Ctrl-p" },
			[KEYS_MUTT] = { "Ctrl-k" },
			[KEYS_GMAIL] = { "Ctrl-k" },
		},
		.where = IN_PANES,
		.summary = N_("Find a command by a few letters"),
		.run = cmd_palette,
	},
	{
		.name = "layout",
		.where = IN_PANES,
		.arg = ARG_CHOICE,
		.arg_needed = true,
		.arg_name = N_("a layout"),
		.choices = "auto columns stacked",
		.summary = N_("Arrange the panes"),
		.run = cmd_layout,
	},
	{
		.name = "theme",
		.where = IN_PANES,
		.arg = ARG_THEME,
		.arg_needed = true,
		.arg_name = N_("auto, dark, light or a file in themes/"),
		.summary = N_("Change the colours"),
		.run = cmd_theme,
	},
	{
		.name = "mouse",
		.where = IN_PANES,
		.arg = ARG_CHOICE,
		.arg_name = N_("on or off"),
		.choices = "on off",
		.summary = N_("Use the mouse, or leave it to the terminal"),
		.run = cmd_mouse,
	},
	{
		.name = "set",
		.where = IN_PANES,
		.arg = ARG_OPTION,
		.arg_needed = true,
		.arg_name = N_("an option and its value"),
		.summary = N_("Change an option here and in the configuration "
			"file"),
		.run = cmd_set,
	},
	{
		.name = "refresh",
		.keys = { [KEYS_DEFAULT] = { "F5" } },
		.where = IN_PANES,
		.summary = N_("Read what is shown from the store again"),
		.run = cmd_refresh,
	},
	{
		.name = "redraw",
		.keys = {
			[KEYS_DEFAULT] = { "" },
			[KEYS_MUTT] = { "Ctrl-l" },
		},
		.where = IN_ALL,
		.summary = N_("Draw the screen anew"),
		.run = cmd_redraw,
	},
	{
		.name = "suspend",
		.keys = { [KEYS_DEFAULT] = { "Ctrl-z" } },
		.where = IN_ALL,
		.summary = N_("Go back to the shell for a while"),
		.run = cmd_suspend,
	},
	{
		.name = "back",
		.keys = {
			[KEYS_DEFAULT] = { "q", "viewer:Esc", "folders:Esc",
				"pager:Esc", "activity:Esc" },
			[KEYS_MUTT] = { "q", "viewer:i", "pager:Esc", "activity:Esc" },
			[KEYS_GMAIL] = { "q", "u", "pager:Esc", "activity:Esc" },
		},
		.where = IN_ALL & ~IN_COMPOSER,
		.summary = N_("Go back; from the list, quit"),
		.hint = N_("back"),
		.run = cmd_back,
	},
	{
		.name = "quit",
		.keys = {
			[KEYS_DEFAULT] = { "Q" },
			[KEYS_MUTT] = { "Q", "x" },
			[KEYS_VIM] = { "Z Z", "Z Q" },
		},
		.where = IN_ALL,
		.summary = N_("Quit, at once"),
		.run = cmd_quit,
	},
	{ .name = NULL },
};
/* clang-format on */
