/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "cli/args.h"

#include "tap.h"

static const struct arg_option table[] = {
	{ "folder", 'f', "FOLDER", "" },
	{ "json", 0, NULL, "" },
	{ "debug", 'd', NULL, "" },
	{ "headers", 'h', NULL, "" },
	{ 0 },
};

static const struct arg_option *
find(struct slice name, char letter)
{
	for (const struct arg_option *it = table; it->name; it++)
		if (name.len > 0 ? slice_eq(slice_str(it->name), name)
				 : it->letter && it->letter == letter)
			return it;
	return NULL;
}

/* As "flag" takes "-seen". */
static bool
is_word(const struct arg_words *words, const char *word)
{
	return words->n > 0 && strcmp(words->items[0], "flag") == 0 &&
	       word[1] != '-' && word[2];
}

/* A command line; its words, then options with values; or the complaint. */
static const struct {
	const char *argv[6];
	const char *want;
	const char *says;
} lines[] = {
	{ { "list", "QUERY" }, "list QUERY", NULL },
	{ { "--json", "list" }, "list --json", NULL },
	{ { "list", "--folder", "A b", "x" }, "list x --folder=A b", NULL },
	{ { "list", "--folder=A=b" }, "list --folder=A=b", NULL },
	{ { "list", "--folder=" }, "list --folder=", NULL },
	{ { "-dh", "list" }, "list --debug --headers", NULL },
	{ { "-f", "X", "list" }, "list --folder=X", NULL },
	{ { "-dfX", "list" }, "list --debug --folder=X", NULL },
	{ { "--folder", "--json" }, " --folder=--json", NULL },
	{ { "list", "--", "--json", "-d" }, "list --json -d", NULL },
	{ { "list", "-", "" }, "list - ", NULL },
	{ { 0 }, "", NULL },
	{ { "flag", "7", "-dh", "-d" }, "flag 7 -dh --debug", NULL },
	{ { "flag", "-seen", "--json" }, "flag -seen --json", NULL },
	{ { "-dh", "flag", "+x" }, "flag +x --debug --headers", NULL },
	{ { "--folder" }, NULL, "--folder FOLDER" },
	{ { "list", "-f" }, NULL, "--folder FOLDER" },
	{ { "--json=1" }, NULL, "--json" },
	{ { "--nope" }, NULL, "--nope" },
	{ { "--nope=1" }, NULL, "--nope" },
	{ { "--=1" }, NULL, "--" },
	{ { "-dx" }, NULL, "-dx" },
};

static void
describe(const struct args *args, struct strbuf *out)
{
	for (size_t i = 0; i < args->words.n; i++)
		strbuf_addf(out, "%s%s", i ? " " : "", args->words.items[i]);
	for (size_t i = 0; i < args->values.n; i++) {
		const struct arg_value *value = &args->values.items[i];

		strbuf_addf(out, " --%s%s%s", value->option->name,
			value->value ? "=" : "",
			value->value ? value->value : "");
	}
}

static void
test_lines(void)
{
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct args args CLEANUP(args_clear) = { 0 };
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };
		char *argv[6];
		int argc = 0;
		bool good;

		strbuf_init(&got, 1000);
		for (; argc < 6 && lines[i].argv[argc]; argc++)
			argv[argc] = (char *)(uintptr_t)lines[i].argv[argc];
		good = args_parse(argc, argv, find, is_word, &args, &err);
		if (good)
			describe(&args, &got);
		if (lines[i].want)
			is_str(good ? got.data : err.text, lines[i].want,
				"accepted");
		else
			ok(!good && err.kind == ERR_INVALID &&
					strstr(err.text, lines[i].says),
				"refused: %s", good ? got.data : err.text);
	}
}

static void
test_values(void)
{
	char one[] = "--folder=1";
	char two[] = "--folder=2";
	char *const argv[] = { one, two };
	struct args args CLEANUP(args_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t number = 0;

	ok(args_parse(2, argv, find, is_word, &args, &err), "an option twice");
	is_str(args_value(&args, "folder"), "2", "the last one counts");
	ok(!args_has(&args, "json") && !args_value(&args, "json"), "not given");
	ok(args_number("17", "N", 100, &number, &err) && number == 17,
		"a number");
	ok(!args_number("0", "N", 100, &number, &err), "no zero");
	ok(!args_number("-3", "N", 100, &number, &err), "nothing negative");
	ok(!args_number("101", "N", 100, &number, &err), "not over the limit");
	ok(!args_number("many", "--limit", 100, &number, &err) &&
			strstr(err.text, "--limit"),
		"no word, and the option is named");
}

int
main(void)
{
	test_lines();
	test_values();
	return tap_done();
}
