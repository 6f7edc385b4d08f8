/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/auth.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"

#include "tap.h"

#define BIT(name) (1u << MECHANISM_##name)

static const struct choice {
	const char *wanted;
	uint32_t offered;
	bool encrypted;
	enum security security;
	enum mechanism want; /* MECHANISM_NONE: refused with `kind` */
	enum error_kind kind;
} choices[] = {
	/* over TLS: one round trip */
	{ "auto", BIT(PLAIN) | BIT(LOGIN) | BIT(COMMAND), true, SECURITY_TLS,
		MECHANISM_PLAIN, ERR_NONE },
	{ NULL, BIT(LOGIN) | BIT(COMMAND), true, SECURITY_TLS,
		MECHANISM_COMMAND, ERR_NONE },
	{ "AUTO", BIT(LOGIN), true, SECURITY_STARTTLS, MECHANISM_LOGIN,
		ERR_NONE },
	{ "auto", BIT(XOAUTH2) | BIT(OAUTHBEARER), true, SECURITY_TLS,
		MECHANISM_NONE, ERR_LOGIN },
	{ "auto", 0, true, SECURITY_TLS, MECHANISM_NONE, ERR_LOGIN },
	/* in clear, and not asked for: nothing readable, whatever is wanted */
	{ "auto", BIT(PLAIN) | BIT(LOGIN) | BIT(COMMAND), false,
		SECURITY_STARTTLS, MECHANISM_NONE, ERR_UNTRUSTED },
	{ "plain", BIT(PLAIN), false, SECURITY_STARTTLS, MECHANISM_NONE,
		ERR_UNTRUSTED },
	{ "login", BIT(LOGIN) | BIT(COMMAND), false, SECURITY_TLS,
		MECHANISM_NONE, ERR_UNTRUSTED },
	{ "xoauth2", BIT(XOAUTH2), false, SECURITY_STARTTLS, MECHANISM_NONE,
		ERR_UNTRUSTED },
	{ "oauthbearer", BIT(OAUTHBEARER), false, SECURITY_TLS, MECHANISM_NONE,
		ERR_UNTRUSTED },
	/* in clear as asked for */
	{ "auto", BIT(PLAIN), false, SECURITY_CLEAR, MECHANISM_PLAIN,
		ERR_NONE },
	{ "auto", BIT(LOGIN) | BIT(COMMAND), false, SECURITY_CLEAR,
		MECHANISM_COMMAND, ERR_NONE },
	/* one in particular */
	{ "login", BIT(PLAIN) | BIT(LOGIN) | BIT(COMMAND), true, SECURITY_TLS,
		MECHANISM_LOGIN, ERR_NONE },
	{ "login", BIT(PLAIN) | BIT(COMMAND), true, SECURITY_TLS,
		MECHANISM_COMMAND, ERR_NONE },
	{ "plain", BIT(LOGIN) | BIT(COMMAND), true, SECURITY_TLS,
		MECHANISM_NONE, ERR_LOGIN },
	{ "xoauth2", BIT(XOAUTH2) | BIT(PLAIN), true, SECURITY_TLS,
		MECHANISM_XOAUTH2, ERR_NONE },
	{ "gssapi", ~0u, true, SECURITY_TLS, MECHANISM_NONE, ERR_INVALID },
	/* SASL_PATH leads nowhere: those of the library are missing */
	{ "scram-sha-256", BIT(SCRAM_SHA_256), true, SECURITY_TLS,
		MECHANISM_NONE, ERR_LOGIN },
	{ "cram-md5", BIT(CRAM_MD5), false, SECURITY_TLS, MECHANISM_NONE,
		ERR_LOGIN },
	{ "auto", BIT(SCRAM_SHA_256) | BIT(PLAIN), false, SECURITY_CLEAR,
		MECHANISM_PLAIN, ERR_NONE },
	{ "auto", BIT(SCRAM_SHA_256) | BIT(PLAIN), false, SECURITY_STARTTLS,
		MECHANISM_NONE, ERR_LOGIN },
};

