/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "config/url.h"

#include "tap.h"

static const struct {
	const char *text;
	const char *protocol;
	enum url_security security;
	int port;
	const char *host;
	const char *user;
} good[] = {
	{ "imaps://mail.example.org", "imap", URL_TLS, 993, "mail.example.org",
		NULL },
	{ "imap://mail.example.org", "imap", URL_STARTTLS, 143,
		"mail.example.org", NULL },
	{ "imap+insecure://localhost:1143", "imap", URL_INSECURE, 1143,
		"localhost", NULL },
	{ "pop3s://ann@pop.example.org", "pop3", URL_TLS, 995,
		"pop.example.org", "ann" },
	{ "pop3://h", "pop3", URL_STARTTLS, 110, "h", NULL },
	{ "pop3+insecure://h", "pop3", URL_INSECURE, 110, "h", NULL },
	{ "smtps://h", "smtp", URL_TLS, 465, "h", NULL },
	{ "smtp://h", "smtp", URL_STARTTLS, 587, "h", NULL },
	{ "IMAPS://H.Example:1/", "imap", URL_TLS, 1, "H.Example", NULL },
	{ "imaps://ann%40example.org@h", "imap", URL_TLS, 993, "h",
		"ann@example.org" },
	{ "imaps://ann@example.org@h", "imap", URL_TLS, 993, "h",
		"ann@example.org" },
	{ "imaps://%C3%A9%25%3A@h", "imap", URL_TLS, 993, "h", "é%:" },
	{ "imaps://[::1]:65535", "imap", URL_TLS, 65535, "::1", NULL },
	{ "imaps://ann@[2001:db8::7]", "imap", URL_TLS, 993, "2001:db8::7",
		"ann" },
	{ "imaps://192.0.2.1", "imap", URL_TLS, 993, "192.0.2.1", NULL },
	{ "imaps://xn--bcher-kva.example", "imap", URL_TLS, 993,
		"xn--bcher-kva.example", NULL },
};

static const struct {
	const char *text;
	const char *protocol;
} bad[] = {
	{ "imaps:/h", "imap" },
	{ "imaps//h", "imap" },
	{ "", "imap" },
	{ "mail.example.org", "imap" },
	{ "pop3s://h", "imap" },
	{ "imapss://h", "imap" },
	{ "imap+starttls://h", "imap" },
	{ "imaps://", "imap" },
	{ "imaps:///INBOX", "imap" },
	{ "imaps://h/INBOX", "imap" },
	{ "imaps://h?x", "imap" },
	{ "imaps://h:0", "imap" },
	{ "imaps://h:65536", "imap" },
	{ "imaps://h:", "imap" },
	{ "imaps://h:99x", "imap" },
	{ "imaps://h: 99", "imap" },
	{ "imaps://-h", "imap" },
	{ "imaps://a..b", "imap" },
	{ "imaps://a b", "imap" },
	{ "imaps://bücher.example", "imap" },
	{ "imaps://ann:secret@h", "imap" },
	{ "imaps://@h", "imap" },
	{ "imaps://a%4@h", "imap" },
	{ "imaps://a%@h", "imap" },
	{ "imaps://a%zz@h", "imap" },
	{ "imaps://a%00b@h", "imap" },
	{ "imaps://a%0d%0ab@h", "imap" },
	{ "imaps://a%ff@h", "imap" },
	{ "imaps://::1", "imap" },
	{ "imaps://[::1", "imap" },
	{ "imaps://[h]", "imap" },
	{ "imaps://[::1]x", "imap" },
	{ "imaps://[]", "imap" },
};

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct config_url url CLEANUP(url_clear) = { 0 };

		if (!ok(url_parse(good[i].text, good[i].protocol, &url, &err),
			    "%s is accepted", good[i].text)) {
			printf("# %s\n", err.text);
			continue;
		}
		ok(url.present && url.security == good[i].security &&
				url.port == good[i].port,
			"%s: security and port", good[i].text);
		is_str(url.host, good[i].host, "host");
		is_str(url.user, good[i].user, "user");
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct config_url url CLEANUP(url_clear) = { 0 };

		ok(!url_parse(bad[i].text, bad[i].protocol, &url, &err) &&
				err.kind == ERR_INVALID && !url.host &&
				!strstr(err.text, "secret"),
			"\"%s\" is refused", bad[i].text);
	}
	return tap_done();
}
