/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plain text to paragraphs: quotes by their marks, the signature, patches,
 * links.  Lines are told one by one, so that flowed text can put its own
 * together first.
 */
#ifndef TERCET_MIME_PLAIN_H
#define TERCET_MIME_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "mail/paragraph.h"

/* Where we are in a patch. */
enum patch_state {
	PATCH_NONE,
	PATCH_HEADER, /* between "diff" and the first hunk */
	PATCH_HUNK,
};

struct plain {
	struct document *doc;
	enum patch_state patch;
	int patch_quote; /* patches are quoted, with words in between */
	size_t old_left; /* lines of the hunk still to come */
	size_t new_left;
	int signature_quote; /* -1 outside one */
};

struct plain_line {
	int quote;
	struct slice text;  /* without quote marks and line break */
	struct slice after; /* what follows in the source, for a look ahead */
};

void plain_init(struct plain *plain, struct document *doc);
void plain_add_line(struct plain *plain, const struct plain_line *line);
/* Takes quote marks off the front; "> > x" and ">> x" are both two deep.  One
 * blank behind the last mark goes with it. */
int plain_take_quote(struct slice *text);

/* `text` is UTF-8 with line feeds alone. */
void plain_extract(struct slice text, struct document *doc);

#endif /* TERCET_MIME_PLAIN_H */
