/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/complete.h"

#include "cli/reading.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "app.h"
#include "base/file.h"
#include "base/mem.h"
#include "command/command.h"
#include "command/fuzzy.h"
#include "config/config.h"
#include "config/option.h"

enum { RANKS = 3 };

static void
offer(struct app *app, struct slice typed, const char *choice)
{
	if (slice_starts_nocase(slice_str(choice), typed))
		prompt_add_choice(&app->prompt, choice);
}

/* Better first: the name, its beginning, what stands within. */
static int
rank(struct slice typed, struct slice name)
{
	if (slice_eq_nocase(name, typed))
		return 0;
	if (slice_starts_nocase(name, typed))
		return 1;
	return fuzzy_contains(typed, name) ? 2 : RANKS;
}

static void
offer_commands(struct app *app, struct slice typed)
{
	const struct command *command;

	for (int at = 0; at < RANKS; at++)
		for (size_t i = 0; (command = command_at(i)); i++)
			if (!command->later &&
				command->where & app_context(app) &&
				rank(typed, slice_str(command->name)) == at)
				prompt_add_choice(&app->prompt, command->name);
}

static void
offer_words(struct app *app, struct slice typed, const char *words)
{
	struct slice rest = slice_str(words);

	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ');
		char *word CLEANUP(freep) = xmemdup0(rest.data, end);

		offer(app, typed, word);
		rest = slice_skip(rest, end + 1);
	}
}

/* With its account where there are several: those that begin so, or `fuzzy`
 * the others whose letters match. */
static void
offer_folder(struct app *app, struct slice typed, const struct folder *folder,
	bool fuzzy)
{
	const struct account_row *account =
		app->config->n_accounts > 1
			? view_folders_account(&app->folders, folder->account)
			: NULL;
	char *name CLEANUP(freep) =
		account ? xasprintf("%s/%s", account->name, folder->name)
			: xstrdup(folder->name);
	bool begins = slice_starts_nocase(slice_str(name), typed) ||
		      slice_starts_nocase(slice_str(folder->name), typed);

	if (fuzzy ? !begins && fuzzy_score(typed, slice_str(name)) >= 0
		  : begins)
		prompt_add_choice(&app->prompt, name);
}

static void
offer_folders(struct app *app, struct slice typed)
{
	for (size_t i = 0; i < UNIFIED_FOLDERS; i++)
		if (app->folders.unified[i].of.n > 0)
			offer(app, typed, app->folders.unified[i].folder.name);
	for (int at = 0; at < 2; at++)
		for (size_t i = 0; i < app->folders.rows.n; i++)
			if (app->folders.rows.items[i].selectable)
				offer_folder(app, typed,
					&app->folders.rows.items[i], at > 0);
}

/* Those that come with tercet, and the files. */
static void
offer_themes(struct app *app, struct slice typed)
{
	char *dir CLEANUP(freep) =
		app->config_dir ? file_join(app->config_dir, "themes") : NULL;
	DIR *entries = dir ? opendir(dir) : NULL;
	struct dirent *entry;

	offer(app, typed, "auto");
	offer(app, typed, "dark");
	offer(app, typed, "light");
	while (entries && (entry = readdir(entries)))
		if (entry->d_name[0] != '.')
			offer(app, typed, entry->d_name);
	if (entries)
		closedir(entries);
}

static void
offer_charsets(struct app *app, struct slice typed)
{
	const char *name;

	for (size_t i = 0; (name = reading_charset(i)); i++)
		offer(app, typed, name);
}

/* The option's name, then its words. */
static size_t
offer_options(struct app *app, struct slice typed, size_t from)
{
	size_t blank = slice_find(typed, ' ');
	char *name CLEANUP(freep) = xmemdup0(typed.data, blank);
	const struct option *option;

	if (blank == typed.len) {
		for (option = options; option->name; option++)
			if (option->scope == OPTION_GENERAL)
				offer(app, typed, option->name);
		return from;
	}
	option = option_find(OPTION_GENERAL, name);
	typed = slice_skip(typed, blank + 1);
	for (size_t i = 0; option && option->words && option->words[i].word;
		i++)
		offer(app, typed, option->words[i].word);
	return from + blank + 1;
}

size_t
complete_command(struct app *app, const char *line)
{
	struct slice typed = slice_str(line);
	const struct command *command;
	const char *why;
	size_t from = 0;
	size_t end;

	while (from < typed.len &&
		(ascii_is_digit(line[from]) || line[from] == ' '))
		from++;
	typed = slice_skip(typed, from);
	end = slice_find(typed, ' ');
	if (end == typed.len) {
		offer_commands(app, typed);
		return from;
	}
	command = command_find(slice_head(typed, end), &why);
	from += end + 1;
	typed = slice_skip(typed, end + 1);
	if (!command)
		return from;
	switch (command->arg) {
	case ARG_FOLDER:
		offer_folders(app, typed);
		break;
	case ARG_CHOICE:
		offer_words(app, typed, command->choices);
		break;
	case ARG_COMMAND:
		offer_commands(app, typed);
		break;
	case ARG_CHARSET:
		offer_charsets(app, typed);
		break;
	case ARG_THEME:
		offer_themes(app, typed);
		break;
	case ARG_OPTION:
		return offer_options(app, typed, from);
	case ARG_NONE:
	case ARG_TEXT:
	case ARG_NUMBER:
	case ARG_PATH:
		break;
	}
	return from;
}

static bool
is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

size_t
complete_path(struct app *app, const char *line)
{
	const char *slash = strrchr(line, '/');
	size_t from = slash ? (size_t)(slash - line) + 1 : 0;
	struct slice typed = slice_str(line + from);
	char *head CLEANUP(freep) = xmemdup0(line, from);
	char *dir CLEANUP(freep) = from ? file_expand_home(head) : xstrdup(".");
	DIR *entries = opendir(dir);
	struct dirent *entry;

	while (entries && (entry = readdir(entries))) {
		struct slice name = slice_str(entry->d_name);
		char *path CLEANUP(freep) = file_join(dir, entry->d_name);
		char *choice CLEANUP(freep) = NULL;

		if (!slice_starts(name, typed) ||
			(entry->d_name[0] == '.' && typed.len == 0))
			continue;
		choice = xasprintf(
			"%s%s", entry->d_name, is_directory(path) ? "/" : "");
		prompt_add_choice(&app->prompt, choice);
	}
	if (entries)
		closedir(entries);
	return from;
}
