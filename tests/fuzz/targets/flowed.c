/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format=flowed; behind "d" with DelSp. */
#include "mime/flowed.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/charset.h"

FUZZ_TARGET(flowed)
{
	bool delsp = slice_starts(input, SLICE("d"));
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct document doc;

	strbuf_init(&text, CHECK_OUT_MAX);
	(void)!charset_to_utf8(SLICE("utf-8"), CHARSET_FORCED,
		slice_skip(input, delsp), &text);
	document_init(&doc);
	flowed_extract(strbuf_slice(&text), delsp, &doc);
	check_document(&doc);
	document_clear(&doc);
}
