/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/domain.h"

#include <idn2.h>
#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/utf8.h"

enum { ADDRESS_MAX = 900, DOMAIN_MAX = 255 };

const char *
address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at && at[1] ? at + 1 : NULL;
}

static bool
is_ascii(const char *s)
{
	struct slice all = slice_str(s);

	return utf8_ascii_prefix(all) == all.len;
}

/* Whatever would end a command or a field, or do something to a terminal. */
static bool
has_control(struct slice s)
{
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);

		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return true;
	}
	return false;
}

/* RFC 5321 4.1.2: atoms with dots, or a quoted string. */
static bool
local_is_sound(struct slice local)
{
	bool quoted = local.len > 1 && local.data[0] == '"' &&
		      local.data[local.len - 1] == '"';

	if (local.len == 0)
		return false;
	if (quoted)
		local = slice_make(local.data + 1, local.len - 2);
	for (size_t i = 0; i < local.len; i++) {
		char c = local.data[i];

		if (quoted && c == '\\' && i + 1 < local.len) {
			i++;
			continue;
		}
		if (strchr(quoted ? "\"\\" : " ()<>[]:;@\\,\"", c))
			return false;
	}
	return true;
}

/* What is left of an ASCII domain to look at: libidn2 takes everything. */
static bool
domain_is_sound(const char *domain)
{
	if (domain[0] == '[' && domain[strlen(domain) - 1] == ']')
		return !strpbrk(domain, " <>,;\\\"()@");
	for (const char *p = domain; *p; p++) {
		if (!ascii_is_alnum(*p) && *p != '-' && *p != '.' && *p != '_')
			return false;
		if (*p == '.' && (p == domain || p[1] == '.'))
			return false;
	}
	return strlen(domain) <= DOMAIN_MAX;
}

static bool
no_address(const char *address, struct error *err)
{
	return error_set(
		err, ERR_INVALID, _("“%s” is not an address"), address);
}

bool
address_to_wire(
	const char *address, char **ret_wire, bool *ret_utf8, struct error *err)
{
	struct slice all = slice_str(address);
	const char *domain = address_domain(address);
	char *ascii = NULL;
	char *copy;
	struct slice local;

	if (!domain || all.len > ADDRESS_MAX || !utf8_is_valid(all) ||
		has_control(all))
		return no_address(address, err);
	local = slice_head(all, (size_t)(domain - 1 - address));
	if (!local_is_sound(local))
		return no_address(address, err);
	if (is_ascii(domain)) {
		if (!domain_is_sound(domain))
			return no_address(address, err);
		copy = xstrdup(domain);
	} else {
		if (idn2_to_ascii_8z(domain, &ascii,
			    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK ||
			!domain_is_sound(ascii)) {
			idn2_free(ascii);
			return no_address(address, err);
		}
		copy = xstrdup(ascii);
		idn2_free(ascii);
	}
	if (utf8_ascii_prefix(local) < local.len)
		*ret_utf8 = true;
	*ret_wire = xasprintf("%.*s@%s", (int)local.len, local.data, copy);
	free(copy);
	return true;
}
