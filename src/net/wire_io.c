/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How bytes get in and out of a wire.  take_some() and raw_write() never wait
 * but say what they are waiting for; the two poll() are in wire_poll() and
 * wire_wait_more().
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "net/wire_private.h"

enum {
	INPUT_FIRST = 128 * 1024,  /* bytes of the input buffer at rest */
	INPUT_LARGE = 1024 * 1024, /* more than this is given back */
	INPUT_ROOM = 16 * 1024,    /* free before a read: a TLS record */
};

static void
set_late(const struct wire *wire, struct error *err)
{
	error_set(err, ERR_OFFLINE, _("%s did not answer in time"),
		wire->endpoint.host);
}

static bool
is_late(int64_t deadline_us)
{
	return deadline_us >= 0 && clock_mono_us() >= deadline_us;
}

/*
 * Waits for `events` on the descriptor, the cancel flag or the deadline.
 * False with `*err` filled (not sticky yet) for the latter two.
 */
bool
wire_poll(struct wire *wire, short events, int64_t deadline_us,
	short *ret_events, struct error *err)
{
	for (;;) {
		struct pollfd polls[2] = {
			{ .fd = wire->fd, .events = events },
			{ .fd = wire->cancel ? wire->cancel->fd : -1,
				.events = POLLIN },
		};
		int n = poll(polls, 2, clock_poll_ms(deadline_us));

		if (wire_is_cancelled(wire))
			return error_set(err, ERR_CANCELLED, _("Cancelled"));
		if (n > 0 && polls[0].revents) {
			*ret_events = polls[0].revents;
			return true;
		}
		if (is_late(deadline_us)) {
			set_late(wire, err);
			return false;
		}
	}
}

void
wire_begin(struct wire *wire)
{
	wire->left_us = (int64_t)wire->timeout_s * SECOND;
	wire->deadline_us = clock_mono_us() + wire->left_us;
}

/* Bytes that moved give more time, up to the whole of it. */
static void
grant_time(struct wire *wire, size_t bytes)
{
	int64_t most = (int64_t)wire->timeout_s * SECOND;

	if (bytes >= (size_t)wire->timeout_s * WIRE_RATE_MIN)
		wire->left_us = most;
	else
		wire->left_us += (int64_t)bytes * SECOND / WIRE_RATE_MIN;
	if (wire->left_us > most)
		wire->left_us = most;
}

/* Waits for as long as there is time left; only waiting uses it up. */
static bool
wait_for(struct wire *wire, short events, short *ret_events, struct error *err)
{
	int64_t before = clock_mono_us();
	bool ok = wire_poll(
		wire, events, before + wire->left_us, ret_events, err);

	wire->left_us -= clock_mono_us() - before;
	if (wire->left_us < 0)
		wire->left_us = 0;
	return ok;
}

/* From the descriptor or TLS, without waiting. */
static enum tls_result
raw_read(struct wire *wire, void *to, size_t cap, size_t *ret_n,
	struct error *err)
{
	ssize_t n;

	if (wire->tls)
		return tls_read(wire->tls, to, cap, ret_n, err);
	do {
		n = recv(wire->fd, to, cap, 0);
	} while (n < 0 && errno == EINTR);
	if (n > 0) {
		*ret_n = (size_t)n;
		return TLS_DONE;
	}
	if (n == 0)
		return TLS_EOF;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return TLS_WANT_READ;
	error_set_errno(err, ERR_OFFLINE, errno,
		_("The connection to %s broke"), wire->endpoint.host);
	return TLS_FAILED;
}

static enum tls_result
raw_write(
	struct wire *wire, struct slice bytes, size_t *ret_n, struct error *err)
{
	ssize_t n;

