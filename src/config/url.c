/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/url.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/utf8.h"

enum {
	HOST_LIMIT = 253,
	USER_LIMIT = 512, /* decoded */
	PORT_LIMIT = 65535,
};

static const struct {
	const char *protocol;
	uint16_t tls;
	uint16_t starttls;
} ports[] = {
	{ "imap", 993, 143 },
	{ "pop3", 995, 110 },
	{ "smtp", 465, 587 },
};

static uint16_t
default_port(const char *protocol, enum url_security security)
{
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (strcmp(ports[i].protocol, protocol) == 0)
			return security == URL_TLS ? ports[i].tls
						   : ports[i].starttls;
	return 0;
}

static bool
parse_scheme(struct slice *rest, const char *protocol,
	enum url_security *ret_security, struct error *err)
{
	struct slice scheme = slice_head(*rest, slice_find(*rest, ':'));
	struct slice after = slice_skip(*rest, scheme.len);

	if (slice_starts_nocase(scheme, slice_str(protocol)) &&
		slice_starts(after, SLICE("://"))) {
		struct slice kind = slice_skip(scheme, strlen(protocol));

		*rest = slice_skip(after, 3);
		*ret_security = URL_STARTTLS;
		if (kind.len == 0)
			return true;
		*ret_security = URL_TLS;
		if (slice_eq_nocase(kind, SLICE("s")))
			return true;
		*ret_security = URL_INSECURE;
		if (slice_eq_nocase(kind, SLICE("+insecure")))
			return true;
	}
	return error_set(err, ERR_INVALID,
		_("it begins with %ss:// (TLS), %s:// (STARTTLS) or "
		  "%s+insecure:// (in clear)"),
		protocol, protocol, protocol);
}

/* NULL when it is no percent-encoded text. */
static char *
decode_user(struct slice user)
{
	char *text CLEANUP(freep) = xmalloc(user.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < user.len; i++) {
		char c = user.data[i];

		if (c == '%') {
			int high = i + 2 < user.len
					   ? ascii_hex(user.data[i + 1])
					   : -1;
			int low = high >= 0 ? ascii_hex(user.data[i + 2]) : -1;

			if (low < 0)
				return NULL;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (ascii_is_control(c))
			return NULL;
		text[n++] = c;
	}
	text[n] = '\0';
	if (n == 0 || n > USER_LIMIT || !utf8_is_valid(slice_make(text, n)))
		return NULL;
	return STEAL(text);
}

static bool
parse_user(struct slice user, char **ret_user, struct error *err)
{
	if (slice_find(user, ':') < user.len)
		return error_set(err, ERR_INVALID,
			_("a password has no place here; name a "
			  "password-command, or tercet asks"));
	if (user.len <= (size_t)3 * USER_LIMIT)
		*ret_user = decode_user(user);
	if (!*ret_user)
		return error_set(err, ERR_INVALID,
			_("the user name before the @ is not percent-encoded "
			  "text (a percent sign is %%25)"));
	return true;
}

static bool
host_name_valid(struct slice host)
{
	size_t label = 0;

	if (host.len == 0 || host.len > HOST_LIMIT)
		return false;
	for (size_t i = 0; i < host.len; i++) {
		char c = host.data[i];

		if (c == '.') {
			if (label == 0)
				return false;
			label = 0;
		} else if (ascii_is_alnum(c) || c == '-' || c == '_') {
			if (label == 0 && c == '-')
				return false;
			label++;
		} else {
			return false;
		}
	}
	return true;
}

static bool
parse_host(struct slice *rest, char **ret_host, struct error *err)
{
	bool bracket = rest->len > 0 && rest->data[0] == '[';
	struct slice host = { 0 };
	struct in6_addr address;

	if (bracket) {
		size_t end = slice_find(*rest, ']');

		if (end < rest->len)
			host = slice_skip(slice_head(*rest, end), 1);
		*rest = slice_skip(*rest, end + 1);
	} else {
		while (host.len < rest->len && rest->data[host.len] != ':' &&
			rest->data[host.len] != '/')
			host.len++;
		host.data = rest->data;
		*rest = slice_skip(*rest, host.len);
	}
	if (host.len <= HOST_LIMIT)
		*ret_host = xmemdup0(host.data, host.len);
	if (*ret_host && bracket &&
		inet_pton(AF_INET6, *ret_host, &address) == 1)
		return true;
	if (*ret_host && !bracket && host_name_valid(host))
		return true;
	return error_set(err, ERR_INVALID,
		_("the host is a name such as mail.example.org (in its "
		  "xn-- form if it is an international one), an IPv4 address, "
		  "or an IPv6 address in brackets"));
}

static bool
parse_port(struct slice text, uint16_t *ret_port, struct error *err)
{
	uint64_t port;

	if (text.len == 0)
		return true;
	if (text.data[0] == ':' &&
		ascii_parse_u64(
			text.data + 1, text.len - 1, PORT_LIMIT, &port) &&
		port > 0) {
		*ret_port = (uint16_t)port;
		return true;
	}
	return error_set(err, ERR_INVALID,
		_("nothing but a port from 1 to 65535 may follow the host"));
}

bool
url_parse(const char *text, const char *protocol, struct config_url *ret_url,
	struct error *err)
{
	struct config_url url CLEANUP(url_clear) = { .present = true };
	struct slice rest = slice_str(text);
	size_t at;

	if (!parse_scheme(&rest, protocol, &url.security, err))
		return false;
	url.port = default_port(protocol, url.security);
	if (slice_ends(rest, SLICE("/")))
		rest.len--;
	/* A user name may hold a bare @, as addresses in URLs often do. */
	for (at = rest.len; at > 0 && rest.data[at - 1] != '@'; at--)
		;
	if (at > 0 && !parse_user(slice_head(rest, at - 1), &url.user, err))
		return false;
	rest = slice_skip(rest, at);
	if (!parse_host(&rest, &url.host, err) ||
		!parse_port(rest, &url.port, err))
		return false;
	*ret_url = url;
	url = (struct config_url){ 0 };
	return true;
}

void
url_clear(struct config_url *url)
{
	free(url->host);
	free(url->user);
	*url = (struct config_url){ 0 };
}
