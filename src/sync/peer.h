/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What both ends of engine.sock do: lines to and from a process on the same
 * store, through buffers with limits.
 *
 * Threads: a peer belongs to one thread.
 */
#ifndef TERCET_SYNC_PEER_H
#define TERCET_SYNC_PEER_H

#include <stdbool.h>
#include <sys/un.h>

#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"

enum {
	/* What may wait for a peer that does not read; beyond it lines are
	 * dropped for that peer: it will look at the store again anyway. */
	PEER_OUT_MAX = 1024 * 1024,
};

struct peer {
	int fd; /* -1: none */
	struct strbuf in;
	struct strbuf out;
};

/* Where engine.sock of the store in `dir` is: through a descriptor of the
 * directory, to be closed after use, since its path may be longer than a
 * socket's can be. */
MUST_CHECK bool peer_address(const char *dir, struct sockaddr_un *ret_address,
	int *ret_dir_fd, struct error *err);
/* False: nobody listens there. */
MUST_CHECK bool peer_connect(struct peer *peer, const char *dir);
/* Takes the descriptor. */
void peer_open(struct peer *peer, int fd);
void peer_close(struct peer *peer);
bool peer_is_same_user(int fd);

/* The whole line or nothing of it. */
void peer_add(struct peer *peer, const struct strbuf *line);
/* Sends what it takes without waiting; false when the peer has gone. */
MUST_CHECK bool peer_send(struct peer *peer);
/* Reads what is there and hands on whole lines; false when the peer has gone
 * or sends no lines. */
MUST_CHECK bool peer_receive(struct peer *peer,
	void (*line)(void *ctx, struct slice line), void *ctx);

#endif /* TERCET_SYNC_PEER_H */
