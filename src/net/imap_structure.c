/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/imap_structure.h"

#include "base/mem.h"
#include "base/utf8.h"

enum {
	TYPE_MAX = 127,
	TEXT_MAX = 998,    /* Content-ID, Content-Description */
	VALUE_MAX = 65536, /* a parameter's */
	SECTION_MAX = PARTS_DEPTH_MAX * 6 + 16,
};

struct structure {
	struct part_tree *tree;
	struct strbuf number; /* section number of what is being read */
};

/* Where a body stands. */
struct place {
	int parent;
	int depth;
	bool top; /* the body of a message, not an item of a multipart */
};

static bool body(struct structure *s, struct tokens *t, struct place place);

static bool
is_type_word(struct slice word)
{
	if (word.len == 0 || word.len > TYPE_MAX)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.data[i];

		if (c <= ' ' || c >= 0x7f || c == '/' || c == '"')
			return false;
	}
	return true;
}

static char *
join_type(struct slice type, struct slice subtype)
{
	char *joined, *at;

	if (!is_type_word(type))
		type = SLICE("application");
	if (!is_type_word(subtype))
		subtype = SLICE("octet-stream");
	joined = at = xmalloc(type.len + subtype.len + 2);
	for (size_t i = 0; i < type.len; i++)
		*at++ = ascii_lower(type.data[i]);
	*at++ = '/';
	for (size_t i = 0; i < subtype.len; i++)
		*at++ = ascii_lower(subtype.data[i]);
	*at = '\0';
	return joined;
}

/* One line of UTF-8 without controls; NULL for nothing. */
static char *
plain_text(struct slice text)
{
	struct strbuf out;

	if (text.len == 0)
		return NULL;
	text = slice_head(text, utf8_cut(text, TEXT_MAX));
	strbuf_init(&out, 3 * TEXT_MAX);
	utf8_repair(text, &out);
	for (size_t i = 0; i < out.len; i++) {
		if (ascii_is_control(out.data[i]))
			out.data[i] = ' ';
	}
	return strbuf_take(&out);
}

static char *
content_id(struct slice id)
{
	id = slice_trim(id);
	if (id.len >= 2 && id.data[0] == '<' && id.data[id.len - 1] == '>')
		id = slice_make(id.data + 1, id.len - 2);
	return plain_text(id);
}

static enum part_encoding
encoding_of(struct slice word)
{
	word = slice_trim(word);
	if (slice_eq_nocase(word, SLICE("base64")))
		return ENCODING_BASE64;
	if (slice_eq_nocase(word, SLICE("quoted-printable")))
		return ENCODING_QUOTED_PRINTABLE;
	if (slice_eq_nocase(word, SLICE("x-uuencode")) ||
		slice_eq_nocase(word, SLICE("uuencode")) ||
		slice_eq_nocase(word, SLICE("x-uue")))
		return ENCODING_UUENCODE;
	return ENCODING_IDENTITY;
}

/* A string, or an empty slice for NIL and for what is none. */
static struct slice
text_or_nothing(struct tokens *t)
{
	struct slice text;

	if (token_text(t, &text))
		return text;
	token_skip(t);
	return slice_make(NULL, 0);
}

/* ("name" "value" ...), NIL, or something odd. */
static void
params(struct tokens *t, struct part *part)
{
	if (!token_take(t, '(')) {
		token_skip(t);
		return;
	}
	while (token_peek(t) != ')' && t->p < t->end) {
		struct slice name = text_or_nothing(t);
		struct slice value;

		if (token_peek(t) == ')' || t->p == t->end)
			break;
		value = slice_head(text_or_nothing(t), VALUE_MAX);
		if (is_type_word(name))
			part_add_param(part, name, value);
	}
	token_take(t, ')');
}

static enum part_disposition
disposition_of(struct slice word)
{
	if (word.len == 0)
		return DISPOSITION_NONE;
	/* RFC 2183 2.8: what is unknown is an attachment. */
	return slice_eq_nocase(word, SLICE("inline")) ? DISPOSITION_INLINE
						      : DISPOSITION_ATTACHMENT;
}

/* ("attachment" (params)), a bare string, or NIL. */
static void
disposition(struct tokens *t, struct part *part)
{
	if (!token_take(t, '(')) {
		part->disposition = disposition_of(text_or_nothing(t));
		return;
	}
	part->disposition = disposition_of(text_or_nothing(t));
	if (token_peek(t) != ')')
		params(t, part);
	token_close(t);
}

/* Pushes ".n"; what it returns undoes it with strbuf_cut(). */
static size_t
descend(struct structure *s, unsigned n)
{
	size_t before = s->number.len;
	char digits[12];
	char *p = digits + sizeof(digits);
	size_t len;

	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	len = (size_t)(digits + sizeof(digits) - p);
	if (before > 0)
		strbuf_add_char(&s->number, '.');
	strbuf_add(&s->number, p, len);
	return before;
}

