/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what the configuration says of a server to what net/ wants to know. */
#ifndef TERCET_SYNC_SERVER_H
#define TERCET_SYNC_SERVER_H

#include "config/account.h"
#include "net/endpoint.h"

/*
 * Where one of the account's servers is and how it proves itself.  The caller
 * clears it; the URL names a host.
 */
void server_endpoint(const struct account_config *account,
	const struct config_url *url, struct endpoint *ret_endpoint);

#endif /* TERCET_SYNC_SERVER_H */
