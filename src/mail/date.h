/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 5322 3.3 (with its obsolete forms) and IMAP INTERNALDATE dates. */
#ifndef TERCET_MAIL_DATE_H
#define TERCET_MAIL_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Lenient: days, comments, two-digit years, zone names, seconds missing.
 * Seconds UTC in [1, 253402300799]; false when it is no date. */
bool date_parse(struct slice text, int64_t *ret_s);
/* "17-Jul-1996 02:44:25 -0700" */
bool date_parse_internal(struct slice text, int64_t *ret_s);
/* "2026-11-20T13:02:00Z" into at least 32 bytes; "" for 0. */
void date_print_rfc3339(int64_t s, char buf[32]);

#endif /* TERCET_MAIL_DATE_H */