static void
test_choices(void)
{
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		const struct choice *it = &choices[i];
		struct endpoint endpoint = { .host = (char *)"h",
			.security = it->security };
		enum mechanism got = MECHANISM_NONE;
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		bool chosen = auth_choose(it->wanted, it->offered,
			it->encrypted, &endpoint, &got, &err);

		ok(chosen == (it->want != MECHANISM_NONE) && got == it->want &&
				err.kind == it->kind,
			"%s of 0x%x%s: %s", it->wanted ? it->wanted : "(unset)",
			it->offered, it->encrypted ? " over TLS" : "",
			chosen ? auth_mechanism_name(got) : err.text);
		if (it->offered == BIT(SCRAM_SHA_256))
			ok(err.text && strstr(err.text, "libsasl2-modules"),
				"  names the package");
	}
}

/* Each dialogue of ours, step by step, in base64. */
static const struct dialogue {
	enum mechanism mechanism;
	const char *secret;
	bool first;
	const char *steps[7]; /* challenge, answer, ...; NULL answer: refused */
} dialogues[] = {
	{ MECHANISM_PLAIN, "pa\xc3\xa4", true,
		{ "", "AGFubj1hLGIAcGHDpA==", "AAAA", NULL } },
	{ MECHANISM_LOGIN, "secret", false,
		{ "VXNlcjo=", "YW5uPWEsYg==", "Password:", "c2VjcmV0", "",
			NULL } },
	{ MECHANISM_XOAUTH2, "tok", true,
		{ "", "dXNlcj1hbm49YSxiAWF1dGg9QmVhcmVyIHRvawEB", "e30=", "",
			"e30=", NULL } },
	/* RFC 5801: "=" and "," in a name are written =3D and =2C. */
	{ MECHANISM_OAUTHBEARER, "tok", true,
		{ "",
			"bixhPWFubj0zRGE9MkNiLAFob3N0PWgBcG9ydD05OTMBYXV0aD1CZW"
			"FyZXIgdG9rAQE=",
			"e30=", "AQ==", "e30=", NULL } },
};

static void
test_dialogues(void)
{
	struct endpoint endpoint = {
		.host = (char *)"h", .port = 993, .user = (char *)"ann=a,b"
	};

	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++) {
		const struct dialogue *it = &dialogues[i];
		struct auth *auth CLEANUP(auth_endp) = NULL;
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		if (!ok(auth_begin(it->mechanism, "imap", &endpoint, it->secret,
				&auth, &err),
			    "%s", auth_mechanism_name(it->mechanism)))
			continue;
		ok(auth_speaks_first(auth) == it->first, "  who begins");
		ok(!auth_is_done(auth), "  not done before it began");
		for (size_t j = 0; it->steps[j]; j += 2) {
			struct strbuf out CLEANUP(strbuf_clear) = { 0 };
			bool good;

			strbuf_init(&out, AUTH_LINE_MAX);
			good = auth_answer(
				auth, slice_str(it->steps[j]), &out, &err);
			if (it->steps[j + 1])
				is_str(out.data, it->steps[j + 1], "  answer");
			else
				ok(!good && err.kind == ERR_PROTOCOL,
					"  and no more");
			if (!good)
				break;
		}
		ok(auth_is_done(auth), "  done");
	}
}

static void
test_bad_secrets(void)
{
	struct endpoint endpoint = { .host = (char *)"h",
		.user = (char *)"ann" };
	char *huge = xmalloc(AUTH_SECRET_MAX + 1);
	const char *const secrets[] = { "a\nb", "a\rb", "a\001b", huge };

	memset(huge, 'x', AUTH_SECRET_MAX);
	huge[AUTH_SECRET_MAX] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
		struct auth *auth = NULL;
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		ok(!auth_begin(MECHANISM_XOAUTH2, "imap", &endpoint, secrets[i],
			   &auth, &err) &&
				err.kind == ERR_LOGIN,
			"secret %zu is refused", i);
	}
	free(huge);
}

int
main(void)
{
	/* Before the library is asked for the first time. */
	setenv("SASL_PATH", "/nonexistent", 1);
	test_choices();
	test_dialogues();
	test_bad_secrets();
	return tap_done();
}
