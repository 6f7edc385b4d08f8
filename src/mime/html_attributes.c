/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_attributes.h"

static const struct slice names[HTML_ATTRIBUTES] = {
	[HTML_ALT] = { "alt", 3 },
	[HTML_BACKGROUND] = { "background", 10 },
	[HTML_BGCOLOR] = { "bgcolor", 7 },
	[HTML_BORDER] = { "border", 6 },
	[HTML_CLASS] = { "class", 5 },
	[HTML_COLOR] = { "color", 5 },
	[HTML_COLSPAN] = { "colspan", 7 },
	[HTML_HEIGHT] = { "height", 6 },
	[HTML_HIDDEN] = { "hidden", 6 },
	[HTML_HREF] = { "href", 4 },
	[HTML_ID] = { "id", 2 },
	[HTML_MARKER] = { "data-marker", 11 },
	[HTML_ROLE] = { "role", 4 },
	[HTML_ROWSPAN] = { "rowspan", 7 },
	[HTML_SRC] = { "src", 3 },
	[HTML_START] = { "start", 5 },
	[HTML_STYLE] = { "style", 5 },
	[HTML_TYPE] = { "type", 4 },
	[HTML_VALUE] = { "value", 5 },
	[HTML_WIDTH] = { "width", 5 },
};

struct slice
html_attribute_name(enum html_attribute attribute)
{
	return names[attribute];
}

enum html_attribute
html_attribute_find(struct slice name)
{
	char first;

	if (name.len == 0)
		return HTML_ATTRIBUTES;
	first = ascii_lower(name.data[0]);
	for (int i = 0; i < HTML_ATTRIBUTES; i++) {
		if (names[i].data[0] == first && names[i].len == name.len &&
			slice_eq_nocase(name, names[i]))
			return (enum html_attribute)i;
	}
	return HTML_ATTRIBUTES;
}
