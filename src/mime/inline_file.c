/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/inline_file.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "mime/charset.h"
#include "mime/header.h"

enum {
	UU_LINE_MAX = 45, /* bytes in it, as all encoders write them */
	UU_LINES_MIN = 3, /* without an end, fewer may be words */
	UU_CHECKSUM = 2,  /* characters that some append */
	YENC_LINE_MAX = 1024,
};

/* The line at the front, without its end; `*ret_whole` has that too. */
static struct slice
first_line(struct slice text, size_t *ret_whole)
{
	struct slice rest = text;
	struct slice line = slice_head(text, 0);

	(void)slice_next_line(&rest, &line);
	*ret_whole = text.len - rest.len;
	return line;
}

/* How many bytes a line holds; -1 when it is none of uuencode. */
static int
uu_line(struct slice line)
{
	size_t need;
	int n;

	if (line.len == 0 || line.data[0] < ' ' || line.data[0] > '`')
		return -1;
	n = (line.data[0] - ' ') & 0x3f;
	need = ((size_t)n + 2) / 3 * 4;
	if (n > UU_LINE_MAX || line.len - 1 > need + UU_CHECKSUM)
		return -1;
	for (size_t i = 1; i < line.len; i++) {
		if (line.data[i] < ' ' || line.data[i] > '`')
			return -1;
	}
	/* Blanks at the end may have been cut off, not all of a line. */
	return line.len - 1 >= need / 2 ? n : -1;
}

/* "begin 644 name" */
static bool
read_begin(struct slice line, struct slice *ret_name)
{
	size_t digits = 0;

	if (!slice_starts(line, SLICE("begin ")))
		return false;
	line = slice_skip(line, 6);
	while (digits < line.len && line.data[digits] >= '0' &&
		line.data[digits] <= '7')
		digits++;
	if (digits < 3 || digits > 4 || digits >= line.len ||
		line.data[digits] != ' ')
		return false;
	*ret_name = slice_trim(slice_skip(line, digits));
	return ret_name->len > 0;
}

static bool
read_uuencoded(struct slice text, struct inline_file *ret)
{
	size_t at;
	size_t whole;
	size_t lines = 0;

	if (!read_begin(first_line(text, &whole), &ret->name))
		return false;
	for (at = whole; at < text.len; at += whole) {
		struct slice line = first_line(slice_skip(text, at), &whole);
		bool is_end = slice_eq(slice_trim(line), SLICE("end"));

		if (is_end && lines > 0) {
			lines = UU_LINES_MIN;
			at += whole;
			break;
		}
		/* The last but one holds nothing: "`", or an empty line where
		 * a blank was cut off. */
		if (slice_trim(line).len > 0 && uu_line(line) < 0)
			break;
		if (slice_trim(line).len == 0 &&
			!slice_starts(
				slice_skip(text, at + whole), SLICE("end")))
			break;
		lines++;
	}
	ret->encoding = ENCODING_UUENCODE;
	ret->lines = slice_head(text, at);
	return lines >= UU_LINES_MIN;
}

/* A number behind "name="; 0 without. */
static size_t
yenc_number(struct slice line, const char *name)
{
	const char *p = memmem(line.data, line.len, name, strlen(name));
	uint64_t number = 0;
	size_t n = 0;

	if (!p)
		return 0;
	line = slice_skip(line, (size_t)(p - line.data) + strlen(name));
	while (n < line.len && ascii_is_digit(line.data[n]))
		n++;
	if (!ascii_parse_u64(line.data, n, SIZE_MAX, &number))
		return 0;
	return (size_t)number;
}

/* "=ybegin line=128 size=123456 name=file.bin", the name last. */
static bool
read_ybegin(struct slice line, struct inline_file *ret, size_t *ret_first)
{
	const char *name;
	size_t length;
	size_t size;

	if (!slice_starts(line, SLICE("=ybegin ")))
		return false;
	name = memmem(line.data, line.len, " name=", 6);
	length = yenc_number(line, " line=");
	size = yenc_number(line, " size=");
	if (!name || length == 0 || length > YENC_LINE_MAX || size == 0)
		return false;
	ret->name = slice_trim(slice_skip(
		line, (size_t)(name - line.data) + strlen(" name=")));
	/* A part of many may be of any size. */
	if (memmem(line.data, line.len, " part=", 6))
		*ret_first = 1;
	else
		*ret_first = size < length ? size : length;
	return ret->name.len > 0;
}

