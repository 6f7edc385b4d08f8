/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/probe.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "config/option.h"
#include "net/endpoint.h"
#include "net/resolve.h"
#include "net/wire.h"
#include "sync/server.h"

enum {
	LOOKUP_US = 10 * 1000000,
	CONNECT_S = 15,
	GREETING_S = 15,
	GREETING_LIMIT = 8192,
	GREETING_SHOWN = 200,
};

char *
probe_url(const struct account_config *account, const char *option)
{
	return option_print(option_find(OPTION_ACCOUNT, option), account);
}

bool
probe_lookup(const struct config_url *url, struct error *err)
{
	struct host_addresses addresses;

	return resolve(url->host, url->port, clock_mono_us() + LOOKUP_US, NULL,
		&addresses, err);
}

/* How a protocol's servers greet. */
static const struct {
	const char *protocol;
	enum trace_protocol trace;
	const char *greeting;
} protocols[] = {
	{ "imap", TRACE_IMAP, "* " },
	{ "pop3", TRACE_POP3, "+OK" },
	{ "smtp", TRACE_SMTP, "220" },
};

static size_t
find_protocol(const char *protocol)
{
	for (size_t i = 0; i < ARRAY_LEN(protocols); i++)
		if (strcmp(protocols[i].protocol, protocol) == 0)
			return i;
	BUG("a protocol without servers");
}

static bool
read_greeting(struct wire *wire, const char *expected, struct error *err)
{
	const struct endpoint *endpoint = wire_endpoint(wire);
	struct slice line;

	wire_set_timeout(wire, GREETING_S, WIRE_WHOLE);
	wire_begin(wire);
	if (!wire_read_line(wire, GREETING_LIMIT, &line, err))
		return false;
	if (slice_starts(line, slice_str(expected)))
		return true;
	line = slice_head(line, GREETING_SHOWN);
	return error_set(err, ERR_PROTOCOL,
		_("%s:%u speaks another protocol; it greets: %.*s"),
		endpoint->host, endpoint->port, (int)line.len, line.data);
}

bool
probe_connect(const struct account_config *account,
	const struct config_url *url, const char *protocol,
	int64_t *ret_not_after, struct error *err)
{
	struct endpoint endpoint CLEANUP(endpoint_clear) = { 0 };
	struct wire *wire CLEANUP(wire_freep) = NULL;
	const struct tls_certificate *certificate;
	size_t which = find_protocol(protocol);

	server_endpoint(account, url, &endpoint);
	wire = wire_new(&endpoint, NULL, protocols[which].trace);
	wire_set_connect_timeout(wire, CONNECT_S);
	if (!wire_connect(wire, err) ||
		!read_greeting(wire, protocols[which].greeting, err))
		return false;
	certificate = wire_certificate(wire);
	*ret_not_after = certificate ? certificate->not_after : 0;
	return true;
}

const char *
probe_advice(enum error_kind kind)
{
	switch (kind) {
	case ERR_OFFLINE:
		return _("See whether the network works, and whether host and "
			 "port in the configuration are right");
	case ERR_UNTRUSTED:
		return _("If the server is yours, name its authority by "
			 "tls-ca-file or its key by tls-pin; if not, somebody "
			 "may be listening: do not go on");
	case ERR_LOGIN:
		return _("See whether the user name in the URL is right and "
			 "what password-command prints");
	case ERR_PROTOCOL:
		return _("See whether the port is the right one: 993 is imaps, "
			 "143 imap, 995 pop3s, 465 smtps, 587 smtp");
	case ERR_INVALID:
		return _("Correct the configuration");
	case ERR_DISK:
		return _("See whether the disk is full or read-only");
	case ERR_STORE:
		return _("Keep a copy of the data directory; what a server "
			 "holds can be fetched again");
	case ERR_NONE:
	case ERR_CANCELLED:
	case ERR_REFUSED:
	case ERR_STALE:
	case ERR_LIMIT:
		return NULL;
	}
	UNREACHABLE();
}

const char *
probe_explain(const struct config_url *url, const struct error *err)
{
	switch (err->cause) {
	case CAUSE_NO_TLS:
		if (url->security != URL_TLS)
			break;
		return _("If this port is for STARTTLS, the URL begins with "
			 "imap:// (pop3://, smtp://), not imaps://");
	case CAUSE_NO_MECHANISM:
		return _("Set auth = auto, or to a mechanism the server "
			 "offers");
	case CAUSE_NO_PASSWORD:
		return _("Set password-command, or run this in a terminal to "
			 "be asked for the password");
	case CAUSE_NO_COMMAND:
		return _("Run the password-command by itself and see what it "
			 "says: its first line is the password");
	case CAUSE_NONE:
		break;
	}
	if (err->kind != ERR_LOGIN)
		return probe_advice(err->kind);
	return _("See whether the user name in the URL and the password are "
		 "right, and whether the provider wants a password of its own "
		 "for mail programs");
}

void
probe_print_hint(const struct config_url *url, const struct error *err)
{
	const char *hint = probe_explain(url, err);

	if (hint)
		fprintf(stderr, "  %s.\n", hint);
}
