/* SPDX-License-Identifier: GPL-3.0-or-later */
#define NCURSES_WIDECHAR 1
#include "term/term.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "term/private.h"

/* Buttons, drags, SGR coordinates; pasted text in brackets. */
#define MOUSE_ON       "\x1b[?1000h\x1b[?1002h\x1b[?1006h"
#define MOUSE_OFF      "\x1b[?1006l\x1b[?1002l\x1b[?1000l"
#define PASTE_ON       "\x1b[?2004h"
#define PASTE_OFF      "\x1b[?2004l"
#define CURSOR_ON      "\x1b[?25h"
#define CURSOR_OFF     "\x1b[?25l"
#define ASK_BACKGROUND "\x1b]11;?\x1b\\"

/* How long an answer may take over a slow line. */
enum { ANSWER_US = 1000000 };

/* Of the status, at the bottom of the screen. */
enum { LAST_ROWS = 2 };

/* Terminals that answer, or at least pass over, what we ask. */
static const char *const modern[] = { "xterm", "tmux", "screen", "foot",
	"alacritty", "kitty", "vte", "gnome", "konsole", "st-", "rxvt",
	"wezterm", "ghostty", "contour", "mlterm", "iterm" };

static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

/*
 * The one thing here that a signal handler must reach: what gives the
 * terminal back.  Empty while it is not ours.
 */
static struct {
	struct termios saved;
	char bytes[256];
	volatile sig_atomic_t len;
	struct sigaction old[ARRAY_LEN(deadly)];
} rescue;

void
terminal_write(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

/* Async-signal-safe. */
static void
restore_terminal(void)
{
	size_t len = (size_t)rescue.len;

	if (len == 0)
		return;
	rescue.len = 0;
	terminal_write(rescue.bytes, len);
	tcsetattr(STDIN_FILENO, TCSANOW, &rescue.saved);
}

static void
die(int sig, siginfo_t *info, void *context)
{
	(void)context;
	restore_terminal();
	/* Whoever handled it before (a sanitizer, or the core dump) goes on. */
	for (size_t i = 0; i < ARRAY_LEN(deadly); i++)
		if (deadly[i] == sig)
			sigaction(sig, &rescue.old[i], NULL);
	/* A fault comes again by itself, with its address; what was sent does
	 * not. */
	if (info->si_code <= 0)
		raise(sig);
}

/* Whether the cursor goes by DEC's private mode 25, as nearly everywhere. */
static bool
hides_by_mode(void)
{
	const char *hide = tigetstr("civis");

	return hide && hide != (char *)-1 && strstr(hide, "[?25l");
}

void
terminal_cursor(struct terminal *term, bool shown)
{
	enum cursor_state state = shown ? CURSOR_SHOWN : CURSOR_HIDDEN;
	const char *bytes = shown ? CURSOR_ON : CURSOR_OFF;

	if (term->cursor == state)
		return;
	term->cursor = state;
	if (hides_by_mode())
		terminal_write(bytes, strlen(bytes));
	else
		curs_set(shown ? 1 : 0);
}

static void
add_rescue(const char *bytes)
{
	size_t len = (size_t)rescue.len;

	if (!bytes || bytes == (char *)-1 ||
		len + strlen(bytes) > sizeof(rescue.bytes))
		return;
	memcpy(rescue.bytes + len, bytes, strlen(bytes));
	rescue.len = (sig_atomic_t)(len + strlen(bytes));
}

static bool
is_modern(void)
{
	const char *name = getenv("TERM");

	for (size_t i = 0; name && i < ARRAY_LEN(modern); i++)
		if (strncmp(name, modern[i], strlen(modern[i])) == 0)
			return true;
	return false;
}

/* Whether what stood on the screen before comes back when we leave it. */
static bool
has_own_screen(void)
{
	const char *leave = tigetstr("rmcup");

	return leave && leave != (char *)-1;
}

static void
arm_rescue(const struct terminal *term)
{
	const char *place = tigetstr("cup");

	rescue.saved = term->saved;
	rescue.len = 0;
	if (is_modern())
		add_rescue(MOUSE_OFF PASTE_OFF);
	add_rescue(tigetstr("sgr0"));
	add_rescue(hides_by_mode() ? CURSOR_ON : tigetstr("cnorm"));
	if (has_own_screen()) {
		add_rescue(tigetstr("rmcup"));
	} else if (place && place != (char *)-1) {
		add_rescue(tparm(place, LINES - 1, 0));
		add_rescue(tigetstr("el"));
	}
}

static void
install_rescue(void)
{
	struct sigaction action = { .sa_sigaction = die,
		.sa_flags = SA_SIGINFO };

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(deadly); i++)
		sigaction(deadly[i], &action, &rescue.old[i]);
	bug_set_hook(restore_terminal);
}

