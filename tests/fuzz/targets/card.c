/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cards out of a store, maybe a damaged one: a line each. */
#include "mail/card.h"
#include "base/bug.h"
#include "base/strbuf.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/charset.h"

FUZZ_TARGET(card)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct slice columns[CARD_COLUMNS_MAX];
	struct slice rest;
	struct slice line;
	struct document doc;

	strbuf_init(&text, CHECK_OUT_MAX);
	(void)!charset_to_utf8(SLICE("utf-8"), CHARSET_FORCED, input, &text);
	rest = strbuf_slice(&text);
	document_init(&doc);
	while (slice_next_line(&rest, &line)) {
		card_split(line, columns);
		for (size_t i = 0; i < CARD_COLUMNS_MAX; i++)
			check_within(columns[i], line);
		(void)card_is_searchable(line);
		document_add(&doc, PARAGRAPH_CARD, 0, 0, line);
	}
	document_add(&doc, PARAGRAPH_TEXT, 0, 0, SLICE("behind them"));
	card_expand(&doc);
	check_document(&doc);
	document_clear(&doc);
}
