/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters as one types them in a hurry: without case and accents. */
#ifndef TERCET_I18N_FOLD_H
#define TERCET_I18N_FOLD_H

#include <stdint.h>

/* Letters that one becomes; the ligatures of Arabic become the most. */
enum { FOLD_MAX = 18 };

/*
 * The letters that stand for `code`: its compatibility decomposition, folded,
 * without marks.  Returns their number, 0 for a mark itself.
 */
int fold_letter(uint32_t code, uint32_t ret_letters[FOLD_MAX]);

#endif /* TERCET_I18N_FOLD_H */
