/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calendars to cards to words. */
#include "mime/calendar.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mail/card.h"
#include "mime/calendar_guard.h"

static void
check_guard(struct slice text)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf again CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, CHECK_OUT_MAX);
	strbuf_init(&again, CHECK_OUT_MAX);
	calendar_guard(text, &out);
	for (size_t i = 0; i < out.len; i++)
		ASSERT((unsigned char)out.data[i] >= ' ' ||
			out.data[i] == '\t' || out.data[i] == '\r' ||
			out.data[i] == '\n');
	/* What it let through it lets through. */
	calendar_guard(strbuf_slice(&out), &again);
	ASSERT(slice_eq(strbuf_slice(&out), strbuf_slice(&again)));
}

FUZZ_TARGET(calendar)
{
	struct document doc;
	bool any;

	check_guard(input);
	document_init(&doc);
	any = calendar_read_text(input, true, &doc);
	ASSERT(any == (doc.n_paragraphs > 0));
	check_document(&doc);
	card_expand(&doc);
	check_document(&doc);
	document_clear(&doc);
}
