/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"
#include "base/mem.h"
#include "command/command.h"
#include "command/fuzzy.h"
#include "command/history.h"
#include "command/keymap.h"
#include "command/line_edit.h"
#include "command/picker.h"
#include "config/config.h"
#include "i18n/i18n.h"

#include "tap.h"

static const char *const preset_names[] = { "default", "mutt", "vim", "gmail" };
static const unsigned contexts[] = { IN_LIST, IN_VIEWER, IN_FOLDERS, IN_PAGER,
	IN_ACTIVITY, IN_COMPOSER };

/* No key may hide another: neither the same one nor a beginning of it. */
static void
test_presets(void)
{
	for (int preset = 0; preset < COMMAND_PRESETS; preset++) {
		struct keymap *keymap = keymap_new(preset);
		int clashes = 0;

		for (size_t i = 0; i < keymap->n; i++)
			for (size_t k = i + 1; k < keymap->n; k++) {
				struct binding *a = &keymap->items[i];
				struct binding *b = &keymap->items[k];
				char *keys CLEANUP(freep) = NULL;

				if (!(a->where & b->where) ||
					(!keyseq_eq(&a->seq, &b->seq) &&
						!keyseq_starts(
							&a->seq, &b->seq) &&
						!keyseq_starts(
							&b->seq, &a->seq)))
					continue;
				keys = keyseq_format(&a->seq);
				printf("# %s: %s and %s on %s\n",
					preset_names[preset], a->line, b->line,
					keys);
				clashes++;
			}
		ok(clashes == 0, "no two commands share a key in preset %s",
			preset_names[preset]);
		keymap_free(keymap);
	}
}

static void
test_table(void)
{
	const struct command *command;
	const char *why = NULL;
	bool complete = true;

	for (size_t i = 0; (command = command_at(i)); i++) {
		bool good =
			command->summary && command->where &&
			!!command->run == !command->later &&
			(command->arg == ARG_NONE || command->arg_name) &&
			command_find(slice_str(command->name), &why) == command;

		if (!good)
			printf("# %s\n", command->name);
		complete = complete && good;
	}
	ok(complete, "every row says what it does, where, and can be found");
	command = command_find(SLICE("fold"), &why);
	is_str(command ? command->name : NULL, "fold",
		"a whole name wins over a longer one");
	command = command_find(SLICE("next-p"), &why);
	is_str(command ? command->name : NULL, "next-pane", "a beginning");
	ok(!command_find(SLICE("f"), &why) && why, "several begin so");
	ok(!command_find(SLICE("no-such"), &why) && why, "none");
}

/* Feeds keys by name; what came of it, as words. */
static void
feed(const struct keymap *keymap, unsigned context, const char *names,
	struct strbuf *out)
{
	struct key_state state = { .count = 0 };
	struct slice rest = slice_str(names);

	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ');
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		const char *line = NULL;
		uint32_t key = 0;
		int count = 0;

		ok(keycode_parse(slice_head(rest, end), &key, &err), "a key");
		rest = slice_skip(rest, end + 1);
		if (out->len > 0)
			strbuf_add_char(out, ' ');
		switch (keymap_feed(
			keymap, &state, context, key, &line, &count)) {
		case KEY_UNBOUND:
			strbuf_add_str(out, "-");
			break;
		case KEY_PENDING:
			strbuf_add_str(out, "…");
			break;
		case KEY_COMMAND:
			strbuf_addf(out, "%s", line);
			if (count)
				strbuf_addf(out, "*%d", count);
			break;
		}
	}
}

static void
test_feed(void)
{
	static const struct {
		unsigned context;
		const char *keys;
		const char *want;
	} cases[] = {
		{ IN_LIST, "j", "next" },
		{ IN_LIST, "3 j j", "… next*3 next" },
		{ IN_LIST, "1 2 G", "… … last*12" },
		{ IN_LIST, "g g", "… first" },
		{ IN_LIST, "5 g g", "… … first*5" },
		{ IN_LIST, "g x j", "… - next" },
		{ IN_LIST, "0", "-" },
		{ IN_LIST, "1 0 j", "… … next*10" },
		{ IN_LIST, "9 9 9 9 9 9 9 j", "… … … … … … … next*99999" },
		{ IN_LIST, "Enter", "open" },
		{ IN_VIEWER, "Enter", "page-on" },
		{ IN_FOLDERS, "Enter", "open" },
		{ IN_PAGER, "Enter q", "- back" },
		{ IN_LIST, "F9", "-" },
	};
	struct keymap *keymap = keymap_new(KEYS_DEFAULT);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct strbuf out CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&out, 1000);
		feed(keymap, cases[i].context, cases[i].keys, &out);
		is_str(out.data, cases[i].want, cases[i].keys);
	}
	keymap_free(keymap);
}

