/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ASCII, whatever the locale: classes, case, numbers.
 */
#ifndef TERCET_BASE_ASCII_H
#define TERCET_BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
ascii_is_alnum(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

/* Blank, tab, CR, LF, VT, FF. */
static inline bool
ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* C0 and DEL. */
static inline bool
ascii_is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline char
ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

/* Value of a hexadecimal digit, or -1. */
static inline int
ascii_hex(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool ascii_eq_nocase(const char *a, const char *b);
bool ascii_eq_nocase_n(const char *a, const char *b, size_t n);
/* <0, 0, >0 as strcmp; for sorting. */
int ascii_cmp_nocase(const char *a, const char *b);
void ascii_lower_str(char *s);

/*
 * The whole of `s[0..len)` as a decimal number; false when it is empty, holds
 * anything else or exceeds `max`.
 */
MUST_CHECK bool ascii_parse_u64(
	const char *s, size_t len, uint64_t max, uint64_t *ret);

#endif /* TERCET_BASE_ASCII_H */
