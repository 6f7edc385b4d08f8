/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"

void *
xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		BUG("out of memory");
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		BUG("out of memory");
	return p;
}

void *
xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		BUG("out of memory");
	return p;
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		BUG("allocation size overflow");
	return xrealloc(p, total);
}

char *
xstrdup(const char *s)
{
	return xmemdup0(s, strlen(s));
}

char *
xstrdup_null(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

char *
xmemdup0(const void *s, size_t len)
{
	char *p;

	ASSERT(len < SIZE_MAX);
	p = xmalloc(len + 1);
	if (len > 0)
		memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
xvasprintf(const char *fmt, va_list ap)
{
	char *s = NULL;

	if (vasprintf(&s, fmt, ap) < 0)
		BUG("out of memory");
	return s;
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	return s;
}

void
str_replace(char **p, const char *s)
{
	char *copy = xstrdup_null(s);

	free(*p);
	*p = copy;
}

void
free_secret(char *s)
{
	if (!s)
		return;
	explicit_bzero(s, strlen(s));
	free(s);
}

void
freep(void *pp)
{
	void *p;

	memcpy(&p, pp, sizeof(p));
	free(p);
}

void
free_secretp(char **p)
{
	free_secret(*p);
}
