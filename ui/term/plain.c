/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "term/plain.h"

#include <stddef.h>

#include "base/array.h"

enum { LATIN_FIRST = 0xa0, LATIN_LAST = 0x17f };

/* U+00A0 to U+017F, 32 a line. */
static const char latin[] = " !cLoY|S\"Ca<--R-o+23'uP.,1o>????"
			    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs"
			    "aaaaaaaceeeeiiiidnooooo/ouuuuyty"
			    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"
			    "GgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
			    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSs"
			    "SsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

static const struct {
	uint32_t first;
	uint32_t last;
	char plain;
} others[] = {
	{ 0x0218, 0x0218, 'S' },
	{ 0x0219, 0x0219, 's' },
	{ 0x021a, 0x021a, 'T' },
	{ 0x021b, 0x021b, 't' },
	{ 0x1e9e, 0x1e9e, 'S' },
	{ 0x2010, 0x2015, '-' },
	{ 0x2018, 0x201b, '\'' },
	{ 0x201c, 0x201f, '"' },
	{ 0x2020, 0x2021, '+' },
	{ 0x2022, 0x2023, '*' },
	{ 0x2024, 0x2026, '.' },
	{ 0x2032, 0x2032, '\'' },
	{ 0x2033, 0x2033, '"' },
	{ 0x2039, 0x2039, '<' },
	{ 0x203a, 0x203a, '>' },
	{ 0x20ac, 0x20ac, 'E' },
	{ 0x2190, 0x2190, '<' },
	{ 0x2192, 0x2192, '>' },
	{ 0x2212, 0x2212, '-' },
	{ 0x2500, 0x2501, '-' },
	{ 0x2502, 0x2503, '|' },
	{ 0x25cf, 0x25cf, '*' },
};

char
plain_of(uint32_t code)
{
	if (code < 0x7f)
		return (char)code;
	if (code >= LATIN_FIRST && code <= LATIN_LAST)
		return latin[code - LATIN_FIRST];
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (code >= others[i].first && code <= others[i].last)
			return others[i].plain;
	return '?';
}
