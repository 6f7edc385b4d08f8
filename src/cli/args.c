/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/args.h"

#include <string.h>

#include "base/ascii.h"
#include "base/gettext.h"

struct cursor {
	int argc;
	char *const *argv;
	int at; /* the word being looked at */
};

void
args_clear(struct args *args)
{
	array_clear(&args->words);
	array_clear(&args->values);
}

static bool
add_option(struct args *args, struct cursor *cursor,
	const struct arg_option *option, const char *value, struct error *err)
{
	struct arg_value given = { .option = option, .value = value };

	if (option->value && !value) {
		if (cursor->at + 1 >= cursor->argc)
			return error_set(err, ERR_INVALID,
				_("--%s needs a value: --%s %s"), option->name,
				option->name, option->value);
		given.value = cursor->argv[++cursor->at];
	} else if (!option->value && value) {
		return error_set(err, ERR_INVALID, _("--%s takes no value"),
			option->name);
	}
	array_push(&args->values, given);
	return true;
}

/* --name or --name=value */
static bool
add_long(struct args *args, struct cursor *cursor, args_find *find,
	struct error *err)
{
	const char *word = cursor->argv[cursor->at] + 2;
	const char *equals = strchr(word, '=');
	struct slice name = equals ? slice_make(word, (size_t)(equals - word))
				   : slice_str(word);
	const struct arg_option *option = name.len > 0 ? find(name, 0) : NULL;

	if (!option)
		return error_set(err, ERR_INVALID, _("unknown option --%.*s"),
			(int)name.len, name.data);
	return add_option(
		args, cursor, option, equals ? equals + 1 : NULL, err);
}

/* -x, -xyz, -x value or -xvalue */
static bool
add_short(struct args *args, struct cursor *cursor, args_find *find,
	struct error *err)
{
	const char *word = cursor->argv[cursor->at];

	for (const char *p = word + 1; *p; p++) {
		const struct arg_option *option = find(slice_make(p, 0), *p);
		const char *rest = p[1] ? p + 1 : NULL;

		if (!option)
			return error_set(
				err, ERR_INVALID, _("unknown option %s"), word);
		if (!add_option(args, cursor, option,
			    option->value ? rest : NULL, err))
			return false;
		if (option->value)
			break;
	}
	return true;
}

bool
args_parse(int argc, char *const *argv, args_find *find, args_is_word *is_word,
	struct args *ret_args, struct error *err)
{
	struct args args CLEANUP(args_clear) = { 0 };
	struct cursor cursor = { .argc = argc, .argv = argv };
	bool options = true;

	for (; cursor.at < argc; cursor.at++) {
		const char *word = argv[cursor.at];

		if (!options || word[0] != '-' || !word[1] ||
			is_word(&args.words, word)) {
			array_push(&args.words, word);
			continue;
		}
		if (strcmp(word, "--") == 0)
			options = false;
		else if (word[1] == '-' ? !add_long(&args, &cursor, find, err)
					: !add_short(&args, &cursor, find, err))
			return false;
	}
	*ret_args = args;
	args = (struct args){ 0 };
	return true;
}

bool
args_has(const struct args *args, const char *option)
{
	for (size_t i = 0; i < args->values.n; i++)
		if (strcmp(args->values.items[i].option->name, option) == 0)
			return true;
	return false;
}

const char *
args_value(const struct args *args, const char *option)
{
	const char *value = NULL;

	for (size_t i = 0; i < args->values.n; i++)
		if (strcmp(args->values.items[i].option->name, option) == 0)
			value = args->values.items[i].value;
	return value;
}

bool
args_number(const char *text, const char *what, int64_t max,
	int64_t *ret_number, struct error *err)
{
	uint64_t number;

	if (!ascii_parse_u64(text, strlen(text), (uint64_t)max, &number) ||
		number == 0)
		return error_set(err, ERR_INVALID,
			_("%s is a number from 1 on, not “%s”"), what, text);
	*ret_number = (int64_t)number;
	return true;
}
