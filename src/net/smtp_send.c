/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One transaction: MAIL, RCPT, DATA (RFC 5321 3.3, 4.1.1.4). */
#include <inttypes.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "net/smtp_private.h"

enum { BLOCK = 64 * 1024, SERVICE_CLOSES = 421, NEEDS_LOGIN = 530 };

void
smtp_recipient_clear(struct smtp_recipient *recipient)
{
	free(recipient->text);
	recipient->text = NULL;
	recipient->code = 0;
	recipient->fate = SMTP_UNTRIED;
}

bool
smtp_address_is_sound(const char *address)
{
	struct slice s = slice_str(address);

	for (size_t i = 0; i < s.len; i++) {
		if (ascii_is_control(s.data[i]) || s.data[i] == '<' ||
			s.data[i] == '>')
			return false;
	}
	return s.len <= SMTP_ADDRESS_MAX && utf8_is_valid(s);
}

static void
settle(struct smtp_recipient *to, enum smtp_fate fate, int code,
	const char *text)
{
	smtp_recipient_clear(to);
	to->fate = fate;
	to->code = code;
	to->text = xstrdup(text);
}

/* Those that have the fate `from`. */
static void
settle_all(const struct smtp_message *message, enum smtp_fate from,
	enum smtp_fate fate, int code, const char *text)
{
	for (size_t i = 0; i < message->n_recipients; i++) {
		if (message->recipients[i].fate == from)
			settle(&message->recipients[i], fate, code, text);
	}
}

static size_t
count(const struct smtp_message *message, enum smtp_fate fate)
{
	size_t n = 0;

	for (size_t i = 0; i < message->n_recipients; i++)
		n += message->recipients[i].fate == fate;
	return n;
}

/* What the server cannot take anyway is not sent to it; true when that was
 * all. */
static bool
is_hopeless(const struct smtp *smtp, const struct smtp_message *message)
{
	char *text CLEANUP(freep) = NULL;

	if (smtp->size_max > 0 && message->size > smtp->size_max)
		text = xasprintf(_("the message has %" PRIu64
				   " bytes, and the server takes %" PRIu64),
			message->size, smtp->size_max);
	else if (message->utf8 && !(smtp->can & SMTP_SMTPUTF8))
		text = xstrdup(_("the server takes no addresses with letters "
				 "beyond ASCII (SMTPUTF8)"));
	else if (message->eight_bit && !(smtp->can & SMTP_8BITMIME))
		text = xstrdup(_("the server takes no 8-bit text (8BITMIME)"));
	if (text)
		settle_all(message, SMTP_UNTRIED, SMTP_REFUSED, 0, text);
	return text != NULL;
}

static void
put_mail(struct smtp *smtp, const struct smtp_message *message)
{
	struct strbuf *out = &smtp->out;

	strbuf_addf(out, "MAIL FROM:<%s>", message->sender);
	if (message->size > 0 && (smtp->can & SMTP_SIZE))
		strbuf_addf(out, " SIZE=%" PRIu64, message->size);
	if (smtp->can & SMTP_8BITMIME)
		strbuf_addf(out, " BODY=%s",
			message->eight_bit ? "8BITMIME" : "7BIT");
	if (message->utf8)
		strbuf_add_str(out, " SMTPUTF8");
	/* RFC 3461 4.3, 4.4: the headers are enough to know it by. */
	if (smtp->can & SMTP_DSN) {
		strbuf_add_str(out, " RET=HDRS");
		if (message->envelope_id)
			strbuf_addf(out, " ENVID=%s", message->envelope_id);
	}
	strbuf_add_str(out, "\r\n");
}

static void
put_recipient(struct smtp *smtp, const struct smtp_recipient *to)
{
	strbuf_addf(&smtp->out, "RCPT TO:<%s>%s\r\n", to->address,
		smtp->can & SMTP_DSN ? " NOTIFY=FAILURE,DELAY" : "");
}

/* A reply that ends more than the transaction. */
static bool
ends_session(struct smtp *smtp, struct error *err)
{
	if (smtp->reply.code == SERVICE_CLOSES) {
		smtp_die_of_reply(smtp, ERR_OFFLINE, err);
		return true;
	}
	if (smtp->reply.code == NEEDS_LOGIN) {
		smtp_die_of_reply(smtp, ERR_LOGIN, err);
		return true;
	}
	return false;
}

/* What the server says of the sender is for all of them. */
static bool
read_mail_reply(struct smtp *smtp, const struct smtp_message *message,
	bool *ret_taken, struct error *err)
{
	if (!smtp_read_reply(smtp, err) || ends_session(smtp, err))
		return false;
	*ret_taken = smtp_is_good(&smtp->reply);
	if (!*ret_taken)
		settle_all(message, SMTP_UNTRIED,
			smtp->reply.code >= 500 ? SMTP_REFUSED : SMTP_DEFERRED,
			smtp->reply.code, smtp_said(smtp));
	return true;
}

static bool
read_recipient_reply(
	struct smtp *smtp, struct smtp_recipient *to, struct error *err)
{
	int code;

