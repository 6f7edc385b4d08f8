/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Address lists of header fields (RFC 5322 3.4 with its obsolete forms, RFC
 * 6532, and what is sent instead): groups, routes, comments, missing brackets,
 * commas in encoded words, semicolons for commas.  One pass, no recursion.
 */
#ifndef TERCET_MIME_ADDRESS_H
#define TERCET_MIME_ADDRESS_H

#include "base/slice.h"
#include "mail/address.h"

/*
 * Appends the addresses of a field's value (folded, raw).  Names are decoded
 * and free of control characters; an addr-spec is never decoded, so that no
 * encoded word can pretend to be another address.  Words without an address
 * become a name with the address "".
 */
void mime_read_addresses(struct slice value, struct address_list *out);

#endif /* TERCET_MIME_ADDRESS_H */
