/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding the end of a response.
 *
 * The response being looked at begins at the front of the wire's input buffer;
 * all offsets here count from there.  Up to `at` it has been looked at; its
 * quotes are known up to `at` too.  When a literal is given away in pieces,
 * its bytes are cut out of the buffer as they come, so that what is around it
 * joins up.
 */
#include "net/frame.h"

#include <libetpan/mailstream.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "net/frame_private.h"
#include "net/frame_scan.h"
#include "net/stream.h"

struct frame {
	struct wire *wire; /* borrowed */
	uint64_t literal_limit;
	const struct frame_literals *literals; /* borrowed, may be NULL */

	struct scan scan;
	bool ready;    /* `scan` stands at the end of a whole response */
	uint64_t left; /* bytes still to come of a literal given away */
	unsigned streamed;
	bool broken;    /* the wire got an error from here */
	size_t taken;   /* bytes handed out, to be dropped first */
	uint64_t count; /* responses since the last tagged one */

	/* for libetpan */
	bool (*sink)(
		void *ctx, const struct response *response, struct error *err);
	void *sink_ctx;
	mailstream *stream; /* the library's, until it closes it */
	struct strbuf pass;
	size_t passed;     /* bytes of `pass` it has read */
	size_t in_command; /* bytes passed since the last tagged line */
};

struct frame *
frame_new(struct wire *wire)
{
	struct frame *frame = xnew(struct frame);

	frame->wire = wire;
	frame->literal_limit = FRAME_LITERAL_MAX;
	strbuf_init(&frame->pass, 2 * FRAME_PASS_MAX);
	return frame;
}

void
frame_free(struct frame *frame)
{
	if (!frame)
		return;
	strbuf_clear(&frame->pass);
	free(frame);
}

void
frame_freep(struct frame **frame)
{
	frame_free(*frame);
}

void
frame_set_literal_limit(struct frame *frame, uint64_t bytes)
{
	frame->literal_limit = bytes;
}

void
frame_set_literals(struct frame *frame, const struct frame_literals *literals)
{
	frame->literals = literals;
}

/* Gives the connection up; `why` is used up. */
static bool
give_up(struct frame *frame, struct error *why, struct error *err)
{
	frame->broken = true;
	wire_fail(frame->wire, why);
	return error_move(err, why);
}

static bool
too_large(struct frame *frame, struct error *err)
{
	struct error why = ERROR_INIT;

	error_set(&why, ERR_LIMIT,
		_("%s sends a response larger than tercet takes"),
		wire_endpoint(frame->wire)->host);
	return give_up(frame, &why, err);
}

static bool
is_malformed(struct frame *frame, struct error *err)
{
	struct error why = ERROR_INIT;

	error_set(&why, ERR_PROTOCOL, _("%s sent something that is not IMAP"),
		wire_endpoint(frame->wire)->host);
	error_detail(&why, "malformed literal");
	return give_up(frame, &why, err);
}

/*
 * A literal of `size` bytes comes at `scan.at`: to be held in the response, or
 * given away, when "{n}\r\n" becomes NIL.
 */
static bool
begin_literal(struct frame *frame, uint64_t size, struct error *err)
{
	const struct frame_literals *literals = frame->literals;
	struct scan *scan = &frame->scan;
	struct slice so_far = slice_head(wire_peek(frame->wire), scan->at);
	size_t brace = so_far.len;

	if (size > frame->literal_limit)
		return too_large(frame, err);
	if (!literals || !literals->begin(literals->ctx, so_far, size)) {
		if (scan->at > FRAME_RESPONSE_MAX ||
			size > FRAME_RESPONSE_MAX - scan->at)
			return too_large(frame, err);
		scan->skip = size;
		return true;
	}
	while (so_far.data[--brace] != '{')
		;
	if (brace > 0 && so_far.data[brace - 1] == '~')
		brace--;
	wire_replace(frame->wire, brace, scan->at - brace, SLICE("NIL"));
	scan_cut(scan, scan->at - brace - SLICE("NIL").len);
	frame->left = size;
	frame->streamed++;
	return true;
}

/* What has come of a literal goes to its taker and out of the buffer. */
static bool
give_piece(struct frame *frame, struct error *err)
{
	const struct frame_literals *literals = frame->literals;
	size_t at = frame->scan.at;
	struct slice piece = slice_skip(wire_peek(frame->wire), at);
	struct error why = ERROR_INIT;

	if (piece.len > frame->left)
		piece.len = (size_t)frame->left;
	if (piece.len == 0)
		return true;
	if (literals && !literals->piece(literals->ctx, piece, &why))
		return give_up(frame, &why, err);
	wire_replace(frame->wire, at, piece.len, SLICE(""));
	frame->left -= piece.len;
	return true;
}

/* As far as what is buffered goes; sets `ready` at the end of a response. */
static bool
look(struct frame *frame, struct error *err)
{
	while (!frame->ready) {
		uint64_t size = 0;

		if (frame->left > 0 && !give_piece(frame, err))
			return false;
		if (frame->left > 0)
			return true;
		switch (scan_step(
			&frame->scan, wire_peek(frame->wire), &size)) {
		case SCAN_MORE:
			return true;
		case SCAN_DONE:
			frame->ready = true;
			break;
		case SCAN_LITERAL:
			if (!begin_literal(frame, size, err))
				return false;
			break;
		case SCAN_LIMIT:
			return too_large(frame, err);
		case SCAN_BAD:
			return is_malformed(frame, err);
		}
	}
	return true;
}

/* Drops what the caller has had. */
static void
drop_taken(struct frame *frame)
{
	wire_drop(frame->wire, frame->taken);
	frame->taken = 0;
}