static enum color_depth
find_depth(bool color)
{
	if (!color || !has_colors() || start_color() == ERR)
		return DEPTH_MONO;
	use_default_colors();
	if (COLORS >= 1 << 24 && tigetflag("RGB") != -1)
		return DEPTH_DIRECT;
	if (COLORS >= 256)
		return DEPTH_256;
	return COLORS >= 8 ? DEPTH_16 : DEPTH_MONO;
}

/* Switches on what curses knows nothing of. */
static void
write_modes(const struct terminal *term)
{
	if (!is_modern())
		return;
	terminal_write(PASTE_ON, strlen(PASTE_ON));
	if (term->mouse)
		terminal_write(MOUSE_ON, strlen(MOUSE_ON));
}

static void
write_modes_off(void)
{
	if (is_modern())
		terminal_write(
			MOUSE_OFF PASTE_OFF, strlen(MOUSE_OFF PASTE_OFF));
}

bool
terminal_check(struct error *err)
{
	const char *name = getenv("TERM");
	const char *cup;
	bool places_cursor;
	int status = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(err, ERR_INVALID,
			_("The interface needs a terminal; `tercet list` and "
			  "`tercet show` do not"));
	if (!name || !*name)
		return error_set(err, ERR_INVALID,
			_("TERM is not set, so nobody knows how to draw on "
			  "this terminal"));
	if (setupterm(NULL, STDOUT_FILENO, &status) == ERR)
		return error_set(err, ERR_INVALID,
			_("There is no description of the terminal “%s” (TERM); "
			  "the package ncurses-term has more of them"),
			name);
	cup = tigetstr("cup");
	places_cursor = cup && cup != (char *)-1;
	del_curterm(cur_term); /* curses makes its own */
	if (!places_cursor)
		return error_set(err, ERR_INVALID,
			_("The terminal “%s” (TERM) cannot place its cursor; "
			  "`tercet list` and `tercet show` need nothing of "
			  "it"),
			name);
	return true;
}

bool
terminal_start(const struct terminal_options *options,
	struct terminal **ret_term, struct error *err)
{
	struct terminal *term;

	if (!terminal_check(err))
		return false;
	term = xnew(struct terminal);
	if (tcgetattr(STDIN_FILENO, &term->saved) < 0 ||
		!newterm(NULL, stdout, stdin)) {
		free(term);
		return error_set(err, ERR_INVALID,
			_("The terminal “%s” (TERM) cannot be drawn on"),
			getenv("TERM"));
	}
	term->mouse = options->mouse;
	arm_rescue(term);
	install_rescue();
	raw();
	noecho();
	nonl();
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	/* Links would be shifted with the cells. */
	idcok(stdscr, FALSE);
	term->depth = find_depth(options->color);
	term->colors = COLORS;
	refresh();
	terminal_cursor(term, false);
	write_modes(term);
	if (options->ask_background && term->depth != DEPTH_MONO &&
		is_modern()) {
		terminal_write(ASK_BACKGROUND, strlen(ASK_BACKGROUND));
		term->asked_us = clock_mono_us();
	}
	*ret_term = term;
	return true;
}

