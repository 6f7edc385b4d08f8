/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines that cross engine.sock.  Whatever comes in is checked. */
#ifndef TERCET_SYNC_LINE_H
#define TERCET_SYNC_LINE_H

#include "base/slice.h"
#include "base/strbuf.h"
#include "sync/socket.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

/* Each appends one line with its LF. */
void line_print_event(const struct event *event, struct strbuf *out);
void line_print_request(const struct request *request, struct strbuf *out);
/* NULL for a line that is none; the caller frees. */
struct event *line_parse_event(struct slice line);
struct request *line_parse_request(struct slice line);

#endif /* TERCET_SYNC_LINE_H */
