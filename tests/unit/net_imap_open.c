/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the greeting to the end of the login, against a scripted server. */
#include <signal.h>

#include "base/array.h"
#include "base/clock.h"
#include "net/imap.h"

#include "net_script.h"
#include "tap.h"

static struct strbuf alerts;

static void
on_alert(void *ctx, const char *text)
{
	(void)ctx;
	strbuf_addf(&alerts, "[%s]", text);
}

static const struct imap_handler handler = { .alert = on_alert };

static bool
give_password(void *ctx, char **ret_secret, struct error *err)
{
	if (!ctx)
		return error_set(err, ERR_LOGIN, "no password here");
	*ret_secret = xstrdup(ctx);
	return true;
}

#define CAPA    "* OK [CAPABILITY IMAP4rev1 "
#define SESSION "S %T OK [CAPABILITY IMAP4rev1] in\n"

/* What a case does not say is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct opening {
	const char *name;
	const char *script;
	enum security security;
	enum error_kind kind; /* ERR_NONE: it opens */
	const char *text;     /* of the error, or part of it */
	const char *mechanism;
	const char *password;
	const char *remembered;
	const char *alerts;
	const char *user;
	const char *capabilities; /* the text in the end */
};

static const struct opening openings[] = {
	/* greetings */
	{ "capabilities in greeting and login",
		"S " CAPA "LOGIN-REFERRALS] hi\nC %T LOGIN \"ann\" \"secret\"\n"
		"S %T OK [CAPABILITY IMAP4rev1 IDLE] in\n",
		SECURITY_CLEAR },
	{ "capabilities asked, once more along with the login",
		"S * OK hi\nC %T CAPABILITY\nS * CAPABILITY IMAP4rev1\n"
		"S %T OK done\nC %T LOGIN \"ann\" \"secret\"\nS %T OK in\n"
		"C %T CAPABILITY\nS * CAPABILITY IMAP4rev1 IDLE|%T OK\n",
		SECURITY_CLEAR },
	{ "capabilities told unasked behind the login",
		"S * OK hi\nC %T CAPABILITY\nS * CAPABILITY IMAP4rev1\n"
		"S %T OK\nC %T LOGIN *\n"
		"S * CAPABILITY IMAP4rev1 IDLE|%T OK in\nC %T CAPABILITY\n"
		"S * CAPABILITY IMAP4rev1 IDLE|%T OK\n",
		SECURITY_CLEAR },
	{ "greeting without text",
		"S * OK\nC %T CAPABILITY\nS * CAPABILITY "
		"IMAP4rev1|%T OK\nC *\n" SESSION,
		SECURITY_CLEAR },
	{ "BYE", "S * BYE too many of you\nX\n", SECURITY_CLEAR, ERR_OFFLINE,
		"goodbye: too many of you" },
	{ "BYE without text", "S * BYE\nX\n", SECURITY_CLEAR, ERR_OFFLINE,
		"goodbye" },
	{ "NO", "S * NO not today\n", SECURITY_CLEAR, ERR_OFFLINE,
		"not today" },
	{ "BAD", "S * BAD\n", SECURITY_CLEAR, ERR_OFFLINE, "goodbye" },
	{ "silence", "X\n", SECURITY_CLEAR, ERR_OFFLINE, "closed" },
	{ "another protocol", "S 220 mail.example ESMTP\n", SECURITY_CLEAR,
		ERR_PROTOCOL, "does not speak IMAP" },
	{ "rubbish", "S \xff\xfe\x01\n", SECURITY_CLEAR, ERR_PROTOCOL, "IMAP" },
	{ "data for a greeting", "S * 10 EXISTS\n", SECURITY_CLEAR,
		ERR_PROTOCOL, "does not speak IMAP" },
	{ "tagged line for a greeting", "S t1 OK\n", SECURITY_CLEAR,
		ERR_PROTOCOL, "does not speak IMAP" },
	{ "control characters in what it says", "S * BYE \033[31mred\a\nX\n",
		SECURITY_CLEAR, ERR_OFFLINE, "goodbye:  [31mred" },
	{ "ALERT",
		"S * OK [ALERT] down at noon\nC %T CAPABILITY\n"
		"S * OK [ALERT]|* CAPABILITY IMAP4rev1|%T OK [ALERT] ok\n"
		"C %T LOGIN *\nS %T OK [CAPABILITY IMAP4rev1] in\n",
		SECURITY_CLEAR, .alerts = "[down at noon][ok]" },
	{ "codes that crash libetpan",
		"S * OK [PARSE]\nC %T CAPABILITY\n"
		"S * OK [PERMANENTFLAGS (\\] bad]|* OK [ALERT]|* CAPABILITY "
		"IMAP4rev1|%T OK\nC *\n" SESSION,
		SECURITY_CLEAR },
	{ "data before login are of no account",
		"S " CAPA
		"] hi|* 10 EXISTS|* LIST () \"/\" x|* 1 FETCH (UID 1)|"
		"* STATUS x (MESSAGES 1)|* ENABLED QRESYNC\nC *\n" SESSION,
		SECURITY_CLEAR },

	{ "CAPABILITY answered with nothing, which crashes libetpan",
		"S * OK hi\nC %T CAPABILITY\nS %T OK x\nC *\nS %T OK in\n"
		"C %T CAPABILITY\nS %T OK x\n",
		SECURITY_CLEAR },
	{ "CAPABILITY answered with rubbish, which does too",
		"S * OK hi\nC %T CAPABILITY\nS * CAPABILITY ((|%T OK x\nC *\n"
		"S %T OK in\nC %T CAPABILITY\nS * CAPABILITY|%T OK x\n",
		SECURITY_CLEAR },
	{ "CAPABILITY refused", "S * OK hi\nC *\nS %T BAD what\n",
		SECURITY_CLEAR, ERR_PROTOCOL, "what" },

	/* PREAUTH */
	{ "PREAUTH in clear, as asked for",
		"S * PREAUTH [CAPABILITY IMAP4rev1] hi\n", SECURITY_CLEAR },
	{ "PREAUTH asks for capabilities",
		"S * PREAUTH hi\nC %T CAPABILITY\n"
		"S * CAPABILITY IMAP4rev1|%T OK\n",
		SECURITY_CLEAR },
	{ "PREAUTH where TLS is demanded",
		"S * PREAUTH [CAPABILITY IMAP4rev1 "
		"STARTTLS] hi\n",
		SECURITY_STARTTLS, ERR_UNTRUSTED, "skip encryption" },

	/* STARTTLS */
	{ "STARTTLS stripped", "S " CAPA "] hi\n", SECURITY_STARTTLS,
		ERR_UNTRUSTED, "does not offer encryption" },
	{ "STARTTLS refused", "S * OK hi\nC %T STARTTLS\nS %T NO not here\n",
		SECURITY_STARTTLS, ERR_UNTRUSTED, "not here" },
	{ "STARTTLS not understood",
		"S " CAPA "STARTTLS] hi\nC %T STARTTLS\n"
		"S %T BAD what\n",
		SECURITY_STARTTLS, ERR_UNTRUSTED, "what" },
	{ "bytes behind the go-ahead",
		"S * OK hi\nC %T STARTTLS\n"
		"S %T OK go|* OK more\n",
		SECURITY_STARTTLS, ERR_UNTRUSTED, NULL },
	{ "no TLS behind the go-ahead",
		"S * OK hi\nC %T STARTTLS\nS %T OK go\n"
		"W 100\nS * OK surprise\n",
		SECURITY_STARTTLS, ERR_UNTRUSTED, NULL },
	{ "nobody is alerted before TLS",
		"S * OK [ALERT] enter your password\n"
		"C %T STARTTLS\nS %T NO [ALERT] here\n",
		SECURITY_STARTTLS, ERR_UNTRUSTED, NULL, .alerts = "" },

	/* mechanisms */
	{ "PLAIN in one line",
		"S " CAPA "SASL-IR AUTH=PLAIN] hi\n"
		"C %T AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=\n" SESSION,
		SECURITY_CLEAR },
	{ "PLAIN without initial response, untagged data before the '+'",
		"S " CAPA "AUTH=PLAIN] hi\nC %T AUTHENTICATE PLAIN\n"
		"S * OK wait|* BAD hm|+ \nC AGFubgBzZWNyZXQ=\n"
		"S %T OK in\nC %T CAPABILITY\nS * CAPABILITY IMAP4rev1|%T OK\n",
		SECURITY_CLEAR, .mechanism = "plain" },
	{ "a '+' alone",
		"S " CAPA "AUTH=PLAIN] hi\nC %T AUTHENTICATE PLAIN\n"
		"S +\nC AGFubgBzZWNyZXQ=\n" SESSION,
		SECURITY_CLEAR, .mechanism = "plain" },
	{ "auto takes the command where it saves a round trip",
		"S " CAPA
		"AUTH=PLAIN] hi\nC %T LOGIN \"ann\" \"secret\"\n" SESSION,
		SECURITY_CLEAR },
	{ "LOGINDISABLED is obeyed", "S " CAPA "LOGINDISABLED] hi\n",
		SECURITY_CLEAR, ERR_LOGIN, "no way to log in" },
	{ "LOGINDISABLED, by SASL's LOGIN",
		"S " CAPA "LOGINDISABLED AUTH=LOGIN] hi\n"
		"C %T AUTHENTICATE LOGIN\nS + VXNlcm5hbWU6\nC YW5u\n"
		"S + UGFzc3dvcmQ6\nC c2VjcmV0\n" SESSION,
		SECURITY_CLEAR, .mechanism = "login" },
	{ "CRAM-MD5 (RFC 2195 2)",
		"S " CAPA "AUTH=CRAM-MD5] hi\n"
		"C %T AUTHENTICATE CRAM-MD5\n"
		"S + PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\n"
		"C dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\n" SESSION,
		SECURITY_CLEAR, .mechanism = "cram-md5",
		.password = "tanstaaftanstaaf", .user = "tim" },
	{ "auto prefers what reveals least in clear",
		"S " CAPA "SASL-IR AUTH=PLAIN AUTH=CRAM-MD5] hi\n"
		"C %T AUTHENTICATE CRAM-MD5\nS + PDFAeD4=\nC ?\n" SESSION,
		SECURITY_CLEAR },
	{ "SCRAM: OK before the server has proved itself",
		"S " CAPA "SASL-IR AUTH=SCRAM-SHA-256] hi\n"
		"C %T AUTHENTICATE SCRAM-SHA-256 *\nS %T OK in\n",
		SECURITY_CLEAR, ERR_UNTRUSTED, "did not prove",
		.mechanism = "scram-sha-256" },
	{ "SCRAM: a challenge that does not fit",
		"S " CAPA "SASL-IR AUTH=SCRAM-SHA-256] hi\n"
		"C *\nS + cj1mb28scz1ZbUZ5LGk9NDA5Ng==\nC **\n",
		SECURITY_CLEAR, ERR_PROTOCOL, "SCRAM-SHA-256",
		.mechanism = "scram-sha-256" },
	{ "a mechanism that is not offered", "S " CAPA "AUTH=PLAIN] hi\n",
		SECURITY_CLEAR, ERR_LOGIN, "SCRAM-SHA-256",
		.mechanism = "scram-sha-256" },
	{ "XOAUTH2",
		"S " CAPA "SASL-IR AUTH=XOAUTH2] hi\nC %T AUTHENTICATE "
		"XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE=\n" SESSION,
		SECURITY_CLEAR, .mechanism = "xoauth2" },
	{ "XOAUTH2 refused with a reason",
		"S " CAPA "SASL-IR AUTH=XOAUTH2] hi\nC %T AUTHENTICATE *\n"
		"S + eyJzdGF0dXMiOiI0MDAifQ==\nC \nS %T NO failed\n",
		SECURITY_CLEAR, ERR_LOGIN, "failed ({\"status\":\"400\"})",
		.mechanism = "xoauth2" },
	{ "OAUTHBEARER refused with a reason",
		"S " CAPA "SASL-IR AUTH=OAUTHBEARER] hi\n"
		"C %T AUTHENTICATE OAUTHBEARER bixhPWFubiwBaG9zdD0*\n"
		"S + eyJzdGF0dXMiOiI0MDAifQ==\nC AQ==\nS %T NO failed\n",
		SECURITY_CLEAR, ERR_LOGIN, "failed ({\"status\":\"400\"})",
		.mechanism = "oauthbearer" },
	{ "a server that never stops asking",
		"S " CAPA "AUTH=LOGIN LOGINDISABLED] hi\nC *\nS +\nC ?\nS +\n"
		"C ?\nS +\nC **\n",
		SECURITY_CLEAR, ERR_PROTOCOL, "LOGIN", .mechanism = "login" },

	/* what goes over the line */
	{ "quotes and backslashes",
		"S " CAPA
		"] hi\nC %T LOGIN \"ann\" \"a\\\"b\\\\c d\"\n" SESSION,
		SECURITY_CLEAR, .password = "a\"b\\c d" },
	{ "a literal, waited for",
		"S " CAPA "] hi\nC %T LOGIN \"ann\" {3}\nS * OK wait|+ go\n"
		"C \xc3\xbcx\n" SESSION,
		SECURITY_CLEAR, .password = "\xc3\xbcx" },
	{ "a literal, not waited for",
		"S " CAPA "LITERAL+] hi\nC %T LOGIN \"ann\" {3+}\n"
		"C \xc3\xbcx\n" SESSION,
		SECURITY_CLEAR, .password = "\xc3\xbcx" },
	{ "a literal that is refused",
		"S " CAPA
		"] hi\nC %T LOGIN \"ann\" {3}\nS %T BAD no literals\n",
		SECURITY_CLEAR, ERR_LOGIN, "no literals",
		.password = "\xc3\xbcx" },
	{ "a line break in the password", "S " CAPA "] hi\n", SECURITY_CLEAR,
		ERR_LOGIN, "cannot be sent", .password = "a\r\nt9 LOGOUT" },
	{ "no password", "S " CAPA "] hi\n", SECURITY_CLEAR, ERR_LOGIN,
		"no password here", .password = "" },

	/* verdicts */
	{ "NO", "S " CAPA "] hi\nC *\nS %T NO [AUTHENTICATIONFAILED] wrong\n",
		SECURITY_CLEAR, ERR_LOGIN, "Cannot log in to 127.0.0.1:" },
	{ "NO for now", "S " CAPA "] hi\nC *\nS %T NO [UNAVAILABLE] later\n",
		SECURITY_CLEAR, ERR_OFFLINE, "the server says: later" },
	{ "NO without TLS",
		"S " CAPA "] hi\nC *\nS %T NO [PRIVACYREQUIRED] no\n",
		SECURITY_CLEAR, ERR_UNTRUSTED, NULL },
	{ "NO without a word", "S " CAPA "] hi\nC *\nS %T NO\n", SECURITY_CLEAR,
		ERR_LOGIN, "the server refuses" },
	{ "BAD", "S " CAPA "] hi\nC *\nS %T BAD hm\n", SECURITY_CLEAR,
		ERR_LOGIN, "hm" },
	{ "a referral is not followed",
		"S " CAPA "] hi\nC *\n"
		"S %T NO [REFERRAL imap://ann@127.0.0.1:1/] elsewhere\n",
		SECURITY_CLEAR, ERR_LOGIN, "elsewhere" },
	{ "BYE for an answer", "S " CAPA "] hi\nC *\nS * BYE no more\nX\n",
		SECURITY_CLEAR, ERR_OFFLINE, "no more" },
	{ "closed for an answer", "S " CAPA "] hi\nC *\nX\n", SECURITY_CLEAR,
		ERR_OFFLINE, "closed" },
	{ "another tag", "S " CAPA "] hi\nC *\nS t9 OK in\n", SECURITY_CLEAR,
		ERR_PROTOCOL, "not asked" },
	{ "rubbish for an answer", "S " CAPA "] hi\nC *\nS what is this\n",
		SECURITY_CLEAR, ERR_PROTOCOL, "IMAP" },

	/* capabilities of last time */
	{ "remembered capabilities save a round trip",
		"S * OK hi\nC %T AUTHENTICATE PLAIN *\nS %T OK in\n"
		"C %T CAPABILITY\nS * CAPABILITY IMAP4rev1 IDLE|%T OK\n",
		SECURITY_CLEAR, .remembered = "IMAP4rev1 SASL-IR AUTH=PLAIN" },
	{ "remembered capabilities that no longer hold",
		"S * OK hi\nC %T AUTHENTICATE PLAIN *\nS %T NO what\n"
		"C %T CAPABILITY\nS * CAPABILITY IMAP4rev1|%T OK\n"
		"C %T LOGIN \"ann\" \"secret\"\nS %T OK in\nC %T CAPABILITY\n"
		"S * CAPABILITY IMAP4rev1 IDLE|%T OK\n",
		SECURITY_CLEAR, .remembered = "IMAP4rev1 SASL-IR AUTH=PLAIN" },
	{ "remembered capabilities that hold: the password is wrong",
		"S * OK hi\nC %T AUTHENTICATE PLAIN *\nS %T NO wrong\n"
		"C %T CAPABILITY\n"
		"S * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN|%T OK\n",
		SECURITY_CLEAR, ERR_LOGIN, "wrong",
		.remembered = "IMAP4rev1 SASL-IR AUTH=PLAIN" },
	{ "nothing remembered fits what is wanted",
		"S * OK hi\nC %T CAPABILITY\n"
		"S * CAPABILITY IMAP4rev1 AUTH=LOGIN|%T OK\n"
		"C %T AUTHENTICATE LOGIN\nS +\nC YW5u\nS +\nC c2VjcmV0\n"
		"S %T OK in\nC %T CAPABILITY\n"
		"S * CAPABILITY IMAP4rev1 IDLE|%T OK\n",
		SECURITY_CLEAR, .mechanism = "login",
		.remembered = "IMAP4rev1 LOGINDISABLED SASL-IR AUTH=PLAIN",
		.capabilities = "IMAP4rev1 IDLE AUTH=LOGIN" },
	{ "a memory without mechanisms is of no use",
		"S * OK hi\nC %T CAPABILITY\n"
		"S * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN|%T OK\n"
		"C %T AUTHENTICATE PLAIN *\n" SESSION,
		SECURITY_CLEAR, .remembered = "IMAP4rev1 IDLE",
		.capabilities = "IMAP4rev1 SASL-IR AUTH=PLAIN" },
	{ "the greeting counts more than what is remembered",
		"S " CAPA "] hi\nC %T LOGIN *\n" SESSION, SECURITY_CLEAR,
		.remembered = "IMAP4rev1 SASL-IR AUTH=PLAIN" },
};

