/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIME parameters: RFC 2045, RFC 2231 in any order, RFC 2047 where it should
 * not be, and raw 8-bit. */
#ifndef TERCET_MIME_PARAM_H
#define TERCET_MIME_PARAM_H

#include "mail/part.h"

/*
 * Fills charset, name, flowed and delsp of every part from its raw parameters
 * ("filename" of the disposition first, then "name" of the type), and drops
 * the parameters.  A part whose disposition gave parameters stores them with
 * their names; `name` and `filename` tell them apart.
 */
void mime_params_settle(struct part_tree *tree);

/*
 * Adds the parameters of a field's value, from behind its first word: "; name =
 * value" with quotes, comments and blanks, or without semicolons and quotes
 * where they should be.
 */
void mime_params_read(struct slice value, struct part *part);
/* The decoded value of a raw parameter, put together from its pieces; NULL when
 * there is none.  The caller frees. */
char *mime_param(const struct part *part, const char *name);
/* The same as it stands, nothing decoded but RFC 2231's escapes. */
char *mime_param_raw(const struct part *part, const char *name);

#endif /* TERCET_MIME_PARAM_H */
