/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/address.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"
#include "mime/header.h"

enum token_kind {
	TOKEN_WORD,
	TOKEN_ENCODED,
	TOKEN_QUOTED, /* the quotes left out */
};

struct token {
	struct slice text;
	enum token_kind kind;
	bool space_before;
};

/* One address under way. */
struct reader {
	struct slice rest;
	struct token tokens[ADDRESS_TOKENS_MAX];
	size_t n;
	bool space;      /* since the last token */
	bool has_spec;   /* <...> was seen */
	size_t n_before; /* tokens before it */
	struct slice spec;
	struct slice comment;   /* the last one */
	bool no_quotes_ahead;   /* a closing quote was looked for in vain, */
	bool no_comments_ahead; /* or a closing parenthesis */
	char *group;            /* name of the group we are in; owned */
	struct strbuf raw;      /* scratch */
	struct strbuf decoded;  /* scratch */
	struct address_list *out;
};

static char
peek(const struct reader *r)
{
	return r->rest.len ? r->rest.data[0] : '\0';
}

static void
skip(struct reader *r, size_t n)
{
	r->rest = slice_skip(r->rest, n);
}

static void
add_token(struct reader *r, enum token_kind kind, struct slice text)
{
	struct token *last;

	if (r->n < ADDRESS_TOKENS_MAX) {
		bool space = r->space && r->n > 0;

		r->tokens[r->n++] = (struct token){ text, kind, space };
	} else {
		last = &r->tokens[ADDRESS_TOKENS_MAX - 1];
		last->kind = TOKEN_WORD;
		last->text.len =
			(size_t)(text.data - last->text.data) + text.len;
	}
	r->space = false;
}

/* Offset of the quote that closes the one before `s`, or `s.len`. */
static size_t
closing_quote(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] == '\\')
			i++;
		else if (s.data[i] == '"')
			return i;
	}
	return s.len;
}

static void
read_quoted(struct reader *r)
{
	size_t end;

	skip(r, 1);
	if (r->no_quotes_ahead)
		return;
	end = closing_quote(r->rest);
	if (end == r->rest.len) {
		r->no_quotes_ahead = true;
		return;
	}
	add_token(r, TOKEN_QUOTED, slice_head(r->rest, end));
	skip(r, end + 1);
}

static void
read_comment(struct reader *r)
{
	struct slice s = r->rest;
	size_t depth = 0;
	size_t i = 0;

	for (; i < s.len && !r->no_comments_ahead; i++) {
		if (s.data[i] == '\\')
			i++;
		else if (s.data[i] == '(')
			depth++;
		else if (s.data[i] == ')' && --depth == 0)
			break;
	}
	r->space = true;
	if (i >= s.len || r->no_comments_ahead) {
		/* Left open: its text counts. */
		r->no_comments_ahead = true;
		skip(r, 1);
		return;
	}
	if (i > 1)
		r->comment = slice_make(s.data + 1, i - 1);
	skip(r, i + 1);
}

/*
 * From `<` to `>`.  Where another `<` comes first, or the end, the bracket was
 * left open and the next comma ends it.
 */
static void
read_spec(struct reader *r)
{
	struct slice s = r->rest;
	size_t i = 0;

	while (s.len > 0 && s.data[0] == '<')
		s = slice_skip(s, 1);
	r->rest = s;
	for (; i < s.len && s.data[i] != '>' && s.data[i] != '<'; i++) {
		if (s.data[i] == '"' && !r->no_quotes_ahead) {
			size_t end = closing_quote(slice_skip(s, i + 1));

			if (i + 1 + end == s.len)
				r->no_quotes_ahead = true;
			else
				i += 1 + end;
		}
	}
	if (i == s.len || s.data[i] == '<') {
		s = slice_head(s, i);
		for (i = 0; i < s.len && s.data[i] != ',' && s.data[i] != ';';)
			i++;
		r->spec = slice_head(s, i);
		skip(r, i);
	} else {
		r->spec = slice_head(s, i);
		skip(r, i + 1);
	}
	r->has_spec = true;
	r->n_before = r->n;
	r->space = true;
}

