/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Authentication-Results fields (RFC 8601). */
#ifndef TERCET_MIME_AUTH_RESULTS_H
#define TERCET_MIME_AUTH_RESULTS_H

#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/limits.h"

/*
 * Appends what stands in the header, packed as mail/authentication.h has it.
 * Servers put their fields on top: of each only the topmost run of fields
 * counts, so that one that came with the message says nothing in the name of a
 * server that wrote one of its own.  Never fails.
 */
void auth_results_read(struct slice header, struct strbuf *out);

#endif /* TERCET_MIME_AUTH_RESULTS_H */
