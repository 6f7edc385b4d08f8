/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where links lead, and what their words claim. */
#include "base/array.h"
#include "view/link_target.h"

#include "tap.h"

static const struct {
	const char *url;
	const char *host; /* NULL: refused */
	bool foreign;
} targets[] = {
	{ "https://example.org/", "example.org", false },
	{ "HTTPS://Example.ORG", "example.org", false },
	{ "http://example.org:8080/a?b#c", "example.org", false },
	{ "https://bank.example@evil.net/", "evil.net", false },
	{ "https://a@b@evil.net:1/", "evil.net", false },
	{ "https://example.org?@bank.example", "example.org", false },
	{ "https://example.org#@bank.example", "example.org", false },
	{ "https://[2001:db8::1]:443/", "[2001:db8::1]", false },
	{ "https://xn--bnk-qla.example/", "xn--bnk-qla.example", true },
	{ "https://www.xn--bnk-qla.example/", "www.xn--bnk-qla.example", true },
	{ "https://b\xc3\xa4nk.example/", "xn--bnk-qla.example", true },
	{ "https://\xe2\x84\x80.example/", NULL, false },
	{ "mailto:ann@example.org?subject=a", "example.org", false },
	{ "mailto:?to=ann%40example.org", "", false },
	{ "mailto:ann@example.org?Attach=/etc/passwd", NULL, false },
	{ "mailto:ann@example.org?attachment=a", NULL, false },
	{ "https://evil.net\\@bank.example/", NULL, false },
	{ "https://ev%69l.net/", NULL, false },
	{ "https:///evil.net/", NULL, false },
	{ "https://evil.net:x/", NULL, false },
	{ "https://[::1]evil.net/", NULL, false },
	{ "https://[::1/", NULL, false },
	{ "https:evil.net", NULL, false },
	{ "https://", NULL, false },
	{ "javascript:alert(1)", NULL, false },
	{ "data:text/html,a", NULL, false },
	{ "file:///etc/passwd", NULL, false },
	{ "ftp://example.org/", NULL, false },
	{ "-version", NULL, false },
	{ "", NULL, false },
	{ "https://example.org/\x1b[31m", NULL, false },
	{ "https://example.org/a b", NULL, false },
};

static const struct {
	const char *words;
	const char *url;
	const char *named; /* NULL: they say nothing else */
} claims[] = {
	{ "the plan", "https://evil.net/", NULL },
	{ "example.org", "https://example.org/", NULL },
	{ "Example.ORG.", "https://www.example.org/x", NULL },
	{ "www.example.org", "https://files.example.org/x", NULL },
	{ "https://example.org/a/index.html?q=bank.example",
		"https://example.org/", NULL },
	{ "example.org/other.example", "https://example.org/", NULL },
	{ "report.pdf, version 1.25, e.g. this", "https://evil.net/", NULL },
	{ "ann.lee@example.org", "mailto:ann.lee@example.org", NULL },
	{ "bank.example", "https://evil.net/", "bank.example" },
	{ "Log in at https://bank.example/login", "https://evil.net/",
		"bank.example" },
	{ "bank.example", "https://bank.example.evil.net/", "bank.example" },
	{ "bank.example", "https://evilbank.example/", "bank.example" },
	{ "files.example.org", "https://example.org/", "files.example.org" },
	{ "https://bank.example@evil.net", "https://evil.net/",
		"bank.example" },
	{ "bank\xe2\x80\x8b.example", "https://evil.net/", "bank.example" },
	{ "\xef\xbd\x82\xef\xbd\x81nk\xef\xbc\x8e"
	  "example",
		"https://evil.net/", "bank.example" },
	{ "b\xc3\xa4nk.example", "https://bank.example/",
		"b\xc3\xa4nk.example" },
	{ "bank.example", "https://b\xc3\xa4nk.example/", "bank.example" },
	{ "b\xc3\xa4nk.example", "https://b\xc3\xa4nk.example/", NULL },
	{ "b\xc3\xa4nk.example", "https://xn--bnk-qla.example/", NULL },
	{ "ann@bank.example", "mailto:ann@evil.net", "bank.example" },
	{ "ann@bank.example", "mailto:?to=a", "bank.example" },
	{ "evil.net or bank.example", "https://evil.net/", "bank.example" },
};

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct link_target target;

		link_look(targets[i].url, &target);
		if (!targets[i].host)
			ok(target.refused != NULL, "%s is refused",
				targets[i].url);
		else
			ok(!target.refused &&
					strcmp(target.host, targets[i].host) ==
						0 &&
					target.is_foreign == targets[i].foreign,
				"%s leads to %s (%s)", targets[i].url,
				targets[i].host, target.host);
	}
	for (size_t i = 0; i < ARRAY_LEN(claims); i++) {
		struct link_target target;
		char named[LINK_HOST_MAX + 1] = "";
		bool lies;

		link_look(claims[i].url, &target);
		lies = link_lies(slice_str(claims[i].words), &target, named);
		ok(lies == (claims[i].named != NULL) &&
				strcmp(named, lies ? claims[i].named : "") == 0,
			"%s to %s (%s)", claims[i].words, claims[i].url, named);
	}
	return tap_done();
}
