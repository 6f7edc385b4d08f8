/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "term/key.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/utf8.h"

enum { MODIFIERS = KEYCODE_SHIFT | KEYCODE_CTRL | KEYCODE_ALT };

/* The first name of a key is the one that is shown. */
static const struct {
	const char *name;
	uint32_t key;
} names[] = {
	{ "Enter", KEYCODE_ENTER },
	{ "Return", KEYCODE_ENTER },
	{ "Tab", KEYCODE_TAB },
	{ "Esc", KEYCODE_ESC },
	{ "Escape", KEYCODE_ESC },
	{ "Backspace", KEYCODE_BACKSPACE },
	{ "Del", KEYCODE_DELETE },
	{ "Delete", KEYCODE_DELETE },
	{ "Ins", KEYCODE_INSERT },
	{ "Insert", KEYCODE_INSERT },
	{ "Up", KEYCODE_UP },
	{ "Down", KEYCODE_DOWN },
	{ "Left", KEYCODE_LEFT },
	{ "Right", KEYCODE_RIGHT },
	{ "Home", KEYCODE_HOME },
	{ "End", KEYCODE_END },
	{ "PgUp", KEYCODE_PAGE_UP },
	{ "PageUp", KEYCODE_PAGE_UP },
	{ "PgDn", KEYCODE_PAGE_DOWN },
	{ "PageDown", KEYCODE_PAGE_DOWN },
	{ "Space", ' ' },
	{ "Equal", '=' },
	{ "Hash", '#' },
};

static const struct {
	const char *name;
	uint32_t bit;
} modifiers[] = {
	{ "Ctrl-", KEYCODE_CTRL },
	{ "Alt-", KEYCODE_ALT },
	{ "Shift-", KEYCODE_SHIFT },
};

bool
keycode_is_text(uint32_t key)
{
	return key >= 0x20 && key != 0x7f && key < 0x110000;
}

const char *
keycode_format(uint32_t key, char name[KEYCODE_NAME_MAX])
{
	uint32_t code = key & ~(uint32_t)MODIFIERS;
	const char *plain = NULL;
	char bytes[8] = "";

	if (code >= KEYCODE_F1 && code <= KEYCODE_F12)
		snprintf(bytes, sizeof(bytes), "F%d",
			(int)(code - KEYCODE_F1) + 1);
	else if (code < 0x110000)
		bytes[utf8_encode(code, bytes)] = '\0';
	/* '=' and '#' have names for the keys file only. */
	for (size_t i = 0; i < ARRAY_LEN(names) && !plain; i++)
		if (names[i].key == code && (code == ' ' || code >= 0x110000))
			plain = names[i].name;
	snprintf(name, KEYCODE_NAME_MAX, "%s%s%s%s",
		key & KEYCODE_CTRL ? "Ctrl-" : "",
		key & KEYCODE_ALT ? "Alt-" : "",
		key & KEYCODE_SHIFT ? "Shift-" : "", plain ? plain : bytes);
	return name;
}

static uint32_t
parse_plain(struct slice name)
{
	struct slice rest = name;
	uint64_t number;
	uint32_t key;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (slice_eq_nocase(name, slice_str(names[i].name)))
			return names[i].key;
	if (name.len >= 2 && (name.data[0] == 'F' || name.data[0] == 'f') &&
		ascii_parse_u64(name.data + 1, name.len - 1, 12, &number) &&
		number > 0)
		return KEYCODE_F1 + (uint32_t)number - 1;
	if (name.len == 0 || !utf8_is_valid(name))
		return KEYCODE_NONE;
	key = utf8_next(&rest);
	return rest.len == 0 && keycode_is_text(key) ? key : KEYCODE_NONE;
}

bool
keycode_parse(struct slice name, uint32_t *ret_key, struct error *err)
{
	struct slice rest = name;
	uint32_t bits = 0;
	uint32_t key;
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < ARRAY_LEN(modifiers); i++) {
			struct slice word = slice_str(modifiers[i].name);

			if (rest.len <= word.len ||
				!slice_starts_nocase(rest, word))
				continue;
			bits |= modifiers[i].bit;
			rest = slice_skip(rest, word.len);
			more = true;
		}
	}
	key = parse_plain(rest);
	if (key == KEYCODE_NONE)
		return error_set(err, ERR_INVALID,
			_("“%.*s” is no key; keys are written like j, Ctrl-d, "
			  "Tab, Shift-Tab, PgDn, F5 or Space"),
			(int)name.len, name.data);
	/* Terminals cannot tell Ctrl-D from Ctrl-d. */
	if (bits & KEYCODE_CTRL && key < 0x80)
		key = (uint32_t)ascii_lower((char)key);
	else if (bits == KEYCODE_SHIFT && key < 0x80 &&
		 ascii_is_alpha((char)key)) {
		key = (uint32_t)ascii_upper((char)key);
		bits = 0;
	}
	*ret_key = key | bits;
	return true;
}

bool
keyseq_parse(struct slice text, struct keyseq *ret_seq, struct error *err)
{
	struct slice rest = slice_trim(text);
	struct keyseq seq = { .n = 0 };

	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ');

		if (seq.n == KEYSEQ_MAX)
			return error_set(err, ERR_INVALID,
				_("“%.*s” has more than %d keys"),
				(int)text.len, text.data, KEYSEQ_MAX);
		if (!keycode_parse(
			    slice_head(rest, end), &seq.keys[seq.n], err))
			return false;
		seq.n++;
		rest = slice_trim(slice_skip(rest, end));
	}
	if (seq.n == 0)
		return error_set(err, ERR_INVALID, _("No key is named"));
	*ret_seq = seq;
	return true;
}

char *
keyseq_format(const struct keyseq *seq)
{
	struct strbuf buf;

	strbuf_init(&buf, KEYSEQ_MAX * (KEYCODE_NAME_MAX + 1));
	for (int i = 0; i < seq->n; i++) {
		char name[KEYCODE_NAME_MAX];

		if (i > 0)
			strbuf_add_char(&buf, ' ');
		strbuf_add_str(&buf, keycode_format(seq->keys[i], name));
	}
	return strbuf_take(&buf);
}

bool
keyseq_eq(const struct keyseq *a, const struct keyseq *b)
{
	return a->n == b->n &&
	       memcmp(a->keys, b->keys, (size_t)a->n * sizeof(a->keys[0])) == 0;
}

bool
keyseq_starts(const struct keyseq *seq, const struct keyseq *prefix)
{
	return seq->n > prefix->n &&
	       memcmp(seq->keys, prefix->keys,
		       (size_t)prefix->n * sizeof(seq->keys[0])) == 0;
}
