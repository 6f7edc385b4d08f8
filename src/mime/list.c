/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/list.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "mime/header.h"

static const struct slice names[LIST_COMMANDS] = {
	[LIST_POST] = { "List-Post", 9 },
	[LIST_UNSUBSCRIBE] = { "List-Unsubscribe", 16 },
	[LIST_SUBSCRIBE] = { "List-Subscribe", 14 },
	[LIST_HELP] = { "List-Help", 9 },
	[LIST_OWNER] = { "List-Owner", 10 },
	[LIST_ARCHIVE] = { "List-Archive", 12 },
};

/* A comment at the front; they nest. */
static struct slice
skip_comment(struct slice s)
{
	size_t depth = 0;
	size_t i = 0;

	for (; i < s.len; i++) {
		if (s.data[i] == '\\')
			i++;
		else if (s.data[i] == '(')
			depth++;
		else if (s.data[i] == ')' && --depth == 0)
			return slice_skip(s, i + 1);
	}
	return slice_skip(s, s.len);
}

static bool
has_known_scheme(struct slice url)
{
	static const struct slice schemes[] = {
		{ "mailto:", 7 },
		{ "https://", 8 },
		{ "http://", 7 },
		{ "ftp://", 6 },
	};

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (url.len > schemes[i].len &&
			slice_starts_nocase(url, schemes[i]))
			return true;
	}
	return false;
}

static void
add_url(struct slice text, struct list_urls *urls)
{
	struct strbuf url CLEANUP(strbuf_clear) = { 0 };

	if (text.len > 2 * LIST_URL_LENGTH_MAX)
		return;
	strbuf_init(&url, LIST_URL_LENGTH_MAX);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (ascii_is_space(c))
			continue;
		if (c <= ' ' || c >= 0x7f || !strbuf_add_char(&url, c))
			return;
	}
	if (has_known_scheme(strbuf_slice(&url)))
		urls->items[urls->n++] = strbuf_take(&url);
}

/* RFC 2369 2: URLs in brackets, commas between them, comments around. */
static void
read_urls(struct slice value, struct list_urls *urls)
{
	while (value.len > 0 && urls->n < LIST_URLS_MAX) {
		size_t close;

		if (value.data[0] == '(') {
			value = skip_comment(value);
			continue;
		}
		if (value.data[0] != '<') {
			value = slice_skip(value, 1);
			continue;
		}
		close = slice_find(value, '>');
		add_url(slice_skip(slice_head(value, close), 1), urls);
		value = slice_skip(value, close + 1);
	}
}

static bool
says_no(struct slice value)
{
	while (value.len > 0 && value.data[0] == '(')
		value = slice_trim(skip_comment(value));
	return slice_starts_nocase(value, SLICE("NO")) &&
	       (value.len == 2 || !ascii_is_alnum(value.data[2]));
}

void
mime_read_list(struct slice header, struct list_info *ret_info)
{
	struct header_field field;
	uint32_t seen = 0;

	*ret_info = (struct list_info){ .closed = false };
	for (int n = 0; n < HEADER_FIELDS_MAX && header_next(&header, &field);
		n++) {
		struct slice value =
			slice_head(field.value, LIST_FIELD_LENGTH_MAX);

		if (!slice_starts_nocase(field.name, SLICE("List-")))
			continue;
		if (slice_eq_nocase(field.name, SLICE("List-Unsubscribe-Post")))
			ret_info->one_click = slice_eq_nocase(
				value, SLICE("List-Unsubscribe=One-Click"));
		for (size_t i = 0; i < LIST_COMMANDS; i++) {
			if (!slice_eq_nocase(field.name, names[i]) ||
				(seen & 1U << i))
				continue;
			seen |= 1U << i;
			read_urls(value, &ret_info->commands[i]);
			if (i == LIST_POST)
				ret_info->closed = says_no(value);
		}
	}
}

void
list_info_clear(struct list_info *info)
{
	for (size_t i = 0; i < LIST_COMMANDS; i++) {
		for (size_t j = 0; j < info->commands[i].n; j++)
			free(info->commands[i].items[j]);
	}
	*info = (struct list_info){ .closed = false };
}
