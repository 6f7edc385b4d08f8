/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nearest ASCII, for terminals that take nothing else. */
#ifndef TERCET_UI_TERM_PLAIN_H
#define TERCET_UI_TERM_PLAIN_H

#include <stdint.h>

/* '?' for what has none. */
char plain_of(uint32_t code_point);

#endif /* TERCET_UI_TERM_PLAIN_H */
