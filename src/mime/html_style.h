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
	bool signature;
	bool word_mark;     /* Word's own mark of a list item */
	int32_t color;      /* html_color.h */
	int32_t background; /* unknown: nobody said */
};

/* Changes what a style attribute says about text. */
void html_style_read(struct slice attribute, struct html_style *style);
/* From now on text has that colour. */
void html_style_color(struct html_style *style, int32_t color);
void html_style_background(struct html_style *style, int32_t color);
/* Whether text in it cannot be seen. */
bool html_style_is_unseen(const struct html_style *style);
/* Whether a width or height, as attribute or in a style, is next to nothing. */
bool html_length_is_tiny(struct slice value);
/* A property's value in a style attribute, blanks around it left out; false
 * when it is not there. */
bool html_style_find(
	struct slice attribute, struct slice name, struct slice *ret_value);

#endif /* TERCET_MIME_HTML_STYLE_H */
