/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session from the connection to its end. */
#include "net/smtp.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "net/auth.h"
#include "net/smtp_private.h"

enum { GOODBYE_S = 1 };

static const struct {
	struct slice word;
	uint32_t bit;
} capabilities[] = {
	{ { "PIPELINING", 10 }, SMTP_PIPELINING },
	{ { "SIZE", 4 }, SMTP_SIZE },
	{ { "8BITMIME", 8 }, SMTP_8BITMIME },
	{ { "SMTPUTF8", 8 }, SMTP_SMTPUTF8 },
	{ { "DSN", 3 }, SMTP_DSN },
	{ { "STARTTLS", 8 }, SMTP_STARTTLS },
	{ { "ENHANCEDSTATUSCODES", 19 }, SMTP_ENHANCED },
};

static struct slice
take_word(struct slice *rest, const char *ends)
{
	struct slice word;
	size_t n = 0;

	*rest = slice_trim(*rest);
	while (n < rest->len && !strchr(ends, rest->data[n]))
		n++;
	word = slice_head(*rest, n);
	*rest = slice_skip(*rest, n + 1);
	return word;
}

/* One line of EHLO's answer. */
static void
learn(struct smtp *smtp, struct slice line)
{
	/* "AUTH=PLAIN" is what servers said before there was a standard. */
	struct slice verb = take_word(&line, " =");

	for (size_t i = 0; i < ARRAY_LEN(capabilities); i++) {
		if (slice_eq_nocase(verb, capabilities[i].word))
			smtp->can |= capabilities[i].bit;
	}
	if (slice_eq_nocase(verb, SLICE("SIZE"))) {
		struct slice size = take_word(&line, " ");

		if (!ascii_parse_u64(
			    size.data, size.len, INT64_MAX, &smtp->size_max))
			smtp->size_max = 0;
	}
	while (slice_eq_nocase(verb, SLICE("AUTH")) && line.len > 0)
		smtp->mechanisms |= auth_mechanism_bit(take_word(&line, " "));
}

/* What was said before TLS counts for nothing afterwards. */
bool
smtp_hello(struct smtp *smtp, struct error *err)
{
	struct slice rest, line;

	smtp->step = SMTP_STEP_EHLO;
	smtp->can = smtp->mechanisms = 0;
	smtp->size_max = 0;
	strbuf_reset(&smtp->words);
	if (!smtp_command(smtp, "EHLO [127.0.0.1]", err))
		return false;
	if (!smtp_is_good(&smtp->reply))
		return smtp_die_of_reply(smtp, ERR_REFUSED, err);
	for (rest = strbuf_slice(&smtp->words); slice_next_line(&rest, &line);)
		learn(smtp, line);
	for (size_t i = 0; i < smtp->words.len; i++) {
		if (smtp->words.data[i] == '\n')
			smtp->words.data[i] = ' ';
	}
	return true;
}

static bool
greet(struct smtp *smtp, struct error *err)
{
	smtp->step = SMTP_STEP_GREETING;
	if (!wire_connect(smtp->wire, err)) {
		/* It says host, port and reason by itself. */
		smtp->dead = true;
		return false;
	}
	smtp_set_timeout(smtp, SMTP_GREETING_S);
	wire_begin(smtp->wire);
	if (!smtp_read_reply(smtp, err))
		return false;
	return smtp->reply.code == 220 ||
	       smtp_die_of_reply(smtp, ERR_REFUSED, err);
}

static bool
secure(struct smtp *smtp, struct error *err)
{
	if (wire_endpoint(smtp->wire)->security != SECURITY_STARTTLS)
		return true;
	smtp->step = SMTP_STEP_STARTTLS;
	if (!(smtp->can & SMTP_STARTTLS)) {
		error_set(err, ERR_UNTRUSTED,
			_("the server does not offer encryption"));
		return smtp_die(smtp, err);
	}
	if (!smtp_command(smtp, "STARTTLS", err))
		return false;
	if (smtp->reply.code != 220)
		return smtp_die_of_reply(smtp, ERR_UNTRUSTED, err);
	if (!wire_start_tls(smtp->wire, NULL, err))
		return smtp_die(smtp, err);
	return smtp_hello(smtp, err);
}

static bool
open_session(struct smtp *smtp, struct error *err)
{
	if (!greet(smtp, err) || !smtp_hello(smtp, err) || !secure(smtp, err))
		return false;
	smtp_set_timeout(smtp, SMTP_COMMAND_S);
	return smtp_log_in(smtp, err);
}

bool
smtp_open(const struct smtp_options *options, struct smtp **ret_smtp,
	struct error *err)
{
	struct smtp *smtp CLEANUP(smtp_closep) = xnew(struct smtp);
	const struct tls_certificate *certificate;

	smtp->options = *options;
	if (smtp->options.verdict_s <= 0)
		smtp->options.verdict_s = SMTP_VERDICT_S;
	smtp->wire = wire_new(options->endpoint, options->cancel, TRACE_SMTP);
	strbuf_init(&smtp->words, SMTP_CAPABILITIES_MAX);
	strbuf_init(&smtp->out, AUTH_LINE_MAX + SMTP_LINE_MAX);
	strbuf_init(&smtp->reply.text, SMTP_WORDS_MAX);
	if (!open_session(smtp, err)) {
		certificate = wire_certificate(smtp->wire);
		if (err->kind == ERR_UNTRUSTED && certificate &&
			options->untrusted)
			options->untrusted(options->untrusted_ctx, certificate);
		return false;
	}
	*ret_smtp = STEAL(smtp);
	return true;
}

void
smtp_close(struct smtp *smtp)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!smtp)
		return;
	if (!smtp->dead) {
		smtp->options.timeout_s = GOODBYE_S;
		smtp_set_timeout(smtp, GOODBYE_S);
		if (!smtp_command(smtp, "QUIT", &err))
			smtp->dead = true;
	}
	wire_free(smtp->wire);
	strbuf_clear(&smtp->words);
	strbuf_clear(&smtp->out);
	strbuf_clear(&smtp->reply.text);
	free(smtp);
}

void
smtp_closep(struct smtp **smtp)
{
	smtp_close(*smtp);
}

uint32_t
smtp_capabilities(const struct smtp *smtp)
{
	return smtp->can;
}

const char *
smtp_capability_text(const struct smtp *smtp)
{
	return smtp->words.data;
}

bool
smtp_is_logged_in(const struct smtp *smtp)
{
	return smtp->logged_in;
}

bool
smtp_is_dead(const struct smtp *smtp)
{
	return smtp->dead;
}

bool
smtp_probe(struct smtp *smtp, struct error *err)
{
	smtp->step = SMTP_STEP_SEND;
	smtp_set_timeout(smtp, SMTP_GREETING_S);
	if (!smtp_command(smtp, "NOOP", err))
		return false;
	return smtp_is_good(&smtp->reply) ||
	       smtp_die_of_reply(smtp, ERR_OFFLINE, err);
}
