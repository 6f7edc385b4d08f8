/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/mailcap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/strbuf.h"

enum { ENTRY_BYTES_MAX = 8192, TYPE_BYTES_MAX = 255 };

/* What only a shell would read otherwise than as it stands. */
static const char operators[] = "|&;<>()$`*?[]~#!\n";
/* The same inside double quotes. */
static const char quoted_operators[] = "$`!\n";

bool
mailcap_is_type(const char *type)
{
	struct slice s = slice_str(type);
	size_t slash = slice_find(s, '/');

	if (slash == 0 || slash + 1 >= s.len || s.len > TYPE_BYTES_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (i != slash && !ascii_is_alnum(s.data[i]) &&
			(i == 0 || i == slash + 1 ||
				!strchr("-_.+", s.data[i])))
			return false;
	return true;
}

/* An entry: lines that end in a backslash go on.  False at the end. */
static bool
next_entry(struct slice *text, struct strbuf *entry)
{
	struct slice line;

	strbuf_reset(entry);
	while (slice_next_line(text, &line)) {
		bool goes_on = slice_ends(line, SLICE("\\"));

		if (entry->len == 0 &&
			(slice_trim(line).len == 0 || line.data[0] == '#'))
			continue;
		if (goes_on)
			line.len--;
		strbuf_add_slice(entry, line);
		if (!goes_on)
			return true;
	}
	return entry->len > 0;
}

/* Up to the next semicolon without a backslash; the backslashes of others
 * go. */
static void
next_field(struct slice *rest, struct strbuf *field)
{
	strbuf_reset(field);
	while (rest->len > 0) {
		char c = rest->data[0];

		*rest = slice_skip(*rest, 1);
		if (c == ';')
			return;
		if (c == '\\' && rest->len > 0) {
			if (rest->data[0] != ';')
				strbuf_add_char(field, c);
			c = rest->data[0];
			*rest = slice_skip(*rest, 1);
		}
		strbuf_add_char(field, c);
	}
}

/* "text/plain", "text/" followed by a star, and "text", which is the same. */
static bool
is_for_type(struct slice pattern, struct slice type)
{
	size_t slash = slice_find(pattern, '/');
	struct slice minor = slice_skip(pattern, slash + 1);

	if (slash < pattern.len && !slice_eq(minor, SLICE("*")))
		return slice_eq_nocase(pattern, type);
	pattern = slice_head(pattern, slash);
	return slice_eq(pattern, SLICE("*")) ||
	       slice_eq_nocase(
		       pattern, slice_head(type, slice_find(type, '/')));
}

/* Whether words are all there is to it. */
static bool
is_plain(const char *command)
{
	char quote = '\0';

	for (const char *c = command; *c; c++) {
		/* An escaped percent sign would be taken for a field. */
		if (*c == '\\' && (c[1] == '\0' || c[1] == '%'))
			return false;
		if (quote == '\'') {
			quote = *c == '\'' ? '\0' : quote;
		} else if (*c == '\\') {
			c++;
		} else if (*c == '"') {
			quote = quote ? '\0' : '"';
		} else if (!quote && *c == '\'') {
			quote = *c;
		} else if (strchr(quote ? quoted_operators : operators, *c)) {
			return false;
		}
	}
	return true;
}

/* A word with its fields filled in; NULL: it has one that nobody knows. */
static char *
fill(const char *word, const char *type, const char *path, bool *has_path)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, 2 * ENTRY_BYTES_MAX);
	for (const char *c = word; *c; c++) {
		const char *end;

		if (*c != '%') {
			strbuf_add_char(&out, *c);
			continue;
		}
		switch (*++c) {
		case 's':
			strbuf_add_str(&out, path);
			*has_path = true;
			break;
		case 't':
			strbuf_add_str(&out, type);
			break;
		case '%':
			strbuf_add_char(&out, '%');
			break;
		case '{': /* a parameter of the type, which may be missing */
			end = strchr(c, '}');
			if (!end)
				return NULL;
			c = end;
			break;
		default:
			return NULL;
		}
	}
	return out.full ? NULL : strbuf_take(&out);
}

/* The words of a command; false: it cannot be run so. */
static bool
read_command(const char *text, const char *type, const char *path,
	struct mailcap_command *command)
{
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;
	bool has_path = false;

