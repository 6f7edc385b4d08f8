/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/auth.h"

#include <sasl/sasl.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/thread.h"
#include "base/utf8.h"

enum { REASON_MAX = 300 };

static const char *const sasl_names[MECHANISMS] = {
	[MECHANISM_NONE] = "",
	[MECHANISM_COMMAND] = "",
	[MECHANISM_PLAIN] = "PLAIN",
	[MECHANISM_LOGIN] = "LOGIN",
	[MECHANISM_CRAM_MD5] = "CRAM-MD5",
	[MECHANISM_SCRAM_SHA_256] = "SCRAM-SHA-256",
	[MECHANISM_XOAUTH2] = "XOAUTH2",
	[MECHANISM_OAUTHBEARER] = "OAUTHBEARER",
};

struct auth {
	enum mechanism mechanism;
	int step;
	char *host;
	unsigned port;
	char *user;
	char *secret;
	char *reason;
	sasl_conn_t *sasl; /* SCRAM-SHA-256, CRAM-MD5 */
	sasl_callback_t callbacks[4];
	sasl_secret_t *sasl_secret;
	int sasl_status;
};

void
strbuf_clear_secret(struct strbuf *buf)
{
	if (buf->data)
		explicit_bzero(buf->data, buf->cap);
	strbuf_clear(buf);
}

uint32_t
auth_mechanism_bit(struct slice sasl_name)
{
	for (int i = MECHANISM_PLAIN; i < MECHANISMS; i++) {
		if (slice_eq_nocase(sasl_name, slice_str(sasl_names[i])))
			return 1u << i;
	}
	return 0;
}

const char *
auth_mechanism_name(enum mechanism mechanism)
{
	ASSERT(mechanism < MECHANISMS);
	return sasl_names[mechanism];
}

/*
 * The SASL library.  It keeps its lists of mechanisms without locks of its
 * own, so every call into it is made with this one taken; none waits for the
 * network.
 */
static struct lock sasl_lock = LOCK_INIT;
static enum { SASL_UNTRIED, SASL_READY, SASL_UNUSABLE } sasl_state;

static int
sasl_say_nothing(void *ctx, int level, const char *text)
{
	(void)ctx;
	(void)level;
	(void)text;
	return SASL_OK;
}

typedef void (*any_function)(void);
typedef int (*sasl_function)(void);

/* With the lock taken. */
static bool
sasl_is_ready(void)
{
	static const sasl_callback_t callbacks[] = {
		{ SASL_CB_LOG, (sasl_function)(any_function)sasl_say_nothing,
			NULL },
		{ SASL_CB_LIST_END, NULL, NULL },
	};

	if (sasl_state == SASL_UNTRIED)
		sasl_state = sasl_client_init(callbacks) == SASL_OK
				     ? SASL_READY
				     : SASL_UNUSABLE;
	return sasl_state == SASL_READY;
}

static bool
is_installed(enum mechanism mechanism)
{
	const char **names = NULL;
	bool found = false;

	if (mechanism != MECHANISM_CRAM_MD5 &&
		mechanism != MECHANISM_SCRAM_SHA_256)
		return true;
	lock_take(&sasl_lock);
	if (sasl_is_ready())
		names = sasl_global_listmech();
	for (; names && *names && !found; names++)
		found = ascii_eq_nocase(*names, sasl_names[mechanism]);
	lock_give(&sasl_lock);
	return found;
}

static bool
is_readable(enum mechanism mechanism)
{
	return mechanism != MECHANISM_CRAM_MD5 &&
	       mechanism != MECHANISM_SCRAM_SHA_256;
}

static const enum mechanism encrypted_order[] = { MECHANISM_PLAIN,
	MECHANISM_COMMAND, MECHANISM_LOGIN, MECHANISM_SCRAM_SHA_256,
	MECHANISM_CRAM_MD5, MECHANISM_NONE };
static const enum mechanism clear_order[] = { MECHANISM_SCRAM_SHA_256,
	MECHANISM_CRAM_MD5, MECHANISM_PLAIN, MECHANISM_COMMAND, MECHANISM_LOGIN,
	MECHANISM_NONE };
static const enum mechanism login_order[] = { MECHANISM_LOGIN,
	MECHANISM_COMMAND, MECHANISM_NONE };

static bool
not_installed(enum mechanism mechanism, struct error *err)
{
	return error_set(err, ERR_LOGIN,
		/* TRANSLATORS: SCRAM-SHA-256, for instance */
		_("the login mechanism %s is not installed on this machine "
		  "(Debian and Ubuntu have it in the package "
		  "libsasl2-modules)"),
		sasl_names[mechanism]);
}

