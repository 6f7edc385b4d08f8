/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/transfer.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/mem.h"
#include "mime/base64.h"

/* Bytes held back until what follows tells what they mean. */
enum {
	HELD_MAX = TRANSFER_HELD_MAX,
	/* Ends of lines are looked for no further than this at a time: a line
	 * of megabytes would be searched again for each `=` in it. */
	WINDOW = 1024,
};

enum state {
	STATE_TEXT,
	/* quoted-printable */
	STATE_EQUALS, /* `=` and perhaps a digit or blanks are held */
	/* base64 */
	STATE_ENDED, /* padding was seen; the line is held */
	/* uuencode */
	STATE_IN_FILE,
	/* yEnc */
	STATE_KEYWORD, /* a line that starts with "=y" */
	STATE_ESCAPE,  /* `=` was seen */
};

struct transfer {
	enum part_encoding encoding;
	enum state state;
	bool dropping; /* the rest of the line */
	struct base64 base64;
	char held[HELD_MAX];
	size_t n_held;
};

struct transfer *
transfer_new(enum part_encoding encoding)
{
	struct transfer *transfer = xnew(struct transfer);

	transfer->encoding = encoding;
	return transfer;
}

void
transfer_free(struct transfer *transfer)
{
	free(transfer);
}

static void
flush_held(struct transfer *t, struct strbuf *out)
{
	strbuf_add(out, t->held, t->n_held);
	t->n_held = 0;
}

/* One character behind `=`; false when it belongs to the text again. */
static bool
add_escaped(struct transfer *t, char c, struct strbuf *out)
{
	bool blank = c == ' ' || c == '\t' || c == '\r';
	char last = t->held[t->n_held - 1];

	/* Old Macs ended lines so; what follows is text again. */
	if (last == '\r' && c != '\n') {
		t->n_held = 0;
		t->state = STATE_TEXT;
		return false;
	}
	/* RFC 2045 6.7 (5): a soft break, blanks before it tolerated. */
	if (c == '\n' && (t->n_held == 1 || ascii_hex(last) < 0)) {
		t->n_held = 0;
		t->state = STATE_TEXT;
		return true;
	}
	if (t->n_held == 2 && ascii_hex(last) >= 0 && ascii_hex(c) >= 0) {
		strbuf_add_char(
			out, (char)(ascii_hex(last) << 4 | ascii_hex(c)));
		t->n_held = 0;
		t->state = STATE_TEXT;
		return true;
	}
	if (t->n_held < HELD_MAX &&
		(t->n_held == 1 ? blank || ascii_hex(c) >= 0
				: blank && ascii_hex(last) < 0)) {
		t->held[t->n_held++] = c;
		return true;
	}
	/* No escape at all: it stays as it was written. */
	flush_held(t, out);
	t->state = STATE_TEXT;
	return false;
}

static void
add_quoted_printable(struct transfer *t, struct slice piece, struct strbuf *out)
{
	while (piece.len > 0) {
		size_t n;

		if (t->state == STATE_EQUALS) {
			if (add_escaped(t, piece.data[0], out))
				piece = slice_skip(piece, 1);
			continue;
		}
		n = slice_find(piece, '=');
		strbuf_add(out, piece.data, n);
		if (n < piece.len) {
			t->held[0] = '=';
			t->n_held = 1;
			t->state = STATE_EQUALS;
		}
		piece = slice_skip(piece, n + 1);
	}
}

/* Whether a line reads as words, such as a list server's footer. */
static bool
is_words(struct slice line)
{
	size_t odd = 0;

	line = slice_trim(slice_head(line, HELD_MAX));
	for (size_t i = 0; i < line.len; i++) {
		if (ascii_is_space(line.data[i]))
			return true;
		odd += base64_value(line.data[i]) < 0;
	}
	return 4 * odd > line.len;
}

