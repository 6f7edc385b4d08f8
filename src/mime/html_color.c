/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_color.h"

#include <stdlib.h>

#include "base/array.h"
#include "mail/paragraph.h"

/* Nearer than that in every channel nobody tells apart. */
enum { SAME_DISTANCE = 10 };

/* A hue counts from this brightness and this distance to grey on. */
enum { HUE_BRIGHT_MIN = 112, HUE_CHROMA_MIN = 72, HUE_PALE = 200 };

static const struct {
	struct slice name;
	int32_t rgb;
} names[] = {
	{ { "aqua", 4 }, 0x00ffff },
	{ { "black", 5 }, 0x000000 },
	{ { "blue", 4 }, 0x0000ff },
	{ { "brown", 5 }, 0xa52a2a },
	{ { "crimson", 7 }, 0xdc143c },
	{ { "cyan", 4 }, 0x00ffff },
	{ { "darkblue", 8 }, 0x00008b },
	{ { "darkgray", 8 }, 0xa9a9a9 },
	{ { "darkgreen", 9 }, 0x006400 },
	{ { "darkred", 7 }, 0x8b0000 },
	{ { "dimgray", 7 }, 0x696969 },
	{ { "fuchsia", 7 }, 0xff00ff },
	{ { "gold", 4 }, 0xffd700 },
	{ { "gray", 4 }, 0x808080 },
	{ { "green", 5 }, 0x008000 },
	{ { "grey", 4 }, 0x808080 },
	{ { "lightgray", 9 }, 0xd3d3d3 },
	{ { "lightgrey", 9 }, 0xd3d3d3 },
	{ { "lime", 4 }, 0x00ff00 },
	{ { "magenta", 7 }, 0xff00ff },
	{ { "maroon", 6 }, 0x800000 },
	{ { "navy", 4 }, 0x000080 },
	{ { "olive", 5 }, 0x808000 },
	{ { "orange", 6 }, 0xffa500 },
	{ { "orangered", 9 }, 0xff4500 },
	{ { "purple", 6 }, 0x800080 },
	{ { "red", 3 }, 0xff0000 },
	{ { "royalblue", 9 }, 0x4169e1 },
	{ { "silver", 6 }, 0xc0c0c0 },
	{ { "teal", 4 }, 0x008080 },
	{ { "tomato", 6 }, 0xff6347 },
	{ { "transparent", 11 }, HTML_COLOR_NONE },
	{ { "white", 5 }, 0xffffff },
	{ { "whitesmoke", 10 }, 0xf5f5f5 },
	{ { "yellow", 6 }, 0xffff00 },
};

static int32_t
read_hex(struct slice digits)
{
	int32_t value = 0;
	size_t n = 0;

	while (n < digits.len && n < 9 && ascii_hex(digits.data[n]) >= 0)
		n++;
	/* With an alpha behind, which is most often opaque. */
	if (n == 4 || n == 8)
		n -= n / 4;
	if (n != 3 && n != 6)
		return HTML_COLOR_UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		int digit = ascii_hex(digits.data[i]);

		value = value * 16 + digit;
		if (n == 3)
			value = value * 16 + digit;
	}
	return value;
}

/* Takes a number and what separates it from the next; 0 to 255. */
static bool
take_channel(struct slice *s, int *ret)
{
	int value = 0;
	size_t n = 0;

	while (s->len > 0 &&
		(s->data[0] == ' ' || s->data[0] == ',' || s->data[0] == '/'))
		*s = slice_skip(*s, 1);
	for (; n < s->len && ascii_is_digit(s->data[n]); n++)
		value = value < 1000 ? value * 10 + (s->data[n] - '0') : value;
	*s = slice_skip(*s, n);
	*ret = value < 255 ? value : 255;
	return n > 0;
}

