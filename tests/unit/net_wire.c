/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libetpan/libetpan.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "net/deflate.h"
#include "net/dial.h"
#include "net/wire.h"

#include "net_peer.h"
#include "tap.h"

/* 250 ms is the promise; a loaded machine gets more. */
/* What waits for a deadline by mistake waits longer than PROMPT_MS; a busy
 * machine does not. */
enum { MS = 1000, PROMPT_MS = 2500 };

static int64_t
ms_since(int64_t start_us)
{
	return (clock_mono_us() - start_us) / MS;
}

/* A wire on one end of a socket pair; the other end in `*ret_peer`. */
static struct wire *
pair_open(struct cancel *cancel, int *ret_peer)
{
	struct error err = ERROR_INIT;
	struct endpoint endpoint = { .host = (char *)"mail.example",
		.port = 110,
		.security = SECURITY_CLEAR };
	struct wire *wire = wire_new(&endpoint, cancel, TRACE_NONE);
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0 ||
		!wire_adopt(wire, fds[0], &err))
		abort();
	*ret_peer = fds[1];
	return wire;
}

static void
test_lines(void)
{
	static const struct {
		const char *name;
		struct slice bytes;
		size_t limit;
		struct slice first;
		enum error_kind kind;
	} cases[] = {
		{ "CRLF", { "+OK hi\r\nx", 9 }, 100, { "+OK hi", 6 },
			ERR_NONE },
		{ "LF", { "a\nb", 3 }, 100, { "a", 1 }, ERR_NONE },
		{ "empty", { "\r\n", 2 }, 100, { "", 0 }, ERR_NONE },
		{ "NULs stay", { "ab\0cd\r\n", 7 }, 100, { "ab\0cd", 5 },
			ERR_NONE },
		{ "CR alone stays", { "a\rb\r\r\n", 6 }, 100, { "a\rb\r", 4 },
			ERR_NONE },
		{ "at the limit", { "12345\n", 6 }, 5, { "12345", 5 },
			ERR_NONE },
		{ "past the limit", { "123456\n", 7 }, 5, { "", 0 },
			ERR_LIMIT },
		{ "past it without end", { "1234567", 7 }, 5, { "", 0 },
			ERR_LIMIT },
		{ "cut off", { "1234", 4 }, 5, { "", 0 }, ERR_OFFLINE },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct slice line = { "", 0 };
		int peer;
		struct wire *wire CLEANUP(wire_freep) = pair_open(NULL, &peer);
		bool good;

		send_all(peer, cases[i].bytes.data, cases[i].bytes.len);
		close(peer);
		good = wire_read_line(wire, cases[i].limit, &line, &err);
		ok(good == (cases[i].kind == ERR_NONE) &&
				err.kind == cases[i].kind &&
				slice_eq(line, cases[i].first),
			"line: %s", cases[i].name);
	}
}

