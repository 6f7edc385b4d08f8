/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/recipients.h"

#include <stdlib.h>
#include <string.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "compose/domain.h"
#include "mime/address.h"

static bool
check(const struct address *it, struct error *err)
{
	char *wire CLEANUP(freep) = NULL;
	bool utf8 = false;

	if (!*it->address)
		return error_set(err, ERR_INVALID,
			_("“%s” is no address: it has no @"),
			it->name ? it->name : "");
	return address_to_wire(it->address, &wire, &utf8, err);
}

bool
recipients_read(
	const char *text, struct address_list *ret_list, struct error *err)
{
	struct address_list list = { NULL, 0, 0 };
	struct slice line = slice_trim(slice_str(text));

	if (line.len > RECIPIENTS_LINE_MAX)
		return error_set(
			err, ERR_LIMIT, _("These are too many addresses"));
	mime_read_addresses(line, &list);
	for (size_t i = 0; i < list.n; i++) {
		if (!check(&list.items[i], err)) {
			address_list_clear(&list);
			return false;
		}
	}
	*ret_list = list;
	return true;
}
