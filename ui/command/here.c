/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/here.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/slice.h"
#include "i18n/width.h"

/* Below the home directory, or the directory itself. */
static bool
is_below(struct slice path, struct slice home)
{
	return home.len > 1 && slice_starts(path, home) &&
	       (path.len == home.len || path.data[home.len] == '/');
}

char *
here_print(const char *path)
{
	char *cwd CLEANUP(freep) = NULL;
	char *whole CLEANUP(freep) = NULL;
	struct slice home = slice_str(getenv("HOME"));
	struct slice text;

	if (path && slice_starts(slice_str(path), SLICE("./")))
		path += 2;
	if (!path || path[0] != '/') {
		cwd = get_current_dir_name();
		if (!cwd)
			return xstrdup(path ? path : ".");
		whole = path ? file_join(cwd, path) : xstrdup(cwd);
	} else {
		whole = xstrdup(path);
	}
	text = slice_str(whole);
	if (!is_below(text, home))
		return STEAL(whole);
	text = slice_skip(text, home.len);
	return xasprintf("~%.*s", (int)text.len, text.data);
}

char *
here_print_short(const char *path, int columns)
{
	char *whole CLEANUP(freep) = here_print(path);
	struct slice text = slice_str(whole);

	if (width_text(text) <= columns)
		return STEAL(whole);
	while (text.len > 0 && width_text(text) > columns - 1) {
		int ignored;

		text = slice_skip(text, width_grapheme(text, &ignored));
	}
	return xasprintf("…%.*s", (int)text.len, text.data);
}