static bool
ends_word(char c)
{
	switch (c) {
	case ' ':
	case '\t':
	case '\r':
	case '\n':
	case '(':
	case '"':
	case '<':
	case '>':
	case ',':
	case ';':
	case ':':
		return true;
	default:
		return false;
	}
}

static void
read_word(struct reader *r)
{
	struct slice s = r->rest;
	struct slice after = s;
	struct encoded_word word;
	size_t n = 1;

	if (s.data[0] == '=' && encoded_word_next(&after, &word)) {
		add_token(r, TOKEN_ENCODED, slice_head(s, s.len - after.len));
		r->rest = after;
		return;
	}
	while (n < s.len && !ends_word(s.data[n])) {
		if (s.data[n] == '\\')
			n++;
		else if (s.data[n] == '=' && n + 1 < s.len &&
			 s.data[n + 1] == '?')
			break;
		n++;
	}
	add_token(r, TOKEN_WORD, slice_head(s, n));
	skip(r, n);
}

/* Without backslashes that quote. */
static void
add_unescaped(struct slice s, struct strbuf *out)
{
	while (s.len > 0) {
		size_t n = slice_find(s, '\\');

		strbuf_add(out, s.data, n);
		s = slice_skip(s, n + 1);
		if (s.len > 0) {
			strbuf_add_char(out, s.data[0]);
			s = slice_skip(s, 1);
		}
	}
}

static char *
take_decoded(struct reader *r)
{
	struct slice s;

	strbuf_reset(&r->decoded);
	header_decode(strbuf_slice(&r->raw), &r->decoded);
	s = strbuf_slice(&r->decoded);
	return s.len ? xmemdup0(s.data, s.len) : NULL;
}

/* The name that all tokens but those of [from, to) make; or NULL. */
static char *
make_name(struct reader *r, size_t from, size_t to)
{
	strbuf_reset(&r->raw);
	for (size_t i = 0; i < r->n; i++) {
		const struct token *token = &r->tokens[i];

		if (i >= from && i < to)
			continue;
		if (token->space_before || (i > 0 && i == to))
			strbuf_add_char(&r->raw, ' ');
		if (token->kind == TOKEN_QUOTED)
			add_unescaped(token->text, &r->raw);
		else
			strbuf_add_slice(&r->raw, token->text);
	}
	return take_decoded(r);
}

static char *
comment_name(struct reader *r)
{
	strbuf_reset(&r->raw);
	add_unescaped(r->comment, &r->raw);
	return take_decoded(r);
}

static bool
is_simple_spec(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];

		if (c <= ' ' || c >= 0x7f || (c & 0x80) || c == '"' ||
			c == '(' || c == '\\')
			return false;
	}
	return true;
}

/* RFC 5322 4.4: "@one,@two:" in front says nothing any more. */
static struct slice
without_route(struct slice s)
{
	s = slice_trim(s);
	if (s.len > 0 && s.data[0] == '@') {
		size_t colon = slice_find(s, ':');

		if (colon < s.len)
			s = slice_skip(s, colon + 1);
	}
	if (slice_starts_nocase(s, SLICE("mailto:")))
		s = slice_skip(s, 7);
	return s;
}

