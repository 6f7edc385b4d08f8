/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scripted keys and the screens they must produce.
 *
 * Each NAME.keys in scripts/ is a script, one step a line:
 *
 *     size COLS ROWS          start (first line), or resize
 *     option ascii|empty|setup  how to start (empty: no account; setup: and
 *                             one is asked for), or read-only, or hyperlinks
 *                             (the terminal knows them); first
 *     set KEY VALUE           an option of the configuration; before size
 *     press j j Enter         keys by name
 *     type some text          every character a key
 *     paste some text
 *     click ROW COL           left button; from 0
 *     drag ROW COL ROW COL    the left button held from here to there
 *     wheel ROW COL N         N notches, negative: up
 *     deliver SUBJECT         new mail arrives in the inbox
 *     envelope SUBJECT        the same, its text still at the server
 *     mail NAME               the same: the bytes of scripts/NAME.eml
 *     expunge UID             mail goes from the inbox
 *     gone FOLDER [NAME]      it goes; or is called NAME by another client
 *     progress DONE TOTAL     headers are being fetched
 *     account work|home STATE ERROR
 *     ask work|home           the worker wants a password
 *     refuse WHY              the server refuses what is next to be sent
 *     defer WHY               it is tried again in ten minutes
 *     restart                 the program ends and begins again
 *     wait                    timers come due
 *     pause                   somebody hesitates for a second
 *     expect NAME             the screen must be NAME.txt
 *
 * A NAME.txt holds the text of the rows, then a line "=== styles", then their
 * styles, one letter a cell (ui/term/screen_memory.c), and where the terminal
 * knows links a line "=== links" and where they are.  With the variable
 * TERCET_UPDATE_SCREENS set they are written instead of compared.
 */
#include <dirent.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "command/act.h"
#include "fixture.h"
#include "i18n/i18n.h"
#include "store/account.h"
#include "store/operation.h"
#include "term/key.h"

#include "../unit/tap.h"

enum { FILE_LIMIT = 1 << 20, SCRIPTS_MAX = 100, SLICES_MAX = 1000 };

struct run {
	const char *dir;
	struct fixture fixture;
	struct app *app;
	bool ascii;
	struct config *nobody; /* without accounts */
	bool sets_up;
	bool read_only;
	bool hyperlinks;
	int64_t now_us;
};

/* How much fits into a transaction is a matter of the machine; on the screen
 * it must not be.  The linker puts this in place of the store's. */
bool __wrap_transaction_is_due(const struct transaction *tx);

bool
__wrap_transaction_is_due(const struct transaction *tx)
{
	(void)tx;
	return false;
}

static void
step_time(struct run *run, int64_t us)
{
	run->now_us += us;
	app_tick(run->app, run->now_us);
	/* A machine with much to do is slow, not different. */
	for (int i = 0; i < SLICES_MAX && run->app->triage.applying; i++)
		app_tick(run->app, run->now_us);
	app_settle(run->app, run->now_us);
}

static bool
step_size(struct run *run, const char *text)
{
	char *end;
	int cols = (int)strtol(text, &end, 10);
	int rows = (int)strtol(end, NULL, 10);
	struct app_options options = {
		.config = run->nobody ? run->nobody : run->fixture.config,
		.store = run->fixture.store,
		.rows = rows,
		.cols = cols,
		.ascii = run->ascii,
		.sets_up = run->sets_up,
		.read_only = run->read_only,
		.knows_hyperlinks = run->hyperlinks
	};

	if (run->app) {
		app_resize(run->app, rows, cols);
		return true;
	}
	run->app = app_new(&options);
	return true;
}

static bool
step_press(struct run *run, const char *text)
{
	struct slice rest = slice_str(text);

	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ');
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		uint32_t key;

		if (!keycode_parse(slice_head(rest, end), &key, &err))
			return false;
		app_key(run->app, key);
		step_time(run, 1000);
		rest = slice_skip(rest, end + 1);
	}
	return true;
}

static bool
step_type(struct run *run, const char *text)
{
	struct slice rest = slice_str(text);

	while (rest.len > 0)
		app_key(run->app, utf8_next(&rest));
	return true;
}

