/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/route.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/slice.h"

int
route_watch_open(void)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE |
			     RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		NETLINK_ROUTE);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void
route_watch_drain(int fd)
{
	char bytes[8192];

	while (fd >= 0 && recv(fd, bytes, sizeof(bytes), 0) > 0)
		continue;
}

/* Connecting a datagram socket sends nothing, but asks the routing table.
 * The addresses are of the documentation ranges (RFC 5737, RFC 3849). */
static bool
can_reach(int family, const void *address, socklen_t len)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool reached;

	if (fd < 0)
		return false;
	reached = connect(fd, address, len) == 0;
	close(fd);
	return reached;
}

bool
route_exists(const char *host)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons(993) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(993) };

	if (!host || ascii_eq_nocase(host, "localhost") ||
		slice_starts(slice_str(host), SLICE("127.")) ||
		slice_eq(slice_str(host), SLICE("::1")))
		return true;
	inet_pton(AF_INET, "192.0.2.1", &v4.sin_addr);
	inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr);
	return can_reach(AF_INET, &v4, sizeof(v4)) ||
	       can_reach(AF_INET6, &v6, sizeof(v6));
}
