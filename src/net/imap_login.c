/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LOGIN and AUTHENTICATE (RFC 9051 6.2.2, 6.2.3). */
#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "net/auth.h"
#include "net/imap_private.h"

enum { CHALLENGES_MAX = 10 };

/* One try and what came of it. */
struct attempt {
	enum mechanism mechanism;
	enum imap_answer answer;
	char *code;
	char *said;
	uint64_t capability; /* tag of the CAPABILITY behind it, or 0 */
};

static void
attempt_clear(struct attempt *attempt)
{
	free(attempt->code);
	free(attempt->said);
	*attempt = (struct attempt){ 0 };
}

static bool
choose(const struct imap *imap, const char *wanted, enum mechanism *ret,
	struct error *err)
{
	uint32_t offered = imap->can.mechanisms;

	if (!imap->can.login_disabled)
		offered |= 1u << MECHANISM_COMMAND;
	/* Without an initial response, the command saves a round trip. */
	if ((!wanted || ascii_eq_nocase(wanted, "auto")) &&
		!imap->can.login_disabled &&
		!(imap->can.capabilities & IMAP_SASL_IR))
		offered &= ~(1u << MECHANISM_PLAIN);
	return auth_choose(wanted, offered, wire_is_encrypted(imap->wire),
		wire_endpoint(imap->wire), ret, err);
}

/*
 * A server that does not tell its capabilities unasked is asked in the same
 * round trip, behind a login that takes one line.
 */
static void
ask_along(struct imap *imap, struct attempt *attempt)
{
	if (imap->volunteers)
		return;
	attempt->capability = imap_begin(imap, STEP_CAPABILITY);
	imap_put(imap, "CAPABILITY\r\n");
}

/* A literal was refused, and the login with it. */
static bool
not_taken(struct imap *imap, struct error *err)
{
	if (err->kind == ERR_REFUSED) {
		err->kind = ERR_LOGIN;
		wire_fail(imap->wire, err);
	}
	return false;
}

static bool
login_command(struct imap *imap, const char *secret, struct attempt *attempt,
	struct error *err)
{
	const char *user = wire_endpoint(imap->wire)->user;
	uint64_t tag;

	if (!user || strpbrk(user, "\r\n") || strpbrk(secret, "\r\n")) {
		error_set(err, ERR_LOGIN,
			_("user name or password cannot be sent"));
		return imap_die(imap, err);
	}
	tag = imap_begin(imap, STEP_LOGIN);
	imap_put(imap, "LOGIN ");
	if (!imap_put_string(imap, slice_str(user), err))
		return not_taken(imap, err);
	imap_put(imap, " ");
	if (!imap_put_string(imap, slice_str(secret), err))
		return not_taken(imap, err);
	imap_end(imap);
	ask_along(imap, attempt);
	return imap_flush(imap, err) &&
	       imap_wait_answer(imap, tag, &attempt->answer, &attempt->code,
		       &attempt->said, err);
}

/* Answers challenges until the verdict. */
static bool
converse(struct imap *imap, struct auth *auth, uint64_t tag, struct error *err)
{
	struct error why = ERROR_INIT;

	for (int i = 0; i < CHALLENGES_MAX; i++) {
		bool continued;

		if (!imap_wait_continuation(imap, tag, &continued, err))
			return false;
		if (!continued)
			return true;
		if (!auth_answer(auth, strbuf_slice(&imap->challenge),
			    &imap->out, &why)) {
			imap_put(imap, "*\r\n"); /* RFC 9051 6.2.2 */
			if (imap_flush(imap, err)) {
				error_move(err, &why);
				imap_die(imap, err);
			}
			error_clear(&why);
			return false;
		}
		imap_end(imap);
		if (!imap_flush(imap, err))
			return false;
	}
	error_set(err, ERR_PROTOCOL, _("the server never stops asking"));
	return imap_die(imap, err);
}

static bool
authenticate(struct imap *imap, const char *secret, struct attempt *attempt,
	struct error *err)
{
	struct auth *auth CLEANUP(auth_endp) = NULL;
	uint64_t tag;

	if (!auth_begin(attempt->mechanism, "imap", wire_endpoint(imap->wire),
		    secret, &auth, err))
		return imap_die(imap, err);
	tag = imap_begin(imap, STEP_LOGIN);
	imap_putf(imap, "AUTHENTICATE %s",
		auth_mechanism_name(attempt->mechanism));
	if (auth_speaks_first(auth) &&
		(imap->can.capabilities & IMAP_SASL_IR)) {
		imap_put(imap, " ");
		if (!auth_answer(auth, SLICE(""), &imap->out, err))
			return imap_die(imap, err);
		imap_end(imap);
		/* A refused token is told in a challenge, which that would
		 * answer. */
		if (attempt->mechanism == MECHANISM_PLAIN)
			ask_along(imap, attempt);
	} else {
		imap_end(imap);
	}
	if (!imap_flush(imap, err) || !converse(imap, auth, tag, err) ||
		!imap_wait_answer(imap, tag, &attempt->answer, &attempt->code,
			&attempt->said, err))
		return false;
	if (attempt->answer == ANSWER_OK && !auth_is_done(auth)) {
		error_set(err, ERR_UNTRUSTED,
			_("the server did not prove that it knows the "
			  "password"));
		return imap_die(imap, err);
	}
	if (attempt->answer != ANSWER_OK && auth_reason(auth)) {
		char *both =
			xasprintf("%s (%s)", attempt->said, auth_reason(auth));

		free(attempt->said);
		attempt->said = both;
	}
	return true;
}

