/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user's editor on a text. */
#ifndef TERCET_UI_SCREEN_EDITOR_H
#define TERCET_UI_SCREEN_EDITOR_H

#include <stddef.h>

#include "base/attr.h"
#include "base/error.h"

struct app;

/*
 * Gives the terminal to the editor (`editor` of the configuration, $VISUAL,
 * $EDITOR, sensible-editor, nano, vi) with `*text` (owned, or NULL) in a file
 * beside the store, which outlives this process, and replaces `*text` by what
 * it left there, repaired to UTF-8 with line feeds.  On an error `*text` is as
 * it was; what stands in the file then is kept, and the error says where.
 */
MUST_CHECK bool editor_run(
	struct app *app, char **text, size_t max, struct error *err);

#endif /* TERCET_UI_SCREEN_EDITOR_H */
