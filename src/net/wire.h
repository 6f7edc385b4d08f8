/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection to a server: TCP, TLS from the start or later, compression,
 * and one input buffer.  Plain blocking calls; each is bounded by a deadline
 * and ends at once when the wire's cancel flag fires.
 *
 * Errors are sticky: after the first one every call fails with the same
 * error, until wire_free().  The other side's closing is an error too
 * (ERR_OFFLINE), never a read of 0 bytes.  Kinds: ERR_CANCELLED, ERR_OFFLINE,
 * ERR_UNTRUSTED, ERR_PROTOCOL, ERR_LIMIT, ERR_INVALID (unusable CA file, pin).
 *
 * There is one input buffer.  wire_peek() shows it, wire_fill() adds to it,
 * wire_drop() takes from it; line reader, IMAP framing (frame.h) and
 * libetpan's stream all stand on these three, so that nothing hides elsewhere
 * when the connection turns to TLS.
 *
 * Writing never deadlocks against a server that writes too: while the socket
 * takes no more, what arrives is put into the input buffer.
 *
 * Threads: one at a time.  The cancel flag may be fired by any.
 * SIGPIPE must be ignored.
 */
#ifndef TERCET_NET_WIRE_H
#define TERCET_NET_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "base/thread.h"
#include "net/endpoint.h"
#include "net/tls.h"
#include "net/trace.h"

struct _mailstream; /* libetpan's */
struct wire;

enum {
	WIRE_CONNECT_S = 20, /* lookup, TCP and TLS together */
	WIRE_COMMAND_S = 60,
	WIRE_TRY_MS = 250,                 /* before the next address */
	WIRE_TRIES_MAX = 8,                /* addresses tried at a time */
	WIRE_RATE_MIN = 256,               /* bytes a second, see below */
	WIRE_INPUT_MAX = 80 * 1024 * 1024, /* the input buffer */
};

/*
 * A wire that is not connected yet.  `endpoint` is copied; `cancel` (may be
 * NULL) is borrowed and must outlive the wire.
 */
struct wire *wire_new(const struct endpoint *endpoint, struct cancel *cancel,
	enum trace_protocol protocol);
/* Closes without waiting, and frees.  NULL is fine. */
void wire_free(struct wire *wire);
void wire_freep(struct wire **wire);

/*
 * Looks up, connects (IPv6 and IPv4 in turn, WIRE_TRY_MS apart, the first
 * that answers wins) and, with SECURITY_TLS, does the handshake; all within
 * WIRE_CONNECT_S or what wire_set_connect_timeout() said.
 */
MUST_CHECK bool wire_connect(struct wire *wire, struct error *err);
/* For tests: takes a connected descriptor instead; does the handshake too. */
MUST_CHECK bool wire_adopt(struct wire *wire, int fd, struct error *err);
void wire_set_connect_timeout(struct wire *wire, int seconds);

/*
 * How long an answer may take.  WIRE_WHOLE: it must be there that long after
 * we last wrote (or called wire_begin()), however fast it drips; for commands
 * with small answers.  WIRE_PROGRESS (the default): only the time spent waiting
 * counts, and bytes that come give more of it, a second for WIRE_RATE_MIN, up
 * to `seconds` again; for FETCH and other bulk.
 */
enum wire_pace {
	WIRE_WHOLE,
	WIRE_PROGRESS,
};
void wire_set_timeout(struct wire *wire, int seconds, enum wire_pace pace);
/* Starts the time anew; every write does so by itself. */
void wire_begin(struct wire *wire);

/*
 * Turns to TLS in place, after the server's go-ahead has been read.  Bytes
 * that already wait in the input buffer or in `stream` (libetpan's, may be
 * NULL) came in the clear and pretend to be inside: ERR_UNTRUSTED.
 * frame_start_tls() does this where there is a frame.
 */
MUST_CHECK bool wire_start_tls(
	struct wire *wire, struct _mailstream *stream, struct error *err);
