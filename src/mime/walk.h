/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Message bytes to the part tree, in one pass, within the limits of
 * mail/limits.h.  Iterative; borrows nothing after it returns.
 */
#ifndef TERCET_MIME_WALK_H
#define TERCET_MIME_WALK_H

#include "base/slice.h"
#include "mail/part.h"

/*
 * Each part gets offset and size of its encoded body and the offset of its
 * header in `message`; parameters are settled.  Never fails: broken structure
 * falls back to showing text.  A declared multipart whose delimiter never
 * comes is one text/plain part.
 */
void mime_walk(struct slice message, struct part_tree *ret_tree);
/* The part's encoded bytes within the message it was walked from. */
struct slice mime_part_body(struct slice message, const struct part *part);
/* Header block of the message, with the empty line left out. */
struct slice mime_header(struct slice message);

#endif /* TERCET_MIME_WALK_H */
