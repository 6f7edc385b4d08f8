/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/wrap.h"

#include "i18n/width.h"
#include "term/glyph.h"

static size_t
wrap_columns(struct slice text, int columns, size_t *ret_next)
{
	struct slice rest = text;
	struct glyph glyph;
	int used = 0;

	while (rest.len > 0) {
		size_t at = text.len - rest.len;
		char c = rest.data[0];
		int width;

		if (c == '\n') {
			*ret_next = at + 1;
			return at;
		}
		if (!glyph_next(&rest, &glyph))
			break;
		width = c == '\t' ? WRAP_TAB - used % WRAP_TAB : glyph.width;
		if (used + width > columns && at > 0) {
			*ret_next = at;
			return at;
		}
		used += width;
	}
	*ret_next = text.len;
	return text.len;
}

size_t
wrap_line(struct slice text, int columns, enum wrap_mode mode, size_t *ret_next)
{
	return mode == WRAP_WORDS ? width_wrap(text, columns, ret_next)
				  : wrap_columns(text, columns, ret_next);
}
