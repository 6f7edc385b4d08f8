/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Responses on a connection; the first bytes are the sizes of pieces. */
#include "base/bug.h"
#include "base/strbuf.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "fuzz/server.h"
#include "net/frame.h"

enum { SIZES = 4 };

/* What the frame made of the bytes: each response with its size. */
static void
note(const struct response *response, struct strbuf *out)
{
	ASSERT(response->raw.len > 0);
	check_within(response->tag, response->raw);
	check_within(response->word, response->raw);
	check_within(response->rest, response->raw);
	check_within(response->code, response->raw);
	check_within(response->text, response->raw);
	strbuf_addf(out, "%d %d %zu:", (int)response->kind, (int)response->name,
		response->raw.len);
	strbuf_add_slice(out, response->raw);
}

static void
note_all(struct frame *frame, struct strbuf *out)
{
	struct response response;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	while (frame_next(frame, &response, &err))
		note(&response, out);
	ASSERT(err.kind != ERR_NONE && err.text);
	strbuf_addf(out, "error %d", (int)err.kind);
}

static void
note_now(struct frame *frame, struct strbuf *out)
{
	struct response response;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool any = true;

	while (any && frame_next_now(frame, &any, &response, &err)) {
		if (any)
			note(&response, out);
	}
}

static void
read_whole(struct slice bytes, struct strbuf *out)
{
	struct fuzz_server server = fuzz_server_open(TRACE_IMAP);
	struct frame *frame = frame_new(server.wire);

	fuzz_server_say(&server, bytes);
	fuzz_server_end(&server);
	note_all(frame, out);
	frame_free(frame);
	fuzz_server_close(&server);
}

static void
read_pieces(struct slice sizes, struct slice bytes, struct strbuf *out)
{
	struct fuzz_server server = fuzz_server_open(TRACE_IMAP);
	struct frame *frame = frame_new(server.wire);
	size_t i = 0;

	while (bytes.len > 0 && !wire_error(server.wire)) {
		size_t n = (unsigned char)sizes.data[i++ % sizes.len] + 1u;

		/* Not too many for a long input. */
		n += bytes.len / 64;
		fuzz_server_say(&server, slice_head(bytes, n));
		bytes = slice_skip(bytes, n);
		note_now(frame, out);
	}
	fuzz_server_end(&server);
	note_all(frame, out);
	frame_free(frame);
	fuzz_server_close(&server);
}

FUZZ_TARGET(imap_frame)
{
	struct strbuf whole CLEANUP(strbuf_clear) = { 0 };
	struct strbuf pieces CLEANUP(strbuf_clear) = { 0 };
	struct slice sizes = slice_head(input, SIZES);
	struct slice bytes =
		slice_head(slice_skip(input, SIZES), SERVER_SAY_MAX);

	if (bytes.len == 0)
		return;
	strbuf_init(&whole, CHECK_OUT_MAX);
	strbuf_init(&pieces, CHECK_OUT_MAX);
	read_whole(bytes, &whole);
	read_pieces(sizes, bytes, &pieces);
	ASSERT(slice_eq(strbuf_slice(&whole), strbuf_slice(&pieces)));
}
