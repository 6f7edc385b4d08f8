/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours as HTML and CSS write them, and what a reader makes of them. */
#ifndef TERCET_MIME_HTML_COLOR_H
#define TERCET_MIME_HTML_COLOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum {
	HTML_COLOR_UNKNOWN = -1,
	HTML_COLOR_NONE = -2, /* transparent */
};

/* At the front of `text`: #rgb, #rrggbb, rgb(), rgba(), a common name; else
 * HTML_COLOR_UNKNOWN. */
int32_t html_color_read(struct slice text);
/* The same of a `bgcolor` or `color` attribute, which may leave out the #. */
int32_t html_color_attribute(struct slice text);
/* Of a `background` property: unknown where a picture or a gradient lies over
 * the colour. */
int32_t html_color_background(struct slice text);
/* Whether text in the one cannot be seen on the other; both are known. */
bool html_color_is_same(int32_t a, int32_t b);
/* enum span_hue; SPAN_HUE_NONE for what is near to black, grey or white. */
uint16_t html_color_hue(int32_t color);

#endif /* TERCET_MIME_HTML_COLOR_H */
