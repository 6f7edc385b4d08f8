/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/part.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"

/* Columns of a packed line. */
enum column {
	COLUMN_SECTION,
	COLUMN_TYPE,
	COLUMN_CHARSET,
	COLUMN_NAME,
	COLUMN_CONTENT_ID,
	COLUMN_DESCRIPTION,
	COLUMN_ENCODING,
	COLUMN_DISPOSITION,
	COLUMN_FLOWED, /* 1 flowed, 2 delsp */
	COLUMN_SIZE,
	COLUMN_PARENT, /* plus one */
	COLUMN_DEPTH,
	COLUMNS,
};

static void
clear_params(struct part *part)
{
	for (size_t i = 0; i < part->n_params; i++) {
		free(part->params[i].name);
		free(part->params[i].value);
	}
	free(part->params);
	part->params = NULL;
	part->n_params = 0;
}

void
part_tree_clear(struct part_tree *tree)
{
	for (size_t i = 0; i < tree->n; i++) {
		struct part *part = &tree->items[i];

		free(part->section);
		free(part->type);
		free(part->charset);
		free(part->name);
		free(part->content_id);
		free(part->description);
		clear_params(part);
	}
	free(tree->items);
	*tree = (struct part_tree){ 0 };
}

struct part *
part_tree_add(struct part_tree *tree)
{
	struct part *part;

	if (tree->n >= PARTS_MAX) {
		tree->truncated = true;
		return NULL;
	}
	part = array_add(tree);
	part->parent = -1;
	return part;
}

char *
part_section(
	const struct part_tree *tree, int parent, int index, bool is_multipart)
{
	struct slice above;

	if (parent < 0)
		return xstrdup(is_multipart ? "" : "1");
	above = slice_str(tree->items[parent].section);
	if (!part_is_multipart(&tree->items[parent]))
		return xasprintf("%.*s.%s", (int)above.len, above.data,
			is_multipart ? "TEXT" : "1");
	/* The parts of "2.TEXT" are "2.1", "2.2". */
	if (slice_ends(above, SLICE(".TEXT")))
		above.len -= strlen(".TEXT");
	return xasprintf("%.*s%s%d", (int)above.len, above.data,
		above.len ? "." : "", index);
}

char *
part_inline_section(const char *section, int index)
{
	return xasprintf("%s+%d", section, index);
}

struct slice
part_server_section(const char *section)
{
	return slice_head(
		slice_str(section), slice_find(slice_str(section), '+'));
}

void
part_add_param(struct part *part, struct slice name, struct slice value)
{
	struct part_param *param;

	if (part->n_params >= PART_PARAMS_MAX)
		return;
	/* No capacity is kept: it is the next power of two. */
	if ((part->n_params & (part->n_params - 1)) == 0)
		part->params = xreallocarray(part->params,
			part->n_params ? part->n_params * 2 : 1,
			sizeof(*param));
	param = &part->params[part->n_params++];
	param->name = xmemdup0(name.data, name.len);
	ascii_lower_str(param->name);
	param->value = xmemdup0(value.data, value.len);
}

void
part_drop_params(struct part *part)
{
	clear_params(part);
}

const struct part *
part_tree_find(const struct part_tree *tree, const char *section)
{
	for (size_t i = 0; i < tree->n; i++) {
		if (strcmp(tree->items[i].section, section) == 0)
			return &tree->items[i];
	}
	return NULL;
}

bool
part_is_type(const struct part *part, const char *type)
{
	size_t n = strlen(type);

	if (n > 0 && type[n - 1] == '/')
		return strncmp(part->type, type, n) == 0;
	return strcmp(part->type, type) == 0;
}

bool
part_is_multipart(const struct part *part)
{
	return part_is_type(part, "multipart/");
}

bool
part_is_message(const struct part *part)
{
	return part_is_type(part, "message/rfc822") ||
	       part_is_type(part, "message/global");
}

