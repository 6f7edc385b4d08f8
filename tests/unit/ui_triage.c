/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids, marks, labels, and what `*` understands. */
#include <stdlib.h>
#include <time.h>

#include "base/array.h"
#include "base/mem.h"
#include "command/mark_query.h"
#include "i18n/i18n.h"
#include "store/pick.h"
#include "view/id_map.h"
#include "view/labels.h"
#include "view/marks.h"
#include "view/overlay.h"

#include "tap.h"

/* Against an array of flags. */
static void
test_id_map(void)
{
	enum { IDS = 3000, STEPS = 200000 };
	struct id_map map = { NULL, 0, 0 };
	static int64_t there[IDS];
	size_t n = 0;
	size_t walked = 0;
	size_t at = 0;
	int64_t id;
	int64_t value;
	bool good = true;

	srand(7);
	for (int step = 0; step < STEPS && good; step++) {
		size_t i = (size_t)rand() % IDS;

		if (rand() % 3) {
			n += there[i] == 0;
			there[i] = 1 + rand() % 100;
			id_map_put(&map, (int64_t)i + 1, there[i]);
		} else {
			good = id_map_remove(&map, (int64_t)i + 1) ==
			       (there[i] != 0);
			n -= there[i] != 0;
			there[i] = 0;
		}
		i = (size_t)rand() % IDS;
		good = good && map.n == n &&
		       id_map_get(&map, (int64_t)i + 1) == there[i] &&
		       id_map_has(&map, (int64_t)i + 1) == (there[i] != 0);
	}
	ok(good, "a map of ids is what it was told");
	while (id_map_next(&map, &at, &id, &value)) {
		good = good && there[id - 1] == value;
		walked++;
	}
	ok(good && walked == n, "walked through once each");
	id_map_clear(&map);
	ok(!id_map_has(&map, 1), "nothing is in an empty one");
}

static void
test_marks(void)
{
	struct marks marks = { .ranging = false };

	marks_set_message(&marks, 11, 5, true);
	marks_set_message(&marks, 12, 5, true);
	marks_set_message(&marks, 13, 6, true);
	is_int((int64_t)marks_count(&marks), 3, "three messages");
	marks_set_thread(&marks, 5, 1, true);
	is_int((int64_t)marks_count(&marks), 2, "a thread takes its own in");
	marks_set_message(&marks, 12, 5, true);
	is_int((int64_t)marks_count(&marks), 2, "which are marked already");
	marks_set_thread(&marks, 5, 1, false);
	is_int((int64_t)marks_count(&marks), 1, "and unmarked with it");
	marks_set_message(&marks, 13, 6, false);
	ok(marks_count(&marks) == 0 && marks.parts.n == 0, "none is left");
	marks_clear(&marks);
}

/* A letter that queries are held against. */
static const char packed_from[] = "ann@example.org\tAnn Éxample\n";
static const char packed_to[] = "bo@example.net\tBo\n";

static const struct {
	const char *text;
	int fits; /* -1: not understood */
} queries[] = {
	{ "budget", 1 },
	{ "BUDGET north", 1 },
	{ "budget south", 0 },
	{ "éxample", 1 },
	{ "ÉXAMPLE", 1 },
	{ "example", 1 },
	{ "exumple", 0 },
	{ "behind-many", 1 },
	{ "\"north wing\"", 1 },
	{ "\"wing north\"", 0 },
	{ "from:ann", 1 },
	{ "from:bo", 0 },
	{ "to:bo", 1 },
	{ "bo", 1 },
	{ "subject:wing", 1 },
	{ "subject:\"north wing\"", 1 },
	{ "subject:ann", 0 },
	{ "list:git", 1 },
	{ "is:unread", 1 },
	{ "is:read", 0 },
	{ "-is:read", 1 },
	{ "is:flagged", 0 },
	{ "IS:UNREAD FROM:ANN", 1 },
	{ "-from:ann", 0 },
	{ "label:2", 1 },
	{ "label:$label2", 1 },
	{ "label:todo", 1 },
	{ "label:tod", 0 },
	{ "has:attachment", 1 },
	{ "larger:10k", 1 },
	{ "larger:1M", 0 },
	{ "older:1d", 1 },
	{ "older:3d", 0 },
	{ "newer:3d", 1 },
	{ "newer:2026-11-18", 1 },
	{ "older:2026-11-18", 0 },
	{ "re: lunch", 0 },
	{ "12:30", -1 },
	{ "cc:ann", -1 },
	{ "older:soon", -1 },
	{ "older:1d2", -1 },
	{ "larger:big", -1 },
	{ "larger:99999999999999999999", -1 },
	{ "is:happy", -1 },
	{ "older:2026-13-01", -1 },
	{ "", 0 },
	{ "   ", 0 },
};