/* Our last rows must not stand around the shell's prompt. */
static void
clear_last_rows(void)
{
	if (has_own_screen())
		return;
	attrset(A_NORMAL);
	move(LINES > LAST_ROWS ? LINES - LAST_ROWS : 0, 0);
	clrtobot();
	refresh();
}

static void
leave(struct terminal *term)
{
	if (term->suspended)
		return;
	clear_last_rows();
	write_modes_off();
	terminal_cursor(term, true);
	endwin();
	rescue.len = 0;
	/* An answer still under way must not become the shell's input. */
	if (term->asked_us > 0 && clock_mono_us() - term->asked_us < ANSWER_US)
		tcflush(STDIN_FILENO, TCIFLUSH);
	tcsetattr(STDIN_FILENO, TCSANOW, &term->saved);
	term->suspended = true;
}

void
terminal_stop(struct terminal *term)
{
	if (!term)
		return;
	leave(term);
	bug_set_hook(NULL);
	for (size_t i = 0; i < ARRAY_LEN(deadly); i++)
		sigaction(deadly[i], &rescue.old[i], NULL);
	screen_free(term->shown);
	screen_free(term->linked);
	free(term);
}

void
terminal_suspend(struct terminal *term)
{
	leave(term);
}

void
terminal_resume(struct terminal *term)
{
	int rows;
	int cols;

	if (!term->suspended)
		return;
	term->suspended = false;
	arm_rescue(term);
	terminal_size(term, &rows, &cols);
	refresh();
	terminal_cursor(term, false);
	write_modes(term);
	terminal_redraw(term);
}

void
terminal_size(struct terminal *term, int *ret_rows, int *ret_cols)
{
	struct winsize size = { 0 };

	(void)term;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
		size.ws_col > 0 &&
		(size.ws_row != LINES || size.ws_col != COLS))
		resizeterm(size.ws_row, size.ws_col);
	*ret_rows = LINES;
	*ret_cols = COLS;
}

void
terminal_set_mouse(struct terminal *term, bool on)
{
	term->mouse = on;
	if (!term->suspended && is_modern())
		terminal_write(on ? MOUSE_ON : MOUSE_OFF,
			strlen(on ? MOUSE_ON : MOUSE_OFF));
}

bool
terminal_copy(struct terminal *term, struct slice text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	if (term->suspended || !is_modern() || text.len > TERMINAL_COPY_MAX)
		return false;
	strbuf_init(&out, 2 * TERMINAL_COPY_MAX);
	strbuf_add_str(&out, "\033]52;c;");
	while (text.len > 0) {
		unsigned bits = 0;
		size_t n = text.len < 3 ? text.len : 3;

		for (size_t i = 0; i < 3; i++)
			bits = bits << 8 |
			       (i < n ? (unsigned char)text.data[i] : 0u);
		for (size_t i = 0; i < 4; i++)
			strbuf_add_char(
				&out, i <= n ? digits[bits >> (18 - 6 * i) & 63]
					     : '=');
		text = slice_skip(text, n);
	}
	strbuf_add_char(&out, '\a');
	terminal_write(out.data, out.len);
	return true;
}

int
terminal_fd(const struct terminal *term)
{
	(void)term;
	return STDIN_FILENO;
}

bool
terminal_read(struct terminal *term, struct input_decoder *decoder)
{
	char bytes[1024];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	(void)term;
	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	if (n == 0)
		return false;
	/* The owner takes inputs out after each call, so there is room. */
	(void)input_feed(decoder, bytes, (size_t)n);
	return true;
}

enum color_depth
terminal_depth(const struct terminal *term)
{
	return term->depth;
}

int
terminal_guess_light(const char *colorfgbg)
{
	const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
	uint64_t index;

	if (!last || !ascii_parse_u64(last + 1, strlen(last + 1), 15, &index))
		return -1;
	return index == 7 || index == 15 ? 1 : 0;
}
