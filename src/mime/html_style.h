/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surrounds text in HTML, handed down from element to element. */
#ifndef TERCET_MIME_HTML_STYLE_H
#define TERCET_MIME_HTML_STYLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct html_style {
	uint16_t span;   /* enum span_style */
	int link;        /* index, or -1 */
	uint8_t quote;   /* depth */
	uint8_t indent;  /* of lists */
	uint8_t heading; /* level, or 0 */
	bool pre;        /* blanks and line breaks stay */
	bool breaks;     /* line breaks stay */
	bool hidden;
	bool tiny; /* letters of no size; children may have some */
};

/* Changes what a style attribute says about text. */
void html_style_read(struct slice attribute, struct html_style *style);
/* Whether a width or height, as attribute or in a style, is next to nothing. */
bool html_length_is_tiny(struct slice value);
/* A property's value in a style attribute, blanks around it left out; false
 * when it is not there. */
bool html_style_find(
	struct slice attribute, struct slice name, struct slice *ret_value);

#endif /* TERCET_MIME_HTML_STYLE_H */
