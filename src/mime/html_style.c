/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_style.h"

#include "base/array.h"
#include "mail/paragraph.h"

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

static void
read_property(struct slice name, struct slice value, struct html_style *style,
	struct box *box)
{
	if (slice_eq_nocase(name, SLICE("display")))
		style->hidden = style->hidden || starts(value, "none");
	else if (slice_eq_nocase(name, SLICE("visibility")))
		style->hidden = style->hidden || starts(value, "hidden") ||
				starts(value, "collapse");
	else if (slice_eq_nocase(name, SLICE("opacity")))
		style->hidden = style->hidden || is_zero(value);
	else if (slice_eq_nocase(name, SLICE("font-size")))
		style->tiny = html_length_is_tiny(value);
	else if (slice_eq_nocase(name, SLICE("overflow")))
		box->is_cut = starts(value, "hidden");
	else if (slice_eq_nocase(name, SLICE("max-height")) ||
		 slice_eq_nocase(name, SLICE("max-width")) ||
		 slice_eq_nocase(name, SLICE("height")) ||
		 slice_eq_nocase(name, SLICE("width")))
		box->is_empty = box->is_empty || html_length_is_tiny(value);
	else if (slice_eq_nocase(name, SLICE("font-weight")))
		read_weight(value, style);
	else if (slice_eq_nocase(name, SLICE("font-style")))
		set(&style->span, SPAN_ITALIC,
			starts(value, "italic") || starts(value, "oblique"));
	else if (slice_eq_nocase(name, SLICE("text-decoration")))
		read_decoration(value, style);
	else if (slice_eq_nocase(name, SLICE("white-space")))
		style->breaks = starts(value, "pre");
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