static void
test_keys_file(void)
{
	static const struct {
		const char *file;
		unsigned context;
		const char *keys;
		const char *want; /* or the start of the error */
	} cases[] = {
		{ "j = previous\n", IN_LIST, "j k", "previous previous" },
		{ "# c\n\n[list]\nj = folder INBOX\n", IN_LIST, "j",
			"folder INBOX" },
		{ "[list]\nj = folder INBOX\n", IN_VIEWER, "j", "next" },
		{ "[list]\nj =\n", IN_LIST, "j Down", "- next" },
		{ "g = open\n", IN_LIST, "g", "open" },
		{ "g g g = open\n", IN_LIST, "g g g", "… … open" },
		{ "Equal = 5 next\n", IN_LIST, "=", "5 next" },
		{ "[nowhere]\n", IN_LIST, "", "f:1: " },
		{ "[list]\nj = fly\n", IN_LIST, "", "f:2: " },
		{ "[list]\nHyper-j = next\n", IN_LIST, "", "f:2: " },
		{ "\n\nj\n", IN_LIST, "", "f:3: " },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct keymap *keymap = keymap_new(KEYS_DEFAULT);
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct strbuf out CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&out, 1000);
		if (keymap_read(keymap, "f", slice_str(cases[i].file), &err)) {
			feed(keymap, cases[i].context, cases[i].keys, &out);
			is_str(out.data, cases[i].want, cases[i].file);
		} else {
			ok(strncmp(err.text, cases[i].want,
				   strlen(cases[i].want)) == 0,
				"refused: %s", err.text);
		}
		keymap_free(keymap);
	}
}

