/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TCP connection to a name.  All its addresses get a try, each begun a
 * moment after the one before or as soon as that fails, and the first that
 * answers wins (RFC 8305): a network where IPv6 leads nowhere costs that
 * moment, not the deadline.
 *
 * Threads: any.
 */
#ifndef TERCET_NET_DIAL_H
#define TERCET_NET_DIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/thread.h"
#include "net/resolve.h"

enum { DIAL_STAGGER_MS = 250 };

/* The descriptor is non-blocking, close-on-exec and the caller's. */
MUST_CHECK bool dial(const char *host, uint16_t port, int64_t deadline_us,
	struct cancel *cancel, int *ret_fd, struct error *err);
/* The same for addresses that are known; `host` is for sentences. */
MUST_CHECK bool dial_addresses(const char *host, uint16_t port,
	const struct host_addresses *addresses, int64_t deadline_us,
	struct cancel *cancel, int *ret_fd, struct error *err);

#endif /* TERCET_NET_DIAL_H */
