/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AUTH (RFC 4954). */
#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "net/auth.h"
#include "net/smtp_private.h"

enum { CHALLENGES_MAX = 10 };

static bool
cancel_exchange(struct smtp *smtp, struct error *err)
{
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;

	strbuf_reset(&smtp->out);
	if (!smtp_command(smtp, "*", &ignored))
		smtp->dead = true;
	return smtp_die(smtp, err);
}

/* Puts the answer to a challenge, or the initial response. */
static bool
put_answer(struct smtp *smtp, struct auth *auth, struct slice challenge,
	bool initial, struct error *err)
{
	size_t before = smtp->out.len;

	if (!auth_answer(auth, challenge, &smtp->out, err))
		return false;
	/* RFC 4954 4: an empty initial response. */
	if (initial && smtp->out.len == before)
		strbuf_add_char(&smtp->out, '=');
	strbuf_add_str(&smtp->out, "\r\n");
	return true;
}

static bool
converse(struct smtp *smtp, struct auth *auth, struct error *err)
{
	for (int i = 0; i < CHALLENGES_MAX; i++) {
		struct slice challenge;

		if (!smtp_flush(smtp, err) || !smtp_read_reply(smtp, err))
			return false;
		if (smtp->reply.code != 334)
			return true;
		/* "334 " and the challenge; blanks inside are no base64. */
		challenge = slice_trim(
			slice_skip(strbuf_slice(&smtp->reply.text), 3));
		if (!put_answer(smtp, auth, challenge, false, err))
			return cancel_exchange(smtp, err);
	}
	error_set(err, ERR_PROTOCOL, _("the server never stops asking"));
	return smtp_die(smtp, err);
}

static bool
refused(struct smtp *smtp, const struct auth *auth, struct error *err)
{
	enum error_kind kind = ERR_LOGIN;

	/* RFC 4954 6: 454 is a fault that passes. */
	if (smtp->reply.code / 100 == 4)
		kind = ERR_OFFLINE;
	if (auth_reason(auth))
		error_set(err, kind, _("the server says: %s (%s)"),
			smtp_said(smtp), auth_reason(auth));
	else
		error_set(err, kind, _("the server says: %s"), smtp_said(smtp));
	return smtp_die(smtp, err);
}

static bool
exchange(struct smtp *smtp, enum mechanism mechanism, const char *secret,
	struct error *err)
{
	struct auth *auth CLEANUP(auth_endp) = NULL;

	if (!auth_begin(mechanism, "smtp", wire_endpoint(smtp->wire), secret,
		    &auth, err))
		return smtp_die(smtp, err);
	/* Made once, so that growing leaves no copy of the secret behind. */
	if (!strbuf_room(&smtp->out, AUTH_LINE_MAX)) {
		error_set(err, ERR_LIMIT, _("Too much to send at a time"));
		return smtp_die(smtp, err);
	}
	strbuf_addf(&smtp->out, "AUTH %s", auth_mechanism_name(mechanism));
	if (auth_speaks_first(auth)) {
		strbuf_add_char(&smtp->out, ' ');
		if (!put_answer(smtp, auth, SLICE(""), true, err)) {
			strbuf_reset(&smtp->out);
			return smtp_die(smtp, err);
		}
	} else {
		strbuf_add_str(&smtp->out, "\r\n");
	}
	if (!converse(smtp, auth, err))
		return false;
	if (smtp->reply.code != 235)
		return refused(smtp, auth, err);
	if (!auth_is_done(auth)) {
		error_set(err, ERR_UNTRUSTED,
			_("the server did not prove that it knows the "
			  "password"));
		return smtp_die(smtp, err);
	}
	smtp->logged_in = true;
	return true;
}

bool
smtp_log_in(struct smtp *smtp, struct error *err)
{
	const struct smtp_login *login = &smtp->options.login;
	char *secret CLEANUP(free_secretp) = NULL;
	enum mechanism mechanism;

	smtp->step = SMTP_STEP_LOGIN;
	/* A relay that knows us by our address offers none. */
	if (!login->password || smtp->mechanisms == 0)
		return true;
	if (!auth_choose(login->mechanism, smtp->mechanisms,
		    wire_is_encrypted(smtp->wire), wire_endpoint(smtp->wire),
		    &mechanism, err))
		return smtp_die(smtp, err);
	if (!login->password(login->ctx, &secret, err)) {
		smtp->dead = true;
		wire_fail(smtp->wire, err);
		return false;
	}
	return exchange(smtp, mechanism, secret, err);
}
