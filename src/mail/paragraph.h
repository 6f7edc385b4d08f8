/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message's text as people read it: styled paragraphs, unwrapped, and the
 * links in them.  mime/ makes it, the store keeps it, the viewer wraps it.
 * All text is valid UTF-8; it may still hold characters a terminal must not
 * see, which the screen's filter takes out.
 */
#ifndef TERCET_MAIL_PARAGRAPH_H
#define TERCET_MAIL_PARAGRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"

enum {
	DOCUMENT_TEXT_MAX = 8 * 1024 * 1024, /* more is cut, and said */
	DOCUMENT_PARAGRAPHS_MAX = 200000,
	DOCUMENT_SPANS_MAX = 200000,
	DOCUMENT_LINKS_MAX = 5000,
	DOCUMENT_URL_MAX = 8192, /* a longer one is no link */
	PARAGRAPH_QUOTE_MAX = 15,
};

enum paragraph_kind {
	PARAGRAPH_TEXT,    /* wrapped; empty text is a blank line */
	PARAGRAPH_PRE,     /* line breaks and blanks as they are */
	PARAGRAPH_HEADING, /* level in `indent`, 1 to 6 */
	PARAGRAPH_ITEM,    /* list item: `indent` levels, its mark in text */
	PARAGRAPH_SIGNATURE,
	PARAGRAPH_RULE,      /* a line across; no text */
	PARAGRAPH_PART,      /* a line between parts: text names the part */
	PARAGRAPH_DIFF_FILE, /* diff --git, ---, +++, index */
	PARAGRAPH_DIFF_HUNK,
	PARAGRAPH_DIFF_ADD,
	PARAGRAPH_DIFF_DEL,
	/* Cells separated by tabs, lines within a cell by line feeds; an empty
	 * cell behind one that is not may belong to it.  `indent`: enum
	 * table_row. */
	PARAGRAPH_TABLE_ROW,
	PARAGRAPH_CARD, /* mail/card.h; in the store only, never shown as is */
	PARAGRAPH_KINDS,
};

enum table_row {
	TABLE_ROW_FIRST = 1 << 0, /* of a table of its own */
	TABLE_ROW_HEAD = 1 << 1,  /* names the columns */
};

enum span_style {
	SPAN_LINK = 1 << 0, /* `link` is an index */
	SPAN_BOLD = 1 << 1,
	SPAN_ITALIC = 1 << 2,
	SPAN_UNDERLINE = 1 << 3,
	SPAN_CODE = 1 << 4,
	SPAN_DIM = 1 << 5, /* alt text of images and the like */
	SPAN_STRIKE = 1 << 6,
	SPAN_WARNING = 1 << 7, /* the viewer's own words */
	SPAN_HUE_MASK = 7 << 8,
	SPAN_NUMBER = 1 << 11, /* of a link, put in to be shown */
};

/* The colour its writer wished for; whether and how it is drawn is a matter of
 * the theme, which knows the background. */
enum span_hue {
	SPAN_HUE_NONE = 0,
	SPAN_HUE_RED = 1 << 8,
	SPAN_HUE_YELLOW = 2 << 8,
	SPAN_HUE_GREEN = 3 << 8,
	SPAN_HUE_CYAN = 4 << 8,
	SPAN_HUE_BLUE = 5 << 8,
	SPAN_HUE_MAGENTA = 6 << 8,
};

struct span {
	uint32_t start; /* bytes into the paragraph's text */
	uint32_t len;
	uint16_t style;
	uint16_t link; /* index into links; meaningful with SPAN_LINK */
};

struct paragraph {
	uint8_t kind;   /* enum paragraph_kind */
	uint8_t quote;  /* quote depth, 0 for none */
	uint8_t indent; /* list depth, heading level or enum table_row */
	uint32_t text;  /* offset into the document's text */
	uint32_t len;
	uint32_t first_span;
	uint32_t n_spans;
};

struct doc_link {
	char *url;
};

struct document {
	struct strbuf text; /* all paragraphs' text, one after another */
	struct paragraph *paragraphs;
	size_t n_paragraphs, cap_paragraphs;
	struct span *spans;
	size_t n_spans, cap_spans;
	struct doc_link *links;
	size_t n_links, cap_links;
	struct link_index *link_index; /* of document_add_link(); or NULL */
	uint32_t images;               /* not loaded */
	uint32_t trackers;             /* of those, the invisible ones */
	uint32_t hidden;               /* passages HTML keeps from view */
	bool truncated;                /* a limit cut text off */
	bool lossy; /* bytes that were no text in their charset */
};

void document_init(struct document *doc);
/* For CLEANUP() too. */
void document_clear(struct document *doc);
/*
 * Starts a paragraph; document_add_text() appends to the last one.  Once a
 * limit is met, `truncated` and `text.full` are set and both do nothing.
 */
void document_begin(
	struct document *doc, enum paragraph_kind kind, int quote, int indent);
void document_add_text(struct document *doc, struct slice text);
/* A whole one. */
void document_add(struct document *doc, enum paragraph_kind kind, int quote,
	int indent, struct slice text);
/* Styles the last `len` bytes of the last paragraph; spans do not overlap. */
void document_add_span(
	struct document *doc, size_t len, uint16_t style, uint16_t link);
/* Index of the link, found again or added; -1 past the limits. */
int document_add_link(struct document *doc, struct slice url);
struct slice document_text(
	const struct document *doc, const struct paragraph *paragraph);
/* Appends a copy of another document. */
void document_append(struct document *doc, const struct document *other);
/* Plain text: paragraphs as lines, quotes with "> ", a table's row on one. */
void document_print(const struct document *doc, struct strbuf *out);
void document_print_paragraph(const struct document *doc,
	const struct paragraph *paragraph, struct strbuf *out);
/*
 * Copies a document and puts its number, "[1]" for the first, behind each link
 * whose words are not its address.  `ret_doc` is initialised here.
 */
void document_number_links(
	const struct document *doc, struct document *ret_doc);

/* For the store.  Unpacking checks every offset; ERR_STORE when damaged. */
void document_pack(const struct document *doc, struct strbuf *out);
MUST_CHECK bool document_unpack(
	struct slice packed, struct document *ret_doc, struct error *err);

#endif /* TERCET_MAIL_PARAGRAPH_H */
