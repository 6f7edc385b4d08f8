/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/base64.h"

/* clang-format off */
const signed char base64_values[256] = {
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 62, -1, -1, -1, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1, -1,
	-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, -1, -1, -1, -1, -1,
	-1, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
};
/* clang-format on */

/* As many whole quanta as come in a row. */
static const char *
add_quanta(const char *p, const char *end, char **to)
{
	char *out = *to;

	while (end - p >= 4) {
		int a = base64_value(p[0]);
		int b = base64_value(p[1]);
		int c = base64_value(p[2]);
		int d = base64_value(p[3]);
		uint32_t bits;

		if ((a | b | c | d) < 0)
			break;
		bits = (uint32_t)a << 18 | (uint32_t)b << 12 |
		       (uint32_t)c << 6 | (uint32_t)d;
		out[0] = (char)(bits >> 16);
		out[1] = (char)(bits >> 8);
		out[2] = (char)bits;
		out += 3;
		p += 4;
	}
	*to = out;
	return p;
}

char *
base64_add(struct base64 *state, struct slice piece, char *to)
{
	const char *p = piece.data;
	const char *end = p + piece.len;

	while (p < end) {
		int value;

		if (state->n == 0) {
			p = add_quanta(p, end, &to);
			if (p == end)
				break;
		}
		value = base64_value(*p);
		if (value >= 0) {
			state->bits = state->bits << 6 | (uint32_t)value;
			if (++state->n == 4) {
				*to++ = (char)(state->bits >> 16);
				*to++ = (char)(state->bits >> 8);
				*to++ = (char)state->bits;
				state->n = 0;
			}
		} else if (*p == '=') {
			to = base64_end(state, to);
		} else if (*p != '\r' && *p != '\n') {
			state->odd++;
		}
		p++;
	}
	return to;
}

char *
base64_end(struct base64 *state, char *to)
{
	if (state->n == 2)
		*to++ = (char)(state->bits >> 4);
	if (state->n == 3) {
		*to++ = (char)(state->bits >> 10);
		*to++ = (char)(state->bits >> 2);
	}
	state->n = 0;
	return to;
}