/* Behind the parenthesis. */
static int32_t
read_rgb(struct slice s)
{
	int red;
	int green;
	int blue;

	if (!take_channel(&s, &red) || !take_channel(&s, &green) ||
		!take_channel(&s, &blue) || slice_starts(s, SLICE("%")))
		return HTML_COLOR_UNKNOWN;
	while (s.len > 0 &&
		(s.data[0] == ' ' || s.data[0] == ',' || s.data[0] == '/'))
		s = slice_skip(s, 1);
	/* "0", "0.0", but not "0.5". */
	if (s.len > 0 && s.data[0] == '0') {
		size_t n = 1;

		while (n < s.len && (s.data[n] == '0' || s.data[n] == '.'))
			n++;
		if (n == s.len || !ascii_is_digit(s.data[n]))
			return HTML_COLOR_NONE;
	}
	return red << 16 | green << 8 | blue;
}

static int32_t
read_name(struct slice text)
{
	size_t n = 0;

	while (n < text.len && ascii_is_alpha(text.data[n]))
		n++;
	text = slice_head(text, n);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (slice_eq_nocase(text, names[i].name))
			return names[i].rgb;
	}
	return HTML_COLOR_UNKNOWN;
}

int32_t
html_color_read(struct slice text)
{
	text = slice_trim(text);
	if (text.len == 0)
		return HTML_COLOR_UNKNOWN;
	if (text.data[0] == '#')
		return read_hex(slice_skip(text, 1));
	if (slice_starts_nocase(text, SLICE("rgb"))) {
		size_t open = slice_find(text, '(');

		return read_rgb(slice_skip(text, open + 1));
	}
	return read_name(text);
}

int32_t
html_color_attribute(struct slice text)
{
	int32_t color = html_color_read(text);

	return color == HTML_COLOR_UNKNOWN ? read_hex(slice_trim(text)) : color;
}

static bool
has_word(struct slice text, struct slice word)
{
	for (; text.len >= word.len; text = slice_skip(text, 1)) {
		if (slice_starts_nocase(text, word))
			return true;
	}
	return false;
}

int32_t
html_color_background(struct slice text)
{
	text = slice_head(text, 256);
	if (has_word(text, SLICE("url(")) || has_word(text, SLICE("gradient")))
		return HTML_COLOR_UNKNOWN;
	if (slice_starts_nocase(slice_trim(text), SLICE("none")))
		return HTML_COLOR_NONE;
	return html_color_read(text);
}

bool
html_color_is_same(int32_t a, int32_t b)
{
	for (int shift = 0; shift < 24; shift += 8) {
		if (abs((a >> shift & 0xff) - (b >> shift & 0xff)) >
			SAME_DISTANCE)
			return false;
	}
	return true;
}

uint16_t
html_color_hue(int32_t color)
{
	int red = color >> 16 & 0xff;
	int green = color >> 8 & 0xff;
	int blue = color & 0xff;
	int max = red > green ? red : green;
	int min = red < green ? red : green;
	int chroma;
	int degrees;

	if (color < 0)
		return SPAN_HUE_NONE;
	max = max > blue ? max : blue;
	min = min < blue ? min : blue;
	chroma = max - min;
	if (max < HUE_BRIGHT_MIN || chroma < HUE_CHROMA_MIN || min > HUE_PALE)
		return SPAN_HUE_NONE;
	if (max == red)
		degrees = (60 * (green - blue) / chroma + 360) % 360;
	else if (max == green)
		degrees = 120 + 60 * (blue - red) / chroma;
	else
		degrees = 240 + 60 * (red - green) / chroma;
	if (degrees < 18 || degrees >= 335)
		return SPAN_HUE_RED;
	if (degrees < 70)
		return SPAN_HUE_YELLOW;
	if (degrees < 165)
		return SPAN_HUE_GREEN;
	if (degrees < 200)
		return SPAN_HUE_CYAN;
	return degrees < 262 ? SPAN_HUE_BLUE : SPAN_HUE_MAGENTA;
}
