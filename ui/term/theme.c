/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "term/theme.h"

#include <string.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"

/* A colour at every depth. */
struct paint {
	int16_t ansi; /* 0 to 15, or COLOR_NONE */
	int32_t rgb;  /* or COLOR_NONE */
};

struct entry {
	struct paint fg;
	struct paint bg;
	unsigned bits; /* of enum look_bit */
};

struct theme {
	struct entry entries[STYLE_COUNT];
};

#define NONE                                                                   \
	{                                                                      \
		COLOR_NONE, COLOR_NONE                                         \
	}

/* clang-format off */
static const struct {
	const char *name;
	struct entry dark;
	struct entry light;
	unsigned mono; /* bits without colour */
	const char *summary;
} styles[STYLE_COUNT] = {
	[STYLE_TEXT] = { "text",
		{ NONE, NONE, 0 }, { NONE, NONE, 0 },
		0, N_("Text without a style of its own") },
	[STYLE_DIM] = { "dim",
		{ { 8, 0x8a8a8a }, NONE, 0 }, { { 8, 0x767676 }, NONE, 0 },
		LOOK_DIM, N_("What stands back: snippets, dates, notes") },
	[STYLE_ACCENT] = { "accent",
		{ { 12, 0x87afff }, NONE, 0 }, { { 4, 0x005faf }, NONE, 0 },
		LOOK_BOLD, N_("The one accent: unread dot, prompts, arrows") },
	[STYLE_UNREAD] = { "unread",
		{ NONE, NONE, LOOK_BOLD }, { NONE, NONE, LOOK_BOLD },
		LOOK_BOLD, N_("Unread messages and folders with some") },
	[STYLE_FLAGGED] = { "flagged",
		{ { 11, 0xffd75f }, NONE, 0 }, { { 3, 0xaf5f00 }, NONE, 0 },
		LOOK_BOLD, N_("The star") },
	[STYLE_SELECTED] = { "selected",
		{ { 0, 0x080808 }, { 12, 0x87afff }, 0 },
		{ { 15, 0xffffff }, { 4, 0x005faf }, 0 },
		LOOK_REVERSE, N_("The selected row of the pane with the focus") },
	[STYLE_SELECTED_UNFOCUSED] = { "selected.unfocused",
		{ NONE, NONE, LOOK_UNDERLINE }, { NONE, NONE, LOOK_UNDERLINE },
		LOOK_UNDERLINE, N_("The selected row of the other panes") },
	[STYLE_MARKED] = { "marked",
		{ { 13, 0xd787d7 }, NONE, 0 }, { { 5, 0x870087 }, NONE, 0 },
		LOOK_BOLD, N_("Marked rows") },
	[STYLE_TITLE] = { "title",
		{ NONE, NONE, LOOK_BOLD }, { NONE, NONE, LOOK_BOLD },
		LOOK_BOLD, N_("Headings: the folder's name, an account's") },
	[STYLE_RULE] = { "rule",
		{ { 8, 0x585858 }, NONE, 0 }, { { 7, 0xb2b2b2 }, NONE, 0 },
		LOOK_DIM, N_("Lines between panes") },
	[STYLE_HEADER_NAME] = { "header.name",
		{ { 8, 0x8a8a8a }, NONE, 0 }, { { 8, 0x767676 }, NONE, 0 },
		LOOK_DIM, N_("Names of header fields") },
	[STYLE_HEADER_VALUE] = { "header.value",
		{ NONE, NONE, 0 }, { NONE, NONE, 0 },
		0, N_("Values of header fields") },
	[STYLE_QUOTE1] = { "quote1",
		{ { 6, 0x87afaf }, NONE, 0 }, { { 6, 0x005f5f }, NONE, 0 },
		0, N_("Quoted text") },
	[STYLE_QUOTE2] = { "quote2",
		{ { 2, 0x87af87 }, NONE, 0 }, { { 2, 0x005f00 }, NONE, 0 },
		0, N_("Text quoted twice") },
	[STYLE_QUOTE3] = { "quote3",
		{ { 3, 0xd7af87 }, NONE, 0 }, { { 3, 0x875f00 }, NONE, 0 },
		0, N_("Text quoted three times") },
	[STYLE_QUOTE4] = { "quote4",
		{ { 5, 0xaf87af }, NONE, 0 }, { { 5, 0x5f005f }, NONE, 0 },
		0, N_("Text quoted four times and more") },
	[STYLE_SIGNATURE] = { "signature",
		{ { 8, 0x8a8a8a }, NONE, 0 }, { { 8, 0x767676 }, NONE, 0 },
		LOOK_DIM, N_("Signatures") },
	[STYLE_LINK] = { "link",
		{ { 12, 0x87afff }, NONE, LOOK_UNDERLINE },
		{ { 4, 0x005faf }, NONE, LOOK_UNDERLINE },
		LOOK_UNDERLINE, N_("Links and their hint letters") },
	[STYLE_DIFF_ADD] = { "diff.add",
		{ { 2, 0x87d787 }, NONE, 0 }, { { 2, 0x008700 }, NONE, 0 },
		0, N_("Lines a patch adds") },
	[STYLE_DIFF_DEL] = { "diff.del",
		{ { 1, 0xff8787 }, NONE, 0 }, { { 1, 0xaf0000 }, NONE, 0 },
		0, N_("Lines a patch takes away") },
	[STYLE_DIFF_HUNK] = { "diff.hunk",
		{ { 6, 0x5fd7d7 }, NONE, 0 }, { { 6, 0x008787 }, NONE, 0 },
		LOOK_BOLD, N_("Where a patch applies") },
	[STYLE_ATTACHMENT] = { "attachment",
		{ { 3, 0xd7af5f }, NONE, 0 }, { { 3, 0x875f00 }, NONE, 0 },
		0, N_("Attachments") },
	[STYLE_GOOD] = { "good",
		{ { 2, 0x87d787 }, NONE, 0 }, { { 2, 0x008700 }, NONE, 0 },
		0, N_("What went well or is proved") },
	[STYLE_WARNING] = { "warning",
		{ { 3, 0xffd75f }, NONE, 0 }, { { 3, 0xaf5f00 }, NONE, 0 },
		LOOK_BOLD, N_("What to look at") },
	[STYLE_BAD] = { "bad",
		{ { 9, 0xff8787 }, NONE, LOOK_BOLD },
		{ { 1, 0xaf0000 }, NONE, LOOK_BOLD },
		LOOK_BOLD, N_("What failed") },
	[STYLE_STATUS] = { "status",
		{ NONE, NONE, 0 }, { NONE, NONE, 0 },
		0, N_("The status line") },
	[STYLE_PROGRESS] = { "progress",
		{ { 12, 0x87afff }, NONE, 0 }, { { 4, 0x005faf }, NONE, 0 },
		0, N_("The progress bar") },
	[STYLE_HINT_KEY] = { "hint.key",
		{ { 12, 0x87afff }, NONE, 0 }, { { 4, 0x005faf }, NONE, 0 },
		LOOK_BOLD, N_("Keys in the line of hints") },
	[STYLE_HINT_TEXT] = { "hint.text",
		{ { 8, 0x8a8a8a }, NONE, 0 }, { { 8, 0x767676 }, NONE, 0 },
		LOOK_DIM, N_("Words in the line of hints") },
	[STYLE_MATCH] = { "match",
		{ { 0, 0x080808 }, { 11, 0xffd75f }, 0 },
		{ { 0, 0x080808 }, { 11, 0xffd75f }, 0 },
		LOOK_REVERSE, N_("What a search found") },
	[STYLE_ACCOUNT1] = { "account1",
		{ { 12, 0x87afff }, NONE, LOOK_BOLD }, { { 4, 0x005faf }, NONE, LOOK_BOLD },
		LOOK_BOLD, N_("The first account, in a list over all of them") },
	[STYLE_ACCOUNT2] = { "account2",
		{ { 2, 0x87d787 }, NONE, LOOK_BOLD }, { { 2, 0x008700 }, NONE, LOOK_BOLD },
		LOOK_BOLD, N_("The second account, in a list over all of them") },
	[STYLE_ACCOUNT3] = { "account3",
		{ { 11, 0xffd75f }, NONE, LOOK_BOLD }, { { 3, 0xaf5f00 }, NONE, LOOK_BOLD },
		LOOK_BOLD, N_("The third account, in a list over all of them") },
	[STYLE_ACCOUNT4] = { "account4",
		{ { 13, 0xd787d7 }, NONE, LOOK_BOLD }, { { 5, 0x870087 }, NONE, LOOK_BOLD },
		LOOK_BOLD, N_("The fourth account, in a list over all of them") },
	[STYLE_ACCOUNT5] = { "account5",
		{ { 6, 0x5fd7d7 }, NONE, LOOK_BOLD }, { { 6, 0x008787 }, NONE, LOOK_BOLD },
		LOOK_BOLD, N_("The fifth account, in a list over all of them") },
	[STYLE_ACCOUNT6] = { "account6",
		{ { 9, 0xff8787 }, NONE, LOOK_BOLD }, { { 1, 0xaf0000 }, NONE, LOOK_BOLD },
		LOOK_BOLD, N_("The sixth account, in a list over all of them") },
	[STYLE_LABEL] = { "label",
		{ { 6, 0x5fd7d7 }, NONE, 0 }, { { 6, 0x008787 }, NONE, 0 },
		LOOK_UNDERLINE, N_("Labels") },
	[STYLE_LABEL1] = { "label1",
		{ { 9, 0xff8787 }, NONE, 0 }, { { 1, 0xaf0000 }, NONE, 0 },
		LOOK_UNDERLINE, N_("The label $label1, Important") },
	[STYLE_LABEL2] = { "label2",
		{ { 3, 0xffaf5f }, NONE, 0 }, { { 3, 0xaf5f00 }, NONE, 0 },
		LOOK_UNDERLINE, N_("The label $label2, Work") },
	[STYLE_LABEL3] = { "label3",
		{ { 2, 0x87d787 }, NONE, 0 }, { { 2, 0x008700 }, NONE, 0 },
		LOOK_UNDERLINE, N_("The label $label3, Personal") },
	[STYLE_LABEL4] = { "label4",
		{ { 12, 0x87afff }, NONE, 0 }, { { 4, 0x005faf }, NONE, 0 },
		LOOK_UNDERLINE, N_("The label $label4, To do") },
	[STYLE_LABEL5] = { "label5",
		{ { 13, 0xd787d7 }, NONE, 0 }, { { 5, 0x870087 }, NONE, 0 },
		LOOK_UNDERLINE, N_("The label $label5, Later") },
	[STYLE_RED] = { "red",
		{ { 9, 0xff8787 }, NONE, 0 }, { { 1, 0xaf0000 }, NONE, 0 },
		0, N_("What its writer coloured red") },
	[STYLE_YELLOW] = { "yellow",
		{ { 3, 0xffaf5f }, NONE, 0 }, { { 3, 0xaf5f00 }, NONE, 0 },
		0, N_("What its writer coloured yellow or orange") },
	[STYLE_GREEN] = { "green",
		{ { 2, 0x87d787 }, NONE, 0 }, { { 2, 0x008700 }, NONE, 0 },
		0, N_("What its writer coloured green") },
	[STYLE_CYAN] = { "cyan",
		{ { 6, 0x5fd7d7 }, NONE, 0 }, { { 6, 0x008787 }, NONE, 0 },
		0, N_("What its writer coloured turquoise") },
	[STYLE_BLUE] = { "blue",
		{ { 12, 0x87afff }, NONE, 0 }, { { 4, 0x005faf }, NONE, 0 },
		0, N_("What its writer coloured blue") },
	[STYLE_MAGENTA] = { "magenta",
		{ { 13, 0xd787d7 }, NONE, 0 }, { { 5, 0x870087 }, NONE, 0 },
		0, N_("What its writer coloured purple or pink") },
};
/* clang-format on */

