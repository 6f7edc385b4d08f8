/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/content.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mime/header.h"
#include "mime/param.h"

static const struct {
	const char *name;
	enum part_encoding encoding;
} encodings[] = {
	{ "base64", ENCODING_BASE64 },
	{ "base-64", ENCODING_BASE64 },
	{ "quoted-printable", ENCODING_QUOTED_PRINTABLE },
	{ "quoted/printable", ENCODING_QUOTED_PRINTABLE },
	{ "qp", ENCODING_QUOTED_PRINTABLE },
	{ "x-uuencode", ENCODING_UUENCODE },
	{ "x-uue", ENCODING_UUENCODE },
	{ "uuencode", ENCODING_UUENCODE },
	{ "uue", ENCODING_UUENCODE },
};

/* The first word, without quotes and comments around it. */
static struct slice
first_word(struct slice value)
{
	size_t n = 0;

	while (value.len > 0 && (value.data[0] == '"' || value.data[0] == ' '))
		value = slice_skip(value, 1);
	while (n < value.len && !ascii_is_space(value.data[n]) &&
		!strchr("\"(;,", value.data[n]))
		n++;
	return slice_head(value, n);
}

static bool
is_type(struct slice s)
{
	size_t slash = slice_find(s, '/');

	if (s.len > TYPE_LENGTH_MAX || slash == 0 || slash + 1 >= s.len)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] <= ' ' || s.data[i] >= 0x7f ||
			(s.data[i] == '/' && i != slash) ||
			strchr("()<>@,:\\\"[]?=", s.data[i]))
			return false;
	}
	return true;
}

static void
read_type(struct slice value, struct part *part)
{
	struct slice type = first_word(value);

	if (is_type(type)) {
		free(part->type);
		part->type = xmemdup0(type.data, type.len);
		ascii_lower_str(part->type);
	} else if (slice_eq_nocase(type, SLICE("text"))) {
		str_replace(&part->type, "text/plain");
	} else if (slice_eq_nocase(type, SLICE("multipart"))) {
		str_replace(&part->type, "multipart/mixed");
	}
	value = slice_skip(value, (size_t)(type.data - value.data) + type.len);
	mime_params_read(value, part);
}

static void
read_disposition(struct slice value, struct part *part)
{
	struct slice word = first_word(value);

	/* "Content-Disposition: filename=x" lacks its word. */
	if (slice_find(word, '=') < word.len)
		word.len = 0;
	else if (slice_eq_nocase(word, SLICE("inline")))
		part->disposition = DISPOSITION_INLINE;
	else if (word.len > 0)
		part->disposition = DISPOSITION_ATTACHMENT;
	mime_params_read(
		slice_skip(value, (size_t)(word.data - value.data) + word.len),
		part);
}

static void
read_encoding(struct slice value, struct part *part)
{
	struct slice word = first_word(value);

	for (size_t i = 0; i < ARRAY_LEN(encodings); i++) {
		if (slice_eq_nocase(word, slice_str(encodings[i].name)))
			part->encoding = encodings[i].encoding;
	}
}

static char *
read_text(struct slice value)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, 4 * value.len + 16);
	header_decode(slice_head(value, 8 * DESCRIPTION_LENGTH_MAX), &out);
	if (out.len == 0)
		return NULL;
	return xmemdup0(
		out.data, utf8_cut(strbuf_slice(&out), DESCRIPTION_LENGTH_MAX));
}

static char *
read_id(struct slice value)
{
	if (value.len > 1 && value.data[0] == '<' &&
		value.data[value.len - 1] == '>')
		value = slice_make(value.data + 1, value.len - 2);
	return read_text(value);
}

void
content_read(struct slice header, const char *type, struct part *part)
{
	struct header_field field;
	uint32_t seen = 0;
	static const struct slice names[] = {
		{ "content-type", 12 },
		{ "content-disposition", 19 },
		{ "content-transfer-encoding", 25 },
		{ "content-id", 10 },
		{ "content-description", 19 },
	};

	part->type = xstrdup(type);
	for (int n = 0; n < HEADER_FIELDS_MAX && header_next(&header, &field);
		n++) {
		size_t i = 0;

		if (field.name.len < 10 ||
			ascii_lower(field.name.data[0]) != 'c')
			continue;
		while (i < ARRAY_LEN(names) &&
			!slice_eq_nocase(field.name, names[i]))
			i++;
		if (i == ARRAY_LEN(names) || (seen & 1u << i))
			continue;
		seen |= 1u << i;
		if (i == 0)
			read_type(field.value, part);
		else if (i == 1)
			read_disposition(field.value, part);
		else if (i == 2)
			read_encoding(field.value, part);
		else if (i == 3)
			part->content_id = read_id(field.value);
		else
			part->description = read_text(field.value);
	}
}
