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

#endif /* TERCET_MIME_PARAM_H */
