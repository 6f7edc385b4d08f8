/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/param.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "mime/charset.h"
#include "mime/header.h"

/* A parameter whose name fits, or a piece of it (RFC 2231 3). */
struct piece {
	int index;     /* -1 when it is whole */
	bool is_coded; /* a star at the end of the name */
	const char *value;
};

/* "filename*1*" for "filename". */
static bool
match(const char *have, const char *name, struct piece *ret)
{
	size_t n = strlen(name);
	uint64_t index;
	const char *p = have + n;
	size_t digits = 0;

	if (strncmp(have, name, n) != 0)
		return false;
	ret->index = -1;
	ret->is_coded = false;
	if (*p == '\0')
		return true;
	if (*p != '*')
		return false;
	p++;
	if (*p == '\0') {
		ret->is_coded = true;
		return true;
	}
	while (ascii_is_digit(p[digits]))
		digits++;
	if (!ascii_parse_u64(p, digits, PARAM_PIECE_MAX, &index))
		return false;
	ret->index = (int)index;
	p += digits;
	ret->is_coded = *p == '*';
	return *p == '\0' || (*p == '*' && p[1] == '\0');
}

/* In order of their numbers, the first of equal ones alone. */
static void
insert(struct piece *pieces, size_t *n, struct piece piece)
{
	size_t i = *n;

	while (i > 0 && pieces[i - 1].index > piece.index)
		i--;
	if (i > 0 && pieces[i - 1].index == piece.index)
		return;
	memmove(pieces + i + 1, pieces + i, (*n - i) * sizeof(pieces[0]));
	pieces[i] = piece;
	++*n;
}

static void
add_percent_decoded(struct slice s, struct strbuf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];

		if (c == '%' && i + 2 < s.len &&
			ascii_hex(s.data[i + 1]) >= 0 &&
			ascii_hex(s.data[i + 2]) >= 0) {
			c = (char)(ascii_hex(s.data[i + 1]) << 4 |
				   ascii_hex(s.data[i + 2]));
			i += 2;
		}
		strbuf_add_char(out, c);
	}
}

/* RFC 2231 4: charset'language'text; all of it is text when that is missing. */
static struct slice
take_charset(struct slice *s)
{
	size_t first = slice_find(*s, '\'');
	size_t second = first + 1 + slice_find(slice_skip(*s, first + 1), '\'');
	struct slice charset = slice_head(*s, first);

	if (first >= s->len)
		return slice_head(*s, 0);
	if (second >= s->len) {
		/* Some leave one quote out. */
		if (!charset_is_known(charset))
			return slice_head(*s, 0);
		second = first;
	}
	*s = slice_skip(*s, second + 1);
	return charset;
}

static char *
join(const struct piece *pieces, size_t n, bool raw)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct strbuf clean CLEANUP(strbuf_clear) = { 0 };
	struct slice charset = SLICE("");
	bool any_coded = false;
	size_t limit = 16;

	for (size_t i = 0; i < n; i++)
		limit += strlen(pieces[i].value);
	strbuf_init(&bytes, limit);
	strbuf_init(&text, 4 * limit);
	strbuf_init(&clean, 4 * limit);
	for (size_t i = 0; i < n; i++) {
		struct slice value = slice_str(pieces[i].value);

		/* What comes behind a gap has lost its place. */
		if (i > 0 && pieces[i].index != pieces[i - 1].index + 1)
			break;
		if (i == 0 && pieces[i].is_coded)
			charset = take_charset(&value);
		any_coded = any_coded || pieces[i].is_coded;
		if (pieces[i].is_coded)
			add_percent_decoded(value, &bytes);
		else
			strbuf_add_slice(&bytes, value);
	}
	if (raw)
		return strbuf_take(&bytes);
	if (any_coded) {
		(void)charset_to_utf8(
			charset, CHARSET_DECLARED, strbuf_slice(&bytes), &text);
		header_clean(strbuf_slice(&text), &clean);
	} else {
		header_decode(strbuf_slice(&bytes), &clean);
	}
	return strbuf_take(&clean);
}

static char *
read_param(const struct part *part, const char *name, bool raw)
{
	struct piece pieces[PART_PARAMS_MAX];
	struct piece whole = { 0, false, NULL };
	size_t n = 0;

	for (size_t i = 0; i < part->n_params; i++) {
		struct piece piece;

		if (!match(part->params[i].name, name, &piece))
			continue;
		piece.value = part->params[i].value;
		if (piece.index >= 0)
			insert(pieces, &n, piece);
		else if (!whole.value || (piece.is_coded && !whole.is_coded))
			whole = piece;
	}
	/* RFC 6266 4.3, in effect: the richer form wins. */
	if (whole.value && (whole.is_coded || n == 0))
		return join(&whole, 1, raw);
	return n > 0 ? join(pieces, n, raw) : NULL;
}

char *
mime_param(const struct part *part, const char *name)
{
	return read_param(part, name, false);
}

