/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/envelope.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "mail/date.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/header.h"

enum field {
	FIELD_BCC,
	FIELD_CC,
	FIELD_DATE,
	FIELD_FROM,
	FIELD_IN_REPLY_TO,
	FIELD_LIST_ID,
	FIELD_MESSAGE_ID,
	FIELD_REFERENCES,
	FIELD_REPLY_TO,
	FIELD_SENDER,
	FIELD_SUBJECT,
	FIELD_TO,
	FIELDS,
};

static const struct slice field_names[FIELDS] = {
	[FIELD_BCC] = { "bcc", 3 },
	[FIELD_CC] = { "cc", 2 },
	[FIELD_DATE] = { "date", 4 },
	[FIELD_FROM] = { "from", 4 },
	[FIELD_IN_REPLY_TO] = { "in-reply-to", 11 },
	[FIELD_LIST_ID] = { "list-id", 7 },
	[FIELD_MESSAGE_ID] = { "message-id", 10 },
	[FIELD_REFERENCES] = { "references", 10 },
	[FIELD_REPLY_TO] = { "reply-to", 8 },
	[FIELD_SENDER] = { "sender", 6 },
	[FIELD_SUBJECT] = { "subject", 7 },
	[FIELD_TO] = { "to", 2 },
};

static enum field
find_field(struct slice name)
{
	for (int i = 0; i < FIELDS; i++) {
		if (slice_eq_nocase(name, field_names[i]))
			return (enum field)i;
	}
	return FIELDS;
}

static char *
read_text(struct slice value, size_t max)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	size_t n;

	strbuf_init(&out, 4 * value.len + 16);
	header_decode(slice_head(value, 8 * max), &out);
	n = utf8_cut(strbuf_slice(&out), max);
	return xmemdup0(out.data, n);
}

/* RFC 5322 3.6.4 without blanks and folding, which some put into them. */
static char *
clean_id(struct slice s)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	bool clean = true;

	s = slice_trim(s);
	for (size_t i = 0; i < s.len && clean; i++)
		clean = s.data[i] > ' ' && s.data[i] < 0x7f;
	if (clean)
		return xmemdup0(s.data, s.len < MESSAGE_ID_LENGTH_MAX
						? s.len
						: MESSAGE_ID_LENGTH_MAX);
	strbuf_init(&bytes, 4 * s.len + 16);
	strbuf_init(&out, 4 * s.len + 16);
	(void)charset_to_utf8(SLICE(""), CHARSET_DECLARED, s, &bytes);
	header_clean(strbuf_slice(&bytes), &out);
	strbuf_reset(&bytes);
	for (size_t i = 0; i < out.len; i++) {
		if (out.data[i] != ' ')
			strbuf_add_char(&bytes, out.data[i]);
	}
	return xmemdup0(bytes.data,
		utf8_cut(strbuf_slice(&bytes), MESSAGE_ID_LENGTH_MAX));
}

/* Takes what stands between the next < and >. */
static bool
next_bracketed(struct slice *rest, struct slice *ret)
{
	size_t open = slice_find(*rest, '<');
	size_t close;

	*rest = slice_skip(*rest, open + 1);
	close = slice_find(*rest, '>');
	if (close == rest->len)
		return false;
	*ret = slice_head(*rest, close);
	*rest = slice_skip(*rest, close + 1);
	return true;
}

static char *
read_id(struct slice value)
{
	struct slice rest = slice_head(value, IDS_TEXT_MAX);
	struct slice id;

	if (!next_bracketed(&rest, &id))
		id = slice_trim(slice_head(value, IDS_TEXT_MAX));
	if (id.len > 0 && id.data[0] == '<')
		id = slice_skip(id, 1);
	id = slice_trim(id);
	return id.len ? clean_id(id) : NULL;
}

/* Takes a word with an at-sign: an identifier without its brackets. */
static bool
next_bare(struct slice *rest, struct slice *ret)
{
	while (rest->len > 0) {
		size_t n = 0;

		*rest = slice_trim(*rest);
		while (n < rest->len && !ascii_is_space(rest->data[n]))
			n++;
		*ret = slice_head(*rest, n);
		*rest = slice_skip(*rest, n);
		if (slice_find(*ret, '@') < ret->len)
			return true;
	}
	return false;
}

