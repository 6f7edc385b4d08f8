/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/thread.h"
#include "sync/engine.h"
#include "sync/line.h"
#include "sync/peer.h"
#include "sync/private.h"

enum {
	PEERS_MAX = 32,
	RETRY_US = 200000,
	NOTIFY_US = 500000,
};

bool
engine_lock(const char *dir, int *ret_fd, struct error *err)
{
	char *path CLEANUP(freep) = file_join(dir, "engine.lock");

	return file_lock(path, ret_fd, err);
}

/* --- requests ------------------------------------------------------------ */

struct request *
request_new(int64_t account, struct command *command)
{
	struct request *request = xnew(struct request);

	request->account = account;
	request->command = command;
	return request;
}

void
request_free(struct request *request)
{
	if (!request)
		return;
	command_free(request->command);
	free(request);
}

static void
request_free_link(struct link *item)
{
	request_free((struct request *)item);
}

const struct queue_ops request_queue_ops = { .free = request_free_link };

void
requests_of_act(const struct journal_done *done,
	void (*take)(void *ctx, struct request *request), void *ctx)
{
	/* Which folder is whose matters to nobody. */
	int64_t account = done->accounts.n == 1 ? done->accounts.items[0] : 0;

	for (size_t i = 0; i < done->accounts.n; i++)
		take(ctx, request_new(done->accounts.items[i],
				  command_new(COMMAND_WAKE)));
	for (size_t i = 0; i < done->folders.n; i++) {
		struct command *command = command_new(COMMAND_WAKE);

		command->folder = done->folders.items[i];
		take(ctx, request_new(account, command));
	}
}

/* --- the engine's side --------------------------------------------------- */

struct hub {
	/* set once before the thread starts */
	char *dir;
	int lock_fd;
	int listener;
	void (*obey)(void *ctx, struct request *request);
	void *ctx;
	struct queue *events;
	struct cancel stop;
	struct thread *thread;

	/* owned by the thread */
	struct peer peers[PEERS_MAX];
};

static void
hub_accept(struct hub *hub)
{
	int fd = accept4(
		hub->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		/* Out of descriptors, say: it stays readable. */
		thread_wait(&hub->stop.fd, 1, clock_mono_us() + RETRY_US);
		return;
	}
	for (size_t i = 0; i < PEERS_MAX && peer_is_same_user(fd); i++) {
		if (hub->peers[i].fd < 0) {
			peer_open(&hub->peers[i], fd);
			return;
		}
	}
	close(fd);
}

static void
hub_line(void *ctx, struct slice line)
{
	struct hub *hub = ctx;
	struct request *request = line_parse_request(line);

	if (!request)
		return;
	hub->obey(hub->ctx, request);
	request_free(request);
}

static void
hub_spread(struct hub *hub)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct link *item;

	strbuf_init(&line, LINE_MAX_BYTES);
	while ((item = queue_pop(hub->events)) != NULL) {
		strbuf_reset(&line);
		line_print_event((struct event *)item, &line);
		for (size_t i = 0; i < PEERS_MAX; i++) {
			if (hub->peers[i].fd >= 0)
				peer_add(&hub->peers[i], &line);
		}
		event_free((struct event *)item);
	}
}

static void
hub_serve(struct hub *hub, const struct pollfd *polls)
{
	for (size_t i = 0; i < PEERS_MAX; i++) {
		struct peer *peer = &hub->peers[i];

		if (peer->fd < 0)
			continue;
		if ((polls[i].revents && polls[i].fd == peer->fd &&
			    !peer_receive(peer, hub_line, hub)) ||
			!peer_send(peer))
			peer_close(peer);
	}
}

