/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/text.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "mime/charset.h"
#include "mime/flowed.h"
#include "mime/html.h"
#include "mime/inline_file.h"
#include "mime/plain.h"
#include "mime/transfer.h"

enum {
	/* A plain text so short beside so much HTML only says that one needs
	 * another program. */
	STUB_BYTES_MAX = 300,
	STUB_HTML_BYTES_MIN = 1500,
	STUB_RATIO = 8,
};

/* The tree with where each part's own parts end, and what was ruled out. */
struct chooser {
	const struct part_tree *tree;
	bool prefer_html;
	int end[PARTS_MAX];
	bool out[PARTS_MAX];
};

static void
find_ends(struct chooser *c)
{
	int n = (int)c->tree->n;

	for (int i = n - 1; i >= 0; i--) {
		int next = i + 1;

		while (next < n &&
			c->tree->items[next].depth > c->tree->items[i].depth)
			next = c->end[next];
		c->end[i] = next;
	}
}

static void
rule_out(struct chooser *c, int part)
{
	for (int i = part; i < c->end[part]; i++)
		c->out[i] = true;
}

/* Bytes of readable text of a kind below a part; 0 for none. */
static uint64_t
text_size(const struct chooser *c, int part, bool html)
{
	uint64_t size = 0;

	for (int i = part; i < c->end[part]; i++) {
		const struct part *it = &c->tree->items[i];

		if (part_is_readable(it) &&
			part_is_type(it, "text/html") == html)
			size += it->size + 1;
	}
	return size;
}

static bool
is_stub(uint64_t plain, uint64_t html)
{
	return plain <= STUB_BYTES_MAX && html >= STUB_HTML_BYTES_MIN &&
	       html >= STUB_RATIO * plain;
}

/* RFC 2046 5.1.4: one of them is shown. */
static void
choose_alternative(struct chooser *c, int part)
{
	int plain = -1;
	int html = -1;
	uint64_t plain_size = 0;
	uint64_t html_size = 0;
	int chosen;

	for (int i = part + 1; i < c->end[part]; i = c->end[i]) {
		uint64_t size = text_size(c, i, true);

		/* The last HTML is the richest, the first plain text is meant
		 * for us. */
		if (size > 0) {
			html = i;
			html_size = size;
		} else if (plain < 0 && text_size(c, i, false) > 0) {
			plain = i;
			plain_size = text_size(c, i, false);
		}
	}
	chosen = plain;
	if (html >= 0 &&
		(plain < 0 || c->prefer_html || is_stub(plain_size, html_size)))
		chosen = html;
	if (chosen < 0)
		return;
	for (int i = part + 1; i < c->end[part]; i = c->end[i]) {
		if (i != chosen)
			rule_out(c, i);
	}
}

/* RFC 2387: the first part is the text, the others serve it. */
static void
choose_root(struct chooser *c, int part)
{
	if (part + 1 >= c->end[part])
		return;
	for (int i = c->end[part + 1]; i < c->end[part]; i = c->end[i])
		rule_out(c, i);
}

/* RFC 6522: a text for people, and the message it is about, which they know. */
static void
choose_report(struct chooser *c, int part)
{
	for (int i = part + 1; i < c->end[part]; i = c->end[i]) {
		const struct part *it = &c->tree->items[i];

		if (part_is_type(it, "message/rfc822") ||
			part_is_type(it, "text/rfc822-headers"))
			rule_out(c, i);
	}
}

static void
rule_out_unread(struct chooser *c)
{
	for (int i = 0; i < (int)c->tree->n; i++) {
		const struct part *it = &c->tree->items[i];

		if (c->out[i])
			continue;
		if (part_is_type(it, "multipart/alternative"))
			choose_alternative(c, i);
		else if (part_is_type(it, "multipart/related"))
			choose_root(c, i);
		else if (part_is_type(it, "multipart/report"))
			choose_report(c, i);
		else if (i > 0 && part_is_type(it, "message/") &&
			 it->disposition == DISPOSITION_ATTACHMENT)
			rule_out(c, i);
	}
}

