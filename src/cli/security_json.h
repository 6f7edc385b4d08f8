/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a message says of its origin and its seals, as JSON. */
#ifndef TERCET_CLI_SECURITY_JSON_H
#define TERCET_CLI_SECURITY_JSON_H

#include "base/slice.h"
#include "cli/json.h"
#include "mail/part.h"

/*
 * The key "security" and its object: what the server `trusted` (NULL: none)
 * found in its Authentication-Results (RFC 8601), and which parts are
 * signatures or encrypted.  Nothing of the latter is verified here.
 */
void json_put_security(struct json *json, struct slice header,
	const struct part_tree *parts, const char *trusted);

#endif /* TERCET_CLI_SECURITY_JSON_H */
