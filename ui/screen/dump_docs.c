/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/dump_docs.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "command/command.h"
#include "command/keymap.h"
#include "config/config.h"
#include "term/theme.h"

/* A section for each set of contexts that the tables bind keys in. */
static const struct {
	unsigned where;
	const char *title;
} sections[] = {
	{ IN_ALL, "Everywhere" },
	{ IN_PANES, "In every pane" },
	{ IN_LIST | IN_VIEWER, "In the list and in the message" },
	{ IN_LIST | IN_FOLDERS, "In the list and among the folders" },
	{ IN_LIST, "In the list" },
	{ IN_VIEWER, "In the message" },
	{ IN_FOLDERS, "Among the folders" },
	{ IN_PAGER, "In pages of text" },
	{ IN_ACTIVITY, "In Activity" },
	{ IN_COMPOSER, "On the page of a message being written" },
};

/* Text with what mdoc would take for its own made harmless. */
static void
put(FILE *out, const char *text, bool line_start)
{
	if (line_start && (*text == '.' || *text == '\''))
		fputs("\\&", out);
	for (; *text; text++)
		if (*text == '\\')
			fputs("\\e", out);
		else
			putc(*text, out);
}

/* A key as a macro's argument: punctuation must not be taken for a macro's
 * end. */
static void
put_key(FILE *out, const char *key)
{
	bool quoted = strchr(key, ' ') != NULL;

	fputs(quoted ? " \"" : " ", out);
	if (strlen(key) == 1 && !ascii_is_alnum(*key))
		fputs("\\&", out);
	if (strcmp(key, "\"") == 0)
		fputs("\\(dq", out);
	else
		put(out, key, false);
	fputs(quoted ? "\"" : "", out);
}

static void
dump_commands(FILE *out)
{
	const struct command *command;

	for (size_t i = 0; (command = command_at(i)); i++) {
		fprintf(out, ".It Ic %s", command->name);
		if (command->arg != ARG_NONE)
			fprintf(out,
				command->arg_needed ? " Ar %s" : " Op Ar %s",
				command->choices ? "word" : "argument");
		putc('\n', out);
		put(out, command->summary, true);
		fputs(".\n", out);
		if (command->arg != ARG_NONE) {
			fputs("The argument is ", out);
			put(out, command->arg_name, false);
			if (command->choices)
				fprintf(out, ": %s", command->choices);
			fputs(".\n", out);
		}
		if (command->later)
			fputs("Not in this version.\n", out);
	}
}

/* The keys of a command in these contexts, all in one item. */
static void
dump_keys_of(FILE *out, const struct keymap *keymap,
	const struct command *command, unsigned where)
{
	bool first = true;

	for (size_t i = 0; i < keymap->n; i++) {
		const struct binding *binding = &keymap->items[i];
		char *keys CLEANUP(freep) = NULL;

		if (binding->where != where ||
			strcmp(binding->line, command->name) != 0)
			continue;
		keys = keyseq_format(&binding->seq);
		fputs(first ? ".It Ic" : " ,", out);
		put_key(out, keys);
		first = false;
	}
	if (first)
		return;
	putc('\n', out);
	put(out, command->summary, true);
	fputs(command->later ? ".\nNot in this version.\n" : ".\n", out);
}

static void
dump_keys(FILE *out)
{
	struct keymap *keymap = keymap_new(KEYS_DEFAULT);
	const struct command *command;

	for (size_t s = 0; s < ARRAY_LEN(sections); s++) {
		fprintf(out, ".Ss \\&%s\n.Bl -tag -width Ds\n",
			sections[s].title);
		for (size_t i = 0; (command = command_at(i)); i++)
			dump_keys_of(out, keymap, command, sections[s].where);
		fputs(".El\n", out);
	}
	keymap_free(keymap);
}

static void
dump_styles(FILE *out)
{
	for (int i = 0; i < STYLE_COUNT; i++) {
		fprintf(out, ".It Ic %s\n", style_name((enum style)i));
		put(out, style_summary((enum style)i), true);
		fputs(".\n", out);
	}
}

bool
dump_docs(const char *table, FILE *out)
{
	if (strcmp(table, "commands") == 0)
		dump_commands(out);
	else if (strcmp(table, "keys") == 0)
		dump_keys(out);
	else if (strcmp(table, "styles") == 0)
		dump_styles(out);
	else
		return false;
	return fflush(out) == 0;
}
