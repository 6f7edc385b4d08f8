/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_elements.h"

#include "base/array.h"
#include "mail/paragraph.h"

enum { NAME_LENGTH_MAX = 15 };

/* Sorted by name. */
/* clang-format off */
static const struct html_element_info elements[] = {
	{ "a", HTML_A, 0, 0, 0 },
	{ "abbr", HTML_OTHER, 0, 0, 0 },
	{ "address", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "article", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "aside", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "audio", HTML_OTHER, HTML_HIDE, 0, 0 },
	{ "b", HTML_OTHER, 0, SPAN_BOLD, 0 },
	{ "big", HTML_OTHER, 0, 0, 0 },
	{ "blockquote", HTML_BLOCKQUOTE, HTML_BLOCK | HTML_MARGIN, 0, 0 },
	{ "br", HTML_BR, HTML_VOID, 0, 0 },
	{ "canvas", HTML_OTHER, HTML_HIDE, 0, 0 },
	{ "caption", HTML_CAPTION, HTML_BLOCK, 0, 0 },
	{ "center", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "cite", HTML_OTHER, 0, SPAN_ITALIC, 0 },
	{ "code", HTML_OTHER, 0, SPAN_CODE, 0 },
	{ "datalist", HTML_OTHER, HTML_HIDE, 0, 0 },
	{ "dd", HTML_DD, HTML_BLOCK, 0, 0 },
	{ "del", HTML_OTHER, 0, SPAN_STRIKE, 0 },
	{ "details", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "dfn", HTML_OTHER, 0, SPAN_ITALIC, 0 },
	{ "dialog", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "dir", HTML_UL, HTML_BLOCK | HTML_MARGIN, 0, 0 },
	{ "div", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "dl", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "dt", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "em", HTML_OTHER, 0, SPAN_ITALIC, 0 },
	{ "fieldset", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "figcaption", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "figure", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "font", HTML_FONT, 0, 0, 0 },
	{ "footer", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "form", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "h1", HTML_HEADING, HTML_BLOCK | HTML_MARGIN, 0, 1 },
	{ "h2", HTML_HEADING, HTML_BLOCK | HTML_MARGIN, 0, 2 },
	{ "h3", HTML_HEADING, HTML_BLOCK | HTML_MARGIN, 0, 3 },
	{ "h4", HTML_HEADING, HTML_BLOCK | HTML_MARGIN, 0, 4 },
	{ "h5", HTML_HEADING, HTML_BLOCK | HTML_MARGIN, 0, 5 },
	{ "h6", HTML_HEADING, HTML_BLOCK | HTML_MARGIN, 0, 6 },
	{ "header", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "hgroup", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "hr", HTML_HR, HTML_BLOCK | HTML_VOID, 0, 0 },
	{ "i", HTML_OTHER, 0, SPAN_ITALIC, 0 },
	{ "iframe", HTML_OTHER, HTML_RAW, 0, 1 },
	{ "img", HTML_IMG, HTML_VOID, 0, 0 },
	{ "ins", HTML_OTHER, 0, SPAN_UNDERLINE, 0 },
	{ "kbd", HTML_OTHER, 0, SPAN_CODE, 0 },
	{ "label", HTML_OTHER, 0, 0, 0 },
	{ "legend", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "li", HTML_LI, HTML_BLOCK, 0, 0 },
	{ "listing", HTML_PRE, HTML_BLOCK | HTML_MARGIN, 0, 0 },
	{ "main", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "map", HTML_OTHER, HTML_HIDE, 0, 0 },
	{ "mark", HTML_OTHER, 0, 0, 0 },
	{ "menu", HTML_UL, HTML_BLOCK | HTML_MARGIN, 0, 0 },
	{ "nav", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "noembed", HTML_OTHER, HTML_RAW, 0, 2 },
	{ "noframes", HTML_OTHER, HTML_RAW, 0, 3 },
	{ "ol", HTML_OL, HTML_BLOCK | HTML_MARGIN, 0, 0 },
	{ "optgroup", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "option", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "p", HTML_OTHER, HTML_BLOCK | HTML_MARGIN, 0, 0 },
	{ "pre", HTML_PRE, HTML_BLOCK | HTML_MARGIN, 0, 0 },
	{ "q", HTML_Q, 0, 0, 0 },
	{ "s", HTML_OTHER, 0, SPAN_STRIKE, 0 },
	{ "samp", HTML_OTHER, 0, SPAN_CODE, 0 },
	{ "script", HTML_OTHER, HTML_RAW, 0, 4 },
	{ "search", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "section", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "select", HTML_OTHER, HTML_HIDE, 0, 0 },
	{ "small", HTML_OTHER, 0, 0, 0 },
	{ "span", HTML_OTHER, 0, 0, 0 },
	{ "strike", HTML_OTHER, 0, SPAN_STRIKE, 0 },
	{ "strong", HTML_OTHER, 0, SPAN_BOLD, 0 },
	{ "style", HTML_STYLE_SHEET, HTML_RAW, 0, 5 },
	{ "sub", HTML_OTHER, 0, 0, 0 },
	{ "summary", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "sup", HTML_OTHER, 0, 0, 0 },
	{ "svg", HTML_OTHER, HTML_HIDE, 0, 0 },
	{ "table", HTML_TABLE, HTML_BLOCK, 0, 0 },
	{ "tbody", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "td", HTML_TD, 0, 0, 0 },
	{ "template", HTML_OTHER, HTML_HIDE, 0, 0 },
	{ "tfoot", HTML_OTHER, HTML_BLOCK, 0, 0 },
	{ "th", HTML_TH, 0, SPAN_BOLD, 0 },
	{ "thead", HTML_THEAD, HTML_BLOCK, 0, 0 },
	{ "title", HTML_OTHER, HTML_RAW, 0, 6 },
	{ "tr", HTML_TR, HTML_BLOCK, 0, 0 },
	{ "tt", HTML_OTHER, 0, SPAN_CODE, 0 },
	{ "u", HTML_OTHER, 0, SPAN_UNDERLINE, 0 },
	{ "ul", HTML_UL, HTML_BLOCK | HTML_MARGIN, 0, 0 },
	{ "var", HTML_OTHER, 0, SPAN_ITALIC, 0 },
	{ "video", HTML_OTHER, HTML_HIDE, 0, 0 },
	{ "xml", HTML_OTHER, HTML_RAW, 0, 8 },
	{ "xmp", HTML_OTHER, HTML_RAW, 0, 7 },
};
/* clang-format on */

const struct html_element_info *
html_element_find(struct slice name)
{
	size_t low = 0;
	size_t high = ARRAY_LEN(elements);
	char key[NAME_LENGTH_MAX + 1];

	if (name.len > NAME_LENGTH_MAX)
		return NULL;
	for (size_t i = 0; i < name.len; i++)
		key[i] = ascii_lower(name.data[i]);
	key[name.len] = '\0';
	while (low < high) {
		size_t middle = (low + high) / 2;
		const char *it = elements[middle].name;
		/* Most differ in the first letter. */
		int order = key[0] - it[0];

		if (order == 0)
			order = strcmp(key, it);
		if (order == 0)
			return &elements[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