static void
test_queries(void)
{
	enum { NOW = 1795190520 };
	char many[4000];
	struct pick_message message = {
		.flags = FLAG_LABEL2,
		.keywords = SLICE("other todo"),
		.subject = SLICE("Budget for the North Wing"),
		.from = { packed_from, sizeof(packed_from) - 1 },
		.to = { packed_to, sizeof(packed_to) - 1 },
		.copies = { many, sizeof(many) - 1 },
		.list_id = SLICE("git.lists.example.org"),
		.size = 20000,
		.attachments = 1,
		.received = NOW - 2 * 86400,
	};

	memset(many, 'x', sizeof(many));
	snprintf(many + sizeof(many) - 20, 20, "behind-many@x");
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct mark_query query CLEANUP(mark_query_clear) = { .n = 0 };
		bool good =
			mark_query_parse(queries[i].text, NOW, &query, &err);
		int got = good ? mark_query_fits(&query, &message) : -1;

		is_int(got, queries[i].fits, queries[i].text);
	}
}

static void
test_many_words(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct mark_query query CLEANUP(mark_query_clear) = { .n = 0 };
	char text[200];

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 2 ? ' ' : 'a';
	text[sizeof(text) - 1] = '\0';
	ok(!mark_query_parse(text, 0, &query, &err) && err.kind == ERR_LIMIT,
		"there is a limit to words");
}

static void
test_labels(void)
{
	char keywords[] = "$Other NonJunk todo zoo";
	struct flags flags = { FLAG_LABEL1 | FLAG_LABEL4 | FLAG_FORWARDED,
		keywords };
	struct strbuf all CLEANUP(strbuf_clear) = { 0 };
	struct label label;
	size_t position = 0;

	strbuf_init(&all, 1000);
	while (labels_next(&flags, &position, &label))
		strbuf_addf(&all, "%.*s=%.*s ", (int)label.word.len,
			label.word.data, (int)label.name.len, label.name.data);
	is_str(all.data, "$label1=Important $label4=To do todo=todo zoo=zoo ",
		"labels, and nobody's notes");
	ok(slice_eq(labels_word(SLICE("important")), SLICE("$label1")),
		"a name is a keyword");
	ok(slice_eq(labels_word(SLICE("garden")), SLICE("garden")),
		"other words are themselves");
}

static void
test_overlay(void)
{
	struct overlay overlay = { .n = 0 };
	struct overlay_layer *layer;
	struct list_row row = { .folder = 1,
		.conversation = 7,
		.placement = 70,
		.thread_size = 2,
		.thread_unread = 2 };

	layer = overlay_add(&overlay);
	layer->action = 1;
	layer->folder = 1;
	layer->add = FLAG_SEEN | FLAG_FLAGGED;
	id_map_put(&layer->threads, 7, 1);
	ok(!overlay_cover(&overlay, &row, true) && row.flagged && !row.unread,
		"a row shows what was asked for");
	layer = overlay_add(&overlay);
	layer->action = 2;
	layer->folder = 1;
	layer->hides = true;
	id_map_put(&layer->threads, 7, 1);
	ok(overlay_cover(&overlay, &row, true), "or not at all");
	ok(overlay_hides(&overlay, 1, true, 7) &&
			!overlay_hides(&overlay, 2, true, 7),
		"in its folder");
	overlay_drop(&overlay, 2);
	ok(!overlay_cover(&overlay, &row, true), "until it was undone");
	for (int i = 0; i < 3 * OVERLAY_LAYERS_MAX; i++)
		(void)overlay_add(&overlay);
	is_int(overlay.n, OVERLAY_LAYERS_MAX, "there is a limit to layers");
	overlay_clear(&overlay);
}

int
main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	i18n_init();
	test_id_map();
	test_marks();
	test_queries();
	test_many_words();
	test_labels();
	test_overlay();
	return tap_done();
}
