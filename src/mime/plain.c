/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/plain.h"

#include "base/array.h"
#include "mime/link.h"

enum {
	HUNK_LINES_MAX = 10 * 1000 * 1000,
	/* "--" alone begins a signature only so near to the end. */
	SIGNATURE_LINES_MAX = 12,
	/* Longer lines are prose, whatever blanks are in them. */
	LAYOUT_LENGTH_MAX = 200,
};

void
plain_init(struct plain *plain, struct document *doc)
{
	*plain = (struct plain){ .doc = doc, .signature_quote = -1 };
}

int
plain_take_quote(struct slice *text)
{
	struct slice s = *text;
	int quote = 0;

	/* mbox writes it before a line that starts with "From ". */
	if (slice_starts(s, SLICE(">From "))) {
		*text = slice_skip(s, 1);
		return 0;
	}
	while (s.len > 0 && s.data[0] == '>') {
		quote += quote < PARAGRAPH_QUOTE_MAX;
		s = slice_skip(s, 1);
		*text = s;
		if (s.len > 0 && s.data[0] == ' ') {
			s = slice_skip(s, 1);
			*text = s;
		}
	}
	return quote;
}

static bool
starts_with_any(struct slice s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_starts(s, slice_str(words[i])))
			return true;
	}
	return false;
}

/* Lines that open a patch whatever follows. */
static bool
is_patch_start(struct slice s)
{
	static const char *const words[] = { "diff --git ", "diff -",
		"Index: " };

	return starts_with_any(s, words, ARRAY_LEN(words));
}

static bool
is_patch_header(struct slice s)
{
	static const char *const words[] = { "index ", "new file mode ",
		"deleted file mode ", "old mode ", "new mode ",
		"similarity index ", "dissimilarity index ", "rename from ",
		"rename to ", "copy from ", "copy to ", "Binary files ",
		"GIT binary patch", "--- ", "+++ ", "=====" };

	return starts_with_any(s, words, ARRAY_LEN(words));
}

/* The next line of the source, its quote marks taken off when as deep. */
static struct slice
look_ahead(const struct plain_line *line)
{
	struct slice rest = line->after;
	struct slice next = SLICE("");

	if (!slice_next_line(&rest, &next) ||
		plain_take_quote(&next) != line->quote)
		return SLICE("");
	return next;
}

/* "12,7 " behind a sign; the count is one when it is not given. */
static bool
take_range(struct slice *s, char sign, size_t *ret_count)
{
	uint64_t count = 1;
	size_t n = 1;
	size_t start;

	if (s->len == 0 || s->data[0] != sign)
		return false;
	while (n < s->len && ascii_is_digit(s->data[n]))
		n++;
	if (n == 1)
		return false;
	if (n < s->len && s->data[n] == ',') {
		start = ++n;
		while (n < s->len && ascii_is_digit(s->data[n]))
			n++;
		if (!ascii_parse_u64(
			    s->data + start, n - start, HUNK_LINES_MAX, &count))
			return false;
	}
	if (n == s->len || s->data[n] != ' ')
		return false;
	*s = slice_skip(*s, n + 1);
	*ret_count = (size_t)count;
	return true;
}

/* "@@ -1,2 +3,4 @@" */
static bool
read_hunk(struct slice s, struct plain *plain)
{
	size_t old_count;
	size_t new_count;

	if (!slice_starts(s, SLICE("@@ ")))
		return false;
	s = slice_skip(s, 3);
	if (!take_range(&s, '-', &old_count) ||
		!take_range(&s, '+', &new_count) ||
		!slice_starts(s, SLICE("@@")))
		return false;
	plain->old_left = old_count;
	plain->new_left = new_count;
	return true;
}

