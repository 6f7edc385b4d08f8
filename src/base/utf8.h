/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms. */
#ifndef TERCET_BASE_UTF8_H
#define TERCET_BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct strbuf;

enum { UTF8_REPLACEMENT = 0xfffd };

bool utf8_is_valid(struct slice s);
/* How many bytes at the front are ASCII. */
size_t utf8_ascii_prefix(struct slice s);
/*
 * Takes one code point off the front of `*s` (not empty).  A malformed
 * sequence costs one byte and yields UTF8_REPLACEMENT.
 */
uint32_t utf8_next(struct slice *s);
/* Writes 1 to 4 bytes; what is no code point becomes UTF8_REPLACEMENT. */
size_t utf8_encode(uint32_t code_point, char bytes[4]);
/* Appends `s` with malformed bytes as U+FFFD.  False at the limit of `out`. */
bool utf8_repair(struct slice s, struct strbuf *out);
/* The same with a blank for each control and line separator: one line that a
 * terminal may see. */
bool utf8_inert(struct slice s, struct strbuf *out);
/* Longest prefix of at most `max` bytes that cuts no sequence. */
size_t utf8_cut(struct slice s, size_t max);

#endif /* TERCET_BASE_UTF8_H */