static bool
open_at(uint16_t port, const struct opening *it, int timeout_s,
	struct cancel *cancel, struct imap **ret_imap, struct error *err)
{
	struct endpoint endpoint = {
		.host = (char *)"127.0.0.1",
		.port = port,
		.user = (char *)(it->user ? it->user : "ann"),
		.security = it->security,
	};
	const char *password = it->password ? it->password : "secret";
	struct imap_options options = {
		.endpoint = &endpoint,
		.login = { .mechanism = it->mechanism ? it->mechanism : "auto",
			.password = give_password,
			.ctx = *password ? (char *)password : NULL },
		.cancel = cancel,
		.handler = &handler,
		.remembered_capabilities = it->remembered,
		.timeout_s = timeout_s,
	};

	return imap_open(&options, ret_imap, err);
}

static void
test_openings(void)
{
	for (size_t i = 0; i < ARRAY_LEN(openings); i++) {
		const struct opening *it = &openings[i];
		struct script_server server;
		struct error err = ERROR_INIT;
		struct imap *imap = NULL;
		bool opened, same;

		strbuf_reset(&alerts);
		script_start(&server, it->script);
		opened = open_at(server.port, it, 5, NULL, &imap, &err);
		if (it->capabilities && opened)
			is_str(imap_capability_text(imap), it->capabilities,
				it->name);
		imap_close(imap);
		same = script_stop(&server);
		ok(opened == (it->kind == ERR_NONE) && err.kind == it->kind,
			"%s: %s", it->name,
			opened ? "opens" : error_kind_name(err.kind));
		if (!opened && it->text)
			ok(err.text && strstr(err.text, it->text),
				"  with \"%s\"", err.text);
		if (!same)
			ok(false, "  the client %s", server.problem);
		if (it->alerts)
			is_str(alerts.data, it->alerts, "  alerts");
		error_clear(&err);
	}
}