/* A line of the hunk we are in; false when it cannot be one. */
static bool
add_hunk_line(struct plain *plain, const struct plain_line *line)
{
	char c = line->text.len ? line->text.data[0] : ' ';
	enum paragraph_kind kind = PARAGRAPH_PRE;

	if (c == '+' && plain->new_left > 0) {
		kind = PARAGRAPH_DIFF_ADD;
		plain->new_left--;
	} else if (c == '-' && plain->old_left > 0) {
		kind = PARAGRAPH_DIFF_DEL;
		plain->old_left--;
	} else if (c == ' ' && plain->old_left > 0 && plain->new_left > 0) {
		plain->old_left--;
		plain->new_left--;
	} else if (c != '\\') {
		return false;
	}
	document_add(plain->doc, kind, line->quote, 0, line->text);
	return true;
}

static bool
add_patch_line(struct plain *plain, const struct plain_line *line)
{
	struct slice s = line->text;
	bool here =
		plain->patch != PATCH_NONE && plain->patch_quote == line->quote;

	if (here && plain->patch == PATCH_HUNK) {
		if (add_hunk_line(plain, line))
			return true;
		plain->patch = PATCH_NONE;
	}
	if (read_hunk(s, plain)) {
		plain->patch = PATCH_HUNK;
		plain->patch_quote = line->quote;
		document_add(
			plain->doc, PARAGRAPH_DIFF_HUNK, line->quote, 0, s);
		return true;
	}
	if (is_patch_start(s) ||
		(here && plain->patch == PATCH_HEADER && is_patch_header(s)) ||
		(slice_starts(s, SLICE("--- ")) &&
			slice_starts(look_ahead(line), SLICE("+++ ")))) {
		plain->patch = PATCH_HEADER;
		plain->patch_quote = line->quote;
		document_add(
			plain->doc, PARAGRAPH_DIFF_FILE, line->quote, 0, s);
		return true;
	}
	if (here)
		plain->patch = PATCH_NONE;
	return false;
}

static bool
is_near_end(struct slice after)
{
	struct slice line;
	int n = 0;

	while (slice_next_line(&after, &line)) {
		if (++n > SIGNATURE_LINES_MAX)
			return false;
	}
	return n > 0;
}

/* RFC 3676 4.3 */
static bool
is_signature_mark(const struct plain_line *line)
{
	if (slice_eq(line->text, SLICE("-- ")))
		return true;
	return slice_eq(line->text, SLICE("--")) && is_near_end(line->after);
}

/* Whether blanks in it line something up. */
static bool
is_layout(struct slice s)
{
	if (s.len > LAYOUT_LENGTH_MAX)
		return false;
	if (slice_find(s, '\t') < s.len || slice_starts(s, SLICE("  ")))
		return true;
	return s.len > 3 && memmem(s.data, s.len, "   ", 3);
}

static struct slice
trim_end(struct slice s)
{
	while (s.len > 0 && ascii_is_space(s.data[s.len - 1]))
		s.len--;
	return s;
}

void
plain_add_line(struct plain *plain, const struct plain_line *line)
{
	enum paragraph_kind kind = PARAGRAPH_TEXT;
	struct slice text = trim_end(line->text);

	if (plain->signature_quote >= 0 &&
		plain->signature_quote != line->quote)
		plain->signature_quote = -1;
	if (plain->signature_quote < 0) {
		if (add_patch_line(plain, line))
			return;
		if (is_signature_mark(line))
			plain->signature_quote = line->quote;
	}
	if (plain->signature_quote >= 0)
		kind = PARAGRAPH_SIGNATURE;
	else if (is_layout(text))
		kind = PARAGRAPH_PRE;
	document_begin(plain->doc, kind, line->quote, 0);
	link_add_text(plain->doc, text, 0);
}

void
plain_extract(struct slice text, struct document *doc)
{
	struct plain plain;
	struct plain_line line;

	plain_init(&plain, doc);
	while (slice_next_line(&text, &line.text) && !doc->text.full) {
		line.quote = plain_take_quote(&line.text);
		line.after = text;
		plain_add_line(&plain, &line);
	}
}
