/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/text.h"

#include <stdlib.h>

#include "base/array.h"
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
	/* One that asks for HTML, or is but a link, is no longer than that. */
	STUB_WORDS_MAX = 600,
	/* And has so few letters beside the links. */
	STUB_LETTERS_MAX = 60,
	/* HTML is not fetched for the sake of a stub when it is larger. */
	STUB_HTML_BYTES_MAX = 512 * 1024,
};

/* The tree with where each part's own parts end, and what was ruled out. */
struct chooser {
	const struct part_tree *tree;
	enum text_form form;
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
is_small(uint64_t plain, uint64_t html)
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
	if (html >= 0 && (plain < 0 || c->form == TEXT_HTML ||
				 (c->form == TEXT_USUAL &&
					 is_small(plain_size, html_size))))
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

static size_t
choose(const struct part_tree *tree, enum text_form form, int *ret_indices,
	size_t max)
{
	struct chooser *c = xnew(struct chooser);
	size_t n = 0;

	if (max > TEXT_PARTS_MAX)
		max = TEXT_PARTS_MAX;
	c->tree = tree;
	c->form = form;
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

size_t
mime_text_choose(const struct part_tree *tree, bool prefer_html,
	int *ret_indices, size_t max)
{
	return choose(
		tree, prefer_html ? TEXT_HTML : TEXT_USUAL, ret_indices, max);
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

/* --- a message's text from its parts ------------------------------------- */

static bool
holds(struct slice text, const char *word)
{
	struct slice wanted = slice_str(word);
	char first = wanted.data[0];

	for (; text.len >= wanted.len; text = slice_skip(text, 1)) {
		if (ascii_lower(text.data[0]) == first &&
			slice_starts_nocase(text, wanted))
			return true;
	}
	return false;
}

static size_t
count_letters(struct slice text)
{
	size_t n = 0;

	while (text.len > 0) {
		uint32_t cp = utf8_next(&text);

		n += cp < 0x80 ? ascii_is_alnum((char)cp) : !is_padding(cp);
	}
	return n;
}

/* Letters of a paragraph, and those of them in links. */
static void
count_paragraph(const struct document *doc, const struct paragraph *it,
	size_t *letters, size_t *in_links)
{
	struct slice text = document_text(doc, it);

	*letters += count_letters(text);
	for (uint32_t i = 0; i < it->n_spans; i++) {
		const struct span *span = &doc->spans[it->first_span + i];

		if (span->style & SPAN_LINK)
			*in_links += count_letters(
				slice_make(text.data + span->start, span->len));
	}
}

bool
mime_text_is_stub(const struct document *plain)
{
	static const char *const showing[] = { "view", "support", "client",
		"reader", "display", "enable", "browser", "capable", "anzeig",
		"ansehen", "darstell", "afficher", "visuali", "weergeven" };
	struct slice all = strbuf_slice(&plain->text);
	size_t letters = 0;
	size_t in_links = 0;

	if (all.len > STUB_WORDS_MAX)
		return false;
	for (size_t i = 0; i < plain->n_paragraphs; i++)
		count_paragraph(
			plain, &plain->paragraphs[i], &letters, &in_links);
	if (letters == 0)
		return true;
	if (in_links > 0 && letters - in_links <= STUB_LETTERS_MAX)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(showing); i++) {
		if (holds(all, showing[i]))
			return holds(all, "html");
	}
	return false;
}

/* Whether HTML is among the parts that are read. */
static bool
has_html(const struct part_tree *tree, const int *chosen, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_html(&tree->items[chosen[i]]))
			return true;
	}
	return false;
}

static void
read_form(const struct text_source *source, enum text_form form,
	const char *charset, struct document *doc, bool *ret_is_html,
	const struct part **ret_missing)
{
	int chosen[TEXT_PARTS_MAX];
	size_t n = choose(source->tree, form, chosen, TEXT_PARTS_MAX);

	*ret_missing = NULL;
	*ret_is_html = has_html(source->tree, chosen, n);
	for (size_t i = 0; i < n; i++) {
		const struct part *part = &source->tree->items[chosen[i]];
		struct slice bytes;

		if (source->bytes(source->ctx, part, &bytes))
			mime_text_extract(part, bytes, charset, doc);
		else if (!*ret_missing)
			*ret_missing = part;
	}
}

static bool
has_words(const struct document *doc)
{
	struct slice text = strbuf_slice(&doc->text);

	return count_letters(slice_head(text, STUB_WORDS_MAX)) > 0 ||
	       text.len > STUB_WORDS_MAX;
}

/* HTML in place of a stub; a page without words is none. */
static void
read_other(const struct text_source *source, enum text_form form,
	const char *charset, struct document *doc, bool *is_html)
{
	struct document other;
	const struct part *missing;
	bool other_is_html;

	document_init(&other);
	read_form(source, form, charset, &other, &other_is_html, &missing);
	if (missing || other_is_html == *is_html || !has_words(&other)) {
		document_clear(&other);
		return;
	}
	document_clear(doc);
	*doc = other;
	*is_html = other_is_html;
}

static void
read_text(const struct text_source *source, enum text_form form,
	const char *charset_override, struct document *doc, bool *ret_is_html,
	const struct part **ret_missing)
{
	read_form(
		source, form, charset_override, doc, ret_is_html, ret_missing);
	if (form != TEXT_USUAL || *ret_missing)
		return;
	if (*ret_is_html && !has_words(doc))
		read_other(
			source, TEXT_PLAIN, charset_override, doc, ret_is_html);
	else if (!*ret_is_html && mime_text_is_stub(doc))
		read_other(
			source, TEXT_HTML, charset_override, doc, ret_is_html);
}

void
mime_text_read(const struct text_source *source, enum text_form form,
	const char *charset_override, struct document *doc, bool *ret_is_html,
	const struct part **ret_missing)
{
	struct document text;

	if (doc->n_paragraphs == 0) {
		read_text(source, form, charset_override, doc, ret_is_html,
			ret_missing);
		return;
	}
	document_init(&text);
	read_text(source, form, charset_override, &text, ret_is_html,
		ret_missing);
	if (text.n_paragraphs > 0)
		document_begin(doc, PARAGRAPH_TEXT, 0, 0);
	document_append(doc, &text);
	document_clear(&text);
}

/* Bytes of the parts; their encoding makes them more than their text. */
static uint64_t
total_size(const struct part_tree *tree, const int *chosen, size_t n)
{
	uint64_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += tree->items[chosen[i]].size;
	return size;
}

size_t
mime_text_wanted(const struct part_tree *tree, int *ret_indices, size_t max)
{
	int html[TEXT_PARTS_MAX];
	size_t n = choose(tree, TEXT_USUAL, ret_indices, max);
	size_t n_html;

	if (has_html(tree, ret_indices, n) ||
		total_size(tree, ret_indices, n) > 2 * STUB_WORDS_MAX)
		return n;
	n_html = choose(tree, TEXT_HTML, html, TEXT_PARTS_MAX);
	if (!has_html(tree, html, n_html) ||
		total_size(tree, html, n_html) > STUB_HTML_BYTES_MAX)
		return n;
	for (size_t i = 0; i < n_html && n < max; i++) {
		bool known = false;

		for (size_t j = 0; j < n && !known; j++)
			known = ret_indices[j] == html[i];
		if (!known)
			ret_indices[n++] = html[i];
	}
	return n;
}
