/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logging in: which SASL mechanism, and its dialogue (RFC 4422), for every
 * protocol.  PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER are our own; SCRAM-SHA-256
 * and CRAM-MD5 come from the SASL library, whose mechanisms are packaged apart
 * and may be missing.
 *
 * Threads: one exchange belongs to one thread.
 */
#ifndef TERCET_NET_AUTH_H
#define TERCET_NET_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "net/endpoint.h"

enum mechanism {
	MECHANISM_NONE,
	MECHANISM_COMMAND, /* the protocol's own: LOGIN, USER and PASS */
	MECHANISM_PLAIN,
	MECHANISM_LOGIN,
	MECHANISM_CRAM_MD5,
	MECHANISM_SCRAM_SHA_256,
	MECHANISM_XOAUTH2,
	MECHANISM_OAUTHBEARER,
	MECHANISMS,
};

enum {
	AUTH_SECRET_MAX = 64 * 1024, /* tokens can be long */
	AUTH_LINE_MAX = 4 * AUTH_SECRET_MAX,
};

/* 1 << mechanism for SASL's name of one ("SCRAM-SHA-256"), any case; else 0. */
uint32_t auth_mechanism_bit(struct slice sasl_name);
/* SASL's name; "" for those that have none. */
const char *auth_mechanism_name(enum mechanism mechanism);

/*
 * Chooses from `offered` (bits) by what the account wants: "auto", "plain",
 * "login" (SASL's, else the command), "cram-md5", "scram-sha-256", "xoauth2",
 * "oauthbearer".
 *
 * Secrets go over the line readable only when it is encrypted or the endpoint
 * says SECURITY_CLEAR, whatever is wanted (ERR_UNTRUSTED).  `auto` then takes
 * PLAIN, which needs one round trip, where encrypted, and the least revealing
 * one where not; never a token mechanism.  ERR_LOGIN when nothing fits or the
 * mechanism is not installed here.  Errors are half sentences: callers put
 * what failed in front.
 */
MUST_CHECK bool auth_choose(const char *wanted, uint32_t offered,
	bool encrypted, const struct endpoint *endpoint,
	enum mechanism *ret_mechanism, struct error *err);

struct auth; /* one exchange */

/* `service` is "imap", "pop" or "smtp"; the secret is copied and wiped. */
MUST_CHECK bool auth_begin(enum mechanism mechanism, const char *service,
	const struct endpoint *endpoint, const char *secret,
	struct auth **ret_auth, struct error *err);
void auth_end(struct auth *auth);
void auth_endp(struct auth **auth);
/* The client has something to say first: an initial response. */
bool auth_speaks_first(const struct auth *auth);
/*
 * The answer to a challenge, both in base64 without line ends; the initial
 * response for an empty challenge at the first call.  ERR_PROTOCOL for a
 * challenge that does not fit; the exchange is then to be cancelled ("*").
 */
MUST_CHECK bool auth_answer(struct auth *auth, struct slice challenge,
	struct strbuf *out, struct error *err);
/*
 * Whether the dialogue came to its end.  A server that says OK before, so that
 * SCRAM-SHA-256 has not proved that it knows the password, is not the one.
 */
bool auth_is_done(const struct auth *auth);
/* What the server sent as the reason for refusing a token, inert; or NULL. */
const char *auth_reason(const struct auth *auth);

/* Wipes, then clears; for CLEANUP() too. */
void strbuf_clear_secret(struct strbuf *buf);

#endif /* TERCET_NET_AUTH_H */
