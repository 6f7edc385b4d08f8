/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Content- fields of a part's header (RFC 2045, RFC 2183). */
#ifndef TERCET_MIME_CONTENT_H
#define TERCET_MIME_CONTENT_H

#include "base/slice.h"
#include "mail/part.h"

/*
 * Fills type, encoding, disposition, content_id, description and the raw
 * parameters.  `type` stands where the header gives none.
 */
void content_read(struct slice header, const char *type, struct part *part);

#endif /* TERCET_MIME_CONTENT_H */