static bool
step_paste(struct run *run, const char *text)
{
	app_paste(run->app, slice_str(text));
	return true;
}

static void
mouse(struct run *run, enum mouse_action action, int row, int col)
{
	struct input input = { .kind = INPUT_MOUSE,
		.action = action,
		.button = 1,
		.row = row,
		.col = col };

	app_input(run->app, &input);
}

static bool
step_click(struct run *run, const char *text)
{
	char *end;
	int row = (int)strtol(text, &end, 10);
	int col = (int)strtol(end, NULL, 10);

	mouse(run, MOUSE_PRESS, row, col);
	mouse(run, MOUSE_RELEASE, row, col);
	return true;
}

static bool
step_drag(struct run *run, const char *text)
{
	char *end;
	int row = (int)strtol(text, &end, 10);
	int col = (int)strtol(end, &end, 10);
	int to_row = (int)strtol(end, &end, 10);
	int to_col = (int)strtol(end, NULL, 10);

	mouse(run, MOUSE_PRESS, row, col);
	mouse(run, MOUSE_DRAG, to_row, to_col);
	mouse(run, MOUSE_RELEASE, to_row, to_col);
	return true;
}

static bool
step_wheel(struct run *run, const char *text)
{
	char *end;
	int row = (int)strtol(text, &end, 10);
	int col = (int)strtol(end, &end, 10);
	int n = (int)strtol(end, NULL, 10);

	for (int i = 0; i < abs(n); i++)
		mouse(run, n < 0 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN, row, col);
	return true;
}

static void
tell(struct run *run, enum event_type type)
{
	struct event event = { .type = type,
		.account = run->fixture.work,
		.folder = run->fixture.inbox };

	app_event(run->app, &event);
	step_time(run, 100000);
}

static bool
step_deliver(struct run *run, const char *text)
{
	bool good = fixture_deliver(&run->fixture, text);

	tell(run, EVENT_FOLDER_CHANGED);
	return good;
}

static bool
step_envelope(struct run *run, const char *text)
{
	bool good = fixture_deliver_envelope(&run->fixture, text);

	tell(run, EVENT_FOLDER_CHANGED);
	return good;
}

static bool
step_mail(struct run *run, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	char *path CLEANUP(freep) = xasprintf("%s/%s.eml", run->dir, text);
	bool good;

	strbuf_init(&bytes, FILE_LIMIT);
	good = file_read(path, &bytes, &err) &&
	       fixture_deliver_bytes(&run->fixture, strbuf_slice(&bytes));
	tell(run, EVENT_FOLDER_CHANGED);
	return good;
}

static bool
step_expunge(struct run *run, const char *text)
{
	bool good = fixture_expunge(
		&run->fixture, (uint32_t)strtoul(text, NULL, 10));

	tell(run, EVENT_FOLDER_CHANGED);
	return good;
}

static bool
step_gone(struct run *run, const char *text)
{
	struct slice all = slice_str(text);
	size_t end = slice_find(all, ' ');
	char *old CLEANUP(freep) = xmemdup0(text, end);
	bool good = fixture_replace_folder(
		&run->fixture, old, end < all.len ? text + end + 1 : NULL);

	tell(run, EVENT_TREE_CHANGED);
	return good;
}

static bool
step_progress(struct run *run, const char *text)
{
	struct event event = { .type = EVENT_PROGRESS,
		.account = run->fixture.work,
		.progress = PROGRESS_HEADERS };
	char *end;

	event.done = strtoul(text, &end, 10);
	event.total = strtoul(end, NULL, 10);
	app_event(run->app, &event);
	/* Long enough to be worth a bar. */
	run->now_us = clock_mono_us() + 1000000;
	return true;
}

