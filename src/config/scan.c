/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/scan.h"

#include "base/ascii.h"

enum { ACCOUNT_NAME_LIMIT = 64 };

void
scan_init(struct scan *scan, struct slice text)
{
	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		text = slice_skip(text, 3);
	*scan = (struct scan){ .rest = text };
}

static void
classify(struct line *line, struct slice text)
{
	size_t equals = slice_find(text, '=');
	bool indented = text.data > line->all.data;

	line->kind = LINE_OTHER;
	line->name = line->value = slice_make(text.data, 0);
	if (text.len == 0) {
		line->kind = LINE_BLANK;
	} else if (text.data[0] == '#' || text.data[0] == ';') {
		line->kind = indented ? LINE_OTHER : LINE_COMMENT;
	} else if (text.data[0] == '[') {
		if (indented || text.data[text.len - 1] != ']')
			return;
		line->kind = LINE_SECTION;
		line->name =
			slice_trim(slice_make(text.data + 1, text.len - 2));
	} else if (equals > 0 && equals < text.len) {
		line->kind = LINE_OPTION;
		line->name = slice_trim(slice_head(text, equals));
		line->value = slice_trim(slice_skip(text, equals + 1));
	}
}

bool
scan_next(struct scan *scan, struct line *ret_line)
{
	size_t end;

	if (scan->rest.len == 0)
		return false;
	end = slice_find(scan->rest, '\n');
	if (end < scan->rest.len)
		end++;
	ret_line->number = ++scan->number;
	ret_line->all = slice_head(scan->rest, end);
	classify(ret_line, slice_trim(ret_line->all));
	scan->rest = slice_skip(scan->rest, end);
	return true;
}

bool
section_split(struct slice section, struct slice *ret_account)
{
	size_t word = 0;

	*ret_account = slice_make(section.data, 0);
	if (slice_eq_nocase(section, SLICE("general")))
		return true;
	while (word < section.len && !ascii_is_space(section.data[word]))
		word++;
	if (!slice_eq_nocase(slice_head(section, word), SLICE("account")))
		return false;
	*ret_account = slice_trim(slice_skip(section, word));
	return ret_account->len > 0;
}

bool
account_name_valid(struct slice name)
{
	if (name.len == 0 || name.len > ACCOUNT_NAME_LIMIT ||
		!ascii_is_alnum(name.data[0]))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];

		if (!ascii_is_alnum(c) && c != '.' && c != '_' && c != '-' &&
			c != '@' && c != '+')
			return false;
	}
	return true;
}
