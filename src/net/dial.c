/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"

enum {
	KEEP_IDLE_S = 120, /* a silent connection is probed after this ... */
	KEEP_INTERVAL_S = 30,
	KEEP_COUNT = 4, /* ... and given up after so many probes */
};

/* Tries under way: one descriptor an address, -1 when not begun or failed. */
struct race {
	const struct host_addresses *addresses;
	int fds[HOST_ADDRESSES_MAX];
	size_t begun;
	size_t running;
	int64_t next_us; /* when the next one may begin */
	int errnum;      /* of the failure worth telling */
};

static void
set_option(int fd, int level, int name, int value)
{
	/* Niceties: a system without them still connects. */
	(void)setsockopt(fd, level, name, &value, sizeof(value));
}

static void
race_failed(struct race *race, size_t i, int errnum)
{
	if (race->fds[i] >= 0) {
		close(race->fds[i]);
		race->fds[i] = -1;
		race->running--;
	}
	/* A refusal says more than a missing route. */
	if (race->errnum == 0 || race->errnum == ENETUNREACH ||
		race->errnum == EADDRNOTAVAIL || errnum == ECONNREFUSED)
		race->errnum = errnum;
	race->next_us = 0;
}

/* Begins the next try; true when it is connected already. */
static bool
race_begin(struct race *race, int64_t now)
{
	size_t i = race->begun++;
	const struct host_address *to = &race->addresses->items[i];
	int fd = socket(to->sockaddr.ss_family,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	race->next_us = now + (int64_t)DIAL_STAGGER_MS * 1000;
	if (fd < 0) {
		race_failed(race, i, errno);
		return false;
	}
	race->fds[i] = fd;
	race->running++;
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL_S);
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEP_COUNT);
	if (connect(fd, (const struct sockaddr *)&to->sockaddr, to->len) == 0)
		return true;
	if (errno != EINPROGRESS && errno != EINTR)
		race_failed(race, i, errno);
	return false;
}

static int
take_winner(struct race *race, size_t i)
{
	int fd = race->fds[i];

	race->fds[i] = -1;
	return fd;
}

/* The descriptor that connected, or -1. */
static int
race_look(struct race *race, const struct pollfd *polls)
{
	for (size_t i = 0; i < race->begun; i++) {
		int failed = 0;
		socklen_t len = sizeof(failed);

		if (race->fds[i] < 0 || polls[i].revents == 0)
			continue;
		if (getsockopt(race->fds[i], SOL_SOCKET, SO_ERROR, &failed,
			    &len) != 0)
			failed = errno;
		if (failed == 0)
			return take_winner(race, i);
		race_failed(race, i, failed);
	}
	return -1;
}

/* Waits until something happens; the cancel flag stands last. */
static void
race_wait(struct race *race, int64_t until_us, struct cancel *cancel,
	struct pollfd polls[HOST_ADDRESSES_MAX + 1])
{
	for (size_t i = 0; i < HOST_ADDRESSES_MAX; i++) {
		polls[i] = (struct pollfd){
			.fd = race->fds[i],
			.events = POLLOUT,
		};
	}
	polls[HOST_ADDRESSES_MAX] = (struct pollfd){
		.fd = cancel ? cancel->fd : -1,
		.events = POLLIN,
	};
	if (poll(polls, HOST_ADDRESSES_MAX + 1, clock_poll_ms(until_us)) < 0) {
		for (size_t i = 0; i <= HOST_ADDRESSES_MAX; i++)
			polls[i].revents = 0;
	}
}

enum outcome {
	RACE_WON,
	RACE_LOST,
	RACE_CANCELLED,
};

static enum outcome
race_run(struct race *race, int64_t deadline_us, struct cancel *cancel,
	int *ret_fd)
{
	struct pollfd polls[HOST_ADDRESSES_MAX + 1];
	size_t n = race->addresses->n;

	for (;;) {
		int64_t now = clock_mono_us();
		int64_t until = deadline_us;

		if (cancel && cancel_is_fired(cancel))
			return RACE_CANCELLED;
		if (deadline_us >= 0 && now >= deadline_us)
			return RACE_LOST;
		if (race->begun < n && now >= race->next_us) {
			if (race_begin(race, now)) {
				*ret_fd = take_winner(race, race->begun - 1);
				return RACE_WON;
			}
			continue;
		}
		if (race->running == 0 && race->begun == n)
			return RACE_LOST;
		if (race->begun < n && (until < 0 || race->next_us < until))
			until = race->next_us;
		race_wait(race, until, cancel, polls);
		*ret_fd = race_look(race, polls);
		if (*ret_fd >= 0)
			return RACE_WON;
	}
}

static bool
explain(const char *host, uint16_t port, int errnum, struct error *err)
{
	switch (errnum) {
	case ECONNREFUSED:
		return error_set(err, ERR_OFFLINE,
			_("%s refuses connections on port %u"), host, port);
	case 0: /* the deadline came first */
	case ETIMEDOUT:
		return error_set(err, ERR_OFFLINE,
			_("%s does not answer on port %u"), host, port);
	case ENETUNREACH:
	case EHOSTUNREACH:
	case EADDRNOTAVAIL:
		return error_set(err, ERR_OFFLINE,
			_("There is no way to %s: no network, or it is down"),
			host);
	default:
		return error_set_errno(err, ERR_OFFLINE, errnum,
			_("Cannot connect to %s on port %u"), host, port);
	}
}

bool
dial_addresses(const char *host, uint16_t port,
	const struct host_addresses *addresses, int64_t deadline_us,
	struct cancel *cancel, int *ret_fd, struct error *err)
{
	struct race race = { .addresses = addresses };
	enum outcome outcome;
	int fd = -1;

	ASSERT(addresses->n > 0 && addresses->n <= HOST_ADDRESSES_MAX);
	for (size_t i = 0; i < HOST_ADDRESSES_MAX; i++)
		race.fds[i] = -1;
	outcome = race_run(&race, deadline_us, cancel, &fd);
	for (size_t i = 0; i < HOST_ADDRESSES_MAX; i++) {
		if (race.fds[i] >= 0)
			close(race.fds[i]);
	}
	switch (outcome) {
	case RACE_WON:
		*ret_fd = fd;
		return true;
	case RACE_LOST:
		return explain(host, port, race.errnum, err);
	case RACE_CANCELLED:
		return error_set(err, ERR_CANCELLED, _("Cancelled"));
	}
	UNREACHABLE();
}

bool
dial(const char *host, uint16_t port, int64_t deadline_us,
	struct cancel *cancel, int *ret_fd, struct error *err)
{
	struct host_addresses addresses;

	return resolve(host, port, deadline_us, cancel, &addresses, err) &&
	       dial_addresses(host, port, &addresses, deadline_us, cancel,
		       ret_fd, err);
}
