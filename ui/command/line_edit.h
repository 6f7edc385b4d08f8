/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line being edited: UTF-8, a cursor, the keys every shell has.  Pure.
 */
#ifndef TERCET_UI_COMMAND_LINE_EDIT_H
#define TERCET_UI_COMMAND_LINE_EDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"

enum { LINE_EDIT_MAX = 4096 };

struct line_edit {
	struct strbuf text;   /* valid UTF-8 */
	size_t cursor;        /* bytes, between characters */
	struct strbuf killed; /* what Ctrl-k and its like took */
};

void line_edit_init(struct line_edit *edit);
void line_edit_clear(struct line_edit *edit);
/* The cursor goes to its end.  Malformed bytes are repaired. */
void line_edit_set(struct line_edit *edit, const char *text);
/* Typed or pasted at the cursor; line ends become blanks, controls nothing. */
void line_edit_insert(struct line_edit *edit, struct slice text);
/* Replaces bytes [from, cursor): for completion. */
void line_edit_replace(struct line_edit *edit, size_t from, const char *text);

/* True when the key was one for editing; `*ret_changed` when the text is
 * another now. */
bool line_edit_key(struct line_edit *edit, uint32_t key, bool *ret_changed);

/* The keys, for the help: NULL past the last. */
const char *line_edit_help(size_t i, const char **ret_summary);

#endif /* TERCET_UI_COMMAND_LINE_EDIT_H */