static void
test_fuzzy(void)
{
	static const struct {
		const char *typed;
		const char *better;
		const char *worse; /* NULL: does not match at all */
	} cases[] = {
		{ "arch", "Archive", "Projects/arrach" },
		{ "git", "Lists/git", "Digital/items" },
		{ "lg", "Lists/git", "Long" },
		{ "north proj", "Projects/north-wing", NULL },
		{ "über", "Übersicht", NULL },
		{ "entwurfe", "Entwürfe", NULL },
		{ "ENTWÜRFE", "Entwu\xcc\x88rfe", NULL },
		{ "strasse", "Straße", NULL },
		{ "inbox", "INBOX", "home: INBOX old" },
		{ "w: in", "work: INBOX", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int better = fuzzy_score(
			slice_str(cases[i].typed), slice_str(cases[i].better));
		int worse = cases[i].worse
				    ? fuzzy_score(slice_str(cases[i].typed),
					      slice_str(cases[i].worse))
				    : -1;

		ok(better >= 0 && better > worse, "%s: %d, %d", cases[i].typed,
			better, worse);
	}
	is_int(fuzzy_score(SLICE("xyz"), SLICE("INBOX")), -1, "no match");
	is_int(fuzzy_score(SLICE(""), SLICE("INBOX")), 0, "nothing typed");
}

static void
test_line_edit(void)
{
	static const struct {
		const char *text;
		const char *keys;
		const char *want; /* | is the cursor */
	} cases[] = {
		{ "", "a b c", "abc|" },
		{ "abc", "Ctrl-a x", "x|abc" },
		{ "héllo", "Left Left Left Left Backspace", "|éllo" },
		{ "héllo", "Left Left Left Backspace", "h|llo" },
		{ "one two", "Ctrl-w", "one |" },
		{ "one two", "Ctrl-w Ctrl-y Ctrl-y", "one twotwo|" },
		{ "one two", "Alt-b Ctrl-k", "one |" },
		{ "one two", "Alt-b Ctrl-u", "|two" },
		{ "one two", "Home Alt-f Del", "one|two" },
		{ "x", "Home Left Backspace End Right Del", "x|" },
		{ "a", "ü 山", "aü山|" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct line_edit edit;
		struct slice rest = slice_str(cases[i].keys);
		char *got CLEANUP(freep) = NULL;

		line_edit_init(&edit);
		line_edit_set(&edit, cases[i].text);
		while (rest.len > 0) {
			size_t end = slice_find(rest, ' ');
			struct error err CLEANUP(error_clear) = ERROR_INIT;
			uint32_t key = 0;
			bool changed;

			ok(keycode_parse(slice_head(rest, end), &key, &err),
				"a key");
			ok(line_edit_key(&edit, key, &changed), "taken");
			rest = slice_skip(rest, end + 1);
		}
		got = xasprintf("%.*s|%s", (int)edit.cursor, edit.text.data,
			edit.text.data + edit.cursor);
		is_str(got, cases[i].want, cases[i].keys);
		line_edit_clear(&edit);
	}
}

static void
test_line_edit_hostile(void)
{
	struct line_edit edit;
	char *flood CLEANUP(freep) = xmalloc(LINE_EDIT_MAX);

	line_edit_init(&edit);
	line_edit_insert(&edit, SLICE("a\x1b[2J\r\nb\xff\xc2\x9b"));
	is_str(edit.text.data, "a[2J  b\xef\xbf\xbd",
		"controls are left out of what is pasted");
	memset(flood, 'x', LINE_EDIT_MAX);
	line_edit_insert(&edit, slice_make(flood, LINE_EDIT_MAX));
	ok(edit.text.len < 20, "more than a line holds is not taken");
	line_edit_clear(&edit);
}

static void
test_history(void)
{
	struct history history = { .n = 0 };

	history_add(&history, "folder A");
	history_add(&history, "sync");
	history_add(&history, "sync");
	history_add(&history, "");
	history_add(&history, "folder B");
	is_int((int64_t)history.n, 3, "neither empty nor the same again");
	is_str(history_older(&history, ""), "folder B", "the newest");
	is_str(history_older(&history, "folder"), "folder A", "by prefix");
	is_str(history_older(&history, ""), NULL, "none older");
	is_str(history_newer(&history, ""), "sync", "newer again");
	is_str(history_newer(&history, "zz"), "", "past the newest");
	is_str(history_newer(&history, ""), NULL, "nothing there");
	history_clear(&history);
}

/* Commands as the palette has them, and how `:` completes. */
static void
test_names_first(void)
{
	static const struct {
		const char *typed;
		const char *want;
	} cases[] = {
		{ "thread", "threads" },
		{ "threads", "threads" },
		{ "quit", "quit" },
		{ "QUIT", "quit" },
		{ "folder", "folder" },
		{ "nxf", "next-folder" },
		{ "nothing brings", NULL },
		{ "trash", "delete" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct command *command;
		const char *best = NULL;
		int best_score = -1;

		for (size_t k = 0; (command = command_at(k)); k++) {
			char *text CLEANUP(freep) = xasprintf(
				"%s: %s", command->name, command->summary);
			int score = fuzzy_score_named(slice_str(cases[i].typed),
				slice_str(text), strlen(command->name));

			if (score > best_score) {
				best_score = score;
				best = command->name;
			}
		}
		is_str(best, cases[i].want, cases[i].typed);
	}
}

static void
nothing(struct app *app, const struct picker_item *item)
{
	(void)app;
	(void)item;
}

static void
test_picker(void)
{
	static const char *const names[] = { "INBOX", "Archive", "Drafts",
		"Lists/git", "Lists/archive-of-old" };
	struct picker picker;

	picker_init(&picker);
	picker_open(&picker, "Go to", nothing);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		picker_add(&picker,
			&(struct picker_item){
				.text = (char *)names[i], .id = (int64_t)i });
	picker_match(&picker);
	is_int((int64_t)picker.n_shown, 5, "all are shown");
	is_str(picker_at_cursor(&picker)->text, "INBOX", "in their order");
	for (const char *c = "arch"; *c; c++)
		picker_key(&picker, (uint32_t)*c);
	is_int((int64_t)picker.n_shown, 2, "two match");
	is_str(picker_at_cursor(&picker)->text, "Archive", "the best first");
	ok(picker_key(&picker, KEYCODE_DOWN) == PICKER_GOES_ON, "down");
	is_int(picker_at_cursor(&picker)->id, 4, "the other one");
	picker_key(&picker, KEYCODE_DOWN);
	is_int(picker_at_cursor(&picker)->id, 1, "and round");
	picker_key(&picker, 'z');
	ok(!picker_at_cursor(&picker), "nothing matches");
	ok(picker_key(&picker, KEYCODE_ENTER) == PICKER_GOES_ON,
		"so nothing can be chosen");
	picker_key(&picker, KEYCODE_BACKSPACE);
	ok(picker_key(&picker, KEYCODE_ENTER) == PICKER_CHOSEN, "chosen");
	ok(picker_key(&picker, KEYCODE_ESC) == PICKER_LEFT, "left");
	picker_clear(&picker);
}

int
main(void)
{
	/* Case of other alphabets is the C library's. */
	i18n_init();
	test_presets();
	test_table();
	for (size_t i = 0; i < ARRAY_LEN(contexts); i++)
		ok(command_context_name(contexts[i]) != NULL, "a context");
	test_feed();
	test_keys_file();
	test_fuzzy();
	test_line_edit();
	test_line_edit_hostile();
	test_history();
	test_names_first();
	test_picker();
	return tap_done();
}
