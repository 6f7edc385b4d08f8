/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "command/command.h"

enum { KEYS_TEXT_MAX = 200 };

void
key_state_reset(struct key_state *state)
{
	*state = (struct key_state){ .count = 0 };
}

/* Takes contexts away from bindings that a new one would hide, or hide it. */
static void
make_room(struct keymap *keymap, unsigned where, const struct keyseq *seq)
{
	for (size_t i = 0; i < keymap->n; i++) {
		struct binding *old = &keymap->items[i];

		if (keyseq_eq(&old->seq, seq) ||
			keyseq_starts(&old->seq, seq) ||
			keyseq_starts(seq, &old->seq))
			old->where &= ~where;
	}
}

static void
add_binding(struct keymap *keymap, unsigned where, const struct keyseq *seq,
	const char *line)
{
	if (keymap->n == KEYMAP_BINDINGS_MAX)
		return;
	array_push(keymap, ((struct binding){ where, *seq, xstrdup(line) }));
}

void
keymap_bind(struct keymap *keymap, unsigned where, const struct keyseq *seq,
	const char *line)
{
	make_room(keymap, where, seq);
	if (*line)
		add_binding(keymap, where, seq, line);
}

/* "viewer:Enter" or plain keys; the tables are our own, so faults are bugs. */
static void
bind_row(struct keymap *keymap, const struct command *command, const char *text)
{
	struct slice keys = slice_str(text);
	size_t colon = slice_find(keys, ':');
	unsigned where = command->where;
	struct error err = ERROR_INIT;
	struct keyseq seq;

	if (colon > 0 && colon + 1 < keys.len) {
		where = command_context_of(slice_head(keys, colon));
		keys = slice_skip(keys, colon + 1);
	}
	if (!where || !keyseq_parse(keys, &seq, &err))
		BUG("a key of the command table");
	add_binding(keymap, where, &seq, command->name);
}

struct keymap *
keymap_new(int preset)
{
	struct keymap *keymap = xnew(struct keymap);
	const struct command *command;

	ASSERT(preset >= 0 && preset < COMMAND_PRESETS);
	for (size_t i = 0; (command = command_at(i)); i++) {
		const char *const *keys = command->keys[preset];

		if (!keys[0])
			keys = command->keys[0];
		for (int k = 0; k < COMMAND_KEYS_MAX && keys[k]; k++)
			if (*keys[k])
				bind_row(keymap, command, keys[k]);
	}
	return keymap;
}

void
keymap_free(struct keymap *keymap)
{
	if (!keymap)
		return;
	for (size_t i = 0; i < keymap->n; i++)
		free(keymap->items[i].line);
	free(keymap->items);
	free(keymap);
}

static bool
read_section(struct slice line, unsigned *where, struct error *err)
{
	struct slice name = slice_trim(
		slice_make(line.data + 1, line.len >= 2 ? line.len - 2 : 0));
	unsigned context = command_context_of(name);

	if (!context)
		return error_set(err, ERR_INVALID,
			_("There is no section [%.*s]; the sections are list, "
			  "viewer, folders, pager, activity, composer and any"),
			(int)name.len, name.data);
	*where = context;
	return true;
}

static bool
check_command(struct slice line, struct error *err)
{
	const char *why = NULL;
	struct slice name;

	while (line.len > 0 && ascii_is_digit(line.data[0]))
		line = slice_skip(line, 1);
	line = slice_trim(line);
	name = slice_head(line, slice_find(line, ' '));
	if (name.len == 0 || command_find(name, &why))
		return true;
	return error_set(err, ERR_INVALID, "%s", why);
}

static bool
read_line(struct keymap *keymap, unsigned where, struct slice line,
	struct error *err)
{
	size_t equals = slice_find(line, '=');
	struct slice command = slice_trim(slice_skip(line, equals + 1));
	char *text CLEANUP(freep) = xmemdup0(command.data, command.len);
	struct keyseq seq;

	if (equals == line.len)
		return error_set(
			err, ERR_INVALID, _("A line reads: KEYS = COMMAND"));
	if (!keyseq_parse(slice_head(line, equals), &seq, err) ||
		!check_command(command, err))
		return false;
	keymap_bind(keymap, where, &seq, text);
	return true;
}

bool
keymap_read(struct keymap *keymap, const char *file, struct slice text,
	struct error *err)
{
	unsigned where = IN_ALL;
	struct slice line;

	for (int n = 1; slice_next_line(&text, &line); n++) {
		bool good = true;

		line = slice_trim(line);
		if (line.len == 0 || line.data[0] == '#')
			continue;
		if (line.data[0] == '[' && line.data[line.len - 1] == ']')
			good = read_section(line, &where, err);
		else
			good = read_line(keymap, where, line, err);
		if (!good)
			return error_prefix(err, "%s:%d", file, n);
	}
	return true;
}

static bool
take_count(struct key_state *state, uint32_t key)
{
	if (state->seq.n > 0 || key < '0' || key > '9' ||
		(key == '0' && state->count == 0))
		return false;
	state->count = state->count * 10 + (int)(key - '0');
	if (state->count > COMMAND_COUNT_MAX)
		state->count = COMMAND_COUNT_MAX;
	return true;
}

enum key_result
keymap_feed(const struct keymap *keymap, struct key_state *state,
	unsigned context, uint32_t key, const char **ret_line, int *ret_count)
{
	bool more = false;

	if (take_count(state, key))
		return KEY_PENDING;
	if (state->seq.n == KEYSEQ_MAX) {
		key_state_reset(state);
		return KEY_UNBOUND;
	}
	state->seq.keys[state->seq.n++] = key;
	for (size_t i = keymap->n; i-- > 0;) {
		const struct binding *binding = &keymap->items[i];

		if (!(binding->where & context))
			continue;
		if (keyseq_eq(&binding->seq, &state->seq)) {
			*ret_line = binding->line;
			*ret_count = state->count;
			key_state_reset(state);
			return KEY_COMMAND;
		}
		more = more || keyseq_starts(&binding->seq, &state->seq);
	}
	if (more)
		return KEY_PENDING;
	key_state_reset(state);
	return KEY_UNBOUND;
}

char *
keymap_keys_of(const struct keymap *keymap, const char *line, unsigned context,
	int max)
{
	struct strbuf buf;

	strbuf_init(&buf, KEYS_TEXT_MAX);
	for (size_t i = 0; i < keymap->n && max > 0; i++) {
		const struct binding *binding = &keymap->items[i];
		char *keys CLEANUP(freep) = NULL;

		if (!(binding->where & context) ||
			strcmp(binding->line, line) != 0)
			continue;
		keys = keyseq_format(&binding->seq);
		strbuf_addf(&buf, "%s%s", buf.len > 0 ? ", " : "", keys);
		max--;
	}
	if (buf.len > 0)
		return strbuf_take(&buf);
	strbuf_clear(&buf);
	return NULL;
}
