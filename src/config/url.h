/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Server URLs: scheme://[user@]host[:port], the user percent-encoded, an IPv6
 * address in brackets.  A path or a password is refused.
 */
#ifndef TERCET_CONFIG_URL_H
#define TERCET_CONFIG_URL_H

#include "base/attr.h"
#include "base/error.h"
#include "config/account.h"

/*
 * `protocol` is "imap", "pop3" or "smtp"; its own scheme, the same with s and
 * with +insecure are accepted.  ERR_INVALID says what is wrong, without a
 * place.
 */
MUST_CHECK bool url_parse(const char *text, const char *protocol,
	struct config_url *ret_url, struct error *err);
void url_clear(struct config_url *url);

#endif /* TERCET_CONFIG_URL_H */
