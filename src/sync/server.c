/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/server.h"

#include "base/bug.h"
#include "base/mem.h"

static enum security
security_of(enum url_security security)
{
	switch (security) {
	case URL_TLS:
		return SECURITY_TLS;
	case URL_STARTTLS:
		return SECURITY_STARTTLS;
	case URL_INSECURE:
		return SECURITY_CLEAR;
	}
	UNREACHABLE();
}

void
server_endpoint(const struct account_config *account,
	const struct config_url *url, struct endpoint *ret_endpoint)
{
	endpoint_init(ret_endpoint);
	ret_endpoint->host = xstrdup_null(url->host);
	ret_endpoint->port = url->port;
	ret_endpoint->user = xstrdup_null(account_user(account, url));
	ret_endpoint->security = security_of(url->security);
	ret_endpoint->ca_file = xstrdup_null(account->tls_ca_file);
	ret_endpoint->pin = xstrdup_null(account->tls_pin);
}
