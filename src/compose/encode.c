/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/encode.h"

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { QP_COLUMNS = 76 };

void
base64_put(struct slice bytes, struct strbuf *out)
{
	const unsigned char *p = (const unsigned char *)bytes.data;

	for (size_t left = bytes.len; left > 0;) {
		size_t n = left < 3 ? left : 3;
		unsigned long bits = (unsigned long)p[0] << 16;
		char four[4];

		if (n > 1)
			bits |= (unsigned long)p[1] << 8;
		if (n > 2)
			bits |= p[2];
		four[0] = base64_digits[bits >> 18];
		four[1] = base64_digits[bits >> 12 & 63];
		four[2] = n > 1 ? base64_digits[bits >> 6 & 63] : '=';
		four[3] = n > 2 ? base64_digits[bits & 63] : '=';
		strbuf_add(out, four, sizeof(four));
		p += n;
		left -= n;
	}
}

static void
base64_line(struct slice bytes, struct strbuf *out)
{
	base64_put(bytes, out);
	strbuf_add_str(out, "\r\n");
}

void
base64_stream_add(
	struct base64_stream *stream, struct slice piece, struct strbuf *out)
{
	const size_t whole = sizeof(stream->held);

	if (stream->n > 0) {
		struct slice more = slice_head(piece, whole - stream->n);

		memcpy(stream->held + stream->n, more.data, more.len);
		stream->n += more.len;
		piece = slice_skip(piece, more.len);
		if (stream->n < whole)
			return;
		base64_line(slice_make(stream->held, whole), out);
		stream->n = 0;
	}
	for (; piece.len >= whole; piece = slice_skip(piece, whole))
		base64_line(slice_head(piece, whole), out);
	if (piece.len > 0)
		memcpy(stream->held, piece.data, piece.len);
	stream->n = piece.len;
}

void
base64_stream_end(struct base64_stream *stream, struct strbuf *out)
{
	if (stream->n > 0)
		base64_line(slice_make(stream->held, stream->n), out);
	stream->n = 0;
}

/* ---- quoted-printable ---- */

static void
qp_flush(struct qp_stream *stream, struct strbuf *out, bool soft)
{
	strbuf_add(out, stream->line, stream->n);
	strbuf_add_str(out, soft ? "=\r\n" : "\r\n");
	stream->n = 0;
	stream->soft = soft;
}

static void
qp_escape(struct qp_stream *stream, char c, struct strbuf *out)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char byte = (unsigned char)c;

	if (stream->n + 3 > QP_COLUMNS - 1)
		qp_flush(stream, out, true);
	stream->line[stream->n++] = '=';
	stream->line[stream->n++] = hex[byte >> 4];
	stream->line[stream->n++] = hex[byte & 15];
}

static void
qp_plain(struct qp_stream *stream, char c, struct strbuf *out)
{
	if (stream->n + 1 > QP_COLUMNS - 1)
		qp_flush(stream, out, true);
	stream->line[stream->n++] = c;
}

/* A blank that something follows on its line. */
static void
qp_put_blank(struct qp_stream *stream, struct strbuf *out)
{
	if (stream->blank)
		qp_plain(stream, stream->blank, out);
	stream->blank = 0;
}

static void
qp_end_line(struct qp_stream *stream, struct strbuf *out)
{
	if (stream->blank)
		qp_escape(stream, stream->blank, out);
	stream->blank = 0;
	qp_flush(stream, out, false);
}

static void
qp_byte(struct qp_stream *stream, char c, struct strbuf *out)
{
	bool starts;

	if (c == ' ' || c == '\t') {
		qp_put_blank(stream, out);
		/* "From " is what mailbox files are cut at. */
		if (c == ' ' && stream->n == 4 && !stream->soft &&
			memcmp(stream->line, "From", 4) == 0) {
			stream->n = 0;
			qp_escape(stream, 'F', out);
			memcpy(stream->line + stream->n, "rom", 3);
			stream->n += 3;
		}
		stream->blank = c;
		return;
	}
	qp_put_blank(stream, out);
	starts = stream->n == 0;
	if (c == '=' || (unsigned char)c < ' ' || (unsigned char)c > '~' ||
		(starts && c == '.'))
		qp_escape(stream, c, out);
	else
		qp_plain(stream, c, out);
}

void
qp_stream_add(struct qp_stream *stream, struct slice piece, struct strbuf *out)
{
	for (size_t i = 0; i < piece.len; i++) {
		char c = piece.data[i];

		if (stream->after_cr) {
			stream->after_cr = false;
			qp_end_line(stream, out);
			if (c == '\n')
				continue;
		}
		if (c == '\r')
			stream->after_cr = true;
		else if (c == '\n')
			qp_end_line(stream, out);
		else
			qp_byte(stream, c, out);
	}
}

void
qp_stream_end(struct qp_stream *stream, struct strbuf *out)
{
	if (stream->after_cr || stream->n > 0 || stream->blank || stream->soft)
		qp_end_line(stream, out);
	stream->after_cr = false;
}

/* ---- as it is ---- */

static void
crlf_end_line(struct crlf_stream *stream, struct strbuf *out)
{
	strbuf_add_str(out, "\r\n");
	stream->in_line = false;
	stream->after_cr = false;
}

void
crlf_stream_add(
	struct crlf_stream *stream, struct slice piece, struct strbuf *out)
{
	for (size_t i = 0; i < piece.len; i++) {
		char c = piece.data[i];

		if (stream->after_cr) {
			crlf_end_line(stream, out);
			if (c == '\n')
				continue;
		}
		if (c == '\r') {
			stream->after_cr = true;
		} else if (c == '\n') {
			crlf_end_line(stream, out);
		} else if (c) {
			strbuf_add_char(out, c);
			stream->in_line = true;
		}
	}
}

void
crlf_stream_end(struct crlf_stream *stream, struct strbuf *out)
{
	if (stream->after_cr || stream->in_line)
		crlf_end_line(stream, out);
}

void
text_scan_add(struct text_scan *scan, struct slice piece)
{
	for (size_t i = 0; i < piece.len; i++) {
		unsigned char c = (unsigned char)piece.data[i];

		if (c == '\n' || c == '\r') {
			scan->line = 0;
			scan->has_cr = scan->has_cr || c == '\r';
			continue;
		}
		if (++scan->line > scan->longest)
			scan->longest = scan->line;
		if (c >= 0x80)
			scan->high++;
		else if (c == 0)
			scan->has_nul = true;
		else if ((c < ' ' && c != '\t' && c != '\f') || c == 0x7f)
			scan->has_control = true;
	}
	scan->bytes += piece.len;
	if (piece.len > 0)
		scan->ended = piece.data[piece.len - 1] == '\n';
}

bool
text_scan_is_7bit(const struct text_scan *scan)
{
	return scan->high == 0 && !scan->has_nul &&
	       scan->longest <= TEXT_LINE_MAX;
}
