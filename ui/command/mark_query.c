/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/mark_query.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/fuzzy.h"
#include "mail/flags.h"
#include "store/pick.h"

enum kind {
	KIND_WORD,
	KIND_FROM,
	KIND_TO,
	KIND_SUBJECT,
	KIND_LIST,
	KIND_LABEL,
	KIND_FLAGS,
	KIND_ATTACHMENT,
	KIND_OLDER,
	KIND_NEWER,
	KIND_LARGER,
};

enum { DAY_S = 86400, AGE_MAX_DAYS = 36500 };

/* What stands in front of a text, a time or a size. */
static const struct {
	const char *name;
	enum kind kind;
} fields[] = {
	{ "from:", KIND_FROM },
	{ "to:", KIND_TO },
	{ "subject:", KIND_SUBJECT },
	{ "list:", KIND_LIST },
	{ "label:", KIND_LABEL },
	{ "older:", KIND_OLDER },
	{ "newer:", KIND_NEWER },
	{ "larger:", KIND_LARGER },
};

/* Whole words. */
static const struct {
	const char *word;
	enum kind kind;
	uint32_t set;
	uint32_t clear;
} words[] = {
	{ "is:unread", KIND_FLAGS, 0, FLAG_SEEN },
	{ "is:read", KIND_FLAGS, FLAG_SEEN, 0 },
	{ "is:flagged", KIND_FLAGS, FLAG_FLAGGED, 0 },
	{ "is:answered", KIND_FLAGS, FLAG_ANSWERED, 0 },
	{ "has:attachment", KIND_ATTACHMENT, 0, 0 },
};

const char *
mark_query_word(size_t i)
{
	if (i < ARRAY_LEN(words))
		return words[i].word;
	i -= ARRAY_LEN(words);
	return i < ARRAY_LEN(fields) ? fields[i].name : NULL;
}

void
mark_query_clear(struct mark_query *query)
{
	for (int i = 0; i < query->n; i++)
		free(query->terms[i].text);
	query->n = 0;
}

/* "30d", "2w", "1m", "1y", or "2026-01-31": the second it names. */
static bool
parse_time(struct slice text, int64_t now_s, int64_t *ret)
{
	static const struct {
		char unit;
		int days;
	} units[] = { { 'd', 1 }, { 'w', 7 }, { 'm', 30 }, { 'y', 365 } };
	uint64_t year;
	uint64_t month;
	uint64_t day;

	if (text.len == 10 && text.data[4] == '-' && text.data[7] == '-' &&
		ascii_parse_u64(text.data, 4, 9999, &year) &&
		ascii_parse_u64(text.data + 5, 2, 12, &month) &&
		ascii_parse_u64(text.data + 8, 2, 31, &day) && month > 0 &&
		day > 0) {
		struct tm tm = { .tm_year = (int)year - 1900,
			.tm_mon = (int)month - 1,
			.tm_mday = (int)day,
			.tm_isdst = -1 };

		*ret = (int64_t)mktime(&tm);
		return true;
	}
	for (size_t i = 0; text.len > 1 && i < ARRAY_LEN(units); i++)
		if (ascii_lower(text.data[text.len - 1]) == units[i].unit &&
			ascii_parse_u64(text.data, text.len - 1,
				(uint64_t)(AGE_MAX_DAYS / units[i].days),
				&day)) {
			*ret = now_s - (int64_t)day * units[i].days * DAY_S;
			return true;
		}
	return false;
}

/* "500k", "5M", "1G", or bytes. */
static bool
parse_size(struct slice text, int64_t *ret)
{
	uint64_t factor = 1;
	uint64_t number;
	char unit = text.len > 0 ? ascii_lower(text.data[text.len - 1]) : '0';

	if (unit == 'k')
		factor = 1000;
	else if (unit == 'm')
		factor = 1000000;
	else if (unit == 'g')
		factor = 1000000000;
	if (factor > 1)
		text.len--;
	if (!ascii_parse_u64(text.data, text.len, INT64_MAX / factor, &number))
		return false;
	*ret = (int64_t)(number * factor);
	return true;
}

static bool
complain(struct slice word, struct error *err)
{
	return error_set(err, ERR_INVALID,
		_("“%.*s” is not understood here; Tab shows what is"),
		(int)word.len, word.data);
}

/* A word with a colon in it: one of ours, or nobody's. */
static bool
parse_field(struct slice word, int64_t now_s, struct mark_term *term,
	struct error *err)
{
	struct slice rest;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_eq_nocase(word, slice_str(words[i].word))) {
			term->kind = words[i].kind;
			term->set = words[i].set;
			term->clear = words[i].clear;
			return true;
		}
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct slice name = slice_str(fields[i].name);

		if (!slice_starts_nocase(word, name))
			continue;
		rest = slice_skip(word, name.len);
		term->kind = fields[i].kind;
		if (rest.len == 0)
			return complain(word, err);
		switch (fields[i].kind) {
		case KIND_OLDER:
		case KIND_NEWER:
			return parse_time(rest, now_s, &term->number) ||
			       complain(word, err);
		case KIND_LARGER:
			return parse_size(rest, &term->number) ||
			       complain(word, err);
		case KIND_WORD:
		case KIND_FROM:
		case KIND_TO:
		case KIND_SUBJECT:
		case KIND_LIST:
		case KIND_LABEL:
		case KIND_FLAGS:
		case KIND_ATTACHMENT:
			term->text = xmemdup0(rest.data, rest.len);
			return true;
		}
	}
	return complain(word, err);
}

