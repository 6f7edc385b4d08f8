/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <string.h>

#include "app.h"
#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/act.h"
#include "config/config.h"

static const struct command *const tables[] = { triage_commands, list_commands,
	mark_commands, viewer_commands, attachment_commands, pipe_commands,
	text_commands, folder_commands, tree_commands, message_commands,
	compose_commands, activity_commands, app_commands };

static const struct {
	const char *name;
	unsigned context;
} contexts[] = {
	{ "list", IN_LIST },
	{ "viewer", IN_VIEWER },
	{ "folders", IN_FOLDERS },
	{ "pager", IN_PAGER },
	{ "activity", IN_ACTIVITY },
	{ "composer", IN_COMPOSER },
	{ "panes", IN_PANES },
	{ "any", IN_ALL },
};

const struct command *
command_at(size_t i)
{
	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		size_t n = 0;

		while (tables[t][n].name)
			n++;
		if (i < n)
			return &tables[t][i];
		i -= n;
	}
	return NULL;
}

const struct command *
command_find(struct slice name, const char **ret_why_not)
{
	const struct command *found = NULL;
	const struct command *command;

	for (size_t i = 0; (command = command_at(i)); i++) {
		if (slice_eq_nocase(slice_str(command->name), name))
			return command;
		if (!slice_starts_nocase(slice_str(command->name), name))
			continue;
		if (found) {
			*ret_why_not = _("More than one command begins so; "
					 "Tab shows them");
			/* A whole name may still follow. */
			for (i++; (command = command_at(i)); i++)
				if (slice_eq_nocase(
					    slice_str(command->name), name))
					return command;
			return NULL;
		}
		found = command;
	}
	if (!found)
		*ret_why_not = _("There is no such command");
	return found;
}

unsigned
command_context_of(struct slice word)
{
	for (size_t i = 0; i < ARRAY_LEN(contexts); i++)
		if (slice_eq_nocase(word, slice_str(contexts[i].name)))
			return contexts[i].context;
	return 0;
}

const char *
command_context_name(unsigned context)
{
	for (size_t i = 0; i < ARRAY_LEN(contexts); i++)
		if (contexts[i].context == context)
			return contexts[i].name;
	return NULL;
}

/* Why the command cannot be done here and now; NULL when it can. */
static const char *
why_not(const struct app *app, const struct command *command)
{
	if (command->later)
		return _(command->later);
	if (!(command->where & app_context(app)))
		return _("This command has nothing to do here");
	if (command->needs & NEEDS_FOLDER && !act_folder(app))
		return _("No folder is open");
	if (command->needs & NEEDS_MESSAGE && !view_list_at_cursor(&app->list))
		return _("There is no message here");
	if (command->needs & NEEDS_SHOWN && app->viewer.state == VIEWER_EMPTY)
		return _("No message is shown");
	if (command->needs & NEEDS_ENGINE && !app->engine)
		return app->is_demo
			       ? _("The sample mailbox has no server")
			       : _("No account with a server is configured");
	return NULL;
}

static bool
is_choice(const char *choices, struct slice word)
{
	struct slice rest = slice_str(choices);

	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ');

		if (slice_eq(slice_head(rest, end), word))
			return true;
		rest = slice_skip(rest, end + 1);
	}
	return false;
}

/* What is wrong with the argument; NULL when nothing is. */
static char *
check_argument(const struct command *command, const char *text)
{
	uint64_t number;

	if (!text)
		return command->arg_needed
			       ? xasprintf(_("%s needs %s"), command->name,
					 command->arg_name)
			       : NULL;
	switch (command->arg) {
	case ARG_NONE:
		return xasprintf(
			_("%s takes nothing behind it"), command->name);
	case ARG_NUMBER:
		if (!ascii_parse_u64(
			    text, strlen(text), COMMAND_COUNT_MAX, &number))
			return xasprintf(_("“%s” is no number up to %d"), text,
				COMMAND_COUNT_MAX);
		break;
	case ARG_CHOICE:
		if (command->choices &&
			!is_choice(command->choices, slice_str(text)))
			return xasprintf(_("%s takes one of: %s"),
				command->name, command->choices);
		break;
	case ARG_TEXT:
	case ARG_CHARSET:
	case ARG_FOLDER:
	case ARG_PATH:
	case ARG_THEME:
	case ARG_COMMAND:
	case ARG_OPTION:
		break;
	}
	return NULL;
}

enum command_result
command_run(struct app *app, const struct command *command,
	const struct command_args *args)
{
	const char *why = why_not(app, command);
	char *fault CLEANUP(freep) = NULL;

	if (why) {
		app_say(app, TONE_WARNING, "%s", why);
		return COMMAND_FAILED;
	}
	fault = check_argument(command, args->text);
	if (fault) {
		app_say(app, TONE_WARNING, "%s", fault);
		return COMMAND_FAILED;
	}
	return command->run(app, args);
}

enum command_result
command_run_line(struct app *app, const char *line, int count)
{
	struct slice rest = slice_trim(slice_str(line));
	struct command_args args = { .count = count };
	const struct command *command;
	char *text CLEANUP(freep) = NULL;
	const char *why = NULL;
	struct slice name;
	size_t digits = 0;

	while (digits < rest.len && ascii_is_digit(rest.data[digits]))
		digits++;
	if (digits > 0) {
		uint64_t number = COMMAND_COUNT_MAX;

		if (!ascii_parse_u64(
			    rest.data, digits, COMMAND_COUNT_MAX, &number))
			number = COMMAND_COUNT_MAX;
		args.count = (int)number;
		rest = slice_trim(slice_skip(rest, digits));
	}
	if (rest.len == 0 && digits == 0)
		return COMMAND_DONE;
	name = rest.len > 0 ? slice_head(rest, slice_find(rest, ' '))
			    : SLICE("goto");
	command = command_find(name, &why);
	if (!command) {
		app_say(app, TONE_WARNING, "%.*s: %s", (int)name.len, name.data,
			why);
		return COMMAND_FAILED;
	}
	rest = slice_trim(slice_skip(rest, name.len));
	if (rest.len > 0)
		text = xmemdup0(rest.data, rest.len);
	args.text = text;
	return command_run(app, command, &args);
}
