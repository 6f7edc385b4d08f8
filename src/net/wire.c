/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <libetpan/mailstream.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "net/dial.h"
#include "net/wire_private.h"

struct wire *
wire_new(const struct endpoint *endpoint, struct cancel *cancel,
	enum trace_protocol protocol)
{
	struct wire *wire = xnew(struct wire);

	endpoint_init(&wire->endpoint);
	endpoint_copy(&wire->endpoint, endpoint);
	wire->cancel = cancel;
	trace_init(&wire->trace, protocol);
	strbuf_init(&wire->packed, 4 * COMPRESS_STEP);
	wire->fd = -1;
	wire->connect_s = WIRE_CONNECT_S;
	wire->timeout_s = WIRE_COMMAND_S;
	wire->pace = WIRE_PROGRESS;
	return wire;
}

void
wire_free(struct wire *wire)
{
	if (!wire)
		return;
	if (wire->tls && wire->error.kind == ERR_NONE)
		tls_shutdown(wire->tls);
	tls_free(wire->tls);
	if (wire->fd >= 0)
		close(wire->fd);
	deflate_free(wire->deflate);
	strbuf_clear(&wire->packed);
	trace_clear(&wire->trace);
	error_clear(&wire->error);
	endpoint_clear(&wire->endpoint);
	free(wire->input);
	free(wire);
}

void
wire_freep(struct wire **wire)
{
	wire_free(*wire);
}

/* Keeps the error for good and tells it; false. */
bool
wire_failed(struct wire *wire, struct error *err, struct error *why)
{
	if (wire->error.kind == ERR_NONE)
		error_move(&wire->error, why);
	else
		error_clear(why);
	return error_copy(err, &wire->error);
}

bool
wire_is_cancelled(const struct wire *wire)
{
	return wire->cancel && cancel_is_fired(wire->cancel);
}

/* What every call begins with. */
bool
wire_is_usable(struct wire *wire, struct error *err)
{
	struct error why = ERROR_INIT;

	if (wire->error.kind != ERR_NONE)
		return wire_failed(wire, err, &why);
	if (wire_is_cancelled(wire)) {
		error_set(&why, ERR_CANCELLED, _("Cancelled"));
		return wire_failed(wire, err, &why);
	}
	if (wire->fd < 0) {
		error_set(&why, ERR_OFFLINE, _("Not connected"));
		return wire_failed(wire, err, &why);
	}
	return true;
}

void
wire_fail(struct wire *wire, const struct error *error)
{
	struct error copy = ERROR_INIT;
	struct error told CLEANUP(error_clear) = ERROR_INIT;

	error_copy(&copy, error);
	wire_failed(wire, &told, &copy);
}

void
wire_set_connect_timeout(struct wire *wire, int seconds)
{
	wire->connect_s = seconds;
}

void
wire_set_timeout(struct wire *wire, int seconds, enum wire_pace pace)
{
	wire->timeout_s = seconds;
	wire->pace = pace;
	wire_begin(wire);
}

static bool
handshake(struct wire *wire, int64_t deadline_us, struct error *err)
{
	enum tls_result result;
	short events;

	if (!tls_new(&wire->endpoint, wire->fd, &wire->tls, err))
		return false;
	for (;;) {
		result = tls_handshake(wire->tls, err);
		if (result == TLS_DONE)
			return true;
		if (result == TLS_FAILED)
			return false;
		if (result == TLS_EOF)
			return error_set(err, ERR_OFFLINE,
				_("%s closed the connection instead of encrypting it"),
				wire->endpoint.host);
		if (!wire_poll(wire, wire_events(result), deadline_us, &events,
			    err))
			return false;
	}
}

static int64_t
connect_deadline(const struct wire *wire)
{
	return clock_mono_us() + (int64_t)wire->connect_s * SECOND;
}

/* Takes the descriptor, and encrypts where that comes first. */
static bool
set_up(struct wire *wire, int fd, int64_t deadline_us, struct error *err)
{
	wire->fd = fd;
	wire->trace.number = fd;
	if (wire->endpoint.security == SECURITY_TLS &&
		!handshake(wire, deadline_us, err))
		return false;
	wire_begin(wire);
	return true;
}

bool
wire_connect(struct wire *wire, struct error *err)
{
	struct error why = ERROR_INIT;
	int64_t deadline_us = connect_deadline(wire);
	int fd;

	ASSERT(wire->fd < 0);
	if (wire->error.kind != ERR_NONE)
		return wire_failed(wire, err, &why);
	if (!dial(wire->endpoint.host, wire->endpoint.port, deadline_us,
		    wire->cancel, &fd, &why) ||
		!set_up(wire, fd, deadline_us, &why))
		return wire_failed(wire, err, &why);
	return true;
}

