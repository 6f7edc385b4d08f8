/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of text: lines end where they should, and all of it is shown. */
#include "i18n/width.h"
#include "base/bug.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "i18n/fold.h"

static void
wrap(struct slice text, int columns)
{
	while (text.len > 0) {
		size_t next = 0;
		size_t len = width_wrap(text, columns, &next);
		struct slice line = slice_head(text, len);

		ASSERT(len <= next && next > 0 && next <= text.len);
		/* One grapheme may be wider than a line. */
		if (width_text(line) > columns) {
			int one;

			ASSERT(width_grapheme(line, &one) == line.len);
		}
		text = slice_skip(text, next);
	}
}

static void
fold(struct slice text)
{
	uint32_t letters[FOLD_MAX];

	while (text.len > 0) {
		int n = fold_letter(utf8_next(&text), letters);

		ASSERT(n >= 0 && n <= FOLD_MAX);
	}
}

FUZZ_TARGET(width)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	int columns = input.len ? (unsigned char)input.data[0] % 40 + 1 : 1;
	int used;

	strbuf_init(&text, CHECK_OUT_MAX);
	strbuf_init(&out, CHECK_OUT_MAX);
	utf8_repair(slice_skip(input, 1), &text);
	fold(strbuf_slice(&text));
	wrap(strbuf_slice(&text), columns);
	used = width_truncate(strbuf_slice(&text), columns, ".", &out);
	check_utf8(strbuf_slice(&out));
	ASSERT(used <= columns && used == width_text(strbuf_slice(&out)));
	strbuf_reset(&out);
	width_pad(strbuf_slice(&text), columns, ".", false, &out);
	ASSERT(width_text(strbuf_slice(&out)) == columns);
}
