/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A cursor over the bytes of one IMAP response.  Every step checks the end;
 * a step that finds nothing of its kind leaves the cursor where it was.
 */
#ifndef TERCET_NET_IMAP_TOKEN_H
#define TERCET_NET_IMAP_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"

struct tokens {
	const char *p;
	const char *end;
	/* Takes quoted strings that hold a backslash; room is made once, so
	 * that slices into it stay good.  NULL: such strings are cut there. */
	struct strbuf *unescaped;
};

static inline struct tokens
tokens_over(struct slice text, struct strbuf *unescaped)
{
	return (struct tokens){ text.data, text.data + text.len, unescaped };
}

/* The next character behind blanks and line ends; 0 at the end (or a NUL). */
static inline char
token_peek(struct tokens *t)
{
	while (t->p < t->end && ascii_is_space(*t->p))
		t->p++;
	return t->p < t->end ? *t->p : '\0';
}

static inline bool
token_take(struct tokens *t, char c)
{
	if (token_peek(t) != c || t->p == t->end)
		return false;
	t->p++;
	return true;
}

static inline struct slice
token_rest(const struct tokens *t)
{
	return slice_make(t->p, (size_t)(t->end - t->p));
}

/* A quoted string or a literal ("{n}", "{n+}", "~{n}"). */
bool token_string(struct tokens *t, struct slice *ret);
/* Characters up to a blank, a parenthesis or a quote; at least one. */
bool token_atom(struct tokens *t, struct slice *ret);
/* String or atom; NIL gives a NULL slice. */
bool token_text(struct tokens *t, struct slice *ret);
/* A decimal number up to `max`, bare or quoted.  What is none is passed over
 * and false returned; a list stays where it is. */
bool token_number(struct tokens *t, uint64_t max, uint64_t *ret);
/* One value of any kind, lists with all they hold; false at ')' or the end. */
bool token_skip(struct tokens *t);
/* What is left of the list the cursor is in, and its ')'. */
void token_close(struct tokens *t);

#endif /* TERCET_NET_IMAP_TOKEN_H */
