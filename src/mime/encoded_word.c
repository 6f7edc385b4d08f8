/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/encoded_word.h"

#include "mime/base64.h"
#include "mime/charset.h"

/* Past so many stretches none is worth the time of a close look. */
enum { LOOKS_MAX = 8 };

/* Bytes of words of one charset, not yet decoded. */
struct run {
	struct strbuf bytes;
	struct slice charset;
	int looks;
};

static bool
take_charset(struct slice *s, struct slice *ret_charset)
{
	size_t n = 0;

	while (n < s->len && n < CHARSET_NAME_MAX && s->data[n] > ' ' &&
		s->data[n] < 0x7f && s->data[n] != '?')
		n++;
	if (n == 0 || n == s->len || s->data[n] != '?')
		return false;
	*ret_charset = slice_head(*s, slice_find(slice_head(*s, n), '*'));
	*s = slice_skip(*s, n + 1);
	return true;
}

/* Where the text ends; another word's start is no part of it. */
static bool
take_text(struct slice *s, struct slice *ret_text)
{
	for (size_t i = 0; i < s->len; i++) {
		i += slice_find(slice_skip(*s, i), '?');
		if (i + 1 >= s->len)
			return false;
		if (s->data[i + 1] == '=') {
			*ret_text = slice_head(*s, i);
			*s = slice_skip(*s, i + 2);
			return true;
		}
		if (i > 0 && s->data[i - 1] == '=')
			return false;
	}
	return false;
}

bool
encoded_word_next(struct slice *s, struct encoded_word *ret_word)
{
	struct slice at = *s;
	struct encoded_word word;

	if (!slice_starts(at, SLICE("=?")))
		return false;
	at = slice_skip(at, 2);
	if (!take_charset(&at, &word.charset))
		return false;
	if (at.len < 2 || at.data[1] != '?')
		return false;
	word.encoding = ascii_lower(at.data[0]);
	if (word.encoding != 'b' && word.encoding != 'q')
		return false;
	at = slice_skip(at, 2);
	if (!take_text(&at, &word.text))
		return false;
	*s = at;
	*ret_word = word;
	return true;
}

static void
add_q(struct slice s, struct strbuf *bytes)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];

		if (c == '=' && i + 2 < s.len &&
			ascii_hex(s.data[i + 1]) >= 0 &&
			ascii_hex(s.data[i + 2]) >= 0) {
			c = (char)(ascii_hex(s.data[i + 1]) << 4 |
				   ascii_hex(s.data[i + 2]));
			i += 2;
		} else if (c == '_') {
			c = ' ';
		}
		strbuf_add_char(bytes, c);
	}
}

static void
add_b(struct slice s, struct strbuf *bytes)
{
	struct base64 state = { 0 };
	char *start = strbuf_room(bytes, s.len / 4 * 3 + 6);
	char *end;

	if (!start)
		return;
	end = base64_end(&state, base64_add(&state, s, start));
	strbuf_grown(bytes, (size_t)(end - start));
}

static void
add_text(struct run *run, struct slice charset, struct slice bytes,
	struct strbuf *out)
{
	if (bytes.len == 0)
		return;
	(void)charset_to_utf8(charset,
		run->looks++ < LOOKS_MAX ? CHARSET_DECLARED : CHARSET_SHORT,
		bytes, out);
}

static void
flush(struct run *run, struct strbuf *out)
{
	add_text(run, run->charset, strbuf_slice(&run->bytes), out);
	strbuf_reset(&run->bytes);
}

/* Bytes before the next `=?`. */
static size_t
plain_length(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		i += slice_find(slice_skip(s, i), '=');
		if (i + 1 < s.len && s.data[i + 1] == '?')
			return i;
	}
	return s.len;
}

void
encoded_words_decode(struct slice text, struct strbuf *out)
{
	struct run run = { .charset = SLICE("") };
	struct encoded_word word;
	struct slice plain = slice_head(text, 0);
	size_t n;

	/* Room for what add_b() asks beyond its text. */
	strbuf_init(&run.bytes, text.len + 8);
	while (text.len > 0) {
		if (encoded_word_next(&text, &word)) {
			bool blank = slice_trim(plain).len == 0;

			/* RFC 2047 6.2: blanks between words go. */
			if (!blank || run.bytes.len == 0 ||
				!slice_eq_nocase(run.charset, word.charset))
				flush(&run, out);
			if (!blank || run.charset.len == 0)
				add_text(&run, SLICE(""), plain, out);
			plain = slice_head(text, 0);
			run.charset = word.charset;
			if (word.encoding == 'b')
				add_b(word.text, &run.bytes);
			else
				add_q(word.text, &run.bytes);
			continue;
		}
		n = plain_length(slice_skip(text, 1)) + 1;
		plain.len += n;
		text = slice_skip(text, n);
	}
	flush(&run, out);
	add_text(&run, SLICE(""), plain, out);
	strbuf_clear(&run.bytes);
}
