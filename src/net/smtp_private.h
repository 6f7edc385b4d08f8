/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of the SMTP session only. */
#ifndef TERCET_NET_SMTP_PRIVATE_H
#define TERCET_NET_SMTP_PRIVATE_H

#include "base/strbuf.h"
#include "net/smtp.h"
#include "net/wire.h"

enum {
	SMTP_LINE_MAX = 4096, /* of a reply; RFC 5321 allows 512 */
	SMTP_LINES_MAX = 200,
	SMTP_WORDS_MAX = 1000, /* kept of what a server says */
	SMTP_CAPABILITIES_MAX = 8192,
};

enum smtp_step {
	SMTP_STEP_GREETING,
	SMTP_STEP_EHLO,
	SMTP_STEP_STARTTLS,
	SMTP_STEP_LOGIN,
	SMTP_STEP_SEND,
	SMTP_STEP_VERDICT,
};

/* One reply: its lines joined, made inert. */
struct smtp_reply {
	int code;
	struct strbuf text;
};

struct smtp {
	struct wire *wire;
	struct smtp_options options;
	enum smtp_step step;
	bool dead;
	bool logged_in;
	uint32_t can;        /* enum smtp_capability */
	uint32_t mechanisms; /* bits, see auth.h */
	uint64_t size_max;   /* 0: not told */
	struct strbuf words; /* capabilities, blanks between */
	struct strbuf out;   /* commands that wait to be sent */
	struct smtp_reply reply;
};

/* Says where it happened, and ends the session.  Returns false. */
bool smtp_die(struct smtp *smtp, struct error *err);
/* The same from the last reply: 4xx is ERR_OFFLINE, 5xx `refused`. */
bool smtp_die_of_reply(
	struct smtp *smtp, enum error_kind refused, struct error *err);
/* The server's words, with the code in front; borrowed. */
const char *smtp_said(const struct smtp *smtp);

/* Sends what was put into `out`. */
MUST_CHECK bool smtp_flush(struct smtp *smtp, struct error *err);
/* The next reply, into `smtp->reply`. */
MUST_CHECK bool smtp_read_reply(struct smtp *smtp, struct error *err);
/* One command without arguments of others; its reply. */
MUST_CHECK bool smtp_command(
	struct smtp *smtp, const char *command, struct error *err);
/* EHLO, and what the server says it can. */
MUST_CHECK bool smtp_hello(struct smtp *smtp, struct error *err);
void smtp_set_timeout(struct smtp *smtp, int seconds);
static inline bool
smtp_is_good(const struct smtp_reply *reply)
{
	return reply->code >= 200 && reply->code < 300;
}

/* smtp_login.c */
MUST_CHECK bool smtp_log_in(struct smtp *smtp, struct error *err);

#endif /* TERCET_NET_SMTP_PRIVATE_H */
