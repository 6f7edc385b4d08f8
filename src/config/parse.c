/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libini_config splits the file into keys and values and names the line of a
 * syntax error.  It does not tell the line of a control character or of bytes
 * that are not UTF-8, drops what follows a NUL and a key with a blank in it,
 * joins sections that differ in case, says nothing of empty ones, and slows
 * down with the square of the number of sections: vet() looks at these first.
 */
#include "config/parse.h"

#include <ini_configobj.h>
#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "config/scan.h"

enum { KEY_LIMIT = 64 };

static struct entry *
add_entry(struct entry_array *entries, struct slice account, unsigned line)
{
	struct entry *entry = array_add(entries);

	entry->line = line;
	if (account.len > 0)
		entry->account = xmemdup0(account.data, account.len);
	return entry;
}

static bool
is_key(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.data[i]) && name.data[i] != '-')
			return false;
	return name.len > 0 && name.len <= KEY_LIMIT;
}

static bool
control_character(const char *path, const struct line *line, uint32_t c,
	struct error *err)
{
	error_set(err, ERR_INVALID,
		_("the line holds a control character (U+%04X)"), (unsigned)c);
	if (line->kind == LINE_OPTION && is_key(line->name))
		error_prefix(err, "%.*s", (int)line->name.len, line->name.data);
	return error_prefix(err, "%s:%u", path, line->number);
}

/* Nothing but text: libini_config would not say where the rest stands. */
static bool
vet_bytes(const char *path, const struct line *line, struct error *err)
{
	struct slice text = line->all;

	if (!utf8_is_valid(text))
		return error_set(err, ERR_INVALID,
			_("%s:%u: the line is not UTF-8 text"), path,
			line->number);
	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		if (c == '\t' || c == '\n' || (c == '\r' && text.len == 1))
			continue;
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return control_character(path, line, c, err);
	}
	return true;
}

static bool
vet_section(const char *path, const struct line *line,
	struct entry_array *sections, struct error *err)
{
	struct slice account;
	struct entry *twin;
	char *name CLEANUP(freep) = NULL;

	if (!section_split(line->name, &account))
		return error_set(err, ERR_INVALID,
			_("%s:%u: unknown section [%.*s]; there are [general] "
			  "and [account NAME]"),
			path, line->number, (int)slice_head(line->name, 64).len,
			line->name.data);
	if (account.len > 0 && !account_name_valid(account))
		return error_set(err, ERR_INVALID,
			_("%s:%u: an account's name is made of at most 64 "
			  "letters a to z, digits and . _ - @ +"),
			path, line->number);
	if (account.len > 0)
		name = xmemdup0(account.data, account.len);
	twin = entries_find(sections, name, NULL);
	if (twin)
		return error_set(err, ERR_INVALID,
			_("%s:%u: the section [%.*s] was given before, on "
			  "line %u"),
			path, line->number, (int)line->name.len,
			line->name.data, twin->line);
	if (sections->n > CONFIG_ACCOUNTS_LIMIT)
		return error_set(err, ERR_LIMIT,
			_("%s:%u: there are more than %d accounts"), path,
			line->number, CONFIG_ACCOUNTS_LIMIT);
	add_entry(sections, account, line->number);
	return true;
}

static bool
vet_option(const char *path, const struct line *line, bool in_section,
	struct error *err)
{
	if (!in_section)
		return error_set(err, ERR_INVALID,
			_("%s:%u: an option stands before the first section; "
			  "write [general] above it"),
			path, line->number);
	for (size_t i = 0; i < line->name.len; i++)
		if (i >= KEY_LIMIT || (!ascii_is_alnum(line->name.data[i]) &&
					      line->name.data[i] != '-'))
			return error_set(err, ERR_INVALID,
				_("%s:%u: an option's name is made of letters "
				  "and hyphens, and an equals sign follows it"),
				path, line->number);
	return true;
}