uint64_t
part_content_size(const struct part *part)
{
	static const struct {
		unsigned line; /* as all encoders write them, with CRLF */
		unsigned content;
		unsigned quantum; /* of what is no whole line */
		unsigned bytes;
	} shares[] = {
		[ENCODING_IDENTITY] = { 1, 1, 1, 1 },
		[ENCODING_QUOTED_PRINTABLE] = { 1, 1, 1, 1 },
		[ENCODING_BASE64] = { 78, 57, 4, 3 },
		[ENCODING_UUENCODE] = { 63, 45, 4, 3 },
		[ENCODING_YENC] = { 133, 128, 1, 1 },
	};
	uint64_t lines = part->size / shares[part->encoding].line;
	uint64_t rest = part->size % shares[part->encoding].line;

	return lines * shares[part->encoding].content +
	       rest * shares[part->encoding].bytes /
		       shares[part->encoding].quantum;
}

const char *
part_title(const struct part *part)
{
	if (part->name && *part->name)
		return part->name;
	if (part_is_message(part) && part->description && *part->description)
		return part->description;
	return part->type;
}

bool
part_is_readable(const struct part *part)
{
	static const char *const not_to_read[] = {
		"text/calendar",
		"text/css",
		"text/csv",
		"text/directory",
		"text/javascript",
		"text/rtf",
		"text/vcard",
		"text/x-amp-html",
		"text/x-vcard",
		"text/x-vcalendar",
	};

	if (part->disposition == DISPOSITION_ATTACHMENT ||
		!part_is_type(part, "text/"))
		return false;
	/* Nearly all are one of the two. */
	if (part_is_type(part, "text/plain") || part_is_type(part, "text/html"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(not_to_read); i++) {
		if (part_is_type(part, not_to_read[i]))
			return false;
	}
	return true;
}

/* Parts that serve another part, and would only be in the way. */
static bool
is_machinery(const struct part *part)
{
	static const char *const types[] = {
		"application/pgp-encrypted",
		"application/pgp-signature",
		"application/pkcs7-signature",
		"application/x-pkcs7-signature",
	};

	if (!part_is_type(part, "application/"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (part_is_type(part, types[i]))
			return true;
	}
	return false;
}

bool
part_is_attachment(const struct part_tree *tree, const struct part *part)
{
	const struct part *parent =
		part->parent >= 0 ? &tree->items[part->parent] : NULL;

	if (part_is_multipart(part) || is_machinery(part))
		return false;
	if (part->disposition == DISPOSITION_ATTACHMENT)
		return true;
	if (part_is_readable(part))
		return false;
	/* What HTML shows inline. */
	if (parent && part->content_id &&
		part_is_type(parent, "multipart/related"))
		return false;
	if (part->name)
		return true;
	if (parent && part_is_type(parent, "multipart/alternative"))
		return false;
	return !part_is_type(part, "text/") && !part_is_type(part, "message/");
}

bool
part_is_listed(const struct part_tree *tree, const struct part *part)
{
	if (part_is_attachment(tree, part) || part_is_message(part))
		return true;
	return !part_is_multipart(part) && !is_machinery(part) &&
	       !part_is_readable(part) && !part_is_type(part, "text/") &&
	       !part_is_type(part, "message/");
}

int
part_tree_attachments(const struct part_tree *tree)
{
	int n = 0;

	for (size_t i = 0; i < tree->n; i++)
		n += part_is_attachment(tree, &tree->items[i]);
	return n;
}

static void
pack_text(const char *s, struct strbuf *out)
{
	size_t len = s ? strlen(s) : 0;
	char *to = strbuf_room(out, len + 1);

	if (!to)
		return;
	for (size_t i = 0; i < len; i++)
		to[i] = s[i] == '\t' || s[i] == '\n' ? ' ' : s[i];
	to[len] = '\t';
	strbuf_grown(out, len + 1);
}

/* By hand: printf() costs more than the rest of a message's packing. */
static void
pack_number(uint64_t n, char end, struct strbuf *out)
{
	char digits[24];
	size_t at = sizeof(digits);

	digits[--at] = end;
	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	strbuf_add(out, digits + at, sizeof(digits) - at);
}

void
part_tree_pack(const struct part_tree *tree, struct strbuf *out)
{
	for (size_t i = 0; i < tree->n; i++) {
		const struct part *part = &tree->items[i];

		pack_text(part->section, out);
		pack_text(part->type, out);
		pack_text(part->charset, out);
		pack_text(part->name, out);
		pack_text(part->content_id, out);
		pack_text(part->description, out);
		pack_number(part->encoding, '\t', out);
		pack_number(part->disposition, '\t', out);
		pack_number(part->flowed + 2U * part->delsp, '\t', out);
		pack_number(part->size, '\t', out);
		pack_number((uint64_t)part->parent + 1, '\t', out);
		pack_number((uint64_t)part->depth, '\n', out);
	}
	if (tree->truncated)
		strbuf_add_str(out, "...\n");
}

static bool
unpack_number(struct slice s, uint64_t max, uint64_t *ret)
{
	return ascii_parse_u64(s.data, s.len, max, ret);
}

static char *
unpack_text(struct slice s)
{
	return s.len ? xmemdup0(s.data, s.len) : NULL;
}

static bool
unpack_line(struct slice line, struct part_tree *tree)
{
	struct slice column[COLUMNS];
	uint64_t encoding;
	uint64_t disposition;
	uint64_t flowed;
	uint64_t size;
	uint64_t parent;
	uint64_t depth;
	struct part *part;

	for (int i = 0; i < COLUMNS; i++) {
		size_t end = slice_find(line, '\t');

		if ((end < line.len) != (i < COLUMNS - 1))
			return false;
		column[i] = slice_head(line, end);
		line = slice_skip(line, end + 1);
	}
	if (!unpack_number(column[COLUMN_ENCODING], ENCODING_YENC, &encoding) ||
		!unpack_number(column[COLUMN_DISPOSITION],
			DISPOSITION_ATTACHMENT, &disposition) ||
		!unpack_number(column[COLUMN_FLOWED], 3, &flowed) ||
		!unpack_number(column[COLUMN_SIZE], UINT64_MAX, &size) ||
		!unpack_number(column[COLUMN_PARENT], tree->n, &parent) ||
		!unpack_number(column[COLUMN_DEPTH], PARTS_DEPTH_MAX, &depth))
		return false;
	part = part_tree_add(tree);
	if (!part)
		return false;
	part->section = xmemdup0(
		column[COLUMN_SECTION].data, column[COLUMN_SECTION].len);
	part->type =
		xmemdup0(column[COLUMN_TYPE].data, column[COLUMN_TYPE].len);
	part->charset = unpack_text(column[COLUMN_CHARSET]);
	part->name = unpack_text(column[COLUMN_NAME]);
	part->content_id = unpack_text(column[COLUMN_CONTENT_ID]);
	part->description = unpack_text(column[COLUMN_DESCRIPTION]);
	part->encoding = (enum part_encoding)encoding;
	part->disposition = (enum part_disposition)disposition;
	part->flowed = flowed & 1;
	part->delsp = (flowed & 2) != 0;
	part->size = size;
	part->parent = (int)parent - 1;
	part->depth = (int)depth;
	return true;
}

bool
part_tree_unpack(
	struct slice packed, struct part_tree *ret_tree, struct error *err)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };

	while (packed.len > 0) {
		size_t end = slice_find(packed, '\n');
		struct slice line = slice_head(packed, end);

		packed = slice_skip(packed, end + 1);
		if (slice_eq(line, SLICE("...")) && packed.len == 0)
			tree.truncated = true;
		else if (!unpack_line(line, &tree))
			return error_set(err, ERR_STORE,
				_("The stored list of a message's parts is "
				  "damaged"));
	}
	*ret_tree = tree;
	tree = (struct part_tree){ 0 };
	return true;
}
