/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that says what it is told, and hears nothing. */
#ifndef TERCET_TESTS_FUZZ_SERVER_H
#define TERCET_TESTS_FUZZ_SERVER_H

#include "net/wire.h"

/* What is longer is left out. */
enum { SERVER_SAY_MAX = 64 * 1024 };

struct fuzz_server {
	struct wire *wire; /* ours */
	int fd;            /* the server's, open to fuzz_server_close() */
};

struct fuzz_server fuzz_server_open(enum trace_protocol protocol);
void fuzz_server_say(const struct fuzz_server *server, struct slice bytes);
/* Says no more. */
void fuzz_server_end(const struct fuzz_server *server);
void fuzz_server_close(struct fuzz_server *server);

#endif /* TERCET_TESTS_FUZZ_SERVER_H */
