/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_style.h"

#include "base/array.h"
#include "mail/paragraph.h"
#include "mime/html_color.h"

/* More of an attribute is not read. */
enum { STYLE_LENGTH_MAX = 4096 };

/* Takes "name: value" off the front. */
static bool
next_property(
	struct slice *rest, struct slice *ret_name, struct slice *ret_value)
{
	while (rest->len > 0) {
		size_t end = slice_find(*rest, ';');
		struct slice property = slice_head(*rest, end);
		size_t colon = slice_find(property, ':');

		*rest = slice_skip(*rest, end + 1);
		if (colon == property.len)
			continue;
		*ret_name = slice_trim(slice_head(property, colon));
		*ret_value = slice_trim(slice_skip(property, colon + 1));
		return true;
	}
	return false;
}

static bool
starts(struct slice value, const char *word)
{
	return slice_starts_nocase(value, slice_str(word));
}

/* "0", "0px", "0.0em", "0%", but not "0.5em". */
static bool
is_zero(struct slice value)
{
	size_t n = 0;

	while (n < value.len && (value.data[n] == '0' || value.data[n] == '.'))
		n++;
	return n > 0 && (n == value.len || !ascii_is_digit(value.data[n]));
}

bool
html_length_is_tiny(struct slice value)
{
	value = slice_trim(value);
	if (is_zero(value))
		return true;
	if (value.len == 0 || value.data[0] != '1')
		return false;
	value = slice_skip(value, 1);
	return value.len == 0 || value.data[0] == ' ' || starts(value, "px") ||
	       starts(value, "pt");
}

static void
set(uint16_t *span, uint16_t bit, bool on)
{
	*span = (uint16_t)(on ? *span | bit : *span & ~bit);
}

static void
read_weight(struct slice value, struct html_style *style)
{
	bool heavy = starts(value, "bold") ||
		     (value.len >= 3 && value.data[0] >= '6' &&
			     value.data[0] <= '9');

	if (heavy || starts(value, "normal") || starts(value, "400"))
		set(&style->span, SPAN_BOLD, heavy);
}

static void
read_decoration(struct slice value, struct html_style *style)
{
	if (starts(value, "underline"))
		set(&style->span, SPAN_UNDERLINE, true);
	else if (starts(value, "line-through"))
		set(&style->span, SPAN_STRIKE, true);
	else if (starts(value, "none"))
		set(&style->span, SPAN_UNDERLINE | SPAN_STRIKE, false);
}

/* Room for nothing, and what is outside it cut off. */
struct box {
	bool is_empty;
	bool is_cut;
};

/* Far to the left of everything: "-9999px". */
static bool
is_far_out(struct slice value)
{
	size_t n = 1;

	if (value.len == 0 || value.data[0] != '-')
		return false;
	while (n < value.len && ascii_is_digit(value.data[n]))
		n++;
	return n > 3 && !slice_starts(slice_skip(value, n), SLICE("%"));
}

void
html_style_color(struct html_style *style, int32_t color)
{
	style->color = color;
	style->span = (uint16_t)((style->span & ~SPAN_HUE_MASK) |
				 html_color_hue(color));
}

void
html_style_background(struct html_style *style, int32_t color)
{
	if (color != HTML_COLOR_NONE)
		style->background = color;
}

bool
html_style_is_unseen(const struct html_style *style)
{
	return style->hidden || style->tiny ||
	       style->color == HTML_COLOR_NONE ||
	       (style->color >= 0 && style->background >= 0 &&
		       html_color_is_same(style->color, style->background));
}

enum property {
	PROPERTY_BACKGROUND,
	PROPERTY_BACKGROUND_COLOR,
	PROPERTY_BACKGROUND_IMAGE,
	PROPERTY_COLOR,
	PROPERTY_DISPLAY,
	PROPERTY_FAR_OUT,
	PROPERTY_FONT_SIZE,
	PROPERTY_FONT_STYLE,
	PROPERTY_FONT_WEIGHT,
	PROPERTY_MSO_LIST,
	PROPERTY_OPACITY,
	PROPERTY_OVERFLOW,
	PROPERTY_SIZE,
	PROPERTY_TEXT_DECORATION,
	PROPERTY_VISIBILITY,
	PROPERTY_WHITE_SPACE,
};

