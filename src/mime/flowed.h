/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format=flowed (RFC 3676): lines that were broken for the way only. */
#ifndef TERCET_MIME_FLOWED_H
#define TERCET_MIME_FLOWED_H

#include <stdbool.h>

#include "base/slice.h"
#include "mail/paragraph.h"

/* `text` is UTF-8 with line feeds alone. */
void flowed_extract(struct slice text, bool delsp, struct document *doc);

#endif /* TERCET_MIME_FLOWED_H */
