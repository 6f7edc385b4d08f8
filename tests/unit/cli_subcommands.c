/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tables promise each other. */
#include <string.h>

#include "cli/subcommand.h"
#include "config/option.h"

#include "tap.h"

static bool
is_summary(const char *text)
{
	size_t len = text ? strlen(text) : 0;

	return len > 0 && text[0] >= 'A' && text[0] <= 'Z' &&
	       text[len - 1] != '.';
}

/* One name means one thing to the parser, whatever command it stands with. */
static bool
options_agree(const struct arg_option *table)
{
	for (const struct arg_option *it = table; it && it->name; it++) {
		const struct arg_option *first =
			subcommand_find_option(slice_str(it->name), 0);
		const struct arg_option *by_letter =
			it->letter ? subcommand_find_option(
					     slice_make("", 0), it->letter)
				   : first;

		if (!first || !first->value != !it->value ||
			by_letter != first ||
			(it->summary && !is_summary(it->summary)))
			return ok(false, "option --%s", it->name);
	}
	return true;
}

static void
test_subcommands(void)
{
	ok(options_agree(global_options), "global options");
	ok(options_agree(shared_options), "shared options");
	for (const struct subcommand *it = subcommands; it->name; it++) {
		const char *words[] = { it->name, it->verb };
		struct arg_words given = { .items = words,
			.n = it->verb ? 2 : 1 };
		size_t skip = 0;

		ok(options_agree(it->options) && is_summary(it->summary) &&
				subcommand_find(&given, &skip) == it &&
				skip == given.n &&
				(it->many_words || !it->min_words ||
					it->min_words <= it->max_words) &&
				(!it->min_words || it->words),
			"command %s %s", it->name, it->verb ? it->verb : "");
	}
}

static void
test_defaults(void)
{
	const char *words[] = { "folder", "list", "x" };
	struct arg_words given = { .items = words, .n = 1 };
	const struct subcommand *found;
	size_t skip = 0;

	found = subcommand_find(&given, &skip);
	ok(found && strcmp(found->verb, "list") == 0 && skip == 1,
		"folder alone is folder list");
	given.n = 3;
	ok(subcommand_find(&given, &skip) == found && skip == 2,
		"what follows is no part of its name");
	words[1] = "nonsense";
	ok(!subcommand_find(&given, &skip), "an unknown verb");
	given.n = 0;
	ok(!subcommand_find(&given, &skip), "no word at all");
}

static void
test_options(void)
{
	for (const struct option *it = options; it->name; it++) {
		ok(is_summary(it->summary) &&
				option_find(it->scope, it->name) == it &&
				(it->kind != OPTION_URL) == !it->protocol &&
				(it->kind != OPTION_WORD || it->words) &&
				it->min <= it->max,
			"option %s", it->name);
	}
}

int
main(void)
{
	test_subcommands();
	test_defaults();
	test_options();
	return tap_done();
}
