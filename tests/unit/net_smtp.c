/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The submission session against a scripted server. */
#include "net/smtp.h"

#include <signal.h>

#include "base/array.h"

#include "net_script.h"
#include "tap.h"

#define EHLO  "S 220 hi\nC EHLO [127.0.0.1]\n"
#define PLAIN EHLO "S 250 there\n"
#define FULL                                                                   \
	EHLO "S 250-there|250-PIPELINING|250-SIZE 1000|250-8BITMIME|"          \
	     "250-DSN|250 ENHANCEDSTATUSCODES\n"
#define ENVELOPE                                                               \
	"C MAIL FROM:<ann@x.org>\nS 250 ok\nC RCPT TO:<a@x.org>\nS 250 ok\n"   \
	"C RCPT TO:<b@x.org>\nS 250 ok\n"
#define QUIT "C QUIT\nS 221 bye\n"

/* Most rows leave the last members out. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static const struct {
	const char *name;
	const char *script;
	const char *text; /* the message; NULL: none is sent */
	const char *want; /* "a b" as fates, "; " and the error's kind */
	enum security security;
	uint64_t size;
	bool utf8;
} cases[] = {
	{ "sent",
		PLAIN ENVELOPE
		"C DATA\nS 354 go\nC hello\nC .\nS 250 done\n" QUIT,
		"hello\r\n", "taken taken" },
	{ "dots and line ends",
		PLAIN ENVELOPE
		"C DATA\nS 354 go\nC ..\nC ...\nC a\nC b\nC c.\nC ..d\nC .\n"
		"S 250 done\n" QUIT,
		".\n..\na\rb\r\nc.\n.d", "taken taken" },
	{ "no smuggling",
		PLAIN ENVELOPE
		"C DATA\nS 354 go\nC a\nC ..\nC MAIL FROM:<evil@x>\nC .\n"
		"S 250 done\n" QUIT,
		"a\n.\r\nMAIL FROM:<evil@x>\r\n", "taken taken" },
	{ "pipelined",
		FULL "C MAIL FROM:<ann@x.org> SIZE=10 BODY=7BIT RET=HDRS\n"
		     "C RCPT TO:<a@x.org> NOTIFY=FAILURE,DELAY\n"
		     "C RCPT TO:<b@x.org> NOTIFY=FAILURE,DELAY\n"
		     "S 250 ok|250 ok|550 5.1.1 who\n"
		     "C DATA\nS 354 go\nC hello\nC .\nS 250 done\n" QUIT,
		"hello\r\n", "taken refused", .size = 10 },
	{ "one bad recipient",
		PLAIN "C MAIL FROM:<ann@x.org>\nS 250 ok\nC RCPT TO:<a@x.org>\n"
		      "S 451 4.3.0 later\nC RCPT TO:<b@x.org>\nS 250 ok\n"
		      "C DATA\nS 354 go\nC hello\nC .\nS 250 done\n" QUIT,
		"hello\r\n", "later taken" },
	{ "all refused",
		PLAIN
		"C MAIL FROM:<ann@x.org>\nS 250 ok\nC RCPT TO:<a@x.org>\n"
		"S 550 no\nC RCPT TO:<b@x.org>\nS 550 no\nC RSET\nS 250 ok\n" QUIT,
		"hello\r\n", "refused refused" },
	{ "sender refused",
		PLAIN "C MAIL FROM:<ann@x.org>\nS 553 5.7.1 not yours\nC RSET\n"
		      "S 250 ok\n" QUIT,
		"hello\r\n", "refused refused" },
	{ "sender later",
		PLAIN
		"C MAIL FROM:<ann@x.org>\nS 451 later\nC RSET\nS 250 ok\n" QUIT,
		"hello\r\n", "later later" },
	{ "DATA refused",
		PLAIN ENVELOPE "C DATA\nS 554 no\nC RSET\nS 250 ok\n" QUIT,
		"hello\r\n", "refused refused" },
	{ "verdict 4xx",
		PLAIN ENVELOPE
		"C DATA\nS 354 go\nC hello\nC .\nS 452 full\nC RSET\n"
		"S 250 ok\n" QUIT,
		"hello\r\n", "later later" },
	{ "verdict 5xx",
		PLAIN ENVELOPE
		"C DATA\nS 354 go\nC hello\nC .\nS 554 spam\nC RSET\n"
		"S 250 ok\n" QUIT,
		"hello\r\n", "refused refused" },
	{ "cut before DATA", PLAIN ENVELOPE "X\n", "hello\r\n",
		"untried untried; offline" },
	{ "421 at RCPT",
		PLAIN "C MAIL FROM:<ann@x.org>\nS 250 ok\nC RCPT TO:<a@x.org>\n"
		      "S 421 closing\nX\n",
		"hello\r\n", "untried untried; offline" },
	{ "cut after the dot",
		PLAIN ENVELOPE "C DATA\nS 354 go\nC hello\nC .\nX\n",
		"hello\r\n", "doubt doubt; offline" },
	{ "cut in the verdict",
		PLAIN ENVELOPE "C DATA\nS 354 go\nC hello\nC .\nR 25\nX\n",
		"hello\r\n", "doubt doubt; offline" },
	{ "nonsense for a verdict",
		PLAIN ENVELOPE "C DATA\nS 354 go\nC hello\nC .\nS what?\nX\n",
		"hello\r\n", "doubt doubt; protocol" },
	{ "too large", FULL QUIT, "hello\r\n", "refused refused",
		.size = 2000 },
	{ "no SMTPUTF8", FULL QUIT, "hello\r\n", "refused refused",
		.utf8 = true },
	{ "many lines",
		EHLO "S 250-a|250-b|250-c|250-SIZE|250 PIPELINING\n" QUIT, NULL,
		"" },
	{ "mixed codes", EHLO "S 250-a|251 b\nX\n", NULL, "; protocol" },
	{ "no SMTP", "S SSH-2.0-x\nX\n", NULL, "; protocol" },
	{ "greeted with 554", "S 554 go away\nX\n", NULL, "; refused" },
	{ "greeted with 421", "S 421 busy\nX\n", NULL, "; offline" },
	{ "no STARTTLS", PLAIN, NULL, "; untrusted",
		.security = SECURITY_STARTTLS },
	{ "STARTTLS refused",
		EHLO "S 250-x|250 STARTTLS\nC STARTTLS\nS 454 no\n", NULL,
		"; offline", .security = SECURITY_STARTTLS },
	{ "words behind STARTTLS",
		EHLO
		"S 250-x|250 STARTTLS\nC STARTTLS\nS 220 go|250 injected\n",
		NULL, "; untrusted", .security = SECURITY_STARTTLS },
	{ "login",
		EHLO "S 250-x|250 AUTH PLAIN LOGIN\n"
		     "C AUTH PLAIN AGFubgBzZWNyZXQ=\nS 235 in\n" QUIT,
		NULL, "" },
	{ "login refused",
		EHLO "S 250-x|250 AUTH PLAIN\nC AUTH PLAIN AGFubgBzZWNyZXQ=\n"
		     "S 535 5.7.8 no\n",
		NULL, "; login" },
	{ "login later",
		EHLO "S 250-x|250 AUTH PLAIN\nC AUTH PLAIN AGFubgBzZWNyZXQ=\n"
		     "S 454 4.7.0 later\n",
		NULL, "; offline" },
	{ "LOGIN",
		EHLO
		"S 250-x|250 AUTH LOGIN\nC AUTH LOGIN\n"
		"S 334 VXNlcm5hbWU6\nC YW5u\nS 334 UGFzc3dvcmQ6\nC c2VjcmV0\n"
		"S 235 in\n" QUIT,
		NULL, "" },
	{ "AUTH by its old name",
		EHLO
		"S 250-x|250 AUTH=LOGIN\nC AUTH LOGIN\n"
		"S 334 VXNlcm5hbWU6\nC YW5u\nS 334 UGFzc3dvcmQ6\nC c2VjcmV0\n"
		"S 235 in\n" QUIT,
		NULL, "" },
};

