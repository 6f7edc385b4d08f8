/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Raw DEFLATE both ways, for COMPRESS=DEFLATE (RFC 4978).  No I/O.
 *
 * A server that makes little into very much is stopped: more than
 * DEFLATE_RATIO_MAX bytes for one, over a window of DEFLATE_WINDOW bytes, is
 * ERR_LIMIT.  How much is inflated at a time is the caller's buffer.
 */
#ifndef TERCET_NET_DEFLATE_H
#define TERCET_NET_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"

enum {
	DEFLATE_WINDOW = 16 * 1024 * 1024,
	DEFLATE_RATIO_MAX = 200,
	DEFLATE_INPUT = 32 * 1024, /* compressed bytes held at a time */
};

struct deflate; /* both directions of one connection */

/* ERR_LIMIT when zlib cannot be set up. */
MUST_CHECK bool deflate_new(struct deflate **ret_pair, struct error *err);
/* NULL is fine. */
void deflate_free(struct deflate *pair);

/* Appends the compressed form to `out`, flushed so that the other side can
 * read all of it. */
MUST_CHECK bool deflate_compress(struct deflate *pair, struct slice bytes,
	struct strbuf *out, struct error *err);

/* Room for compressed input: up to `*ret_cap` bytes, none while some wait. */
char *deflate_input_room(struct deflate *pair, size_t *ret_cap);
void deflate_input_add(struct deflate *pair, size_t n);
/* May give more output without more input. */
bool deflate_has_pending(const struct deflate *pair);
/*
 * Inflates into `to`; `*ret_n` 0 means more input is needed.  ERR_PROTOCOL for
 * what is no deflate stream or behind its end.
 */
MUST_CHECK bool deflate_inflate(struct deflate *pair, void *to, size_t cap,
	size_t *ret_n, struct error *err);

#endif /* TERCET_NET_DEFLATE_H */
