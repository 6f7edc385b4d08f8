/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of pages that stand in running text. */
#ifndef TERCET_MIME_LINK_H
#define TERCET_MIME_LINK_H

#include <stdint.h>

#include "base/slice.h"
#include "mail/paragraph.h"

/*
 * Appends text to the last paragraph, all of it in `style`, and makes links of
 * what looks like one: http, https, ftp, mailto and www.  Linear time.
 */
void link_add_text(struct document *doc, struct slice text, uint16_t style);

#endif /* TERCET_MIME_LINK_H */
