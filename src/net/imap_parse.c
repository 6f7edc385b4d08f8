/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/imap_parse.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "net/auth.h"
#include "net/imap_name.h"
#include "net/imap_token.h"

enum { NAME_UNESCAPED_MAX = 64 * 1024 };

struct slice
imap_word(struct slice text, struct slice *ret_value)
{
	size_t n;

	while (text.len > 0 && text.data[0] == ' ')
		text = slice_skip(text, 1);
	n = slice_find(text, ' ');
	*ret_value = slice_skip(text, n < text.len ? n + 1 : n);
	return slice_head(text, n);
}

bool
imap_number(struct slice text, uint64_t max, uint64_t *ret)
{
	struct tokens t = tokens_over(text, NULL);

	return token_number(&t, max, ret);
}

char *
imap_inert_text(struct slice text)
{
	struct strbuf out;

	text = slice_trim(text);
	text = slice_head(text, utf8_cut(text, IMAP_TEXT_MAX));
	strbuf_init(&out, 3 * IMAP_TEXT_MAX);
	utf8_inert(text, &out);
	/* Repaired it may be longer. */
	strbuf_cut(&out, utf8_cut(strbuf_slice(&out), IMAP_TEXT_MAX));
	return strbuf_take(&out);
}

static void
add_flag(struct flags *flags, struct slice word, bool *star)
{
	if (slice_eq(word, SLICE("\\*")))
		*star = true;
	else if (!slice_eq_nocase(word, SLICE("NIL")))
		(void)flags_add(flags, word);
}

/* Words at the first level; what is nested in them is no flag. */
void
imap_parse_flags(struct slice rest, struct flags *ret_flags, bool *ret_star)
{
	struct tokens t = tokens_over(rest, NULL);
	struct slice word;
	bool star = false;
	int depth = 0;

	*ret_flags = (struct flags)FLAGS_INIT;
	(void)token_take(&t, '(');
	for (; token_peek(&t) != '\0' || t.p < t.end;) {
		if (token_take(&t, '(')) {
			depth++;
		} else if (token_take(&t, ')')) {
			depth--;
		} else {
			const char *start = t.p;

			while (t.p < t.end && *t.p != '(' && *t.p != ')' &&
				!ascii_is_space(*t.p))
				t.p++;
			word = slice_make(start, (size_t)(t.p - start));
			if (depth <= 0)
				add_flag(ret_flags, word, &star);
		}
	}
	if (ret_star)
		*ret_star = star;
}

/* A name as a string of ours; NULL when it cannot be used. */
static char *
usable_name(struct slice name)
{
	if (name.len == 0 || name.len > IMAP_NAME_MAX)
		return NULL;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];

		if (c == '\r' || c == '\n' || c == '\0')
			return NULL;
	}
	return xmemdup0(name.data, name.len);
}

/*
 * A mailbox name at the cursor.  Some servers (Domino, Exchange 2003) send
 * names with blanks unquoted: then what is left up to a list is the name.
 */
static bool
read_name(struct tokens *t, struct slice *ret)
{
	struct slice rest;
	size_t list;

	if (token_string(t, ret))
		return true;
	token_peek(t);
	rest = token_rest(t);
	for (list = 0; list < rest.len; list++) {
		if (rest.data[list] == '(' && list > 0 &&
			rest.data[list - 1] == ' ')
			break;
	}
	*ret = slice_trim(slice_head(rest, list));
	t->p += list;
	return ret->len > 0;
}

static void
read_attribute(struct slice word, struct imap_mailbox *mailbox)
{
	enum folder_role role;

	if (slice_eq_nocase(word, SLICE("\\Noselect")) ||
		slice_eq_nocase(word, SLICE("\\NonExistent"))) {
		mailbox->selectable = false;
	} else if (slice_eq_nocase(word, SLICE("\\HasChildren"))) {
		mailbox->has_children = true;
	} else if (slice_eq_nocase(word, SLICE("\\Subscribed"))) {
		mailbox->subscribed = true;
	} else {
		role = role_from_attribute(word);
		if (role != ROLE_NONE && mailbox->role == ROLE_NONE)
			mailbox->role = role;
	}
}

