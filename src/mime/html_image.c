/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_image.h"

/* Longer ones are no faces but words. */
enum { FACE_BYTES_MAX = 8 };

static bool
is_remote(struct slice url)
{
	return slice_starts_nocase(url, SLICE("http://")) ||
	       slice_starts_nocase(url, SLICE("https://")) ||
	       slice_starts(url, SLICE("//"));
}

static bool
is_tracker(const struct html_attributes *attributes,
	const struct html_style *style)
{
	struct slice css = attributes->values[HTML_STYLE];
	struct slice width = attributes->values[HTML_WIDTH];
	struct slice height = attributes->values[HTML_HEIGHT];
	bool tiny_width;
	bool tiny_height;

	if (style->hidden)
		return true;
	html_style_find(css, SLICE("width"), &width);
	html_style_find(css, SLICE("height"), &height);
	tiny_width = html_length_is_tiny(width);
	tiny_height = html_length_is_tiny(height);
	return (tiny_width && (tiny_height || height.len == 0)) ||
	       (tiny_height && width.len == 0);
}

bool
html_image_add(struct html_flow *flow, const struct html_attributes *attributes,
	const struct html_style *outer)
{
	struct html_style style = *outer;
	struct slice alt = slice_trim(attributes->values[HTML_ALT]);
	bool remote = is_remote(slice_trim(attributes->values[HTML_SRC]));
	bool tracker = is_tracker(attributes, &style);

	flow->doc->images += remote;
	flow->doc->trackers += remote && tracker;
	if (tracker || style.hidden)
		return false;
	if (alt.len == 0)
		return true;
	style.pre = false;
	/* A letter beyond ASCII stands for itself: a little face. */
	if (alt.len <= FACE_BYTES_MAX && (alt.data[0] & 0x80)) {
		html_flow_text(flow, &style, alt);
		return false;
	}
	style.span |= SPAN_DIM;
	html_flow_text(flow, &style, SLICE("["));
	html_flow_text(flow, &style, alt);
	html_flow_text(flow, &style, SLICE("]"));
	return false;
}