	if (!is_plain(text) || !argv_split(text, &command->argv, &ignored))
		return false;
	for (size_t i = 0; i < command->argv.n; i++) {
		char *filled =
			fill(command->argv.items[i], type, path, &has_path);

		if (!filled)
			return false;
		free(command->argv.items[i]);
		command->argv.items[i] = filled;
	}
	command->reads_input = !has_path;
	/* A variable set for the command. */
	return !strchr(command->argv.items[0], '=');
}

/* A word of a test: "$DISPLAY" is the variable. */
static const char *
value_of(char *word)
{
	const char *value;
	size_t len = strlen(word);

	if (word[0] != '$')
		return word;
	word++;
	if (word[0] == '{' && len > 2 && word[len - 2] == '}') {
		word[len - 2] = '\0';
		word++;
	}
	value = getenv(word);
	return value ? value : "";
}

/* What of test(1) stands in mailcap files. */
static bool
test_holds(const char *text)
{
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;
	struct argv argv CLEANUP(argv_clear) = { NULL, 0 };
	const char *what;
	size_t n;

	if (strpbrk(text, "|&;<>()`") || !argv_split(text, &argv, &ignored))
		return false;
	n = argv.n;
	if (strcmp(argv.items[0], "[") == 0 && n > 1 &&
		strcmp(argv.items[n - 1], "]") == 0)
		n--;
	else if (strcmp(argv.items[0], "test") != 0)
		return false;
	if (n == 2)
		return *value_of(argv.items[1]) != '\0';
	if (n != 3)
		return false;
	what = value_of(argv.items[2]);
	if (strcmp(argv.items[1], "-n") == 0)
		return *what != '\0';
	if (strcmp(argv.items[1], "-z") == 0)
		return *what == '\0';
	if (strcmp(argv.items[1], "-x") == 0)
		return access(what, X_OK) == 0;
	if (strcmp(argv.items[1], "-e") == 0 ||
		strcmp(argv.items[1], "-f") == 0)
		return access(what, F_OK) == 0;
	return false;
}

/* Flags and the rest; false: it is not for here. */
static bool
read_flags(struct slice rest, struct mailcap_command *command)
{
	struct strbuf field CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&field, ENTRY_BYTES_MAX);
	while (rest.len > 0) {
		struct slice flag;
		struct slice value;
		size_t equals;

		next_field(&rest, &field);
		flag = slice_trim(strbuf_slice(&field));
		equals = slice_find(flag, '=');
		value = slice_trim(slice_skip(flag, equals + 1));
		flag = slice_trim(slice_head(flag, equals));
		if (slice_eq_nocase(flag, SLICE("needsterminal"))) {
			command->needs_terminal = true;
		} else if (slice_eq_nocase(flag, SLICE("copiousoutput"))) {
			command->prints = true;
		} else if (slice_eq_nocase(flag, SLICE("test"))) {
			char *test CLEANUP(freep) =
				xmemdup0(value.data, value.len);

			if (!test_holds(test))
				return false;
		}
	}
	return true;
}

static bool
read_entry(struct slice entry, const char *type, const char *path,
	bool (*can_run)(const char *program), struct mailcap_command *command)
{
	struct strbuf field CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&field, ENTRY_BYTES_MAX);
	next_field(&entry, &field);
	if (!is_for_type(slice_trim(strbuf_slice(&field)), slice_str(type)))
		return false;
	next_field(&entry, &field);
	return !field.full && field.data &&
	       read_command(field.data, type, path, command) &&
	       can_run(command->argv.items[0]) && read_flags(entry, command);
}

bool
mailcap_find(struct slice text, const char *type, const char *path,
	bool (*can_run)(const char *program),
	struct mailcap_command *ret_command)
{
	struct strbuf entry CLEANUP(strbuf_clear) = { 0 };

	if (!mailcap_is_type(type))
		return false;
	strbuf_init(&entry, ENTRY_BYTES_MAX);
	while (next_entry(&text, &entry)) {
		struct mailcap_command command = { .argv = { NULL, 0 } };

		if (!entry.full && read_entry(strbuf_slice(&entry), type, path,
					   can_run, &command)) {
			*ret_command = command;
			return true;
		}
		mailcap_command_clear(&command);
	}
	return false;
}

void
mailcap_command_clear(struct mailcap_command *command)
{
	argv_clear(&command->argv);
	*command = (struct mailcap_command){ .argv = { NULL, 0 } };
}