static const char *const color_names[16] = { "black", "red", "green", "yellow",
	"blue", "magenta", "cyan", "white", "bright-black", "bright-red",
	"bright-green", "bright-yellow", "bright-blue", "bright-magenta",
	"bright-cyan", "bright-white" };

static const struct {
	const char *name;
	unsigned bit;
} look_names[] = {
	{ "bold", LOOK_BOLD },
	{ "dim", LOOK_DIM },
	{ "italic", LOOK_ITALIC },
	{ "underline", LOOK_UNDERLINE },
	{ "reverse", LOOK_REVERSE },
};

struct theme *
theme_new(bool light)
{
	struct theme *theme = xnew(struct theme);

	for (size_t i = 0; i < STYLE_COUNT; i++)
		theme->entries[i] = light ? styles[i].light : styles[i].dark;
	return theme;
}

void
theme_free(struct theme *theme)
{
	free(theme);
}

const char *
style_name(enum style style)
{
	return styles[style].name;
}

const char *
style_summary(enum style style)
{
	return styles[style].summary;
}

static int32_t
paint_at(const struct paint *paint, enum color_depth depth)
{
	switch (depth) {
	case DEPTH_MONO:
		return COLOR_NONE;
	case DEPTH_16:
		return paint->ansi;
	case DEPTH_256:
		return paint->rgb < 0 ? COLOR_NONE
				      : color_nearest_256((uint32_t)paint->rgb);
	case DEPTH_DIRECT:
		return paint->rgb;
	}
	UNREACHABLE();
}

