/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Borrowed bytes: a pointer and a length, no NUL promised, NULs allowed.
 * Never outlives what it points into.
 */
#ifndef TERCET_BASE_SLICE_H
#define TERCET_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/ascii.h"

struct slice {
	const char *data;
	size_t len;
};

/* For string literals. */
#define SLICE(lit) ((struct slice){ "" lit, sizeof(lit) - 1 })

static inline struct slice
slice_make(const void *data, size_t len)
{
	return (struct slice){ data, len };
}

static inline struct slice
slice_str(const char *s)
{
	return (struct slice){ s, s ? strlen(s) : 0 };
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* ASCII letters compare without case. */
static inline bool
slice_eq_nocase(struct slice a, struct slice b)
{
	return a.len == b.len && ascii_eq_nocase_n(a.data, b.data, a.len);
}

static inline bool
slice_starts(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len &&
	       slice_eq(slice_make(s.data, prefix.len), prefix);
}

static inline bool
slice_starts_nocase(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len &&
	       ascii_eq_nocase_n(s.data, prefix.data, prefix.len);
}

static inline bool
slice_ends(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len &&
	       slice_eq(slice_make(s.data + s.len - suffix.len, suffix.len),
		       suffix);
}

/* The first `n` bytes, or all there are. */
static inline struct slice
slice_head(struct slice s, size_t n)
{
	return slice_make(s.data, n < s.len ? n : s.len);
}

/* What follows the first `n` bytes; empty when there are fewer. */
static inline struct slice
slice_skip(struct slice s, size_t n)
{
	if (n > s.len)
		n = s.len;
	return slice_make(n ? s.data + n : s.data, s.len - n);
}

/* Offset of the first `c`, or `s.len`. */
static inline size_t
slice_find(struct slice s, char c)
{
	const char *p = s.len ? memchr(s.data, c, s.len) : NULL;

	return p ? (size_t)(p - s.data) : s.len;
}

/* Without blanks, tabs, CR and LF at both ends. */
static inline struct slice
slice_trim(struct slice s)
{
	while (s.len > 0 && ascii_is_space(s.data[0]))
		s = slice_skip(s, 1);
	while (s.len > 0 && ascii_is_space(s.data[s.len - 1]))
		s.len--;
	return s;
}

/*
 * Takes one line off the front of `*rest` into `*ret_line`, without its LF or
 * CRLF.  False when nothing is left.
 */
static inline bool
slice_next_line(struct slice *rest, struct slice *ret_line)
{
	size_t end;

	if (rest->len == 0)
		return false;
	end = slice_find(*rest, '\n');
	*ret_line = slice_make(rest->data, end);
	if (end > 0 && rest->data[end - 1] == '\r')
		ret_line->len--;
	*rest = slice_skip(*rest, end < rest->len ? end + 1 : end);
	return true;
}

#endif /* TERCET_BASE_SLICE_H */
