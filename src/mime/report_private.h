/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What report.c and report_guess.c share. */
#ifndef TERCET_MIME_REPORT_PRIVATE_H
#define TERCET_MIME_REPORT_PRIVATE_H

#include <stdbool.h>

#include "base/slice.h"

/* A column by a field's value, decoded. */
void report_set_value(char **column, struct slice value);
/* What stands in the first pair of angles; false when that is no id. */
bool report_find_id(struct slice value, struct slice *ret_id);

#endif /* TERCET_MIME_REPORT_PRIVATE_H */
