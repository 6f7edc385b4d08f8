/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One session with a submission server (RFC 6409, RFC 5321): plain blocking
 * calls over a wire.  Commands and replies are our own: libetpan's command
 * buffer cuts long lines together with their CRLF, and it knows neither
 * PIPELINING nor SMTPUTF8.
 *
 * What goes out has CRLF as its only line end, whatever the caller gives: a
 * lone CR or LF becomes one, so that no server can see the end of a message
 * where there is none.  What comes in has limits on lines and their number.
 *
 * EHLO says [127.0.0.1]: an address literal that tells nothing of the machine.
 *
 * Errors name host, port, step and the server's words.  Kinds: ERR_OFFLINE (no
 * network, or the server wants to be asked later), ERR_LOGIN, ERR_UNTRUSTED,
 * ERR_PROTOCOL, ERR_CANCELLED, ERR_INVALID; ERR_REFUSED when it does not want
 * to talk to us at all.  After an error the session is over: close it.
 *
 * Threads: one at a time.
 */
#ifndef TERCET_NET_SMTP_H
#define TERCET_NET_SMTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "base/thread.h"
#include "net/endpoint.h"

struct tls_certificate;
struct smtp;

enum {
	/* RFC 5321 4.5.3.2 */
	SMTP_GREETING_S = 60,
	SMTP_COMMAND_S = 300,
	SMTP_DATA_S = 120,
	SMTP_BLOCK_S = 180,
	SMTP_VERDICT_S = 600,      /* the reply to the end of the message */
	SMTP_RECIPIENTS_MAX = 100, /* in one transaction */
	SMTP_ADDRESS_MAX = 1000,   /* bytes */
};

enum smtp_capability {
	SMTP_PIPELINING = 1 << 0, /* RFC 2920 */
	SMTP_SIZE = 1 << 1,       /* RFC 1870 */
	SMTP_8BITMIME = 1 << 2,   /* RFC 6152 */
	SMTP_SMTPUTF8 = 1 << 3,   /* RFC 6531 */
	SMTP_DSN = 1 << 4,        /* RFC 3461 */
	SMTP_STARTTLS = 1 << 5,   /* RFC 3207 */
	SMTP_ENHANCED = 1 << 6,   /* RFC 2034 */
};

struct smtp_login {
	const char *mechanism; /* as imap_login's */
	/* Asked once, when the server wants a login. */
	bool (*password)(void *ctx, char **ret_secret, struct error *err);
	void *ctx;
};

struct smtp_options {
	const struct endpoint *endpoint;
	struct smtp_login login;
	int timeout_s;         /* of every reply but the verdict; 0: as above */
	int verdict_s;         /* 0: SMTP_VERDICT_S */
	struct cancel *cancel; /* borrowed; or NULL */
	/* A certificate that did not pass; may be NULL. */
	void (*untrusted)(void *ctx, const struct tls_certificate *certificate);
	void *untrusted_ctx;
};

/*
 * Connects, demands TLS as the endpoint says, logs in where the server offers
 * it and `login.password` is given.
 */
MUST_CHECK bool smtp_open(const struct smtp_options *options,
	struct smtp **ret_smtp, struct error *err);
/* Says QUIT, waits a moment for the answer, frees.  NULL is fine. */
void smtp_close(struct smtp *smtp);
void smtp_closep(struct smtp **smtp);

/* enum smtp_capability, of now. */
uint32_t smtp_capabilities(const struct smtp *smtp);
/* What EHLO told, blanks between; borrowed. */
const char *smtp_capability_text(const struct smtp *smtp);
bool smtp_is_logged_in(const struct smtp *smtp);
/* The session is over. */
bool smtp_is_dead(const struct smtp *smtp);
/* A session that waited is asked whether it is still there. */
MUST_CHECK bool smtp_probe(struct smtp *smtp, struct error *err);

enum smtp_fate {
	SMTP_UNTRIED,
	SMTP_ACCEPTED, /* the server has taken it on */
	SMTP_DEFERRED, /* 4xx: later */
	SMTP_REFUSED,  /* 5xx: never */
	SMTP_IN_DOUBT, /* the message was sent whole; no verdict came */
};

struct smtp_recipient {
	const char *address; /* borrowed */
	enum smtp_fate fate;
	int code;   /* 0: none */
	char *text; /* the server's words, inert, or a sentence; owned */
};
void smtp_recipient_clear(struct smtp_recipient *recipient);

struct smtp_message {
	const char *sender; /* "" for none */
	struct smtp_recipient *recipients;
	size_t n_recipients;     /* at most SMTP_RECIPIENTS_MAX */
	uint64_t size;           /* bytes, about; 0: unknown */
	bool eight_bit;          /* bytes over 127 in the body */
	bool utf8;               /* or in header or envelope (RFC 6532) */
	const char *envelope_id; /* DSN's; NULL: none */
	/* Gives all of the message to `sink`, in pieces; false from `sink` ends
	 * it.  Called once. */
	bool (*give)(void *ctx, bool (*sink)(void *to, struct slice piece),
		void *to, struct error *err);
	/*
	 * Before the end of the message is sent, from which on the server may
	 * deliver it.  False leaves it unsent: the connection is cut.  May be
	 * NULL.
	 */
	bool (*before_end)(void *ctx, struct error *err);
	/* May be NULL; bytes given so far. */
	void (*progress)(void *ctx, uint64_t done);
	void *ctx;
};

/*
 * One transaction.  True: every recipient has a fate.  False: the session
 * broke; fates tell how far it had come, and those UNTRIED certainly got
 * nothing.  What the server cannot take (size, UTF-8) is REFUSED unsent.
 */
MUST_CHECK bool smtp_send(struct smtp *smtp, const struct smtp_message *message,
	struct error *err);

/* What may stand between < and > of an envelope: false for control characters
 * and brackets, or too long. */
bool smtp_address_is_sound(const char *address);

#endif /* TERCET_NET_SMTP_H */
