/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/refcount.h"

/* Shared by who asks and the thread that looks; the last one frees it. */
struct lookup {
	struct refcount count;
	char *host;
	char port[8];
	int done_fd; /* readable when the rest is filled in */
	int failed;  /* EAI_* */
	int errnum;  /* with EAI_SYSTEM */
	struct addrinfo *found;
};

static void
lookup_unref(struct lookup *lookup)
{
	if (!refcount_less(&lookup->count))
		return;
	if (lookup->found)
		freeaddrinfo(lookup->found);
	if (lookup->done_fd >= 0)
		close(lookup->done_fd);
	free(lookup->host);
	free(lookup);
}

static void
look_up(struct lookup *lookup, int flags)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = flags | AI_NUMERICSERV,
	};

	lookup->failed =
		getaddrinfo(lookup->host, lookup->port, &hints, &lookup->found);
	lookup->errnum = errno;
	if (lookup->failed)
		lookup->found = NULL;
}

static void
lookup_thread(void *arg)
{
	struct lookup *lookup = arg;
	uint64_t one = 1;

	look_up(lookup, 0);
	if (write(lookup->done_fd, &one, sizeof(one)) < 0)
		lookup->errnum = errno; /* the caller's deadline ends it */
	lookup_unref(lookup);
}

static const struct addrinfo *
next_of_family(const struct addrinfo *at, int family, bool same)
{
	while (at && (at->ai_family == family) != same)
		at = at->ai_next;
	return at;
}

/* The two families in turn, beginning with the one preferred. */
static void
interleave(const struct addrinfo *found, struct host_addresses *addresses)
{
	int first = found->ai_family;
	const struct addrinfo *here = found;
	const struct addrinfo *there = next_of_family(found, first, false);

	addresses->n = 0;
	while ((here || there) && addresses->n < HOST_ADDRESSES_MAX) {
		const struct addrinfo **turn =
			(here && addresses->n % 2 == 0) || !there ? &here
								  : &there;
		const struct addrinfo *it = *turn;
		struct host_address *address;

		*turn = next_of_family(it->ai_next, first, turn == &here);
		if (it->ai_addrlen > sizeof(address->sockaddr))
			continue;
		address = &addresses->items[addresses->n++];
		memcpy(&address->sockaddr, it->ai_addr, it->ai_addrlen);
		address->len = it->ai_addrlen;
	}
}

static bool
lookup_result(const struct lookup *lookup, struct host_addresses *ret_addresses,
	struct error *err)
{
	struct host_addresses addresses = { .n = 0 };

	if (lookup->failed == EAI_SYSTEM)
		return error_set_errno(err, ERR_OFFLINE, lookup->errnum,
			_("The address of %s cannot be found"), lookup->host);
	if (lookup->failed == EAI_NONAME)
		return error_set(err, ERR_OFFLINE,
			_("There is no host with the name %s"), lookup->host);
	if (lookup->failed)
		return error_set(err, ERR_OFFLINE,
			_("The address of %s cannot be found: %s"),
			lookup->host, gai_strerror(lookup->failed));
	interleave(lookup->found, &addresses);
	if (addresses.n == 0)
		return error_set(err, ERR_OFFLINE,
			_("There is no host with the name %s"), lookup->host);
	*ret_addresses = addresses;
	return true;
}

static bool
check_host(const char *host, struct error *err)
{
	size_t len = host ? strlen(host) : 0;

	if (len == 0 || len > HOST_NAME_MAX_BYTES)
		return error_set(err, ERR_INVALID, _("That is no host name"));
	for (size_t i = 0; i < len; i++) {
		if (ascii_is_control(host[i]) || host[i] == ' ')
			return error_set(
				err, ERR_INVALID, _("That is no host name"));
	}
	return true;
}

static struct lookup *
lookup_new(const char *host, uint16_t port)
{
	struct lookup *lookup = xnew(struct lookup);

	refcount_init(&lookup->count);
	lookup->host = xstrdup(host);
	snprintf(lookup->port, sizeof(lookup->port), "%u", port);
	lookup->done_fd = -1;
	return lookup;
}

/* In a thread of its own, since it may take as long as it likes. */
static bool
lookup_wait(struct lookup *lookup, int64_t deadline_us, struct cancel *cancel,
	struct error *err)
{
	struct thread *thread = NULL;
	uint64_t done;
	int fds[2];

	lookup->done_fd = eventfd(0, EFD_CLOEXEC);
	if (lookup->done_fd < 0)
		return error_set_errno(err, ERR_OFFLINE, errno,
			_("The address of %s cannot be found"), lookup->host);
	refcount_more(&lookup->count);
	if (!thread_start("lookup", lookup_thread, lookup, &thread, err)) {
		lookup_unref(lookup);
		return false;
	}
	thread_detach(thread);
	fds[0] = cancel ? cancel->fd : -1;
	fds[1] = lookup->done_fd;
	switch (thread_wait(fds, 2, deadline_us)) {
	case 0:
		return error_set(err, ERR_CANCELLED, _("Cancelled"));
	case 1:
		/* Reading orders what the thread wrote before what we read. */
		if (read(lookup->done_fd, &done, sizeof(done)) < 0)
			lookup->errnum = errno;
		return true;
	default:
		return error_set(err, ERR_OFFLINE,
			_("The address of %s was not found in time"),
			lookup->host);
	}
}

bool
resolve(const char *host, uint16_t port, int64_t deadline_us,
	struct cancel *cancel, struct host_addresses *ret_addresses,
	struct error *err)
{
	struct lookup *lookup;
	bool ok = true;

	if (!check_host(host, err))
		return false;
	lookup = lookup_new(host, port);
	look_up(lookup, AI_NUMERICHOST);
	if (lookup->failed)
		ok = lookup_wait(lookup, deadline_us, cancel, err);
	ok = ok && lookup_result(lookup, ret_addresses, err);
	lookup_unref(lookup);
	return ok;
}
