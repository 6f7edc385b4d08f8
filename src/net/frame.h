/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IMAP responses, one at a time, whole, within limits (RFC 9051 section 7).
 *
 * A frame stands on a wire's input buffer and finds where responses end:
 * literals are counted, an LF inside a quoted string does not end a line, while
 * free text (OK, NO, BAD, BYE, PREAUTH, `+`, tagged lines) and data made of
 * atoms (EXISTS, SEARCH, FLAGS, CAPABILITY ...) are single lines.  A response
 * is handed out where it stands in the buffer, uncopied.
 *
 * Two ways to use it, over the same buffers and in any order between whole
 * responses:
 * - frame_next() gives the next response, whatever it is.  Bulk work and all
 *   commands we send by hand go this way.
 * - frame_stream() is a stream for libetpan.  Every response is given to the
 *   sink of frame_set_sink() first.  Only what libetpan can be trusted with
 *   passes on: greeting, `+`, tagged lines, CAPABILITY, ENABLED, ID,
 *   NAMESPACE, and OK, NO, BAD, BYE, PREAUTH.  A response code not on the
 *   white list loses its '[' to a '(', an empty text becomes " -".  All
 *   else is swallowed.
 *
 * What cannot be framed is an error that sticks to the wire: ERR_LIMIT beyond
 * a limit, ERR_PROTOCOL for a malformed literal.  When the wire fails by
 * itself, whole responses that came before (a BYE, say) are still given.
 * Nesting is bounded only in what passes to libetpan; parsers of what a frame
 * hands out bound their own (FRAME_DEPTH_MAX), since an overdeep response must
 * cost only itself.
 *
 * A server that leaves a quoted string open at the end of a line does not take
 * the rest of the session into it: when the line ends with CRLF and the next
 * begins like a FETCH, a LIST, a STATUS or a tagged answer, the response ends
 * there.
 *
 * Threads: one at a time, that of the wire.
 */
#ifndef TERCET_NET_FRAME_H
#define TERCET_NET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "net/wire.h"

struct _mailstream; /* libetpan's */
struct frame;

#define FRAME_LITERAL_MAX (UINT64_C(1) << 32)

enum {
	FRAME_LINE_MAX = 8 * 1024 * 1024,      /* a response less literals */
	FRAME_RESPONSE_MAX = 64 * 1024 * 1024, /* with literals held */
	FRAME_LITERAL_DIGITS = 12,
	FRAME_DEPTH_MAX = 100,                  /* parentheses */
	FRAME_PASS_MAX = 64 * 1024,             /* a line for libetpan */
	FRAME_PASS_TOTAL = 1024 * 1024,         /* for one command of its */
	FRAME_RESPONSES_MAX = 16 * 1000 * 1000, /* between tagged lines */
};

enum response_kind {
	RESPONSE_TAGGED,   /* "a1 OK ..." */
	RESPONSE_STATUS,   /* "* OK ...": OK NO BAD BYE PREAUTH; the greeting */
	RESPONSE_DATA,     /* any other "* ..." */
	RESPONSE_CONTINUE, /* "+ ..." */
	RESPONSE_GARBAGE,  /* none of these: a protocol error, mostly */
};

enum response_name {
	RESPONSE_OK,
	RESPONSE_NO,
	RESPONSE_BAD,
	RESPONSE_BYE,
	RESPONSE_PREAUTH,
	RESPONSE_CAPABILITY,
	RESPONSE_ENABLED,
	RESPONSE_ID,
	RESPONSE_NAMESPACE,
	RESPONSE_MYRIGHTS,
	RESPONSE_FLAGS,
	RESPONSE_LIST,
	RESPONSE_LSUB,
	RESPONSE_XLIST,
	RESPONSE_MAILBOX_STATUS, /* STATUS */
	RESPONSE_SEARCH,
	RESPONSE_ESEARCH,
	RESPONSE_SORT,
	RESPONSE_THREAD,
	RESPONSE_VANISHED,
	RESPONSE_EXISTS, /* with a number, as are the next three */
	RESPONSE_RECENT,
	RESPONSE_EXPUNGE,
	RESPONSE_FETCH,
	RESPONSE_OTHER, /* see `word` */
};

/* One response; every slice points into the wire's input buffer and is valid
 * until the next call on frame or wire. */
struct response {
	enum response_kind kind;
	enum response_name name;
	struct slice raw; /* all of it with its CRLF; literals stand as
			     "{n}\r\n" and n bytes */
	struct slice tag; /* RESPONSE_TAGGED */
	bool has_number;
	uint64_t number;   /* "* 12 FETCH" */
	struct slice word; /* "FETCH", as sent */
	struct slice rest; /* behind the word and one blank, without CRLF */
	struct slice code; /* "UIDNEXT 7" of "[UIDNEXT 7]", else empty */
	struct slice text; /* for people, behind the code; or `+` text */
	unsigned streamed; /* literals given to the literal sink */
};

/* A frame on `wire`, which must outlive it. */
struct frame *frame_new(struct wire *wire);
/* NULL is fine.  libetpan's stream must be closed first. */
void frame_free(struct frame *frame);
void frame_freep(struct frame **frame);

/* Most bytes of one literal, held or streamed (FRAME_LITERAL_MAX unless set);
 * what is held is bounded by FRAME_RESPONSE_MAX besides. */
void frame_set_literal_limit(struct frame *frame, uint64_t bytes);

/*
 * Literals can be taken piece by piece instead of being held.  `begin` is
 * asked at each, with the response so far (up to and with "{n}\r\n"): true
 * takes it.  Then `piece` gets its bytes in order; `*err` filled and false
 * gives the connection up.  In the response the literal then stands as NIL.
 * A literal of 0 bytes that was taken gets no piece.
 */
struct frame_literals {
	void *ctx;
	bool (*begin)(void *ctx, struct slice so_far, uint64_t size);
	bool (*piece)(void *ctx, struct slice bytes, struct error *err);
};
/* Borrowed; NULL: all are held. */
void frame_set_literals(
	struct frame *frame, const struct frame_literals *literals);

/* The next response, waited for. */
MUST_CHECK bool frame_next(
	struct frame *frame, struct response *ret_response, struct error *err);
/* The next response if it is there without waiting for the network. */
MUST_CHECK bool frame_next_now(struct frame *frame, bool *ret_any,
	struct response *ret_response, struct error *err);
/*
 * As wire_wait(), but WIRE_DATA means a whole response is there (the next
 * frame_next() does not wait) or the connection failed (it says how).
 */
MUST_CHECK bool frame_wait(struct frame *frame, int wake_fd,
	int64_t deadline_us, enum wire_event *ret_event, struct error *err);

/* As wire_start_tls() and wire_start_deflate(), minding what frame and
 * libetpan's stream hold. */
MUST_CHECK bool frame_start_tls(struct frame *frame, struct error *err);
MUST_CHECK bool frame_start_deflate(struct frame *frame, struct error *err);

/*
 * Sees every response that libetpan's stream reads, before libetpan does and
 * whether or not it passes on.  Must not use the frame.  False with `*err`
 * filled gives the connection up.
 */
void frame_set_sink(struct frame *frame,
	bool (*sink)(
		void *ctx, const struct response *response, struct error *err),
	void *ctx);
/*
 * The filtered stream for mailimap_connect() and friends; one a frame.  It is
 * libetpan's to close, which leaves frame and wire open.  NULL when memory is
 * short.
 */
struct _mailstream *frame_stream(struct frame *frame);
/* Nothing is left that libetpan has not read: frame_next() may be used. */
bool frame_is_drained(const struct frame *frame);

#endif /* TERCET_NET_FRAME_H */