/* Takes it back when it was no base64. */
static void
decode_base64(struct transfer *t, struct slice s, struct strbuf *out)
{
	struct base64 before = t->base64;
	size_t len = out->len;
	char *to = strbuf_room(out, s.len / 4 * 3 + 6);

	if (!to)
		return;
	t->base64.odd = 0;
	strbuf_grown(out, (size_t)(base64_add(&t->base64, s, to) - to));
	if (t->base64.odd > 0 && is_words(s)) {
		strbuf_cut(out, len);
		t->base64 = before;
	}
}

static struct slice
add_base64_text(struct transfer *t, struct slice piece, struct strbuf *out)
{
	struct slice window = slice_head(piece, WINDOW);
	struct slice line = slice_head(window, slice_find(window, '\n') + 1);
	size_t n = slice_find(line, '=');

	decode_base64(t, slice_head(line, n), out);
	if (n == line.len)
		return slice_skip(piece, n);
	if (t->base64.n >= 2) {
		decode_base64(t, SLICE("="), out);
		t->state = STATE_ENDED;
	}
	t->base64.n = 0;
	return slice_skip(piece, n + 1);
}

/*
 * What follows padding goes on only when it is whole quanta: it may be the
 * next of several files in a row, or words.  A line longer than what can be
 * held (`whole` is false) is judged by its beginning.
 */
static void
decide_held(struct transfer *t, bool whole, struct strbuf *out)
{
	struct slice s = slice_trim(slice_make(t->held, t->n_held));
	size_t n = 0;
	size_t padding = 0;

	t->n_held = 0;
	while (s.len > 0 && s.data[0] == '=')
		s = slice_skip(s, 1);
	while (n < s.len && base64_value(s.data[n]) >= 0)
		n++;
	while (n + padding < s.len && s.data[n + padding] == '=')
		padding++;
	if (n == 0 || n + padding < s.len ||
		(whole && (n + padding) % 4 != 0)) {
		t->dropping = !whole;
		return;
	}
	if (padding == 0)
		t->state = STATE_TEXT;
	decode_base64(t, slice_head(s, n), out);
	if (padding > 0)
		decode_base64(t, SLICE("="), out);
}

static struct slice
add_base64_ended(struct transfer *t, struct slice piece, struct strbuf *out)
{
	struct slice window = slice_head(piece, WINDOW);
	size_t line = slice_find(window, '\n');
	size_t n = line;

	if (n > HELD_MAX - t->n_held)
		n = HELD_MAX - t->n_held;
	if (!t->dropping) {
		memcpy(t->held + t->n_held, piece.data, n);
		t->n_held += n;
		if (n < line) {
			decide_held(t, false, out);
			return slice_skip(piece, n);
		}
	}
	if (line == window.len)
		return slice_skip(piece, line);
	if (!t->dropping)
		decide_held(t, true, out);
	t->dropping = false;
	return slice_skip(piece, line + 1);
}

static void
add_base64(struct transfer *t, struct slice piece, struct strbuf *out)
{
	while (piece.len > 0)
		piece = t->state == STATE_ENDED
				? add_base64_ended(t, piece, out)
				: add_base64_text(t, piece, out);
}

static int
uu_value(char c)
{
	return (c - ' ') & 0x3f;
}

/* Lines before the file pass through, so that nothing is lost. */
static void
decode_uu_line(struct transfer *t, struct slice line, struct strbuf *out)
{
	size_t n;

	if (t->state == STATE_TEXT) {
		if (slice_starts(line, SLICE("begin ")))
			t->state = STATE_IN_FILE;
		else if (slice_trim(line).len > 0) {
			strbuf_add_slice(out, line);
			strbuf_add_char(out, '\n');
		}
		return;
	}
	line = slice_trim(line);
	if (slice_eq(line, SLICE("end"))) {
		t->state = STATE_TEXT;
		return;
	}
	if (line.len == 0)
		return;
	n = (size_t)uu_value(line.data[0]);
	line = slice_skip(line, 1);
	for (size_t i = 0; n > 0; i += 4) {
		int v[4];
		char bytes[3];
		size_t take = n < 3 ? n : 3;

		/* Blanks at the end may have been cut off. */
		for (size_t j = 0; j < 4; j++)
			v[j] = i + j < line.len ? uu_value(line.data[i + j])
						: 0;
		bytes[0] = (char)(v[0] << 2 | v[1] >> 4);
		bytes[1] = (char)(v[1] << 4 | v[2] >> 2);
		bytes[2] = (char)(v[2] << 6 | v[3]);
		strbuf_add(out, bytes, take);
		n -= take;
	}
}

