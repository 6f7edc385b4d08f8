/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "term/input.h"

#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "term/key.h"

/* How long the rest of a sequence may take: an Escape key is told from a
 * sequence by this; an answer may come in pieces over a slow line. */
enum { WAIT_ESCAPE_US = 25000, WAIT_STRING_US = 250000 };

enum { ESC = 0x1b, BEL = 0x07, PARAMS_MAX = 4 };

/* What the start of the held bytes is; `len` counts when it is TAKEN. */
enum taken {
	TAKEN,     /* an input was made of it */
	SWALLOWED, /* it means nothing */
	PARTIAL,   /* more bytes are needed */
};

static const struct {
	char final;
	uint32_t key;
} csi_finals[] = {
	{ 'A', KEYCODE_UP },
	{ 'B', KEYCODE_DOWN },
	{ 'C', KEYCODE_RIGHT },
	{ 'D', KEYCODE_LEFT },
	{ 'F', KEYCODE_END },
	{ 'H', KEYCODE_HOME },
	{ 'P', KEYCODE_F1 },
	{ 'Q', KEYCODE_F1 + 1 },
	{ 'R', KEYCODE_F1 + 2 },
	{ 'S', KEYCODE_F1 + 3 },
	{ 'Z', KEYCODE_TAB | KEYCODE_SHIFT },
	{ 'a', KEYCODE_UP | KEYCODE_SHIFT },
	{ 'b', KEYCODE_DOWN | KEYCODE_SHIFT },
	{ 'c', KEYCODE_RIGHT | KEYCODE_SHIFT },
	{ 'd', KEYCODE_LEFT | KEYCODE_SHIFT },
};

/* CSI number ~, with rxvt's ^ $ @ for Ctrl, Shift and both. */
static const struct {
	int number;
	uint32_t key;
} csi_numbers[] = {
	{ 1, KEYCODE_HOME },
	{ 2, KEYCODE_INSERT },
	{ 3, KEYCODE_DELETE },
	{ 4, KEYCODE_END },
	{ 5, KEYCODE_PAGE_UP },
	{ 6, KEYCODE_PAGE_DOWN },
	{ 7, KEYCODE_HOME },
	{ 8, KEYCODE_END },
	{ 11, KEYCODE_F1 },
	{ 12, KEYCODE_F1 + 1 },
	{ 13, KEYCODE_F1 + 2 },
	{ 14, KEYCODE_F1 + 3 },
	{ 15, KEYCODE_F1 + 4 },
	{ 17, KEYCODE_F1 + 5 },
	{ 18, KEYCODE_F1 + 6 },
	{ 19, KEYCODE_F1 + 7 },
	{ 20, KEYCODE_F1 + 8 },
	{ 21, KEYCODE_F1 + 9 },
	{ 23, KEYCODE_F1 + 10 },
	{ 24, KEYCODE_F1 + 11 },
};

/* ESC O letter: application cursor keys and the keypad. */
static const struct {
	char final;
	uint32_t key;
} ss3_finals[] = {
	{ 'M', KEYCODE_ENTER },
	{ 'j', '*' },
	{ 'k', '+' },
	{ 'l', ',' },
	{ 'm', '-' },
	{ 'n', '.' },
	{ 'o', '/' },
	{ 'X', '=' },
	{ 'a', KEYCODE_UP | KEYCODE_CTRL },
	{ 'b', KEYCODE_DOWN | KEYCODE_CTRL },
	{ 'c', KEYCODE_RIGHT | KEYCODE_CTRL },
	{ 'd', KEYCODE_LEFT | KEYCODE_CTRL },
};

struct csi {
	char prefix; /* one of < = > ? or NUL */
	int params[PARAMS_MAX];
	int n;
	char intermediate;
	char final;
};

void
input_init(struct input_decoder *decoder)
{
	*decoder = (struct input_decoder){ .n = 0 };
	strbuf_init(&decoder->paste, INPUT_PASTE_MAX);
}

void
input_clear(struct input_decoder *decoder)
{
	strbuf_clear(&decoder->paste);
	decoder->n = 0;
	decoder->pasting = false;
}

size_t
input_feed(struct input_decoder *decoder, const void *data, size_t len)
{
	size_t room = sizeof(decoder->bytes) - decoder->n;

	if (len > room)
		len = room;
	memcpy(decoder->bytes + decoder->n, data, len);
	decoder->n += len;
	return len;
}

