/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the terminal sends, taken apart: keys, mouse, pasted text, answers.
 *
 * Bytes go in as they come, inputs come out; nothing here reads or waits, so
 * an Escape costs the interface no time: while the decoder holds half a
 * sequence, its owner calls input_next() again once input_wait_us() is over.
 *
 * A sequence that is not known is swallowed whole: neither a late answer of
 * the terminal nor a strange key can act as a command.
 */
#ifndef TERCET_UI_TERM_INPUT_H
#define TERCET_UI_TERM_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"

enum input_kind {
	INPUT_KEY,
	INPUT_MOUSE,
	INPUT_PASTE,
	INPUT_BACKGROUND, /* the terminal told its background colour */
};

enum mouse_action {
	MOUSE_PRESS,
	MOUSE_DRAG,
	MOUSE_RELEASE,
	MOUSE_WHEEL_UP,
	MOUSE_WHEEL_DOWN,
};

struct input {
	enum input_kind kind;
	uint32_t key; /* a keycode */
	enum mouse_action action;
	int button; /* 1 left, 2 middle, 3 right */
	int row;    /* from 0 */
	int col;
	struct slice paste; /* valid until the next call; any bytes */
	uint32_t rgb;
};

/* Pasted text past PASTE_MAX is dropped. */
enum { INPUT_PENDING_MAX = 4096, INPUT_PASTE_MAX = 1 << 20 };

struct input_decoder {
	char bytes[INPUT_PENDING_MAX];
	size_t n;
	bool pasting;
	struct strbuf paste;
};

void input_init(struct input_decoder *decoder);
void input_clear(struct input_decoder *decoder);

/* Takes as many bytes as there is room for and says how many. */
size_t input_feed(struct input_decoder *decoder, const void *data, size_t len);

/*
 * The next whole input; false when there is none.  With `timed_out` what was
 * held back as the start of a sequence is decided: a lone Escape is a key.
 */
bool input_next(
	struct input_decoder *decoder, bool timed_out, struct input *ret_input);

/* How long to wait for more bytes before `timed_out`; -1 with nothing held. */
int64_t input_wait_us(const struct input_decoder *decoder);

#endif /* TERCET_UI_TERM_INPUT_H */
