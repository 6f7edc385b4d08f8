/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/stream.h"

#include <libetpan/mailstream.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/wire.h"

/* libetpan moves the rest of its buffer for every line: larger is slower. */
enum { LIBRARY_BUFFER = 16 * 1024 };

struct stream {
	const struct stream_ops *ops;
	void *ctx;
	bool closed;
};

static ssize_t
stream_read(mailstream_low *low, void *to, size_t cap)
{
	struct stream *stream = low->data;
	size_t n = 0;

	if (stream->closed || cap == 0 ||
		!stream->ops->read(stream->ctx, to, cap, &n) || n == 0)
		return -1;
	return (ssize_t)n;
}

static ssize_t
stream_write(mailstream_low *low, const void *bytes, size_t n)
{
	struct stream *stream = low->data;

	if (stream->closed ||
		!stream->ops->write(stream->ctx, slice_make(bytes, n)))
		return -1;
	return (ssize_t)n;
}

static int
stream_close(mailstream_low *low)
{
	struct stream *stream = low->data;

	if (!stream->closed && stream->ops->closed)
		stream->ops->closed(stream->ctx);
	stream->closed = true;
	return 0;
}

static int
stream_fd(mailstream_low *low)
{
	struct stream *stream = low->data;

	return stream->closed ? -1 : stream->ops->fd(stream->ctx);
}

static void
stream_free(mailstream_low *low)
{
	free(low->data);
	low->data = NULL;
	free(low);
}

static void
stream_cancel(mailstream_low *low)
{
	(void)low; /* the wire has its own */
}

static const mailstream_low_driver driver = {
	.mailstream_read = stream_read,
	.mailstream_write = stream_write,
	.mailstream_close = stream_close,
	.mailstream_get_fd = stream_fd,
	.mailstream_free = stream_free,
	.mailstream_cancel = stream_cancel,
};

struct _mailstream *
stream_new(const struct stream_ops *ops, void *ctx)
{
	struct stream *stream = xnew(struct stream);
	mailstream_low *low;
	mailstream *library;

	stream->ops = ops;
	stream->ctx = ctx;
	/* The library never writes to the driver. */
	low = mailstream_low_new(stream, (mailstream_low_driver *)&driver);
	if (!low) {
		free(stream);
		return NULL;
	}
	library = mailstream_new(low, LIBRARY_BUFFER);
	if (!library)
		mailstream_low_free(low);
	return library;
}

static bool
wire_stream_read(void *ctx, void *to, size_t cap, size_t *ret_n)
{
	struct wire *wire = ctx;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct slice bytes;

	/* A wire that failed gives nothing more, buffered or not. */
	if (wire_error(wire) ||
		(wire_peek(wire).len == 0 && !wire_fill(wire, &err)))
		return false;
	bytes = slice_head(wire_peek(wire), cap);
	memcpy(to, bytes.data, bytes.len);
	*ret_n = bytes.len;
	wire_drop(wire, bytes.len);
	return true;
}

static bool
wire_stream_write(void *ctx, struct slice bytes)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	return wire_write(ctx, bytes, &err);
}

static int
wire_stream_fd(void *ctx)
{
	return wire_fd(ctx);
}

struct _mailstream *
wire_stream(struct wire *wire)
{
	static const struct stream_ops ops = {
		.read = wire_stream_read,
		.write = wire_stream_write,
		.fd = wire_stream_fd,
	};

	return stream_new(&ops, wire);
}
