/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --help shows and the manual is made from. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/subcommand.h"
#include "config/option.h"
#include "i18n/width.h"

enum { LEFT_COLUMN = 32, LINE = 79, TEXT_LIMIT = 4096 };

/* `left` in its column, `text` wrapped beside it. */
static void
print_item(const char *left, const char *text)
{
	struct slice rest = slice_str(text);
	int used = width_text(slice_str(left)) + 2;

	printf("  %s", left);
	if (used >= LEFT_COLUMN) {
		putchar('\n');
		used = 0;
	}
	while (rest.len > 0) {
		size_t next;
		size_t n = width_wrap(rest, LINE - LEFT_COLUMN, &next);

		printf("%*s%.*s\n", LEFT_COLUMN - used, "", (int)n, rest.data);
		rest = slice_skip(rest, next);
		used = 0;
	}
}

/* "folder create FOLDER" */
static char *
usage_of(const struct subcommand *command)
{
	bool verb = command->verb && !command->is_default;

	return xasprintf("%s%s%s%s%s%s%s%s", command->name, verb ? " " : "",
		verb ? command->verb : "",
		command->verb && command->is_default ? " [" : "",
		command->verb && command->is_default ? command->verb : "",
		command->verb && command->is_default ? "]" : "",
		command->words ? " " : "",
		command->words ? _(command->words) : "");
}

/* With a command, what of the table it takes. */
static void
print_options(const struct arg_option *table, const struct subcommand *command)
{
	for (const struct arg_option *it = table; it && it->name; it++) {
		char letter[] = { '-', it->letter, ',', ' ', '\0' };
		char *left CLEANUP(freep) = NULL;

		if (!it->summary ||
			(command && !subcommand_has_option(command, it)))
			continue;
		left = xasprintf("%s--%s%s%s", it->letter ? letter : "    ",
			it->name, it->value ? " " : "",
			it->value ? _(it->value) : "");
		print_item(left, _(it->summary));
	}
}

static void
print_statuses(void)
{
	static const char *const meanings[] = {
		[CLI_OK] = N_("done"),
		[CLI_FAILED] = N_("failed"),
		[CLI_USAGE] = N_("bad usage or configuration"),
		[CLI_PARTLY] = N_("partly done: queued, will be tried again"),
		[CLI_REFUSED] = N_("refused by policy: an untrusted "
				   "certificate, or read-only"),
	};

	printf("\n%s\n", _("Exit status:"));
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++)
		printf("  %zu  %s\n", i, _(meanings[i]));
}

void
help_print(void)
{
	printf(_("Usage: tercet [OPTION]...\n"
		 "       tercet [OPTION]... COMMAND [ARGUMENT]...\n"));
	printf("\n%s\n", _("Without a command: read mail. Commands:"));
	for (const struct subcommand *it = subcommands; it->name; it++) {
		char *left CLEANUP(freep) = NULL;

		if (!it->run)
			continue;
		left = usage_of(it);
		print_item(left, _(it->summary));
	}
	printf("\n%s\n", _("Options, anywhere:"));
	print_options(global_options, NULL);
	printf("\n%s\n", _("Options of some commands, as their help tells:"));
	print_options(shared_options, NULL);
	print_statuses();
	printf("\n%s\n", _("tercet COMMAND --help tells more of a command."));
}

/* The other verbs: "account --help" is asked by who knows none yet. */
static void
print_siblings(const struct subcommand *command)
{
	bool any = false;

	for (const struct subcommand *it = subcommands; it->name; it++) {
		char *left CLEANUP(freep) = NULL;

		if (it == command || !it->run ||
			strcmp(it->name, command->name) != 0)
			continue;
		if (!any)
			printf("\n%s\n", _("Also:"));
		any = true;
		left = usage_of(it);
		print_item(left, _(it->summary));
	}
}

void
help_print_command(const struct subcommand *command)
{
	char *usage CLEANUP(freep) = usage_of(command);

	printf(_("Usage: tercet %s\n"), usage);
	printf("\n%s.\n", _(command->summary));
	if (!command->run)
		printf("\n%s\n", _("This version cannot do it yet."));
	print_siblings(command);
	if (command->options || command->has_json || command->has_dry_run) {
		printf("\n%s\n", _("Options:"));
		print_options(command->options, command);
		print_options(shared_options, command);
	}
	printf("\n%s\n", _("Options of every command:"));
	print_options(global_options, command);
}

/* A line of running text in roff: nothing in it is an instruction. */
static void
roff_text(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (const char *p = text; *p; p++)
		if (*p == '\\')
			fputs("\\e", stdout);
		else
			putchar(*p);
}

/* A word as an argument of a macro. */
static void
roff_word(const char *word)
{
	printf(" \"\\&");
	for (const char *p = word; *p; p++)
		if (*p == '\\')
			fputs("\\e", stdout);
		else if (*p == '"')
			fputs("\\(dq", stdout);
		else
			putchar(*p);
	putchar('"');
}

static void
roff_sentence(const char *text)
{
	roff_text(text);
	puts(".");
}

static void
dump_arg_options(
	const struct arg_option *table, const struct subcommand *command)
{
	for (const struct arg_option *it = table; it && it->name; it++) {
		if (!it->summary ||
			(command && !subcommand_has_option(command, it)))
			continue;
		printf(".It");
		if (it->letter)
			printf(" Fl %c ,", it->letter);
		printf(" Fl \\-%s", it->name);
		if (it->value) {
			printf(" Ar");
			roff_word(it->value);
		}
		putchar('\n');
		roff_sentence(it->summary);
	}
}

static void
dump_subcommands(void)
{
	for (const struct subcommand *it = subcommands; it->name; it++) {
		if (!it->run)
			continue;
		printf(".It Cm %s", it->name);
		if (it->verb && it->is_default)
			printf(" Op Cm %s", it->verb);
		else if (it->verb)
			printf(" %s", it->verb);
		if (it->words) {
			printf(" Ar");
			roff_word(it->words);
		}
		putchar('\n');
		roff_sentence(it->summary);
		if (!it->options && !it->has_json && !it->has_dry_run)
			continue;
		puts(".Bl -tag -width Ds -compact");
		dump_arg_options(it->options, it);
		dump_arg_options(shared_options, it);
		puts(".El");
	}
}

/* The options of the configuration. */
static void
dump_options(enum option_scope scope)
{
	for (const struct option *it = options; it->name; it++) {
		char *accepts CLEANUP(freep) = NULL;

		if (it->scope != scope)
			continue;
		accepts = option_accepts(it);
		printf(".It Ic %s\n", it->name);
		roff_sentence(it->summary);
		printf("Takes ");
		roff_sentence(accepts);
		if (!it->value[0])
			continue;
		printf("Default:\n.Ql");
		roff_word(it->value);
		puts(" .");
	}
}

bool
help_dump_docs(const char *table)
{
	if (strcmp(table, "subcommands") == 0)
		dump_subcommands();
	else if (strcmp(table, "global-options") == 0)
		dump_arg_options(global_options, NULL);
	else if (strcmp(table, "general-options") == 0)
		dump_options(OPTION_GENERAL);
	else if (strcmp(table, "account-options") == 0)
		dump_options(OPTION_ACCOUNT);
	else if (strcmp(table, "options") == 0) {
		puts(".Ss [general]\n.Bl -tag -width Ds");
		dump_options(OPTION_GENERAL);
		puts(".El\n.Ss [account NAME]\n.Bl -tag -width Ds");
		dump_options(OPTION_ACCOUNT);
		puts(".El");
	} else {
		return false;
	}
	return true;
}
