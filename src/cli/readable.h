/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes of messages as documents for people: what the interface shows
 * beside the texts that the store holds, when somebody asks (doc/adr/0027).
 */
#ifndef TERCET_CLI_READABLE_H
#define TERCET_CLI_READABLE_H

#include "base/slice.h"
#include "mail/paragraph.h"
#include "mail/part.h"

/* Every field of a header, unfolded and decoded, a paragraph each. */
void readable_header(struct slice header, struct document *doc);

/*
 * A message inside a message, from the part's bytes as they stand there: the
 * fields that people read, then the text.
 */
void readable_message(
	const struct part *part, struct slice bytes, struct document *doc);

#endif /* TERCET_CLI_READABLE_H */