/* Turns to COMPRESS=DEFLATE (RFC 4978) in place, after the server's OK.  What
 * waits in the input buffer is taken for compressed. */
MUST_CHECK bool wire_start_deflate(struct wire *wire, struct error *err);

/* What has arrived; valid until the next call that fills or drops. */
struct slice wire_peek(const struct wire *wire);
/* Waits until at least one more byte has arrived. */
MUST_CHECK bool wire_fill(struct wire *wire, struct error *err);
/* Takes what has arrived without waiting; `*ret_any` false when nothing did. */
MUST_CHECK bool wire_fill_now(
	struct wire *wire, bool *ret_any, struct error *err);
/* Drops the first `n` bytes of the input buffer. */
void wire_drop(struct wire *wire, size_t n);
/* Replaces `n` bytes at `at` in the input buffer by the `with` (no longer). */
void wire_replace(struct wire *wire, size_t at, size_t n, struct slice with);

/* Sends all of it, before it returns. */
MUST_CHECK bool wire_write(
	struct wire *wire, struct slice bytes, struct error *err);

/*
 * One line without its CRLF or LF; NULs stay in it.  Longer than `limit` is
 * ERR_LIMIT.  Valid until the next call on the wire.  Not traced: which line
 * is a reply and which is mail only the session knows.
 */
MUST_CHECK bool wire_read_line(struct wire *wire, size_t limit,
	struct slice *ret_line, struct error *err);

enum wire_event {
	WIRE_DATA,    /* there is something to read, or it failed */
	WIRE_WAKE,    /* the wake descriptor */
	WIRE_TIMEOUT, /* the deadline */
};
/*
 * Waits for bytes (those buffered here, in TLS or in the inflater count),
 * for `wake_fd` to be readable (-1: none) or the clock_mono_us() deadline
 * (-1: none).  False only when cancelled or already failed.  On WIRE_DATA the
 * time of wire_set_timeout() starts anew.
 */
MUST_CHECK bool wire_wait(struct wire *wire, int wake_fd, int64_t deadline_us,
	enum wire_event *ret_event, struct error *err);

/* The same, but what is buffered does not count: waits for more than that. */
MUST_CHECK bool wire_wait_more(struct wire *wire, int wake_fd,
	int64_t deadline_us, enum wire_event *ret_event, struct error *err);

/* For poll() by others, who must look at wire_has_input() first; -1: none. */
int wire_fd(const struct wire *wire);
/* Bytes wait in here that poll() does not see. */
bool wire_has_input(const struct wire *wire);
bool wire_is_encrypted(const struct wire *wire);
/* The sticky error, or NULL while all is well; borrowed. */
const struct error *wire_error(const struct wire *wire);
/* Makes it fail from now on with a copy of `error`, unless it did before.
 * Nothing is sent any more: what closes sessions comes back at once. */
void wire_fail(struct wire *wire, const struct error *error);
/* The server's certificate, good or bad; NULL without TLS.  Stays after a
 * failed wire_connect(), until wire_free(). */
const struct tls_certificate *wire_certificate(const struct wire *wire);
const struct endpoint *wire_endpoint(const struct wire *wire);
struct trace *wire_trace(struct wire *wire);

struct wire_counts {
	uint64_t in; /* bytes as the protocol sees them */
	uint64_t out;
	uint64_t raw_in; /* the same compressed, as they went to TLS or TCP */
	uint64_t raw_out;
};
struct wire_counts wire_counts(const struct wire *wire);

/*
 * A libetpan stream that reads and writes this wire unfiltered (SMTP, POP3).
 * It is the library's to close (mailstream_close(), mailsmtp_free() ...),
 * which leaves the wire open; the wire must outlive it.  NULL when memory is
 * short.
 */
struct _mailstream *wire_stream(struct wire *wire);

#endif /* TERCET_NET_WIRE_H */
