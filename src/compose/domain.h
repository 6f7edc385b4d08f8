/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses as the wire wants them (RFC 5321, 5890, 6531): a domain with
 * letters beyond ASCII in its xn-- form, by libidn2.  A local part with such
 * letters has no other form: then the whole address stays UTF-8, and the server
 * must take that.
 */
#ifndef TERCET_COMPOSE_DOMAIN_H
#define TERCET_COMPOSE_DOMAIN_H

#include <stdbool.h>

#include "base/error.h"

/*
 * The address for envelope and header; the caller frees.  `*ret_utf8` is set,
 * never cleared, where it needs SMTPUTF8.  ERR_INVALID: it has no local part or
 * domain, holds what no address may, or its domain cannot be one.
 */
MUST_CHECK bool address_to_wire(const char *address, char **ret_wire,
	bool *ret_utf8, struct error *err);
/* Behind the last @; NULL without one. */
const char *address_domain(const char *address);

#endif /* TERCET_COMPOSE_DOMAIN_H */