static void
test_long_lines(void)
{
	enum { LEN = 3 * 1000 * 1000 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *text CLEANUP(freep) = xmalloc(LEN);
	struct strbuf all CLEANUP(strbuf_clear) = { 0 };
	struct slice line;
	bool any = true;
	size_t sent = 0;
	int peer;
	struct wire *wire CLEANUP(wire_freep) = pair_open(NULL, &peer);

	memset(text, 'x', LEN);
	strbuf_init(&all, 2 * LEN);
	strbuf_add(&all, text, LEN);
	strbuf_add_str(&all, "\r\nshort\r\n");
	while (sent < all.len || any) {
		ssize_t n = 0;

		if (sent < all.len)
			n = send(peer, all.data + sent, all.len - sent,
				MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			sent += (size_t)n;
		if (!wire_fill_now(wire, &any, &err))
			abort();
	}
	ok(wire_read_line(wire, LEN, &line, &err) && line.len == LEN &&
			wire_read_line(wire, LEN, &line, &err) &&
			slice_eq(line, SLICE("short")),
		"a line longer than the buffer at rest");
	close(peer);
}

static void
test_sticky(void)
{
	struct error first CLEANUP(error_clear) = ERROR_INIT;
	struct error second CLEANUP(error_clear) = ERROR_INIT;
	struct error third CLEANUP(error_clear) = ERROR_INIT;
	enum wire_event event;
	int peer;
	struct wire *wire CLEANUP(wire_freep) = pair_open(NULL, &peer);

	close(peer);
	ok(!wire_fill(wire, &first) && first.kind == ERR_OFFLINE,
		"the end is an error");
	is_str(first.text, "mail.example closed the connection", "as told");
	ok(!wire_fill(wire, &second) && second.kind == ERR_OFFLINE &&
			strcmp(first.text, second.text) == 0 &&
			!wire_write(wire, SLICE("x"), &third) &&
			strcmp(first.text, third.text) == 0,
		"and stays the same");
	ok(!wire_wait(wire, -1, -1, &event, &second), "waiting fails too");
	is_str(wire_error(wire)->text, first.text, "and is kept");
}

static void
test_fail(void)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char byte;
	int peer;
	struct wire *wire CLEANUP(wire_freep) = pair_open(NULL, &peer);

	error_set(&why, ERR_PROTOCOL, "enough");
	wire_fail(wire, &why);
	ok(!wire_write(wire, SLICE("LOGOUT\r\n"), &err) &&
			err.kind == ERR_PROTOCOL,
		"failed by hand");
	is_int(recv(peer, &byte, 1, MSG_DONTWAIT), -1, "nothing was sent");
	close(peer);
}

static void
test_unconnected(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct endpoint endpoint = { .host = (char *)"h" };
	struct wire *wire CLEANUP(wire_freep) =
		wire_new(&endpoint, NULL, TRACE_NONE);

	ok(!wire_fill(wire, &err) && wire_fd(wire) < 0, "not connected");
}

/* Sends a byte now and then until the other side is gone. */
static void
drip(int fd, void *ctx)
{
	char byte;

	(void)ctx;
	while (send(fd, "x", 1, MSG_NOSIGNAL) == 1) {
		usleep(20 * MS);
		if (recv(fd, &byte, 1, MSG_DONTWAIT) == 0)
			break;
	}
}

static void
stall(int fd, void *ctx)
{
	(void)ctx;
	read_to_end(fd);
}

static bool
fill_until_error(struct wire *wire, struct error *err)
{
	while (wire_fill(wire, err))
		wire_drop(wire, wire_peek(wire).len);
	return false;
}

static void
test_deadlines(void)
{
	static const struct {
		const char *name;
		void (*talk)(int fd, void *ctx);
		enum wire_pace pace;
	} cases[] = {
		{ "a silent server, whole", stall, WIRE_WHOLE },
		{ "a silent server, progress", stall, WIRE_PROGRESS },
		{ "a dripping server, whole", drip, WIRE_WHOLE },
		{ "a dripping server, progress", drip, WIRE_PROGRESS },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct peer peer;
		struct endpoint endpoint;
		struct wire *wire;
		int64_t start;
		bool failed;
		int took;

		peer_start(&peer, cases[i].talk, NULL);
		endpoint = peer_endpoint(&peer, SECURITY_CLEAR);
		wire = wire_new(&endpoint, NULL, TRACE_NONE);
		if (!wire_connect(wire, &err))
			abort();
		wire_set_timeout(wire, 1, cases[i].pace);
		start = clock_mono_us();
		failed = !fill_until_error(wire, &err);
		took = (int)ms_since(start);
		ok(failed && err.kind == ERR_OFFLINE && took >= 950 &&
				took < 1000 + PROMPT_MS,
			"%s: %d ms", cases[i].name, took);
		wire_free(wire);
		peer_stop(&peer);
	}
}

static void
send_slowly(int fd, void *ctx)
{
	char bytes[400] = { 0 };

	(void)ctx;
	for (int i = 0; i < 15; i++) {
		send_all(fd, bytes, sizeof(bytes));
		usleep(100 * MS);
	}
}

static void
test_progress(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct peer peer;
	struct endpoint endpoint;
	struct wire *wire;
	size_t total = 0;

	peer_start(&peer, send_slowly, NULL);
	endpoint = peer_endpoint(&peer, SECURITY_CLEAR);
	wire = wire_new(&endpoint, NULL, TRACE_NONE);
	if (!wire_connect(wire, &err))
		abort();
	wire_set_timeout(wire, 1, WIRE_PROGRESS);
	while (wire_fill(wire, &err)) {
		total += wire_peek(wire).len;
		wire_drop(wire, wire_peek(wire).len);
	}
	ok(total == 6000, "slow but steady is no reason to give up (%zu)",
		total);
	wire_free(wire);
	peer_stop(&peer);
}

enum cancelled_step { AT_READ, AT_WRITE, AT_WAIT, AT_TLS };

static bool
run_step(struct wire *wire, enum cancelled_step step, struct error *err)
{
	enum wire_event event;
	char junk[65536] = { 0 };

	switch (step) {
	case AT_READ:
		return wire_fill(wire, err);
	case AT_WRITE:
		while (wire_write(wire, slice_make(junk, sizeof(junk)), err))
			;
		return false;
	case AT_WAIT:
		return wire_wait(wire, -1, -1, &event, err);
	case AT_TLS:
		return wire_start_tls(wire, NULL, err);
	}
	return false;
}

static void
test_cancel(void)
{
	static const char *const names[] = { "reading", "writing", "waiting",
		"the TLS handshake" };

	for (int step = AT_READ; step <= AT_TLS; step++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct cancel cancel;
		struct bomb bomb;
		struct wire *wire;
		int64_t start;
		bool failed;
		int took;
		int peer;

		cancel_init(&cancel);
		wire = pair_open(&cancel, &peer);
		bomb_start(&bomb, &cancel, 50);
		start = clock_mono_us();
		failed = !run_step(wire, (enum cancelled_step)step, &err);
		took = (int)ms_since(start);
		ok(failed && err.kind == ERR_CANCELLED && took < 50 + PROMPT_MS,
			"%s is cancelled: %d ms", names[step], took);
		ok(!wire_fill(wire, &err) && err.kind == ERR_CANCELLED,
			"and stays so");
		thread_join(bomb.thread);
		wire_free(wire);
		close(peer);
		cancel_destroy(&cancel);
	}
}

/* A listening socket whose queue is full: it answers no more. */
struct hole {
	int listen_fd;
	int fds[4];
	uint16_t port;
};

static void
hole_open(struct hole *hole)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };

	hole->listen_fd = peer_listen(AF_INET, 0, &hole->port);
	to.sin_port = htons(hole->port);
	for (size_t i = 0; i < ARRAY_LEN(hole->fds); i++) {
		hole->fds[i] = socket(
			AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (connect(hole->fds[i], (struct sockaddr *)&to, sizeof(to)) !=
			0)
			continue;
	}
	usleep(10 * MS);
}