static bool
give_password(void *ctx, char **ret_secret, struct error *err)
{
	(void)ctx;
	(void)err;
	*ret_secret = xstrdup("secret");
	return true;
}

struct sending {
	const char *text;
	bool told_end;
};

static bool
give(void *ctx, bool (*sink)(void *to, struct slice piece), void *to,
	struct error *err)
{
	struct sending *it = ctx;

	/* In small pieces, so that CR and LF come apart. */
	for (const char *p = it->text; *p; p++) {
		if (!sink(to, slice_make(p, 1)))
			return error_set(err, ERR_CANCELLED, "stopped");
	}
	return true;
}

static bool
before_end(void *ctx, struct error *err)
{
	(void)err;
	((struct sending *)ctx)->told_end = true;
	return true;
}

static const char *
fate_name(enum smtp_fate fate)
{
	static const char *const names[] = { "untried", "taken", "later",
		"refused", "doubt" };

	return names[fate];
}

static void
send_one(struct smtp *smtp, size_t i, struct strbuf *got, struct error *err)
{
	struct smtp_recipient to[] = { { .address = "a@x.org" },
		{ .address = "b@x.org" } };
	struct sending sending = { .text = cases[i].text };
	struct smtp_message message = {
		.sender = "ann@x.org",
		.recipients = to,
		.n_recipients = 2,
		.size = cases[i].size,
		.utf8 = cases[i].utf8,
		.give = give,
		.before_end = before_end,
		.ctx = &sending,
	};
	bool good = smtp_send(smtp, &message, err);
	bool doubt = to[0].fate == SMTP_IN_DOUBT;

	strbuf_addf(got, "%s %s", fate_name(to[0].fate), fate_name(to[1].fate));
	ok(good == (err->kind == ERR_NONE), "  an error, or every fate known");
	ok(!doubt || sending.told_end, "  no doubt without a warning");
	smtp_recipient_clear(&to[0]);
	smtp_recipient_clear(&to[1]);
}