static void
hub_run(void *arg)
{
	struct hub *hub = arg;

	while (!cancel_is_fired(&hub->stop)) {
		struct pollfd polls[PEERS_MAX + 3];

		for (size_t i = 0; i < PEERS_MAX; i++)
			polls[i] = (struct pollfd){
				.fd = hub->peers[i].fd,
				.events =
					(short)(hub->peers[i].fd >= 0 &&
								hub->peers[i]
									.out.len
							? POLLIN | POLLOUT
							: POLLIN),
			};
		polls[PEERS_MAX] = (struct pollfd){ hub->stop.fd, POLLIN, 0 };
		polls[PEERS_MAX + 1] =
			(struct pollfd){ hub->listener, POLLIN, 0 };
		polls[PEERS_MAX + 2] =
			(struct pollfd){ queue_fd(hub->events), POLLIN, 0 };
		if (poll(polls, PEERS_MAX + 3, -1) < 0)
			continue;
		hub_spread(hub);
		hub_serve(hub, polls);
		if (polls[PEERS_MAX + 1].revents)
			hub_accept(hub);
	}
}

/* Without it the others have to do without us: what they show still comes from
 * the store. */
static bool
hub_listen(struct hub *hub, struct error *err)
{
	struct sockaddr_un address;
	int dir_fd CLEANUP(closep) = -1;
	int bound;

	if (!peer_address(hub->dir, &address, &dir_fd, err))
		return false;
	hub->listener =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (hub->listener < 0)
		return error_set_errno(
			err, ERR_LIMIT, errno, _("Cannot open a socket"));
	/* The lock says that nobody listens there any more; the directory's
	 * mode and the process's umask keep others out. */
	unlink(address.sun_path);
	bound = bind(
		hub->listener, (struct sockaddr *)&address, sizeof(address));
	if (bound == 0 && listen(hub->listener, PEERS_MAX) == 0)
		return true;
	error_set_errno(
		err, ERR_DISK, errno, _("Cannot listen in %s"), hub->dir);
	close(hub->listener);
	hub->listener = -1;
	return false;
}

struct hub *
hub_new(const char *dir, int lock_fd)
{
	struct hub *hub = xnew(struct hub);

	hub->dir = xstrdup(dir);
	hub->lock_fd = lock_fd;
	hub->listener = -1;
	hub->events = queue_new(&event_queue_ops);
	cancel_init(&hub->stop);
	for (size_t i = 0; i < PEERS_MAX; i++)
		hub->peers[i].fd = -1;
	return hub;
}

bool
hub_start(struct hub *hub, void (*obey)(void *ctx, struct request *request),
	void *ctx, struct error *err)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;

	hub->obey = obey;
	hub->ctx = ctx;
	if (!hub_listen(hub, &why))
		log_warning("engine", "%s", why.text);
	return thread_start("socket", hub_run, hub, &hub->thread, err);
}

void
hub_stop(struct hub *hub)
{
	struct sockaddr_un address;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int dir_fd CLEANUP(closep) = -1;

	cancel_fire(&hub->stop);
	thread_join(STEAL(hub->thread));
	for (size_t i = 0; i < PEERS_MAX; i++)
		peer_close(&hub->peers[i]);
	if (hub->listener >= 0 &&
		peer_address(hub->dir, &address, &dir_fd, &err))
		unlink(address.sun_path);
	closep(&hub->listener);
	hub->listener = -1;
}

void
hub_free(struct hub *hub)
{
	if (!hub)
		return;
	hub_stop(hub);
	closep(&hub->lock_fd);
	queue_free(hub->events);
	cancel_destroy(&hub->stop);
	free(hub->dir);
	free(hub);
}

void
hub_tell(struct hub *hub, const struct event *event)
{
	struct event *copy = xnew(struct event);

	*copy = *event;
	copy->link = (struct link){ 0 };
	copy->text = xstrdup_null(event->text);
	queue_push(hub->events, &copy->link);
}

/* --- the others' side ---------------------------------------------------- */

struct follower {
	/* set once before the thread starts */
	char *dir;
	struct queue *events; /* borrowed */
	struct queue *requests;
	struct cancel stop;
	struct thread *thread;

	/* the thread's; the taker's once the thread has ended */
	struct peer peer;
	int lock_fd;
	bool met; /* an engine was there before */
};

/* Another process runs the engine now, or this one is to. */
static void
follower_tell(struct follower *follower, bool ours)
{
	struct event *event = xnew(struct event);

	event->type = EVENT_ENGINE_IS_OURS;
	event->account = ours;
	queue_push(follower->events, &event->link);
}

