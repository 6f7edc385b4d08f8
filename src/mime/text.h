/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which parts are the text of a message, and how their bytes read.
 */
#ifndef TERCET_MIME_TEXT_H
#define TERCET_MIME_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/slice.h"
#include "mail/paragraph.h"
#include "mail/part.h"

/* Raised whenever the same bytes would give another document: texts stored
 * with a lower version are extracted again. */
enum { TEXT_EXTRACTOR_VERSION = 4 };

/*
 * Chooses the parts that are shown as the body, in order: of alternatives the
 * plain text unless it is a stub (`prefer_html` turns that round), nested
 * messages' text, text parts not marked as attachments.  Returns how many
 * indices of `tree` it wrote, at most `max`.
 */
size_t mime_text_choose(const struct part_tree *tree, bool prefer_html,
	int *ret_indices, size_t max);

enum text_form {
	TEXT_USUAL, /* plain text, unless it is a stub */
	TEXT_PLAIN,
	TEXT_HTML,
};

/* The bytes of a message's parts, as they stand in it. */
struct text_source {
	const struct part_tree *tree;
	/* False when they are not held; they stay until the reading ends. */
	bool (*bytes)(
		void *ctx, const struct part *part, struct slice *ret_bytes);
	void *ctx;
};

/*
 * Whether a plain text only says that there is more to see: it has no words;
 * it is short and speaks of HTML and of showing it; or it is hardly more than a
 * link.  Where it stands beside HTML, that is read in its place.
 */
bool mime_text_is_stub(const struct document *plain);

/*
 * Chooses the parts of the form (the other one where a message has but one),
 * extracts them and appends them to `doc`.  `*ret_is_html`
 * tells which it was.  A part whose bytes are not held is left out and told in
 * `*ret_missing`, which is NULL else; TEXT_USUAL misses no HTML for a stub.
 */
void mime_text_read(const struct text_source *source, enum text_form form,
	const char *charset_override, struct document *doc, bool *ret_is_html,
	const struct part **ret_missing);

/*
 * The parts whose bytes mime_text_read() may want for TEXT_USUAL: those of the
 * choice, and the HTML beside a plain text that is short enough for a stub.
 * Returns how many indices it wrote.
 */
size_t mime_text_wanted(
	const struct part_tree *tree, int *ret_indices, size_t max);

/*
 * Decodes one text part (transfer encoding, charset or `charset_override`,
 * flowed, HTML, quotes, signature, diffs) and appends it to `doc`.  `bytes`
 * past TEXT_PART_BYTES_MAX are cut off and `doc->truncated` is set.  Behind
 * another part's text comes a line with this one's name, or an empty line.
 * Lines of plain text are paragraphs of their own, kept as they are where
 * blanks in them line something up.  Never fails.
 */
void mime_text_extract(const struct part *part, struct slice bytes,
	const char *charset_override, struct document *doc);

/* The first words of the text for a list row: one line, quotes and greetings'
 * blank lines left out, at most `max` bytes; the caller frees. */
char *mime_snippet(const struct document *doc, size_t max);

#endif /* TERCET_MIME_TEXT_H */