static bool
is_empty_line(struct slice raw)
{
	return raw.len <= 2 &&
	       (raw.data[0] == '\n' || slice_eq(raw, SLICE("\r\n")));
}

/* The response that is ready, or nothing for an empty line. */
static bool
take_ready(struct frame *frame, bool *ret_any, struct response *ret_response,
	struct error *err)
{
	struct slice raw = slice_head(wire_peek(frame->wire), frame->scan.at);
	unsigned streamed = frame->streamed;

	frame->taken = raw.len;
	frame->scan = (struct scan){ .at = 0 };
	frame->streamed = 0;
	frame->ready = false;
	if (++frame->count > FRAME_RESPONSES_MAX)
		return too_large(frame, err);
	*ret_any = !is_empty_line(raw);
	if (!*ret_any)
		return true;
	*ret_response = response_read(raw);
	ret_response->streamed = streamed;
	if (ret_response->kind == RESPONSE_TAGGED)
		frame->count = 0;
	trace_received(wire_trace(frame->wire), raw);
	return true;
}

/* The next response, waited for or not. */
static bool
next(struct frame *frame, bool wait, bool *ret_any,
	struct response *ret_response, struct error *err)
{
	bool any = false;

	if (frame->broken)
		return wire_fill(frame->wire, err);
	for (;;) {
		drop_taken(frame);
		if (!look(frame, err))
			return false;
		if (frame->ready) {
			if (!take_ready(frame, &any, ret_response, err))
				return false;
			if (any)
				break;
			continue;
		}
		if (wait) {
			if (!wire_fill(frame->wire, err))
				return false;
			continue;
		}
		if (!wire_fill_now(frame->wire, &any, err))
			return false;
		if (!any)
			break;
	}
	*ret_any = any;
	return true;
}

bool
frame_next(
	struct frame *frame, struct response *ret_response, struct error *err)
{
	bool any;

	return next(frame, true, &any, ret_response, err);
}

bool
frame_next_now(struct frame *frame, bool *ret_any,
	struct response *ret_response, struct error *err)
{
	return next(frame, false, ret_any, ret_response, err);
}

bool
frame_wait(struct frame *frame, int wake_fd, int64_t deadline_us,
	enum wire_event *ret_event, struct error *err)
{
	struct error failure CLEANUP(error_clear) = ERROR_INIT;

	for (;;) {
		drop_taken(frame);
		if (wire_error(frame->wire) || !look(frame, &failure) ||
			frame->ready) {
			*ret_event = WIRE_DATA;
			return true;
		}
		if (!wire_wait_more(
			    frame->wire, wake_fd, deadline_us, ret_event, err))
			return false;
		if (*ret_event != WIRE_DATA)
			return true;
	}
}

bool
frame_is_drained(const struct frame *frame)
{
	return frame->passed == frame->pass.len &&
	       (!frame->stream || frame->stream->read_buffer_len == 0);
}

bool
frame_start_tls(struct frame *frame, struct error *err)
{
	struct error why = ERROR_INIT;

	drop_taken(frame);
	if (frame->passed == frame->pass.len)
		return wire_start_tls(frame->wire, frame->stream, err);
	error_set(&why, ERR_UNTRUSTED,
		_("Somebody put words into the beginning of the encryption with %s"),
		wire_endpoint(frame->wire)->host);
	return give_up(frame, &why, err);
}

bool
frame_start_deflate(struct frame *frame, struct error *err)
{
	drop_taken(frame);
	return wire_start_deflate(frame->wire, err);
}

void
frame_set_sink(struct frame *frame,
	bool (*sink)(
		void *ctx, const struct response *response, struct error *err),
	void *ctx)
{
	frame->sink = sink;
	frame->sink_ctx = ctx;
}

/* Puts what libetpan may see of the next response into `pass`. */
static bool
pass_next(struct frame *frame, struct error *err)
{
	struct response response;
	struct error why = ERROR_INIT;

	if (!frame_next(frame, &response, err))
		return false;
	if (frame->sink && !frame->sink(frame->sink_ctx, &response, &why))
		return give_up(frame, &why, err);
	strbuf_reset(&frame->pass);
	frame->passed = 0;
	if (!response_pass(&response, &frame->pass, &why))
		return give_up(frame, &why, err);
	frame->in_command += frame->pass.len;
	if (response.kind == RESPONSE_TAGGED)
		frame->in_command = 0;
	if (frame->in_command > FRAME_PASS_TOTAL)
		return too_large(frame, err);
	return true;
}

static bool
frame_read(void *ctx, void *to, size_t cap, size_t *ret_n)
{
	struct frame *frame = ctx;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct slice bytes;

	while (frame->passed == frame->pass.len) {
		if (!pass_next(frame, &err))
			return false;
	}
	bytes = slice_head(
		slice_skip(strbuf_slice(&frame->pass), frame->passed), cap);
	memcpy(to, bytes.data, bytes.len);
	frame->passed += bytes.len;
	*ret_n = bytes.len;
	return true;
}

static bool
frame_write(void *ctx, struct slice bytes)
{
	struct frame *frame = ctx;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	return wire_write(frame->wire, bytes, &err);
}

static int
frame_fd(void *ctx)
{
	struct frame *frame = ctx;

	return wire_fd(frame->wire);
}

static void
frame_stream_closed(void *ctx)
{
	struct frame *frame = ctx;

	frame->stream = NULL;
}

struct _mailstream *
frame_stream(struct frame *frame)
{
	static const struct stream_ops ops = {
		.read = frame_read,
		.write = frame_write,
		.fd = frame_fd,
		.closed = frame_stream_closed,
	};

	ASSERT(!frame->stream);
	frame->stream = stream_new(&ops, frame);
	return frame->stream;
}
