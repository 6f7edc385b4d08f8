/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/field.h"

#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "compose/domain.h"
#include "compose/encode.h"

enum {
	FOLD_COLUMN = 76,
	WORD_MAX = 75,  /* RFC 2047 2 */
	ATOM_MAX = 200, /* longer ones are encoded, to be foldable */
	CLEAN_MAX = 1024 * 1024,
	PARAM_LINE = 60, /* of an RFC 2231 piece */
	ID_MAX = 900,
};

/* Bytes since the last line end. */
static size_t
column(const struct strbuf *out)
{
	size_t at = out->len;

	while (at > 0 && out->data[at - 1] != '\n')
		at--;
	return out->len - at;
}

static void
fold(struct strbuf *out)
{
	strbuf_add_str(out, "\r\n ");
}

/* One line of valid UTF-8 without control characters. */
static void
clean(struct slice text, struct strbuf *out)
{
	strbuf_init(out, CLEAN_MAX);
	utf8_repair(slice_head(text, utf8_cut(text, CLEAN_MAX / 4)), out);
	for (size_t i = 0; i < out->len; i++) {
		if (ascii_is_control(out->data[i]))
			out->data[i] = ' ';
	}
}

/* ---- encoded words ---- */

static bool
q_is_plain(char c)
{
	/* RFC 2047 5 (3): what may stand even in a phrase. */
	return ascii_is_alnum(c) || c == '!' || c == '*' || c == '+' ||
	       c == '-' || c == '/';
}

static size_t
q_length(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += q_is_plain(s.data[i]) || s.data[i] == ' ' ? 1 : 3;
	return n;
}

static void
put_q(struct strbuf *out, struct slice s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.data[i];

		if (c == ' ') {
			strbuf_add_char(out, '_');
		} else if (q_is_plain((char)c)) {
			strbuf_add_char(out, (char)c);
		} else {
			strbuf_add_char(out, '=');
			strbuf_add_char(out, hex[c >> 4]);
			strbuf_add_char(out, hex[c & 15]);
		}
	}
}

/* As much of `*text` as a word of `room` columns holds, at least a character.
 */
static struct slice
take_for_word(struct slice *text, bool by_q, size_t room)
{
	struct slice rest = *text;
	struct slice part = slice_head(*text, 0);

	while (rest.len > 0) {
		struct slice after = rest;
		struct slice more;
		size_t length;

		utf8_next(&after);
		more = slice_make(
			text->data, (size_t)(after.data - text->data));
		length = by_q ? q_length(more) : (more.len + 2) / 3 * 4;
		if (part.len > 0 && length > room)
			break;
		part = more;
		rest = after;
	}
	*text = slice_skip(*text, part.len);
	return part;
}

/* Encodes all of it, in as many words as it takes. */
static void
put_encoded(struct strbuf *out, struct slice text)
{
	static const char head[] = "=?UTF-8?";
	size_t frame = sizeof(head) - 1 + 2 + 2; /* "Q?" and "?=" */
	bool by_q = q_length(text) <= (text.len + 2) / 3 * 4;
	bool first = true;

	while (text.len > 0) {
		size_t used = column(out);
		size_t room = WORD_MAX - frame;
		struct slice part;

		if (!first || used + frame + 8 > FOLD_COLUMN) {
			/* Where a blank stands already it is the fold's. */
			if (first && out->len > 0 &&
				out->data[out->len - 1] == ' ')
				strbuf_cut(out, out->len - 1);
			fold(out);
			used = 1;
		}
		if (FOLD_COLUMN - used - frame < room)
			room = FOLD_COLUMN - used - frame;
		part = take_for_word(&text, by_q, room);
		strbuf_add_str(out, head);
		strbuf_add_str(out, by_q ? "Q?" : "B?");
		if (by_q)
			put_q(out, part);
		else
			base64_put(part, out);
		strbuf_add_str(out, "?=");
		first = false;
	}
}

