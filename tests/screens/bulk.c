/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Thousands at once, and a key that is held: the screen answers at once, and
 * no key is lost.  Times are those the thread ran, so that a busy machine
 * changes nothing.
 */
#include <stdlib.h>
#include <time.h>

#include "app.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/mem.h"
#include "fixture.h"
#include "i18n/i18n.h"
#include "store/folder.h"

#include "../unit/tap.h"

enum { MANY = 5000, HELD = 300, TICKS_MAX = 20000 };

/*
 * What a key may cost, and a tick behind it: well above the 8 ms that are
 * meant, since machines differ, and well below what thousands of messages cost
 * at once.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__OPTIMIZE__) == 0
enum { BUDGET_US = 400000 };
#else
enum { BUDGET_US = 40000 };
#endif

struct run {
	struct fixture fixture;
	struct app *app;
	int64_t now_us;
	int64_t worst_us;
};

static int64_t
cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* As the loop does after inputs; without terminal. */
static void
turn(struct run *run)
{
	run->now_us += 33000;
	app_tick(run->app, run->now_us);
	app_settle(run->app, run->now_us);
	(void)app_draw(run->app, run->now_us);
}

static int64_t
press(struct run *run, uint32_t key)
{
	int64_t began = cpu_us();
	int64_t took;

	app_key(run->app, key);
	turn(run);
	took = cpu_us() - began;
	if (took > run->worst_us)
		run->worst_us = took;
	return took;
}

/* Until nothing is left to be done behind the screen. */
static int64_t
finish(struct run *run)
{
	int64_t worst = 0;

	for (int i = 0; i < TICKS_MAX && (run->app->triage.applying ||
						 run->app->list.overlay.n > 0);
		i++) {
		int64_t began = cpu_us();

		turn(run);
		if (cpu_us() - began > worst)
			worst = cpu_us() - began;
	}
	/* What is stale is read again. */
	for (int i = 0; i < 5; i++)
		turn(run);
	return worst;
}

static int64_t
placed(struct run *run, int64_t id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder = { .id = 0 };
	int64_t n = -1;

	if (folder_load(run->fixture.store, id, &folder, &err) == FOUND)
		n = folder.placed;
	folder_clear(&folder);
	return n;
}

static void
within(int64_t us, const char *what)
{
	ok(us < BUDGET_US, "%s: %lld us", what, (long long)us);
}

static bool
begin(struct run *run)
{
	struct app_options options = { .rows = 34, .cols = 120 };

	*run = (struct run){ .now_us = clock_mono_us() };
	if (!fixture_make(&run->fixture) ||
		!fixture_deliver_many(&run->fixture, MANY))
		return false;
	options.config = run->fixture.config;
	options.store = run->fixture.store;
	run->app = app_new(&options);
	turn(run);
	return true;
}

static void
end(struct run *run)
{
	app_free(run->app);
	fixture_clear(&run->fixture);
}

static void
test_bulk(void)
{
	struct run run;
	int64_t before;
	int64_t took;

	if (!ok(begin(&run), "a folder of thousands"))
		return;
	before = placed(&run, run.fixture.inbox);
	press(&run, 'V');
	took = press(&run, 'G');
	within(took, "to the end of a folder");
	took = press(&run, 'x');
	within(took, "the first slice of marking all");
	while (marking_is_busy(run.app))
		turn(&run);
	ok(marks_count(&run.app->marks) > MANY, "all rows are marked");
	took = press(&run, 'e');
	within(took, "archiving them all");
	ok(view_list_is_empty(&run.app->list), "none is shown any more");
	within(finish(&run), "the longest slice behind it");
	is_int(placed(&run, run.fixture.inbox), 0, "the folder is empty");
	ok(view_list_is_empty(&run.app->list), "and so is the list");
	took = press(&run, 'u');
	within(took, "undoing it");
	within(finish(&run), "the longest slice of that");
	is_int(placed(&run, run.fixture.inbox), before, "all are back");
	ok(!view_list_is_empty(&run.app->list), "on the screen, too");
	took = press(&run, 'r' | KEYCODE_CTRL);
	within(took, "doing it again");
	finish(&run);
	is_int(placed(&run, run.fixture.inbox), 0, "and away once more");
	end(&run);
}