	if (wire->tls)
		return tls_write(wire->tls, bytes.data, bytes.len, ret_n, err);
	do {
		n = send(wire->fd, bytes.data, bytes.len, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n >= 0) {
		*ret_n = (size_t)n;
		return TLS_DONE;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return TLS_WANT_WRITE;
	error_set_errno(err, ERR_OFFLINE, errno,
		_("The connection to %s broke"), wire->endpoint.host);
	return TLS_FAILED;
}

/* Moves what is buffered to the front of a buffer of `cap` bytes. */
static void
resize_input(struct wire *wire, size_t cap)
{
	size_t n = wire_buffered(wire);
	char *input = wire->input;

	if (cap != wire->cap)
		input = xmalloc(cap);
	if (n > 0)
		memmove(input, wire->input + wire->start, n);
	if (input != wire->input)
		free(wire->input);
	wire->input = input;
	wire->cap = cap;
	wire->start = 0;
	wire->end = n;
}

/* Makes sure that INPUT_ROOM bytes are free behind what is buffered. */
static bool
make_room(struct wire *wire, struct error *err)
{
	size_t n = wire_buffered(wire);
	size_t cap = wire->cap;

	if (n == 0 && cap > INPUT_LARGE) {
		resize_input(wire, INPUT_FIRST);
		return true;
	}
	if (n == 0)
		wire->start = wire->end = 0;
	if (cap - wire->end >= INPUT_ROOM)
		return true;
	if (cap > INPUT_LARGE && n < INPUT_FIRST / 2) {
		resize_input(wire, INPUT_FIRST);
		return true;
	}
	/* Moving is cheap while what moves is less than what went. */
	if (n <= wire->start && cap - n >= INPUT_ROOM) {
		resize_input(wire, cap);
		return true;
	}
	cap = cap < INPUT_FIRST ? INPUT_FIRST : cap * 2;
	if (cap > WIRE_INPUT_MAX)
		cap = WIRE_INPUT_MAX;
	if (cap - n < INPUT_ROOM)
		return error_set(err, ERR_LIMIT,
			_("%s sends more at a time than can be taken"),
			wire->endpoint.host);
	resize_input(wire, cap);
	return true;
}

static void
count_raw(struct wire *wire, size_t n)
{
	wire->counts.raw_in += n;
	if (wire->pace == WIRE_PROGRESS)
		grant_time(wire, n);
}

/* Compressed bytes into the inflater until it gives something. */
static enum tls_result
take_inflated(struct wire *wire, size_t *ret_n, struct error *err)
{
	for (;;) {
		enum tls_result result;
		size_t cap;
		size_t n;
		char *room;

		if (!deflate_inflate(wire->deflate, wire->input + wire->end,
			    wire->cap - wire->end, ret_n, err))
			return TLS_FAILED;
		if (*ret_n > 0)
			return TLS_DONE;
		room = deflate_input_room(wire->deflate, &cap);
		result = raw_read(wire, room, cap, &n, err);
		if (result != TLS_DONE)
			return result;
		deflate_input_add(wire->deflate, n);
		count_raw(wire, n);
	}
}

bool
wire_inflate_buffered(struct wire *wire, struct error *err)
{
	size_t left = wire_buffered(wire);
	char *packed CLEANUP(freep) = xmemdup0(wire_peek(wire).data, left);
	const char *from = packed;

	wire->counts.in -= left;
	wire->start = wire->end = 0;
	while (left > 0 || deflate_has_pending(wire->deflate)) {
		size_t cap;
		char *room = deflate_input_room(wire->deflate, &cap);
		size_t n = left < cap ? left : cap;

		if (n > 0) {
			memcpy(room, from, n);
			deflate_input_add(wire->deflate, n);
			from += n;
			left -= n;
		}
		if (!make_room(wire, err) ||
			!deflate_inflate(wire->deflate, wire->input + wire->end,
				wire->cap - wire->end, &n, err))
			return false;
		wire->end += n;
		wire->counts.in += n;
	}
	return true;
}

/* One helping into the input buffer, without waiting. */
static enum tls_result
take_some(struct wire *wire, struct error *err)
{
	enum tls_result result;
	size_t n = 0;

	if (!make_room(wire, err))
		return TLS_FAILED;
	if (wire->deflate) {
		result = take_inflated(wire, &n, err);
	} else {
		result = raw_read(wire, wire->input + wire->end,
			wire->cap - wire->end, &n, err);
		if (result == TLS_DONE)
			count_raw(wire, n);
	}
	if (result == TLS_DONE) {
		wire->end += n;
		wire->counts.in += n;
	} else if (result == TLS_EOF) {
		error_set(err, ERR_OFFLINE, _("%s closed the connection"),
			wire->endpoint.host);
		result = TLS_FAILED;
	}
	return result;
}

bool
wire_fill_now(struct wire *wire, bool *ret_any, struct error *err)
{
	struct error why = ERROR_INIT;

	if (!wire_is_usable(wire, err))
		return false;
	switch (take_some(wire, &why)) {
	case TLS_DONE:
		*ret_any = true;
		return true;
	case TLS_WANT_READ:
	case TLS_WANT_WRITE:
		*ret_any = false;
		return true;
	case TLS_EOF:
	case TLS_FAILED:
		return wire_failed(wire, err, &why);
	}
	UNREACHABLE();
}

/* What to poll for after such a result. */
short
wire_events(enum tls_result result)
{
	return result == TLS_WANT_WRITE ? POLLOUT : POLLIN;
}

bool
wire_fill(struct wire *wire, struct error *err)
{
	struct error why = ERROR_INIT;
	enum tls_result result;
	short events;

	if (!wire_is_usable(wire, err))
		return false;
	do {
		if (wire->pace == WIRE_WHOLE && is_late(wire->deadline_us)) {
			set_late(wire, &why);
			return wire_failed(wire, err, &why);
		}
		result = take_some(wire, &why);
		if (result == TLS_DONE)
			return true;
		if (result == TLS_FAILED)
			break;
	} while (wire->pace == WIRE_WHOLE
			 ? wire_poll(wire, wire_events(result),
				   wire->deadline_us, &events, &why)
			 : wait_for(wire, wire_events(result), &events, &why));
	return wire_failed(wire, err, &why);
}

/*
 * Waits until more can be sent.  What arrives meanwhile is taken, so that a
 * server that writes until we read cannot hold us up.
 */
static bool
wait_to_send(struct wire *wire, short wanted, struct error *err)
{
	short events = wanted;
	bool take = wire_buffered(wire) < WIRE_INPUT_MAX / 2;

	if (take)
		events |= POLLIN;
	if (!wait_for(wire, events, &events, err))
		return false;
	if (take && !(events & wanted))
		return take_some(wire, err) != TLS_FAILED;
	return true;
}

static bool
send_raw(struct wire *wire, struct slice bytes, struct error *err)
{
	while (bytes.len > 0) {
		size_t n = 0;
		enum tls_result result = raw_write(wire, bytes, &n, err);

		switch (result) {
		case TLS_DONE:
			wire->counts.raw_out += n;
			grant_time(wire, n);
			bytes = slice_skip(bytes, n);
			break;
		case TLS_WANT_READ:
		case TLS_WANT_WRITE:
			if (!wait_to_send(wire, wire_events(result), err))
				return false;
			break;
		case TLS_EOF:
			return error_set(err, ERR_OFFLINE,
				_("%s closed the connection"),
				wire->endpoint.host);
		case TLS_FAILED:
			return false;
		}
	}
	return true;
}

static bool
send_packed(struct wire *wire, struct slice bytes, struct error *err)
{
	while (bytes.len > 0) {
		struct slice step = slice_head(bytes, COMPRESS_STEP);

		strbuf_reset(&wire->packed);
		if (!deflate_compress(
			    wire->deflate, step, &wire->packed, err) ||
			!send_raw(wire, strbuf_slice(&wire->packed), err))
			return false;
		bytes = slice_skip(bytes, step.len);
	}
	return true;
}

/* A server that hangs up on us may have said why: takes that in. */
static void
hear_last_words(struct wire *wire)
{
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;

	while (wire_buffered(wire) < INPUT_FIRST &&
		take_some(wire, &ignored) == TLS_DONE)
		;
}

bool
wire_write(struct wire *wire, struct slice bytes, struct error *err)
{
	struct error why = ERROR_INIT;

	if (!wire_is_usable(wire, err))
		return false;
	trace_sent(&wire->trace, bytes);
	wire_begin(wire);
	if (wire->deflate ? !send_packed(wire, bytes, &why)
			  : !send_raw(wire, bytes, &why)) {
		if (why.kind == ERR_OFFLINE)
			hear_last_words(wire);
		return wire_failed(wire, err, &why);
	}
	wire->counts.out += bytes.len;
	wire_begin(wire);
	return true;
}

/* Whether `fd` can be read now. */
static bool
is_ready(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return fd >= 0 && poll(&poll_fd, 1, 0) > 0 && poll_fd.revents != 0;
}

/* One wait for descriptor, wake descriptor, cancel flag and deadline. */
static bool
wait_for_news(struct wire *wire, short events, int wake_fd, int64_t deadline_us,
	bool *ret_late, struct error *err)
{
	struct pollfd polls[3] = {
		{ .fd = wire->fd, .events = events },
		{ .fd = wake_fd, .events = POLLIN },
		{ .fd = wire->cancel ? wire->cancel->fd : -1,
			.events = POLLIN },
	};
	int n = poll(polls, 3, clock_poll_ms(deadline_us));

	if (wire_is_cancelled(wire))
		return error_set(err, ERR_CANCELLED, _("Cancelled"));
	*ret_late = n <= 0 && is_late(deadline_us);
	return true;
}

bool
wire_wait_more(struct wire *wire, int wake_fd, int64_t deadline_us,
	enum wire_event *ret_event, struct error *err)
{
	struct error why = ERROR_INIT;
	bool late = false;

	if (!wire_is_usable(wire, err))
		return false;
	for (;;) {
		struct error failure CLEANUP(error_clear) = ERROR_INIT;
		enum tls_result result;

		if (is_ready(wake_fd)) {
			*ret_event = WIRE_WAKE;
			return true;
		}
		result = take_some(wire, &why);
		if (result == TLS_DONE || result == TLS_FAILED) {
			/* A failure is told by who reads next. */
			if (result == TLS_FAILED)
				wire_failed(wire, &failure, &why);
			wire_begin(wire);
			*ret_event = WIRE_DATA;
			return true;
		}
		if (late) {
			*ret_event = WIRE_TIMEOUT;
			return true;
		}
		if (!wait_for_news(wire, wire_events(result), wake_fd,
			    deadline_us, &late, &why))
			return wire_failed(wire, err, &why);
	}
}

bool
wire_wait(struct wire *wire, int wake_fd, int64_t deadline_us,
	enum wire_event *ret_event, struct error *err)
{
	if (wire_buffered(wire) == 0)
		return wire_wait_more(
			wire, wake_fd, deadline_us, ret_event, err);
	if (!wire_is_usable(wire, err))
		return false;
	wire_begin(wire);
	*ret_event = is_ready(wake_fd) ? WIRE_WAKE : WIRE_DATA;
	return true;
}
