/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries of mailcap files, and those that need a shell. */
#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "screen/mailcap.h"

#include "tap.h"

#define FILE_PATH "/run/x/a_b.pdf"

static const struct {
	const char *what;
	const char *text;
	const char *type;
	const char *words; /* with bars between; NULL: none */
	const char *flags; /* i: reads input, t: terminal, p: prints */
} cases[] = {
	{ "a path", "application/pdf; evince %s", "application/pdf",
		"evince|" FILE_PATH, "" },
	{ "a path in quotes", "application/pdf; evince '%s'\n",
		"application/pdf", "evince|" FILE_PATH, "" },
	{ "the type in any case", "Application/PDF; evince %s",
		"application/pdf", "evince|" FILE_PATH, "" },
	{ "the type of all of a kind", "image/*; feh -t %t --x='%s'",
		"image/png", "feh|-t|image/png|--x=" FILE_PATH, "" },
	{ "the same in short", "image; feh %s", "image/png", "feh|" FILE_PATH,
		"" },
	{ "every type", "*/*; one %s", "a/b", "one|" FILE_PATH, "" },
	{ "another type", "image/*; feh %s", "imagery/png", NULL, "" },
	{ "the first of two", "a/b; one %s\na/b; two %s\n", "a/b",
		"one|" FILE_PATH, "" },
	{ "the first that is installed", "a/b; missing %s\na/b; two %s\n",
		"a/b", "two|" FILE_PATH, "" },
	{ "comments, blank lines, lines that go on",
		"# a/b; no %s\n\na/b; \\\none \\\n%s; needsterminal\n", "a/b",
		"one|" FILE_PATH, "t" },
	{ "standard input", "a/b; one", "a/b", "one", "i" },
	{ "flags", "a/b; one %s; copiousoutput; needsterminal; x-y=z", "a/b",
		"one|" FILE_PATH, "tp" },
	{ "a semicolon of its own", "a/b; one 'a\\;b' %s; needsterminal", "a/b",
		"one|a;b|" FILE_PATH, "t" },
	{ "a parameter", "a/b; one --c=%{charset} %s", "a/b",
		"one|--c=|" FILE_PATH, "" },
	{ "a percent sign", "a/b; one 5%% %s", "a/b", "one|5%|" FILE_PATH, "" },
	{ "a test that holds", "a/b; one %s; test=test -n \"$SET\"", "a/b",
		"one|" FILE_PATH, "" },
	{ "a test that does not",
		"a/b; one %s; test=test -n \"$UNSET\"\na/b; two %s", "a/b",
		"two|" FILE_PATH, "" },
	{ "the other way round", "a/b; one %s; test=test -z \"$UNSET\"", "a/b",
		"one|" FILE_PATH, "" },
	{ "with braces and brackets", "a/b; one %s; test=[ \"${SET}\" ]", "a/b",
		"one|" FILE_PATH, "" },
	{ "a program for a test", "a/b; one %s; test=running x", "a/b", NULL,
		"" },
	{ "a test for a shell",
		"a/b; one %s; test=test -n \"$SET\" && test -n a", "a/b", NULL,
		"" },
	{ "a pipe", "a/b; one %s | two", "a/b", NULL, "" },
	{ "a redirection", "a/b; one < %s", "a/b", NULL, "" },
	{ "a variable", "a/b; $BROWSER %s", "a/b", NULL, "" },
	{ "a variable in quotes", "a/b; one \"$HOME\" %s", "a/b", NULL, "" },
	{ "a command inside", "a/b; one `two` %s", "a/b", NULL, "" },
	{ "a variable that is set", "a/b; A=b one %s", "a/b", NULL, "" },
	{ "an open quote", "a/b; one 'x %s", "a/b", NULL, "" },
	{ "a field nobody knows", "a/b; one %F %s", "a/b", NULL, "" },
	{ "a backslash in front of one", "a/b; one \\%s", "a/b", NULL, "" },
	{ "no command", "a/b", "a/b", NULL, "" },
	{ "a type for a shell", "*/*; one %s", "a/b;rm", NULL, "" },
	{ "no type", "*/*; one %s", "", NULL, "" },
	{ "nothing", "", "a/b", NULL, "" },
};

static bool
can_run(const char *program)
{
	return strcmp(program, "missing") != 0;
}

static char *
print_flags(const struct mailcap_command *command)
{
	return xasprintf("%s%s%s", command->reads_input ? "i" : "",
		command->needs_terminal ? "t" : "", command->prints ? "p" : "");
}

int
main(void)
{
	setenv("SET", "1", 1);
	unsetenv("UNSET");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mailcap_command command CLEANUP(
			mailcap_command_clear) = { .reads_input = false };
		struct strbuf words CLEANUP(strbuf_clear) = { 0 };
		char *flags CLEANUP(freep) = NULL;

		strbuf_init(&words, 1000);
		if (!mailcap_find(slice_str(cases[i].text), cases[i].type,
			    FILE_PATH, can_run, &command)) {
			ok(!cases[i].words, "%s: none", cases[i].what);
			continue;
		}
		for (size_t k = 0; k < command.argv.n; k++)
			strbuf_addf(&words, "%s%s", k > 0 ? "|" : "",
				command.argv.items[k]);
		flags = print_flags(&command);
		ok(cases[i].words && strcmp(words.data, cases[i].words) == 0 &&
				strcmp(flags, cases[i].flags) == 0,
			"%s: %s (%s)", cases[i].what, words.data, flags);
	}
	ok(mailcap_is_type("application/vnd.ms-excel") &&
			!mailcap_is_type("a/$b") && !mailcap_is_type("a/b/c") &&
			!mailcap_is_type("-a/b") && !mailcap_is_type("a"),
		"what a type is");
	return tap_done();
}
