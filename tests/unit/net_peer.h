/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other side of a connection, for tests: a thread that talks by script. */
#ifndef TERCET_TESTS_NET_PEER_H
#define TERCET_TESTS_NET_PEER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/thread.h"
#include "net/endpoint.h"

struct peer {
	int listen_fd;
	uint16_t port;
	void (*talk)(int fd, void *ctx);
	void *ctx;
	struct thread *thread;
};

/* A listening socket on the loopback, at a free port. */
__attribute__((unused)) static int
peer_listen(int family, int backlog, uint16_t *ret_port)
{
	struct sockaddr_in6 address6 = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in address4 = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct sockaddr *address = family == AF_INET6
					   ? (struct sockaddr *)&address6
					   : (struct sockaddr *)&address4;
	socklen_t len =
		family == AF_INET6 ? sizeof(address6) : sizeof(address4);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, address, len) != 0 || listen(fd, backlog) != 0 ||
		getsockname(fd, address, &len) != 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*ret_port = ntohs(
		family == AF_INET6 ? address6.sin6_port : address4.sin_port);
	return fd;
}

__attribute__((unused)) static void
peer_run(void *arg)
{
	struct peer *peer = arg;
	int fd = accept(peer->listen_fd, NULL, NULL);

	if (fd < 0)
		return;
	peer->talk(fd, peer->ctx);
	close(fd);
}

/* Accepts one connection and talks on it. */
__attribute__((unused)) static void
peer_start(struct peer *peer, void (*talk)(int fd, void *ctx), void *ctx)
{
	struct error err = ERROR_INIT;

	*peer = (struct peer){ .talk = talk, .ctx = ctx };
	peer->listen_fd = peer_listen(AF_INET, 4, &peer->port);
	if (peer->listen_fd < 0 ||
		!thread_start("peer", peer_run, peer, &peer->thread, &err))
		abort();
}

__attribute__((unused)) static void
peer_stop(struct peer *peer)
{
	shutdown(peer->listen_fd, SHUT_RDWR);
	thread_join(peer->thread);
	close(peer->listen_fd);
}

__attribute__((unused)) static struct endpoint
peer_endpoint(const struct peer *peer, enum security security)
{
	return (struct endpoint){
		.host = (char *)"127.0.0.1",
		.port = peer->port,
		.security = security,
	};
}

__attribute__((unused)) static void
send_all(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		p += n;
		len -= (size_t)n;
	}
}

/* Reads and forgets until the other side closes. */
__attribute__((unused)) static void
read_to_end(int fd)
{
	char bytes[4096];

	while (recv(fd, bytes, sizeof(bytes), 0) > 0)
		;
}

/* Fires a cancel flag a while later. */
struct bomb {
	struct cancel *cancel;
	int delay_ms;
	struct thread *thread;
};

__attribute__((unused)) static void
bomb_run(void *arg)
{
	struct bomb *bomb = arg;

	usleep((useconds_t)bomb->delay_ms * 1000);
	cancel_fire(bomb->cancel);
}

__attribute__((unused)) static void
bomb_start(struct bomb *bomb, struct cancel *cancel, int delay_ms)
{
	struct error err = ERROR_INIT;

	*bomb = (struct bomb){ .cancel = cancel, .delay_ms = delay_ms };
	if (!thread_start("bomb", bomb_run, bomb, &bomb->thread, &err))
		abort();
}

#endif /* TERCET_TESTS_NET_PEER_H */
