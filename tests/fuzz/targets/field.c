/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A header field there and back, whatever is written in it. */
#include "compose/field.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/charset.h"
#include "mime/header.h"

enum { TEXT_MAX = 64 * 1024 };

/* Folding may take all but one of the blanks in a row. */
static void
collapse(struct strbuf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] != ' ' || n == 0 || text->data[n - 1] != ' ')
			text->data[n++] = text->data[i];
	strbuf_cut(text, n);
}

FUZZ_TARGET(field)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct strbuf clean CLEANUP(strbuf_clear) = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf back CLEANUP(strbuf_clear) = { 0 };
	struct header_field field;
	struct slice rest;

	strbuf_init(&text, CHECK_OUT_MAX);
	strbuf_init(&clean, CHECK_OUT_MAX);
	strbuf_init(&out, CHECK_OUT_MAX);
	strbuf_init(&back, CHECK_OUT_MAX);
	/* More is cut. */
	input = slice_head(input, TEXT_MAX);
	(void)!charset_to_utf8(SLICE("utf-8"), CHARSET_FORCED, input, &text);
	field_add_text(&out, "Subject", strbuf_slice(&text));
	if (out.len == 0)
		return;
	for (size_t i = 0; i < out.len; i++)
		ASSERT(out.data[i] == '\r' || out.data[i] == '\n' ||
			out.data[i] == '\t' ||
			(out.data[i] >= ' ' && out.data[i] < 0x7f));
	rest = strbuf_slice(&out);
	ASSERT(header_next(&rest, &field) && rest.len == 0);
	header_decode(field.value, &back);
	check_line(back.data);
	/* What needs no care comes back as it went. */
	header_clean(strbuf_slice(&text), &clean);
	if (slice_eq(strbuf_slice(&text), strbuf_slice(&clean)) &&
		slice_trim(strbuf_slice(&text)).len == text.len) {
		collapse(&text);
		collapse(&back);
		ASSERT(slice_eq(strbuf_slice(&text), strbuf_slice(&back)));
	}
}
