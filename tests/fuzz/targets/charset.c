/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "NAME\n" and bytes in that charset. */
#include "mime/charset.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(charset)
{
	struct slice name = slice_head(input, slice_find(input, '\n'));
	struct slice bytes = slice_skip(input, name.len + 1);
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf again CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, CHECK_OUT_MAX);
	strbuf_init(&again, CHECK_OUT_MAX);
	(void)!charset_to_utf8(name, CHARSET_FORCED, bytes, &out);
	check_utf8(strbuf_slice(&out));
	strbuf_reset(&out);
	(void)!charset_to_utf8(name, CHARSET_DECLARED, bytes, &out);
	check_utf8(strbuf_slice(&out));
	/* What came out is UTF-8 and stays it. */
	ASSERT(charset_to_utf8(
		SLICE("utf-8"), CHARSET_FORCED, strbuf_slice(&out), &again));
	ASSERT(slice_eq(strbuf_slice(&out), strbuf_slice(&again)));
	(void)charset_is_known(name);
	/* A small room is filled and not left. */
	strbuf_clear(&again);
	strbuf_init(&again, 16);
	(void)!charset_to_utf8(name, CHARSET_DECLARED, bytes, &again);
	ASSERT(again.len <= 16);
}