static void
hole_close(struct hole *hole)
{
	for (size_t i = 0; i < ARRAY_LEN(hole->fds); i++)
		close(hole->fds[i]);
	close(hole->listen_fd);
}

static void
add_address(struct host_addresses *addresses, uint16_t port)
{
	struct host_address *address = &addresses->items[addresses->n++];
	struct sockaddr_in *in = (struct sockaddr_in *)&address->sockaddr;

	*in = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	address->len = sizeof(*in);
}

static uint16_t
closed_port(void)
{
	uint16_t port = 0;
	int fd = peer_listen(AF_INET, 1, &port);

	close(fd);
	return port;
}

static void
test_dial(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct host_addresses addresses = { .n = 0 };
	struct cancel cancel;
	struct bomb bomb;
	struct hole hole;
	struct peer peer;
	int64_t start;
	bool good;
	int took;
	int fd = -1;

	hole_open(&hole);
	peer_start(&peer, stall, NULL);
	add_address(&addresses, hole.port);
	add_address(&addresses, closed_port());
	add_address(&addresses, peer.port);
	start = clock_mono_us();
	good = dial_addresses(
		"h", 1, &addresses, start + 5000 * MS, NULL, &fd, &err);
	took = (int)ms_since(start);
	ok(good && took >= DIAL_STAGGER_MS &&
			took < DIAL_STAGGER_MS + PROMPT_MS,
		"past a hole and a refusal to one that answers: %d ms", took);
	close(fd);
	peer_stop(&peer);

	addresses.n = 1;
	start = clock_mono_us();
	good = dial_addresses(
		"h", 993, &addresses, start + 300 * MS, NULL, &fd, &err);
	took = (int)ms_since(start);
	ok(!good && err.kind == ERR_OFFLINE && took >= 290 &&
			took < 300 + PROMPT_MS,
		"a hole alone, until the deadline: %d ms", took);
	is_str(err.text, "h does not answer on port 993", "as told");

	cancel_init(&cancel);
	bomb_start(&bomb, &cancel, 50);
	start = clock_mono_us();
	good = dial_addresses("h", 1, &addresses, -1, &cancel, &fd, &err);
	took = (int)ms_since(start);
	ok(!good && err.kind == ERR_CANCELLED && took < 50 + PROMPT_MS,
		"cancelled while connecting: %d ms", took);
	thread_join(bomb.thread);
	cancel_destroy(&cancel);
	hole_close(&hole);

	addresses.n = 0;
	add_address(&addresses, closed_port());
	ok(!dial_addresses("h", 25, &addresses, -1, NULL, &fd, &err) &&
			err.kind == ERR_OFFLINE,
		"refused");
	is_str(err.text, "h refuses connections on port 25", "as told");
}

