/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/ascii.h"
#include "base/slice.h"
#include "net/tls.h"

/* Both parsers: all of `s` and exactly one digest, or false. */
static bool
parse_hex(const char *s, unsigned char digest[TLS_DIGEST_SIZE])
{
	for (int i = 0; i < TLS_DIGEST_SIZE; i++) {
		int high;
		int low;

		if (i > 0 && *s == ':')
			s++;
		high = ascii_hex(s[0]);
		low = high < 0 ? -1 : ascii_hex(s[1]);
		if (low < 0)
			return false;
		digest[i] = (unsigned char)(high << 4 | low);
		s += 2;
	}
	return *s == '\0';
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool
parse_base64(const char *s, unsigned char digest[TLS_DIGEST_SIZE])
{
	unsigned bits = 0;
	int n_bits = 0;
	int n = 0;

	while (n < TLS_DIGEST_SIZE) {
		int value = base64_value(*s++);

		if (value < 0)
			return false;
		bits = bits << 6 | (unsigned)value;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			digest[n++] = (unsigned char)(bits >> n_bits);
		}
	}
	/* 43 digits leave two bits over, which must be 0. */
	return (bits & 3) == 0 && (*s == '\0' || strcmp(s, "=") == 0);
}

bool
tls_pin_parse(const char *pin, unsigned char ret_digest[TLS_DIGEST_SIZE])
{
	static const struct slice prefix = { "sha256:", 7 };
	unsigned char digest[TLS_DIGEST_SIZE];

	if (!slice_starts_nocase(slice_str(pin), prefix))
		return false;
	pin += prefix.len;
	if (!parse_hex(pin, digest) && !parse_base64(pin, digest))
		return false;
	memcpy(ret_digest, digest, sizeof(digest));
	return true;
}
