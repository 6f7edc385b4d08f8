/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reaches the terminal, and what comes from it. */
#include "term/screen.h"
#include "base/bug.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "term/glyph.h"
#include "term/input.h"

enum { COLS = 40, ROWS = 3 };

/* Any bytes as text: no control reaches a cell, no glyph another's. */
void
fuzz_screen(struct slice input)
{
	struct screen *screen = screen_new(ROWS, COLS, false);
	struct slice rest = input;
	struct glyph glyph;
	struct strbuf out;
	int columns = 0;

	while (glyph_next(&rest, &glyph)) {
		ASSERT(glyph.width == 1 || glyph.width == 2);
		columns += glyph.width;
	}
	ASSERT(columns == glyph_columns(input));
	screen_put(screen, 0, 0, COLS, input, 0);
	screen_put_fit(screen, 1, 5, 20, input, 0);
	screen_put(screen, 2, COLS - 1, COLS, input, 0);
	strbuf_init(&out, 1 << 20);
	screen_print_text(screen, &out);
	ASSERT(utf8_is_valid(strbuf_slice(&out)));
	for (size_t i = 0; i < out.len; i++)
		ASSERT((unsigned char)out.data[i] >= ' ' ||
			out.data[i] == '\n');
	strbuf_clear(&out);
	screen_free(screen);
}

/* Whatever a terminal sends: it is taken apart, and an end is found. */
void
fuzz_keys(struct slice input)
{
	struct input_decoder decoder;
	struct input got;

	input_init(&decoder);
	while (input.len > 0) {
		size_t n = input_feed(&decoder, input.data, input.len);
		size_t inputs = 0;

		input = slice_skip(input, n);
		while (input_next(&decoder, false, &got))
			inputs++;
		ASSERT(n > 0 || inputs > 0 || input_next(&decoder, true, &got));
	}
	while (input_next(&decoder, true, &got))
		;
	input_clear(&decoder);
}
