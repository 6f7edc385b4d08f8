/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfer encodings, decoded as a stream; faults never cut text off. */
#ifndef TERCET_MIME_TRANSFER_H
#define TERCET_MIME_TRANSFER_H

#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/part.h"

struct transfer; /* state between pieces */

struct transfer *transfer_new(enum part_encoding encoding);
void transfer_free(struct transfer *transfer);
/* Decodes a piece, appending to `out`; false at the limit of `out`. */
bool transfer_add(
	struct transfer *transfer, struct slice piece, struct strbuf *out);
/* What was held back until the end. */
bool transfer_end(struct transfer *transfer, struct strbuf *out);

/* Everything at once. */
bool transfer_decode(
	enum part_encoding encoding, struct slice bytes, struct strbuf *out);

#endif /* TERCET_MIME_TRANSFER_H */
