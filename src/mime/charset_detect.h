/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In which charset bytes are when nobody said, or what was said cannot be true.
 * uchardet tells by how often characters follow each other; its answer counts
 * only where there is enough to go by.
 */
#ifndef TERCET_MIME_CHARSET_DETECT_H
#define TERCET_MIME_CHARSET_DETECT_H

#include <stdbool.h>

#include "base/slice.h"
#include "mime/charset_name.h"

/* What the bytes themselves say. */
struct charset_look {
	size_t high;    /* bytes from 0x80, of those looked at, */
	size_t kinds;   /* different ones among them, */
	size_t letters; /* and ASCII letters */
};

struct charset_look charset_look(struct slice bytes);
/* Whether a Latin script cannot look so: hardly a letter is ASCII, and it is no
 * row of dashes. */
bool charset_is_not_latin(struct charset_look look);
/*
 * Fills `*ret_charset` and returns true when the bytes, which are no UTF-8, are
 * in a charset other than windows-1252, most likely.
 */
bool charset_detect(struct slice bytes, struct charset *ret_charset);

#endif /* TERCET_MIME_CHARSET_DETECT_H */
