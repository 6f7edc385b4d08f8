/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a wire, for the files it is made of. */
#ifndef TERCET_NET_WIRE_PRIVATE_H
#define TERCET_NET_WIRE_PRIVATE_H

#include "base/strbuf.h"
#include "net/deflate.h"
#include "net/wire.h"

enum {
	COMPRESS_STEP = 128 * 1024, /* plain bytes compressed at a time */
	SECOND = 1000 * 1000,       /* in the clock's microseconds */
};

struct wire {
	struct endpoint endpoint;
	struct cancel *cancel; /* borrowed, may be NULL */
	struct trace trace;
	struct error error; /* the first one, for ever */

	int fd;
	struct tls *tls;         /* NULL: in the clear */
	struct deflate *deflate; /* NULL: uncompressed */
	struct strbuf packed;    /* compressed, on its way out */

	char *input; /* the bytes start..end */
	size_t start;
	size_t end;
	size_t cap;

	int connect_s;
	int timeout_s;
	enum wire_pace pace;
	int64_t deadline_us; /* WIRE_WHOLE */
	int64_t left_us;     /* WIRE_PROGRESS, and sending */
	struct wire_counts counts;
};

/* Keeps the error for good and tells it; false.  `why` is used up. */
bool wire_failed(struct wire *wire, struct error *err, struct error *why);
/* What every call begins with: not failed, not cancelled, connected. */
MUST_CHECK bool wire_is_usable(struct wire *wire, struct error *err);
bool wire_is_cancelled(const struct wire *wire);

/*
 * Waits for `events` on the descriptor, the cancel flag or the deadline.
 * False with `*err` filled (not sticky yet) for the latter two.
 */
MUST_CHECK bool wire_poll(struct wire *wire, short events, int64_t deadline_us,
	short *ret_events, struct error *err);
/* What to poll for after such a result. */
short wire_events(enum tls_result result);

/* Takes what is buffered for compressed, and inflates it. */
MUST_CHECK bool wire_inflate_buffered(struct wire *wire, struct error *err);

static inline size_t
wire_buffered(const struct wire *wire)
{
	return wire->end - wire->start;
}

#endif /* TERCET_NET_WIRE_PRIVATE_H */