/* The first of `order` that is offered, may be used and is installed. */
static bool
choose_first(const enum mechanism *order, uint32_t offered, bool readable,
	enum mechanism *ret, struct error *err)
{
	enum mechanism missing = MECHANISM_NONE;
	bool held_back = false;

	for (; *order != MECHANISM_NONE; order++) {
		if (!(offered & 1u << *order))
			continue;
		if (is_readable(*order) && !readable) {
			held_back = true;
			continue;
		}
		if (!is_installed(*order)) {
			missing = *order;
			continue;
		}
		*ret = *order;
		return true;
	}
	if (missing != MECHANISM_NONE)
		return not_installed(missing, err);
	if (held_back)
		return error_set(err, ERR_UNTRUSTED,
			_("the password was not sent, since anybody on the way "
			  "could read it"));
	error_set(err, ERR_LOGIN,
		_("the server offers no way to log in that can be used here"));
	return error_because(err, CAUSE_NO_MECHANISM);
}

bool
auth_choose(const char *wanted, uint32_t offered, bool encrypted,
	const struct endpoint *endpoint, enum mechanism *ret_mechanism,
	struct error *err)
{
	bool readable = encrypted || endpoint->security == SECURITY_CLEAR;
	enum mechanism only[2] = { MECHANISM_NONE, MECHANISM_NONE };

	if (!wanted || ascii_eq_nocase(wanted, "auto"))
		return choose_first(encrypted ? encrypted_order : clear_order,
			offered, readable, ret_mechanism, err);
	if (ascii_eq_nocase(wanted, "login"))
		return choose_first(
			login_order, offered, readable, ret_mechanism, err);
	for (int i = MECHANISM_PLAIN; i < MECHANISMS; i++) {
		if (ascii_eq_nocase(wanted, sasl_names[i]))
			only[0] = (enum mechanism)i;
	}
	if (only[0] == MECHANISM_NONE)
		return error_set(err, ERR_INVALID,
			_("there is no login mechanism \"%s\""), wanted);
	if (!(offered & 1u << only[0])) {
		error_set(err, ERR_LOGIN,
			_("the server does not offer the login mechanism %s"),
			sasl_names[only[0]]);
		return error_because(err, CAUSE_NO_MECHANISM);
	}
	return choose_first(only, offered, readable, ret_mechanism, err);
}

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
base64_encode(struct slice bytes, struct strbuf *out)
{
	const unsigned char *p = (const unsigned char *)bytes.data;
	size_t left = bytes.len;

	for (; left > 0; p += 3, left -= left < 3 ? left : 3) {
		unsigned n = (unsigned)p[0] << 16;
		char four[4];

		if (left > 1)
			n |= (unsigned)p[1] << 8;
		if (left > 2)
			n |= p[2];
		four[0] = base64_digits[n >> 18];
		four[1] = base64_digits[n >> 12 & 63];
		four[2] = left > 1 ? base64_digits[n >> 6 & 63] : '=';
		four[3] = left > 2 ? base64_digits[n & 63] : '=';
		strbuf_add(out, four, sizeof(four));
	}
}

static bool
base64_decode(struct slice text, struct strbuf *out)
{
	unsigned bits = 0;
	int n_bits = 0;

	text = slice_trim(text);
	while (text.len > 0 && text.data[text.len - 1] == '=')
		text.len--;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		const char *at = c ? strchr(base64_digits, c) : NULL;

		if (!at)
			return false;
		bits = (bits << 6 | (unsigned)(at - base64_digits)) & 0xffffff;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			strbuf_add_char(out, (char)(bits >> n_bits & 0xff));
		}
	}
	return !out->full;
}

static int
give_name(void *ctx, int id, const char **ret, unsigned *ret_len)
{
	struct auth *auth = ctx;

	(void)id;
	*ret = auth->user;
	if (ret_len)
		*ret_len = (unsigned)strlen(auth->user);
	return SASL_OK;
}

static int
give_secret(sasl_conn_t *sasl, void *ctx, int id, sasl_secret_t **ret)
{
	struct auth *auth = ctx;

	(void)sasl;
	(void)id;
	*ret = auth->sasl_secret;
	return SASL_OK;
}

