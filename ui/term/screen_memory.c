/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells to text, for tests and for looking at a screen without a terminal. */
#include "base/ascii.h"
#include "term/screen.h"

/* One letter for each style, in the order of enum style. */
static const char letters[] =
	".dauf??mtrhv1234slpqk@gwbioyzx567890=%&*+~!^<>{}";

_Static_assert(sizeof(letters) == STYLE_COUNT + 1, "one for each style");

char
screen_style_letter(uint16_t style)
{
	char letter = letters[style & STYLE_MASK];

	if (style & OVER_MATCH)
		return 'x';
	if (style & OVER_SELECTED)
		return letter == '.' ? 'S' : ascii_upper(letter);
	if (style & OVER_SELECTED_UNFOCUSED)
		return letter == '.' ? '_' : letter;
	if (letter == '.' && style & OVER_BOLD)
		return '!';
	return letter;
}

void
screen_print_text(const struct screen *screen, struct strbuf *out)
{
	for (int row = 0; row < screen->rows; row++) {
		size_t end = out->len;

		for (int col = 0; col < screen->cols; col++) {
			const struct cell *cell = screen_cell(screen, row, col);

			strbuf_add_str(out, cell->text);
			if (cell->text[0] != ' ' && cell->text[0] != '\0')
				end = out->len;
		}
		strbuf_cut(out, end);
		strbuf_add_char(out, '\n');
	}
}

void
screen_print_styles(const struct screen *screen, struct strbuf *out)
{
	for (int row = 0; row < screen->rows; row++) {
		size_t end = out->len;

		for (int col = 0; col < screen->cols; col++) {
			const struct cell *cell = screen_cell(screen, row, col);
			char letter = screen_style_letter(cell->style);

			strbuf_add_char(out, letter);
			if (letter != '.')
				end = out->len;
		}
		strbuf_cut(out, end);
		strbuf_add_char(out, '\n');
	}
}
