/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THE list of attributes that are read; others never reach the parser. */
#ifndef TERCET_MIME_HTML_ATTRIBUTES_H
#define TERCET_MIME_HTML_ATTRIBUTES_H

#include "base/slice.h"

enum html_attribute {
	HTML_ALT,
	HTML_BACKGROUND,
	HTML_BGCOLOR,
	HTML_BORDER,
	HTML_CLASS,
	HTML_COLOR,
	HTML_COLSPAN,
	HTML_HEIGHT,
	HTML_HIDDEN,
	HTML_HREF,
	HTML_ID,
	HTML_MARKER, /* data-marker */
	HTML_ROLE,
	HTML_ROWSPAN,
	HTML_SRC,
	HTML_START,
	HTML_STYLE,
	HTML_TYPE,
	HTML_VALUE,
	HTML_WIDTH,
	HTML_ATTRIBUTES,
};

/* Values by name; `data` is NULL where there is none. */
struct html_attributes {
	struct slice values[HTML_ATTRIBUTES];
};

struct slice html_attribute_name(enum html_attribute attribute);
/* By name in any case; HTML_ATTRIBUTES for all others. */
enum html_attribute html_attribute_find(struct slice name);

#endif /* TERCET_MIME_HTML_ATTRIBUTES_H */