static bool
vet_other(const char *path, const struct line *line, struct error *err)
{
	char first = slice_trim(line->all).data[0];

	if (first != '#' && first != ';' && first != '[')
		return true;
	return error_set(err, ERR_INVALID,
		_("%s:%u: a comment begins at the line's start; a section, "
		  "[general] or [account NAME], has a line for itself"),
		path, line->number);
}

/* Collects the sections, in order. */
static bool
vet(const char *path, struct slice text, struct entry_array *sections,
	struct error *err)
{
	struct scan scan;
	struct line line;

	scan_init(&scan, text);
	while (scan_next(&scan, &line)) {
		bool good = vet_bytes(path, &line, err);

		if (good && line.number > CONFIG_LINES_LIMIT)
			return error_set(err, ERR_LIMIT,
				_("%s has more than %d lines"), path,
				CONFIG_LINES_LIMIT);
		if (good && line.kind == LINE_SECTION)
			good = vet_section(path, &line, sections, err);
		if (good && line.kind == LINE_OPTION)
			good = vet_option(path, &line, sections->n > 0, err);
		if (good && line.kind == LINE_OTHER)
			good = vet_other(path, &line, err);
		if (!good)
			return false;
	}
	return true;
}

static const char *
explain(unsigned long code)
{
	switch (code) {
	case ERR_NOEQUAL:
		return _("neither a section, nor a comment, nor an option "
			 "with an equals sign");
	case ERR_NOKEY:
		return _("no name before the equals sign");
	case ERR_LONGKEY:
	case ERR_SECTIONLONG:
	case ERR_LONGDATA:
		return _("the line is too long");
	default:
		return NULL;
	}
}

/* The library words its findings "Error (CODE) on line N: text". */
static bool
report(const char *path, struct ini_cfgobj *ini, struct error *err)
{
	static const char before_code[] = "Error (";
	static const char before_line[] = ") on line ";
	char **texts = NULL;
	const char *why = NULL;
	unsigned long line = 0;
	char *end;

	if (ini_config_error_count(ini) == 0 ||
		ini_config_get_errors(ini, &texts) != 0 || !texts || !texts[0])
		return error_set(err, ERR_INVALID,
			_("%s cannot be understood as a configuration"), path);
	if (strncmp(texts[0], before_code, strlen(before_code)) == 0) {
		why = explain(
			strtoul(texts[0] + strlen(before_code), &end, 10));
		if (strncmp(end, before_line, strlen(before_line)) == 0)
			line = strtoul(end + strlen(before_line), NULL, 10);
	}
	if (line > 0 && why)
		error_set(err, ERR_INVALID, "%s:%lu: %s", path, line, why);
	else
		error_set(err, ERR_INVALID, "%s: %s", path, texts[0]);
	ini_config_free_errors(texts);
	return false;
}

static bool
add_value(const char *path, struct slice account, const char *key,
	struct value_obj *value, struct entry_array *entries, struct error *err)
{
	const struct entry *twin;
	struct entry *entry;
	const char *text;
	uint32_t line = 0;
	int failed = 0;

	text = ini_get_const_string_config_value(value, &failed);
	if (failed || !text || value_get_line(value, &line) != 0)
		return error_set(err, ERR_INVALID,
			_("%s: the value of %s cannot be read"), path, key);
	entry = add_entry(entries, account, line);
	twin = entries_find(entries, entry->account, key);
	if (twin)
		return error_set(err, ERR_INVALID,
			_("%s:%u: %s was given before, on line %u"), path,
			(unsigned)line, key, twin->line);
	entry->key = xstrdup(key);
	ascii_lower_str(entry->key);
	entry->value = xstrdup(text);
	return true;
}

/* The library lists a key once for each time it stands in the section. */
static bool
add_section(const char *path, struct ini_cfgobj *ini, const char *name,
	struct slice account, struct entry_array *entries, struct error *err)
{
	int n = 0;
	char **keys = ini_get_attribute_list(ini, name, &n, NULL);
	bool good = true;