static void
read_attributes(struct tokens *t, struct imap_mailbox *mailbox)
{
	struct slice word;

	if (!token_take(t, '('))
		return;
	while (token_peek(t) != ')' && t->p < t->end) {
		if (token_text(t, &word))
			read_attribute(word, mailbox);
		else if (!token_skip(t))
			break;
	}
	token_take(t, ')');
}

/* What stands between levels; a byte that no name can hold is none. */
static char
delimiter_of(struct slice s)
{
	return s.len == 1 && s.data[0] > ' ' && s.data[0] < 0x7f ? s.data[0]
								 : '\0';
}

bool
imap_parse_list(struct slice rest, struct imap_mailbox *ret_mailbox)
{
	struct strbuf unescaped CLEANUP(strbuf_clear) = { 0 };
	struct tokens t;
	struct imap_mailbox mailbox = { .selectable = true };
	struct slice delimiter, name;

	strbuf_init(&unescaped, NAME_UNESCAPED_MAX);
	t = tokens_over(slice_head(rest, NAME_UNESCAPED_MAX), &unescaped);
	read_attributes(&t, &mailbox);
	if (!token_text(&t, &delimiter) || !read_name(&t, &name))
		return false;
	mailbox.delimiter = delimiter_of(delimiter);
	mailbox.name = usable_name(name);
	if (!mailbox.name)
		return false;
	if (slice_eq_nocase(name, SLICE("INBOX")))
		mailbox.role = ROLE_INBOX;
	*ret_mailbox = mailbox;
	return true;
}

static void
read_status_item(
	struct tokens *t, struct slice word, struct imap_mailbox *mailbox)
{
	const char *start;
	uint64_t n;

	token_peek(t);
	start = t->p;
	if (!token_number(t, INT64_MAX, &n)) {
		if (t->p == start)
			token_skip(t);
		return;
	}
	if (slice_eq_nocase(word, SLICE("HIGHESTMODSEQ")))
		mailbox->highestmodseq = n;
	else if (n > UINT32_MAX)
		return;
	else if (slice_eq_nocase(word, SLICE("MESSAGES")))
		mailbox->messages = (uint32_t)n;
	else if (slice_eq_nocase(word, SLICE("UNSEEN")))
		mailbox->unseen = (uint32_t)n;
	else if (slice_eq_nocase(word, SLICE("UIDNEXT")))
		mailbox->uidnext = (uint32_t)n;
	else if (slice_eq_nocase(word, SLICE("UIDVALIDITY")))
		mailbox->uidvalidity = (uint32_t)n;
}

bool
imap_parse_status(struct slice rest, struct imap_mailbox *ret_mailbox)
{
	struct strbuf unescaped CLEANUP(strbuf_clear) = { 0 };
	struct tokens t;
	struct imap_mailbox mailbox = { .selectable = true,
		.has_status = true };
	struct slice name, word;

	strbuf_init(&unescaped, NAME_UNESCAPED_MAX);
	t = tokens_over(slice_head(rest, NAME_UNESCAPED_MAX), &unescaped);
	if (!read_name(&t, &name))
		return false;
	mailbox.name = usable_name(name);
	if (!mailbox.name)
		return false;
	token_take(&t, '(');
	while (token_peek(&t) != ')' && t.p < t.end) {
		if (token_text(&t, &word))
			read_status_item(&t, word, &mailbox);
		else if (!token_skip(&t))
			break;
	}
	if (slice_eq_nocase(name, SLICE("INBOX")))
		mailbox.role = ROLE_INBOX;
	*ret_mailbox = mailbox;
	return true;
}

static void
add_range(struct imap_ranges *ranges, uint32_t first, uint32_t last)
{
	struct uid_range *before =
		ranges->n > 0 ? &ranges->items[ranges->n - 1] : NULL;

	if (before && before->last < UINT32_MAX && first == before->last + 1)
		before->last = last;
	else if (ranges->n < IMAP_RANGES_MAX)
		array_push(ranges, ((struct uid_range){ first, last }));
}

void
imap_parse_search(struct slice rest, struct imap_ranges *ranges)
{
	struct tokens t = tokens_over(rest, NULL);
	uint64_t n;

	while (ascii_is_digit(token_peek(&t))) {
		if (token_number(&t, UINT32_MAX, &n) && n > 0)
			add_range(ranges, (uint32_t)n, (uint32_t)n);
	}
}

