/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of servers. */
#include "base/bug.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "config/url.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

static void
check_url(const char *text, const char *protocol)
{
	struct config_url url = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!url_parse(text, protocol, &url, &err)) {
		ASSERT(err.text && err.text[0]);
		check_utf8(slice_str(err.text));
		return;
	}
	if (url.present) {
		ASSERT(url.host && url.host[0] && url.port > 0);
		check_line(url.host);
		check_line(url.user);
	}
	url_clear(&url);
}

FUZZ_TARGET(config_url)
{
	char *text CLEANUP(freep) = xmemdup0(input.data, input.len);

	check_url(text, "imap");
	check_url(text, "pop3");
	check_url(text, "smtp");
}