static bool
step_account(struct run *run, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct slice rest = slice_str(text);
	size_t end = slice_find(rest, ' ');
	bool is_work = slice_eq(slice_head(rest, end), SLICE("work"));
	char *state;
	bool good;

	rest = slice_skip(rest, end + 1);
	end = slice_find(rest, ' ');
	state = xmemdup0(rest.data, end);
	good = transaction_begin(run->fixture.writer, &tx, &err) &&
	       account_save_state(run->fixture.writer,
		       is_work ? run->fixture.work : run->fixture.home_account,
		       (enum account_state)strtol(state, NULL, 10),
		       end < rest.len ? rest.data + end + 1 : NULL, &err) &&
	       transaction_commit(&tx, &err);
	free(state);
	tell(run, EVENT_ACCOUNT_CHANGED);
	return good;
}

static bool
step_ask(struct run *run, const char *text)
{
	struct event event = { .type = EVENT_QUESTION,
		.account = strcmp(text, "work") == 0
				   ? run->fixture.work
				   : run->fixture.home_account };

	app_event(run->app, &event);
	step_time(run, 100000);
	return true;
}

static bool
step_wait(struct run *run, const char *text)
{
	(void)text;
	step_time(run, 1000000);
	step_time(run, 1000000);
	return true;
}

static bool
step_pause(struct run *run, const char *text)
{
	(void)text;
	step_time(run, 1000000);
	return true;
}

static bool
step_option(struct run *run, const char *text)
{
	if (strcmp(text, "ascii") == 0)
		run->ascii = true;
	else if (strcmp(text, "hyperlinks") == 0)
		run->hyperlinks = true;
	else if (strcmp(text, "read-only") == 0)
		run->read_only = true;
	else if (strcmp(text, "empty") == 0 || strcmp(text, "setup") == 0)
		run->nobody = config_new_default();
	else
		return false;
	run->sets_up = strcmp(text, "setup") == 0;
	return true;
}

static bool
step_set(struct run *run, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct slice key =
		slice_head(slice_str(text), slice_find(slice_str(text), ' '));
	char *name CLEANUP(freep) = xmemdup0(key.data, key.len);
	struct config *config;

	if (text[key.len] == '\0' ||
		!config_with(run->fixture.config, "general", name,
			text + key.len + 1, &config, &err))
		return false;
	config_unref(run->fixture.config);
	run->fixture.config = config;
	return true;
}

/* What the pusher would send next does not go through. */
static bool
settle_next(struct run *run, const char *why, bool for_good)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch CLEANUP(
		operation_batch_clear) = { .n = 0 };
	struct id_array items = { NULL, 0, 0 };
	struct store *store = run->fixture.writer;
	int64_t next;
	bool good = operation_next_batch(store, run->fixture.work, FIXTURE_NOW,
			    OPERATION_BATCH_MAX, &batch, &next, &err) == FOUND;

	for (size_t i = 0; good && i < batch.n; i++)
		array_push(&items, batch.items[i].id);
	good = good && operation_running(store, items.items, items.n, &err);
	if (good && for_good)
		good = operation_failed(store, items.items, items.n, why, &err);
	else if (good)
		good = operation_deferred(store, items.items, items.n,
			FIXTURE_NOW + 600, why, &err);
	array_clear(&items);
	tell(run, EVENT_FOLDER_CHANGED);
	tell(run, EVENT_JOURNAL_CHANGED);
	return good;
}

static bool
step_refuse(struct run *run, const char *text)
{
	return settle_next(run, text, true);
}

static bool
step_defer(struct run *run, const char *text)
{
	return settle_next(run, text, false);
}

static bool
step_restart(struct run *run, const char *text)
{
	char *size CLEANUP(freep) = xasprintf(
		"%d %d", run->app->screen->cols, run->app->screen->rows);

	(void)text;
	app_free(run->app);
	run->app = NULL;
	return step_size(run, size);
}

/* Row, first column and the one behind the last, and where it leads. */
static void
print_links(const struct screen *screen, struct strbuf *out)
{
	for (int row = 0; row < screen->rows; row++)
		for (int col = 0; col < screen->cols;) {
			uint16_t link = screen_cell(screen, row, col)->link;
			int from = col;

			while (col < screen->cols &&
				screen_cell(screen, row, col)->link == link)
				col++;
			if (link)
				strbuf_addf(out, "%d %d %d %s\n", row, from,
					col, screen->links[link - 1]);
		}
}

