/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A server that follows a script, in a thread of its own, on a free loopback
 * port.  One step a line:
 *
 *   C %T NOOP      the client's next line; %T takes its tag, and a '*' at the
 *                  end stands for whatever follows; "C *" takes the tag too,
 *                  "C ?" takes any line and no tag
 *   S %T OK done   sent with CRLF; '|' is a CRLF within it
 *   R text         sent without CRLF
 *   W 200          waits that many milliseconds
 *   X              closes
 *
 * At the end of the script it reads until the client closes.
 */
#ifndef TERCET_TESTS_NET_SCRIPT_H
#define TERCET_TESTS_NET_SCRIPT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "base/thread.h"

enum { SCRIPT_PATIENCE_MS = 5000 };

struct script_server {
	int listening;
	int fd;
	uint16_t port;
	const char *script;
	struct thread *thread;
	struct strbuf in;
	char tag[32];
	char problem[300]; /* what the client said instead; "" when all is well
			    */
};

static bool
script_read(struct script_server *server)
{
	struct pollfd poll_fd = { .fd = server->fd, .events = POLLIN };
	char buf[4096];
	ssize_t n;

	if (poll(&poll_fd, 1, SCRIPT_PATIENCE_MS) <= 0)
		return false;
	n = recv(server->fd, buf, sizeof(buf), 0);
	return n > 0 && strbuf_add(&server->in, buf, (size_t)n);
}

/* The client's next line without CRLF; "" when there is none. */
static char *
script_line(struct script_server *server)
{
	char *line;
	size_t end;

	for (;;) {
		end = slice_find(strbuf_slice(&server->in), '\n');
		if (end < server->in.len)
			break;
		if (!script_read(server))
			return xstrdup("(nothing)");
	}
	line = xmemdup0(server->in.data,
		end > 0 && server->in.data[end - 1] == '\r' ? end - 1 : end);
	strbuf_drop(&server->in, end + 1);
	return line;
}

static bool
script_expect(struct script_server *server, const char *want)
{
	char *line = script_line(server);
	const char *got = line;
	size_t n;
	bool good;

	if (strcmp(want, "?") == 0)
		want = "*";
	else if (strcmp(want, "*") == 0)
		want = "%T *";
	if (strncmp(want, "%T ", 3) == 0) {
		n = strcspn(line, " ");
		snprintf(
			server->tag, sizeof(server->tag), "%.*s", (int)n, line);
		want += 3;
		got = line[n] ? line + n + 1 : line + n;
	}
	n = strlen(want);
	if (n > 0 && want[n - 1] == '*')
		good = strncmp(got, want, n - 1) == 0;
	else
		good = strcmp(got, want) == 0;
	if (!good && !server->problem[0])
		snprintf(server->problem, sizeof(server->problem),
			"said \"%s\" instead of \"%s\"", line, want);
	free(line);
	return good;
}

static void
script_send(struct script_server *server, const char *text, bool end)
{
	struct strbuf out;

	strbuf_init(&out, 1 << 20);
	for (; *text; text++) {
		if (strncmp(text, "%T", 2) == 0) {
			strbuf_add_str(&out, server->tag);
			text++;
		} else if (*text == '|') {
			strbuf_add_str(&out, "\r\n");
		} else {
			strbuf_add_char(&out, *text);
		}
	}
	if (end)
		strbuf_add_str(&out, "\r\n");
	(void)!send(server->fd, out.data, out.len, MSG_NOSIGNAL);
	strbuf_clear(&out);
}

static bool
script_step(struct script_server *server, const char *step)
{
	switch (step[0]) {
	case 'C':
		return script_expect(server, step + 2);
	case 'S':
		script_send(server, step + 2, true);
		return true;
	case 'R':
		script_send(server, step + 2, false);
		return true;
	case 'W':
		usleep((useconds_t)strtoul(step + 2, NULL, 10) * 1000);
		return true;
	default:
		return false;
	}
}

static void
script_run(void *arg)
{
	struct script_server *server = arg;
	struct slice rest = slice_str(server->script);
	struct pollfd poll_fd = { .fd = server->listening, .events = POLLIN };
	struct slice line;
	bool going = true, closes = false;

	if (poll(&poll_fd, 1, SCRIPT_PATIENCE_MS) <= 0)
		return;
	server->fd = accept(server->listening, NULL, NULL);
	while (going && slice_next_line(&rest, &line)) {
		char *step = xmemdup0(line.data, line.len);

		closes = step[0] == 'X';
		going = script_step(server, step);
		free(step);
	}
	while (!closes && script_read(server))
		;
	close(server->fd);
}

static void
script_start(struct script_server *server, const char *script)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);
	struct error err = ERROR_INIT;

	*server = (struct script_server){ .script = script, .fd = -1 };
	strbuf_init(&server->in, 1 << 20);
	server->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(server->listening, (struct sockaddr *)&address,
		    sizeof(address)) != 0 ||
		listen(server->listening, 1) != 0 ||
		getsockname(server->listening, (struct sockaddr *)&address,
			&len) != 0 ||
		!thread_start(
			"script", script_run, server, &server->thread, &err)) {
		printf("Bail out! no loopback server\n");
		exit(1);
	}
	server->port = ntohs(address.sin_port);
}

/* The client has closed; false when it did not say what the script has. */
static bool
script_stop(struct script_server *server)
{
	thread_join(server->thread);
	close(server->listening);
	strbuf_clear(&server->in);
	return !server->problem[0];
}

#endif /* TERCET_TESTS_NET_SCRIPT_H */