static void
put_over(struct look *look, const struct theme *theme, enum style over,
	enum color_depth depth)
{
	const struct entry *entry = &theme->entries[over];
	int32_t fg = paint_at(&entry->fg, depth);
	int32_t bg = paint_at(&entry->bg, depth);

	if (fg != COLOR_NONE)
		look->fg = fg;
	if (bg != COLOR_NONE)
		look->bg = bg;
	look->bits |= depth == DEPTH_MONO ? styles[over].mono : entry->bits;
	/* Dim text on an accent cannot be read. */
	if (look->bits & LOOK_REVERSE || bg != COLOR_NONE)
		look->bits &= ~(unsigned)LOOK_DIM;
}

struct look
theme_look(const struct theme *theme, uint16_t style, enum color_depth depth)
{
	unsigned base = style & STYLE_MASK;
	const struct entry *entry;
	struct look look;

	ASSERT(base < STYLE_COUNT);
	entry = &theme->entries[base];
	look.fg = paint_at(&entry->fg, depth);
	look.bg = paint_at(&entry->bg, depth);
	look.bits = depth == DEPTH_MONO ? styles[base].mono : entry->bits;
	if (style & OVER_BOLD)
		look.bits |= LOOK_BOLD;
	if (style & OVER_ITALIC)
		look.bits |= LOOK_ITALIC;
	if (style & OVER_UNDERLINE)
		look.bits |= LOOK_UNDERLINE;
	if (style & OVER_SELECTED)
		put_over(&look, theme, STYLE_SELECTED, depth);
	if (style & OVER_SELECTED_UNFOCUSED)
		put_over(&look, theme, STYLE_SELECTED_UNFOCUSED, depth);
	if (style & OVER_MATCH)
		put_over(&look, theme, STYLE_MATCH, depth);
	return look;
}