static bool
parse_term(struct slice word, bool quoted, int64_t now_s,
	struct mark_term *term, struct error *err)
{
	*term = (struct mark_term){ .kind = KIND_WORD };
	if (!quoted && word.len > 1 && word.data[0] == '-') {
		term->negated = true;
		word = slice_skip(word, 1);
	}
	/* What has a blank behind its colon is no field: "Re: lunch". */
	if (!quoted && slice_find(word, ':') + 1 < word.len)
		return parse_field(word, now_s, term, err);
	term->text = xmemdup0(word.data, word.len);
	return true;
}

/* The next word; quotes hold blanks together, also behind a colon. */
static struct slice
next_word(struct slice *rest, bool *quoted)
{
	struct slice text = slice_trim(*rest);
	size_t end = 0;
	bool inside = false;

	*quoted = text.len > 0 && text.data[0] == '"';
	if (*quoted) {
		text = slice_skip(text, 1);
		end = slice_find(text, '"');
		*rest = slice_skip(text, end + 1);
		return slice_head(text, end);
	}
	while (end < text.len && (inside || text.data[end] != ' ')) {
		inside = inside != (text.data[end] == '"');
		end++;
	}
	*rest = slice_skip(text, end);
	return slice_head(text, end);
}

/* from:"Ann E" without its quotes. */
static void
drop_quotes(char *text)
{
	char *to = text;

	for (; text && *text; text++)
		if (*text != '"')
			*to++ = *text;
	if (to)
		*to = '\0';
}

bool
mark_query_parse(const char *text, int64_t now_s, struct mark_query *ret_query,
	struct error *err)
{
	struct mark_query query CLEANUP(mark_query_clear) = { .n = 0 };
	struct slice rest = slice_str(text);

	for (;;) {
		bool quoted;
		struct slice word = next_word(&rest, &quoted);

		if (word.len == 0 && !quoted)
			break;
		if (query.n == MARK_QUERY_TERMS_MAX)
			return error_set(err, ERR_LIMIT,
				_("No more than %d words at once"),
				MARK_QUERY_TERMS_MAX);
		if (!parse_term(
			    word, quoted, now_s, &query.terms[query.n], err))
			return false;
		drop_quotes(query.terms[query.n].text);
		query.n++;
	}
	*ret_query = query;
	query.n = 0;
	return true;
}

static bool
is_word_of(struct slice words_there, const char *word)
{
	while (words_there.len > 0) {
		size_t end = slice_find(words_there, ' ');

		if (slice_eq_nocase(
			    slice_head(words_there, end), slice_str(word)))
			return true;
		words_there = slice_skip(words_there, end + 1);
	}
	return false;
}

static bool
has_label(const struct pick_message *message, const char *name)
{
	char *keyword CLEANUP(freep) = xasprintf("$label%s", name);
	uint32_t bit = flags_bit(slice_str(name));

	if (!bit && strlen(name) == 1)
		bit = flags_bit(slice_str(keyword));
	return bit ? (message->flags & bit) != 0
		   : is_word_of(message->keywords, name);
}

static bool
fits(const struct mark_term *term, const struct pick_message *message)
{
	struct slice text = slice_str(term->text ? term->text : "");

	switch ((enum kind)term->kind) {
	case KIND_WORD:
		return fuzzy_contains(text, message->subject) ||
		       fuzzy_contains(text, message->from) ||
		       fuzzy_contains(text, message->to) ||
		       fuzzy_contains(text, message->copies);
	case KIND_FROM:
		return fuzzy_contains(text, message->from);
	case KIND_TO:
		return fuzzy_contains(text, message->to) ||
		       fuzzy_contains(text, message->copies);
	case KIND_SUBJECT:
		return fuzzy_contains(text, message->subject);
	case KIND_LIST:
		return fuzzy_contains(text, message->list_id);
	case KIND_LABEL:
		return has_label(message, term->text);
	case KIND_FLAGS:
		return (message->flags & term->set) == term->set &&
		       (message->flags & term->clear) == 0;
	case KIND_ATTACHMENT:
		return message->attachments > 0;
	case KIND_OLDER:
		return message->received < term->number;
	case KIND_NEWER:
		return message->received >= term->number;
	case KIND_LARGER:
		return message->size > (uint64_t)term->number;
	}
	return false;
}

bool
mark_query_fits(
	const struct mark_query *query, const struct pick_message *message)
{
	for (int i = 0; i < query->n; i++)
		if (fits(&query->terms[i], message) == query->terms[i].negated)
			return false;
	return query->n > 0;
}
