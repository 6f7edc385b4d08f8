/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"
#include "base/ascii.h"
#include "base/gettext.h"
#include "base/strbuf.h"
#include "net/frame_private.h"

enum { NUMBER_DIGITS = 20, TAG_MAX = 64 };

enum shape {
	HOLDS_STRINGS, /* quoted strings and literals may be in it */
	HOLDS_ATOMS,   /* neither is allowed: one line */
	IS_STATUS,     /* one line of free text */
};

static const struct known_word {
	struct slice word;
	enum response_name name;
	bool numbered; /* "* 12 WORD" */
	enum shape shape;
} known_words[] = {
	{ { "FETCH", 5 }, RESPONSE_FETCH, true, HOLDS_STRINGS },
	{ { "OK", 2 }, RESPONSE_OK, false, IS_STATUS },
	{ { "NO", 2 }, RESPONSE_NO, false, IS_STATUS },
	{ { "BAD", 3 }, RESPONSE_BAD, false, IS_STATUS },
	{ { "BYE", 3 }, RESPONSE_BYE, false, IS_STATUS },
	{ { "PREAUTH", 7 }, RESPONSE_PREAUTH, false, IS_STATUS },
	{ { "EXISTS", 6 }, RESPONSE_EXISTS, true, HOLDS_ATOMS },
	{ { "EXPUNGE", 7 }, RESPONSE_EXPUNGE, true, HOLDS_ATOMS },
	{ { "RECENT", 6 }, RESPONSE_RECENT, true, HOLDS_ATOMS },
	{ { "VANISHED", 8 }, RESPONSE_VANISHED, false, HOLDS_ATOMS },
	{ { "LIST", 4 }, RESPONSE_LIST, false, HOLDS_STRINGS },
	{ { "STATUS", 6 }, RESPONSE_MAILBOX_STATUS, false, HOLDS_STRINGS },
	{ { "FLAGS", 5 }, RESPONSE_FLAGS, false, HOLDS_ATOMS },
	{ { "ESEARCH", 7 }, RESPONSE_ESEARCH, false, HOLDS_STRINGS },
	{ { "SEARCH", 6 }, RESPONSE_SEARCH, false, HOLDS_ATOMS },
	{ { "CAPABILITY", 10 }, RESPONSE_CAPABILITY, false, HOLDS_ATOMS },
	{ { "ENABLED", 7 }, RESPONSE_ENABLED, false, HOLDS_ATOMS },
	{ { "ID", 2 }, RESPONSE_ID, false, HOLDS_STRINGS },
	{ { "NAMESPACE", 9 }, RESPONSE_NAMESPACE, false, HOLDS_STRINGS },
	{ { "MYRIGHTS", 8 }, RESPONSE_MYRIGHTS, false, HOLDS_STRINGS },
	{ { "LSUB", 4 }, RESPONSE_LSUB, false, HOLDS_STRINGS },
	{ { "XLIST", 5 }, RESPONSE_XLIST, false, HOLDS_STRINGS },
	{ { "SORT", 4 }, RESPONSE_SORT, false, HOLDS_ATOMS },
	{ { "THREAD", 6 }, RESPONSE_THREAD, false, HOLDS_ATOMS },
};

static const struct known_word *
find_word(struct slice word, bool numbered)
{
	for (size_t i = 0; i < ARRAY_LEN(known_words); i++) {
		const struct known_word *it = &known_words[i];

		if (it->numbered == numbered && slice_eq_nocase(it->word, word))
			return it;
	}
	return NULL;
}

/* Up to a blank or the end; `*rest` moves behind it and one blank. */
static struct slice
take_word(struct slice *rest)
{
	struct slice word = *rest;

	for (word.len = 0; word.len < rest->len; word.len++) {
		char c = rest->data[word.len];

		if (c == ' ' || c == '\r' || c == '\n')
			break;
	}
	*rest = slice_skip(*rest, word.len);
	if (rest->len > 0 && rest->data[0] == ' ')
		*rest = slice_skip(*rest, 1);
	return word;
}

static struct slice
without_line_end(struct slice s)
{
	if (s.len > 0 && s.data[s.len - 1] == '\n')
		s.len--;
	if (s.len > 0 && s.data[s.len - 1] == '\r')
		s.len--;
	return s;
}