static void
check(size_t i)
{
	struct script_server server;
	struct error err = ERROR_INIT;
	struct endpoint endpoint = { .host = (char *)"127.0.0.1",
		.user = (char *)"ann",
		.security = cases[i].security == SECURITY_STARTTLS
				    ? SECURITY_STARTTLS
				    : SECURITY_CLEAR };
	struct smtp_options options = {
		.endpoint = &endpoint,
		.login = { .mechanism = "auto", .password = give_password },
		.timeout_s = 2,
		.verdict_s = 2,
	};
	struct strbuf got;
	struct smtp *smtp = NULL;

	script_start(&server, cases[i].script);
	endpoint.port = server.port;
	strbuf_init(&got, 1000);
	if (smtp_open(&options, &smtp, &err) && cases[i].text)
		send_one(smtp, i, &got, &err);
	smtp_close(smtp);
	if (err.kind != ERR_NONE)
		strbuf_addf(&got, "; %s", error_kind_name(err.kind));
	is_str(got.data, cases[i].want, cases[i].name);
	ok(script_stop(&server), "  dialogue%s%s",
		server.problem[0] ? ": " : "", server.problem);
	strbuf_clear(&got);
	error_clear(&err);
}

static void
check_addresses(void)
{
	ok(smtp_address_is_sound("a@x.org"), "an address");
	ok(!smtp_address_is_sound("a@x.org\r\nRCPT TO:<b@x.org"),
		"none with a line break");
	ok(!smtp_address_is_sound("a@x.org> NOTIFY=NEVER"), "nor a bracket");
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(i);
	check_addresses();
	return tap_done();
}
