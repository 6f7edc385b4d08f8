/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS over a non-blocking descriptor, by OpenSSL; the only file that knows it.
 *
 * TLS 1.2 or newer.  The server's certificate must lead to the system's trust
 * (or to what is in the endpoint's ca_file) and name the host or address we
 * meant.  With a pin the key alone decides: the right one makes chain and name
 * irrelevant, any other is refused.
 *
 * Nothing here waits: results say what to poll for.  Faults of certificate or
 * protocol version, and a server that does not speak TLS, are ERR_UNTRUSTED
 * with a sentence that says what is wrong in plain words; the `detail` has
 * subject, issuer, dates and key.
 *
 * Threads: one at a time.
 */
#ifndef TERCET_NET_TLS_H
#define TERCET_NET_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "net/endpoint.h"

enum { TLS_DIGEST_SIZE = 32 }; /* SHA-256 */

struct tls; /* one connection */

enum tls_result {
	TLS_DONE,
	TLS_WANT_READ,  /* call again when the descriptor can be read */
	TLS_WANT_WRITE, /* call again when it can be written */
	TLS_EOF,        /* the server closed */
	TLS_FAILED,     /* `err` is set; the connection is over */
};

/* What is known of the server's certificate; NULL pointers where it has none.
 * Names are valid UTF-8 without control characters, of bounded length. */
struct tls_certificate {
	char *subject; /* "CN = imap.example.net" */
	char *issuer;
	char *authority;    /* the issuer in short: "Example Root CA" */
	char *names;        /* "a.example, b.example and 3 more" */
	int64_t not_before; /* seconds since 1970 */
	int64_t not_after;
	char *pin; /* "sha256:" and 64 hex digits */
	bool self_signed;
	bool trusted; /* it passed */
	char *reason; /* why not: the sentence of the error */
};

/* The digest in "sha256:" and 64 hexadecimal digits (colons between bytes are
 * fine) or 32 bytes in base64; false when `pin` is neither. */
MUST_CHECK bool tls_pin_parse(
	const char *pin, unsigned char ret_digest[TLS_DIGEST_SIZE]);

/*
 * Prepares a connection over `fd`, which stays the caller's.  Host, port, CA
 * file and pin are taken from the endpoint.  ERR_INVALID when CA file or pin
 * cannot be used.
 */
MUST_CHECK bool tls_new(const struct endpoint *endpoint, int fd,
	struct tls **ret_tls, struct error *err);
/* NULL is fine. */
void tls_free(struct tls *tls);

/* Until TLS_DONE. */
enum tls_result tls_handshake(struct tls *tls, struct error *err);
/* TLS_DONE with 1 to `cap` bytes in `*ret_n`. */
enum tls_result tls_read(struct tls *tls, void *buf, size_t cap, size_t *ret_n,
	struct error *err);
/* TLS_DONE with 1 to `len` bytes taken. */
enum tls_result tls_write(struct tls *tls, const void *buf, size_t len,
	size_t *ret_n, struct error *err);
/* Bytes may wait inside that poll() on the descriptor does not tell of. */
bool tls_has_pending(const struct tls *tls);
/* Says goodbye without waiting. */
void tls_shutdown(struct tls *tls);

/* The server's certificate, good or bad; NULL before it came. */
const struct tls_certificate *tls_certificate(const struct tls *tls);
/* "TLSv1.3", or NULL before the handshake is done. */
const char *tls_version(const struct tls *tls);

#endif /* TERCET_NET_TLS_H */
