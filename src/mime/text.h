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
enum { TEXT_EXTRACTOR_VERSION = 3 };

/*
 * Chooses the parts that are shown as the body, in order: of alternatives the
 * plain text unless it is a stub (`prefer_html` turns that round), nested
 * messages' text, text parts not marked as attachments.  Returns how many
 * indices of `tree` it wrote, at most `max`.
 */
size_t mime_text_choose(const struct part_tree *tree, bool prefer_html,
	int *ret_indices, size_t max);

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