bool
wire_adopt(struct wire *wire, int fd, struct error *err)
{
	struct error why = ERROR_INIT;
	int flags = fcntl(fd, F_GETFL);

	ASSERT(wire->fd < 0 && flags >= 0);
	(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	if (!set_up(wire, fd, connect_deadline(wire), &why))
		return wire_failed(wire, err, &why);
	return true;
}

bool
wire_start_tls(struct wire *wire, struct _mailstream *stream, struct error *err)
{
	struct error why = ERROR_INIT;

	if (!wire_is_usable(wire, err))
		return false;
	ASSERT(!wire->tls && !wire->deflate);
	if (wire_buffered(wire) > 0 ||
		(stream && stream->read_buffer_len > 0)) {
		error_set(&why, ERR_UNTRUSTED,
			_("Somebody put words into the beginning of the encryption with %s"),
			wire->endpoint.host);
		error_detail(&why, "%zu bytes before the TLS handshake",
			wire_buffered(wire) +
				(stream ? stream->read_buffer_len : 0));
		return wire_failed(wire, err, &why);
	}
	if (!handshake(wire, connect_deadline(wire), &why))
		return wire_failed(wire, err, &why);
	wire_begin(wire);
	return true;
}

bool
wire_start_deflate(struct wire *wire, struct error *err)
{
	struct error why = ERROR_INIT;

	if (!wire_is_usable(wire, err))
		return false;
	ASSERT(!wire->deflate);
	if (!deflate_new(&wire->deflate, &why) ||
		!wire_inflate_buffered(wire, &why))
		return wire_failed(wire, err, &why);
	return true;
}

struct slice
wire_peek(const struct wire *wire)
{
	return slice_make(wire->input ? wire->input + wire->start : "",
		wire_buffered(wire));
}

void
wire_drop(struct wire *wire, size_t n)
{
	ASSERT(n <= wire_buffered(wire));
	wire->start += n;
}

void
wire_replace(struct wire *wire, size_t at, size_t n, struct slice with)
{
	char *to;
	size_t left;

	ASSERT(with.len <= n && at + n <= wire_buffered(wire));
	if (n == 0)
		return;
	to = wire->input + wire->start + at;
	left = wire_buffered(wire) - at - n;
	memcpy(to, with.data, with.len);
	memmove(to + with.len, to + n, left);
	wire->end -= n - with.len;
}

bool
wire_read_line(struct wire *wire, size_t limit, struct slice *ret_line,
	struct error *err)
{
	size_t looked = 0;

	for (;;) {
		struct slice all = wire_peek(wire);
		size_t at = looked + slice_find(slice_skip(all, looked), '\n');
		size_t n = at;

		if (at < all.len && n > 0 && all.data[n - 1] == '\r')
			n--;
		if (n > limit) {
			struct error why = ERROR_INIT;

			error_set(&why, ERR_LIMIT,
				_("%s sends a line without end"),
				wire->endpoint.host);
			return wire_failed(wire, err, &why);
		}
		if (at < all.len) {
			*ret_line = slice_make(all.data, n);
			wire_drop(wire, at + 1);
			return true;
		}
		looked = all.len;
		if (!wire_fill(wire, err))
			return false;
	}
}

int
wire_fd(const struct wire *wire)
{
	return wire->fd;
}

bool
wire_has_input(const struct wire *wire)
{
	return wire_buffered(wire) > 0 ||
	       (wire->deflate && deflate_has_pending(wire->deflate)) ||
	       (wire->tls && tls_has_pending(wire->tls));
}

bool
wire_is_encrypted(const struct wire *wire)
{
	return wire->tls && tls_version(wire->tls);
}

const struct error *
wire_error(const struct wire *wire)
{
	return wire->error.kind == ERR_NONE ? NULL : &wire->error;
}

const struct tls_certificate *
wire_certificate(const struct wire *wire)
{
	return wire->tls ? tls_certificate(wire->tls) : NULL;
}

const struct endpoint *
wire_endpoint(const struct wire *wire)
{
	return &wire->endpoint;
}

struct trace *
wire_trace(struct wire *wire)
{
	return &wire->trace;
}

struct wire_counts
wire_counts(const struct wire *wire)
{
	return wire->counts;
}
