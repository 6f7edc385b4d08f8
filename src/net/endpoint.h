/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a server is and how its identity is proved: a value. */
#ifndef TERCET_NET_ENDPOINT_H
#define TERCET_NET_ENDPOINT_H

#include <stdint.h>

enum security {
	SECURITY_TLS,      /* from the first byte */
	SECURITY_STARTTLS, /* demanded: without it no session */
	SECURITY_CLEAR,    /* asked for by the user */
};

struct endpoint {
	char *host; /* name or address, without brackets */
	uint16_t port;
	char *user;
	enum security security;
	char *ca_file; /* PEM, trusted instead of the system's; NULL */
	char *pin;     /* "sha256:" and hex or base64 of the SPKI; NULL */
};

/* An empty value; the pointers are filled with strings it then owns. */
void endpoint_init(struct endpoint *endpoint);
/* Frees the strings; the struct is empty again.  For CLEANUP() too. */
void endpoint_clear(struct endpoint *endpoint);
/* Replaces `to`, which must be initialised, by a deep copy. */
void endpoint_copy(struct endpoint *to, const struct endpoint *from);

#endif /* TERCET_NET_ENDPOINT_H */
