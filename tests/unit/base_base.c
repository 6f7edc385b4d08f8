/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/resource.h>
#include <unistd.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/queue.h"
#include "base/spawn.h"
#include "base/strbuf.h"
#include "base/thread.h"
#include "base/utf8.h"

#include "tap.h"

static void
test_numbers(void)
{
	static const struct {
		const char *text;
		uint64_t max;
		bool good;
		uint64_t value;
	} cases[] = {
		{ "0", 10, true, 0 },
		{ "4294967295", UINT32_MAX, true, UINT32_MAX },
		{ "4294967296", UINT32_MAX, false, 0 },
		{ "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, false, 0 },
		{ "", 10, false, 0 },
		{ "-1", 10, false, 0 },
		{ "1x", 10, false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t value = 0;
		bool good = ascii_parse_u64(cases[i].text,
			strlen(cases[i].text), cases[i].max, &value);

		ok(good == cases[i].good && value == cases[i].value,
			"number \"%s\"", cases[i].text);
	}
}

static void
test_strbuf(void)
{
	struct strbuf buf CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&buf, 10);
	ok(strbuf_add_str(&buf, "12345"), "fits");
	ok(strbuf_addf(&buf, "%d", 67890), "fits exactly");
	ok(!strbuf_add_char(&buf, 'x') && buf.full, "past the limit");
	is_str(buf.data, "1234567890", "nothing taken past the limit");
	strbuf_drop(&buf, 8);
	is_str(buf.data, "90", "dropped from the front");
}

static void
test_utf8(void)
{
	static const struct {
		const char *in;
		const char *want;
	} cases[] = {
		{ "plain", "plain" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "\xc3", "\xef\xbf\xbd" },
		{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xed\xa0\x80x", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx" },
		{ "\xf0\x9f\x8e\x89", "\xf0\x9f\x8e\x89" },
		{ "\xf5\x80\x80\x80",
			"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct strbuf out CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&out, 100);
		ok(utf8_repair(slice_str(cases[i].in), &out), "repair");
		is_str(out.data, cases[i].want, "repaired");
		ok(utf8_is_valid(strbuf_slice(&out)), "valid after repair");
	}
	is_int((int64_t)utf8_cut(SLICE("a\xc3\xbc"), 2), 1, "cut");
}

static void
test_map(void)
{
	struct map *map = map_new(free);
	bool all = true;
	char key[16];

	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		map_put(map, key, xstrdup(key));
	}
	for (int i = 0; i < 1000; i += 3) {
		snprintf(key, sizeof(key), "k%d", i);
		all = all && map_remove(map, key);
	}
	ok(all, "removed every third");
	for (int i = 0; i < 1000; i++) {
		const char *got;

		snprintf(key, sizeof(key), "k%d", i);
		got = map_get(map, key);
		all = all && (i % 3 ? got && strcmp(got, key) == 0 : !got);
	}
	ok(all, "the others are still found");
	is_int((int64_t)map_size(map), 666, "size");
	map_free(map);
}

struct number {
	struct link link;
	int value;
};

static bool
number_covers(struct link *a, const struct link *b)
{
	return ((struct number *)a)->value == ((const struct number *)b)->value;
}

static void
number_free(struct link *item)
{
	free(item);
}

static const struct queue_ops number_ops = { number_covers, number_free };

static void
push_numbers(void *arg)
{
	for (int i = 0; i < 1000; i++) {
		struct number *n = xnew(struct number);

		n->value = i;
		queue_push(arg, &n->link);
	}
}

#ifdef HAVE_GETTID
static void
step_back(void *arg)
{
	thread_step_back();
	*(int *)arg = getpriority(PRIO_PROCESS, (id_t)gettid());
}

static void
test_step_back(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int before = getpriority(PRIO_PROCESS, (id_t)gettid());
	struct thread *thread = NULL;
	int there = -100;

	ok(thread_start("behind", step_back, &there, &thread, &err),
		"thread started");
	thread_join(thread);
	ok(there > before || before == 19, "it has stepped back");
	is_int(getpriority(PRIO_PROCESS, (id_t)gettid()), before,
		"the others have not");
}
#endif

static void
test_queue(void)
{
	struct queue *queue = queue_new(&number_ops);
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct thread *thread = NULL;
	int fd = queue_fd(queue);
	int seen = 0;
	bool ordered = true;

	for (int i = 0; i < 3; i++) {
		struct number *n = xnew(struct number);

		n->value = 7;
		queue_push(queue, &n->link);
	}
	is_int((int64_t)queue_length(queue), 1, "equal items merge");
	free(queue_pop(queue));
	is_int(thread_wait(&fd, 1, 0), -1, "an empty queue is not readable");
	ok(thread_start("push", push_numbers, queue, &thread, &err),
		"thread started");
	while (seen < 1000) {
		struct number *n;

		thread_wait(&fd, 1, -1);
		while ((n = (struct number *)queue_pop(queue)) != NULL) {
			ordered = ordered && n->value == seen;
			seen++;
			free(n);
		}
	}
	ok(ordered, "items come in order");
	thread_join(thread);
	push_numbers(queue);
	queue_free(queue);
}

static void
test_spawn(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct argv argv CLEANUP(argv_clear) = { 0 };
	struct spawn_result result = { 0 };
	struct argv sleeper CLEANUP(argv_clear) = { 0 };
	struct argv bad CLEANUP(argv_clear) = { 0 };

	ok(argv_split("sh -c 'cat; echo \"x  y\"; exit 3' a\\ b", &argv, &err),
		"split");
	is_int((int64_t)argv.n, 4, "words");
	is_str(argv.items[3], "a b", "escaped blank");
	ok(spawn_run(&argv, SLICE("in\n"), 100, -1, NULL, &result, &err),
		"run");
	is_str(result.out.data, "in\nx  y\n", "output");
	is_int(result.status, 3, "status");
	spawn_result_clear(&result);
	ok(!argv_split("a 'b", &bad, &err), "open quote refused");
	ok(!argv_split("  ", &bad, &err), "empty command refused");
	ok(argv_split("sleep 30", &sleeper, &err), "split");
	ok(!spawn_run(&sleeper, SLICE(""), 100, clock_mono_us() + 50000, NULL,
		   &result, &err) &&
			err.kind == ERR_OFFLINE,
		"killed at its deadline");
}

static void
test_file(void)
{
	char dir[] = "/tmp/tercet-test-XXXXXX";
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf buf CLEANUP(strbuf_clear) = { 0 };
	struct strbuf small CLEANUP(strbuf_clear) = { 0 };
	char *sub CLEANUP(freep) = NULL;
	char *path CLEANUP(freep) = NULL;
	int first = -1;
	int second = -1;

	strbuf_init(&buf, 1000);
	strbuf_init(&small, 3);
	if (!ok(mkdtemp(dir) != NULL, "temporary directory"))
		return;
	sub = file_join(dir, "a/b");
	path = file_join(sub, "file");
	ok(file_make_dir(sub, &err), "directories made");
	ok(file_replace(path, SLICE("12345"), &err), "written");
	ok(file_read(path, &buf, &err), "read");
	is_str(buf.data, "12345", "same bytes");
	ok(!file_read(path, &small, &err) && err.kind == ERR_LIMIT,
		"limit kept");
	ok(file_lock(path, &first, &err) && first >= 0, "locked");
	ok(file_lock(path, &second, &err) && second == -1, "held already");
	closep(&first);
	unlink(path);
	rmdir(sub);
	path[strlen(dir) + 2] = '\0';
	rmdir(path);
	rmdir(dir);
}

int
main(void)
{
	test_numbers();
	test_strbuf();
	test_utf8();
	test_map();
	test_queue();
#ifdef HAVE_GETTID
	test_step_back();
#endif
	test_spawn();
	test_file();
	return tap_done();
}
