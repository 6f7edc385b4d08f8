/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands out, replies in (RFC 5321 4.2), and what failures are called. */
#include <stdlib.h>

#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "net/smtp_private.h"

static void
prefix(const struct smtp *smtp, struct error *err)
{
	const struct endpoint *at = wire_endpoint(smtp->wire);
	const char *host = at->host;
	unsigned port = at->port;

	switch (smtp->step) {
	case SMTP_STEP_GREETING:
		error_prefix(err, _("No session with %s:%u"), host, port);
		return;
	case SMTP_STEP_EHLO:
		error_prefix(
			err, _("Cannot ask %s:%u what it can do"), host, port);
		return;
	case SMTP_STEP_STARTTLS:
		error_prefix(err, _("Cannot encrypt the connection to %s:%u"),
			host, port);
		return;
	case SMTP_STEP_LOGIN:
		error_prefix(err, _("Cannot log in to %s:%u"), host, port);
		return;
	case SMTP_STEP_SEND:
		error_prefix(err, _("Cannot send through %s:%u"), host, port);
		return;
	case SMTP_STEP_VERDICT:
		error_prefix(err,
			_("%s:%u did not say whether it took the message"),
			host, port);
		return;
	}
	UNREACHABLE();
}

bool
smtp_die(struct smtp *smtp, struct error *err)
{
	if (err->kind != ERR_CANCELLED)
		prefix(smtp, err);
	smtp->dead = true;
	wire_fail(smtp->wire, err);
	return false;
}

const char *
smtp_said(const struct smtp *smtp)
{
	return smtp->reply.text.data;
}

bool
smtp_die_of_reply(struct smtp *smtp, enum error_kind refused, struct error *err)
{
	enum error_kind kind =
		smtp->reply.code / 100 == 4 ? ERR_OFFLINE : refused;

	error_set(err, kind, _("the server says: %s"), smtp_said(smtp));
	return smtp_die(smtp, err);
}

void
smtp_set_timeout(struct smtp *smtp, int seconds)
{
	if (smtp->options.timeout_s > 0)
		seconds = smtp->options.timeout_s;
	wire_set_timeout(smtp->wire, seconds, WIRE_WHOLE);
}

bool
smtp_flush(struct smtp *smtp, struct error *err)
{
	bool good = !smtp->out.full;

	if (!good)
		error_set(err, ERR_LIMIT, _("Too much to send at a time"));
	else
		good = wire_write(smtp->wire, strbuf_slice(&smtp->out), err);
	/* It may have held a password. */
	explicit_bzero(smtp->out.data, smtp->out.len);
	strbuf_reset(&smtp->out);
	return good ? true : smtp_die(smtp, err);
}

/* The code of a line; 0 when it has none. */
static int
line_code(struct slice line)
{
	int code = 0;

	if (line.len < 3 ||
		(line.len > 3 && line.data[3] != ' ' && line.data[3] != '-'))
		return 0;
	for (int i = 0; i < 3; i++) {
		if (!ascii_is_digit(line.data[i]))
			return 0;
		code = code * 10 + (line.data[i] - '0');
	}
	return code >= 200 && code < 600 ? code : 0;
}

/* Appends what a line says, inert, as far as there is room. */
static void
keep_words(struct smtp_reply *reply, struct slice line)
{
	struct strbuf clean CLEANUP(strbuf_clear) = { 0 };
	size_t room = SMTP_WORDS_MAX - reply->text.len;
	struct slice words = slice_trim(slice_skip(line, 4));

	if (words.len == 0 || room < 2)
		return;
	strbuf_init(&clean, 3 * SMTP_LINE_MAX);
	if (!utf8_inert(words, &clean))
		return;
	strbuf_add_char(&reply->text, ' ');
	strbuf_add_slice(&reply->text,
		slice_head(strbuf_slice(&clean),
			utf8_cut(strbuf_slice(&clean), room - 1)));
}

/* What EHLO says is kept as it stands, a line each. */
static void
keep_capability(struct smtp *smtp, struct slice line)
{
	struct slice words = slice_trim(slice_skip(line, 4));

	for (size_t i = 0; i < words.len; i++) {
		if ((unsigned char)words.data[i] - 0x20u > 0x5e)
			return;
	}
	if (smtp->words.len > 0)
		strbuf_add_char(&smtp->words, '\n');
	strbuf_add_slice(&smtp->words, words);
}

bool
smtp_read_reply(struct smtp *smtp, struct error *err)
{
	struct smtp_reply *reply = &smtp->reply;
	bool more = true;

	reply->code = 0;
	strbuf_reset(&reply->text);
	for (int n = 0; more; n++) {
		struct slice line;
		int code;

		if (!wire_read_line(smtp->wire, SMTP_LINE_MAX, &line, err))
			return smtp_die(smtp, err);
		trace_received(wire_trace(smtp->wire), line);
		code = line_code(line);
		if (!code || (n > 0 && code != reply->code) ||
			n == SMTP_LINES_MAX) {
			error_set(err, ERR_PROTOCOL,
				_("the server does not speak SMTP"));
			return smtp_die(smtp, err);
		}
		if (n == 0)
			strbuf_addf(&reply->text, "%d", code);
		reply->code = code;
		keep_words(reply, line);
		if (smtp->step == SMTP_STEP_EHLO && n > 0)
			keep_capability(smtp, line);
		more = line.len > 3 && line.data[3] == '-';
	}
	return true;
}

bool
smtp_command(struct smtp *smtp, const char *command, struct error *err)
{
	strbuf_addf(&smtp->out, "%s\r\n", command);
	return smtp_flush(smtp, err) && smtp_read_reply(smtp, err);
}
