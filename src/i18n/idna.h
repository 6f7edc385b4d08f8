/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Host names of any script as the ASCII that is asked of the DNS, so that
 * letters which look alike do not look alike.  Pure; any thread.
 */
#ifndef TERCET_I18N_IDNA_H
#define TERCET_I18N_IDNA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/* Of a whole name and of a label (RFC 1035 2.3.4). */
enum { IDNA_HOST_MAX = 255, IDNA_LABEL_MAX = 63 };

/*
 * Lower case, normalised, each label with foreign letters as "xn--" and its
 * Punycode (RFC 3492, RFC 5891).  It is for showing and comparing: what a
 * registry would not allow is turned over as well.  False where it cannot be:
 * too long, no UTF-8, or an ASCII character comes of it that hosts do not have.
 */
bool idna_to_ascii(struct slice host, char ret_ascii[IDNA_HOST_MAX + 1]);

#endif /* TERCET_I18N_IDNA_H */
