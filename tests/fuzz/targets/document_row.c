/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text as a store keeps it, maybe a damaged one. */
#include <stdlib.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mail/card.h"
#include "mail/paragraph.h"
#include "mime/text.h"

static void
check_spans(const struct document *doc)
{
	size_t spans = 0;

	for (size_t i = 0; i < doc->n_paragraphs; i++) {
		const struct paragraph *it = &doc->paragraphs[i];

		check_touch(document_text(doc, it));
		ASSERT(it->first_span == spans);
		spans += it->n_spans;
		for (uint32_t j = 0; j < it->n_spans; j++) {
			const struct span *span =
				&doc->spans[it->first_span + j];

			ASSERT(span->start <= it->len);
			ASSERT(span->len <= it->len - span->start);
			ASSERT(!(span->style & SPAN_LINK) ||
				span->link < doc->n_links);
		}
	}
	ASSERT(spans == doc->n_spans);
}

FUZZ_TARGET(document_row)
{
	struct document doc;
	struct document copy;
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct strbuf again CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *snippet;

	if (!document_unpack(input, &doc, &err))
		return;
	check_spans(&doc);
	strbuf_init(&packed, CHECK_OUT_MAX);
	strbuf_init(&again, CHECK_OUT_MAX);
	document_print(&doc, &packed);
	strbuf_reset(&packed);
	snippet = mime_snippet(&doc, 200);
	free(snippet);
	document_pack(&doc, &packed);
	document_clear(&doc);
	if (!document_unpack(strbuf_slice(&packed), &copy, &err))
		BUG(err.text);
	document_pack(&copy, &again);
	card_expand(&copy);
	check_spans(&copy);
	document_clear(&copy);
	ASSERT(slice_eq(strbuf_slice(&packed), strbuf_slice(&again)));
}