/* Longer lines than are held lose their rest: no uuencoder writes them. */
static void
add_uu(struct transfer *t, struct slice piece, struct strbuf *out)
{
	while (piece.len > 0) {
		size_t line = slice_find(piece, '\n');
		size_t n = line;

		if (n > HELD_MAX - t->n_held)
			n = HELD_MAX - t->n_held;
		memcpy(t->held + t->n_held, piece.data, n);
		t->n_held += n;
		if (line < piece.len) {
			decode_uu_line(t, slice_make(t->held, t->n_held), out);
			t->n_held = 0;
		}
		piece = slice_skip(piece, line + 1);
	}
}

/* Where a line starts, "=y" makes it one that holds no bytes of the file. */
static void
add_yenc(struct transfer *t, struct slice piece, struct strbuf *out)
{
	for (size_t i = 0; i < piece.len; i++) {
		char c = piece.data[i];
		bool at_start = t->n_held == 0;

		if (c == '\n') {
			t->state = STATE_TEXT;
			t->n_held = 0;
			continue;
		}
		if (t->state == STATE_KEYWORD || c == '\r')
			continue;
		/* How many bytes of the line there were, up to two. */
		t->n_held += t->n_held < 2;
		if (t->state == STATE_ESCAPE) {
			t->state = STATE_TEXT;
			if (c == 'y' && t->n_held == 2 && t->held[0] == '=') {
				t->state = STATE_KEYWORD;
				continue;
			}
			strbuf_add_char(out, (char)(c - 64 - 42));
		} else if (c == '=') {
			t->state = STATE_ESCAPE;
			t->held[0] = at_start ? '=' : '\0';
		} else {
			strbuf_add_char(out, (char)(c - 42));
		}
	}
}

bool
transfer_add(struct transfer *t, struct slice piece, struct strbuf *out)
{
	switch (t->encoding) {
	case ENCODING_IDENTITY:
		return strbuf_add_slice(out, piece);
	case ENCODING_QUOTED_PRINTABLE:
		add_quoted_printable(t, piece, out);
		return !out->full;
	case ENCODING_BASE64:
		add_base64(t, piece, out);
		return !out->full;
	case ENCODING_UUENCODE:
		add_uu(t, piece, out);
		return !out->full;
	case ENCODING_YENC:
		add_yenc(t, piece, out);
		return !out->full;
	}
	UNREACHABLE();
}

bool
transfer_end(struct transfer *t, struct strbuf *out)
{
	char rest[4];

	switch (t->encoding) {
	case ENCODING_IDENTITY:
		break;
	case ENCODING_QUOTED_PRINTABLE:
		/* A soft break at the very end says nothing. */
		if (t->n_held > 1 && ascii_hex(t->held[t->n_held - 1]) >= 0)
			flush_held(t, out);
		break;
	case ENCODING_BASE64:
		if (t->state == STATE_ENDED && !t->dropping)
			decide_held(t, true, out);
		strbuf_add(out, rest,
			(size_t)(base64_end(&t->base64, rest) - rest));
		break;
	case ENCODING_UUENCODE:
		if (t->n_held > 0)
			decode_uu_line(t, slice_make(t->held, t->n_held), out);
		break;
	case ENCODING_YENC:
		break;
	}
	t->n_held = 0;
	return !out->full;
}

bool
transfer_decode(
	enum part_encoding encoding, struct slice bytes, struct strbuf *out)
{
	struct transfer transfer = { .encoding = encoding };

	transfer_add(&transfer, bytes, out);
	return transfer_end(&transfer, out);
}
