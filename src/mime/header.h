/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of a header block (RFC 5322 2.2), in order, as they stand. */
#ifndef TERCET_MIME_HEADER_H
#define TERCET_MIME_HEADER_H

#include <stdbool.h>

#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/limits.h"

struct header_field {
	struct slice name;  /* without blanks before the colon */
	struct slice value; /* folded, blanks around it left out */
};

/*
 * Old Macs ended lines with CR alone, and some mail still has it.  Where `s`
 * is such, `*ret_text` (owned by the caller, of the same length) holds it with
 * line feeds; else NULL, and `s` is fine.
 */
struct slice header_line_feeds(struct slice s, char **ret_text);
/*
 * Takes the next field off the front of `*rest`; lines that are no field are
 * passed over.  False at the end or at an empty line.
 */
bool header_next(struct slice *rest, struct header_field *ret_field);
/* The first field of that name; false when there is none. */
bool header_find(
	struct slice header, struct slice name, struct slice *ret_value);
/* Whether a line starts a field: a name and a colon. */
bool header_line_is_field(struct slice line);
/* Unfolds, decodes RFC 2047 words and repairs to UTF-8, appended as one line
 * free of control characters. */
void header_decode(struct slice value, struct strbuf *out);
/* The last step of it alone: `text` is UTF-8 already. */
void header_clean(struct slice text, struct strbuf *out);

#endif /* TERCET_MIME_HEADER_H */
