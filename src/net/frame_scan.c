/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/frame_scan.h"

#include "base/array.h"
#include "base/ascii.h"
#include "base/bug.h"
#include "net/frame_private.h"

enum {
	BRACE_REACH = 64, /* how far back a '{' is looked for */
	TAG_REACH = 32,   /* longest tag of ours */
	WORD_BYTES = sizeof(uint64_t),
};

/* The top bit of every byte of `word` that is `c`. */
static inline uint64_t
bytes_equal(uint64_t word, unsigned char c)
{
	const uint64_t ones = UINT64_MAX / 0xff;
	const uint64_t low = ones * 0x7f;
	uint64_t x = word ^ (ones * c);

	return ~(((x & low) + low) | x | low);
}

static inline void
quote_step(struct scan *scan, char c)
{
	if (scan->escaped)
		scan->escaped = false;
	else if (c == '"')
		scan->quoted = !scan->quoted;
	else if (c == '\\')
		scan->escaped = scan->quoted;
}

/* Follows quoted strings through `s`; eight bytes at a time where none of them
 * is a backslash. */
static void
follow_quotes(struct scan *scan, struct slice s)
{
	const char *p = s.data;
	const char *end = s.data + s.len;

	while (end - p >= WORD_BYTES) {
		uint64_t word;

		memcpy(&word, p, sizeof(word));
		if (!scan->escaped && !bytes_equal(word, '\\')) {
			if (__builtin_parityll(bytes_equal(word, '"')))
				scan->quoted = !scan->quoted;
		} else {
			for (int i = 0; i < WORD_BYTES; i++)
				quote_step(scan, p[i]);
		}
		p += WORD_BYTES;
	}
	while (p < end)
		quote_step(scan, *p++);
}

enum literal {
	LITERAL_NONE,
	LITERAL_SIZE,
	LITERAL_HUGE,
	LITERAL_BAD,
};

/* Whether `line` (with its LF) ends in "{n}" or "{n+}" (RFC 9051 4.3). */
static enum literal
literal_at_end(struct slice line, uint64_t *ret_size)
{
	size_t end = line.len - 1;
	size_t open;
	size_t digits = 0;

	if (end > 0 && line.data[end - 1] == '\r')
		end--;
	if (end < 2 || line.data[end - 1] != '}')
		return LITERAL_NONE;
	end--;
	for (open = end; open > 0 && end - open < BRACE_REACH; open--) {
		if (line.data[open - 1] == '{')
			break;
	}
	if (open == 0 || line.data[open - 1] != '{')
		return LITERAL_NONE;
	if (end > open && line.data[end - 1] == '+')
		end--;
	while (open + digits < end && ascii_is_digit(line.data[open + digits]))
		digits++;
	if (open + digits == end && digits > FRAME_LITERAL_DIGITS)
		return LITERAL_HUGE;
	if (open + digits == end && digits > 0) {
		(void)!ascii_parse_u64(
			line.data + open, digits, UINT64_MAX, ret_size);
		return LITERAL_SIZE;
	}
	/* "{-5}" and "{5x}" are meant as numbers, "{x}" may be a name. */
	if (digits > 0 || open == end || line.data[open] == '-')
		return LITERAL_BAD;
	return LITERAL_NONE;
}

enum guess {
	GUESS_NO,
	GUESS_YES,
	GUESS_MORE, /* too few bytes to tell */
};

/* Whether `s` begins with `word`; moves behind it. */
static enum guess
guess_word(struct slice *s, struct slice word)
{
	if (s->len < word.len) {
		return slice_starts_nocase(word, *s) ? GUESS_MORE : GUESS_NO;
	}
	if (!slice_starts_nocase(*s, word))
		return GUESS_NO;
	*s = slice_skip(*s, word.len);
	return GUESS_YES;
}

static enum guess
guess_any(struct slice s, const struct slice *words, size_t n)
{
	enum guess best = GUESS_NO;

	for (size_t i = 0; i < n; i++) {
		struct slice rest = s;
		enum guess guess = guess_word(&rest, words[i]);

		if (guess == GUESS_YES)
			return GUESS_YES;
		if (guess == GUESS_MORE)
			best = GUESS_MORE;
	}
	return best;
}

