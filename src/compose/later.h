/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A time to come, in plain words: "tomorrow 8:00", "in 2 hours", "monday 9am",
 * "tonight", "14:30", "2026-12-01 09:00", "+90m", in the local zone.
 */
#ifndef TERCET_COMPOSE_LATER_H
#define TERCET_COMPOSE_LATER_H

#include <stdint.h>

#include "base/error.h"

/* A day without a time means eight in the morning; a time that is over today
 * means tomorrow.  ERR_INVALID: not understood, or in the past. */
MUST_CHECK bool later_parse(
	const char *text, int64_t now, int64_t *ret_when, struct error *err);

#endif /* TERCET_COMPOSE_LATER_H */
