/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory.  Running out aborts, so no size from outside may reach these
 * functions before it has met a named limit.
 */
#ifndef TERCET_BASE_MEM_H
#define TERCET_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "base/attr.h"

NONNULL_RETURN void *xmalloc(size_t size);
NONNULL_RETURN void *xcalloc(size_t n, size_t size);
NONNULL_RETURN void *xrealloc(void *p, size_t size);
/* n * size, overflow checked. */
NONNULL_RETURN void *xreallocarray(void *p, size_t n, size_t size);
NONNULL_RETURN char *xstrdup(const char *s);
/* Exactly `len` bytes and a NUL behind them; `s` may hold NULs. */
NONNULL_RETURN char *xmemdup0(const void *s, size_t len);
NONNULL_RETURN char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);
NONNULL_RETURN char *xvasprintf(const char *fmt, va_list ap) PRINTF_LIKE(1, 0);

/* xstrdup that passes NULL on. */
char *xstrdup_null(const char *s);

/* Frees `*p` and stores a copy of `s` (NULL allowed) there. */
void str_replace(char **p, const char *s);

/* Overwrites before freeing; for passwords.  NULL is fine. */
void free_secret(char *s);

/* For CLEANUP() on any pointer from malloc. */
void freep(void *pp);
/* For CLEANUP() on a char * that holds a secret. */
void free_secretp(char **p);

#define xnew(type) ((type *)xcalloc(1, sizeof(type)))

/* Takes the pointer out of an owned variable, leaving NULL. */
#define STEAL(p)                                                               \
	__extension__({                                                        \
		__typeof__(p) *steal_from_ = &(p);                             \
		__typeof__(p) stolen_ = *steal_from_;                          \
		*steal_from_ = NULL;                                           \
		stolen_;                                                       \
	})

#endif /* TERCET_BASE_MEM_H */
