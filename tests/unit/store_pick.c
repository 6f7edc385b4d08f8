/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing many rows at once, and where mail was last moved to. */
#include "base/array.h"
#include "base/clock.h"
#include "store/habit.h"
#include "store/pick.h"

#include "store_fixture.h"

enum { MESSAGES = 200 };

/* Three messages a second, so that ids have to decide; in threads of two. */
static void
fill(struct fixture *fixture)
{
	for (uint32_t i = 0; i < MESSAGES; i++) {
		char id[40];
		char parent[40];
		struct mail mail = {
			.uid = i + 1,
			.received = 1000 + i / 3,
			.flags = i % 5 ? FLAG_SEEN : 0,
			.id = id,
			.references = i % 2 ? parent : NULL,
		};
		int64_t message;

		snprintf(id, sizeof(id), "%u@example.org", i);
		snprintf(parent, sizeof(parent), "%u@example.org", i - 1);
		place_one(fixture, fixture->inbox, &mail, &message);
	}
}

/* Read in windows of `step`, from either end, the keys are the list's. */
static bool
keys_are_the_lists(struct fixture *fixture, bool threads,
	enum list_direction direction, size_t step)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query = { .folder = fixture->inbox,
		.threads = threads };
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct pick_keys keys = { NULL, 0, 0 };
	bool same;

	MUST(list_load(fixture->store, &query, NULL, false, LIST_OLDER,
		MESSAGES + 1, &rows, &err));
	for (;;) {
		size_t before = keys.n;
		struct list_key from = { 0, 0 };

		if (before > 0)
			from = keys.items[before - 1].key;
		MUST(pick_load_keys(fixture->store, &query,
			before > 0 ? &from : NULL, false, direction, step,
			&keys, &err));
		if (keys.n < before + step)
			break;
	}
	same = keys.n == rows.n && rows.n > 0;
	for (size_t i = 0; same && i < rows.n; i++) {
		const struct list_row *row =
			&rows.items[direction == LIST_OLDER ? i
							    : rows.n - 1 - i];

		same = keys.items[i].key.date == row->key.date &&
		       keys.items[i].key.id == row->key.id &&
		       keys.items[i].id ==
			       (threads ? row->conversation : row->placement);
	}
	array_clear(&keys);
	return same;
}

static void
count_unread(void *ctx, const struct pick_message *message)
{
	int *n = ctx;

	n[0]++;
	if (!(message->flags & FLAG_SEEN))
		n[1]++;
}

static void
test_walk(struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_key last = { 0, 0 };
	int n[2] = { 0, 0 };
	int slices = 0;
	bool begun = false;
	bool end = false;

	/* No time at all still makes progress. */
	while (!end && slices++ < MESSAGES) {
		MUST(pick_walk(fixture->store, fixture->inbox,
			begun ? &last : NULL, 0, count_unread, n, &last, &end,
			&err));
		begun = true;
	}
	is_int(n[0], MESSAGES, "a walk in slices sees each message once");
	is_int(n[1], MESSAGES / 5, "with its flags");
	ok(slices > 1, "and there were slices");
}

static void
test_members(struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query = { .folder = fixture->inbox, .threads = true };
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct id_array members = { NULL, 0, 0 };
	struct list_key key = { 0, 0 };

	MUST(list_load(fixture->store, &query, NULL, false, LIST_OLDER, 1,
		&rows, &err));
	MUST(pick_load_members(fixture->store, rows.items[0].conversation,
		fixture->inbox, &members, &err));
	is_int((int64_t)members.n, 2, "the messages of a thread");
	ok(list_locate_conversation(fixture->store, &query,
		   rows.items[0].conversation, &key, &err) == FOUND &&
			key.id == rows.items[0].key.id,
		"and its row by the conversation");
	array_clear(&members);
}

static int64_t
habit(struct fixture *fixture, const char *sender)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t folder = 0;

	MUST(habit_load(fixture->store, fixture->account, sender, &folder,
		     &err) != FOUND_ERROR);
	return folder;
}

static void
save_habit(struct fixture *fixture, const char *sender, int64_t folder)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	MUST(transaction_begin(fixture->store, &tx, &err) &&
		habit_save(fixture->store, fixture->account, sender, folder,
			&err) &&
		transaction_commit(&tx, &err));
}

static void
test_habits(struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct id_array recent = { NULL, 0, 0 };
	int64_t a =
		make_folder(fixture->store, fixture->account, "A", ROLE_NONE);
	int64_t b =
		make_folder(fixture->store, fixture->account, "B", ROLE_NONE);

	is_int(habit(fixture, "list:x"), 0, "nothing was moved yet");
	clock_freeze(5000);
	save_habit(fixture, "list:x", a);
	clock_freeze(5001);
	save_habit(fixture, "from:y@example.org", b);
	is_int(habit(fixture, "list:x"), a, "where a list's mail went");
	clock_freeze(5002);
	save_habit(fixture, "list:x", b);
	is_int(habit(fixture, "list:x"), b, "and where it went last");
	clock_freeze(5003);
	save_habit(fixture, "from:z@example.org", a);
	MUST(habit_load_recent(
		fixture->store, fixture->account, 5, &recent, &err));
	ok(recent.n == 2 && recent.items[0] == a && recent.items[1] == b,
		"the folders last used, each once");
	array_clear(&recent);
	save_habit(fixture, "from:z@example.org", 999);
	is_int(habit(fixture, "from:z@example.org"), 0,
		"a folder that is gone is none");
}

int
main(void)
{
	struct fixture fixture = { 0 };

	fixture_open(&fixture);
	fill(&fixture);
	link_all(&fixture);
	for (int i = 0; i < 8; i++)
		ok(keys_are_the_lists(&fixture, i & 1,
			   i & 2 ? LIST_OLDER : LIST_NEWER, i & 4 ? 7 : 64),
			"keys are the list's, way %d", i);
	test_walk(&fixture);
	test_members(&fixture);
	test_habits(&fixture);
	fixture_close(&fixture);
	return tap_done();
}
