/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/account.h"

#include "base/ascii.h"
#include "base/bug.h"
#include "config/option.h"

/* `pattern` with * for any characters; the last star is the one to widen. */
static bool
matches(const char *pattern, const char *text)
{
	const char *star = NULL;
	const char *resume = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			resume = text;
		} else if (*pattern &&
			   ascii_lower(*pattern) == ascii_lower(*text)) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool
account_owns_address(const struct account_config *account, const char *address)
{
	if (account->address && ascii_eq_nocase(account->address, address))
		return true;
	for (size_t i = 0; i < account->aliases.n; i++)
		if (matches(account->aliases.items[i], address))
			return true;
	return false;
}

const char *
account_user(const struct account_config *account, const struct config_url *url)
{
	return url->user ? url->user : account->address;
}

const char *
url_scheme(enum url_security security, const char *protocol)
{
	static const char *const schemes[][3] = {
		{ "imaps", "imap", "imap+insecure" },
		{ "pop3s", "pop3", "pop3+insecure" },
		{ "smtps", "smtp", "smtp+insecure" },
	};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (ascii_eq_nocase(schemes[i][URL_STARTTLS], protocol))
			return schemes[i][security];
	BUG("a protocol without URLs");
}

const char *
account_protocol_name(enum account_protocol protocol)
{
	return option_word_of(
		option_find(OPTION_ACCOUNT, "protocol"), (int)protocol);
}

const char *
account_auth_name(enum account_auth auth)
{
	return option_word_of(option_find(OPTION_ACCOUNT, "auth"), (int)auth);
}
