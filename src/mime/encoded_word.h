/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 2047 encoded words, as they should be and as they are sent. */
#ifndef TERCET_MIME_ENCODED_WORD_H
#define TERCET_MIME_ENCODED_WORD_H

#include <stdbool.h>

#include "base/slice.h"
#include "base/strbuf.h"

struct encoded_word {
	struct slice charset; /* without RFC 2231's language */
	char encoding;        /* 'b' or 'q' */
	struct slice text;
};

/*
 * Takes an encoded word off the front of `*s`.  Blanks and question marks in
 * its text are tolerated; a word without an end is none.
 */
bool encoded_word_next(struct slice *s, struct encoded_word *ret_word);

/*
 * Appends `text` with its words decoded and raw 8-bit bytes as UTF-8.  Words
 * side by side are joined before their charset is decoded, since some cut
 * characters in two.  Control characters may come out.
 */
void encoded_words_decode(struct slice text, struct strbuf *out);

#endif /* TERCET_MIME_ENCODED_WORD_H */
