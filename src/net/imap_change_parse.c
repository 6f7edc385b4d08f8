/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What servers say of changes: COPYUID, APPENDUID, MYRIGHTS. */
#include "base/ascii.h"
#include "net/imap_parse.h"
#include "net/imap_token.h"

enum { MAILBOX_MAX = 16 * 1024 };

/* A set of UIDs while its ranges are walked in the order they were written. */
struct walk {
	struct slice rest;
	uint64_t next; /* of the range we are in */
	uint64_t last;
	bool sound;
};

static bool
read_uid(struct slice text, uint64_t *ret)
{
	return ascii_parse_u64(text.data, text.len, UINT32_MAX, ret) &&
	       *ret > 0;
}

/* The next range; false at the end, or when it is not above the one before. */
static bool
next_range(struct walk *walk)
{
	size_t end = slice_find(walk->rest, ',');
	struct slice item = slice_head(walk->rest, end);
	size_t colon = slice_find(item, ':');
	uint64_t before = walk->last, first, last;

	if (walk->rest.len == 0)
		return false;
	walk->sound = false;
	if (!read_uid(slice_head(item, colon), &first))
		return false;
	last = first;
	if (colon < item.len && !read_uid(slice_skip(item, colon + 1), &last))
		return false;
	/* A blank item behind a last comma. */
	if (end < walk->rest.len && end + 1 == walk->rest.len)
		return false;
	if (first > last || first <= before)
		return false;
	walk->rest = slice_skip(walk->rest, end + 1);
	walk->next = first;
	walk->last = last;
	walk->sound = true;
	return true;
}

static struct walk
walk_over(struct slice set)
{
	return (struct walk){ .rest = set, .next = 1, .sound = set.len > 0 };
}

static bool
next_uid(struct walk *walk, uint32_t *ret)
{
	if (walk->next > walk->last && !next_range(walk))
		return false;
	*ret = (uint32_t)walk->next++;
	return true;
}

bool
imap_parse_copied(struct slice value, uint32_t *ret_uidvalidity,
	struct imap_pairs *ret_pairs)
{
	struct slice from, to;
	struct slice uidvalidity = imap_word(slice_trim(value), &from);
	struct walk a, b;
	struct imap_pair pair;
	uint64_t n;

	from = imap_word(slice_trim(from), &to);
	a = walk_over(from);
	b = walk_over(slice_trim(to));
	*ret_pairs = (struct imap_pairs){ 0 };
	if (!read_uid(uidvalidity, &n))
		return false;
	while (next_uid(&a, &pair.from)) {
		if (ret_pairs->n >= IMAP_PAIRS_MAX || !next_uid(&b, &pair.to)) {
			b.sound = false;
			break;
		}
		array_push(ret_pairs, pair);
	}
	if (!a.sound || !b.sound || next_uid(&b, &pair.to) || !b.sound) {
		array_clear(ret_pairs);
		return false;
	}
	*ret_uidvalidity = (uint32_t)n;
	return true;
}

struct imap_appended
imap_parse_appended(struct slice value)
{
	struct slice rest;
	struct slice uidvalidity = imap_word(slice_trim(value), &rest);
	uint64_t validity, uid;

	/* RFC 4315 3: a set with MULTIAPPEND, which is never asked for. */
	if (!read_uid(uidvalidity, &validity) ||
		!read_uid(slice_trim(rest), &uid))
		return (struct imap_appended){ 0 };
	return (struct imap_appended){ (uint32_t)validity, (uint32_t)uid };
}

static uint32_t
right_of(char c)
{
	switch (c) {
	case 'r':
		return IMAP_RIGHT_READ;
	case 's':
		return IMAP_RIGHT_SEEN;
	case 'w':
		return IMAP_RIGHT_FLAGS;
	case 'i':
		return IMAP_RIGHT_INSERT;
	case 'k':
		return IMAP_RIGHT_CREATE;
	case 'x':
		return IMAP_RIGHT_DELETE_MAILBOX;
	case 't':
		return IMAP_RIGHT_DELETE_MESSAGES;
	case 'e':
		return IMAP_RIGHT_EXPUNGE;
	/* RFC 4314 2.1.1: what these were in RFC 2086, one or the other. */
	case 'c':
		return IMAP_RIGHT_CREATE | IMAP_RIGHT_DELETE_MAILBOX;
	case 'd':
		return IMAP_RIGHT_DELETE_MAILBOX | IMAP_RIGHT_DELETE_MESSAGES |
		       IMAP_RIGHT_EXPUNGE;
	default:
		return 0;
	}
}

uint32_t
imap_parse_myrights(struct slice rest)
{
	struct strbuf unescaped CLEANUP(strbuf_clear) = { 0 };
	struct slice mailbox, letters;
	struct tokens t;
	uint32_t rights = 0, old = 0;

	strbuf_init(&unescaped, MAILBOX_MAX);
	t = tokens_over(slice_head(rest, MAILBOX_MAX), &unescaped);
	if (!token_text(&t, &mailbox) || !token_text(&t, &letters))
		return IMAP_RIGHTS_ALL;
	for (size_t i = 0; i < letters.len; i++) {
		if (letters.data[i] == 'c' || letters.data[i] == 'd')
			old |= right_of(letters.data[i]);
		else
			rights |= right_of(letters.data[i]);
	}
	/* A server that knows the new ones tells these as well, for old
	 * clients; then they say nothing of their own. */
	if (!(rights &
		    (IMAP_RIGHT_CREATE | IMAP_RIGHT_DELETE_MAILBOX |
			    IMAP_RIGHT_DELETE_MESSAGES | IMAP_RIGHT_EXPUNGE)))
		rights |= old;
	return rights;
}
