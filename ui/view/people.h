/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of people as the interface shows them: short, and "me" for oneself. */
#ifndef TERCET_UI_VIEW_PEOPLE_H
#define TERCET_UI_VIEW_PEOPLE_H

#include <stdbool.h>

#include "mail/address.h"
#include "store/list.h"

struct config;

/* Whether an address belongs to any of the accounts. */
bool people_is_me(const struct config *config, const char *address);

/* "me", the name, or the address; at most `max` people, then "+4". */
void people_print(const struct address_list *list, const struct config *config,
	size_t max, struct strbuf *out);

/*
 * Who takes part in a row, within `columns` where it can be done: full names,
 * else first names, else the first and the last of them and how many more; a
 * mailing list's name in front, unless it is `here` (an id, or NULL), which the
 * rows around are of too.
 */
void people_of_row(const struct list_row *row, const struct config *config,
	const char *here, int columns, struct strbuf *out);

/*
 * "Ann Example <ann@example.org>, Bo <bo@example.net>" to be read, not sent:
 * a name is quoted only where it could pass for an address.
 */
void people_print_addresses(
	const struct address_list *list, struct strbuf *out);

#endif /* TERCET_UI_VIEW_PEOPLE_H */
