/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/line_edit.h"

#include <string.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/utf8.h"
#include "term/key.h"

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t
before(const struct line_edit *edit, size_t at)
{
	if (at > 0)
		at--;
	while (at > 0 && is_continuation(edit->text.data[at]))
		at--;
	return at;
}

static size_t
behind(const struct line_edit *edit, size_t at)
{
	if (at < edit->text.len)
		at++;
	while (at < edit->text.len && is_continuation(edit->text.data[at]))
		at++;
	return at;
}

static bool
is_blank(const struct line_edit *edit, size_t at)
{
	return edit->text.data[at] == ' ';
}

static size_t
word_before(const struct line_edit *edit)
{
	size_t at = edit->cursor;

	while (at > 0 && is_blank(edit, at - 1))
		at--;
	while (at > 0 && !is_blank(edit, at - 1))
		at--;
	return at;
}

static size_t
word_behind(const struct line_edit *edit)
{
	size_t at = edit->cursor;

	while (at < edit->text.len && is_blank(edit, at))
		at++;
	while (at < edit->text.len && !is_blank(edit, at))
		at++;
	return at;
}

void
line_edit_init(struct line_edit *edit)
{
	strbuf_init(&edit->text, LINE_EDIT_MAX);
	strbuf_init(&edit->killed, LINE_EDIT_MAX);
	edit->cursor = 0;
}

void
line_edit_clear(struct line_edit *edit)
{
	strbuf_clear(&edit->text);
	strbuf_clear(&edit->killed);
	edit->cursor = 0;
}

void
line_edit_set(struct line_edit *edit, const char *text)
{
	strbuf_reset(&edit->text);
	edit->cursor = 0;
	line_edit_insert(edit, slice_str(text));
}

/* Puts bytes in the place of [from, to). */
static void
splice(struct line_edit *edit, size_t from, size_t to, struct slice bytes)
{
	struct strbuf text;

	strbuf_init(&text, LINE_EDIT_MAX);
	strbuf_add(&text, edit->text.data, from);
	strbuf_add_slice(&text, bytes);
	strbuf_add(&text, edit->text.data + to, edit->text.len - to);
	/* Past the limit nothing happens. */
	if (text.full) {
		strbuf_clear(&text);
		return;
	}
	/* It may have been a password. */
	explicit_bzero(edit->text.data, edit->text.len);
	strbuf_clear(&edit->text);
	edit->text = text;
	edit->cursor = from + bytes.len;
}

void
line_edit_insert(struct line_edit *edit, struct slice text)
{
	struct strbuf clean;

	strbuf_init(&clean, LINE_EDIT_MAX);
	while (text.len > 0) {
		uint32_t code = utf8_next(&text);

		if (code == '\n' || code == '\r' || code == '\t')
			code = ' ';
		if (code >= 0x20 && (code < 0x7f || code >= 0xa0))
			strbuf_add_utf8(&clean, code);
	}
	splice(edit, edit->cursor, edit->cursor, strbuf_slice(&clean));
	strbuf_clear(&clean);
}

void
line_edit_replace(struct line_edit *edit, size_t from, const char *text)
{
	splice(edit, from, edit->cursor, slice_str(text));
}

static void
wipe(struct line_edit *edit, size_t from, size_t to)
{
	splice(edit, from, to, slice_make("", 0));
}

static void
take_out(struct line_edit *edit, size_t from, size_t to)
{
	strbuf_reset(&edit->killed);
	strbuf_add(&edit->killed, edit->text.data + from, to - from);
	wipe(edit, from, to);
}

enum action {
	MOVE_START,
	MOVE_END,
	MOVE_LEFT,
	MOVE_RIGHT,
	MOVE_WORD_LEFT,
	MOVE_WORD_RIGHT,
	ERASE_LEFT,
	ERASE_RIGHT,
	KILL_WORD,
	KILL_START,
	KILL_END,
	YANK,
};

