/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THE table of HTML elements that mean something to a reader of text. */
#ifndef TERCET_MIME_HTML_ELEMENTS_H
#define TERCET_MIME_HTML_ELEMENTS_H

#include <stdint.h>

#include "base/slice.h"

enum html_element {
	HTML_OTHER,
	HTML_A,
	HTML_BLOCKQUOTE,
	HTML_BR,
	HTML_CAPTION,
	HTML_DD,
	HTML_FONT,
	HTML_HEADING, /* level in `value` */
	HTML_HR,
	HTML_IMG,
	HTML_LI,
	HTML_OL,
	HTML_PRE,
	HTML_Q,
	HTML_STYLE_SHEET,
	HTML_TABLE,
	HTML_TD,
	HTML_TH,
	HTML_THEAD,
	HTML_TR,
	HTML_UL,
};

enum html_trait {
	HTML_BLOCK = 1 << 0,  /* begins and ends a line */
	HTML_MARGIN = 1 << 1, /* an empty line around it */
	HTML_VOID = 1 << 2,   /* has no content */
	HTML_RAW = 1 << 3,    /* content is no markup; all of it is dropped */
	HTML_HIDE = 1 << 4,   /* content is not shown */
};

struct html_element_info {
	const char *name;
	enum html_element element;
	unsigned traits;
	uint16_t style; /* enum span_style */
	uint8_t value;  /* level of a heading; number of a raw one, from 1 */
};

/* By name in any case; NULL for all others, whose content is shown as if they
 * were not there. */
const struct html_element_info *html_element_find(struct slice name);

#endif /* TERCET_MIME_HTML_ELEMENTS_H */
