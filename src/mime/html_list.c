/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_list.h"

#include "base/array.h"
#include "mime/html_style.h"

/* Longer ones nobody reads. */
enum { ROMAN_MAX = 999 };

/* 1 is "a", 27 is "aa". */
static void
add_letters(int value, char first, struct strbuf *out)
{
	char letters[8];
	int n = 0;

	for (; value > 0 && n < (int)sizeof(letters); value = (value - 1) / 26)
		letters[n++] = (char)(first + (value - 1) % 26);
	while (n > 0)
		strbuf_add_char(out, letters[--n]);
}

static void
add_roman(int value, bool capital, struct strbuf *out)
{
	static const struct {
		int value;
		const char *letters;
	} signs[] = { { 1000, "m" }, { 900, "cm" }, { 500, "d" }, { 400, "cd" },
		{ 100, "c" }, { 90, "xc" }, { 50, "l" }, { 40, "xl" },
		{ 10, "x" }, { 9, "ix" }, { 5, "v" }, { 4, "iv" }, { 1, "i" } };

	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		for (; value >= signs[i].value; value -= signs[i].value) {
			for (const char *c = signs[i].letters; *c; c++)
				strbuf_add_char(
					out, capital ? ascii_upper(*c) : *c);
		}
	}
}

void
html_list_number(char type, int value, struct strbuf *out)
{
	if ((type == 'a' || type == 'A') && value > 0)
		add_letters(value, type, out);
	else if ((type == 'i' || type == 'I') && value > 0 &&
		 value <= ROMAN_MAX)
		add_roman(value, type == 'I', out);
	else
		strbuf_addf(out, "%d", value);
	strbuf_add_str(out, ". ");
}

char
html_list_type(const struct html_attributes *attributes, bool numbered)
{
	struct slice css = attributes->values[HTML_STYLE];
	struct slice type = attributes->values[HTML_TYPE];
	struct slice value;

	if ((html_style_find(css, SLICE("list-style-type"), &value) ||
		    html_style_find(css, SLICE("list-style"), &value)) &&
		slice_starts_nocase(value, SLICE("none")))
		return 0;
	return numbered && type.len == 1 && strchr("aAiI", type.data[0])
		       ? type.data[0]
		       : '1';
}
