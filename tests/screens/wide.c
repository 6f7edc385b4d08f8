/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every message below the folder that TERCET_CORPUS names, whatever it is:
 * taken into a store, opened, and drawn from its first line to its last at 40,
 * 80 and 200 columns; with its headers, its source and the messages inside it.
 * No cell holds what a terminal must not see, and nothing takes a second.
 *
 * Of many messages every tenth is tried, under sanitizers fewer;
 * TERCET_CORPUS_SAMPLE is another number, 1 all of them: make
 * check-corpus-wide.
 */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "fixture.h"
#include "i18n/i18n.h"
#include "mime/mbox.h"
#include "pane/pane.h"
#include "sync/ingest.h"
#include "view/view_viewer.h"

#include "../unit/tap.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { TIME_MAX_US = 10 * 1000 * 1000, SAMPLE = 25 };
#else
enum { TIME_MAX_US = 1000 * 1000, SAMPLE = 10 };
#endif

enum {
	FILE_SIZE_MAX = 64 * 1024 * 1024,
	DEPTH_MAX = 20,
	ROWS = 24,
	PAGES_MAX = 100, /* drawn one after the other; then the last */
};

static const int widths[] = { 40, 80, 200 };

struct corpus {
	struct fixture fixture;
	struct view_viewer view;
	struct screen *screens[ARRAY_LEN(widths)];
	unsigned long every;
	unsigned long met;
	int tried;
	int parts;
	int64_t pages;
	int64_t slowest_us;
	struct {
		int64_t *items;
		size_t n;
		size_t cap;
	} opened_us;      /* of each, until its first screen */
	const char *path; /* of what is being tried */
	const char *what;
	bool clean;
};

/* Of the processor: a machine with much else to do is no fault. */
static int64_t
busy_us(void)
{
	return (int64_t)clock() * 1000000 / CLOCKS_PER_SEC;
}

static void
draw(struct corpus *corpus, struct screen *screen)
{
	struct rect rect = { 0, 0, screen->rows, screen->cols };

	pane_viewer_draw(screen, &rect, &corpus->view, true);
	corpus->pages++;
	if (fixture_is_whole(screen) || !corpus->clean)
		return;
	corpus->clean = false;
	ok(false, "%s: %s at %d columns", corpus->path, corpus->what,
		screen->cols);
}

/* Page by page. */
static void
draw_all(struct corpus *corpus, const char *what, size_t from, size_t to)
{
	corpus->what = what;
	for (size_t i = from; i < to; i++) {
		struct screen *screen = corpus->screens[i];

		view_viewer_set_size(
			&corpus->view, screen->cols - 2, screen->rows);
		view_viewer_first(&corpus->view);
		for (int page = 0; page < PAGES_MAX; page++) {
			draw(corpus, screen);
			if (!view_viewer_scroll(&corpus->view, screen->rows))
				break;
		}
		view_viewer_last(&corpus->view);
		draw(corpus, screen);
	}
}

static void
draw_mode(struct corpus *corpus, const char *what, enum viewer_mode mode)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (view_viewer_set_mode(
		    &corpus->view, corpus->fixture.store, mode, &err) == FOUND)
		draw_all(corpus, what, 1, 2);
	else
		ok(false, "%s: %s: %s", corpus->path, what,
			err.text ? err.text : "not held");
}

static void
draw_parts(struct corpus *corpus)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const struct part_tree *parts = &corpus->view.message.parts;

	for (size_t i = 0; i < parts->n && i < 20; i++) {
		if (!part_is_message(&parts->items[i]))
			continue;
		if (view_viewer_show_part(&corpus->view, corpus->fixture.store,
			    parts->items[i].section, &err) == FOUND_ERROR)
			ok(false, "%s: part %s: %s", corpus->path,
				parts->items[i].section, err.text);
		draw_all(corpus, "a message inside", 0, ARRAY_LEN(widths));
		corpus->parts++;
	}
}

/* What is done with the text of a message besides reading it. */
static void
use(struct corpus *corpus)
{
	struct viewer_hint hints[VIEWER_HINTS_MAX];
	struct view_viewer *view = &corpus->view;

	view_viewer_first(view);
	view->hints_shown = true;
	for (int i = 0; i < 10; i++) {
		(void)view_viewer_hints(view, hints);
		draw(corpus, corpus->screens[ARRAY_LEN(widths) - 1]);
		if (!view_viewer_scroll(view, ROWS))
			break;
	}
	view->hints_shown = false;
	(void)view_viewer_find(view, "e");
	for (int i = 0; i < 20; i++)
		if (view_viewer_find_next(view, i % 3 == 2) != VIEWER_FOUND_NOT)
			draw(corpus, corpus->screens[1]);
	(void)view_viewer_find(view, NULL);
}