/* "1:3,7"; what cannot be read adds nothing. */
static void
add_set(struct slice text, struct imap_ranges *ranges)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;

	if (!uidset_parse(text, 0, &set, &ignored))
		return;
	for (size_t i = 0; i < set.n; i++)
		add_range(ranges, set.ranges[i].first, set.ranges[i].last);
}

void
imap_parse_esearch(struct slice rest, struct imap_ranges *ranges)
{
	struct tokens t = tokens_over(rest, NULL);
	struct slice word;

	if (token_peek(&t) == '(')
		token_skip(&t);
	while (token_peek(&t) != '\0') {
		if (!token_atom(&t, &word)) {
			if (!token_skip(&t))
				return;
		} else if (slice_eq_nocase(word, SLICE("ALL"))) {
			if (token_atom(&t, &word))
				add_set(word, ranges);
		} else if (!slice_eq_nocase(word, SLICE("UID"))) {
			token_skip(&t); /* COUNT 5, MODSEQ 7, ... */
		}
	}
}

static int
compare_ranges(const void *a, const void *b)
{
	uint32_t x = ((const struct uid_range *)a)->first;
	uint32_t y = ((const struct uid_range *)b)->first;

	return (x > y) - (x < y);
}

void
imap_ranges_finish(struct imap_ranges *ranges, struct uidset *ret_set)
{
	bool sorted = true;

	*ret_set = (struct uidset)UIDSET_INIT;
	for (size_t i = 1; i < ranges->n && sorted; i++)
		sorted = ranges->items[i - 1].first < ranges->items[i].first;
	/* Adding at the high end is cheap, elsewhere it is not. */
	if (!sorted)
		qsort(ranges->items, ranges->n, sizeof(ranges->items[0]),
			compare_ranges);
	for (size_t i = 0; i < ranges->n; i++)
		(void)uidset_add_range(
			ret_set, ranges->items[i].first, ranges->items[i].last);
	array_clear(ranges);
}

bool
imap_parse_vanished(
	struct slice rest, struct uidset *ret_uids, bool *ret_earlier)
{
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;
	struct tokens t = tokens_over(rest, NULL);
	struct slice word;

	*ret_earlier = false;
	if (token_take(&t, '(')) {
		if (token_atom(&t, &word))
			*ret_earlier = slice_eq_nocase(word, SLICE("EARLIER"));
		token_close(&t);
	}
	return token_atom(&t, &word) &&
	       uidset_parse(word, 0, ret_uids, &ignored);
}

static const struct {
	const char *word;
	uint32_t capability;
} capabilities[] = {
	{ "ACL", IMAP_ACL },
	{ "COMPRESS=DEFLATE", IMAP_COMPRESS },
	{ "CONDSTORE", IMAP_CONDSTORE },
	{ "ENABLE", IMAP_ENABLE },
	{ "ESEARCH", IMAP_ESEARCH },
	{ "ID", IMAP_ID },
	{ "IDLE", IMAP_IDLE },
	{ "LIST-EXTENDED", IMAP_LIST_EXTENDED },
	{ "LIST-STATUS", IMAP_LIST_STATUS },
	{ "LITERAL+", IMAP_LITERAL_PLUS },
	{ "LITERAL-", IMAP_LITERAL_MINUS },
	{ "MOVE", IMAP_MOVE },
	{ "NAMESPACE", IMAP_NAMESPACE },
	{ "NOTIFY", IMAP_NOTIFY },
	{ "OBJECTID", IMAP_OBJECTID },
	/* RFC 7162 3.2.3: QRESYNC implies CONDSTORE. */
	{ "QRESYNC", IMAP_QRESYNC | IMAP_CONDSTORE },
	{ "SASL-IR", IMAP_SASL_IR },
	{ "SPECIAL-USE", IMAP_SPECIAL_USE },
	{ "STATUS=SIZE", IMAP_STATUS_SIZE },
	{ "UIDPLUS", IMAP_UIDPLUS },
	{ "UNSELECT", IMAP_UNSELECT },
	{ "UTF8=ACCEPT", IMAP_UTF8_ACCEPT },
	{ "UTF8=ONLY", IMAP_UTF8_ACCEPT },
	{ "X-GM-EXT-1", IMAP_GMAIL },
	{ "XLIST", IMAP_XLIST },
};