/* What is on the screen, as a file has it. */
static void
print_screen(struct run *run, struct strbuf *out)
{
	step_time(run, 1000);
	(void)app_draw(run->app, run->now_us);
	screen_print_text(run->app->screen, out);
	strbuf_add_str(out, "=== styles\n");
	screen_print_styles(run->app->screen, out);
	if (run->hyperlinks) {
		strbuf_add_str(out, "=== links\n");
		print_links(run->app->screen, out);
	}
}

static void
show_both(const char *want, const char *got)
{
	struct slice w = slice_str(want);
	struct slice g = slice_str(got);
	struct slice line;

	printf("# wanted:\n");
	while (slice_next_line(&w, &line))
		printf("#   %.*s\n", (int)line.len, line.data);
	printf("# got:\n");
	while (slice_next_line(&g, &line))
		printf("#   %.*s\n", (int)line.len, line.data);
}

static bool
step_expect(struct run *run, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf want CLEANUP(strbuf_clear) = { 0 };
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	char *path CLEANUP(freep) = xasprintf("%s/%s.txt", run->dir, name);

	strbuf_init(&want, FILE_LIMIT);
	strbuf_init(&got, FILE_LIMIT);
	print_screen(run, &got);
	if (getenv("TERCET_UPDATE_SCREENS"))
		return file_replace(path, strbuf_slice(&got), &err);
	if (!file_read(path, &want, &err))
		printf("# %s\n", err.text);
	if (!ok(strcmp(want.data, got.data) == 0, "screen %s", name))
		show_both(want.data, got.data);
	return true;
}

static const struct {
	const char *name;
	bool (*run)(struct run *run, const char *text);
} steps[] = {
	{ "size", step_size },
	{ "option", step_option },
	{ "press", step_press },
	{ "type", step_type },
	{ "paste", step_paste },
	{ "click", step_click },
	{ "drag", step_drag },
	{ "wheel", step_wheel },
	{ "deliver", step_deliver },
	{ "envelope", step_envelope },
	{ "mail", step_mail },
	{ "expunge", step_expunge },
	{ "gone", step_gone },
	{ "progress", step_progress },
	{ "account", step_account },
	{ "ask", step_ask },
	{ "set", step_set },
	{ "refuse", step_refuse },
	{ "defer", step_defer },
	{ "restart", step_restart },
	{ "wait", step_wait },
	{ "pause", step_pause },
	{ "expect", step_expect },
};

static bool
run_line(struct run *run, struct slice line)
{
	size_t end = slice_find(line, ' ');
	struct slice rest = slice_skip(line, end + 1);
	char *text CLEANUP(freep) =
		xmemdup0(rest.data ? rest.data : "", rest.len);

	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (slice_eq(slice_head(line, end), slice_str(steps[i].name)))
			return steps[i].run(run, text);
	return false;
}

static void
run_script(const char *dir, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf script CLEANUP(strbuf_clear) = { 0 };
	char *path CLEANUP(freep) = file_join(dir, name);
	struct run run = { .dir = dir, .now_us = clock_mono_us() };
	struct slice rest;
	struct slice line;

	strbuf_init(&script, FILE_LIMIT);
	if (!ok(file_read(path, &script, &err), "script %s", name) ||
		!ok(fixture_make(&run.fixture), "fixture for %s", name))
		return;
	rest = strbuf_slice(&script);
	for (int n = 1; slice_next_line(&rest, &line); n++)
		if (line.len > 0 && line.data[0] != '#' &&
			!run_line(&run, line)) {
			ok(false, "%s:%d: %.*s", name, n, (int)line.len,
				line.data);
			break;
		}
	app_free(run.app);
	config_unref(run.nobody);
	fixture_clear(&run.fixture);
}

