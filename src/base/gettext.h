/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Markers for text people read.  Log and protocol text is not marked. */
#ifndef TERCET_BASE_GETTEXT_H
#define TERCET_BASE_GETTEXT_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) text
/* One form or the other, by the number. */
#define P_(one, many, n) ngettext(one, many, n)

#endif /* TERCET_BASE_GETTEXT_H */
