/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A libetpan stream over something of ours.  Every failure is -1 to libetpan,
 * never a read of 0 bytes, which would send it into an endless loop.
 */
#ifndef TERCET_NET_STREAM_H
#define TERCET_NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct _mailstream; /* libetpan's */

struct stream_ops {
	/* Waits; 1 to `cap` bytes into `to`, their number in `*ret_n`. */
	bool (*read)(void *ctx, void *to, size_t cap, size_t *ret_n);
	/* All of it. */
	bool (*write)(void *ctx, struct slice bytes);
	int (*fd)(void *ctx);
	/* libetpan is done with the stream; may be NULL. */
	void (*closed)(void *ctx);
};

/* `ops` and `ctx` outlive the stream, which is libetpan's to close.  NULL when
 * memory is short. */
struct _mailstream *stream_new(const struct stream_ops *ops, void *ctx);

#endif /* TERCET_NET_STREAM_H */