static void
follower_line(void *ctx, struct slice line)
{
	struct follower *follower = ctx;
	struct event *event = line_parse_event(line);

	if (event)
		queue_push(follower->events, &event->link);
}

static void
follower_send_requests(struct follower *follower)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct link *item;

	strbuf_init(&line, LINE_MAX_BYTES);
	while ((item = queue_pop(follower->requests)) != NULL) {
		strbuf_reset(&line);
		line_print_request((struct request *)item, &line);
		peer_add(&follower->peer, &line);
		explicit_bzero(line.data, line.len); /* a password, perhaps */
		request_free((struct request *)item);
	}
}

/* Until the engine has gone, or we are to stop. */
static void
follower_talk(struct follower *follower)
{
	struct peer *peer = &follower->peer;
	bool there = true;

	while (there && !cancel_is_fired(&follower->stop)) {
		struct pollfd polls[] = {
			{ .fd = peer->fd,
				.events =
					(short)(peer->out.len ? POLLIN | POLLOUT
							      : POLLIN) },
			{ .fd = queue_fd(follower->requests),
				.events = POLLIN },
			{ .fd = follower->stop.fd, .events = POLLIN },
		};

		if (poll(polls, 3, -1) < 0)
			continue;
		follower_send_requests(follower);
		there = peer_send(peer);
		if (there && polls[0].revents)
			there = peer_receive(peer, follower_line, follower);
	}
	peer_close(peer);
}

static void
follower_run(void *arg)
{
	struct follower *follower = arg;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	while (!cancel_is_fired(&follower->stop)) {
		if (peer_connect(&follower->peer, follower->dir)) {
			if (follower->met)
				follower_tell(follower, false);
			follower->met = true;
			follower_talk(follower);
			continue;
		}
		if (engine_lock(follower->dir, &follower->lock_fd, &err) &&
			follower->lock_fd >= 0) {
			follower_tell(follower, true);
			return;
		}
		thread_wait(&follower->stop.fd, 1, clock_mono_us() + RETRY_US);
	}
}

bool
follower_start(const char *dir, struct queue *events,
	struct follower **ret_follower, struct error *err)
{
	struct follower *follower = xnew(struct follower);

	follower->dir = xstrdup(dir);
	follower->events = events;
	follower->requests = queue_new(&request_queue_ops);
	follower->peer.fd = -1;
	follower->lock_fd = -1;
	cancel_init(&follower->stop);
	if (!thread_start("follower", follower_run, follower, &follower->thread,
		    err)) {
		follower_stop(follower);
		return false;
	}
	*ret_follower = follower;
	return true;
}

void
follower_send(struct follower *follower, struct request *request)
{
	queue_push(follower->requests, &request->link);
}

int
follower_take_lock(struct follower *follower)
{
	int fd;

	thread_join(STEAL(follower->thread));
	fd = follower->lock_fd;
	follower->lock_fd = -1;
	return fd;
}

struct request *
follower_take_request(struct follower *follower)
{
	return (struct request *)queue_pop(follower->requests);
}

void
follower_stop(struct follower *follower)
{
	if (!follower)
		return;
	cancel_fire(&follower->stop);
	thread_join(follower->thread);
	peer_close(&follower->peer);
	closep(&follower->lock_fd);
	queue_free(follower->requests);
	cancel_destroy(&follower->stop);
	free(follower->dir);
	free(follower);
}

/* --- one message --------------------------------------------------------- */

static void
add_request(void *ctx, struct request *request)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&line, LINE_MAX_BYTES);
	line_print_request(request, &line);
	peer_add(ctx, &line);
	request_free(request);
}

bool
engine_notify(const char *dir, const struct journal_done *done)
{
	int64_t until = clock_mono_us() + NOTIFY_US;
	struct peer peer = { .fd = -1 };
	bool sent;

	if (!peer_connect(&peer, dir))
		return false;
	requests_of_act(done, add_request, &peer);
	while ((sent = peer_send(&peer)) && peer.out.len > 0 &&
		clock_mono_us() < until)
		thread_wait(NULL, 0, clock_mono_us() + NOTIFY_US / 100);
	peer_close(&peer);
	return sent;
}
