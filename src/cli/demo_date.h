/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sample mailbox was written at one time and is read at another: its dates
 * move along, so that its newest mail has just come.
 */
#ifndef TERCET_CLI_DEMO_DATE_H
#define TERCET_CLI_DEMO_DATE_H

#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"

/* Of the Date field, in seconds; 0 when it has none. */
int64_t demo_date_of(struct slice message);
/* Appends the message with the dates of its Date and Received fields `by_s`
 * seconds later, each in its own time zone. */
void demo_date_shift(struct slice message, int64_t by_s, struct strbuf *out);

#endif /* TERCET_CLI_DEMO_DATE_H */