/* Without blanks, comments and control characters; quotes stay. */
static char *
clean_spec(struct reader *r, struct slice s)
{
	int depth = 0;
	bool quoted = false;

	if (is_simple_spec(s))
		return xmemdup0(s.data, s.len);
	strbuf_reset(&r->raw);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];

		if (c == '\\' && i + 1 < s.len && depth == 0) {
			strbuf_add(&r->raw, s.data + i++, 2);
			continue;
		}
		if (c == '"' && depth == 0)
			quoted = !quoted;
		if (!quoted && c == '(')
			depth++;
		if (depth == 0 && (quoted || !ascii_is_space(c)))
			strbuf_add_char(&r->raw, c);
		if (!quoted && c == ')' && depth > 0)
			depth--;
	}
	strbuf_reset(&r->decoded);
	(void)charset_to_utf8(SLICE(""), CHARSET_DECLARED,
		strbuf_slice(&r->raw), &r->decoded);
	strbuf_reset(&r->raw);
	header_clean(strbuf_slice(&r->decoded), &r->raw);
	return xmemdup0(r->raw.data, r->raw.len);
}

static void
add(struct reader *r, char *name, char *spec)
{
	struct address *it;

	if (r->out->n >= ADDRESSES_MAX || (!name && !*spec)) {
		free(name);
		free(spec);
		return;
	}
	it = array_add(r->out);
	it->name = name;
	it->address = spec;
	it->group = xstrdup_null(r->group);
}

/* Obsolete forms have blanks around "@" and ".". */
static bool
is_joined(const struct token *before, const struct token *after)
{
	struct slice a = before->text;
	struct slice b = after->text;

	if (!after->space_before)
		return true;
	if (before->kind == TOKEN_ENCODED || after->kind == TOKEN_ENCODED)
		return false;
	return (before->kind == TOKEN_WORD && a.len > 0 &&
		       (a.data[a.len - 1] == '@' ||
			       a.data[a.len - 1] == '.')) ||
	       (after->kind == TOKEN_WORD && b.len > 0 &&
		       (b.data[0] == '@' || b.data[0] == '.'));
}

/* The first run of joined tokens with an at-sign; false when there is none. */
static bool
find_spec(const struct reader *r, size_t *ret_from, size_t *ret_to)
{
	size_t from = 0;
	bool has_at = false;

	for (size_t i = 0; i < r->n; i++) {
		const struct token *token = &r->tokens[i];

		if (i > 0 && !is_joined(token - 1, token)) {
			if (has_at)
				break;
			from = i;
		}
		if (token->kind == TOKEN_WORD &&
			slice_find(token->text, '@') < token->text.len)
			has_at = true;
		*ret_to = i + 1;
	}
	*ret_from = from;
	return has_at;
}

/* The source text of tokens, with the quotes that were left out. */
static struct slice
span(const struct token *first, const struct token *last)
{
	const char *start = first->text.data;
	const char *end = last->text.data + last->text.len;

	if (first->kind == TOKEN_QUOTED)
		start--;
	if (last->kind == TOKEN_QUOTED)
		end++;
	return slice_make(start, (size_t)(end - start));
}

static struct slice
without_apostrophes(struct slice s)
{
	if (s.len > 2 && s.data[0] == '\'' && s.data[s.len - 1] == '\'')
		return slice_make(s.data + 1, s.len - 2);
	return s;
}

/* Where the run of joined tokens that starts at `from` ends. */
static size_t
run_end(const struct reader *r, size_t from, bool *ret_has_at)
{
	size_t i = from;

	*ret_has_at = false;
	do {
		const struct token *token = &r->tokens[i];

		if (token->kind == TOKEN_WORD &&
			slice_find(token->text, '@') < token->text.len)
			*ret_has_at = true;
		i++;
	} while (i < r->n && is_joined(&r->tokens[i - 1], &r->tokens[i]));
	return i;
}

/* "ann@example.org bo@example.org": commas were forgotten. */
static bool
finish_several(struct reader *r)
{
	size_t runs = 0;
	bool is_address = true;

	for (size_t i = 0; i < r->n && is_address; runs++)
		i = run_end(r, i, &is_address);
	if (!is_address || runs < 2)
		return false;
	for (size_t i = 0; i < r->n;) {
		size_t end = run_end(r, i, &is_address);

		add(r, NULL,
			clean_spec(r,
				without_apostrophes(without_route(span(
					&r->tokens[i], &r->tokens[end - 1])))));
		i = end;
	}
	return true;
}