/*
 * Where the "]" of a response code at the front of `s` is.  Keywords in a
 * parenthesised list may hold one; a code that never closes ends at the first.
 */
static size_t
code_end(struct slice s)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];

		if (quoted && c == '\\') {
			i++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (quoted) {
			continue;
		} else if (c == '(') {
			depth++;
		} else if (c == ')') {
			depth--;
		} else if (c == ']' && depth <= 0) {
			return i;
		}
	}
	return slice_find(s, ']');
}

/* "[CODE] text"; blanks in front of the code do not hide it. */
static void
read_text(struct response *response, struct slice text)
{
	text = slice_trim(text);
	if (text.len > 0 && text.data[0] == '[') {
		struct slice inside = slice_skip(text, 1);
		size_t end = code_end(inside);

		response->code = slice_head(inside, end);
		text = slice_trim(slice_skip(inside, end + 1));
	}
	response->text = text;
}

/* "a1 OK": what a line of no known kind is checked for. */
static bool
is_tagged(struct slice tag, struct slice word)
{
	if (tag.len == 0 || tag.len > TAG_MAX || slice_eq(tag, SLICE("*")) ||
		slice_eq(tag, SLICE("+")))
		return false;
	for (size_t i = 0; i < tag.len; i++) {
		if (tag.data[i] <= ' ' || tag.data[i] > '~')
			return false;
	}
	return slice_eq_nocase(word, SLICE("OK")) ||
	       slice_eq_nocase(word, SLICE("NO")) ||
	       slice_eq_nocase(word, SLICE("BAD"));
}

static void
read_untagged(struct response *response, struct slice rest)
{
	struct slice word = take_word(&rest);
	const struct known_word *known;

	if (word.len > 0 && ascii_is_digit(word.data[0])) {
		response->has_number = ascii_parse_u64(
			word.data, word.len, UINT64_MAX, &response->number);
		word = take_word(&rest);
	}
	known = find_word(word, response->has_number);
	response->kind = RESPONSE_DATA;
	response->name = known ? known->name : RESPONSE_OTHER;
	response->word = word;
	response->rest = without_line_end(rest);
	if (known && known->shape == IS_STATUS) {
		response->kind = RESPONSE_STATUS;
		read_text(response, response->rest);
	} else if (word.len == 0) {
		response->kind = RESPONSE_GARBAGE;
	}
}

struct response
response_read(struct slice raw)
{
	struct response response = {
		.kind = RESPONSE_GARBAGE,
		.name = RESPONSE_OTHER,
		.raw = raw,
	};
	struct slice rest = raw;
	struct slice first = take_word(&rest);
	struct slice behind = rest;
	struct slice word;

	if (slice_eq(first, SLICE("*"))) {
		read_untagged(&response, rest);
		return response;
	}
	if (first.len > 0 && first.data[0] == '+') {
		/* "+" alone, without its blank, is common. */
		response.kind = RESPONSE_CONTINUE;
		response.rest = without_line_end(slice_skip(raw, 1));
		if (response.rest.len > 0 && response.rest.data[0] == ' ')
			response.rest = slice_skip(response.rest, 1);
		read_text(&response, response.rest);
		return response;
	}
	word = take_word(&behind);
	if (is_tagged(first, word)) {
		response.kind = RESPONSE_TAGGED;
		response.name = find_word(word, false)->name;
		response.tag = first;
		response.word = word;
		response.rest = without_line_end(behind);
		read_text(&response, response.rest);
	}
	return response;
}

bool
response_is_text(struct slice line)
{
	struct slice rest = line;
	const struct known_word *known;
	struct slice word;

	if (!slice_starts(line, SLICE("* ")))
		return true;
	take_word(&rest);
	word = take_word(&rest);
	if (word.len > 0 && ascii_is_digit(word.data[0]))
		known = find_word(take_word(&rest), true);
	else
		known = find_word(word, false);
	return known && known->shape != HOLDS_STRINGS;
}

static bool
is_code_passed(struct slice code)
{
	static const struct slice passed[] = {
		{ "UIDVALIDITY", 11 },
		{ "UIDNEXT", 7 },
		{ "UNSEEN", 6 },
		{ "READ-ONLY", 9 },
		{ "READ-WRITE", 10 },
		{ "HIGHESTMODSEQ", 13 },
		{ "APPENDUID", 9 },
		{ "COPYUID", 7 },
		{ "CAPABILITY", 10 },
		{ "TRYCREATE", 9 },
		{ "CLOSED", 6 },
	};
	struct slice word = take_word(&code);

	for (size_t i = 0; i < ARRAY_LEN(passed); i++) {
		if (slice_eq_nocase(word, passed[i]))
			return true;
	}
	return false;
}

