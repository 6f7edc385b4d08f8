/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mailbox names: modified UTF-7 (RFC 3501 5.1.3) or UTF-8 (RFC 6855) to what
 * people read, and back.
 */
#ifndef TERCET_NET_IMAP_NAME_H
#define TERCET_NET_IMAP_NAME_H

#include <stdbool.h>

/* Bytes of a name on the wire; what is longer is no mailbox for us. */
enum { IMAP_NAME_MAX = 2000 };

/*
 * UTF-8 with '/' between levels; a '/' within a level becomes U+2215.  Odd
 * names come out inert (control characters as U+FFFD) and never fail.  The
 * caller frees.
 */
char *imap_name_decode(const char *wire, char delimiter, bool utf8);
/* The wire form; NULL when a level cannot be written (control characters, the
 * delimiter, nothing at all, too long).  The caller frees. */
char *imap_name_encode(const char *name, char delimiter, bool utf8);

#endif /* TERCET_NET_IMAP_NAME_H */
