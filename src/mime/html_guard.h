/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands between hostile HTML and libxml2's parser, which takes quadratic
 * time for some of it: only tags that mean something get through, rewritten,
 * with few attributes, not nested without end, never without an end.  Comments,
 * scripts, styles and declarations stay outside.  Linear time.
 */
#ifndef TERCET_MIME_HTML_GUARD_H
#define TERCET_MIME_HTML_GUARD_H

#include <stdbool.h>

#include "base/slice.h"

enum {
	HTML_TAG_MAX = 64 * 1024, /* a longer tag is text */
	HTML_DEPTH_MAX = 256,     /* deeper elements lose their tags */
	HTML_PIECE_MAX = 1024,    /* depth is asked for this often */
};

struct html_guard_sink {
	/* Takes a piece of sanitised HTML. */
	void (*add)(void *context, struct slice piece);
	/* How deep elements are nested at this point. */
	int (*depth)(void *context);
	/* Takes a style sheet, which stays where it is; may be NULL. */
	void (*style)(void *context, struct slice css);
	void *context;
};

/* `html` is UTF-8 without NUL. */
void html_guard_run(struct slice html, const struct html_guard_sink *sink);

#endif /* TERCET_MIME_HTML_GUARD_H */
