/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_sheet.h"

#include "mime/html_color.h"
#include "mime/html_style.h"

enum { CSS_MAX = 512 * 1024, NAME_MAX_BYTES = 64 };

static struct slice
skip_blanks(struct slice s)
{
	while (s.len > 0 && ascii_is_space(s.data[0]))
		s = slice_skip(s, 1);
	return s;
}

/* Comments, and the signs that hid style sheets from old browsers. */
static bool
skip_comment(struct slice *css)
{
	const char *end;

	if (slice_starts(*css, SLICE("<!--"))) {
		*css = slice_skip(*css, 4);
		return true;
	}
	if (slice_starts(*css, SLICE("-->"))) {
		*css = slice_skip(*css, 3);
		return true;
	}
	if (!slice_starts(*css, SLICE("/*")))
		return false;
	end = memmem(css->data + 2, css->len - 2, "*/", 2);
	*css = end ? slice_skip(*css, (size_t)(end - css->data) + 2)
		   : slice_skip(*css, css->len);
	return true;
}

/* "@media ... { ... { } }", "@import ...;" */
static void
skip_at_rule(struct slice *css)
{
	size_t i = 0;
	size_t depth = 0;

	for (; i < css->len; i++) {
		char c = css->data[i];

		if (c == ';' && depth == 0)
			break;
		if (c == '{')
			depth++;
		if (c == '}' && (depth == 0 || --depth == 0))
			break;
	}
	*css = slice_skip(*css, i + 1);
}

/* ".name", "#name", "span.name"; with more in it, it is not for us. */
static void
add_selector(struct html_sheet *sheet, struct slice selector)
{
	struct slice name;

	selector = slice_trim(selector);
	while (selector.len > 0 && ascii_is_alnum(selector.data[0]))
		selector = slice_skip(selector, 1);
	if (selector.len < 2 || selector.len > NAME_MAX_BYTES ||
		(selector.data[0] != '.' && selector.data[0] != '#') ||
		sheet->n == HTML_SHEET_NAMES_MAX)
		return;
	name = slice_skip(selector, 1);
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];

		if (!ascii_is_alnum(c) && c != '-' && c != '_')
			return;
	}
	sheet->hidden[sheet->n++] = selector;
}

static bool
hides(struct slice declarations)
{
	struct html_style style = { .color = HTML_COLOR_UNKNOWN,
		.background = HTML_COLOR_UNKNOWN };

	html_style_read(declarations, &style);
	return style.hidden;
}

void
html_sheet_read(struct html_sheet *sheet, struct slice css)
{
	sheet->seen = true;
	css = slice_head(css, CSS_MAX);
	while (css.len > 0) {
		struct slice selectors;
		struct slice declarations;

		css = skip_blanks(css);
		if (skip_comment(&css))
			continue;
		if (css.len > 0 && css.data[0] == '@') {
			skip_at_rule(&css);
			continue;
		}
		selectors = slice_head(css, slice_find(css, '{'));
		css = slice_skip(css, selectors.len + 1);
		declarations = slice_head(css, slice_find(css, '}'));
		css = slice_skip(css, declarations.len + 1);
		if (!hides(declarations))
			continue;
		while (selectors.len > 0) {
			size_t end = slice_find(selectors, ',');

			add_selector(sheet, slice_head(selectors, end));
			selectors = slice_skip(selectors, end + 1);
		}
	}
}

static bool
is_hidden(const struct html_sheet *sheet, char sign, struct slice name)
{
	for (int i = 0; i < sheet->n; i++) {
		if (sheet->hidden[i].data[0] == sign &&
			slice_eq(slice_skip(sheet->hidden[i], 1), name))
			return true;
	}
	return false;
}

bool
html_sheet_hides(
	const struct html_sheet *sheet, struct slice classes, struct slice id)
{
	if (sheet->n == 0)
		return false;
	if (id.len > 0 && is_hidden(sheet, '#', id))
		return true;
	while (classes.len > 0) {
		size_t n = 0;

		while (n < classes.len && !ascii_is_space(classes.data[n]))
			n++;
		if (n > 0 && is_hidden(sheet, '.', slice_head(classes, n)))
			return true;
		classes = slice_skip(classes, n + 1);
	}
	return false;
}
