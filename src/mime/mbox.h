/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of an mbox file (RFC 4155), quoted as mboxrd does. */
#ifndef TERCET_MIME_MBOX_H
#define TERCET_MIME_MBOX_H

#include <stdbool.h>

#include "base/slice.h"
#include "base/strbuf.h"

/*
 * Takes the next message off the front of `*rest`: what stands between its
 * "From " line and the empty line before the next one.  Bytes before the first
 * "From " line are passed over.  False at the end.
 */
bool mbox_next(struct slice *rest, struct slice *ret_message);
/* Takes one '>' off each line of the kind ">From ", ">>From ", ...; appended to
 * `out`, false at its limit. */
bool mbox_unquote(struct slice message, struct strbuf *out);

#endif /* TERCET_MIME_MBOX_H */
