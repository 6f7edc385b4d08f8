/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing one line of the file and nothing else. */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "config/config.h"
#include "config/parse.h"
#include "config/scan.h"

/* Where a line has to change: `length` bytes at `offset` give way. */
struct place {
	size_t offset;
	size_t length;
	bool option;  /* the option's own line */
	bool section; /* at least a line of the section */
	bool crlf;
};

static bool
same_section(struct slice a, struct slice b)
{
	struct slice name_a;
	struct slice name_b;

	return section_split(a, &name_a) && section_split(b, &name_b) &&
	       slice_eq_nocase(name_a, name_b);
}

static struct place
find_place(struct slice text, struct slice section, struct slice key)
{
	struct place place = { 0 };
	struct scan scan;
	struct line line;
	bool inside = false;

	scan_init(&scan, text);
	while (!place.option && scan_next(&scan, &line)) {
		size_t offset = (size_t)(line.all.data - text.data);

		place.crlf = slice_ends(line.all, SLICE("\r\n"));
		if (line.kind == LINE_SECTION)
			inside = same_section(line.name, section);
		if (!inside ||
			(line.kind != LINE_SECTION && line.kind != LINE_OPTION))
			continue;
		place.section = true;
		place.offset = offset + line.all.len;
		if (line.kind != LINE_OPTION ||
			!slice_eq_nocase(line.name, key))
			continue;
		place.option = true;
		place.offset = (size_t)(line.value.data - text.data);
		place.length = line.value.len;
	}
	if (!place.section)
		place.offset = text.len;
	return place;
}

static void
add_missing_end(struct strbuf *out, const char *end)
{
	if (out->len > 0 && out->data[out->len - 1] != '\n')
		strbuf_add_str(out, end);
}

static void
rewrite(struct slice text, const char *section, const char *key,
	const char *value, struct strbuf *out)
{
	struct place place =
		find_place(text, slice_str(section), slice_str(key));
	const char *end = place.crlf ? "\r\n" : "\n";

	strbuf_add_slice(out, slice_head(text, place.offset));
	if (place.option) {
		if (value[0] && out->data[out->len - 1] == '=')
			strbuf_add_char(out, ' ');
		strbuf_add_str(out, value);
	} else {
		add_missing_end(out, end);
		if (!place.section)
			strbuf_addf(out, "%s[%s]%s", out->len ? end : "",
				section, end);
		strbuf_addf(out, "%s =%s%s%s", key, value[0] ? " " : "", value,
			end);
	}
	strbuf_add_slice(out, slice_skip(text, place.offset + place.length));
}

static bool
value_is_one_line(const char *value)
{
	struct slice s = slice_str(value);

	for (const char *p = value; *p; p++)
		if (ascii_is_control(*p) && *p != '\t')
			return false;
	return utf8_is_valid(s) && slice_trim(s).len == s.len;
}

static bool
make_parent(const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char *dir CLEANUP(freep) = NULL;

	if (!slash || slash == path)
		return true;
	dir = xmemdup0(path, (size_t)(slash - path));
	return file_make_dir(dir, err);
}

bool
config_set_in_text(struct slice text, const char *path, const char *section,
	const char *key, const char *value, struct strbuf *out,
	struct error *err)
{
	struct config *before CLEANUP(config_unrefp) = NULL;
	struct config *with CLEANUP(config_unrefp) = NULL;
	struct config *after CLEANUP(config_unrefp) = NULL;

	if (!value_is_one_line(value))
		return error_set(err, ERR_INVALID,
			_("%s: a value is one line of text"), key);
	if (!config_parse(text.data, text.len, path, &before, err) ||
		!config_with(before, section, key, value, &with, err))
		return false;
	rewrite(text, section, key, value, out);
	if (out->full)
		return error_set(err, ERR_LIMIT,
			_("%s would grow larger than %d bytes"), path,
			CONFIG_FILE_LIMIT);
	return config_parse(out->data, out->len, path, &after, err);
}

bool
config_set_in_file(const char *path, const char *section, const char *key,
	const char *value, struct error *err)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct strbuf changed CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, CONFIG_FILE_LIMIT);
	strbuf_init(&changed, CONFIG_FILE_LIMIT);
	if (file_exists(path) && !file_read(path, &text, err))
		return false;
	return config_set_in_text(strbuf_slice(&text), path, section, key,
		       value, &changed, err) &&
	       make_parent(path, err) &&
	       file_replace(path, strbuf_slice(&changed), err);
}