/* Whether a word cannot stand as it is. */
static bool
needs_encoding(struct slice word)
{
	if (utf8_ascii_prefix(word) < word.len || word.len > ATOM_MAX)
		return true;
	for (size_t i = 0; i + 1 < word.len; i++) {
		if (word.data[i] == '=' && word.data[i + 1] == '?')
			return true;
	}
	return false;
}

/* A blank run and the word behind it, off the front. */
static struct slice
take_word(struct slice *rest)
{
	size_t n = 0;
	struct slice word;

	while (n < rest->len && rest->data[n] == ' ')
		n++;
	while (n < rest->len && rest->data[n] != ' ')
		n++;
	word = slice_head(*rest, n);
	*rest = slice_skip(*rest, n);
	return word;
}

/* Words as they are, folded in front of a blank. */
static void
put_plain(struct strbuf *out, struct slice text)
{
	while (text.len > 0) {
		struct slice word = take_word(&text);

		if (column(out) + word.len > FOLD_COLUMN && word.len > 0 &&
			word.data[0] == ' ' && column(out) > 1)
			strbuf_add_str(out, "\r\n");
		strbuf_add_slice(out, word);
	}
}

void
field_add_text(struct strbuf *out, const char *name, struct slice text)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct slice rest, all;
	size_t first = SIZE_MAX;
	size_t last = 0;
	size_t at = 0;

	clean(text, &line);
	all = rest = slice_trim(strbuf_slice(&line));
	/* From the first word that needs it to the last: blanks between words
	 * that are encoded would be lost. */
	while (rest.len > 0) {
		struct slice word = take_word(&rest);
		struct slice bare = slice_trim(word);

		if (needs_encoding(bare)) {
			if (first == SIZE_MAX)
				first = at + word.len - bare.len;
			last = at + word.len;
		}
		at += word.len;
	}
	strbuf_addf(out, "%s: ", name);
	if (first == SIZE_MAX) {
		put_plain(out, all);
	} else {
		put_plain(out, slice_head(all, first));
		put_encoded(out, slice_skip(slice_head(all, last), first));
		put_plain(out, slice_skip(all, last));
	}
	strbuf_add_str(out, "\r\n");
}

/* ---- addresses ---- */

static bool
is_atom_text(char c)
{
	return ascii_is_alnum(c) || (unsigned char)c == ' ' ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* A display name: as it is, quoted, or encoded. */
static void
put_phrase(struct strbuf *out, struct slice name)
{
	bool plain = true;

	if (needs_encoding(name)) {
		put_encoded(out, name);
		return;
	}
	for (size_t i = 0; i < name.len; i++)
		plain = plain && is_atom_text(name.data[i]);
	if (plain) {
		put_plain(out, name);
		return;
	}
	strbuf_add_char(out, '"');
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] == '"' || name.data[i] == '\\')
			strbuf_add_char(out, '\\');
		strbuf_add_char(out, name.data[i]);
	}
	strbuf_add_char(out, '"');
}

static void
put_address(struct strbuf *out, const char *name, const char *wire)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct slice phrase;

	clean(slice_str(name), &line);
	phrase = slice_trim(strbuf_slice(&line));
	if (phrase.len == 0) {
		strbuf_add_str(out, wire);
		return;
	}
	put_phrase(out, phrase);
	if (column(out) + strlen(wire) + 3 > FOLD_COLUMN)
		strbuf_addf(out, "\r\n <%s>", wire);
	else
		strbuf_addf(out, " <%s>", wire);
}

bool
field_add_addresses(struct strbuf *out, const char *name,
	const struct address_list *list, bool strict, bool *ret_utf8,
	struct error *err)
{
	if (list->n == 0)
		return true;
	strbuf_addf(out, "%s: ", name);
	for (size_t i = 0; i < list->n; i++) {
		const struct address *it = &list->items[i];
		char *wire CLEANUP(freep) = NULL;

		if (i > 0)
			strbuf_add_str(out, ",");
		if (!address_to_wire(it->address, &wire, ret_utf8, err)) {
			struct strbuf odd CLEANUP(strbuf_clear) = { 0 };

			if (strict)
				return error_prefix(err, "%s", name);
			error_clear(err);
			clean(slice_str(it->address), &odd);
			if (i > 0)
				strbuf_add_char(out, ' ');
			put_phrase(out, slice_trim(strbuf_slice(&odd)));
			continue;
		}
		if (i > 0 && column(out) + strlen(wire) +
					     (it->name ? strlen(it->name) : 0) +
					     4 >
				     FOLD_COLUMN)
			fold(out);
		else if (i > 0)
			strbuf_add_char(out, ' ');
		put_address(out, it->name ? it->name : "", wire);
	}
	strbuf_add_str(out, "\r\n");
	return true;
}