static bool
read_yenc(struct slice text, struct inline_file *ret)
{
	size_t at;
	size_t whole;
	size_t first;
	bool is_first = true;

	if (!read_ybegin(first_line(text, &whole), ret, &first))
		return false;
	for (at = whole; at < text.len; at += whole) {
		struct slice rest = slice_skip(text, at);
		struct slice line = first_line(rest, &whole);

		if (slice_starts(line, SLICE("=ypart ")))
			continue;
		if (slice_starts(line, SLICE("=yend ")) ||
			slice_starts(line, SLICE("=ybegin "))) {
			at += line.data[2] == 'e' ? whole : 0;
			break;
		}
		/* A line of words under words that look like a beginning. */
		if (is_first && line.len < first)
			return false;
		if (line.len > YENC_LINE_MAX + 1)
			break;
		is_first = false;
	}
	ret->encoding = ENCODING_YENC;
	ret->lines = slice_head(text, at);
	return !is_first;
}

/* Where a line behind `at` starts with either beginning, or the end. */
static size_t
next_start(struct slice text, size_t at)
{
	while (at < text.len) {
		struct slice rest = slice_skip(text, at);
		const char *p;

		if (slice_starts(rest, SLICE("begin ")) ||
			slice_starts(rest, SLICE("=ybegin ")))
			return at;
		/* Both have it, and words hardly ever. */
		p = memmem(rest.data + 1, rest.len - 1, "begin ", 6);
		if (!p)
			return text.len;
		at = (size_t)(p - text.data);
		if (p[-1] == '\n')
			return at;
		if (p - rest.data >= 3 && p[-1] == 'y' && p[-2] == '=' &&
			p[-3] == '\n')
			return at - 2;
		at++;
	}
	return at;
}

bool
inline_file_find(struct slice text, struct inline_file *ret_file)
{
	for (size_t at = next_start(text, 0); at < text.len;
		at = next_start(text, at + 1)) {
		struct slice rest = slice_skip(text, at);

		if (read_uuencoded(rest, ret_file) || read_yenc(rest, ret_file))
			return true;
	}
	return false;
}

void
inline_file_name(const struct inline_file *file, struct strbuf *out)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct slice name = slice_head(file->name, INLINE_NAME_MAX);

	strbuf_init(&text, 4 * name.len + 1);
	(void)charset_to_utf8(SLICE(""), CHARSET_DECLARED, name, &text);
	header_clean(strbuf_slice(&text), out);
}

static bool
may_hold_files(const struct part *part)
{
	return part->encoding == ENCODING_IDENTITY &&
	       part->disposition != DISPOSITION_ATTACHMENT &&
	       part_is_type(part, "text/plain");
}

static void
fill(struct part *part, const struct inline_file *file, const char *section,
	int index)
{
	struct strbuf name CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&name, 4 * INLINE_NAME_MAX);
	inline_file_name(file, &name);
	part->section = part_inline_section(section, index);
	part->type = xstrdup("application/octet-stream");
	part->name = name.len ? strbuf_take(&name) : NULL;
	part->encoding = file->encoding;
	part->disposition = DISPOSITION_ATTACHMENT;
	part->size = file->lines.len;
}

/* The last `n` parts to behind the one at `index`, whose children they are. */
static void
move_behind(struct part_tree *tree, int index, int n)
{
	size_t to = (size_t)index + 1;
	size_t after = tree->n - (size_t)n - to;
	struct part *items = tree->items;
	struct part *moved;

	if (after == 0)
		return;
	for (size_t i = to; i < to + after; i++)
		items[i].parent += items[i].parent > index ? n : 0;
	moved = xcalloc((size_t)n, sizeof(*moved));
	memcpy(moved, items + to + after, (size_t)n * sizeof(*moved));
	memmove(items + to + n, items + to, after * sizeof(*moved));
	memcpy(items + to, moved, (size_t)n * sizeof(*moved));
	free(moved);
}

bool
inline_files_add(
	struct part_tree *tree, int index, struct slice body, size_t base)
{
	struct inline_file file;
	struct slice rest = body;
	int n = 0;

	if (!may_hold_files(&tree->items[index]) ||
		((size_t)index + 1 < tree->n &&
			tree->items[index + 1].parent == index))
		return false;
	while (n < INLINE_FILES_MAX && inline_file_find(rest, &file)) {
		struct part *part = part_tree_add(tree);
		size_t at = (size_t)(file.lines.data - body.data);

		if (!part)
			break;
		fill(part, &file, tree->items[index].section, ++n);
		part->parent = index;
		part->depth = tree->items[index].depth + 1;
		part->offset = part->header_offset = base + at;
		rest = slice_skip(body, at + file.lines.len);
	}
	move_behind(tree, index, n);
	return n > 0;
}

bool
inline_file_cut(struct slice text, const char *section, struct slice *ret_lines)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct slice server = part_server_section(section);
	struct part *part = part_tree_add(&tree);
	const struct part *found;

	part->section = xmemdup0(server.data, server.len);
	part->type = xstrdup("text/plain");
	(void)inline_files_add(&tree, 0, text, 0);
	found = part_tree_find(&tree, section);
	if (!found || found == tree.items)
		return false;
	*ret_lines = slice_head(slice_skip(text, found->offset), found->size);
	return true;
}
