/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text as it is typed, with lines as long as they came, made ready for the
 * way as format=flowed (RFC 3676): a paragraph of the writer's becomes lines of
 * at most 72 columns that end in a blank, and comes out as that paragraph
 * again.  What was broken by hand stays broken; lines of quotes, of indented
 * text and of diffs are left as they are.
 */
#ifndef TERCET_COMPOSE_FLOW_H
#define TERCET_COMPOSE_FLOW_H

#include "base/slice.h"
#include "base/strbuf.h"

enum { FLOW_COLUMNS = 72 };

/* `text` is UTF-8; `out` gets lines that end in LF. */
void flow_text(struct slice text, struct strbuf *out);

#endif /* TERCET_COMPOSE_FLOW_H */
