/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From keys to command lines.  The defaults come from the command table, the
 * user's from the `keys` file; both are read by the same code:
 *
 *     [list]
 *     Ctrl-n = next
 *     g i = folder INBOX
 *     # nothing behind the sign takes a key away
 *     n =
 *
 * Sections are list, viewer, folders, pager, activity and any.
 */
#ifndef TERCET_UI_COMMAND_KEYMAP_H
#define TERCET_UI_COMMAND_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"
#include "term/key.h"

enum { KEYMAP_FILE_MAX = 1 << 20, KEYMAP_BINDINGS_MAX = 10000 };

struct binding {
	unsigned where; /* of enum command_context; 0: taken away */
	struct keyseq seq;
	char *line;
};

struct keymap {
	struct binding *items;
	size_t n;
	size_t cap;
};

/* `preset` is of enum config_keys. */
struct keymap *keymap_new(int preset);
void keymap_free(struct keymap *keymap);
/* The error names file and line; what came before it is bound. */
MUST_CHECK bool keymap_read(struct keymap *keymap, const char *file,
	struct slice text, struct error *err);
/* The binding replaces those that it would hide or be hidden by. */
void keymap_bind(struct keymap *keymap, unsigned where,
	const struct keyseq *seq, const char *line);

/* What was typed so far. */
struct key_state {
	struct keyseq seq;
	int count;
};

enum key_result {
	KEY_UNBOUND, /* nothing begins so; the state is empty again */
	KEY_PENDING, /* more keys are needed */
	KEY_COMMAND,
};

/* `*ret_line` is borrowed, `*ret_count` 0 without a count. */
enum key_result keymap_feed(const struct keymap *keymap,
	struct key_state *state, unsigned context, uint32_t key,
	const char **ret_line, int *ret_count);
void key_state_reset(struct key_state *state);

/* The keys of a command in a context ("j, Down"), at most `max`; the caller
 * frees; NULL when it has none. */
char *keymap_keys_of(const struct keymap *keymap, const char *line,
	unsigned context, int max);

#endif /* TERCET_UI_COMMAND_KEYMAP_H */
