/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/strbuf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { FIRST_CAP = 64 };

/* The bytes of a buffer that has no memory yet; nobody writes here. */
static char nothing[1];

void
strbuf_init(struct strbuf *buf, size_t limit)
{
	ASSERT(limit > 0 && limit < SIZE_MAX / 4);
	*buf = (struct strbuf){ .data = nothing, .limit = limit };
}

void
strbuf_clear(struct strbuf *buf)
{
	if (buf->cap > 0)
		free(buf->data);
	*buf = (struct strbuf){ 0 };
}

void
strbuf_reset(struct strbuf *buf)
{
	buf->full = false;
	strbuf_cut(buf, 0);
}

void
strbuf_cut(struct strbuf *buf, size_t len)
{
	ASSERT(len <= buf->len);
	buf->len = len;
	if (buf->cap > 0)
		buf->data[len] = '\0';
}

char *
strbuf_room(struct strbuf *buf, size_t n)
{
	size_t need;
	size_t cap;

	if (n > buf->limit - buf->len) {
		buf->full = true;
		return NULL;
	}
	need = buf->len + n + 1;
	if (need > buf->cap) {
		cap = buf->cap < FIRST_CAP ? FIRST_CAP : buf->cap * 2;
		if (cap < need)
			cap = need;
		if (cap > buf->limit + 1)
			cap = buf->limit + 1;
		buf->data = xrealloc(buf->cap > 0 ? buf->data : NULL, cap);
		if (buf->cap == 0)
			buf->data[0] = '\0';
		buf->cap = cap;
	}
	return buf->data + buf->len;
}

void
strbuf_grown(struct strbuf *buf, size_t n)
{
	ASSERT(buf->len + n < buf->cap);
	buf->len += n;
	buf->data[buf->len] = '\0';
}

void
strbuf_drop(struct strbuf *buf, size_t n)
{
	ASSERT(n <= buf->len);
	if (n == 0)
		return;
	memmove(buf->data, buf->data + n, buf->len - n + 1);
	buf->len -= n;
}

bool
strbuf_add(struct strbuf *buf, const void *data, size_t len)
{
	char *to;

	if (len == 0)
		return true;
	to = strbuf_room(buf, len);
	if (!to)
		return false;
	memcpy(to, data, len);
	strbuf_grown(buf, len);
	return true;
}

bool
strbuf_add_str(struct strbuf *buf, const char *s)
{
	return strbuf_add(buf, s, strlen(s));
}

bool
strbuf_add_slice(struct strbuf *buf, struct slice s)
{
	return strbuf_add(buf, s.data, s.len);
}

bool
strbuf_vaddf(struct strbuf *buf, const char *fmt, va_list ap)
{
	va_list again;
	char *to;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	ASSERT(n >= 0);
	to = strbuf_room(buf, (size_t)n);
	if (!to)
		return false;
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	strbuf_grown(buf, (size_t)n);
	return true;
}

bool
strbuf_addf(struct strbuf *buf, const char *fmt, ...)
{
	va_list ap;
	bool ok;

	va_start(ap, fmt);
	ok = strbuf_vaddf(buf, fmt, ap);
	va_end(ap);
	return ok;
}

bool
strbuf_add_utf8(struct strbuf *buf, uint32_t code_point)
{
	char bytes[4];
	size_t n = utf8_encode(code_point, bytes);

	return strbuf_add(buf, bytes, n);
}

char *
strbuf_take(struct strbuf *buf)
{
	char *data = buf->cap > 0 ? buf->data : xstrdup("");

	ASSERT(buf->data);
	*buf = (struct strbuf){ 0 };
	return data;
}
