/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "term/hyperlink.h"
#include "term/input.h"
#include "term/key.h"
#include "term/screen.h"

#include "tap.h"

static void
test_key_names(void)
{
	static const struct {
		const char *text;
		const char *want; /* NULL: refused */
	} cases[] = {
		{ "j", "j" },
		{ "J", "J" },
		{ "Shift-j", "J" },
		{ "g g", "g g" },
		{ "  g   g ", "g g" },
		{ "ctrl-D", "Ctrl-d" },
		{ "Alt-Shift-Tab", "Alt-Shift-Tab" },
		{ "Shift-Alt-tab", "Alt-Shift-Tab" },
		{ "pagedown", "PgDn" },
		{ "Return", "Enter" },
		{ "f12", "F12" },
		{ "F", "F" },
		{ "Space", "Space" },
		{ "Equal", "=" },
		{ "-", "-" },
		{ "Ctrl--", "Ctrl--" },
		{ "ü", "ü" },
		{ "Esc a b c", "Esc a b c" },
		{ "a b c d e", NULL },
		{ "", NULL },
		{ "f13", NULL },
		{ "gg", NULL },
		{ "Ctrl-", NULL },
		{ "\x01", NULL },
		{ "\xff", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct keyseq seq;
		char *got CLEANUP(freep) = NULL;

		if (keyseq_parse(slice_str(cases[i].text), &seq, &err))
			got = keyseq_format(&seq);
		is_str(got, cases[i].want, cases[i].text);
	}
}

/* Inputs as words: keys by name, the rest in brackets. */
static void
describe(const struct input *input, struct strbuf *out)
{
	static const char *const actions[] = { "press", "drag", "release",
		"wheel-up", "wheel-down" };
	char name[KEYCODE_NAME_MAX];

	if (out->len > 0)
		strbuf_add_char(out, ' ');
	switch (input->kind) {
	case INPUT_KEY:
		strbuf_add_str(out, keycode_format(input->key, name));
		break;
	case INPUT_MOUSE:
		strbuf_addf(out, "[%s %d %d,%d]", actions[input->action],
			input->button, input->row, input->col);
		break;
	case INPUT_PASTE:
		strbuf_addf(out, "[paste %.*s]", (int)input->paste.len,
			input->paste.data);
		break;
	case INPUT_BACKGROUND:
		strbuf_addf(out, "[background %06x]", input->rgb);
		break;
	}
}

static void
decode(const char *bytes, size_t len, size_t step, struct strbuf *out)
{
	struct input_decoder decoder;
	struct input input;

	input_init(&decoder);
	for (size_t i = 0; i < len; i += step) {
		size_t n = len - i < step ? len - i : step;

		ok(input_feed(&decoder, bytes + i, n) == n, "taken");
		while (input_next(&decoder, false, &input))
			describe(&input, out);
	}
	while (input_next(&decoder, true, &input))
		describe(&input, out);
	input_clear(&decoder);
}

static void
test_input(void)
{
	static const struct {
		const char *bytes;
		const char *want;
	} cases[] = {
		{ "jG", "j G" },
		{ "\x04\x15\r\n\t\x7f\x08",
			"Ctrl-d Ctrl-u Enter Enter Tab Backspace Backspace" },
		{ "\x1b", "Esc" },
		{ "\x1b\x1b", "Esc Esc" },
		{ "\x1b[A\x1bOB\x1b[C\x1bOD", "Up Down Right Left" },
		{ "\x1b[5~\x1b[6~\x1b[1~\x1b[4~\x1b[H\x1bOF\x1b[3~\x1b[Z",
			"PgUp PgDn Home End Home End Del Shift-Tab" },
		{ "\x1b[1;5A\x1b[1;2B\x1b[5;3~",
			"Ctrl-Up Shift-Down Alt-PgUp" },
		{ "\x1b[7^\x1b[8@", "Ctrl-Home Ctrl-Shift-End" },
		{ "\x1bOP\x1b[[B\x1b[15~\x1b[24~", "F1 F2 F5 F12" },
		{ "\x1bx", "Alt-x" },
		{ "\xc3\xbc\xe5\xb1\xb1\xf0\x9f\x8e\x89", "ü 山 🎉" },
		/* what is not known does nothing */
		{ "\x1b[?62;22cj", "j" },
		{ "\x1b[99;99qj", "j" },
		{ "\x1b[12;40Rj", "j" },
		{ "\x1b[Ij\x1b[O", "j" },
		{ "\x1bP1+r544e=1234\x1b\\j", "j" },
		{ "\x1b]0;title dd q\x07j", "j" },
		{ "\x1b[31", "" },
		{ "\x1b]11;rgb:00", "" },
		{ "\x9b\x41j\xff\xc3j", "A j j" },
		{ "\xc2\x9b"
		  "31mj",
			"3 1 m j" },
		/* answers */
		{ "\x1b]11;rgb:ffff/ffff/dddd\x1b\\j",
			"[background ffffdd] j" },
		{ "\x1b]11;rgb:1/2/3\x07", "[background 112233]" },
		{ "\x1b]11;rgba:0000/1c1c/2222/ffff\x07",
			"[background 001c22]" },
		{ "\x1b]11;#123\x07", "" },
		/* mouse: SGR, X10, urxvt */
		{ "\x1b[<0;5;3M\x1b[<0;5;3m\x1b[<32;6;3M\x1b[<64;1;1M\x1b[<65;1;1M",
			"[press 1 2,4] [release 1 2,4] [drag 1 2,5] "
			"[wheel-up 1 0,0] [wheel-down 2 0,0]" },
		{ "\x1b[M %#", "[press 1 2,4]" },
		{ "\x1b[32;5;3M", "[press 1 2,4]" },
		/* pasted text is text, whatever it holds */
		{ "\x1b[200~dd\x1b[Aq\r\x1b[201~j", "[paste dd\x1b[Aq\r] j" },
		{ "\x1b[200~open", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		static const size_t steps[] = { 1, 2, 3, 1000 };

		for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
			struct strbuf out CLEANUP(strbuf_clear) = { 0 };
			char what[40];

			/* An escape split off its sequence is decided by time,
			 * which a test has none of. */
			strbuf_init(&out, 4096);
			decode(cases[i].bytes, strlen(cases[i].bytes), steps[s],
				&out);
			snprintf(what, sizeof(what), "input %zu by %zu", i,
				steps[s]);
			is_str(out.data, cases[i].want, what);
		}
	}
}

static void
test_input_bounds(void)
{
	struct input_decoder decoder;
	struct input input;
	char flood[3 * INPUT_PENDING_MAX];
	size_t fed = 0;

	memset(flood, '1', sizeof(flood));
	memcpy(flood, "\x1b]", 2);
	input_init(&decoder);
	for (int turn = 0; turn < 10 && fed < sizeof(flood); turn++) {
		fed += input_feed(&decoder, flood + fed, sizeof(flood) - fed);
		while (input_next(&decoder, false, &input))
			;
	}
	ok(fed == sizeof(flood), "an endless answer is taken and forgotten");
	input_clear(&decoder);
}

static void
filter(struct slice text, struct strbuf *out, int *ret_columns)
{
	struct glyph glyph;

	*ret_columns = 0;
	while (glyph_next(&text, &glyph)) {
		strbuf_add_str(out, glyph.text);
		*ret_columns += glyph.width;
	}
}

#define R "\xef\xbf\xbd"

static void
test_filter(void)
{
	static const struct {
		const char *in;
		const char *want;
		int columns;
	} cases[] = {
		{ "plain", "plain", 5 },
		{ "\x1b[2J\x1b]0;x\x07", R "[2J" R "]0;x" R, 10 },
		{ "a\tb\nc\rd", "a b c d", 7 },
		{ "\x01\x7f\xc2\x9b"
		  "31m",
			R R R "31m", 6 },
		{ "\x9b\xff\xc0\xaf", R R R R, 4 },
		{ "\xed\xa0\x80", R R R, 3 },
		{ "invoice\xe2\x80\xaegpj.exe", "invoicegpj.exe", 14 },
		{ "\xe2\x81\xa6x\xe2\x81\xa9\xd8\x9c", "x", 1 },
		{ "pay\xe2\x80\x8bpal\xef\xbb\xbf", "paypal", 6 },
		{ "\xf3\xa0\x81\xa1\xf3\xa0\x81\xa2t", "t", 1 },
		{ "\xee\x80\x80\xf3\xb0\x80\x80\xf4\x8f\xbf\xbd", R R R, 3 },
		{ "e\xcc\x81", "e\xcc\x81", 1 },
		{ "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85x",
			"e\xcc\x81\xcc\x82\xcc\x83x", 2 },
		{ "\xcc\x81x", " \xcc\x81x", 2 },
		{ "\xe5\xb1\xb1\xe7\x94\xb0", "\xe5\xb1\xb1\xe7\x94\xb0", 4 },
		{ "\xf0\x9f\x8e\x89", "\xf0\x9f\x8e\x89", 2 },
		/* a skin tone, a heart's selector, a family, a flag */
		{ "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "\xf0\x9f\x91\x8d", 2 },
		{ "\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4", 1 },
		{ "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa7",
			"\xf0\x9f\x91\xa8\xf0\x9f\x91\xa7", 4 },
		{ "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", "DE", 2 },
		{ "a\xc2\xa0"
		  "b\xe2\x80\xa8"
		  "c\xe3\x85\xa4"
		  "d",
			"a b c d", 7 },
		{ "\xe2\xb8\xbb\xef\xb7\xbd", R R, 2 },
		{ "\xef\xbf\xbf\xcd\xb8", R R, 2 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct strbuf out CLEANUP(strbuf_clear) = { 0 };
		char what[40];
		int columns;

		strbuf_init(&out, 1000);
		filter(slice_str(cases[i].in), &out, &columns);
		snprintf(what, sizeof(what), "filtered %zu", i);
		is_str(out.data, cases[i].want, what);
		is_int(columns, cases[i].columns, "its columns");
	}
}

static bool
is_safe(const struct glyph *glyph)
{
	struct slice rest = slice_str(glyph->text);

	if (glyph->width < 1 || glyph->width > 2 || rest.len == 0 ||
		!utf8_is_valid(rest))
		return false;
	while (rest.len > 0) {
		uint32_t code = utf8_next(&rest);

		if (code < 0x20 || (code >= 0x7f && code < 0xa0) ||
			(code >= 0x200b && code <= 0x200f) ||
			(code >= 0x2028 && code <= 0x202e) ||
			(code >= 0x2060 && code <= 0x206f) ||
			(code >= 0xe000 && code < 0xf900) || code == 0xfeff ||
			code == 0x61c || code >= 0xe0000)
			return false;
	}
	return true;
}

/* Every code point after every kind of neighbour. */
static void
test_filter_all(void)
{
	static const char *const before[] = { "", "a", "\xe5\xb1\xb1",
		"e\xcc\x81", "\xe2\x80\x8d" };
	bool safe = true;
	uint32_t bad = 0;

	for (uint32_t code = 0; code < 0x110000; code++)
		for (size_t i = 0; i < ARRAY_LEN(before); i++) {
			char bytes[16];
			size_t len = strlen(before[i]);
			struct slice text;
			struct glyph glyph;

			memcpy(bytes, before[i], len);
			len += utf8_encode(code, bytes + len);
			text = slice_make(bytes, len);
			while (glyph_next(&text, &glyph))
				if (!is_safe(&glyph)) {
					safe = false;
					bad = code;
				}
		}
	ok(safe, "no code point gets through unsafe (U+%04X)", bad);
}

static void
check_screen(const struct screen *screen, const char *want, const char *what)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, 100000);
	screen_print_text(screen, &out);
	is_str(out.data, want, what);
}

static void
test_screen(void)
{
	struct screen *screen = screen_new(3, 10, false);

	screen_put_str(screen, 0, 0, 10, "0123456789abc", STYLE_TEXT);
	screen_put_str(screen, 1, 0, 6, "山田太郎", STYLE_TEXT);
	screen_put_right(screen, 2, 2, 10, "right", STYLE_DIM);
	check_screen(screen, "012345678…\n山田…\n     right\n", "cut and fit");
	screen_put_str(screen, 1, 1, 1, "x", STYLE_TEXT);
	check_screen(screen, "012345678…\n x田…\n     right\n",
		"half of a wide glyph goes with the other");
	screen_put_str(screen, 1, 9, 5, "山", STYLE_TEXT);
	screen_put_str(screen, 7, 0, 5, "out", STYLE_TEXT);
	screen_put_str(screen, 0, -3, 5, "out", STYLE_TEXT);
	check_screen(screen, "012345678…\n x田…    …\n     right\n",
		"nothing outside");
	screen_put_right(screen, 2, 8, 10, "wrong", STYLE_DIM);
	check_screen(screen, "012345678…\n x田…    …\n     rigng\n",
		"cut at the left");
	screen_free(screen);
	screen = screen_new(1, 8, true);
	screen_put_symbol(screen, 0, 0, SYMBOL_UNREAD, STYLE_ACCENT);
	screen_put_str(screen, 0, 2, 4, "abcdefg", STYLE_TEXT);
	check_screen(screen, "N abc~\n", "symbols in ASCII");
	screen_free(screen);
	screen = screen_new(2, 24, true);
	screen->plain = true;
	screen_put_str(screen, 0, 0, 24, "Zoë O’Neill 山田 €\xff.", STYLE_TEXT);
	screen_put_str(
		screen, 1, 0, 24, "e\xcc\x81 П\xe2\x80\xae.", STYLE_TEXT);
	check_screen(screen, "Zoe O'Neill ???? E?.\ne ?.\n",
		"all in ASCII, in as many columns");
	screen_free(screen);
}

static void
test_symbols(void)
{
	bool narrow = true;

	for (int i = 0; i < SYMBOL_COUNT; i++)
		for (int ascii = 0; ascii < 2; ascii++) {
			struct slice text = slice_str(symbol_text(i, ascii));

			narrow = narrow && glyph_columns(text) == 1 &&
				 (!ascii || (unsigned char)text.data[0] < 0x80);
		}
	ok(narrow, "every symbol takes one column");
}

static void
test_theme(void)
{
	struct theme *theme = theme_new(false);
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct look look;

	ok(theme_read(theme, "t",
		   SLICE("# mine\nunread = bold #102030 on red\n"
			 "link=underline 75\n\ndim = default\n"),
		   &err),
		"a theme is read");
	look = theme_look(theme, STYLE_UNREAD, DEPTH_DIRECT);
	ok(look.fg == 0x102030 && look.bg == 0xcd0000 && look.bits == LOOK_BOLD,
		"direct colour");
	look = theme_look(theme, STYLE_LINK, DEPTH_256);
	is_int(look.fg, 75, "a colour by number");
	look = theme_look(theme, STYLE_UNREAD, DEPTH_16);
	is_int(look.bg, 1, "one of sixteen");
	look = theme_look(theme, STYLE_UNREAD | OVER_SELECTED, DEPTH_MONO);
	ok(look.fg == COLOR_NONE && look.bits == (LOOK_BOLD | LOOK_REVERSE),
		"without colour");
	ok(!theme_read(theme, "t", SLICE("text = bold\nunread = pink\n"), &err),
		"no such colour");
	ok(strncmp(err.text, "t:2: ", 5) == 0, "the error names the line: %s",
		err.text);
	ok(!theme_read(theme, "t", SLICE("nothing = red\n"), &err),
		"no such style");
	ok(!theme_read(theme, "t", SLICE("text red\n"), &err), "no line");
	theme_free(theme);
	ok(color_is_light(0xffffff) && color_is_light(0xfdf6e3) &&
			!color_is_light(0) && !color_is_light(0x002b36),
		"light and dark");
	is_int(color_nearest_256(0x5fafff), 75, "the nearest");
}

static void
test_hyperlinks(void)
{
	static const struct {
		const char *what;
		struct hyperlink_signs signs;
		bool known;
	} cases[] = {
		{ "nothing", { .term = NULL }, false },
		{ "xterm", { .term = "xterm-256color" }, false },
		{ "the console", { .term = "linux" }, false },
		{ "kitty", { .term = "xterm-kitty" }, true },
		{ "foot", { .term = "foot-extra" }, true },
		{ "VTE", { .term = "xterm-256color", .vte = "7200" }, true },
		{ "an old VTE", { .term = "xterm-256color", .vte = "5001" },
			false },
		{ "VTE, it says", { .term = "xterm", .vte = "yes" }, false },
		{ "Konsole", { .term = "xterm-256color", .konsole = "220401" },
			true },
		{ "iTerm",
			{ .term = "xterm-256color",
				.program = "iTerm.app",
				.version = "3.4.19" },
			true },
		{ "an old iTerm",
			{ .term = "xterm-256color",
				.program = "iTerm.app",
				.version = "3.0.15" },
			false },
		{ "WezTerm",
			{ .term = "xterm-256color",
				.program = "WezTerm",
				.version = "20240203-110809-5046fc22" },
			true },
		{ "Terminal.app",
			{ .term = "xterm-256color",
				.program = "Apple_Terminal",
				.version = "453" },
			false },
		{ "Windows Terminal",
			{ .term = "xterm-256color", .windows = "0a1b" }, true },
		{ "tmux",
			{ .term = "tmux-256color",
				.program = "tmux",
				.version = "3.4" },
			true },
		{ "a newer tmux",
			{ .term = "screen-256color",
				.program = "tmux",
				.version = "next-3.6" },
			true },
		{ "an old tmux in a VTE",
			{ .term = "tmux-256color",
				.program = "tmux",
				.version = "3.3a",
				.vte = "7200" },
			false },
		{ "screen in a VTE",
			{ .term = "screen.xterm-256color", .vte = "7200" },
			false },
		{ "the console, out of a VTE",
			{ .term = "linux", .vte = "7200" }, false },
	};
	struct screen *screen = screen_new(2, 10, false);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ok(hyperlink_is_known(&cases[i].signs) == cases[i].known,
			"%s %s links", cases[i].what,
			cases[i].known ? "knows" : "does not know");
	screen_link(screen, 0, 0, 3, SLICE("https://example.org/"));
	is_int(screen_cell(screen, 0, 0)->link, 0, "no links where none are");
	screen->shows_links = true;
	screen_link(screen, 0, 8, 5, SLICE("https://example.org/"));
	screen_link(screen, 1, -1, 3, SLICE("https://example.org/"));
	screen_link(screen, 1, 5, 1, SLICE("https://example.net/"));
	ok(screen_cell(screen, 0, 9)->link == 1 &&
			screen_cell(screen, 1, 0)->link == 1 &&
			screen_cell(screen, 1, 2)->link == 0 &&
			screen_cell(screen, 1, 5)->link == 2,
		"links are numbered, and stay on the screen");
	screen_link(screen, 0, 0, 1, SLICE("https://example.org/\x1b\\"));
	screen_link(screen, 0, 1, 1, SLICE("https://example.org/ x"));
	screen_link(screen, 0, 2, 1, SLICE("https://example.org/\xc3\xa4"));
	screen_link(screen, 0, 3, 1, SLICE(""));
	ok(screen_cell(screen, 0, 0)->link == 0 &&
			screen_cell(screen, 0, 1)->link == 0 &&
			screen_cell(screen, 0, 2)->link == 0 &&
			screen_cell(screen, 0, 3)->link == 0,
		"what is not visible ASCII is none");
	screen_put_str(screen, 1, 0, 1, "x", STYLE_TEXT);
	is_int(screen_cell(screen, 1, 0)->link, 0,
		"what is drawn leads nowhere");
	for (int i = 0; i < 2 * SCREEN_LINKS_MAX; i++) {
		char url[40];

		snprintf(url, sizeof(url), "https://example.org/%d", i);
		screen_link(screen, 0, 0, 1, slice_str(url));
	}
	ok(screen->n_links == SCREEN_LINKS_MAX &&
			screen_cell(screen, 0, 0)->link == 0,
		"only so many at a time");
	screen_free(screen);
}

int
main(void)
{
	test_hyperlinks();
	test_key_names();
	test_input();
	test_input_bounds();
	test_filter();
	test_filter_all();
	test_screen();
	test_symbols();
	test_theme();
	return tap_done();
}