static const struct {
	uint32_t key;
	enum action action;
} actions[] = {
	{ 'a' | KEYCODE_CTRL, MOVE_START },
	{ KEYCODE_HOME, MOVE_START },
	{ 'e' | KEYCODE_CTRL, MOVE_END },
	{ KEYCODE_END, MOVE_END },
	{ 'b' | KEYCODE_CTRL, MOVE_LEFT },
	{ KEYCODE_LEFT, MOVE_LEFT },
	{ 'f' | KEYCODE_CTRL, MOVE_RIGHT },
	{ KEYCODE_RIGHT, MOVE_RIGHT },
	{ 'b' | KEYCODE_ALT, MOVE_WORD_LEFT },
	{ KEYCODE_LEFT | KEYCODE_CTRL, MOVE_WORD_LEFT },
	{ 'f' | KEYCODE_ALT, MOVE_WORD_RIGHT },
	{ KEYCODE_RIGHT | KEYCODE_CTRL, MOVE_WORD_RIGHT },
	{ KEYCODE_BACKSPACE, ERASE_LEFT },
	{ KEYCODE_DELETE, ERASE_RIGHT },
	{ 'd' | KEYCODE_CTRL, ERASE_RIGHT },
	{ 'w' | KEYCODE_CTRL, KILL_WORD },
	{ KEYCODE_BACKSPACE | KEYCODE_ALT, KILL_WORD },
	{ 'u' | KEYCODE_CTRL, KILL_START },
	{ 'k' | KEYCODE_CTRL, KILL_END },
	{ 'y' | KEYCODE_CTRL, YANK },
};

static const struct {
	const char *keys;
	const char *summary;
} help[] = {
	{ "Enter", N_("Take what is typed or chosen") },
	{ "Esc, Ctrl-c, Ctrl-g", N_("Leave without doing anything") },
	{ "Tab, Shift-Tab", N_("Complete; the next, the previous choice") },
	{ "Up, Down", N_("Earlier lines; in a list of choices, move in it") },
	{ "Ctrl-a, Ctrl-e", N_("Go to the start, to the end") },
	{ "Alt-b, Alt-f", N_("Go a word back, a word on") },
	{ "Ctrl-w, Ctrl-u, Ctrl-k",
		N_("Take away the word before, all before, all behind") },
	{ "Ctrl-y", N_("Put back what was taken away") },
};

static void
act(struct line_edit *edit, enum action action)
{
	size_t cursor = edit->cursor;

	switch (action) {
	case MOVE_START:
		edit->cursor = 0;
		break;
	case MOVE_END:
		edit->cursor = edit->text.len;
		break;
	case MOVE_LEFT:
		edit->cursor = before(edit, cursor);
		break;
	case MOVE_RIGHT:
		edit->cursor = behind(edit, cursor);
		break;
	case MOVE_WORD_LEFT:
		edit->cursor = word_before(edit);
		break;
	case MOVE_WORD_RIGHT:
		edit->cursor = word_behind(edit);
		break;
	case ERASE_LEFT:
		wipe(edit, before(edit, cursor), cursor);
		break;
	case ERASE_RIGHT:
		wipe(edit, cursor, behind(edit, cursor));
		break;
	case KILL_WORD:
		take_out(edit, word_before(edit), cursor);
		break;
	case KILL_START:
		take_out(edit, 0, cursor);
		break;
	case KILL_END:
		take_out(edit, cursor, edit->text.len);
		break;
	case YANK:
		splice(edit, cursor, cursor, strbuf_slice(&edit->killed));
		break;
	}
}

bool
line_edit_key(struct line_edit *edit, uint32_t key, bool *ret_changed)
{
	size_t len = edit->text.len;
	char bytes[4];

	*ret_changed = false;
	if (keycode_is_text(key)) {
		line_edit_insert(
			edit, slice_make(bytes, utf8_encode(key, bytes)));
		*ret_changed = edit->text.len != len;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		if (actions[i].key == key) {
			act(edit, actions[i].action);
			*ret_changed = edit->text.len != len;
			return true;
		}
	return false;
}

const char *
line_edit_help(size_t i, const char **ret_summary)
{
	if (i >= ARRAY_LEN(help))
		return NULL;
	*ret_summary = _(help[i].summary);
	return help[i].keys;
}
