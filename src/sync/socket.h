/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * engine.sock: how processes that share a store talk.  The one that holds
 * engine.lock runs the engine and listens; the others send it what their
 * interface asks for, and hear its events.  Both go as lines of text; nothing
 * that must survive travels here, since the store has that.
 *
 * The socket is 0600 in the store's directory; a peer of another user is not
 * listened to.
 */
#ifndef TERCET_SYNC_SOCKET_H
#define TERCET_SYNC_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/queue.h"
#include "sync/command.h"
#include "sync/event.h"

/* A command with the account it is for (0: all), as it crosses the socket. */
struct request {
	struct link link;
	int64_t account;
	struct command *command; /* owned; NULL once taken */
};

struct request *request_new(int64_t account, struct command *command);
void request_free(struct request *request);
extern const struct queue_ops request_queue_ops;

/* Gives the requests that tell of what a call of journal.h did; `take` owns
 * each. */
struct journal_done;
void requests_of_act(const struct journal_done *done,
	void (*take)(void *ctx, struct request *request), void *ctx);

/* --- the engine's side --------------------------------------------------- */

struct hub;

/* Takes over `lock_fd` (of engine.lock), held until hub_free(). */
struct hub *hub_new(const char *dir, int lock_fd);
/*
 * Starts the thread that listens; where it cannot, the others do without us.
 * `obey` is called there with each request, until hub_stop().
 */
MUST_CHECK bool hub_start(struct hub *hub,
	void (*obey)(void *ctx, struct request *request), void *ctx,
	struct error *err);
/* Ends the thread and removes the socket. */
void hub_stop(struct hub *hub);
/* Lets go of the lock.  NULL is fine. */
void hub_free(struct hub *hub);
/* Tells everybody connected.  Any thread; copies. */
void hub_tell(struct hub *hub, const struct event *event);

/* --- the others' side ---------------------------------------------------- */

struct follower;

/*
 * Starts a thread that connects, pushes the engine's events to `events` and
 * sends requests.  When the engine has gone and this process got the lock, it
 * pushes EVENT_ENGINE_IS_OURS and ends; follower_take_lock() then gives the
 * lock, and follower_take_request() what could not be sent.  The same event
 * with account 0 says that another process has become the engine.
 */
MUST_CHECK bool follower_start(const char *dir, struct queue *events,
	struct follower **ret_follower, struct error *err);
/* Takes the request. */
void follower_send(struct follower *follower, struct request *request);
int follower_take_lock(struct follower *follower);
/* The caller frees; NULL when there is none. */
struct request *follower_take_request(struct follower *follower);
void follower_stop(struct follower *follower);

/* engine.lock of the store in `dir`: `*ret_fd` -1 when another has it. */
MUST_CHECK bool engine_lock(const char *dir, int *ret_fd, struct error *err);

#endif /* TERCET_SYNC_SOCKET_H */
