/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTML to paragraphs with links, by libxml2's push parser.  Nothing is ever
 * fetched; what a reader would not see in a browser is left out and counted,
 * and so are the pictures.  Linear time, bounded memory, no error output.
 */
#ifndef TERCET_MIME_HTML_H
#define TERCET_MIME_HTML_H

#include "base/slice.h"
#include "mail/paragraph.h"

/* `text` is UTF-8 without NUL. */
void html_extract(struct slice text, struct document *doc);
/* The charset a page declares of itself, within its first bytes; else empty. */
struct slice html_charset(struct slice bytes);

#endif /* TERCET_MIME_HTML_H */