static void
test_resolve(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct host_addresses addresses = { .n = 0 };
	struct cancel cancel;
	int64_t start = clock_mono_us();

	ok(resolve("127.0.0.1", 80, -1, NULL, &addresses, &err) &&
			addresses.n == 1 &&
			addresses.items[0].sockaddr.ss_family == AF_INET,
		"an IPv4 address is itself");
	ok(resolve("::1", 80, -1, NULL, &addresses, &err) && addresses.n == 1 &&
			addresses.items[0].sockaddr.ss_family == AF_INET6,
		"an IPv6 address is itself");
	ok(resolve("localhost", 80, start + 5000 * MS, NULL, &addresses,
		   &err) &&
			addresses.n >= 1,
		"a name is found");
	ok(!resolve("", 80, -1, NULL, &addresses, &err) &&
			err.kind == ERR_INVALID,
		"no name at all");
	ok(!resolve("a b", 80, -1, NULL, &addresses, &err) &&
			err.kind == ERR_INVALID,
		"a blank in a name");
	cancel_init(&cancel);
	cancel_fire(&cancel);
	start = clock_mono_us();
	ok(!resolve(
		   "no-such-host.invalid", 80, -1, &cancel, &addresses, &err) &&
			err.kind == ERR_CANCELLED &&
			ms_since(start) < PROMPT_MS,
		"cancelled while looking up");
	cancel_destroy(&cancel);
	start = clock_mono_us();
	ok(!resolve(
		   "no-such-host.invalid", 80, start, NULL, &addresses, &err) &&
			err.kind == ERR_OFFLINE && ms_since(start) < PROMPT_MS,
		"the deadline holds for looking up");
}

enum { MUCH = 8 * 1024 * 1024 };

/* Insists on writing all it has before it reads anything. */
static void
write_then_read(int fd, void *ctx)
{
	size_t *received = ctx;
	char *bytes = xcalloc(1, MUCH);
	ssize_t n;

	send_all(fd, bytes, MUCH);
	while (*received < MUCH && (n = recv(fd, bytes, MUCH, 0)) > 0)
		*received += (size_t)n;
	free(bytes);
}

static void
test_no_deadlock(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *bytes CLEANUP(freep) = xcalloc(1, MUCH);
	struct peer peer;
	struct endpoint endpoint;
	struct wire *wire;
	size_t received = 0;
	bool good;

	peer_start(&peer, write_then_read, &received);
	endpoint = peer_endpoint(&peer, SECURITY_CLEAR);
	wire = wire_new(&endpoint, NULL, TRACE_NONE);
	if (!wire_connect(wire, &err))
		abort();
	wire_set_timeout(wire, 5, WIRE_PROGRESS);
	good = wire_write(wire, slice_make(bytes, MUCH), &err);
	while (good && wire_peek(wire).len < MUCH)
		good = wire_fill(wire, &err);
	wire_free(wire);
	peer_stop(&peer);
	ok(good && received == MUCH, "both sides write first: no deadlock");
}

static void
test_wait(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	enum wire_event event;
	int wake[2];
	int peer;
	struct wire *wire CLEANUP(wire_freep) = pair_open(NULL, &peer);
	int64_t start = clock_mono_us();

	if (pipe(wake) != 0)
		abort();
	ok(wire_wait(wire, wake[0], start + 50 * MS, &event, &err) &&
			event == WIRE_TIMEOUT && ms_since(start) >= 49,
		"deadline");
	send_all(peer, "a", 1);
	ok(wire_wait(wire, wake[0], -1, &event, &err) && event == WIRE_DATA,
		"data");
	ok(wire_wait(wire, wake[0], -1, &event, &err) && event == WIRE_DATA &&
			wire_has_input(wire),
		"data that is buffered");
	if (write(wake[1], "x", 1) != 1)
		abort();
	ok(wire_wait(wire, wake[0], -1, &event, &err) && event == WIRE_WAKE,
		"a wake-up goes first");
	close(wake[0]);
	close(wake[1]);
	close(peer);
}

