/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Transfer encodings for what goes out (RFC 2045 6), and what text needs which.
 * Streams: pieces in, pieces out, memory of a line or two.
 */
#ifndef TERCET_COMPOSE_ENCODE_H
#define TERCET_COMPOSE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"

enum { TEXT_LINE_MAX = 998 /* RFC 5322 2.1.1 */ };

/* Base64 without line ends, whole. */
void base64_put(struct slice bytes, struct strbuf *out);

/* The same in lines of 76, as a stream; a zeroed one is ready. */
struct base64_stream {
	unsigned char held[57]; /* less than a line's worth */
	size_t n;
};
void base64_stream_add(
	struct base64_stream *stream, struct slice piece, struct strbuf *out);
void base64_stream_end(struct base64_stream *stream, struct strbuf *out);

/*
 * Quoted-printable of text, whose line ends (LF, CRLF, CR) become CRLF.  Also
 * safe from what mail systems do to lines: blanks at their end, "From " and a
 * lone dot at their beginning.  A zeroed one is ready.
 */
struct qp_stream {
	char line[80]; /* encoded, not yet ended */
	size_t n;
	char blank; /* one that waits to see what follows; or 0 */
	bool after_cr;
	bool soft; /* the line goes on one before */
};
void qp_stream_add(
	struct qp_stream *stream, struct slice piece, struct strbuf *out);
/* Ends the last line where it is not. */
void qp_stream_end(struct qp_stream *stream, struct strbuf *out);

/* Text with CRLF as only line end; NULs are left out.  A zeroed one is ready.
 */
struct crlf_stream {
	bool after_cr;
	bool in_line;
};
void crlf_stream_add(
	struct crlf_stream *stream, struct slice piece, struct strbuf *out);
void crlf_stream_end(struct crlf_stream *stream, struct strbuf *out);

/* What a stream of bytes holds; a zeroed one is ready. */
struct text_scan {
	uint64_t bytes;
	uint64_t high; /* bytes over 127 */
	size_t longest;
	size_t line;
	bool has_nul;
	bool has_cr;      /* in whatever place */
	bool has_control; /* but tab, form feed and line ends */
	bool ended;       /* the last line has its end */
};
void text_scan_add(struct text_scan *scan, struct slice piece);
/* Whether it can stand in a message as it is, but for line ends. */
bool text_scan_is_7bit(const struct text_scan *scan);

#endif /* TERCET_COMPOSE_ENCODE_H */
