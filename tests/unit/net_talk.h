/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session after its login, against a scripted server: what its handler and
 * its calls tell goes into one line. */
#ifndef TERCET_TESTS_NET_TALK_H
#define TERCET_TESTS_NET_TALK_H

#include <signal.h>

#include "base/array.h"
#include "net/imap.h"

#include "net_script.h"
#include "tap.h"

/* What the handler and the calls told, in one line. */
static struct strbuf told;

static void
on_fetch(void *ctx, struct imap_fetch *fetch)
{
	(void)ctx;
	strbuf_addf(&told, "fetch %u/%u", fetch->sequence, fetch->uid);
	if (fetch->has & IMAP_HAS_FLAGS) {
		strbuf_add_char(&told, ' ');
		flags_print(&fetch->flags, &told);
	}
	for (size_t i = 0; i < fetch->n_bodies; i++)
		strbuf_addf(&told, " [%.*s]=%.*s",
			(int)fetch->bodies[i].section.len,
			fetch->bodies[i].section.data,
			(int)fetch->bodies[i].bytes.len,
			fetch->bodies[i].bytes.data
				? fetch->bodies[i].bytes.data
				: "");
	strbuf_add_str(&told, "; ");
}

static void
on_exists(void *ctx, uint32_t n)
{
	(void)ctx;
	strbuf_addf(&told, "exists %u; ", n);
}

static void
on_expunge(void *ctx, uint32_t sequence)
{
	(void)ctx;
	strbuf_addf(&told, "expunge %u; ", sequence);
}

static void
on_vanished(void *ctx, const struct uidset *uids, bool earlier)
{
	(void)ctx;
	strbuf_add_str(&told, earlier ? "earlier " : "vanished ");
	uidset_print(uids, &told);
	strbuf_add_str(&told, "; ");
}

static void
on_status(void *ctx, const struct imap_mailbox *mailbox)
{
	(void)ctx;
	strbuf_addf(&told, "status %s %u; ", mailbox->name, mailbox->messages);
}

static void
on_tree(void *ctx)
{
	(void)ctx;
	strbuf_add_str(&told, "tree; ");
}

static void
on_alert(void *ctx, const char *text)
{
	(void)ctx;
	strbuf_addf(&told, "alert %s; ", text);
}

static const struct imap_handler handler = {
	.fetch = on_fetch,
	.exists = on_exists,
	.expunge = on_expunge,
	.vanished = on_vanished,
	.status = on_status,
	.tree_changed = on_tree,
	.alert = on_alert,
};

static bool
give_password(void *ctx, char **ret_secret, struct error *err)
{
	(void)ctx;
	(void)err;
	*ret_secret = xstrdup("secret");
	return true;
}

static struct cancel cancel;

/* What a call gave: "ok" or the kind and text of its error. */
static bool
note(bool good, struct error *err)
{
	if (good)
		strbuf_add_str(&told, "ok; ");
	else
		strbuf_addf(&told, "%s: %s; ", error_kind_name(err->kind),
			err->text);
	error_clear(err);
	return good;
}

#define SELECTED                                                               \
	"S * 3 EXISTS|* OK [UIDVALIDITY 7] x|* OK [UIDNEXT 10] x|%T OK "       \
	"[READ-WRITE] y\n"
#define SELECT "C *\n" SELECTED
struct session {
	const char *name;
	const char *capabilities;
	void (*talk)(struct imap *imap);
	const char *script; /* after the login */
	const char *want;
};

/* With "HOST" for the address and port of this run. */
static char *
without_port(const char *text, uint16_t port)
{
	char *host = xasprintf("127.0.0.1:%u", port);
	struct strbuf out;
	const char *at;

	strbuf_init(&out, 1 << 20);
	while ((at = strstr(text, host)) != NULL) {
		strbuf_add(&out, text, (size_t)(at - text));
		strbuf_add_str(&out, "HOST");
		text = at + strlen(host);
	}
	strbuf_add_str(&out, text);
	free(host);
	return strbuf_take(&out);
}

static void
run(const struct session *it)
{
	struct script_server server;
	struct endpoint endpoint = { .host = (char *)"127.0.0.1",
		.user = (char *)"ann",
		.security = SECURITY_CLEAR };
	struct imap_options options = {
		.endpoint = &endpoint,
		.login = { .mechanism = "auto", .password = give_password },
		.cancel = &cancel,
		.handler = &handler,
		.compress = true,
		.timeout_s = 2,
	};
	char *script = xasprintf("S * OK [CAPABILITY IMAP4rev1 LOGINDISABLED "
				 "AUTH=PLAIN SASL-IR] hi\nC *\nS %%T OK "
				 "[CAPABILITY IMAP4rev1 %s] in\n%s",
		it->capabilities, it->script);
	struct error err = ERROR_INIT;
	struct imap *imap;
	char *got;

	strbuf_reset(&told);
	script_start(&server, script);
	endpoint.port = server.port;
	if (ok(imap_open(&options, &imap, &err), "%s", it->name)) {
		it->talk(imap);
		imap_close(imap);
	}
	got = without_port(told.data, server.port);
	is_str(got, it->want, "  told");
	if (!script_stop(&server))
		ok(false, "  the client %s", server.problem);
	free(script);
	free(got);
	error_clear(&err);
}

static int
run_all(const struct session *sessions, size_t n)
{
	signal(SIGPIPE, SIG_IGN);
	cancel_init(&cancel);
	strbuf_init(&told, 1 << 20);
	for (size_t i = 0; i < n; i++)
		run(&sessions[i]);
	strbuf_clear(&told);
	cancel_destroy(&cancel);
	return tap_done();
}

#endif /* TERCET_TESTS_NET_TALK_H */
