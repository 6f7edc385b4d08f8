/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as it is typed, made ready for the way and read again. */
#include "compose/flow.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/charset.h"
#include "mime/flowed.h"

FUZZ_TARGET(flow)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct document doc;

	strbuf_init(&text, CHECK_OUT_MAX);
	strbuf_init(&out, CHECK_OUT_MAX);
	(void)!charset_to_utf8(SLICE("utf-8"), CHARSET_FORCED, input, &text);
	flow_text(strbuf_slice(&text), &out);
	check_utf8(strbuf_slice(&out));
	document_init(&doc);
	flowed_extract(strbuf_slice(&out), false, &doc);
	check_document(&doc);
	document_clear(&doc);
}