static bool
parse_paint(struct slice word, struct paint *ret)
{
	uint64_t number;
	uint32_t rgb = 0;

	if (slice_eq_nocase(word, SLICE("default"))) {
		*ret = (struct paint)NONE;
		return true;
	}
	for (int i = 0; i < 16; i++)
		if (slice_eq_nocase(word, slice_str(color_names[i]))) {
			*ret = (struct paint){ (int16_t)i,
				(int32_t)color_of_index(i) };
			return true;
		}
	if (ascii_parse_u64(word.data, word.len, 255, &number)) {
		rgb = color_of_index((int)number);
		ret->ansi = (int16_t)(number < 16 ? (int)number
						  : color_nearest_16(rgb));
		ret->rgb = (int32_t)rgb;
		return true;
	}
	if (word.len != 7 || word.data[0] != '#')
		return false;
	for (size_t i = 1; i < 7; i++) {
		int digit = ascii_hex(word.data[i]);

		if (digit < 0)
			return false;
		rgb = rgb << 4 | (uint32_t)digit;
	}
	*ret = (struct paint){ (int16_t)color_nearest_16(rgb), (int32_t)rgb };
	return true;
}

static bool
parse_entry(struct slice text, struct entry *ret, struct error *err)
{
	struct entry entry = { NONE, NONE, 0 };
	struct paint *paint = &entry.fg;

	while ((text = slice_trim(text)).len > 0) {
		size_t end = slice_find(text, ' ');
		struct slice word = slice_head(text, end);
		bool known = false;

		text = slice_skip(text, end);
		if (slice_eq_nocase(word, SLICE("on"))) {
			paint = &entry.bg;
			continue;
		}
		for (size_t i = 0; i < ARRAY_LEN(look_names); i++)
			if (slice_eq_nocase(
				    word, slice_str(look_names[i].name))) {
				entry.bits |= look_names[i].bit;
				known = true;
			}
		if (!known && !parse_paint(word, paint))
			return error_set(err, ERR_INVALID,
				_("“%.*s” is neither a colour (red, "
				  "bright-red, 0 to 255, #rrggbb, default) "
				  "nor bold, dim, italic, underline or "
				  "reverse"),
				(int)word.len, word.data);
	}
	*ret = entry;
	return true;
}

static bool
read_line(struct theme *theme, struct slice line, struct error *err)
{
	size_t equals = slice_find(line, '=');
	struct slice name = slice_trim(slice_head(line, equals));

	if (equals == line.len)
		return error_set(err, ERR_INVALID,
			_("A line reads: style = [bold] COLOUR [on COLOUR]"));
	for (size_t i = 0; i < STYLE_COUNT; i++)
		if (slice_eq(name, slice_str(styles[i].name)))
			return parse_entry(slice_skip(line, equals + 1),
				&theme->entries[i], err);
	return error_set(err, ERR_INVALID, _("There is no style “%.*s”"),
		(int)name.len, name.data);
}

bool
theme_read(struct theme *theme, const char *file, struct slice text,
	struct error *err)
{
	struct slice line;

	for (int n = 1; slice_next_line(&text, &line); n++) {
		line = slice_trim(line);
		if (line.len == 0 || line.data[0] == '#')
			continue;
		if (!read_line(theme, line, err))
			return error_prefix(err, "%s:%d", file, n);
	}
	return true;
}
