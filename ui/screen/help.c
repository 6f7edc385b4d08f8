/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/help.h"

#include "app.h"
#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/command.h"

enum { KEYS_SHOWN = 4 };

static const struct {
	const struct command *table;
	const char *title; /* NULL: goes on with the one before */
} chapters[] = {
	{ triage_commands, N_("Acting on mail") },
	{ list_commands, N_("The list, and moving everywhere") },
	{ mark_commands, N_("Marks") },
	{ viewer_commands, N_("The message") },
	{ attachment_commands, NULL },
	{ pipe_commands, NULL },
	{ folder_commands, N_("Folders and panes") },
	{ tree_commands, N_("Folders themselves") },
	{ activity_commands, N_("Activity") },
	{ app_commands, N_("The program") },
};

static void
add_command(struct app *app, const struct command *command)
{
	char *keys CLEANUP(freep) =
		keymap_keys_of(app->keymap, command->name, IN_ALL, KEYS_SHOWN);
	char *name CLEANUP(freep) = xasprintf(":%s", command->name);

	pager_add(&app->pager, keys ? keys : name, _(command->summary),
		command->later != NULL);
}

static void
add_prompt_keys(struct app *app)
{
	const char *keys;
	const char *summary;

	pager_add_heading(&app->pager, _("While typing"));
	for (size_t i = 0; (keys = line_edit_help(i, &summary)); i++)
		pager_add(&app->pager, keys, summary, false);
}

void
help_open(struct app *app)
{
	pager_open(&app->pager,
		_("Keys and commands; a number before a key repeats it"));
	for (size_t i = 0; i < ARRAY_LEN(chapters); i++) {
		const struct command *row = chapters[i].table;

		if (chapters[i].title)
			pager_add_heading(&app->pager, _(chapters[i].title));
		for (; row->name; row++)
			add_command(app, row);
	}
	add_prompt_keys(app);
	pager_add_heading(&app->pager, _("Dates"));
	pager_add_text(&app->pager,
		_("The list shows when mail was received, the viewer the date "
		  "that its sender wrote."),
		app->screen->cols - 4);
	pager_add_heading(&app->pager, _("Not possible yet"));
	for (const struct command *row = message_commands; row->name; row++)
		add_command(app, row);
	pager_wrap(&app->pager, app->screen->cols);
	app->dirty = DIRTY_ALL;
}
