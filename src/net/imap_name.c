/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/imap_name.h"

#include <stdint.h>

#include "base/ascii.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "base/utf8.h"

enum {
	DIVISION_SLASH = 0x2215, /* stands for '/' within a level */
	DECODED_MAX = 3 * IMAP_NAME_MAX + 3,
};

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static int
digit_value(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static void
add_shown(struct strbuf *out, uint32_t c)
{
	if (c == '/')
		c = DIVISION_SLASH;
	else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		c = UTF8_REPLACEMENT;
	strbuf_add_utf8(out, c);
}

/*
 * The run behind '&' at the front of `*rest`, up to and with its '-'.  False,
 * with nothing taken, when it is no modified BASE64 of UTF-16.
 */
static bool
decode_run(struct slice *rest, struct strbuf *out)
{
	size_t start = out->len;
	uint32_t bits = 0, high = 0;
	int n_bits = 0;
	size_t i;

	for (i = 0; i < rest->len && rest->data[i] != '-'; i++) {
		int value = digit_value(rest->data[i]);
		uint32_t unit;

		if (value < 0)
			break;
		bits = bits << 6 | (uint32_t)value;
		n_bits += 6;
		if (n_bits < 16)
			continue;
		n_bits -= 16;
		unit = bits >> n_bits & 0xffff;
		if (high && unit >= 0xdc00 && unit < 0xe000) {
			add_shown(out, 0x10000 + ((high - 0xd800) << 10) +
					       (unit - 0xdc00));
			high = 0;
			continue;
		}
		if (high)
			add_shown(out, UTF8_REPLACEMENT);
		high = unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
		if (!high)
			add_shown(out, unit);
	}
	if (i == 0 || i >= rest->len || rest->data[i] != '-') {
		strbuf_cut(out, start);
		return false;
	}
	if (high)
		add_shown(out, UTF8_REPLACEMENT);
	*rest = slice_skip(*rest, i + 1);
	return true;
}

char *
imap_name_decode(const char *wire, char delimiter, bool utf8)
{
	struct slice rest = slice_head(slice_str(wire), IMAP_NAME_MAX);
	struct strbuf out;

	strbuf_init(&out, DECODED_MAX);
	while (rest.len > 0) {
		char c = rest.data[0];

		if (delimiter && c == delimiter) {
			strbuf_add_char(&out, '/');
			rest = slice_skip(rest, 1);
			continue;
		}
		if (c != '&' || utf8) {
			add_shown(&out, utf8_next(&rest));
			continue;
		}
		rest = slice_skip(rest, 1);
		if (slice_starts(rest, SLICE("-"))) {
			strbuf_add_char(&out, '&');
			rest = slice_skip(rest, 1);
		} else if (!decode_run(&rest, &out)) {
			strbuf_add_char(&out, '&');
		}
	}
	return strbuf_take(&out);
}

/* UTF-16 units waiting to be written as modified BASE64. */
struct run {
	bool open;
	uint32_t bits;
	int n_bits;
};

static void
run_put(struct run *run, struct strbuf *out, uint32_t unit)
{
	if (!run->open) {
		strbuf_add_char(out, '&');
		*run = (struct run){ .open = true };
	}
	run->bits = run->bits << 16 | unit;
	run->n_bits += 16;
	while (run->n_bits >= 6) {
		run->n_bits -= 6;
		strbuf_add_char(out, digits[run->bits >> run->n_bits & 63]);
	}
	run->bits &= (1u << run->n_bits) - 1;
}

static void
run_end(struct run *run, struct strbuf *out)
{
	if (!run->open)
		return;
	if (run->n_bits > 0)
		strbuf_add_char(
			out, digits[run->bits << (6 - run->n_bits) & 63]);
	strbuf_add_char(out, '-');
	run->open = false;
}

static void
encode_char(struct run *run, struct strbuf *out, uint32_t c)
{
	if (c < 0x7f) {
		run_end(run, out);
		strbuf_add_char(out, (char)c);
		if (c == '&')
			strbuf_add_char(out, '-');
	} else if (c < 0x10000) {
		run_put(run, out, c);
	} else {
		c -= 0x10000;
		run_put(run, out, 0xd800 + (c >> 10));
		run_put(run, out, 0xdc00 + (c & 0x3ff));
	}
}

char *
imap_name_encode(const char *name, char delimiter, bool utf8)
{
	struct slice rest = slice_str(name);
	struct run run = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, IMAP_NAME_MAX);
	if (rest.len == 0 || rest.len > DECODED_MAX || !utf8_is_valid(rest))
		return NULL;
	while (rest.len > 0) {
		uint32_t c = utf8_next(&rest);

		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return NULL;
		if (c == '/') {
			if (!delimiter)
				return NULL;
			run_end(&run, &out);
			strbuf_add_char(&out, delimiter);
			continue;
		}
		if (c == DIVISION_SLASH && delimiter != '/')
			c = '/';
		if (delimiter && c == (unsigned char)delimiter)
			return NULL;
		if (utf8)
			strbuf_add_utf8(&out, c);
		else
			encode_char(&run, &out, c);
	}
	run_end(&run, &out);
	return out.full ? NULL : strbuf_take(&out);
}
