/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys as numbers, and their names as people write them: "j", "Ctrl-d",
 * "Shift-Tab", "PageDown", "g g".  The names in the command tables and in the
 * user's `keys` file are read by the same functions.
 */
#ifndef TERCET_UI_TERM_KEY_H
#define TERCET_UI_TERM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"

/*
 * A key is a code point, or one of the names below, plus modifiers.  Letters
 * carry their own case, so that Shift stands only on named keys; a control
 * letter is its lower-case form plus KEYCODE_CTRL.
 */
enum keycode {
	KEYCODE_NONE = 0,
	KEYCODE_ENTER = 0x200000,
	KEYCODE_TAB,
	KEYCODE_ESC,
	KEYCODE_BACKSPACE,
	KEYCODE_DELETE,
	KEYCODE_INSERT,
	KEYCODE_UP,
	KEYCODE_DOWN,
	KEYCODE_LEFT,
	KEYCODE_RIGHT,
	KEYCODE_HOME,
	KEYCODE_END,
	KEYCODE_PAGE_UP,
	KEYCODE_PAGE_DOWN,
	KEYCODE_F1, /* up to F12 */
	KEYCODE_F12 = KEYCODE_F1 + 11,

	KEYCODE_SHIFT = 0x01000000,
	KEYCODE_CTRL = 0x02000000,
	KEYCODE_ALT = 0x04000000,
};

/* Keys of a sequence such as "g g". */
enum { KEYSEQ_MAX = 4, KEYCODE_NAME_MAX = 32 };

struct keyseq {
	uint32_t keys[KEYSEQ_MAX];
	int n;
};

/* True for a key that types a character. */
bool keycode_is_text(uint32_t key);

/* One name, at most KEYCODE_NAME_MAX bytes with its NUL. */
const char *keycode_format(uint32_t key, char name[KEYCODE_NAME_MAX]);
MUST_CHECK bool keycode_parse(
	struct slice name, uint32_t *ret_key, struct error *err);

/* Names separated by blanks. */
MUST_CHECK bool keyseq_parse(
	struct slice text, struct keyseq *ret_seq, struct error *err);
/* The same form back; the caller frees. */
char *keyseq_format(const struct keyseq *seq);
bool keyseq_eq(const struct keyseq *a, const struct keyseq *b);
/* Whether `seq` begins with the keys of `prefix` and goes on. */
bool keyseq_starts(const struct keyseq *seq, const struct keyseq *prefix);

#endif /* TERCET_UI_TERM_KEY_H */
