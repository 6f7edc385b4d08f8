/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of a header block. */
#include "mime/header.h"
#include "base/bug.h"
#include "base/mem.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(header)
{
	char *copy CLEANUP(freep) = NULL;
	struct slice text = header_line_feeds(input, &copy);
	struct slice rest = text;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf again CLEANUP(strbuf_clear) = { 0 };
	struct header_field field;

	ASSERT(text.len == input.len);
	strbuf_init(&out, CHECK_OUT_MAX);
	strbuf_init(&again, CHECK_OUT_MAX);
	while (header_next(&rest, &field)) {
		ASSERT(field.name.len > 0);
		check_within(field.name, text);
		check_within(field.value, text);
		check_within(rest, text);
		ASSERT(field.name.data + field.name.len < rest.data);
		strbuf_reset(&out);
		header_decode(field.value, &out);
		check_line(out.data);
		ASSERT(out.len == 0 || strlen(out.data) == out.len);
		/* What is clean stays as it is. */
		strbuf_reset(&again);
		header_clean(strbuf_slice(&out), &again);
		ASSERT(slice_eq(strbuf_slice(&out), strbuf_slice(&again)));
	}
	if (header_find(text, SLICE("subject"), &field.value))
		check_within(field.value, text);
}
