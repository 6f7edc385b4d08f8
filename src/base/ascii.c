/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ascii.h"

bool
ascii_eq_nocase(const char *a, const char *b)
{
	return ascii_cmp_nocase(a, b) == 0;
}

bool
ascii_eq_nocase_n(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	}
	return true;
}

int
ascii_cmp_nocase(const char *a, const char *b)
{
	while (*a && ascii_lower(*a) == ascii_lower(*b)) {
		a++;
		b++;
	}
	return (unsigned char)ascii_lower(*a) - (unsigned char)ascii_lower(*b);
}

void
ascii_lower_str(char *s)
{
	for (; *s; s++)
		*s = ascii_lower(*s);
}

bool
ascii_parse_u64(const char *s, size_t len, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;

	if (len == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!ascii_is_digit(s[i]))
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(
				value, (uint64_t)(s[i] - '0'), &value))
			return false;
	}
	if (value > max)
		return false;
	*ret = value;
	return true;
}