	if (!smtp_read_reply(smtp, err) || ends_session(smtp, err))
		return false;
	code = smtp->reply.code;
	if (to->fate != SMTP_UNTRIED) /* MAIL was refused already */
		return true;
	/* RFC 5321 4.5.3.1.10: too many at a time is no refusal. */
	if (smtp_is_good(&smtp->reply))
		settle(to, SMTP_ACCEPTED, code, smtp_said(smtp));
	else if (code >= 500 && !strstr(smtp_said(smtp), "5.5.3"))
		settle(to, SMTP_REFUSED, code, smtp_said(smtp));
	else
		settle(to, SMTP_DEFERRED, code, smtp_said(smtp));
	return true;
}

/* Nothing was delivered to those counted as accepted so far. */
static void
forget_accepted(const struct smtp_message *message)
{
	for (size_t i = 0; i < message->n_recipients; i++) {
		if (message->recipients[i].fate == SMTP_ACCEPTED)
			smtp_recipient_clear(&message->recipients[i]);
	}
}

static bool
name_recipients(struct smtp *smtp, const struct smtp_message *message,
	struct error *err)
{
	bool together = smtp->can & SMTP_PIPELINING;
	bool asked[SMTP_RECIPIENTS_MAX];
	bool taken;

	put_mail(smtp, message);
	for (size_t i = 0; i < message->n_recipients; i++) {
		asked[i] = message->recipients[i].fate == SMTP_UNTRIED;
		if (together && asked[i])
			put_recipient(smtp, &message->recipients[i]);
	}
	if (!smtp_flush(smtp, err) ||
		!read_mail_reply(smtp, message, &taken, err))
		return false;
	for (size_t i = 0; i < message->n_recipients; i++) {
		if (!asked[i])
			continue;
		if (!together) {
			if (!taken)
				break;
			put_recipient(smtp, &message->recipients[i]);
			if (!smtp_flush(smtp, err))
				return false;
		}
		if (!read_recipient_reply(smtp, &message->recipients[i], err))
			return false;
	}
	return true;
}

/* ---- the message itself ---- */

struct body {
	struct smtp *smtp;
	const struct smtp_message *message;
	struct strbuf block; /* ready to be sent */
	uint64_t done;
	bool at_start; /* of a line */
	bool after_cr; /* a CR waits to see what follows */
	struct error failed;
};

static bool
send_block(struct body *body)
{
	struct smtp *smtp = body->smtp;
	bool good = wire_write(
		smtp->wire, strbuf_slice(&body->block), &body->failed);

	strbuf_reset(&body->block);
	return good;
}

static void
end_line(struct body *body)
{
	strbuf_add_str(&body->block, "\r\n");
	body->at_start = true;
	body->after_cr = false;
}

/* With CRLF alone as line end, and dots doubled (RFC 5321 4.5.2). */
static void
put_byte(struct body *body, char c)
{
	if (body->after_cr) {
		end_line(body);
		if (c == '\n')
			return;
	}
	if (c == '\r') {
		body->after_cr = true;
	} else if (c == '\n') {
		end_line(body);
	} else {
		if (c == '.' && body->at_start)
			strbuf_add_char(&body->block, '.');
		strbuf_add_char(&body->block, c);
		body->at_start = false;
	}
}

static bool
take_piece(void *to, struct slice piece)
{
	struct body *body = to;

	body->done += piece.len;
	for (size_t i = 0; i < piece.len; i++) {
		put_byte(body, piece.data[i]);
		if (body->block.len >= BLOCK && !send_block(body))
			return false;
	}
	if (body->message->progress)
		body->message->progress(body->message->ctx, body->done);
	return true;
}

static void
end_body(struct body *body)
{
	if (body->after_cr || !body->at_start)
		end_line(body);
}

/* A server that cuts us off in the middle may have said why. */
static bool
heard_last_words(struct smtp *smtp, const struct smtp_message *message)
{
	struct slice rest = wire_peek(smtp->wire);
	struct slice line;
	char *words CLEANUP(freep) = NULL;
	int code = 0;

	if (slice_find(rest, '\n') == rest.len ||
		!slice_next_line(&rest, &line) || line.len < 4 ||
		line.len > SMTP_WORDS_MAX || !utf8_is_valid(line) ||
		(line.data[0] != '4' && line.data[0] != '5'))
		return false;
	for (int i = 0; i < 3; i++) {
		if (!ascii_is_digit(line.data[i]))
			return false;
		code = code * 10 + (line.data[i] - '0');
	}
	words = xmemdup0(line.data, line.len);
	for (char *p = words; *p; p++) {
		if (ascii_is_control(*p))
			*p = ' ';
	}
	settle_all(message, SMTP_ACCEPTED,
		code >= 500 ? SMTP_REFUSED : SMTP_DEFERRED, code, words);
	return true;
}

