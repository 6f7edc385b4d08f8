/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document as a test reads it: one line a paragraph, first its kind (T text,
 * P pre, H heading, I item, S signature, R rule, = part, F H @ + - of a patch
 * as D@+-, W table row), a `>` for each level of quoting, the indent; then the
 * text, with tabs and line breaks as \t and \n and spans in braces: {L0 text},
 * colours as r, y, g, c, b and m.  A table's row has enum table_row as indent.
 */
#ifndef TERCET_TESTS_MIME_DOCUMENT_H
#define TERCET_TESTS_MIME_DOCUMENT_H

#include "base/strbuf.h"
#include "mail/paragraph.h"

static void
print_text(struct slice text, struct strbuf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\t')
			strbuf_add_str(out, "\\t");
		else if (text.data[i] == '\n')
			strbuf_add_str(out, "\\n");
		else
			strbuf_add_char(out, text.data[i]);
	}
}

static void
print_span(const struct span *span, struct slice text, struct strbuf *out)
{
	static const char letters[] = "LBIUCDS";

	strbuf_add_char(out, '{');
	for (int i = 0; letters[i]; i++) {
		if (span->style & 1 << i)
			strbuf_add_char(out, letters[i]);
		if (i == 0 && (span->style & SPAN_LINK))
			strbuf_addf(out, "%d", span->link);
	}
	if (span->style & SPAN_HUE_MASK)
		strbuf_add_char(out, "?rygcbm?"[span->style >> 8 & 7]);
	strbuf_add_char(out, ' ');
	print_text(slice_head(slice_skip(text, span->start), span->len), out);
	strbuf_add_char(out, '}');
}

static void
print_document(const struct document *doc, struct strbuf *out)
{
	for (size_t i = 0; i < doc->n_paragraphs; i++) {
		const struct paragraph *it = &doc->paragraphs[i];
		struct slice text = document_text(doc, it);
		size_t at = 0;

		strbuf_add_char(out, "TPHISR=D@+-W"[it->kind]);
		for (int j = 0; j < it->quote; j++)
			strbuf_add_char(out, '>');
		if (it->indent)
			strbuf_addf(out, "%d", it->indent);
		if (it->len)
			strbuf_add_char(out, ' ');
		for (uint32_t j = 0; j < it->n_spans; j++) {
			const struct span *span =
				&doc->spans[it->first_span + j];

			print_text(slice_make(text.data + at, span->start - at),
				out);
			print_span(span, text, out);
			at = span->start + span->len;
		}
		print_text(slice_skip(text, at), out);
		strbuf_add_char(out, '\n');
	}
}

#endif /* TERCET_TESTS_MIME_DOCUMENT_H */