static void
test_replace(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int peer;
	struct wire *wire CLEANUP(wire_freep) = pair_open(NULL, &peer);

	send_all(peer, "0123456789", 10);
	if (!wire_fill(wire, &err))
		abort();
	wire_replace(wire, 2, 5, SLICE("ab"));
	ok(slice_eq(wire_peek(wire), SLICE("01ab789")), "replaced");
	wire_drop(wire, 3);
	wire_replace(wire, 1, 3, SLICE(""));
	ok(slice_eq(wire_peek(wire), SLICE("b")), "cut off at the end");
	close(peer);
}

/* --- compression ------------------------------------------------------- */

/* Sends deflated: what is left in `bytes` in pieces, then echoes a line. */
struct squeezed {
	struct slice plain;
	size_t piece;
	size_t got;
};

static void
talk_squeezed(int fd, void *ctx)
{
	struct squeezed *s = ctx;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct deflate *pair;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct slice left = s->plain;
	char plain[4096];
	size_t cap;
	size_t n = 0;
	char *room;
	ssize_t raw;

	if (!deflate_new(&pair, &err))
		abort();
	strbuf_init(&out, 64 * 1024 * 1024);
	while (left.len > 0) {
		struct slice head = slice_head(left, 100000);

		if (!deflate_compress(pair, head, &out, &err))
			abort();
		left = slice_skip(left, head.len);
	}
	/* The go-ahead and the first compressed bytes in one segment. */
	send_all(fd, "a1 OK\r\n", 7);
	for (size_t at = 0; at < out.len; at += s->piece)
		send_all(fd, out.data + at,
			out.len - at < s->piece ? out.len - at : s->piece);
	for (;;) {
		if (!deflate_inflate(pair, plain, sizeof(plain), &n, &err))
			break;
		s->got += n;
		if (n > 0)
			continue;
		room = deflate_input_room(pair, &cap);
		raw = recv(fd, room, cap, 0);
		if (raw <= 0)
			break;
		deflate_input_add(pair, (size_t)raw);
	}
	deflate_free(pair);
}

static void
test_compression(void)
{
	static const size_t pieces[] = { 1, 7, 1000, 1000000 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	unsigned noise = 1;

	strbuf_init(&text, 1000000);
	for (int i = 0; i < 4000; i++) {
		noise = noise * 1103515245u + 12345u;
		strbuf_addf(&text, "* %d FETCH (UID %u)\r\n", i, noise);
	}
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct squeezed squeezed = { strbuf_slice(&text), pieces[i],
			0 };
		struct peer peer;
		struct endpoint endpoint;
		struct wire *wire;
		struct slice line;
		bool good;

		peer_start(&peer, talk_squeezed, &squeezed);
		endpoint = peer_endpoint(&peer, SECURITY_CLEAR);
		wire = wire_new(&endpoint, NULL, TRACE_NONE);
		good = wire_connect(wire, &err) &&
		       wire_read_line(wire, 100, &line, &err) &&
		       wire_start_deflate(wire, &err);
		while (good && wire_peek(wire).len < text.len)
			good = wire_fill(wire, &err);
		ok(good && slice_eq(wire_peek(wire), strbuf_slice(&text)),
			"inflated from pieces of %zu", pieces[i]);
		good = wire_write(wire, strbuf_slice(&text), &err);
		ok(good && wire_counts(wire).out == text.len &&
				wire_counts(wire).raw_out < text.len / 2 &&
				wire_counts(wire).raw_in < text.len / 2,
			"and both ways shorter on the wire");
		wire_free(wire);
		peer_stop(&peer);
		is_int((int64_t)squeezed.got, (int64_t)text.len,
			"the other side got it all");
	}
}