/* RFC 9051 E: what a server without IMAP4rev1 need not list. */
enum {
	IMAP4REV2 = IMAP_ENABLE | IMAP_ESEARCH | IMAP_IDLE | IMAP_MOVE |
		    IMAP_NAMESPACE | IMAP_UIDPLUS | IMAP_UNSELECT |
		    IMAP_LIST_EXTENDED | IMAP_LIST_STATUS | IMAP_SPECIAL_USE |
		    IMAP_STATUS_SIZE | IMAP_LITERAL_MINUS | IMAP_SASL_IR,
};

static uint32_t
capability_of(struct slice word)
{
	for (size_t i = 0; i < ARRAY_LEN(capabilities); i++) {
		if (slice_eq_nocase(word, slice_str(capabilities[i].word)))
			return capabilities[i].capability;
	}
	return 0;
}

void
imap_parse_capabilities(
	struct slice words, struct imap_abilities *ret_abilities)
{
	struct imap_abilities found = { 0 };
	bool rev1 = false, rev2 = false;

	while (words.len > 0) {
		struct slice word = slice_trim(imap_word(words, &words));

		if (slice_starts_nocase(word, SLICE("AUTH=")))
			found.mechanisms |=
				auth_mechanism_bit(slice_skip(word, 5));
		else if (slice_eq_nocase(word, SLICE("IMAP4rev1")))
			rev1 = true;
		else if (slice_eq_nocase(word, SLICE("IMAP4rev2")))
			rev2 = true;
		else if (slice_eq_nocase(word, SLICE("STARTTLS")))
			found.starttls = true;
		else if (slice_eq_nocase(word, SLICE("LOGINDISABLED")))
			found.login_disabled = true;
		found.capabilities |= capability_of(word);
	}
	found.is_imap = rev1 || rev2;
	found.rev2_only = rev2 && !rev1;
	if (found.rev2_only)
		found.capabilities |= IMAP4REV2;
	*ret_abilities = found;
}

uint32_t
imap_parse_enabled(struct slice words)
{
	uint32_t enabled = 0;

	while (words.len > 0)
		enabled |= capability_of(slice_trim(imap_word(words, &words)));
	return enabled & (IMAP_QRESYNC | IMAP_CONDSTORE | IMAP_UTF8_ACCEPT);
}

static void
read_namespace(struct tokens *t, struct imap_namespaces *namespaces)
{
	struct slice prefix, delimiter;

	if (!token_take(t, '(')) {
		token_skip(t);
		return;
	}
	if (token_text(t, &prefix) && token_text(t, &delimiter) &&
		namespaces->n < IMAP_NAMESPACES_MAX) {
		char *name = prefix.len > 0 ? usable_name(prefix) : xstrdup("");
		struct imap_namespace *added;

		if (name) {
			added = array_add(namespaces);
			added->prefix = name;
			added->delimiter = delimiter_of(delimiter);
		}
	}
	token_close(t);
}

void
imap_parse_namespaces(struct slice rest, struct imap_namespaces *ret_namespaces)
{
	struct strbuf unescaped CLEANUP(strbuf_clear) = { 0 };
	struct tokens t;

	*ret_namespaces = (struct imap_namespaces){ 0 };
	strbuf_init(&unescaped, NAME_UNESCAPED_MAX);
	t = tokens_over(slice_head(rest, NAME_UNESCAPED_MAX), &unescaped);
	for (int kind = 0; kind < 3; kind++) {
		if (!token_take(&t, '(')) {
			token_skip(&t);
			continue;
		}
		while (token_peek(&t) != ')' && t.p < t.end)
			read_namespace(&t, ret_namespaces);
		token_take(&t, ')');
	}
}

void
imap_namespaces_clear(struct imap_namespaces *namespaces)
{
	for (size_t i = 0; i < namespaces->n; i++)
		free(namespaces->items[i].prefix);
	array_clear(namespaces);
}