static void
drop(struct input_decoder *decoder, size_t len)
{
	decoder->n -= len;
	memmove(decoder->bytes, decoder->bytes + len, decoder->n);
}

static enum taken
take_key(struct input *ret, uint32_t key)
{
	*ret = (struct input){ .kind = INPUT_KEY, .key = key };
	return TAKEN;
}

/* xterm: 1 plus 1 for Shift, 2 for Alt, 4 for Ctrl. */
static uint32_t
modifiers(int param)
{
	int bits = param > 1 && param <= 8 ? param - 1 : 0;

	return (bits & 1 ? KEYCODE_SHIFT : 0u) | (bits & 2 ? KEYCODE_ALT : 0u) |
	       (bits & 4 ? KEYCODE_CTRL : 0u);
}

static enum taken
take_mouse(struct input *ret, int code, int col, int row, bool release)
{
	*ret = (struct input){ .kind = INPUT_MOUSE, .row = row, .col = col };
	if (row < 0 || col < 0)
		return SWALLOWED;
	ret->button = (code & 3) + 1;
	if (code & 64) {
		if ((code & 3) > 1)
			return SWALLOWED; /* sideways */
		ret->action = code & 1 ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP;
		return TAKEN;
	}
	if (release || (code & 3) == 3)
		ret->action = MOUSE_RELEASE;
	else
		ret->action = code & 32 ? MOUSE_DRAG : MOUSE_PRESS;
	return TAKEN;
}

static enum taken
take_csi(
	struct input_decoder *decoder, const struct csi *csi, struct input *ret)
{
	int first = csi->n > 0 ? csi->params[0] : 0;
	uint32_t bits = csi->n > 1 ? modifiers(csi->params[1]) : 0;

	if (csi->prefix == '<' && csi->n >= 3 &&
		(csi->final == 'M' || csi->final == 'm'))
		return take_mouse(ret, first, csi->params[1] - 1,
			csi->params[2] - 1, csi->final == 'm');
	if (csi->prefix)
		return SWALLOWED;
	if (csi->final == 'M' && csi->n >= 3) /* urxvt's form */
		return take_mouse(ret, first - 32, csi->params[1] - 1,
			csi->params[2] - 1, false);
	if (csi->final == '~' && first == 200) {
		decoder->pasting = true;
		strbuf_reset(&decoder->paste);
		return SWALLOWED;
	}
	if (csi->final == '^' || csi->final == '@')
		bits |= KEYCODE_CTRL;
	if (csi->intermediate == '$' || csi->final == '@')
		bits |= KEYCODE_SHIFT;
	if (csi->final == '~' || csi->final == '^' || csi->final == '@' ||
		csi->final == '$')
		for (size_t i = 0; i < ARRAY_LEN(csi_numbers); i++)
			if (csi_numbers[i].number == first)
				return take_key(ret, csi_numbers[i].key | bits);
	/* A cursor position report has the form of a modified F3. */
	if (csi->final == 'R' && first != 1)
		return SWALLOWED;
	if (csi->n == 0 || (first <= 1 && csi->n == 2))
		for (size_t i = 0; i < ARRAY_LEN(csi_finals); i++)
			if (csi_finals[i].final == csi->final)
				return take_key(ret, csi_finals[i].key | bits);
	return SWALLOWED;
}

