/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/header.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "mime/encoded_word.h"

struct slice
header_line_feeds(struct slice s, char **ret_text)
{
	char *text;

	*ret_text = NULL;
	if (slice_find(s, '\n') < s.len || slice_find(s, '\r') == s.len ||
		s.len > HEADER_BARE_CR_MAX)
		return s;
	text = xmemdup0(s.data, s.len);
	for (size_t i = 0; i < s.len; i++) {
		if (text[i] == '\r')
			text[i] = '\n';
	}
	*ret_text = text;
	return slice_make(text, s.len);
}

/* RFC 5322 2.2: printable ASCII but the colon; blanks before it are tolerated.
 * Length of the name at the front, 0 when there is none. */
static size_t
name_length(struct slice line)
{
	size_t n = 0;
	size_t colon;

	while (n < line.len && line.data[n] > ' ' && line.data[n] < 0x7f &&
		line.data[n] != ':')
		n++;
	colon = n;
	while (colon < line.len &&
		(line.data[colon] == ' ' || line.data[colon] == '\t'))
		colon++;
	return colon < line.len && line.data[colon] == ':' ? n : 0;
}

bool
header_line_is_field(struct slice line)
{
	return name_length(line) > 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Length of the line at the front with its line feed. */
static size_t
line_length(struct slice s)
{
	size_t n = slice_find(s, '\n');

	return n < s.len ? n + 1 : n;
}

static bool
is_empty_line(struct slice s)
{
	return s.data[0] == '\n' ||
	       (s.len > 1 && s.data[0] == '\r' && s.data[1] == '\n');
}

bool
header_next(struct slice *rest, struct header_field *ret_field)
{
	while (rest->len > 0 && !is_empty_line(*rest)) {
		struct slice s = *rest;
		size_t n = line_length(s);
		size_t name = name_length(slice_head(s, n));
		size_t colon;

		while (n < s.len && is_blank(s.data[n]))
			n += line_length(slice_skip(s, n));
		*rest = slice_skip(s, n);
		if (name == 0)
			continue;
		ret_field->name = slice_head(s, name);
		colon = name + slice_find(slice_skip(s, name), ':');
		ret_field->value =
			slice_trim(slice_skip(slice_head(s, n), colon + 1));
		return true;
	}
	return false;
}

bool
header_find(struct slice header, struct slice name, struct slice *ret_value)
{
	struct header_field field;

	while (header_next(&header, &field)) {
		if (slice_eq_nocase(field.name, name)) {
			*ret_value = field.value;
			return true;
		}
	}
	return false;
}

/* Nothing to unfold, to decode or to take out. */
static bool
is_plain(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];

		if (c < ' ' || c > '~')
			return false;
		if (c == '=' && i + 1 < s.len && s.data[i + 1] == '?')
			return false;
	}
	return true;
}

/* What would break a line apart. */
static bool
is_break(uint32_t cp)
{
	return cp == '\t' || cp == '\n' || cp == '\r' || cp == '\v' ||
	       cp == '\f' || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

/* Takes blanks and line breaks; how many blanks stand for them. */
static size_t
take_blanks(struct slice *text)
{
	size_t n = 0;
	bool broken = false;

	while (text->len > 0) {
		struct slice rest = *text;
		uint32_t cp = utf8_next(&rest);

		if (cp != ' ' && !is_break(cp))
			break;
		broken = broken || cp != ' ';
		n++;
		*text = rest;
	}
	return broken ? 1 : n;
}

void
header_clean(struct slice text, struct strbuf *out)
{
	size_t start = out->len;
	size_t blanks = 0;

	while (text.len > 0) {
		size_t n = take_blanks(&text);
		struct slice rest = text;
		uint32_t cp;

		blanks = n > blanks ? n : blanks;
		if (text.len == 0)
			break;
		cp = utf8_next(&rest);
		if (cp >= 0x20 && (cp < 0x7f || cp >= 0xa0)) {
			for (; blanks > 0 && out->len > start; blanks--)
				strbuf_add_char(out, ' ');
			blanks = 0;
			strbuf_add_utf8(out, cp);
		}
		text = rest;
	}
}

void
header_decode(struct slice value, struct strbuf *out)
{
	struct strbuf decoded CLEANUP(strbuf_clear) = { 0 };

	value = slice_trim(value);
	if (is_plain(value)) {
		strbuf_add_slice(out, value);
		return;
	}
	strbuf_init(&decoded, 4 * value.len + 16);
	encoded_words_decode(value, &decoded);
	header_clean(strbuf_slice(&decoded), out);
}