/* Behind the '(', before the first item: items, subtype, extension data. */
static bool
multipart(struct structure *s, struct tokens *t, struct place place)
{
	struct part *part = part_tree_add(s->tree);
	struct place child = { .depth = place.depth + 1 };
	struct slice subtype;
	unsigned n = 0;

	if (!part)
		return false;
	child.parent = (int)(s->tree->n - 1);
	part->parent = place.parent;
	part->depth = place.depth;
	part->section = place.top && s->number.len > 0
				? xasprintf("%s.TEXT", s->number.data)
				: xmemdup0(s->number.data, s->number.len);
	for (;;) {
		char c = token_peek(t);
		size_t before;

		if (c != '(' && !((c == 'N' || c == 'n') && n == 0))
			break;
		before = descend(s, ++n);
		if (c != '(' || !body(s, t, child))
			token_skip(t);
		strbuf_cut(&s->number, before);
	}
	subtype = text_or_nothing(t);
	/* The array may have moved. */
	part = &s->tree->items[child.parent];
	part->type = join_type(SLICE("multipart"),
		is_type_word(subtype) ? subtype : SLICE("mixed"));
	if (token_peek(t) != ')')
		params(t, part);
	if (token_peek(t) != ')')
		disposition(t, part);
	return true;
}

/*
 * The two looks ahead keep no strings, so that each is unescaped only once;
 * one that holds a backslash is no type.
 */

/* Behind '(': a multipart has bodies first, or, having none, its subtype:
 * ("mixed"), ("mixed" (params) ...), (NIL "mixed"). */
static bool
is_multipart(struct tokens t)
{
	struct slice type, subtype;
	char c = token_peek(&t);

	if (c == '(')
		return true;
	t.unescaped = NULL;
	if (!token_text(&t, &type))
		return false;
	c = token_peek(&t);
	if (c == '(' || c == ')')
		return true;
	return !type.data && token_text(&t, &subtype) && subtype.data &&
	       token_peek(&t) == ')';
}

/* Whether a body comes next, and not a disposition: behind its '(' a body has
 * another one, or two strings. */
static bool
is_body(struct tokens t)
{
	struct slice text;

	t.unescaped = NULL;
	if (!token_take(&t, '('))
		return false;
	if (token_peek(&t) == '(')
		return true;
	return token_text(&t, &text) && token_text(&t, &text) && text.data;
}

/*
 * What a message/rfc822 has behind its size: envelope, body, lines.  Some
 * servers leave the three out, or give NIL for the envelope.  Its subject is
 * what the part is called by.
 */
static void
embedded(struct structure *s, struct tokens *t, struct place place)
{
	struct tokens ahead = *t;
	struct slice nil;

	ahead.unescaped = NULL;
	if (token_take(t, '(')) {
		struct part *part = &s->tree->items[place.parent];
		struct slice subject;

		text_or_nothing(t); /* date */
		subject = text_or_nothing(t);
		if (!part->description)
			part->description = plain_text(subject);
		token_close(t);
	} else {
		if (!token_text(&ahead, &nil) || nil.data || !is_body(ahead))
			return;
		t->p = ahead.p;
	}
	if (token_peek(t) == '(') {
		if (!body(s, t, place))
			token_skip(t);
	} else {
		token_skip(t);
	}
	text_or_nothing(t);
}

/* Behind the type: the rest of a body that is no multipart. */
static void
basic(struct structure *s, struct tokens *t, struct place place,
	struct slice type, struct slice subtype)
{
	struct part *part = part_tree_add(s->tree);
	int index = (int)(s->tree->n - 1);

	part->parent = place.parent;
	part->depth = place.depth;
	if (place.top)
		descend(s, 1);
	part->section = xmemdup0(s->number.data, s->number.len);
	part->type = join_type(type, subtype);
	params(t, part);
	part->content_id = content_id(text_or_nothing(t));
	part->description = plain_text(text_or_nothing(t));
	part->encoding = encoding_of(text_or_nothing(t));
	if (!token_number(t, INT64_MAX, &part->size))
		part->size = 0;
	if (part_is_type(part, "message/rfc822") ||
		part_is_type(part, "message/global")) {
		embedded(s, t, (struct place){ index, place.depth + 1, true });
		part = &s->tree->items[index];
	} else if (part_is_type(part, "text/")) {
		char c = token_peek(t);

		if (ascii_is_digit(c))
			text_or_nothing(t);
	}
	if (token_peek(t) == ')')
		return;
	text_or_nothing(t); /* MD5 */
	if (token_peek(t) != ')')
		disposition(t, part);
}

/* Reads "(...)"; false, with the cursor before it, when it is left out. */
static bool
body(struct structure *s, struct tokens *t, struct place place)
{
	const char *start = t->p;
	size_t before = s->number.len;
	struct slice type;
	bool found = false;

	if (place.depth >= PARTS_DEPTH_MAX || s->tree->n >= PARTS_MAX) {
		s->tree->truncated = true;
		return false;
	}
	if (!token_take(t, '('))
		return false;
	if (is_multipart(*t)) {
		found = multipart(s, t, place);
	} else if (token_text(t, &type)) {
		basic(s, t, place, type, text_or_nothing(t));
		found = true;
	}
	strbuf_cut(&s->number, before);
	if (found)
		token_close(t);
	else
		t->p = start;
	return found;
}

bool
imap_parse_structure(struct tokens *t, struct part_tree *tree)
{
	struct structure s = { .tree = tree };
	const char *start = t->p;
	bool found;

	strbuf_init(&s.number, SECTION_MAX);
	found = body(&s, t, (struct place){ .parent = -1, .top = true });
	strbuf_clear(&s.number);
	if (!found) {
		t->p = start;
		token_skip(t);
	}
	return found;
}