static void
test_stall(void)
{
	static const struct {
		const char *name, *script;
	} cases[] = {
		{ "no greeting", "W 1\n" },
		{ "half a greeting", "R * OK he\n" },
		{ "no capabilities", "S * OK hi\nC *\n" },
		{ "no verdict", "S * OK [CAPABILITY IMAP4rev1] hi\nC *\n" },
		{ "verdict in drips",
			"S * OK [CAPABILITY IMAP4rev1] hi\nC *\n"
			"R *\nW 400\nR  O\nW 400\nR K s\nW 400\nR t\nW 400\nR i\n"
			"W 400\nR l\nW 400\nR l\n" },
	};
	static const struct opening nothing = { .security = SECURITY_CLEAR };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct script_server server;
		struct error err = ERROR_INIT;
		struct imap *imap = NULL;
		int64_t start = clock_mono_us();

		script_start(&server, cases[i].script);
		ok(!open_at(server.port, &nothing, 1, NULL, &imap, &err) &&
				err.kind == ERR_OFFLINE,
			"%s: %s", cases[i].name, err.text);
		start = clock_mono_us() - start;
		ok(start >= 900000 && start < 4000000, "  after %d ms",
			(int)(start / 1000));
		script_stop(&server);
		error_clear(&err);
	}
}

static void
cancel_soon(void *arg)
{
	usleep(100000);
	cancel_fire(arg);
}

static void
test_cancel(void)
{
	static const struct opening nothing = { .security = SECURITY_CLEAR };
	struct script_server server;
	struct thread *thread;
	struct cancel cancel;
	struct error err = ERROR_INIT;
	struct imap *imap = NULL;
	int64_t start = clock_mono_us();

	script_start(&server, "S * OK [CAPABILITY IMAP4rev1] hi\nC *\n");
	cancel_init(&cancel);
	if (!thread_start("cancel", cancel_soon, &cancel, &thread, &err))
		return;
	ok(!open_at(server.port, &nothing, 5, &cancel, &imap, &err) &&
			err.kind == ERR_CANCELLED,
		"cancelled while logging in");
	start = clock_mono_us() - start;
	ok(start < 2500000, "  %d ms after the wish",
		(int)(start / 1000) - 100);
	thread_join(thread);
	script_stop(&server);
	cancel_destroy(&cancel);
	error_clear(&err);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	strbuf_init(&alerts, 10000);
	test_openings();
	test_stall();
	test_cancel();
	strbuf_clear(&alerts);
	return tap_done();
}
