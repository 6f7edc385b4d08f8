/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a message says of its origin and its seals, as JSON. */
#ifndef TERCET_CLI_SECURITY_JSON_H
#define TERCET_CLI_SECURITY_JSON_H

#include "base/slice.h"
#include "cli/json.h"
#include "store/message.h"

/*
 * The key "security" and its object: what the servers in `trusted` (NULL: none)
 * found in their Authentication-Results (RFC 8601) and what follows from that,
 * which parts are signatures or encrypted, none of them verified, and
 * warnings.
 */
void json_put_security(struct json *json, struct slice header,
	const struct message *message, const char *trusted);

#endif /* TERCET_CLI_SECURITY_JSON_H */