/* Whether a line begins like "* 12 FETCH (", "* LIST (" or "a1 OK ". */
static enum guess
begins_response(struct slice s)
{
	static const struct slice numbered[] = { { " FETCH (", 8 } };
	static const struct slice verdicts[] = {
		{ " OK ", 4 },
		{ " NO ", 4 },
		{ " BAD ", 5 },
	};
	static const struct slice others[] = {
		{ "LIST (", 6 },
		{ "LSUB (", 6 },
		{ "STATUS ", 7 },
	};
	bool untagged = s.len > 0 && s.data[0] == '*';
	size_t n = 0;

	if (untagged) {
		enum guess star = guess_word(&s, SLICE("* "));

		if (star != GUESS_YES)
			return star;
	}
	while (n < s.len && n < TAG_REACH &&
		(untagged ? ascii_is_digit(s.data[n])
			  : ascii_is_alnum(s.data[n])))
		n++;
	if (n == s.len)
		return GUESS_MORE;
	s = slice_skip(s, n);
	if (untagged)
		return n > 0 ? guess_any(s, numbered, ARRAY_LEN(numbered))
			     : guess_any(s, others, ARRAY_LEN(others));
	return n > 0 ? guess_any(s, verdicts, ARRAY_LEN(verdicts)) : GUESS_NO;
}

/*
 * A line ends in an open quoted string.  A server that forgot to escape a
 * quote meant it to end there; one that sends a raw line break did not.
 */
static enum guess
was_forgotten(struct slice bytes, size_t line_end)
{
	if (line_end < 2 || bytes.data[line_end - 2] != '\r')
		return GUESS_NO;
	return begins_response(slice_skip(bytes, line_end));
}

/* Moves behind the line that ends at `line_end`. */
static void
take_line(struct scan *scan, size_t line_end)
{
	scan->text += line_end - scan->at;
	scan->at = line_end;
	scan->searched = line_end;
}

/* What the line that ends at `line_end`, outside free text, means.  SCAN_MORE
 * with `at` moved: the response goes on in the next line. */
static enum scan_result
end_line(struct scan *scan, struct slice bytes, size_t line_end,
	uint64_t *ret_literal)
{
	struct scan before = *scan;
	struct slice line =
		slice_make(bytes.data + scan->at, line_end - scan->at);

	follow_quotes(scan, line);
	if (scan->quoted) {
		switch (was_forgotten(bytes, line_end)) {
		case GUESS_MORE:
			*scan = before;
			scan->searched = line_end - 1;
			return SCAN_MORE;
		case GUESS_NO:
			take_line(scan, line_end);
			return SCAN_MORE;
		case GUESS_YES:
			break;
		}
	}
	take_line(scan, line_end);
	if (scan->quoted)
		return SCAN_DONE;
	switch (literal_at_end(line, ret_literal)) {
	case LITERAL_NONE:
		return SCAN_DONE;
	case LITERAL_SIZE:
		return SCAN_LITERAL;
	case LITERAL_HUGE:
		return SCAN_LIMIT;
	case LITERAL_BAD:
		return SCAN_BAD;
	}
	UNREACHABLE();
}

enum scan_result
scan_step(struct scan *scan, struct slice bytes, uint64_t *ret_literal)
{
	for (;;) {
		enum scan_result result;
		size_t lf;
		size_t before;

		if (scan->skip > bytes.len - scan->at)
			return SCAN_MORE;
		if (scan->skip > 0) {
			scan->at += (size_t)scan->skip;
			scan->searched = scan->at;
			scan->skip = 0;
		}
		lf = scan->searched +
		     slice_find(slice_skip(bytes, scan->searched), '\n');
		scan->searched = lf;
		if (scan->text + (lf - scan->at) > FRAME_LINE_MAX)
			return SCAN_LIMIT;
		if (lf == bytes.len)
			return SCAN_MORE;
		if (!scan->begun) {
			scan->begun = true;
			scan->text_only =
				response_is_text(slice_head(bytes, lf + 1));
		}
		if (scan->text_only) {
			take_line(scan, lf + 1);
			return SCAN_DONE;
		}
		before = scan->at;
		result = end_line(scan, bytes, lf + 1, ret_literal);
		if (result != SCAN_MORE || scan->at == before)
			return result;
	}
}

void
scan_cut(struct scan *scan, size_t n)
{
	ASSERT(n <= scan->at);
	scan->at -= n;
	scan->searched = scan->at;
}