/* Text nobody meant to be read, when there is nothing else. */
static bool
is_last_resort(const struct chooser *c, int i)
{
	const struct part *it = &c->tree->items[i];

	if (it->disposition == DISPOSITION_ATTACHMENT && i > 0)
		return false;
	return part_is_type(it, "text/") ||
	       (part_is_type(it, "message/") && c->end[i] == i + 1);
}

size_t
mime_text_choose(const struct part_tree *tree, bool prefer_html,
	int *ret_indices, size_t max)
{
	struct chooser *c = xnew(struct chooser);
	size_t n = 0;

	if (max > TEXT_PARTS_MAX)
		max = TEXT_PARTS_MAX;
	c->tree = tree;
	c->prefer_html = prefer_html;
	find_ends(c);
	rule_out_unread(c);
	for (int i = 0; i < (int)tree->n && n < max; i++) {
		if (!c->out[i] && part_is_readable(&tree->items[i]))
			ret_indices[n++] = i;
	}
	for (int i = 0; i < (int)tree->n && n == 0 && max > 0; i++) {
		if (is_last_resort(c, i))
			ret_indices[n++] = i;
	}
	free(c);
	return n;
}

/* Line feeds alone end lines, and there is no NUL: in place. */
static void
normalise(struct strbuf *text)
{
	struct slice s = strbuf_slice(text);
	struct slice mark = SLICE("\xef\xbb\xbf");
	char *to = text->data;

	if (slice_starts(s, mark))
		s = slice_skip(s, mark.len);
	if (slice_find(s, '\r') == s.len && slice_find(s, '\0') == s.len &&
		s.data == text->data)
		return;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];

		if (c == '\0')
			continue;
		if (c == '\r') {
			/* Some programs make CR CR LF of CR LF. */
			while (i + 1 < s.len && s.data[i + 1] == '\r' &&
				i + 2 < s.len && s.data[i + 2] == '\n')
				i++;
			if (i + 1 < s.len && s.data[i + 1] == '\n')
				i++;
			c = '\n';
		}
		*to++ = c;
	}
	strbuf_cut(text, (size_t)(to - text->data));
}

static bool
is_html(const struct part *part)
{
	return part_is_type(part, "text/html") ||
	       part_is_type(part, "application/xhtml+xml");
}

/* A page knows its charset where the mail does not. */
static struct slice
charset_of(const struct part *part, struct slice bytes)
{
	struct slice name = slice_str(part->charset);
	struct slice own;

	if (!is_html(part) ||
		(name.len > 0 && !slice_eq_nocase(name, SLICE("us-ascii"))))
		return name;
	own = html_charset(bytes);
	return own.len > 0 ? own : name;
}

static void
add_separator(const struct part *part, struct document *doc)
{
	if (doc->n_paragraphs == 0)
		return;
	if (part->name)
		document_add(doc, PARAGRAPH_PART, 0, 0, slice_str(part->name));
	else
		document_begin(doc, PARAGRAPH_TEXT, 0, 0);
}

/* One stretch of text, decoded but for its charset. */
static void
add_text(const struct part *part, const char *charset_override,
	struct slice bytes, struct document *doc)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct slice charset = slice_str(charset_override);

	strbuf_init(&text, 4 * TEXT_PART_BYTES_MAX);
	if (!charset_to_utf8(charset.len ? charset : charset_of(part, bytes),
		    charset.len ? CHARSET_FORCED : CHARSET_DECLARED, bytes,
		    &text))
		doc->lossy = true;
	normalise(&text);
	if (is_html(part))
		html_extract(strbuf_slice(&text), doc);
	else if (part->flowed)
		flowed_extract(strbuf_slice(&text), part->delsp, doc);
	else
		plain_extract(strbuf_slice(&text), doc);
}

/* Files in it are called by their names alone. */
static void
add_text_around_files(const struct part *part, const char *charset_override,
	struct slice bytes, struct document *doc)
{
	struct inline_file file;

