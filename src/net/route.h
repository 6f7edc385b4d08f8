/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether and when the machine's routes change (rtnetlink(7)). */
#ifndef TERCET_NET_ROUTE_H
#define TERCET_NET_ROUTE_H

#include <stdbool.h>

/* A descriptor that is readable after addresses or routes changed; -1 where
 * the system does not tell.  Close it with close(). */
int route_watch_open(void);
/* Forgets the changes that were told. */
void route_watch_drain(int fd);
/* Whether there is a route to the world, or `host` needs none (loopback). */
bool route_exists(const char *host);

#endif /* TERCET_NET_ROUTE_H */
