/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks of list items. */
#ifndef TERCET_MIME_HTML_LIST_H
#define TERCET_MIME_HTML_LIST_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "mime/html_attributes.h"

/* How the items of a list are marked: 1, a, A, i, I; 0: not at all.  Lists that
 * are not numbered are 1 or 0. */
char html_list_type(const struct html_attributes *attributes, bool numbered);
/* "3. ", "c. ", "III. "; in figures where the type has none for the value. */
void html_list_number(char type, int value, struct strbuf *out);

#endif /* TERCET_MIME_HTML_LIST_H */