static bool
sasl_begin(struct auth *auth, const char *service, struct error *err)
{
	sasl_security_properties_t properties = { 0 };
	size_t len = strlen(auth->secret);
	int status = SASL_FAIL;

	auth->callbacks[0] = (sasl_callback_t){ SASL_CB_USER,
		(sasl_function)(any_function)give_name, auth };
	auth->callbacks[1] = (sasl_callback_t){ SASL_CB_AUTHNAME,
		(sasl_function)(any_function)give_name, auth };
	auth->callbacks[2] = (sasl_callback_t){ SASL_CB_PASS,
		(sasl_function)(any_function)give_secret, auth };
	auth->callbacks[3] = (sasl_callback_t){ SASL_CB_LIST_END, NULL, NULL };
	auth->sasl_secret = xcalloc(1, sizeof(sasl_secret_t) + len + 1);
	auth->sasl_secret->len = len;
	memcpy(auth->sasl_secret->data, auth->secret, len);
	lock_take(&sasl_lock);
	if (sasl_is_ready())
		status = sasl_client_new(service, auth->host, NULL, NULL,
			auth->callbacks, 0, &auth->sasl);
	if (status == SASL_OK)
		status = sasl_setprop(auth->sasl, SASL_SEC_PROPS, &properties);
	lock_give(&sasl_lock);
	if (status == SASL_OK)
		return true;
	return error_set(err, ERR_LOGIN,
		_("the SASL library cannot be used: %s"),
		sasl_errstring(status, NULL, NULL));
}

bool
auth_begin(enum mechanism mechanism, const char *service,
	const struct endpoint *endpoint, const char *secret,
	struct auth **ret_auth, struct error *err)
{
	struct auth *auth CLEANUP(auth_endp) = NULL;
	const char *user = endpoint->user ? endpoint->user : "";

	ASSERT(mechanism > MECHANISM_COMMAND && mechanism < MECHANISMS);
	if (strlen(secret) + strlen(user) > AUTH_SECRET_MAX)
		return error_set(
			err, ERR_LOGIN, _("the password or token is too long"));
	/* RFC 7628 3.1: the fields are separated by it. */
	if (strpbrk(secret, "\r\n\001") || strpbrk(user, "\r\n\001"))
		return error_set(err, ERR_LOGIN,
			_("the user name or password holds a control "
			  "character"));
	auth = xnew(struct auth);
	auth->mechanism = mechanism;
	auth->host = xstrdup(endpoint->host);
	auth->port = endpoint->port;
	auth->user = xstrdup(user);
	auth->secret = xstrdup(secret);
	if (!is_readable(mechanism)) {
		if (!is_installed(mechanism))
			return not_installed(mechanism, err);
		if (!sasl_begin(auth, service, err))
			return false;
	}
	*ret_auth = STEAL(auth);
	return true;
}

void
auth_end(struct auth *auth)
{
	if (!auth)
		return;
	if (auth->sasl) {
		lock_take(&sasl_lock);
		sasl_dispose(&auth->sasl);
		lock_give(&sasl_lock);
	}
	if (auth->sasl_secret) {
		explicit_bzero(auth->sasl_secret->data, auth->sasl_secret->len);
		free(auth->sasl_secret);
	}
	free(auth->host);
	free(auth->user);
	free_secret(auth->secret);
	free(auth->reason);
	free(auth);
}

void
auth_endp(struct auth **auth)
{
	auth_end(*auth);
}

bool
auth_speaks_first(const struct auth *auth)
{
	return auth->mechanism != MECHANISM_LOGIN &&
	       auth->mechanism != MECHANISM_CRAM_MD5;
}

bool
auth_is_done(const struct auth *auth)
{
	switch (auth->mechanism) {
	case MECHANISM_CRAM_MD5:
	case MECHANISM_SCRAM_SHA_256:
		return auth->step > 0 && auth->sasl_status == SASL_OK;
	case MECHANISM_LOGIN:
		return auth->step > 1;
	case MECHANISM_PLAIN:
	case MECHANISM_XOAUTH2:
	case MECHANISM_OAUTHBEARER:
		return auth->step > 0;
	case MECHANISM_NONE:
	case MECHANISM_COMMAND:
	case MECHANISMS:
		break;
	}
	UNREACHABLE();
}

const char *
auth_reason(const struct auth *auth)
{
	return auth->reason;
}

static bool
out_of_step(const struct auth *auth, struct error *err)
{
	return error_set(err, ERR_PROTOCOL,
		_("the server does not follow the login mechanism %s"),
		sasl_names[auth->mechanism]);
}

/* RFC 5801 4: the name in a GS2 header. */
static void
add_gs2_name(struct strbuf *out, const char *name)
{
	for (; *name; name++) {
		if (*name == ',')
			strbuf_add_str(out, "=2C");
		else if (*name == '=')
			strbuf_add_str(out, "=3D");
		else
			strbuf_add_char(out, *name);
	}
}