	for (int i = 0; keys && good && i < n; i++) {
		int mode = INI_GET_FIRST_VALUE;
		struct value_obj *value = NULL;

		while (good &&
			ini_get_config_valueobj(
				name, keys[i], ini, mode, &value) == 0 &&
			value) {
			good = add_value(
				path, account, keys[i], value, entries, err);
			mode = INI_GET_NEXT_VALUE;
			value = NULL;
		}
	}
	ini_free_attribute_list(keys);
	return good;
}

static bool
collect(const char *path, struct ini_cfgobj *ini,
	const struct entry_array *sections, struct entry_array *entries,
	struct error *err)
{
	int n = 0;
	char **names = ini_get_section_list(ini, &n, NULL);
	bool good = true;

	for (size_t i = 0; good && i < sections->n; i++) {
		const struct entry *section = &sections->items[i];
		struct slice want = slice_str(section->account);

		add_entry(entries, want, section->line);
		for (int j = 0; good && j < n; j++) {
			struct slice account;

			if (section_split(slice_str(names[j]), &account) &&
				slice_eq_nocase(account, want))
				good = add_section(path, ini, names[j], want,
					entries, err);
		}
	}
	ini_free_section_list(names);
	return good;
}

static bool
read_ini(const char *path, struct slice text,
	const struct entry_array *sections, struct entry_array *entries,
	struct error *err)
{
	char *copy CLEANUP(freep) = xmemdup0(text.data, text.len);
	struct ini_cfgobj *ini = NULL;
	struct ini_cfgfile *file = NULL;
	bool good = false;

	if (ini_config_create(&ini) != 0)
		return error_set(err, ERR_INVALID,
			_("%s cannot be understood as a configuration"), path);
	if (ini_config_file_from_mem(copy, (uint32_t)text.len, &file) == 0 &&
		ini_config_parse(file, INI_STOP_ON_NONE,
			INI_MV1S_ALLOW | INI_MV2S_ALLOW | INI_MS_MERGE,
			INI_PARSE_NOWRAP | INI_PARSE_NO_C_COMMENTS, ini) == 0)
		good = collect(path, ini, sections, entries, err);
	else
		report(path, ini, err);
	ini_config_file_destroy(file);
	ini_config_destroy(ini);
	return good;
}

bool
parse_entries(const char *path, struct slice text,
	struct entry_array *ret_entries, struct error *err)
{
	struct entry_array sections CLEANUP(entries_clear) = { 0 };
	struct entry_array entries CLEANUP(entries_clear) = { 0 };

	if (text.len > CONFIG_FILE_LIMIT)
		return error_set(err, ERR_LIMIT,
			_("%s is larger than %d bytes"), path,
			CONFIG_FILE_LIMIT);
	if (!vet(path, text, &sections, err))
		return false;
	if (text.len > 0 && !read_ini(path, text, &sections, &entries, err))
		return false;
	*ret_entries = entries;
	entries = (struct entry_array){ 0 };
	return true;
}

void
entries_clear(struct entry_array *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		free(entries->items[i].account);
		free(entries->items[i].key);
		free(entries->items[i].value);
	}
	array_clear(entries);
}

void
entries_copy(const struct entry_array *from, struct entry_array *to)
{
	for (size_t i = 0; i < from->n; i++) {
		struct entry *entry = array_add(to);

		entry->account = xstrdup_null(from->items[i].account);
		entry->key = xstrdup_null(from->items[i].key);
		entry->value = xstrdup_null(from->items[i].value);
		entry->line = from->items[i].line;
	}
}

static bool
same_name(const char *a, const char *b)
{
	return a && b ? ascii_eq_nocase(a, b) : a == b;
}

struct entry *
entries_find(
	const struct entry_array *entries, const char *account, const char *key)
{
	for (size_t i = 0; i < entries->n; i++)
		if (same_name(entries->items[i].account, account) &&
			same_name(entries->items[i].key, key))
			return &entries->items[i];
	return NULL;
}
