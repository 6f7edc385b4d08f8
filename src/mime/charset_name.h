/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the names of charsets in mail mean. */
#ifndef TERCET_MIME_CHARSET_NAME_H
#define TERCET_MIME_CHARSET_NAME_H

#include <stdbool.h>

#include "base/slice.h"
#include "mime/charset.h"
#include "mime/charset_tables.h"

enum codec {
	CODEC_NONE, /* ASCII, or a name that says nothing */
	CODEC_UTF8,
	CODEC_TABLE,       /* one byte a character, by charset_tables */
	CODEC_SINGLE,      /* one byte a character, by iconv */
	CODEC_MULTI,       /* ASCII and pairs with the high bit, by iconv */
	CODEC_SHIFTED,     /* seven bits and shifts, by iconv */
	CODEC_WIDE,        /* UTF-16, UTF-32 */
	CODEC_ISO_2022_JP, /* our own, more lenient than iconv's */
	CODEC_HZ,
};

struct charset {
	enum codec codec;
	enum charset_table table;     /* of CODEC_TABLE */
	char iconv[CHARSET_NAME_MAX]; /* name there; else "" */
};

/* A name that is not in the list here is CODEC_SINGLE until it is settled. */
struct charset charset_by_name(struct slice name);
/* Asks iconv, under any spelling; what it does not know either is CODEC_NONE.
 * False then. */
bool charset_settle(struct charset *charset);

#endif /* TERCET_MIME_CHARSET_NAME_H */
