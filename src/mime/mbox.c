/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/mbox.h"

static const struct slice from_line = { "From ", 5 };

/* Offset of the next line that starts with "From ", or the length. */
static size_t
find_from(struct slice bytes)
{
	size_t at = 0;

	while (at < bytes.len) {
		struct slice rest = slice_skip(bytes, at);

		if (slice_starts(rest, from_line))
			return at;
		at += slice_find(rest, '\n') + 1;
	}
	return bytes.len;
}

/* Without the empty line that separates it from the next one. */
static struct slice
without_separator(struct slice message)
{
	if (slice_ends(message, SLICE("\r\n\r\n")))
		message.len -= 2;
	else if (slice_ends(message, SLICE("\n\n")))
		message.len--;
	return message;
}

bool
mbox_next(struct slice *rest, struct slice *ret_message)
{
	struct slice body = slice_skip(*rest, find_from(*rest));
	size_t end;

	if (body.len == 0) {
		*rest = body;
		return false;
	}
	body = slice_skip(body, slice_find(body, '\n') + 1);
	end = find_from(body);
	*ret_message = without_separator(slice_head(body, end));
	*rest = slice_skip(body, end);
	return true;
}

static bool
is_quoted_from(struct slice line)
{
	size_t i = 0;

	while (i < line.len && line.data[i] == '>')
		i++;
	return i > 0 && slice_starts(slice_skip(line, i), from_line);
}

bool
mbox_unquote(struct slice message, struct strbuf *out)
{
	while (message.len > 0) {
		size_t len = slice_find(message, '\n') + 1;
		struct slice line = slice_head(message, len);

		message = slice_skip(message, line.len);
		if (is_quoted_from(line))
			line = slice_skip(line, 1);
		if (!strbuf_add_slice(out, line))
			return false;
	}
	return true;
}