static void
test_compressed_news(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct deflate *pair;
	enum wire_event event;
	struct slice line;
	int peer;
	struct wire *wire CLEANUP(wire_freep) = pair_open(NULL, &peer);

	strbuf_init(&out, 100000);
	if (!deflate_new(&pair, &err) || !wire_start_deflate(wire, &err) ||
		!deflate_compress(pair, SLICE("* 1 EXISTS\r\n"), &out, &err))
		abort();
	send_all(peer, out.data, 1);
	ok(wire_wait(wire, -1, clock_mono_us() + 30 * MS, &event, &err) &&
			event == WIRE_TIMEOUT,
		"half a block is not news");
	send_all(peer, out.data + 1, out.len - 1);
	ok(wire_wait(wire, -1, -1, &event, &err) && event == WIRE_DATA &&
			wire_read_line(wire, 100, &line, &err) &&
			slice_eq(line, SLICE("* 1 EXISTS")),
		"the whole is");
	send_all(peer, "\xff\xff\xff\xff\xff\xff", 6);
	ok(!wire_fill(wire, &err) && err.kind == ERR_PROTOCOL,
		"damaged data are an error");
	deflate_free(pair);
	close(peer);
}

/* A gigabyte of nothing, packed a thousandfold. */
static void
talk_bomb(int fd, void *ctx)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct deflate *pair;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	char *zeros CLEANUP(freep) = xcalloc(1, 1000000);

	(void)ctx;
	if (!deflate_new(&pair, &err))
		abort();
	strbuf_init(&out, 1000000);
	for (int i = 0; i < 1000; i++) {
		strbuf_reset(&out);
		if (!deflate_compress(
			    pair, slice_make(zeros, 1000000), &out, &err))
			abort();
		if (send(fd, out.data, out.len, MSG_NOSIGNAL) < 0)
			break;
	}
	deflate_free(pair);
}

static void
test_bomb(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct peer peer;
	struct endpoint endpoint;
	struct wire *wire;
	size_t total = 0;

	peer_start(&peer, talk_bomb, NULL);
	endpoint = peer_endpoint(&peer, SECURITY_CLEAR);
	wire = wire_new(&endpoint, NULL, TRACE_NONE);
	if (!wire_connect(wire, &err) || !wire_start_deflate(wire, &err))
		abort();
	while (wire_fill(wire, &err)) {
		total += wire_peek(wire).len;
		wire_drop(wire, wire_peek(wire).len);
	}
	ok(err.kind == ERR_LIMIT && total < 2 * DEFLATE_WINDOW,
		"a bomb is put out");
	wire_free(wire);
	peer_stop(&peer);
}

/* --- libetpan ---------------------------------------------------------- */

static void
talk_pop3(int fd, void *ctx)
{
	char bytes[100];

	(void)ctx;
	send_all(fd, "+OK hello\r\n", 11);
	for (int i = 0; i < 2; i++) { /* USER, PASS */
		if (recv(fd, bytes, sizeof(bytes), 0) <= 0)
			return;
		send_all(fd, "+OK\r\n", 5);
	}
	if (recv(fd, bytes, sizeof(bytes), 0) <= 0)
		return;
	send_all(fd, "+OK 2 messages\r\n1 1", 19);
}

static void
test_library(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct peer peer;
	struct endpoint endpoint;
	struct wire *wire;
	mailpop3 *pop3 = mailpop3_new(0, NULL);
	carray *list = NULL;
	int r;

	peer_start(&peer, talk_pop3, NULL);
	endpoint = peer_endpoint(&peer, SECURITY_CLEAR);
	wire = wire_new(&endpoint, NULL, TRACE_POP3);
	if (!wire_connect(wire, &err))
		abort();
	is_int(mailpop3_connect(pop3, wire_stream(wire)), MAILPOP3_NO_ERROR,
		"libetpan greets over a wire");
	is_int(mailpop3_user(pop3, "ann"), MAILPOP3_NO_ERROR, "and talks");
	is_int(mailpop3_pass(pop3, "x"), MAILPOP3_NO_ERROR, "and logs in");
	r = mailpop3_list(pop3, &list);
	ok(r == MAILPOP3_ERROR_STREAM || r == MAILPOP3_ERROR_CANT_LIST,
		"and comes back when the server is gone (%d)", r);
	is_int(wire_error(wire)->kind, ERR_OFFLINE, "the wire knows why");
	mailpop3_free(pop3);
	wire_free(wire);
	peer_stop(&peer);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_lines();
	test_long_lines();
	test_sticky();
	test_fail();
	test_unconnected();
	test_deadlines();
	test_progress();
	test_cancel();
	test_dial();
	test_resolve();
	test_no_deadlock();
	test_wait();
	test_replace();
	test_compression();
	test_compressed_news();
	test_bomb();
	test_library();
	return tap_done();
}
