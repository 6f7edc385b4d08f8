/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FETCH responses (RFC 9051 7.5.2). */
#include "net/imap_parse.h"

#include "mail/date.h"
#include "net/imap_structure.h"
#include "net/imap_token.h"

enum {
	UNESCAPED_MAX = 64 * 1024 * 1024, /* no longer than a response */
	UNESCAPED_KEPT = 1024 * 1024,
};

struct item {
	struct slice name; /* "BODY" */
	bool has_section;
	struct slice section; /* "1.2", "HEADER.FIELDS (FROM)" */
};

static bool
is_name_char(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_';
}

/* A section's text up to its ']', which may hold quoted field names. */
static bool
read_section(struct tokens *t, struct slice *ret)
{
	const char *start = ++t->p;

	while (t->p < t->end && *t->p != ']') {
		if (*t->p == '"') {
			struct slice field;

			if (!token_string(t, &field))
				return false;
		} else {
			t->p++;
		}
	}
	if (t->p == t->end)
		return false;
	*ret = slice_make(start, (size_t)(t->p - start));
	t->p++;
	if (t->p < t->end && *t->p == '<') {
		while (t->p < t->end && *t->p != '>' && *t->p != ' ')
			t->p++;
		if (t->p < t->end && *t->p == '>')
			t->p++;
	}
	return true;
}

static bool
read_item(struct tokens *t, struct item *item)
{
	const char *start;

	*item = (struct item){ 0 };
	token_peek(t);
	start = t->p;
	while (t->p < t->end && is_name_char(*t->p))
		t->p++;
	item->name = slice_make(start, (size_t)(t->p - start));
	if (item->name.len == 0)
		return false;
	if (t->p < t->end && *t->p == '[') {
		item->has_section = read_section(t, &item->section);
		return item->has_section;
	}
	return true;
}

static void
add_body(struct imap_parser *parser, struct imap_fetch *fetch,
	struct slice section, struct slice bytes)
{
	struct imap_body *added;

	if (parser->bodies.n >= IMAP_BODIES_MAX)
		return;
	added = array_add(&parser->bodies);
	*added = (struct imap_body){ section, bytes };
	fetch->has |= IMAP_HAS_BODY;
}

/* (n) or n */
static bool
number_in_list(struct tokens *t, uint64_t *ret)
{
	bool list = token_take(t, '(');
	bool good = token_number(t, INT64_MAX, ret);

	if (list)
		token_close(t);
	return good;
}

/* The ')' that closes the list begun at `start`; the first one when lists in
 * it do not close. */
static const char *
list_end(const char *start, const char *end)
{
	const char *first = NULL;
	int depth = 0;

	for (const char *p = start + 1; p < end; p++) {
		if (*p == '(') {
			depth++;
		} else if (*p == ')') {
			if (!first)
				first = p;
			if (depth-- == 0)
				return p;
		}
	}
	return first ? first : end;
}

static void
read_flags(struct tokens *t, struct imap_fetch *fetch)
{
	const char *start;

	if (token_peek(t) != '(') {
		token_skip(t);
		return;
	}
	start = t->p;
	if (fetch->has & IMAP_HAS_FLAGS)
		flags_clear(&fetch->flags);
	fetch->has |= IMAP_HAS_FLAGS;
	t->p = list_end(start, t->end);
	imap_parse_flags(
		slice_make(start, (size_t)(t->p - start)), &fetch->flags, NULL);
	token_take(t, ')');
}

static void
read_id(struct tokens *t, struct imap_fetch *fetch)
{
	bool list = token_take(t, '(');
	struct slice id;

	if (token_text(t, &id))
		fetch->email_id = id;
	if (list)
		token_close(t);
}

static void
read_date(struct tokens *t, struct imap_fetch *fetch)
{
	struct slice text;

	if (!token_text(t, &text))
		token_skip(t);
	else if (text.data && date_parse_internal(text, &fetch->date))
		fetch->has |= IMAP_HAS_DATE;
}

static void
read_body(struct imap_parser *parser, struct tokens *t,
	struct imap_fetch *fetch, struct slice section)
{
	struct slice bytes;