/* As a key does it. */
static bool
open_message(struct corpus *corpus, int64_t id, struct error *err)
{
	struct screen *screen = corpus->screens[1];
	int64_t before = clock_mono_us();
	int64_t took;

	view_viewer_set_size(&corpus->view, screen->cols - 2, screen->rows);
	if (!view_viewer_load(&corpus->view, corpus->fixture.store,
		    corpus->fixture.config, id, err))
		return false;
	corpus->what = "the first screen";
	draw(corpus, screen);
	took = clock_mono_us() - before;
	array_push(&corpus->opened_us, took);
	return true;
}

static int
compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void
print_opened(struct corpus *corpus)
{
	int64_t *items = corpus->opened_us.items;
	size_t n = corpus->opened_us.n;

	if (n == 0)
		return;
	qsort(items, n, sizeof(*items), compare_times);
	printf("# opened in %.2f ms (median), %.2f (99 of 100), %.2f (worst)\n",
		(double)items[n / 2] / 1e3, (double)items[n * 99 / 100] / 1e3,
		(double)items[n - 1] / 1e3);
}

static void
try_message(struct corpus *corpus, const char *path, struct slice bytes)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture *fixture = &corpus->fixture;
	struct flags flags = FLAGS_INIT;
	int64_t before = busy_us();
	int64_t took;
	int64_t id;

	if (corpus->met++ % corpus->every != 0)
		return;
	corpus->path = path;
	corpus->clean = true;
	corpus->tried++;
	if (!ingest_whole(fixture->writer, fixture->work, fixture->inbox, bytes,
		    &flags, FIXTURE_NOW, &id, &err) ||
		!open_message(corpus, id, &err)) {
		ok(false, "%s: %s", path, err.text);
		return;
	}
	view_viewer_set_quotes(&corpus->view, false);
	draw_all(corpus, "the text", 0, ARRAY_LEN(widths));
	view_viewer_set_quotes(&corpus->view, true);
	draw_all(corpus, "the text with quotes", 0, ARRAY_LEN(widths));
	use(corpus);
	took = busy_us() - before;
	if (took > corpus->slowest_us) {
		corpus->slowest_us = took;
		printf("# %s: %d ms\n", path, (int)(took / 1000));
	}
	if (took > TIME_MAX_US)
		ok(false, "%s: %d ms", path, (int)(took / 1000));
	draw_mode(corpus, "the header", VIEWER_HEADERS);
	draw_mode(corpus, "the source", VIEWER_RAW);
	draw_parts(corpus);
}

static void
try_mbox(struct corpus *corpus, const char *path, struct slice rest)
{
	struct slice message;

	for (int n = 1; mbox_next(&rest, &message); n++) {
		char *name CLEANUP(freep) = xasprintf("%s#%d", path, n);

		try_message(corpus, name, message);
	}
}

static void
try_file(struct corpus *corpus, const char *path)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	strbuf_init(&bytes, FILE_SIZE_MAX);
	if (!file_read(path, &bytes, &err))
		ok(false, "%s: %s", path, err.text);
	else if (slice_starts(strbuf_slice(&bytes), SLICE("From ")))
		try_mbox(corpus, path, strbuf_slice(&bytes));
	else
		try_message(corpus, path, strbuf_slice(&bytes));
}

static void
try_folder(struct corpus *corpus, const char *path, int depth)
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char *child CLEANUP(freep) =
			file_join(path, entries[i]->d_name);
		struct stat st;

		if (entries[i]->d_name[0] != '.' && lstat(child, &st) == 0) {
			if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
				try_folder(corpus, child, depth + 1);
			else if (S_ISREG(st.st_mode))
				try_file(corpus, child);
		}
		free(entries[i]);
	}
	free(entries);
}

int
main(void)
{
	const char *top = getenv("TERCET_CORPUS");
	const char *sample = getenv("TERCET_CORPUS_SAMPLE");
	struct corpus corpus = { .every = SAMPLE };

	if (!top || !*top) {
		tap_skip("the corpus", "TERCET_CORPUS is not set");
		return tap_done();
	}
	setenv("TZ", "UTC", 1);
	tzset();
	i18n_init();
	if (sample && strtoul(sample, NULL, 10) > 0)
		corpus.every = strtoul(sample, NULL, 10);
	if (!ok(fixture_make(&corpus.fixture), "a store"))
		return tap_done();
	view_viewer_init(&corpus.view);
	for (size_t i = 0; i < ARRAY_LEN(widths); i++)
		corpus.screens[i] = screen_new(ROWS, widths[i], false);
	try_folder(&corpus, top, 0);
	print_opened(&corpus);
	array_clear(&corpus.opened_us);
	ok(corpus.tried > 0,
		"%d of %lu messages, %d inside them, %lld pages; the slowest "
		"took %d ms",
		corpus.tried, corpus.met, corpus.parts, (long long)corpus.pages,
		(int)(corpus.slowest_us / 1000));
	for (size_t i = 0; i < ARRAY_LEN(widths); i++)
		screen_free(corpus.screens[i]);
	view_viewer_clear(&corpus.view);
	fixture_clear(&corpus.fixture);
	return tap_done();
}