/* Appends text with NUL, CR and LF as blanks. */
static void
add_inert(struct strbuf *out, struct slice text)
{
	size_t from = out->len;

	if (!strbuf_add_slice(out, text))
		return;
	for (size_t i = from; i < out->len; i++) {
		char *c = &out->data[i];

		if (*c == '\0' || *c == '\r' || *c == '\n')
			*c = ' ';
	}
}

static void
pass_text(const struct response *response, struct strbuf *out)
{
	/* libetpan passes over blanks, so that a code may follow them. */
	struct slice rest = slice_trim(response->rest);
	bool has_code = rest.len > 0 && rest.data[0] == '[';

	if (response->kind == RESPONSE_CONTINUE) {
		strbuf_add_str(out, "+ ");
	} else {
		strbuf_add_slice(out, response->kind == RESPONSE_TAGGED
					      ? response->tag
					      : SLICE("*"));
		strbuf_addf(out, " %.*s ", (int)response->word.len,
			response->word.data);
	}
	if (has_code && is_code_passed(response->code) &&
		response->code.len + 1 < rest.len) {
		strbuf_add_char(out, '[');
		add_inert(out, response->code);
		strbuf_add_str(out, "] ");
		rest = response->text;
	} else if (has_code) {
		strbuf_add_char(out, '(');
		rest = slice_skip(rest, 1);
	}
	/* libetpan fails without a text; but a challenge may be empty. */
	if (rest.len == 0 && response->kind != RESPONSE_CONTINUE)
		rest = SLICE("-");
	add_inert(out, rest);
	strbuf_add_str(out, "\r\n");
}

static bool
is_shallow(struct slice s)
{
	int depth = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] == '(' && ++depth > FRAME_DEPTH_MAX)
			return false;
		if (s.data[i] == ')' && depth > 0)
			depth--;
	}
	return true;
}

static bool
is_data_passed(const struct response *response)
{
	switch (response->name) {
	case RESPONSE_CAPABILITY:
	case RESPONSE_ENABLED:
	case RESPONSE_ID:
	case RESPONSE_NAMESPACE:
		/* One line: what is in a string could be read as another. */
		return response->raw.len <= FRAME_PASS_MAX &&
		       response->streamed == 0 &&
		       slice_find(response->raw, '\n') + 1 ==
			       response->raw.len &&
		       is_shallow(response->raw);
	case RESPONSE_OK:
	case RESPONSE_NO:
	case RESPONSE_BAD:
	case RESPONSE_BYE:
	case RESPONSE_PREAUTH:
	case RESPONSE_MYRIGHTS:
	case RESPONSE_FLAGS:
	case RESPONSE_LIST:
	case RESPONSE_LSUB:
	case RESPONSE_XLIST:
	case RESPONSE_MAILBOX_STATUS:
	case RESPONSE_SEARCH:
	case RESPONSE_ESEARCH:
	case RESPONSE_SORT:
	case RESPONSE_THREAD:
	case RESPONSE_VANISHED:
	case RESPONSE_EXISTS:
	case RESPONSE_RECENT:
	case RESPONSE_EXPUNGE:
	case RESPONSE_FETCH:
	case RESPONSE_OTHER:
		return false;
	}
	return false;
}

bool
response_pass(
	const struct response *response, struct strbuf *out, struct error *err)
{
	switch (response->kind) {
	case RESPONSE_DATA:
		if (is_data_passed(response))
			strbuf_add_slice(out, response->raw);
		return true;
	case RESPONSE_TAGGED:
	case RESPONSE_STATUS:
	case RESPONSE_CONTINUE:
		if (response->raw.len > FRAME_PASS_MAX)
			return error_set(err, ERR_LIMIT,
				_("The server answered with a line too long to be an answer"));
		pass_text(response, out);
		return true;
	case RESPONSE_GARBAGE:
		return error_set(err, ERR_PROTOCOL,
			_("The server sent something that is not IMAP"));
	}
	return true;
}