static const struct {
	struct slice name;
	enum property property;
} properties[] = {
	{ { "background", 10 }, PROPERTY_BACKGROUND },
	{ { "background-color", 16 }, PROPERTY_BACKGROUND_COLOR },
	{ { "background-image", 16 }, PROPERTY_BACKGROUND_IMAGE },
	{ { "color", 5 }, PROPERTY_COLOR },
	{ { "display", 7 }, PROPERTY_DISPLAY },
	{ { "font-size", 9 }, PROPERTY_FONT_SIZE },
	{ { "font-style", 10 }, PROPERTY_FONT_STYLE },
	{ { "font-weight", 11 }, PROPERTY_FONT_WEIGHT },
	{ { "height", 6 }, PROPERTY_SIZE },
	{ { "left", 4 }, PROPERTY_FAR_OUT },
	{ { "max-height", 10 }, PROPERTY_SIZE },
	{ { "max-width", 9 }, PROPERTY_SIZE },
	{ { "mso-list", 8 }, PROPERTY_MSO_LIST },
	{ { "opacity", 7 }, PROPERTY_OPACITY },
	{ { "overflow", 8 }, PROPERTY_OVERFLOW },
	{ { "text-decoration", 15 }, PROPERTY_TEXT_DECORATION },
	{ { "text-indent", 11 }, PROPERTY_FAR_OUT },
	{ { "top", 3 }, PROPERTY_FAR_OUT },
	{ { "visibility", 10 }, PROPERTY_VISIBILITY },
	{ { "white-space", 11 }, PROPERTY_WHITE_SPACE },
	{ { "width", 5 }, PROPERTY_SIZE },
};

static void
apply_property(enum property property, struct slice value,
	struct html_style *style, struct box *box)
{
	switch (property) {
	case PROPERTY_BACKGROUND:
		html_style_background(style, html_color_background(value));
		break;
	case PROPERTY_BACKGROUND_COLOR:
		html_style_background(style, html_color_read(value));
		break;
	case PROPERTY_BACKGROUND_IMAGE:
		if (!starts(value, "none"))
			style->background = HTML_COLOR_UNKNOWN;
		break;
	case PROPERTY_COLOR:
		if (!starts(value, "inherit"))
			html_style_color(style, html_color_read(value));
		break;
	case PROPERTY_DISPLAY:
		style->hidden = style->hidden || starts(value, "none");
		break;
	case PROPERTY_FAR_OUT:
		style->hidden = style->hidden || is_far_out(value);
		break;
	case PROPERTY_FONT_SIZE:
		style->tiny = html_length_is_tiny(value);
		break;
	case PROPERTY_FONT_STYLE:
		set(&style->span, SPAN_ITALIC,
			starts(value, "italic") || starts(value, "oblique"));
		break;
	case PROPERTY_FONT_WEIGHT:
		read_weight(value, style);
		break;
	case PROPERTY_MSO_LIST:
		style->word_mark = starts(value, "Ignore");
		break;
	case PROPERTY_OPACITY:
		style->hidden = style->hidden || is_zero(value);
		break;
	case PROPERTY_OVERFLOW:
		box->is_cut = starts(value, "hidden");
		break;
	case PROPERTY_SIZE:
		box->is_empty = box->is_empty || html_length_is_tiny(value);
		break;
	case PROPERTY_TEXT_DECORATION:
		read_decoration(value, style);
		break;
	case PROPERTY_VISIBILITY:
		style->hidden = style->hidden || starts(value, "hidden") ||
				starts(value, "collapse");
		break;
	case PROPERTY_WHITE_SPACE:
		style->breaks = starts(value, "pre");
		break;
	}
}

static void
read_property(struct slice name, struct slice value, struct html_style *style,
	struct box *box)
{
	char first = name.len > 0 ? ascii_lower(name.data[0]) : '\0';

	for (size_t i = 0; i < ARRAY_LEN(properties); i++) {
		if (properties[i].name.data[0] == first &&
			slice_eq_nocase(name, properties[i].name)) {
			apply_property(
				properties[i].property, value, style, box);
			return;
		}
	}
}

void
html_style_read(struct slice attribute, struct html_style *style)
{
	struct box box = { false, false };
	struct slice name;
	struct slice value;

	attribute = slice_head(attribute, STYLE_LENGTH_MAX);
	while (next_property(&attribute, &name, &value))
		read_property(name, value, style, &box);
	if (box.is_empty && box.is_cut)
		style->hidden = true;
}

bool
html_style_find(
	struct slice attribute, struct slice name, struct slice *ret_value)
{
	struct slice it;

	attribute = slice_head(attribute, STYLE_LENGTH_MAX);
	while (next_property(&attribute, &it, ret_value)) {
		if (slice_eq_nocase(it, name))
			return true;
	}
	return false;
}
