/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The core of base64 (RFC 4648 4): quanta of four characters. */
#ifndef TERCET_MIME_BASE64_H
#define TERCET_MIME_BASE64_H

#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"

/* Values of the alphabet; -1 for anything else. */
extern const signed char base64_values[256];

static inline int
base64_value(char c)
{
	return base64_values[(unsigned char)c];
}

struct base64 {
	uint32_t bits;
	int n;      /* characters of the quantum under way */
	size_t odd; /* characters passed over, but for line breaks */
};

/*
 * Decodes a piece into memory for 3 bytes to 4 characters and 3 more; what is
 * not of the alphabet is passed over, `=` ends a quantum.  Returns the end.
 */
char *base64_add(struct base64 *state, struct slice piece, char *to);
/* What an unfinished quantum holds. */
char *base64_end(struct base64 *state, char *to);

#endif /* TERCET_MIME_BASE64_H */
