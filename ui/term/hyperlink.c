/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "term/hyperlink.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"

/* By TERM, which says it over a remote login too. */
static const char *const terms[] = { "xterm-kitty", "foot", "wezterm",
	"alacritty", "contour", "xterm-ghostty", "mintty", "domterm" };

/* By TERM_PROGRAM, from a version on. */
static const struct {
	const char *name;
	int major;
	int minor;
} programs[] = {
	{ "iTerm.app", 3, 1 },
	{ "WezTerm", 0, 0 },
	{ "ghostty", 0, 0 },
	{ "vscode", 1, 72 },
	{ "mintty", 3, 1 },
	{ "rio", 0, 0 },
};

/* VTE 0.50.0 and 0.50.1 fall over them. */
enum { VTE_MIN = 5002, KONSOLE_MIN = 201200, TMUX_MAJOR = 3, TMUX_MINOR = 4 };

static bool
starts(const char *s, const char *with)
{
	return s && strncmp(s, with, strlen(with)) == 0;
}

/* The digits at the front; `*s` is left behind them. */
static int
take_number(const char **s)
{
	int number = 0;

	while (ascii_is_digit(**s) && number < 1000000)
		number = number * 10 + *(*s)++ - '0';
	return number;
}

/* "3.4", "3.5a", "next-3.6", "20240203-110809-5046fc22". */
static bool
is_from(const char *version, int major, int minor)
{
	int number;

	if (major == 0)
		return true;
	while (version && *version && !ascii_is_digit(*version))
		version++;
	if (!version || !*version)
		return false;
	number = take_number(&version);
	if (number != major)
		return number > major;
	version += *version == '.';
	return take_number(&version) >= minor;
}

static bool
is_number_from(const char *text, int least)
{
	return text && take_number(&text) >= least;
}

bool
hyperlink_is_known(const struct hyperlink_signs *signs)
{
	if (!signs->term || !*signs->term)
		return false;
	if (starts(signs->term, "tmux") || starts(signs->term, "screen"))
		return signs->program && strcmp(signs->program, "tmux") == 0 &&
		       is_from(signs->version, TMUX_MAJOR, TMUX_MINOR);
	for (size_t i = 0; i < ARRAY_LEN(terms); i++)
		if (starts(signs->term, terms[i]))
			return true;
	/* All others that know them say they are xterm, or their own. */
	if (!starts(signs->term, "xterm") && !starts(signs->term, "vte") &&
		!starts(signs->term, "gnome") &&
		!starts(signs->term, "konsole") &&
		!starts(signs->term, "iterm") && !starts(signs->term, "rio"))
		return false;
	for (size_t i = 0; signs->program && i < ARRAY_LEN(programs); i++)
		if (strcmp(signs->program, programs[i].name) == 0)
			return is_from(signs->version, programs[i].major,
				programs[i].minor);
	return is_number_from(signs->vte, VTE_MIN) ||
	       is_number_from(signs->konsole, KONSOLE_MIN) ||
	       (signs->windows && *signs->windows) ||
	       (signs->domterm && *signs->domterm);
}

bool
hyperlink_is_known_here(void)
{
	struct hyperlink_signs signs = {
		.term = getenv("TERM"),
		.program = getenv("TERM_PROGRAM"),
		.version = getenv("TERM_PROGRAM_VERSION"),
		.vte = getenv("VTE_VERSION"),
		.konsole = getenv("KONSOLE_VERSION"),
		.windows = getenv("WT_SESSION"),
		.domterm = getenv("DOMTERM"),
	};

	return hyperlink_is_known(&signs);
}