/* A token was refused: the server tells why and wants one more answer. */
static void
token_refused(struct auth *auth, struct slice reason, struct strbuf *out)
{
	struct strbuf text;

	reason = slice_head(reason, utf8_cut(reason, REASON_MAX));
	strbuf_init(&text, 3 * REASON_MAX);
	utf8_inert(reason, &text);
	strbuf_cut(&text, utf8_cut(strbuf_slice(&text), REASON_MAX));
	free(auth->reason);
	auth->reason = strbuf_take(&text);
	if (auth->mechanism == MECHANISM_OAUTHBEARER)
		strbuf_add_char(out, '\001'); /* RFC 7628 3.2.3 */
}

static bool
own_answer(struct auth *auth, struct slice challenge, struct strbuf *out,
	struct error *err)
{
	int step = auth->step++;

	switch (auth->mechanism) {
	case MECHANISM_PLAIN:
		if (step > 0)
			return out_of_step(auth, err);
		strbuf_add_char(out, '\0');
		strbuf_add_str(out, auth->user);
		strbuf_add_char(out, '\0');
		strbuf_add_str(out, auth->secret);
		return true;
	case MECHANISM_LOGIN:
		if (step > 1)
			return out_of_step(auth, err);
		strbuf_add_str(out, step == 0 ? auth->user : auth->secret);
		return true;
	case MECHANISM_XOAUTH2:
	case MECHANISM_OAUTHBEARER:
		if (step > 1)
			return out_of_step(auth, err);
		if (step == 1) {
			token_refused(auth, challenge, out);
			return true;
		}
		if (auth->mechanism == MECHANISM_XOAUTH2) {
			strbuf_addf(out, "user=%s\001auth=Bearer %s\001\001",
				auth->user, auth->secret);
			return true;
		}
		strbuf_add_str(out, "n,a=");
		add_gs2_name(out, auth->user);
		strbuf_addf(out,
			",\001host=%s\001port=%u\001auth=Bearer %s\001\001",
			auth->host, auth->port, auth->secret);
		return true;
	case MECHANISM_NONE:
	case MECHANISM_COMMAND:
	case MECHANISM_CRAM_MD5:
	case MECHANISM_SCRAM_SHA_256:
	case MECHANISMS:
		break;
	}
	UNREACHABLE();
}

static bool
sasl_answer(struct auth *auth, struct slice challenge, struct strbuf *out,
	struct error *err)
{
	const char *answer = NULL;
	unsigned len = 0;
	int status;

	lock_take(&sasl_lock);
	if (auth->step++ == 0) {
		const char *used;

		status = sasl_client_start(auth->sasl,
			sasl_names[auth->mechanism], NULL,
			auth_speaks_first(auth) ? &answer : NULL,
			auth_speaks_first(auth) ? &len : NULL, &used);
		if (status >= SASL_OK && !auth_speaks_first(auth))
			status = sasl_client_step(auth->sasl, challenge.data,
				(unsigned)challenge.len, NULL, &answer, &len);
	} else {
		status = sasl_client_step(auth->sasl, challenge.data,
			(unsigned)challenge.len, NULL, &answer, &len);
	}
	auth->sasl_status = status;
	if (status >= SASL_OK)
		strbuf_add(out, answer ? answer : "", answer ? len : 0);
	lock_give(&sasl_lock);
	if (status >= SASL_OK)
		return true;
	out_of_step(auth, err);
	error_detail(err, "sasl: %s", sasl_errstring(status, NULL, NULL));
	return false;
}

bool
auth_answer(struct auth *auth, struct slice challenge, struct strbuf *out,
	struct error *err)
{
	struct strbuf asked CLEANUP(strbuf_clear_secret) = { 0 };
	struct strbuf answer CLEANUP(strbuf_clear_secret) = { 0 };
	bool good;

	strbuf_init(&asked, AUTH_LINE_MAX);
	strbuf_init(&answer, AUTH_LINE_MAX);
	if (!base64_decode(slice_head(challenge, AUTH_LINE_MAX), &asked)) {
		/* RFC 3501 allows no text here; Exchange's LOGIN sends some. */
		strbuf_reset(&asked);
	}
	/* Room made once, so that no copy of a secret is left behind. */
	if (!strbuf_room(&answer, 2 * AUTH_SECRET_MAX))
		UNREACHABLE();
	good = is_readable(auth->mechanism)
		       ? own_answer(auth, strbuf_slice(&asked), &answer, err)
		       : sasl_answer(auth, strbuf_slice(&asked), &answer, err);
	if (!good)
		return false;
	if (!strbuf_room(out, (answer.len + 2) / 3 * 4))
		return out_of_step(auth, err);
	base64_encode(strbuf_slice(&answer), out);
	return true;
}