/* Before the end was sent: nobody got anything. */
static bool
break_off(struct body *body, struct error *err)
{
	struct smtp *smtp = body->smtp;
	bool of_wire = wire_error(smtp->wire) != NULL;

	if (body->failed.kind != ERR_NONE)
		error_move(err, &body->failed);
	if (of_wire && heard_last_words(smtp, body->message)) {
		smtp->dead = true;
		error_clear(err);
		return true;
	}
	forget_accepted(body->message);
	if (of_wire)
		return smtp_die(smtp, err);
	/* Our own trouble: the server must not take what is there for all. */
	smtp->dead = true;
	wire_fail(smtp->wire, err);
	return false;
}

static bool
read_verdict(struct smtp *smtp, const struct smtp_message *message,
	struct error *err)
{
	int code;

	smtp->step = SMTP_STEP_VERDICT;
	wire_set_timeout(smtp->wire, smtp->options.verdict_s, WIRE_WHOLE);
	wire_begin(smtp->wire);
	if (!smtp_read_reply(smtp, err)) {
		settle_all(message, SMTP_ACCEPTED, SMTP_IN_DOUBT, 0,
			err->text ? err->text : "");
		return false;
	}
	smtp->step = SMTP_STEP_SEND;
	code = smtp->reply.code;
	if (smtp_is_good(&smtp->reply))
		settle_all(message, SMTP_ACCEPTED, SMTP_ACCEPTED, code,
			smtp_said(smtp));
	else
		settle_all(message, SMTP_ACCEPTED,
			code >= 500 ? SMTP_REFUSED : SMTP_DEFERRED, code,
			smtp_said(smtp));
	if (code == SERVICE_CLOSES)
		smtp->dead = true;
	return true;
}

static bool
send_end(struct body *body, struct error *err)
{
	struct smtp *smtp = body->smtp;
	const struct smtp_message *message = body->message;

	end_body(body);
	if (!send_block(body))
		return break_off(body, err);
	if (message->before_end &&
		!message->before_end(message->ctx, &body->failed))
		return break_off(body, err);
	/* From here on the server may have it. */
	if (!wire_write(smtp->wire, SLICE(".\r\n"), err)) {
		smtp->step = SMTP_STEP_VERDICT;
		settle_all(message, SMTP_ACCEPTED, SMTP_IN_DOUBT, 0,
			err->text ? err->text : "");
		return smtp_die(smtp, err);
	}
	return read_verdict(smtp, message, err);
}

static bool
send_data(struct smtp *smtp, const struct smtp_message *message,
	struct error *err)
{
	struct body body = {
		.smtp = smtp, .message = message, .at_start = true
	};
	bool good;

	smtp_set_timeout(smtp, SMTP_DATA_S);
	if (!smtp_command(smtp, "DATA", err) || ends_session(smtp, err)) {
		forget_accepted(message);
		return false;
	}
	if (smtp->reply.code != 354) {
		settle_all(message, SMTP_ACCEPTED,
			smtp->reply.code >= 500 ? SMTP_REFUSED : SMTP_DEFERRED,
			smtp->reply.code, smtp_said(smtp));
		return true;
	}
	strbuf_init(&body.block, BLOCK + 16);
	smtp_set_timeout(smtp, SMTP_BLOCK_S);
	if (!message->give(message->ctx, take_piece, &body, err))
		good = break_off(&body, err);
	else
		good = send_end(&body, err);
	strbuf_clear(&body.block);
	error_clear(&body.failed);
	return good;
}

static bool
run(struct smtp *smtp, const struct smtp_message *message, struct error *err)
{
	if (!name_recipients(smtp, message, err)) {
		forget_accepted(message);
		return false;
	}
	if (count(message, SMTP_ACCEPTED) > 0 && !send_data(smtp, message, err))
		return false;
	if (count(message, SMTP_ACCEPTED) > 0 || smtp->dead)
		return true;
	/* What it still holds of this one is not for the next. */
	return smtp_command(smtp, "RSET", err);
}

bool
smtp_send(struct smtp *smtp, const struct smtp_message *message,
	struct error *err)
{
	struct error late CLEANUP(error_clear) = ERROR_INIT;

	ASSERT(message->n_recipients > 0 &&
		message->n_recipients <= SMTP_RECIPIENTS_MAX);
	smtp->step = SMTP_STEP_SEND;
	smtp_set_timeout(smtp, SMTP_COMMAND_S);
	for (size_t i = 0; i < message->n_recipients; i++) {
		struct smtp_recipient *to = &message->recipients[i];

		smtp_recipient_clear(to);
		if (!smtp_address_is_sound(to->address) || !*to->address)
			settle(to, SMTP_REFUSED, 0,
				_("this is not an address"));
	}
	if (!smtp_address_is_sound(message->sender)) {
		settle_all(message, SMTP_UNTRIED, SMTP_REFUSED, 0,
			_("the sender is not an address"));
		return true;
	}
	if (is_hopeless(smtp, message) || count(message, SMTP_UNTRIED) == 0)
		return true;
	if (run(smtp, message, &late))
		return true;
	/* Every fate is known: what broke behind them changes nothing. */
	if (count(message, SMTP_UNTRIED) == 0 &&
		count(message, SMTP_IN_DOUBT) == 0) {
		smtp->dead = true;
		return true;
	}
	return error_move(err, &late);
}
