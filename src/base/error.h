/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Errors are values.  A function that can fail returns false and fills the
 * `struct error` its caller gave it; callers add context in front and pass it
 * on; whoever stops passing it on reports it, once.
 *
 * `text` is translated, complete and fit for the status line.  `detail` is
 * English and for the log; it may be NULL.
 */
#ifndef TERCET_BASE_ERROR_H
#define TERCET_BASE_ERROR_H

#include <stdbool.h>

#include "base/attr.h"

/* Named by what the caller can do. */
enum error_kind {
	ERR_NONE,
	ERR_CANCELLED, /* somebody asked for it to stop */
	ERR_OFFLINE,   /* no network or server: try again later */
	ERR_LOGIN,     /* credentials refused: ask */
	ERR_UNTRUSTED, /* certificate or missing TLS: never retried alone */
	ERR_REFUSED,   /* the server said no: give up on this one thing */
	ERR_PROTOCOL,  /* nonsense from the server: drop the connection */
	ERR_STALE,     /* the world changed: load again first */
	ERR_INVALID,   /* what the user gave */
	ERR_LIMIT,     /* too big */
	ERR_DISK,      /* no space, I/O error */
	ERR_STORE,     /* the database is damaged or foreign */
};

/* Named by what a person can do, where the kind alone does not tell. */
enum error_cause {
	CAUSE_NONE,
	CAUSE_NO_TLS,       /* nobody speaks TLS at this port */
	CAUSE_NO_MECHANISM, /* no login that both sides have */
	CAUSE_NO_PASSWORD,  /* nothing tells the password */
	CAUSE_NO_COMMAND,   /* the password-command does not work */
};

struct error {
	enum error_kind kind;
	enum error_cause cause;
	char *text;
	char *detail;
};

#define ERROR_INIT                                                             \
	{                                                                      \
		ERR_NONE, CAUSE_NONE, NULL, NULL                               \
	}

/* Fills `err`, dropping what it held; `text` keeps errno out.  Returns false,
 * so that `return error_set(...)` reads well. */
bool error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* As error_set, with ": strerror(errnum)" behind the text; ENOSPC, EIO, EROFS
 * and EDQUOT become ERR_DISK whatever `kind` says. */
bool error_set_errno(struct error *err, enum error_kind kind, int errnum,
	const char *fmt, ...) PRINTF_LIKE(4, 5);
/* Puts "context: " in front of the text.  Returns false. */
bool error_prefix(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Replaces the detail. */
void error_detail(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Says why more closely; behind error_set(), which says CAUSE_NONE.  Returns
 * false. */
bool error_because(struct error *err, enum error_cause cause);
/* Copies all of `from`.  Returns false. */
bool error_copy(struct error *to, const struct error *from);
/* Moves `from` into `to`, clearing both sides properly.  Returns false. */
bool error_move(struct error *to, struct error *from);
/* Frees and resets; for CLEANUP() too. */
void error_clear(struct error *err);

/* English, for the log. */
const char *error_kind_name(enum error_kind kind);

#endif /* TERCET_BASE_ERROR_H */