	for (int n = 0; n < INLINE_FILES_MAX && inline_file_find(bytes, &file);
		n++) {
		struct strbuf name CLEANUP(strbuf_clear) = { 0 };
		size_t before = (size_t)(file.lines.data - bytes.data);

		if (before > 0)
			add_text(part, charset_override,
				slice_head(bytes, before), doc);
		strbuf_init(&name, 4 * INLINE_NAME_MAX);
		inline_file_name(&file, &name);
		document_add(doc, PARAGRAPH_PART, 0, 0, strbuf_slice(&name));
		bytes = slice_skip(bytes, before + file.lines.len);
	}
	if (bytes.len > 0)
		add_text(part, charset_override, bytes, doc);
}

void
mime_text_extract(const struct part *part, struct slice bytes,
	const char *charset_override, struct document *doc)
{
	struct strbuf decoded CLEANUP(strbuf_clear) = { 0 };

	if (bytes.len > TEXT_PART_BYTES_MAX) {
		bytes.len = TEXT_PART_BYTES_MAX;
		doc->truncated = true;
	}
	strbuf_init(&decoded, TEXT_PART_BYTES_MAX + 16);
	if (part->encoding != ENCODING_IDENTITY) {
		transfer_decode(part->encoding, bytes, &decoded);
		bytes = strbuf_slice(&decoded);
	}
	add_separator(part, doc);
	if (is_html(part))
		add_text(part, charset_override, bytes, doc);
	else
		add_text_around_files(part, charset_override, bytes, doc);
}

/* Nothing a preview would show of a letter. */
static bool
is_padding(uint32_t cp)
{
	return cp <= ' ' || (cp >= 0x7f && cp <= 0xa0) || cp == 0xad ||
	       cp == 0x34f || cp == 0x180e || (cp >= 0x2000 && cp <= 0x200f) ||
	       (cp >= 0x2028 && cp <= 0x202f) ||
	       (cp >= 0x205f && cp <= 0x206f) || cp == 0x3000 || cp == 0xfeff;
}

/* Appends words with one blank between; false when `out` is full. */
static bool
add_words(struct slice s, struct strbuf *out)
{
	bool blank = out->len > 0;
	uint32_t joiner = 0;

	while (s.len > 0) {
		struct slice before = s;
		uint32_t cp = utf8_next(&s);
		size_t n = before.len - s.len;

		/* Joiners count between letters only. */
		if (cp == 0x200c || cp == 0x200d) {
			joiner = blank ? 0 : cp;
			continue;
		}
		if (is_padding(cp)) {
			blank = out->len > 0;
			joiner = 0;
			continue;
		}
		if (out->len + blank + (joiner ? 3u : 0u) + n > out->limit)
			return false;
		if (blank)
			strbuf_add_char(out, ' ');
		if (joiner && out->len > 0)
			strbuf_add_utf8(out, joiner);
		blank = false;
		joiner = 0;
		strbuf_add(out, before.data, n);
	}
	return true;
}

static bool
is_for_snippet(const struct paragraph *paragraph, bool quotes)
{
	switch ((enum paragraph_kind)paragraph->kind) {
	case PARAGRAPH_TEXT:
	case PARAGRAPH_PRE:
	case PARAGRAPH_HEADING:
	case PARAGRAPH_ITEM:
	case PARAGRAPH_TABLE_ROW:
		return quotes || paragraph->quote == 0;
	case PARAGRAPH_SIGNATURE:
	case PARAGRAPH_RULE:
	case PARAGRAPH_PART:
	case PARAGRAPH_DIFF_FILE:
	case PARAGRAPH_DIFF_HUNK:
	case PARAGRAPH_DIFF_ADD:
	case PARAGRAPH_DIFF_DEL:
	case PARAGRAPH_CARD:
	case PARAGRAPH_KINDS:
		return false;
	}
	return false;
}

char *
mime_snippet(const struct document *doc, size_t max)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, max ? max : 1);
	/* Quotes only where there is nothing else. */
	for (int quotes = 0; quotes < 2 && out.len == 0 && max > 0; quotes++) {
		for (size_t i = 0; i < doc->n_paragraphs; i++) {
			const struct paragraph *it = &doc->paragraphs[i];

			if (is_for_snippet(it, quotes) &&
				!add_words(document_text(doc, it), &out))
				break;
		}
	}
	return strbuf_take(&out);
}