/* Bytes from ESC [ on; `*ret_len` is their number when not PARTIAL. */
static enum taken
parse_csi(struct input_decoder *decoder, size_t *ret_len, struct input *ret)
{
	const char *s = decoder->bytes;
	struct csi csi = { 0 };
	size_t i = 2;

	/* Linux writes F1 to F5 as ESC [ [ A to E. */
	if (decoder->n > 2 && s[2] == '[') {
		*ret_len = 4;
		if (decoder->n < 4)
			return PARTIAL;
		return s[3] >= 'A' && s[3] <= 'E'
			       ? take_key(ret,
					 KEYCODE_F1 + (uint32_t)(s[3] - 'A'))
			       : SWALLOWED;
	}
	/* X10 mouse: three bytes follow. */
	if (decoder->n > 2 && s[2] == 'M') {
		*ret_len = 6;
		if (decoder->n < 6)
			return PARTIAL;
		return take_mouse(ret, (unsigned char)s[3] - 32,
			(unsigned char)s[4] - 33, (unsigned char)s[5] - 33,
			false);
	}
	if (i < decoder->n && strchr("<=>?", s[i]) && s[i])
		csi.prefix = s[i++];
	for (; i < decoder->n; i++) {
		unsigned char c = (unsigned char)s[i];
		int *param = &csi.params[csi.n > 0 ? csi.n - 1 : 0];

		if (c >= '0' && c <= '9') {
			csi.n = csi.n > 0 ? csi.n : 1;
			param = &csi.params[csi.n - 1];
			if (*param < 100000)
				*param = *param * 10 + (c - '0');
		} else if (c == ';' || c == ':') {
			csi.n = csi.n > 0 ? csi.n : 1;
			if (csi.n < PARAMS_MAX)
				csi.n++;
		} else if (c >= 0x20 && c <= 0x2f) {
			csi.intermediate = (char)c;
			/* rxvt ends a shifted key with it. */
			if (c == '$' && !csi.prefix && i + 1 == decoder->n)
				csi.final = '$';
		} else if (c >= 0x40 && c <= 0x7e) {
			csi.final = (char)c;
			*ret_len = i + 1;
			return take_csi(decoder, &csi, ret);
		} else {
			*ret_len = i; /* broken off */
			return SWALLOWED;
		}
	}
	if (csi.final == '$') {
		*ret_len = decoder->n;
		return take_csi(decoder, &csi, ret);
	}
	return PARTIAL;
}

static bool
parse_rgb(struct slice value, uint32_t *ret_rgb)
{
	uint32_t rgb = 0;

	if (slice_starts(value, SLICE("rgb:")))
		value = slice_skip(value, 4);
	else if (slice_starts(value, SLICE("rgba:")))
		value = slice_skip(value, 5);
	else
		return false;
	for (int i = 0; i < 3; i++) {
		size_t end = slice_find(value, '/');
		int high = value.len > 0 ? ascii_hex(value.data[0]) : -1;
		int low = value.len > 1 && end > 1 ? ascii_hex(value.data[1])
						   : high;

		if (end == 0 || end > 4 || high < 0 || low < 0)
			return false;
		rgb = rgb << 8 | (uint32_t)(high * 16 + low);
		value = slice_skip(value, end < value.len ? end + 1 : end);
	}
	*ret_rgb = rgb;
	return true;
}

/* OSC, DCS and their like, up to BEL or ESC \. */
static enum taken
parse_string(
	const struct input_decoder *decoder, size_t *ret_len, struct input *ret)
{
	const char *s = decoder->bytes;

	for (size_t i = 2; i < decoder->n; i++) {
		struct slice body = slice_make(s + 2, i - 2);
		bool st = s[i] == ESC && i + 1 < decoder->n;

		if (s[i] != BEL && !st)
			continue;
		*ret_len = i + 1;
		if (st && s[i + 1] == '\\')
			*ret_len = i + 2;
		else if (st)
			*ret_len = i; /* broken off by another sequence */
		if (s[1] != ']' || !slice_starts(body, SLICE("11;")))
			return SWALLOWED;
		*ret = (struct input){ .kind = INPUT_BACKGROUND };
		return parse_rgb(slice_skip(body, 3), &ret->rgb) ? TAKEN
								 : SWALLOWED;
	}
	return PARTIAL;
}

static enum taken
parse_ss3(
	const struct input_decoder *decoder, size_t *ret_len, struct input *ret)
{
	char c;

	if (decoder->n < 3)
		return PARTIAL;
	c = decoder->bytes[2];
	*ret_len = 3;
	if (c >= 'p' && c <= 'y')
		return take_key(ret, '0' + (uint32_t)(c - 'p'));
	for (size_t i = 0; i < ARRAY_LEN(ss3_finals); i++)
		if (ss3_finals[i].final == c)
			return take_key(ret, ss3_finals[i].key);
	for (size_t i = 0; i < ARRAY_LEN(csi_finals); i++)
		if (csi_finals[i].final == c && c <= 'S')
			return take_key(ret, csi_finals[i].key);
	return SWALLOWED;
}

