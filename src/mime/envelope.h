/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header bytes to an envelope. */
#ifndef TERCET_MIME_ENVELOPE_H
#define TERCET_MIME_ENVELOPE_H

#include "base/slice.h"
#include "mail/envelope.h"

/*
 * Reads a header block (to its end or the first empty line), as
 * BODY[HEADER.FIELDS (...)] brings it or a whole message starts.  Never fails:
 * what cannot be read is left out, the first of repeated fields counts (but
 * addresses of repeated To and Cc add up).  `*ret` is cleared by the caller.
 * Speed matters: this runs for every message of a mailbox.
 */
void mime_read_envelope(struct slice header, struct envelope *ret_envelope);

#endif /* TERCET_MIME_ENVELOPE_H */