/*
 * All identifiers of a field, the first and the newest of too many.  Bare
 * words count only where nothing is in brackets: In-Reply-To holds prose.
 */
static void
read_ids(struct slice value, struct message_ids *ret)
{
	struct slice kept[REFERENCES_MAX];
	struct slice rest = slice_head(value, IDS_TEXT_MAX);
	struct slice id;
	size_t n = 0;
	size_t cap = 1; /* as message_ids_add() expects */
	bool bracketed = slice_find(rest, '<') < rest.len;

	while (bracketed ? next_bracketed(&rest, &id) : next_bare(&rest, &id)) {
		if (id.len == 0)
			continue;
		/* A ring behind the first one. */
		if (n < REFERENCES_MAX)
			kept[n] = id;
		else
			kept[1 + (n - 1) % (REFERENCES_MAX - 1)] = id;
		n++;
	}
	ret->n = n < REFERENCES_MAX ? n : REFERENCES_MAX;
	if (ret->n == 0)
		return;
	while (cap < ret->n)
		cap *= 2;
	ret->items = xcalloc(cap, sizeof(ret->items[0]));
	ret->items[0] = clean_id(kept[0]);
	for (size_t i = 1; i < ret->n; i++) {
		size_t from =
			n <= REFERENCES_MAX
				? i
				: 1 + (n - 1 + i - 1) % (REFERENCES_MAX - 1);

		ret->items[i] = clean_id(kept[from]);
	}
}

static void
read_list_id(struct slice value, struct envelope *ret)
{
	struct slice rest = slice_head(value, IDS_TEXT_MAX);
	struct slice id;

	/* RFC 2919 2: a phrase may come first. */
	if (next_bracketed(&rest, &id) && id.len > 0)
		ret->list_id = clean_id(id);
	else
		ret->list_id = read_text(value, MESSAGE_ID_LENGTH_MAX);
}

static void
read_field(enum field field, struct slice value, struct envelope *ret)
{
	switch (field) {
	case FIELD_BCC:
		mime_read_addresses(value, &ret->bcc);
		break;
	case FIELD_CC:
		mime_read_addresses(value, &ret->cc);
		break;
	case FIELD_DATE:
		if (!date_parse(value, &ret->date))
			ret->date = 0;
		break;
	case FIELD_FROM:
		mime_read_addresses(value, &ret->from);
		break;
	case FIELD_IN_REPLY_TO:
		read_ids(value, &ret->in_reply_to);
		break;
	case FIELD_LIST_ID:
		read_list_id(value, ret);
		break;
	case FIELD_MESSAGE_ID:
		ret->message_id = read_id(value);
		break;
	case FIELD_REFERENCES:
		read_ids(value, &ret->references);
		break;
	case FIELD_REPLY_TO:
		mime_read_addresses(value, &ret->reply_to);
		break;
	case FIELD_SENDER:
		mime_read_addresses(value, &ret->sender);
		break;
	case FIELD_SUBJECT:
		ret->subject = read_text(value, SUBJECT_LENGTH_MAX);
		break;
	case FIELD_TO:
		mime_read_addresses(value, &ret->to);
		break;
	case FIELDS:
		break;
	}
}

void
mime_read_envelope(struct slice header, struct envelope *ret_envelope)
{
	struct header_field field;
	uint32_t seen = 0;
	int n = 0;
	char *copy;

	header = header_line_feeds(header, &copy);
	*ret_envelope = (struct envelope){ 0 };
	while (n++ < HEADER_FIELDS_MAX && header_next(&header, &field)) {
		enum field it = find_field(field.name);
		uint32_t bit = (uint32_t)1 << it;

		if (it == FIELDS)
			continue;
		/* Only lists of recipients add up. */
		if ((seen & bit) && it != FIELD_TO && it != FIELD_CC &&
			it != FIELD_BCC)
			continue;
		seen |= bit;
		read_field(it, field.value, ret_envelope);
	}
	free(copy);
}
