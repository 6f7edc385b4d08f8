/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growable byte string with a mandatory limit, always NUL-terminated.
 *
 * An append that would pass the limit takes nothing, sets `full` for good and
 * returns false; so a run of appends can be checked once, at its end.
 */
#ifndef TERCET_BASE_STRBUF_H
#define TERCET_BASE_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/slice.h"

struct strbuf {
	char *data; /* never NULL after strbuf_init */
	size_t len;
	size_t cap;   /* 0: no memory yet */
	size_t limit; /* most bytes, the NUL not counted */
	bool full;    /* an append was refused */
};

void strbuf_init(struct strbuf *buf, size_t limit);
/* Frees the bytes; the struct may be initialised again.  For CLEANUP() too. */
void strbuf_clear(struct strbuf *buf);
/* Empties, keeps the memory and the limit, resets `full`. */
void strbuf_reset(struct strbuf *buf);
/* Shortens to `len`. */
void strbuf_cut(struct strbuf *buf, size_t len);

bool strbuf_add(struct strbuf *buf, const void *data, size_t len);
bool strbuf_add_str(struct strbuf *buf, const char *s);
bool strbuf_add_slice(struct strbuf *buf, struct slice s);
bool strbuf_addf(struct strbuf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool strbuf_vaddf(struct strbuf *buf, const char *fmt, va_list ap)
	PRINTF_LIKE(2, 0);
/* Appends the UTF-8 form of a code point. */
bool strbuf_add_utf8(struct strbuf *buf, uint32_t code_point);

/* Room for `n` more bytes at `data + len`; NULL past the limit.  The caller
 * writes, then adds what it wrote to `len` by strbuf_grown(). */
char *strbuf_room(struct strbuf *buf, size_t n);
void strbuf_grown(struct strbuf *buf, size_t n);
/* Drops the first `n` bytes. */
void strbuf_drop(struct strbuf *buf, size_t n);

/* Inline, as bytes are often filtered one by one. */
static inline bool
strbuf_add_char(struct strbuf *buf, char c)
{
	if (buf->len + 1 >= buf->cap)
		return strbuf_add(buf, &c, 1);
	buf->data[buf->len++] = c;
	buf->data[buf->len] = '\0';
	return true;
}

static inline struct slice
strbuf_slice(const struct strbuf *buf)
{
	return (struct slice){ buf->data, buf->len };
}

/* Gives the NUL-terminated bytes away and leaves the buffer cleared. */
NONNULL_RETURN char *strbuf_take(struct strbuf *buf);

#endif /* TERCET_BASE_STRBUF_H */
