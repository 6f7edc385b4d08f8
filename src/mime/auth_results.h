/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Authentication-Results fields (RFC 8601). */
#ifndef TERCET_MIME_AUTH_RESULTS_H
#define TERCET_MIME_AUTH_RESULTS_H

#include "base/slice.h"
#include "base/strbuf.h"

enum {
	AUTH_RESULTS_SERVERS_MAX = 8,
	AUTH_RESULTS_FIELDS_MAX = 32,       /* of them that are read */
	AUTH_RESULTS_PER_FIELD_MAX = 50,    /* results of a field */
	AUTH_RESULTS_FIELD_MAX = 32 * 1024, /* bytes of one that are read */
	AUTH_RESULTS_WORD_MAX = 512,        /* longer words are cut */
};

/*
 * Appends what stands in the header, packed as mail/authentication.h has it.
 * Servers put their fields on top: of each only the topmost run of fields
 * counts, so that one that came with the message says nothing in the name of a
 * server that wrote one of its own.  Never fails.
 */
void auth_results_read(struct slice header, struct strbuf *out);

#endif /* TERCET_MIME_AUTH_RESULTS_H */
