/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes a message that message: its time and its name. */
#ifndef TERCET_COMPOSE_STAMP_H
#define TERCET_COMPOSE_STAMP_H

#include <stdint.h>

#include "base/attr.h"
#include "base/strbuf.h"

/* "Fri, 20 Nov 2026 15:02:00 +0100": local time, its offset and no name of the
 * zone, English whatever the locale. */
void stamp_date(int64_t when, struct strbuf *out);
/*
 * A new Message-ID without < and >: random, in the domain of `address` (NULL or
 * odd: "localhost"); nothing of the machine is in it.  The caller frees.
 */
NONNULL_RETURN char *stamp_message_id(const char *address);
/* A boundary that stands in no text. */
void stamp_boundary(char ret[40]);

#endif /* TERCET_COMPOSE_STAMP_H */
