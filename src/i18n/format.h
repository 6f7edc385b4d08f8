/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dates, sizes and numbers as people read them, in local time and in the
 * locale's language.  Each writes NUL-terminated UTF-8 into `buf` and returns
 * it; FORMAT_SIZE bytes are always enough.
 *
 * Threads: any, after i18n_init().
 */
#ifndef TERCET_I18N_FORMAT_H
#define TERCET_I18N_FORMAT_H

#include <stdint.h>

enum { FORMAT_SIZE = 160 };

/*
 * For a list, from `now_s`: "14:02" today, "Thu 18:20" on the six days before,
 * "12 Nov" this year, "3 May 19" otherwise; nothing for a time not known (0).
 * Nine columns at most in English.
 */
const char *format_date_short(
	int64_t time_s, int64_t now_s, char buf[FORMAT_SIZE]);

/* "Fri 20 Nov 2026, 14:02 (2 hours ago)" */
const char *format_date_long(
	int64_t time_s, int64_t now_s, char buf[FORMAT_SIZE]);

/* "Fri 20 Nov 2026, 14:02" */
const char *format_date(int64_t time_s, char buf[FORMAT_SIZE]);

/* "2 hours ago", "just now", "in 3 days" */
const char *format_ago(int64_t time_s, int64_t now_s, char buf[FORMAT_SIZE]);

/* "13:12" */
const char *format_clock(int64_t time_s, char buf[FORMAT_SIZE]);

/* "512 B", "48 KB", "1.2 MB"; a KB is 1,024 bytes. */
const char *format_size(uint64_t bytes, char buf[FORMAT_SIZE]);

/* "48,201" */
const char *format_number(int64_t number, char buf[FORMAT_SIZE]);

#endif /* TERCET_I18N_FORMAT_H */
