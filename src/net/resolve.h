/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Host names to addresses, with a deadline.
 *
 * The C library's lookup cannot be stopped, so it runs in a thread of its own
 * that outlives an impatient caller and cleans up after itself.
 *
 * Threads: any.
 */
#ifndef TERCET_NET_RESOLVE_H
#define TERCET_NET_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/thread.h"

enum { HOST_ADDRESSES_MAX = 8, HOST_NAME_MAX_BYTES = 253 };

struct host_addresses {
	struct host_address {
		struct sockaddr_storage sockaddr;
		socklen_t len;
	} items[HOST_ADDRESSES_MAX];
	size_t n; /* at least one after a lookup */
};

/*
 * The addresses of `host` (name or address) in the order to try them: as the
 * system prefers them, but IPv6 and IPv4 in turn (RFC 8305 4).  Waits until the
 * clock_mono_us() deadline at most, and not after `cancel` (may be NULL) fires.
 */
MUST_CHECK bool resolve(const char *host, uint16_t port, int64_t deadline_us,
	struct cancel *cancel, struct host_addresses *ret_addresses,
	struct error *err);

#endif /* TERCET_NET_RESOLVE_H */