static uint32_t
random_key(void)
{
	static const uint32_t keys[] = { KEYCODE_ENTER, KEYCODE_TAB,
		KEYCODE_TAB | KEYCODE_SHIFT, KEYCODE_ESC, KEYCODE_BACKSPACE,
		KEYCODE_UP, KEYCODE_DOWN, KEYCODE_LEFT, KEYCODE_RIGHT,
		KEYCODE_PAGE_UP, KEYCODE_PAGE_DOWN, 'p' | KEYCODE_CTRL,
		'd' | KEYCODE_CTRL, 'l' | KEYCODE_CTRL, 'n', 'j', 'j', 'k', 'J',
		'K', 'c', ':', '?', 't', 'v', 'h', 'H', ' ', 0x5c71 };

	if (rand() % 3 == 0)
		return 0x21 + (uint32_t)rand() % 94;
	return keys[(size_t)rand() % ARRAY_LEN(keys)];
}

static void
random_event(struct run *run)
{
	static const enum event_type types[] = { EVENT_ACCOUNT_CHANGED,
		EVENT_TREE_CHANGED, EVENT_MESSAGE_CHANGED, EVENT_FETCH_FAILED,
		EVENT_QUESTION, EVENT_PROGRESS };
	struct event event = { .type = types[(size_t)rand() % ARRAY_LEN(types)],
		.account = run->fixture.work,
		.folder = run->fixture.inbox,
		.message = rand() % 20,
		.done = (uint64_t)rand() % 100,
		.total = 100 };

	app_event(run->app, &event);
}

static void
monkey_step(struct run *run, int *uid)
{
	int rows = run->app->screen->rows;
	int cols = run->app->screen->cols;

	switch (rand() % 24) {
	case 0:
		app_resize(run->app, 1 + rand() % 50, 1 + rand() % 200);
		break;
	case 1:
		if (fixture_deliver(&run->fixture, "山 news"))
			tell(run, EVENT_FOLDER_CHANGED);
		break;
	case 2:
		if (fixture_expunge(&run->fixture, (uint32_t)++ * uid))
			tell(run, EVENT_FOLDER_CHANGED);
		break;
	case 3:
	case 4:
		mouse(run, (enum mouse_action)(rand() % 5), rand() % rows,
			rand() % cols);
		break;
	case 5:
		random_event(run);
		break;
	case 6:
		app_paste(run->app, SLICE("pa\x1b[31m\nste 山\xff"));
		break;
	default:
		app_key(run->app, random_key());
		break;
	}
}

/* Anything, in any order, for a while. */
static void
monkey(unsigned seed, int steps_wanted)
{
	struct run run = { .now_us = clock_mono_us() };
	bool whole = true;
	int uid = 0;

	if (!fixture_make(&run.fixture))
		return;
	srand(seed);
	step_size(&run, "120 34");
	for (int i = 0; i < steps_wanted && whole; i++) {
		monkey_step(&run, &uid);
		step_time(&run, rand() % 100000);
		(void)app_draw(run.app, run.now_us);
		whole = fixture_is_whole(run.app->screen);
		run.app->wants_quit = false;
		run.app->wants_suspend = false;
	}
	ok(whole, "random keys, sizes, clicks and mail, seed %u", seed);
	app_free(run.app);
	fixture_clear(&run.fixture);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
main(void)
{
	const char *top = getenv("TOP_SRCDIR");
	char *here CLEANUP(freep) = get_current_dir_name();
	char *dir CLEANUP(freep) =
		xasprintf("%s/tests/screens/scripts", top ? top : here);
	char *names[SCRIPTS_MAX];
	size_t n = 0;
	DIR *d = opendir(dir);
	struct dirent *entry;

	/* "Here" is shown. */
	ok(chdir("/") == 0, "from the root");
	setenv("TZ", "UTC", 1);
	tzset();
	setenv("LANGUAGE", "C", 1);
	i18n_init();
	while (d && (entry = readdir(d)) && n < SCRIPTS_MAX) {
		struct slice name = slice_str(entry->d_name);

		if (slice_ends(name, SLICE(".keys")))
			names[n++] = xstrdup(entry->d_name);
	}
	if (d)
		closedir(d);
	qsort(names, n, sizeof(names[0]), compare);
	ok(n > 0, "there are scripts in %s", dir);
	for (size_t i = 0; i < n; i++) {
		run_script(dir, names[i]);
		free(names[i]);
	}
	for (unsigned seed = 1; seed <= 4; seed++)
		monkey(seed, 1500);
	return tap_done();
}