/* One plain character or control at `s`. */
static enum taken
parse_plain(const char *s, size_t n, size_t *ret_len, struct input *ret)
{
	unsigned char c = (unsigned char)s[0];
	struct slice rest = slice_make(s, n);
	size_t need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1;
	uint32_t code;

	*ret_len = 1;
	if (c == '\t')
		return take_key(ret, KEYCODE_TAB);
	if (c == '\r' || c == '\n')
		return take_key(ret, KEYCODE_ENTER);
	if (c == 0x7f || c == 0x08)
		return take_key(ret, KEYCODE_BACKSPACE);
	if (c == 0)
		return take_key(ret, ' ' | KEYCODE_CTRL);
	if (c < 0x1b)
		return take_key(ret, (uint32_t)(c + 'a' - 1) | KEYCODE_CTRL);
	if (c < 0x20)
		return take_key(ret, (uint32_t)(c + '@') | KEYCODE_CTRL);
	if (c < 0x80)
		return take_key(ret, c);
	if (need > n && c >= 0xc2 && c <= 0xf4)
		return PARTIAL;
	code = utf8_next(&rest);
	*ret_len = n - rest.len;
	/* C1 controls come from terminals in 8-bit mode, never from keys. */
	if (code == UTF8_REPLACEMENT || code < 0xa0)
		return SWALLOWED;
	return take_key(ret, code);
}

static enum taken
parse_escape(struct input_decoder *decoder, bool timed_out, size_t *ret_len,
	struct input *ret)
{
	enum taken taken;

	if (decoder->n == 1) {
		*ret_len = 1;
		return timed_out ? take_key(ret, KEYCODE_ESC) : PARTIAL;
	}
	*ret_len = decoder->n;
	switch (decoder->bytes[1]) {
	case '[':
		return parse_csi(decoder, ret_len, ret);
	case 'O':
		return parse_ss3(decoder, ret_len, ret);
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
		return parse_string(decoder, ret_len, ret);
	case ESC:
		*ret_len = 1;
		return take_key(ret, KEYCODE_ESC);
	default:
		break;
	}
	taken = parse_plain(decoder->bytes + 1, decoder->n - 1, ret_len, ret);
	++*ret_len;
	if (taken == TAKEN)
		ret->key |= KEYCODE_ALT;
	return taken;
}

/* Moves bytes into the paste up to its end mark. */
static bool
take_paste(struct input_decoder *decoder, struct input *ret)
{
	static const struct slice mark = { "\x1b[201~", 6 };
	struct slice held = slice_make(decoder->bytes, decoder->n);
	size_t keep;

	for (size_t i = 0; i + mark.len <= held.len; i++) {
		if (!slice_starts(slice_skip(held, i), mark))
			continue;
		strbuf_add(&decoder->paste, held.data, i);
		drop(decoder, i + mark.len);
		decoder->pasting = false;
		*ret = (struct input){ .kind = INPUT_PASTE,
			.paste = strbuf_slice(&decoder->paste) };
		return true;
	}
	/* The tail may be the start of the mark. */
	keep = held.len < mark.len - 1 ? held.len : mark.len - 1;
	strbuf_add(&decoder->paste, held.data, held.len - keep);
	drop(decoder, held.len - keep);
	return false;
}

bool
input_next(struct input_decoder *decoder, bool timed_out, struct input *ret)
{
	while (decoder->n > 0) {
		struct input input = { 0 };
		enum taken taken;
		size_t len = 0;

		if (decoder->pasting)
			return take_paste(decoder, ret);
		if (decoder->bytes[0] == ESC)
			taken = parse_escape(decoder, timed_out, &len, &input);
		else
			taken = parse_plain(
				decoder->bytes, decoder->n, &len, &input);
		if (taken == PARTIAL) {
			/* Given up: nothing of it may act as a key. */
			if (!timed_out && decoder->n < INPUT_PENDING_MAX)
				return false;
			drop(decoder, decoder->n);
			continue;
		}
		drop(decoder, len);
		if (taken == TAKEN) {
			*ret = input;
			return true;
		}
	}
	return false;
}

int64_t
input_wait_us(const struct input_decoder *decoder)
{
	if (decoder->n == 0 || decoder->pasting)
		return -1;
	if (decoder->n > 1 && decoder->bytes[0] == ESC &&
		strchr("]P_^X", decoder->bytes[1]) && decoder->bytes[1])
		return WAIT_STRING_US;
	return WAIT_ESCAPE_US;
}