/* A key held: one row goes at each, and the one at the cursor. */
static void
test_held(void)
{
	struct run run;
	int64_t before;
	const struct view_row *at;
	int64_t sum = 0;
	int64_t first;
	bool each = true;
	bool back = true;

	if (!ok(begin(&run), "a folder of thousands"))
		return;
	before = placed(&run, run.fixture.inbox);
	first = view_list_at_cursor(&run.app->list)->row.conversation;
	run.worst_us = 0;
	for (int i = 0; i < HELD; i++) {
		const struct view_row *row =
			view_list_at_cursor(&run.app->list);
		int64_t conversation = row ? row->row.conversation : 0;

		sum += row ? row->row.thread_size : 0;
		press(&run, 'e');
		row = view_list_at_cursor(&run.app->list);
		each = each && row && row->row.conversation != conversation;
	}
	ok(each, "each key takes the row at the cursor away");
	within(run.worst_us, "the slowest of them");
	is_int(before - placed(&run, run.fixture.inbox), sum,
		"as many as there were rows' messages");
	for (int i = 0; i < HELD; i++) {
		int64_t was = placed(&run, run.fixture.inbox);

		press(&run, 'u');
		at = view_list_at_cursor(&run.app->list);
		back = back && at &&
		       placed(&run, run.fixture.inbox) - was ==
			       at->row.thread_size;
	}
	at = view_list_at_cursor(&run.app->list);
	ok(back && at && at->row.conversation == first,
		"the cursor is on what came back last");
	is_int(placed(&run, run.fixture.inbox), before,
		"and all come back, one by one");
	end(&run);
}

/* Counts that reach beyond the rows read for the screen. */
enum { COUNT = 500, LONG_COUNT = 4500, LONG_COUNT_OF_SEVERAL = 3000 };

static int64_t
press_count(struct run *run, int count, uint32_t key)
{
	char digits[16];

	snprintf(digits, sizeof(digits), "%d", count);
	for (const char *digit = digits; *digit; digit++)
		press(run, (uint32_t)*digit);
	return press(run, key);
}

/* Threads, or messages, in the open folder or in all that it is of. */
static int64_t
held(struct run *run)
{
	const struct list_query *query = &run->app->list.query;
	int64_t n = 0;

	for (size_t i = 0; i < (query->folders ? query->folders->n : 1); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct folder folder = { .id = 0 };
		int64_t id = query->folders ? query->folders->items[i]
					    : query->folder;

		if (folder_load(run->fixture.store, id, &folder, &err) == FOUND)
			n += query->threads ? folder.threads : folder.placed;
		folder_clear(&folder);
	}
	return n;
}

static void
count_and_undo(struct run *run)
{
	bool of_several = run->app->list.query.folders;
	int long_count = of_several ? LONG_COUNT_OF_SEVERAL : LONG_COUNT;
	int64_t before = held(run);
	int64_t took;

	took = press_count(run, COUNT, 'e');
	/* In several folders, it is done in each. */
	if (!of_several)
		within(took, "archiving so many");
	(void)finish(run);
	is_int(before - held(run), COUNT, "as many are gone as were counted");
	is_int((int64_t)marks_count(&run->app->marks), 0, "no mark is left");
	press(run, 'u');
	(void)finish(run);
	is_int(held(run), before, "one undo brings them all back");
	run->worst_us = 0;
	press_count(run, long_count, 'e');
	for (int i = 0; i < TICKS_MAX && marking_is_busy(run->app); i++)
		press(run, 'j');
	if (!of_several)
		within(run->worst_us, "the slowest key of a long count");
	(void)finish(run);
	is_int(before - held(run), long_count,
		"thousands are gone as they were counted");
}

static void
test_counted(const char *how, const char *keys)
{
	struct run run;

	if (!ok(begin(&run), "a folder of thousands, %s", how))
		return;
	for (const char *key = keys; *key; key++)
		press(&run, *key == '\n' ? KEYCODE_ENTER : (uint32_t)*key);
	count_and_undo(&run);
	end(&run);
}

int
main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	setenv("LANGUAGE", "C", 1);
	i18n_init();
	test_bulk();
	test_held();
	test_counted("by threads", "");
	test_counted("by messages", "t");
	test_counted("of several accounts", "call in\n");
	test_counted("of several accounts by messages", "call in\nt");
	return tap_done();
}