	if (!token_text(t, &bytes)) {
		token_skip(t);
	} else if (slice_starts_nocase(section, SLICE("HEADER.FIELDS (")) ||
		   slice_starts_nocase(section, SLICE("HEADER.FIELDS("))) {
		if (fetch->has & IMAP_HAS_HEADER)
			return;
		fetch->header = bytes;
		fetch->has |= IMAP_HAS_HEADER;
	} else {
		add_body(parser, fetch, section, bytes);
	}
}

static void
read_structure(struct tokens *t, struct imap_fetch *fetch)
{
	if (fetch->has & IMAP_HAS_PARTS) {
		token_skip(t);
		return;
	}
	if (token_peek(t) != '(') {
		token_skip(t);
	} else if (imap_parse_structure(t, &fetch->parts)) {
		fetch->has |= IMAP_HAS_PARTS;
	}
}

static void
read_value(struct imap_parser *parser, struct tokens *t,
	const struct item *item, struct imap_fetch *fetch)
{
	struct slice name = item->name;
	uint64_t number;

	if (item->has_section) {
		if (slice_eq_nocase(name, SLICE("BODY")))
			read_body(parser, t, fetch, item->section);
		else
			token_skip(t);
	} else if (slice_eq_nocase(name, SLICE("UID"))) {
		if (token_number(t, UINT32_MAX, &number))
			fetch->uid = (uint32_t)number;
	} else if (slice_eq_nocase(name, SLICE("FLAGS"))) {
		read_flags(t, fetch);
	} else if (slice_eq_nocase(name, SLICE("MODSEQ"))) {
		if (number_in_list(t, &number)) {
			fetch->modseq = number;
			fetch->has |= IMAP_HAS_MODSEQ;
		}
	} else if (slice_eq_nocase(name, SLICE("RFC822.SIZE"))) {
		if (token_number(t, INT64_MAX, &number)) {
			fetch->size = number;
			fetch->has |= IMAP_HAS_SIZE;
		}
	} else if (slice_eq_nocase(name, SLICE("INTERNALDATE"))) {
		read_date(t, fetch);
	} else if (slice_eq_nocase(name, SLICE("BODYSTRUCTURE")) ||
		   slice_eq_nocase(name, SLICE("BODY"))) {
		read_structure(t, fetch);
	} else if (slice_eq_nocase(name, SLICE("EMAILID")) ||
		   slice_eq_nocase(name, SLICE("X-GM-MSGID"))) {
		read_id(t, fetch);
	} else if (slice_eq_nocase(name, SLICE("RFC822"))) {
		read_body(parser, t, fetch, slice_make("", 0));
	} else if (slice_eq_nocase(name, SLICE("RFC822.HEADER"))) {
		read_body(parser, t, fetch, SLICE("HEADER"));
	} else if (slice_eq_nocase(name, SLICE("RFC822.TEXT"))) {
		read_body(parser, t, fetch, SLICE("TEXT"));
	} else {
		token_skip(t);
	}
}

void
imap_parse_fetch(struct imap_parser *parser, struct slice rest,
	uint32_t sequence, struct imap_fetch *ret_fetch)
{
	struct tokens t = tokens_over(rest, &parser->unescaped);
	struct item item;

	*ret_fetch = (struct imap_fetch){ .sequence = sequence };
	if (parser->unescaped.cap > UNESCAPED_KEPT) {
		strbuf_clear(&parser->unescaped);
		strbuf_init(&parser->unescaped, UNESCAPED_MAX);
	}
	strbuf_reset(&parser->unescaped);
	parser->bodies.n = 0;
	token_take(&t, '(');
	while (token_peek(&t) != ')' && t.p < t.end) {
		const char *before = t.p;

		if (read_item(&t, &item)) {
			read_value(parser, &t, &item, ret_fetch);
		} else if (t.p == before && !token_skip(&t)) {
			break;
		}
	}
	ret_fetch->bodies = parser->bodies.items;
	ret_fetch->n_bodies = parser->bodies.n;
}

void
imap_parser_init(struct imap_parser *parser)
{
	*parser = (struct imap_parser){ 0 };
	strbuf_init(&parser->unescaped, UNESCAPED_MAX);
}

void
imap_parser_clear(struct imap_parser *parser)
{
	strbuf_clear(&parser->unescaped);
	array_clear(&parser->bodies);
}

void
imap_fetch_clear(struct imap_fetch *fetch)
{
	flags_clear(&fetch->flags);
	part_tree_clear(&fetch->parts);
}
