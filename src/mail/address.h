/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RFC 5322 addresses as values: name and addr-spec in UTF-8, both free of
 * control characters.  Parsing header text is mime/'s work, since words may be
 * encoded; printing and packing are here.
 */
#ifndef TERCET_MAIL_ADDRESS_H
#define TERCET_MAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/limits.h"

struct address {
	char *name;    /* display name, or NULL */
	char *address; /* local@domain; may be odd, never NULL */
	char *group;   /* name of the group it stood in, or NULL */
};

struct address_list {
	struct address *items;
	size_t n;
	size_t cap;
};

void address_list_clear(struct address_list *list);
/* Copies; NULL name allowed.  Nothing happens past ADDRESSES_MAX. */
void address_list_add(
	struct address_list *list, const char *name, const char *address);

/* The name, else the address; borrowed. */
const char *address_display(const struct address *address);
/* Addresses compare with the domain case-folded, names aside. */
bool address_eq(const char *a, const char *b);
/* "Ann Example <ann@example.org>, Bo <bo@example.net>", quoted as needed. */
void address_list_print(const struct address_list *list, struct strbuf *out);

/*
 * A compact form for the store: "address\tname\n" for each; exact round trip
 * but for groups.  Unpacking is lenient and never fails.
 */
void address_list_pack(const struct address_list *list, struct strbuf *out);
void address_list_unpack(struct slice packed, struct address_list *out);

#endif /* TERCET_MAIL_ADDRESS_H */