/* No brackets: "ann@example.org", "Ann ann@example.org", "root", "Ann". */
static void
finish_bare(struct reader *r)
{
	const struct token *only = &r->tokens[0];
	size_t from;
	size_t to;
	char *name;
	char *spec;

	if (find_spec(r, &from, &to)) {
		spec = clean_spec(r,
			without_apostrophes(without_route(
				span(&r->tokens[from], &r->tokens[to - 1]))));
		name = make_name(r, from, to);
	} else if (r->n == 1 && only->kind != TOKEN_ENCODED &&
		   (only->kind == TOKEN_WORD ||
			   slice_find(only->text, '@') < only->text.len)) {
		spec = clean_spec(r, only->text);
		name = NULL;
	} else {
		spec = xstrdup("");
		name = make_name(r, 0, 0);
	}
	add(r, name ? name : comment_name(r), spec);
}

static void
finish(struct reader *r)
{
	if (r->has_spec) {
		/* What follows the brackets counts when nothing precedes. */
		char *name =
			make_name(r, r->n_before ? r->n_before : r->n, r->n);

		add(r, name ? name : comment_name(r),
			clean_spec(r, without_route(r->spec)));
	} else if (r->n > 0 && !finish_several(r)) {
		finish_bare(r);
	}
	r->n = 0;
	r->space = false;
	r->has_spec = false;
	r->comment = SLICE("");
}

/* Another `<` without a comma: words in between belong to it. */
static void
finish_before_spec(struct reader *r)
{
	size_t from = r->n_before;
	size_t n = r->n - from;

	r->n = from;
	finish(r);
	memmove(r->tokens, r->tokens + from, n * sizeof(r->tokens[0]));
	r->n = n;
	if (n > 0)
		r->tokens[0].space_before = false;
}

/* A group's name, a scheme, or just a character. */
static void
read_colon(struct reader *r)
{
	size_t from;
	size_t to;

	if (r->n == 0 || r->has_spec || find_spec(r, &from, &to)) {
		read_word(r);
		return;
	}
	if (r->n > 1 || !slice_eq_nocase(r->tokens[0].text, SLICE("mailto"))) {
		free(r->group);
		r->group = make_name(r, 0, 0);
	}
	r->n = 0;
	r->comment = SLICE("");
	skip(r, 1);
}

static void
end_group(struct reader *r)
{
	free(r->group);
	r->group = NULL;
}

static void
read_next(struct reader *r)
{
	switch (peek(r)) {
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		r->space = true;
		skip(r, 1);
		break;
	case '(':
		read_comment(r);
		break;
	case '"':
		read_quoted(r);
		break;
	case '<':
		if (r->has_spec)
			finish_before_spec(r);
		read_spec(r);
		break;
	case '>':
		skip(r, 1);
		break;
	case ',':
		finish(r);
		skip(r, 1);
		break;
	case ';':
		finish(r);
		end_group(r);
		skip(r, 1);
		break;
	case ':':
		read_colon(r);
		break;
	default:
		read_word(r);
		break;
	}
}

void
mime_read_addresses(struct slice value, struct address_list *out)
{
	struct reader r;

	value = slice_head(value, ADDRESS_TEXT_MAX);
	r.rest = value;
	r.n = 0;
	r.space = r.has_spec = false;
	r.no_quotes_ahead = r.no_comments_ahead = false;
	r.comment = SLICE("");
	r.group = NULL;
	r.out = out;
	strbuf_init(&r.raw, 4 * value.len + 64);
	strbuf_init(&r.decoded, 4 * value.len + 64);
	while (r.rest.len > 0 && out->n < ADDRESSES_MAX)
		read_next(&r);
	finish(&r);
	end_group(&r);
	strbuf_clear(&r.raw);
	strbuf_clear(&r.decoded);
}
