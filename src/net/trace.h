/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said on a connection, in the log at debug level, without secrets:
 * passwords and tokens of LOGIN, AUTHENTICATE, AUTH, PASS and APOP, all that
 * answers a challenge, literals and message bodies are left out.  Of FETCH
 * only the beginning is written, since it holds subjects.
 *
 * Costs nothing while the log is not at debug level.
 */
#ifndef TERCET_NET_TRACE_H
#define TERCET_NET_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"

enum trace_protocol {
	TRACE_NONE,
	TRACE_IMAP,
	TRACE_POP3,
	TRACE_SMTP,
};

struct trace {
	enum trace_protocol protocol;
	int number; /* which connection, in the log: its descriptor */
	bool on;
	bool login;    /* until the server's verdict all is secret */
	bool body;     /* SMTP: message text until the next reply */
	uint64_t skip; /* literal bytes still to come from us */
	uint64_t skipped;
	struct strbuf sent; /* an unfinished line of ours */
};

void trace_init(struct trace *trace, enum trace_protocol protocol);
void trace_clear(struct trace *trace);

/* Bytes as they go out, in any pieces. */
void trace_sent(struct trace *trace, struct slice bytes);
/* One whole line or response as it came in. */
void trace_received(struct trace *trace, struct slice line);

#endif /* TERCET_NET_TRACE_H */
