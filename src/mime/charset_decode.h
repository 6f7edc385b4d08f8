/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a known charset to UTF-8, without any guessing. */
#ifndef TERCET_MIME_CHARSET_DECODE_H
#define TERCET_MIME_CHARSET_DECODE_H

#include <stdbool.h>

#include "base/slice.h"
#include "base/strbuf.h"
#include "mime/charset_name.h"

/*
 * Appends; CODEC_NONE is windows-1252.  What is no text in the charset becomes
 * U+FFFD.  False when something was lost, or cut at the limit of `out`.
 */
bool charset_decode(
	const struct charset *charset, struct slice s, struct strbuf *out);

#endif /* TERCET_MIME_CHARSET_DECODE_H */
