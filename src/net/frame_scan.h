/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where an IMAP response ends, looked for in a growing piece of memory.  No
 * I/O, no memory of its own.
 */
#ifndef TERCET_NET_FRAME_SCAN_H
#define TERCET_NET_FRAME_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct scan {
	size_t at;       /* looked at and understood up to here */
	size_t searched; /* no LF between `at` and here */
	size_t text;     /* bytes outside literals before `at` */
	uint64_t skip;   /* bytes of a literal that come at `at` */
	bool begun;      /* the kind of the response is known */
	bool text_only;  /* it ends at its first LF */
	bool quoted;
	bool escaped;
};

enum scan_result {
	SCAN_MORE,    /* not yet whole */
	SCAN_DONE,    /* whole: its first `at` bytes */
	SCAN_LITERAL, /* a literal begins at `at` */
	SCAN_LIMIT,   /* longer than FRAME_LINE_MAX */
	SCAN_BAD,     /* a malformed literal */
};

/*
 * Goes on in `bytes`, which begin with the response and have only grown since
 * the last call.  After SCAN_LITERAL the caller has either set `skip`, to hold
 * the literal, or cut it out of the bytes with scan_cut().
 */
enum scan_result scan_step(
	struct scan *scan, struct slice bytes, uint64_t *ret_literal);
/* `n` bytes before `at` went away. */
void scan_cut(struct scan *scan, size_t n);

#endif /* TERCET_NET_FRAME_SCAN_H */
