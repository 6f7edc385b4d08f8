/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What mail programs put around the mail that is answered, and signatures. */
#ifndef TERCET_MIME_HTML_QUOTE_H
#define TERCET_MIME_HTML_QUOTE_H

#include <stdbool.h>

#include "base/slice.h"
#include "mail/paragraph.h"

/* Attributes that tell. */
struct html_marks {
	struct slice class_;
	struct slice id;
	struct slice type;
	struct slice style;
	struct slice marker; /* data-marker */
};

enum html_role {
	HTML_ROLE_NONE,
	HTML_ROLE_QUOTE,  /* its content is another mail */
	HTML_ROLE_REPLY,  /* it, and all that follows, is another mail */
	HTML_ROLE_INDENT, /* a blockquote that is none */
	HTML_ROLE_SIGNATURE,
	HTML_ROLE_WORD_ITEM, /* Word's list items are paragraphs */
};

/* Word's paragraphs have no margin unless they say so. */
bool html_is_word_paragraph(struct slice classes, struct slice style);

enum html_role html_role_of_block(const struct html_marks *marks);
enum html_role html_role_of_blockquote(const struct html_marks *marks);
/* "-----Original Message-----", in the languages of Outlook. */
bool html_is_original_message(struct slice text);

/* Quotes what stands below a header of lines, "From: ... Sent: ... To: ...
 * Subject: ...", behind somebody's own words; paragraphs from `first` on. */
void html_quote_below_headers(struct document *doc, size_t first);

#endif /* TERCET_MIME_HTML_QUOTE_H */
