/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a submission server says in a session that sends one message. */
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "fuzz/server.h"
#include "net/auth.h"
#include "net/smtp_private.h"

struct course {
	bool given;
	bool at_end;
};

static bool
give(void *ctx, bool (*sink)(void *to, struct slice piece), void *to,
	struct error *err)
{
	struct course *course = ctx;

	(void)err;
	course->given = true;
	return sink(to, SLICE("Subject: x\n\n.\nsmall\r\n"));
}

static bool
before_end(void *ctx, struct error *err)
{
	struct course *course = ctx;

	(void)err;
	ASSERT(course->given);
	course->at_end = true;
	return true;
}

static void
send_one(struct smtp *smtp)
{
	struct course course = { false, false };
	struct smtp_recipient recipients[] = {
		{ .address = "ann@example.org" },
		{ .address = "bo@example.net" },
	};
	struct smtp_message message = {
		.sender = "cy@example.org",
		.recipients = recipients,
		.n_recipients = 2,
		.size = 100,
		.give = give,
		.before_end = before_end,
		.ctx = &course,
	};
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool good = smtp_send(smtp, &message, &err);

	ASSERT(good || (err.kind != ERR_NONE && smtp_is_dead(smtp)));
	check_line(err.text);
	for (size_t i = 0; i < message.n_recipients; i++) {
		const struct smtp_recipient *it = &recipients[i];

		ASSERT(!good || it->fate != SMTP_UNTRIED);
		/* What was not sent whole nobody has. */
		ASSERT(course.at_end || (it->fate != SMTP_ACCEPTED &&
						it->fate != SMTP_IN_DOUBT));
		check_line(it->text);
		smtp_recipient_clear(&recipients[i]);
	}
}

FUZZ_TARGET(smtp)
{
	struct fuzz_server server = fuzz_server_open(TRACE_SMTP);
	struct smtp smtp = {
		.wire = server.wire,
		.step = SMTP_STEP_GREETING,
		.options.verdict_s = SMTP_VERDICT_S,
	};
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	strbuf_init(&smtp.words, SMTP_CAPABILITIES_MAX);
	strbuf_init(&smtp.out, AUTH_LINE_MAX + SMTP_LINE_MAX);
	strbuf_init(&smtp.reply.text, SMTP_WORDS_MAX);
	fuzz_server_say(&server, input);
	fuzz_server_end(&server);
	if (smtp_read_reply(&smtp, &err)) {
		check_line(smtp_said(&smtp));
		if (smtp_hello(&smtp, &err)) {
			check_line(smtp_capability_text(&smtp));
			send_one(&smtp);
		}
	}
	check_line(err.text);
	strbuf_clear(&smtp.words);
	strbuf_clear(&smtp.out);
	strbuf_clear(&smtp.reply.text);
	fuzz_server_close(&server);
}
