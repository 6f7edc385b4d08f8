/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/server.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bug.h"

struct fuzz_server
fuzz_server_open(enum trace_protocol protocol)
{
	static const struct endpoint endpoint = {
		.host = (char *)"mail.example",
		.port = 143,
		.security = SECURITY_CLEAR,
	};
	struct fuzz_server server = { .wire = wire_new(
					      &endpoint, NULL, protocol) };
	struct error err = ERROR_INIT;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		abort();
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	if (!wire_adopt(server.wire, fds[0], &err))
		BUG(err.text);
	server.fd = fds[1];
	return server;
}

void
fuzz_server_say(const struct fuzz_server *server, struct slice bytes)
{
	bytes = slice_head(bytes, SERVER_SAY_MAX);
	if (bytes.len > 0)
		(void)!write(server->fd, bytes.data, bytes.len);
}

void
fuzz_server_end(const struct fuzz_server *server)
{
	shutdown(server->fd, SHUT_WR);
}

void
fuzz_server_close(struct fuzz_server *server)
{
	wire_free(server->wire);
	close(server->fd);
}
