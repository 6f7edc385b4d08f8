/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TERCET_NET_IMAP_STRUCTURE_H
#define TERCET_NET_IMAP_STRUCTURE_H

#include <stdbool.h>

#include "mail/part.h"
#include "net/imap_token.h"

/*
 * BODY or BODYSTRUCTURE (RFC 9051 7.5.2) into the parts of a message; the
 * cursor stands behind it afterwards, whatever was odd in it.  Beyond
 * PARTS_DEPTH_MAX and PARTS_MAX parts are left out.  False: it held none.
 *
 * Sections: a message that is no multipart is one part "1"; a multipart
 * message is "" over "1", "2"; what a message/rfc822 part "2" holds is "2.1",
 * or "2.TEXT" over "2.1", "2.2" when that is a multipart.
 */
bool imap_parse_structure(struct tokens *t, struct part_tree *tree);

#endif /* TERCET_NET_IMAP_STRUCTURE_H */
