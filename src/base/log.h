/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log file: one line an event, English, tagged by room.  Before
 * log_open() and when no file can be opened, lines are dropped.
 *
 * Passwords, tokens, message bodies and subjects never come here; addresses
 * only at debug level.  Control characters are written as \xNN.
 *
 * Threads: any.
 */
#ifndef TERCET_BASE_LOG_H
#define TERCET_BASE_LOG_H

#include <stdbool.h>

#include "base/attr.h"

enum log_level {
	LOG_ERROR,   /* the user was told */
	LOG_WARNING, /* worked around */
	LOG_INFO,    /* state changes */
	LOG_DEBUG,
};

/* Appends to `path` (mode 0600), which is cut to nothing past 8 MiB. */
void log_open(const char *path, enum log_level level);
void log_close(void);
bool log_is_on(enum log_level level);

void log_error(const char *room, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_warning(const char *room, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_info(const char *room, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_debug(const char *room, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif /* TERCET_BASE_LOG_H */
