/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as text: no control reaches a cell, no glyph another's. */
#include "term/screen.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "term/glyph.h"

enum { COLS = 40, ROWS = 3 };

FUZZ_TARGET(screen)
{
	struct screen *screen = screen_new(ROWS, COLS, false);
	struct slice rest = input;
	struct glyph glyph;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	int columns = 0;

	while (glyph_next(&rest, &glyph)) {
		ASSERT(glyph.width == 1 || glyph.width == 2);
		check_line(glyph.text);
		columns += glyph.width;
	}
	ASSERT(columns == glyph_columns(input));
	screen_put(screen, 0, 0, COLS, input, 0);
	screen_put_fit(screen, 1, 5, 20, input, 0);
	screen_put(screen, 2, COLS - 1, COLS, input, 0);
	strbuf_init(&out, 1 << 20);
	screen_print_text(screen, &out);
	check_utf8(strbuf_slice(&out));
	for (size_t i = 0; i < out.len; i++)
		ASSERT((unsigned char)out.data[i] >= ' ' ||
			out.data[i] == '\n');
	screen_free(screen);
}
