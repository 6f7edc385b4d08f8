/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The times and repetitions of cards in words, in the zone and language of the
 * process.  The caller frees; NULL where there is nothing to say.
 */
#ifndef TERCET_MAIL_CARD_TIME_H
#define TERCET_MAIL_CARD_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* A decimal number with or without a sign. */
bool card_number(struct slice text, int64_t *ret);

/* Columns as card.h has them of "when" and "due". */
char *card_time_here(const struct slice *columns);
/* The same in the writer's zone, where its clocks show something else. */
char *card_time_there(const struct slice *columns);
/* Columns of "repeat": "every Tuesday until 24 Dec 2026". */
char *card_repeat(const struct slice *columns);

#endif /* TERCET_MAIL_CARD_TIME_H */
