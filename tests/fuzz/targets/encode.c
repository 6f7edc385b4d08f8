/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfer encodings there and back; the first byte is the size of pieces. */
#include "compose/encode.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/transfer.h"

static void
check_lines(struct slice text, size_t max)
{
	struct slice line;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		ASSERT(c == '\r' || c == '\n' || c == '\t' ||
			(c >= ' ' && c < 0x7f));
	}
	while (slice_next_line(&text, &line))
		ASSERT(line.len <= max);
}

static void
check_base64(struct slice bytes, size_t piece)
{
	struct base64_stream stream = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf back CLEANUP(strbuf_clear) = { 0 };
	struct slice rest = bytes;

	strbuf_init(&out, CHECK_OUT_MAX);
	strbuf_init(&back, CHECK_OUT_MAX);
	for (; rest.len > 0; rest = slice_skip(rest, piece))
		base64_stream_add(&stream, slice_head(rest, piece), &out);
	base64_stream_end(&stream, &out);
	check_lines(strbuf_slice(&out), 76);
	ASSERT(transfer_decode(ENCODING_BASE64, strbuf_slice(&out), &back));
	ASSERT(slice_eq(bytes, strbuf_slice(&back)));
}

static void
check_text(struct slice text, size_t piece)
{
	struct qp_stream qp = { .n = 0 };
	struct crlf_stream crlf = { false, false };
	struct strbuf plain CLEANUP(strbuf_clear) = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf back CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&plain, CHECK_OUT_MAX);
	strbuf_init(&out, CHECK_OUT_MAX);
	strbuf_init(&back, CHECK_OUT_MAX);
	for (; text.len > 0; text = slice_skip(text, piece)) {
		crlf_stream_add(&crlf, slice_head(text, piece), &plain);
		qp_stream_add(&qp, slice_head(text, piece), &out);
	}
	crlf_stream_end(&crlf, &plain);
	qp_stream_end(&qp, &out);
	check_lines(strbuf_slice(&out), 76);
	ASSERT(transfer_decode(
		ENCODING_QUOTED_PRINTABLE, strbuf_slice(&out), &back));
	/* NULs are left out of the one, and are bytes in the other. */
	if (!memchr(back.data, '\0', back.len))
		ASSERT(slice_eq(strbuf_slice(&plain), strbuf_slice(&back)));
}

FUZZ_TARGET(encode)
{
	size_t piece = input.len ? (unsigned char)input.data[0] + 1u : 1;

	check_base64(slice_skip(input, 1), piece);
	check_text(slice_skip(input, 1), piece);
}