static bool
try(struct imap *imap, const char *secret, struct attempt *attempt,
	struct error *err)
{
	/* Made once, so that growing leaves no copy of the secret behind. */
	if (!strbuf_room(&imap->out, AUTH_LINE_MAX))
		return error_set(err, ERR_LIMIT, _("Too much to send"));
	if (attempt->mechanism == MECHANISM_COMMAND)
		return login_command(imap, secret, attempt, err);
	return authenticate(imap, secret, attempt, err);
}

/* Makes sure that capabilities are the server's own, of now. */
static bool
fresh_capabilities(struct imap *imap, struct attempt *attempt,
	unsigned told_before, struct error *err)
{
	uint64_t tag = attempt->capability;

	attempt->capability = 0;
	if (imap->capabilities_told != told_before) {
		if (tag)
			imap_forget(imap, tag);
		return true;
	}
	if (!tag) {
		tag = imap_begin(imap, STEP_CAPABILITY);
		imap_put(imap, "CAPABILITY\r\n");
		if (!imap_flush(imap, err))
			return false;
	}
	return imap_wait(imap, tag, err);
}

static bool
is_one_of(const char *code, const char *const *codes)
{
	for (; code && *codes; codes++) {
		if (ascii_eq_nocase(code, *codes))
			return true;
	}
	return false;
}

/* RFC 5530: what the code says about whom to ask. */
static bool
refused(struct imap *imap, const struct attempt *attempt, struct error *err)
{
	static const char *const later[] = { "UNAVAILABLE", "SERVERBUG",
		"INUSE", "LIMIT", NULL };
	static const char *const privacy[] = { "PRIVACYREQUIRED", NULL };
	enum error_kind kind = ERR_LOGIN;

	if (is_one_of(attempt->code, later))
		kind = ERR_OFFLINE;
	else if (is_one_of(attempt->code, privacy))
		kind = ERR_UNTRUSTED;
	if (attempt->said && *attempt->said)
		error_set(err, kind, _("the server says: %s"), attempt->said);
	else
		error_set(err, kind, _("the server refuses"));
	return imap_die(imap, err);
}

/*
 * The login was chosen by what the server could when we last met.  False when
 * it still offers the mechanism tried, so that another try would be no other.
 */
static bool
chose_in_vain(struct imap *imap, struct attempt *attempt, const char *wanted,
	unsigned told_before)
{
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;
	enum mechanism again;

	if (!fresh_capabilities(imap, attempt, told_before, &ignored) ||
		!choose(imap, wanted, &again, &ignored) ||
		again == attempt->mechanism)
		return false;
	imap_keep_login_words(imap);
	attempt_clear(attempt);
	attempt->mechanism = again;
	return true;
}

static bool
log_in_with(struct imap *imap, const char *wanted, const char *secret,
	struct attempt *attempt, struct error *err)
{
	unsigned told_before = imap->capabilities_told;

	if (!try(imap, secret, attempt, err))
		return false;
	if (attempt->answer != ANSWER_OK && imap->from_memory &&
		chose_in_vain(imap, attempt, wanted, told_before)) {
		told_before = imap->capabilities_told;
		if (!imap_enter(imap, STEP_LOGIN, err) ||
			!try(imap, secret, attempt, err))
			return false;
	}
	if (attempt->answer != ANSWER_OK)
		return refused(imap, attempt, err);
	imap->authenticated = true;
	if (!fresh_capabilities(imap, attempt, told_before, err)) {
		/* A refusal leaves what it said before. */
		if (err->kind != ERR_REFUSED)
			return false;
		error_clear(err);
	}
	return true;
}

/* What fits nothing we remember may fit what the server says now. */
static bool
choose_fresh(struct imap *imap, const char *wanted, enum mechanism *ret,
	struct error *err)
{
	if (choose(imap, wanted, ret, err))
		return true;
	if (imap->from_memory) {
		imap->from_memory = false;
		error_clear(err);
		if (!imap_ask_capabilities(imap, err) ||
			!imap_enter(imap, STEP_LOGIN, err))
			return false;
		if (choose(imap, wanted, ret, err))
			return true;
	}
	return imap_die(imap, err);
}

bool
imap_log_in(struct imap *imap, const struct imap_options *options,
	struct error *err)
{
	const struct imap_login *login = &options->login;
	struct attempt attempt CLEANUP(attempt_clear) = { 0 };
	char *secret CLEANUP(free_secretp) = NULL;

	if (imap->authenticated)
		return true;
	if (!imap_enter(imap, STEP_LOGIN, err))
		return false;
	if (!choose_fresh(imap, login->mechanism, &attempt.mechanism, err))
		return false;
	imap_keep_login_words(imap);
	if (!login->password(login->ctx, &secret, err)) {
		wire_fail(imap->wire, err);
		return false;
	}
	wire_begin(imap->wire);
	return log_in_with(imap, login->mechanism, secret, &attempt, err);
}
