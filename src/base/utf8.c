/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include "base/strbuf.h"

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Length of the well-formed sequence at the front, 0 when there is none. */
static size_t
sequence(struct slice s, uint32_t *ret_code_point)
{
	unsigned char first = (unsigned char)s.data[0];
	uint32_t least;
	uint32_t cp;
	size_t n;

	if (first < 0x80) {
		*ret_code_point = first;
		return 1;
	}
	if (first >= 0xc2 && first <= 0xdf) {
		n = 2;
		least = 0x80;
		cp = first & 0x1f;
	} else if (first >= 0xe0 && first <= 0xef) {
		n = 3;
		least = 0x800;
		cp = first & 0x0f;
	} else if (first >= 0xf0 && first <= 0xf4) {
		n = 4;
		least = 0x10000;
		cp = first & 0x07;
	} else {
		return 0;
	}
	if (s.len < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (!is_continuation(s.data[i]))
			return 0;
		cp = cp << 6 | ((unsigned char)s.data[i] & 0x3f);
	}
	if (cp < least || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	*ret_code_point = cp;
	return n;
}

size_t
utf8_ascii_prefix(struct slice s)
{
	size_t i = 0;
	uint64_t word;

	for (; i + sizeof(word) <= s.len; i += sizeof(word)) {
		memcpy(&word, s.data + i, sizeof(word));
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	while (i < s.len && !(s.data[i] & 0x80))
		i++;
	return i;
}

/* How many bytes at the front are well-formed. */
static size_t
valid_prefix(struct slice s)
{
	size_t i = 0;
	uint32_t cp;

	while (i < s.len) {
		size_t n = utf8_ascii_prefix(slice_skip(s, i));

		if (n == 0)
			n = sequence(slice_skip(s, i), &cp);
		if (n == 0)
			break;
		i += n;
	}
	return i;
}

bool
utf8_is_valid(struct slice s)
{
	return valid_prefix(s) == s.len;
}

uint32_t
utf8_next(struct slice *s)
{
	uint32_t cp;
	size_t n = sequence(*s, &cp);

	if (n == 0) {
		*s = slice_skip(*s, 1);
		return UTF8_REPLACEMENT;
	}
	*s = slice_skip(*s, n);
	return cp;
}

size_t
utf8_encode(uint32_t cp, char bytes[4])
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = UTF8_REPLACEMENT;
	if (cp < 0x80) {
		bytes[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		bytes[0] = (char)(0xc0 | cp >> 6);
		bytes[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		bytes[0] = (char)(0xe0 | cp >> 12);
		bytes[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | cp >> 18);
	bytes[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

bool
utf8_repair(struct slice s, struct strbuf *out)
{
	while (s.len > 0) {
		size_t n = valid_prefix(s);

		if (!strbuf_add(out, s.data, n))
			return false;
		s = slice_skip(s, n);
		if (s.len > 0 && !strbuf_add_utf8(out, UTF8_REPLACEMENT))
			return false;
		s = slice_skip(s, 1);
	}
	return true;
}

bool
utf8_inert(struct slice s, struct strbuf *out)
{
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);

		if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 ||
			c == 0x2029)
			c = ' ';
		strbuf_add_utf8(out, c);
	}
	return !out->full;
}

size_t
utf8_cut(struct slice s, size_t max)
{
	if (s.len <= max)
		return s.len;
	while (max > 0 && is_continuation(s.data[max]))
		max--;
	return max;
}
