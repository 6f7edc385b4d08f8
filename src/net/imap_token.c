/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/imap_token.h"

#include "base/ascii.h"

/* Behind the backslash at `at` within the quoted string begun at t->p. */
static bool
unescape(struct tokens *t, const char *start, const char *at, struct slice *ret)
{
	struct strbuf *out = t->unescaped;
	size_t from;
	const char *p;

	if (!out || !strbuf_room(out, (size_t)(t->end - start)))
		return false;
	from = out->len;
	strbuf_add(out, start, (size_t)(at - start));
	for (p = at; p < t->end && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < t->end)
			p++;
		strbuf_add_char(out, *p);
	}
	if (p == t->end) {
		/* It may be tried again, and the room would not last. */
		strbuf_cut(out, from);
		return false;
	}
	*ret = slice_make(out->data + from, out->len - from);
	t->p = p + 1;
	return true;
}

static bool
quoted(struct tokens *t, struct slice *ret)
{
	const char *start = t->p + 1;
	const char *p = start;

	while (p < t->end && *p != '"' && *p != '\\')
		p++;
	if (p == t->end)
		return false;
	if (*p == '\\')
		return unescape(t, start, p, ret);
	*ret = slice_make(start, (size_t)(p - start));
	t->p = p + 1;
	return true;
}

static bool
literal(struct tokens *t, struct slice *ret)
{
	const char *p = t->p;
	uint64_t n = 0;
	const char *first;

	if (p < t->end && *p == '~')
		p++;
	if (p == t->end || *p++ != '{')
		return false;
	for (first = p; p < t->end && ascii_is_digit(*p); p++) {
		if (n > UINT32_MAX)
			return false;
		n = n * 10 + (uint64_t)(*p - '0');
	}
	if (p == first)
		return false;
	if (p < t->end && *p == '+')
		p++;
	if (p == t->end || *p++ != '}')
		return false;
	if (p < t->end && *p == '\r')
		p++;
	if (p == t->end || *p++ != '\n' || n > (uint64_t)(t->end - p))
		return false;
	*ret = slice_make(p, (size_t)n);
	t->p = p + n;
	return true;
}

bool
token_string(struct tokens *t, struct slice *ret)
{
	switch (token_peek(t)) {
	case '"':
		return quoted(t, ret);
	case '{':
	case '~':
		return literal(t, ret);
	default:
		return false;
	}
}

bool
token_atom(struct tokens *t, struct slice *ret)
{
	const char *start;

	token_peek(t);
	start = t->p;
	while (t->p < t->end && !ascii_is_space(*t->p) && *t->p != '(' &&
		*t->p != ')' && *t->p != '"')
		t->p++;
	*ret = slice_make(start, (size_t)(t->p - start));
	return t->p > start;
}

bool
token_text(struct tokens *t, struct slice *ret)
{
	if (token_string(t, ret))
		return true;
	if (!token_atom(t, ret))
		return false;
	if (slice_eq_nocase(*ret, SLICE("NIL")))
		*ret = slice_make(NULL, 0);
	return true;
}

bool
token_number(struct tokens *t, uint64_t max, uint64_t *ret)
{
	struct slice text;

	return token_text(t, &text) &&
	       ascii_parse_u64(text.data, text.len, max, ret);
}

/* A quote that is never closed takes the rest. */
static void
skip_quoted(struct tokens *t)
{
	for (t->p++; t->p < t->end && *t->p != '"'; t->p++) {
		if (*t->p == '\\' && t->p + 1 < t->end)
			t->p++;
	}
	if (t->p < t->end)
		t->p++;
}

bool
token_skip(struct tokens *t)
{
	const char *start = t->p;
	struct slice unused;
	size_t depth = 0;

	do {
		switch (token_peek(t)) {
		case '(':
			depth++;
			t->p++;
			break;
		case ')':
			if (depth == 0) {
				t->p = start;
				return false;
			}
			depth--;
			t->p++;
			break;
		case '"':
			skip_quoted(t);
			break;
		default:
			if (!literal(t, &unused) && !token_atom(t, &unused))
				return t->p > start;
		}
	} while (depth > 0);
	return true;
}

void
token_close(struct tokens *t)
{
	while (token_skip(t))
		;
	token_take(t, ')');
}