/* ---- the rest ---- */

bool
field_id_is_sound(struct slice id)
{
	if (id.len == 0 || id.len > ID_MAX)
		return false;
	for (size_t i = 0; i < id.len; i++) {
		char c = id.data[i];

		if ((unsigned char)c <= ' ' || (unsigned char)c > '~' ||
			c == '<' || c == '>')
			return false;
	}
	return true;
}

static void
put_id(struct strbuf *out, struct slice id, bool first)
{
	if (!field_id_is_sound(id))
		return;
	if (!first && column(out) + id.len + 3 > FOLD_COLUMN)
		fold(out);
	else
		strbuf_add_char(out, ' ');
	strbuf_add_char(out, '<');
	strbuf_add_slice(out, id);
	strbuf_add_char(out, '>');
}

void
field_add_ids(struct strbuf *out, const char *name,
	const struct message_ids *ids, const char *last)
{
	size_t begin = out->len;
	size_t empty;

	strbuf_addf(out, "%s:", name);
	empty = out->len;
	for (size_t i = 0; ids && i < ids->n; i++)
		put_id(out, slice_str(ids->items[i]), out->len == empty);
	if (last)
		put_id(out, slice_str(last), out->len == empty);
	if (out->len == empty)
		strbuf_cut(out, begin);
	else
		strbuf_add_str(out, "\r\n");
}

void
field_add_ascii(struct strbuf *out, const char *name, const char *value)
{
	strbuf_addf(out, "%s: %s\r\n", name, value);
}

/* RFC 2231 4: as pieces where one line would be too long. */
static void
put_extended(struct strbuf *out, const char *name, struct slice value)
{
	static const char hex[] = "0123456789ABCDEF";
	struct strbuf piece CLEANUP(strbuf_clear) = { 0 };
	size_t length = 7;
	bool split;
	int n = 0;

	for (size_t i = 0; i < value.len; i++)
		length += ascii_is_alnum(value.data[i]) ? 1 : 3;
	split = length > PARAM_LINE;
	strbuf_init(&piece, 4 * PARAM_LINE);
	while (value.len > 0 || n == 0) {
		strbuf_reset(&piece);
		if (n == 0)
			strbuf_add_str(&piece, "UTF-8''");
		while (value.len > 0 && (!split || piece.len < PARAM_LINE)) {
			unsigned char c = (unsigned char)value.data[0];

			if (ascii_is_alnum((char)c) || c == '.' || c == '-' ||
				c == '_') {
				strbuf_add_char(&piece, (char)c);
			} else {
				strbuf_add_char(&piece, '%');
				strbuf_add_char(&piece, hex[c >> 4]);
				strbuf_add_char(&piece, hex[c & 15]);
			}
			value = slice_skip(value, 1);
		}
		if (split)
			strbuf_addf(
				out, ";\r\n %s*%d*=%s", name, n, piece.data);
		else
			strbuf_addf(out, ";\r\n %s*=%s", name, piece.data);
		n++;
	}
}

void
field_add_param(struct strbuf *out, const char *name, struct slice value)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct slice text;

	clean(value, &line);
	text = strbuf_slice(&line);
	if (utf8_ascii_prefix(text) < text.len || text.len > PARAM_LINE) {
		put_extended(out, name, text);
		return;
	}
	strbuf_addf(out, ";\r\n %s=\"", name);
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"' || text.data[i] == '\\')
			strbuf_add_char(out, '\\');
		strbuf_add_char(out, text.data[i]);
	}
	strbuf_add_char(out, '"');
}