char *
mime_param_raw(const struct part *part, const char *name)
{
	return read_param(part, name, true);
}

/* NULL when nothing is left. */
static char *
cut(char *text, size_t max)
{
	if (!text)
		return NULL;
	text[utf8_cut(slice_str(text), max)] = '\0';
	if (*text)
		return text;
	free(text);
	return NULL;
}

static bool
param_is(const struct part *part, const char *name, const char *value)
{
	char *have = mime_param(part, name);
	bool is = have && ascii_eq_nocase(have, value);

	free(have);
	return is;
}

void
mime_params_settle(struct part_tree *tree)
{
	for (size_t i = 0; i < tree->n; i++) {
		struct part *part = &tree->items[i];

		if (part->n_params == 0)
			continue;
		free(part->charset);
		free(part->name);
		part->charset =
			cut(mime_param(part, "charset"), CHARSET_NAME_MAX);
		part->name =
			cut(mime_param(part, "filename"), PART_NAME_LENGTH_MAX);
		if (!part->name)
			part->name = cut(
				mime_param(part, "name"), PART_NAME_LENGTH_MAX);
		part->flowed = param_is(part, "format", "flowed");
		part->delsp = part->flowed && param_is(part, "delsp", "yes");
		part_drop_params(part);
	}
}

static bool
is_token_char(char c)
{
	return c > ' ' && c < 0x7f && !strchr("()<>@,;:\\\"/[]?=", c);
}

static struct slice
skip_blanks(struct slice s)
{
	while (s.len > 0 && ascii_is_space(s.data[0]))
		s = slice_skip(s, 1);
	return s;
}

/* Length of "name" and blanks before a "=" at the front; 0 when it is not. */
static size_t
name_length(struct slice s)
{
	size_t n = 0;
	size_t after;

	while (n < s.len && n < PARAM_NAME_MAX && is_token_char(s.data[n]))
		n++;
	after = n;
	while (after < s.len && ascii_is_space(s.data[after]))
		after++;
	return after < s.len && s.data[after] == '=' ? n : 0;
}

/* Whether a quote with `after` behind it closes: some quote inside quotes. */
static bool
closes(struct slice after)
{
	after = skip_blanks(after);
	return after.len == 0 || after.data[0] == ';' || after.data[0] == '(' ||
	       after.data[0] == ',' || name_length(after) > 0;
}

/* Behind the opening quote; line breaks are folding. */
static struct slice
read_quoted(struct slice s, struct strbuf *out)
{
	size_t i = 0;

	for (; i < s.len; i++) {
		char c = s.data[i];

		if (c == '"' && closes(slice_skip(s, i + 1)))
			return slice_skip(s, i + 1);
		/* Only what must be: Windows paths are not. */
		if (c == '\\' && i + 1 < s.len &&
			(s.data[i + 1] == '"' || s.data[i + 1] == '\\'))
			c = s.data[++i];
		if (c != '\r' && c != '\n')
			strbuf_add_char(out, c);
	}
	return slice_skip(s, i);
}

/* Names of files have blanks even where nobody quoted them. */
static struct slice
read_bare(struct slice s, bool is_name, struct strbuf *out)
{
	size_t n = 0;
	struct slice value;

	while (n < s.len && s.data[n] != ';' &&
		(is_name || !ascii_is_space(s.data[n])))
		n++;
	value = slice_trim(slice_head(s, n));
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] != '\r' && value.data[i] != '\n')
			strbuf_add_char(out, value.data[i]);
	}
	return slice_skip(s, n);
}

/* A comment, or what else stands before the next semicolon. */
static struct slice
skip_junk(struct slice s)
{
	struct slice comment = slice_head(s, PARAM_COMMENT_MAX);
	size_t close = slice_find(comment, ')');

	if (s.data[0] == '(' && close < comment.len)
		return slice_skip(s, close + 1);
	return slice_skip(s, slice_find(s, ';'));
}

void
mime_params_read(struct slice value, struct part *part)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, value.len + 1);
	while (value.len > 0 && part->n_params < PART_PARAMS_MAX) {
		struct slice name;
		size_t n;

		if (value.data[0] == ';' || ascii_is_space(value.data[0])) {
			value = slice_skip(value, 1);
			continue;
		}
		n = name_length(value);
		if (n == 0) {
			value = skip_junk(value);
			continue;
		}
		name = slice_head(value, n);
		value = slice_skip(value, n);
		value = skip_blanks(
			slice_skip(value, slice_find(value, '=') + 1));
		strbuf_reset(&text);
		if (value.len > 0 && value.data[0] == '"')
			value = read_quoted(slice_skip(value, 1), &text);
		else
			value = read_bare(value,
				slice_starts_nocase(name, SLICE("name")) ||
					slice_starts_nocase(
						name, SLICE("filename")),
				&text);
		part_add_param(part, name, strbuf_slice(&text));
	}
}
