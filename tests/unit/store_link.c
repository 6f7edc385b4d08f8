/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"

#include "store_fixture.h"

enum { DAY = 86400 };

/* Messages in the order they are placed, and which of them end up together:
 * the same letter is the same thread. */
static const struct {
	const char *what;
	const char *want;
	struct mail mails[8];
} cases[] = {
	{ "a reply joins its parent", "aa",
		{ { .id = "1@x" }, { .id = "2@x", .references = "1@x" } } },
	{ "a parent that comes later", "aa",
		{ { .id = "2@x", .references = "1@x" }, { .id = "1@x" } } },
	{ "siblings of a parent nobody has", "aa",
		{ { .id = "2@x", .references = "1@x" },
			{ .id = "3@x", .references = "1@x" } } },
	{ "two conversations that a third joins", "aabba",
		{ { .id = "1@x" }, { .id = "2@x", .references = "1@x" },
			{ .id = "8@x" }, { .id = "9@x", .references = "8@x" },
			{ .id = "3@x", .references = "2@x" } } },
	{ "merged by one that names both", "aaaaa",
		{ { .id = "1@x" }, { .id = "2@x", .references = "1@x" },
			{ .id = "8@x" }, { .id = "9@x", .references = "8@x" },
			{ .id = "3@x", .references = "2@x 9@x" } } },
	{ "what came to the smaller one before the merge", "aaaaaa",
		{ { .id = "1@x" }, { .id = "2@x", .references = "1@x" },
			{ .id = "4@x", .references = "1@x" }, { .id = "8@x" },
			{ .id = "3@x", .references = "2@x 8@x" },
			{ .id = "7@x", .references = "8@x" } } },
	{ "references in a circle", "aaa",
		{ { .id = "1@x", .references = "3@x" },
			{ .id = "2@x", .references = "1@x" },
			{ .id = "3@x", .references = "2@x" } } },
	{ "a message that refers to itself", "ab",
		{ { .id = "1@x", .references = "1@x" }, { .id = "2@x" } } },
	{ "one Message-ID on different mail", "aa",
		{ { .id = "1@x", .subject = "one" },
			{ .id = "1@x", .subject = "two" } } },
	{ "no Message-ID at all", "ab", { { .id = NULL }, { .id = NULL } } },
	{ "a reply without references, by subject and author", "aa",
		{ { .id = "1@x",
			  .subject = "Lunch",
			  .from = "ann@x",
			  .to = "bo@x" },
			{ .id = "2@x",
				.subject = "Re: lunch",
				.from = "bo@x",
				.to = "ann@x",
				.received = DAY } } },
	{ "the same with the reply first", "aa",
		{ { .id = "2@x",
			  .subject = "Re: lunch",
			  .from = "bo@x",
			  .to = "ann@x",
			  .received = DAY },
			{ .id = "1@x",
				.subject = "Lunch",
				.from = "ann@x",
				.to = "bo@x" } } },
	{ "across the end of a month", "aa",
		{ { .id = "1@x",
			  .subject = "Lunch",
			  .from = "ann@x",
			  .to = "bo@x",
			  .received = 29 * DAY },
			{ .id = "2@x",
				.subject = "Fwd: Lunch",
				.from = "bo@x",
				.to = "cy@x",
				.received = 58 * DAY } } },
	{ "31 days are too long", "ab",
		{ { .id = "1@x",
			  .subject = "Lunch",
			  .from = "ann@x",
			  .to = "bo@x",
			  .received = 1 },
			{ .id = "2@x",
				.subject = "Re: Lunch",
				.from = "bo@x",
				.to = "ann@x",
				.received = 31 * DAY } } },
	{ "a reader in common is no participant", "ab",
		{ { .id = "1@x",
			  .subject = "Hello",
			  .from = "ann@x",
			  .to = "me@x" },
			{ .id = "2@x",
				.subject = "Re: Hello",
				.from = "bo@x",
				.to = "me@x",
				.received = 60 } } },
	{ "the same subject without a reply", "ab",
		{ { .id = "1@x", .subject = "News", .from = "ann@x" },
			{ .id = "2@x",
				.subject = "News",
				.from = "ann@x",
				.received = 60 } } },
	{ "a reply is not older than what it answers", "ab",
		{ { .id = "1@x",
			  .subject = "Lunch",
			  .from = "ann@x",
			  .to = "bo@x",
			  .received = 60 },
			{ .id = "2@x",
				.subject = "Re: Lunch",
				.from = "bo@x",
				.to = "ann@x" } } },
	{ "subject does not count with references", "ab",
		{ { .id = "1@x",
			  .subject = "Lunch",
			  .from = "ann@x",
			  .to = "bo@x" },
			{ .id = "2@x",
				.subject = "Re: Lunch",
				.from = "bo@x",
				.to = "ann@x",
				.references = "0@x",
				.received = 60 } } },
};

static int64_t
conversation_of(struct fixture *fixture, int64_t message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct message loaded CLEANUP(message_clear) = { 0 };

	MUST(message_load(fixture->store, message, &loaded, &err) == FOUND);
	return loaded.conversation;
}

static void
run_case(size_t at)
{
	struct fixture fixture = { 0 };
	size_t n = strlen(cases[at].want);
	int64_t messages[8] = { 0 };
	int64_t threads[8];
	char got[9] = { 0 };

	fixture_open(&fixture);
	for (size_t i = 0; i < n; i++) {
		struct mail mail = cases[at].mails[i];

		mail.uid = (uint32_t)i + 1;
		if (!mail.received)
			mail.received = (int64_t)i + 1;
		place_one(&fixture, fixture.inbox, &mail, &messages[i]);
		/* Half of them one by one, half of them all at once. */
		if (at % 2)
			link_all(&fixture);
	}
	link_all(&fixture);
	for (size_t i = 0; i < n; i++) {
		size_t j = 0;

		threads[i] = conversation_of(&fixture, messages[i]);
		while (threads[j] != threads[i])
			j++;
		got[i] = (char)(j == i ? 'a' + (int)i : got[j]);
	}
	/* Letters in the order they first appear. */
	for (size_t i = 0, next = 0; i < n; i++) {
		char old = got[i];

		if (old >= 'A' && old <= 'Z')
			continue;
		for (size_t j = i; j < n; j++) {
			if (got[j] == old)
				got[j] = (char)('A' + (int)next);
		}
		next++;
	}
	for (size_t i = 0; i < n; i++)
		got[i] = (char)(got[i] + ('a' - 'A'));
	is_str(got, cases[at].want, cases[at].what);
	is_sound(&fixture, cases[at].what);
	fixture_close(&fixture);
}

static void
load_threads(struct fixture *fixture, struct list_rows *rows)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query = { .folder = fixture->inbox, .threads = true };

	MUST(list_load(fixture->store, &query, NULL, false, LIST_OLDER, 100,
		rows, &err));
}

static void
test_rows(void)
{
	static const struct mail mails[] = {
		{ .uid = 1,
			.received = 10,
			.id = "1@x",
			.from = "ann@x",
			.subject = "Start",
			.flags = FLAG_SEEN },
		{ .uid = 2,
			.received = 20,
			.id = "2@x",
			.from = "bo@x",
			.references = "1@x",
			.subject = "Re: Start",
			.keywords = "work" },
		{ .uid = 3,
			.received = 30,
			.id = "3@x",
			.from = "ann@x",
			.references = "1@x 2@x",
			.subject = "Re: Start",
			.flags = FLAG_SEEN | FLAG_FLAGGED | FLAG_ANSWERED },
		{ .uid = 4,
			.received = 15,
			.id = "4@x",
			.from = "cy@x",
			.subject = "Other",
			.flags = FLAG_SEEN },
	};
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct list_rows members CLEANUP(list_rows_clear) = { 0 };
	struct list_query query;
	const struct list_row *row;

	fixture_open(&fixture);
	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		place_one(&fixture, fixture.inbox, &mails[i], NULL);
	load_threads(&fixture, &rows);
	is_int((int64_t)rows.n, 0, "no threads before linking");
	list_rows_clear(&rows);
	link_all(&fixture);
	load_threads(&fixture, &rows);
	if (!is_int((int64_t)rows.n, 2, "two threads"))
		return;
	row = &rows.items[0];
	is_str(row->subject, "Re: Start", "subject of the newest");
	is_int(row->thread_size, 3, "size");
	is_int(row->thread_unread, 1, "unread");
	is_int(row->n_people, 2, "people, each once");
	is_str(row->people[0].name, "ann@x", "the oldest first");
	ok(!row->people[0].unread && row->people[1].unread,
		"who has unread mail there");
	ok(row->unread && row->flagged, "unread and flagged");
	ok(row->flags.bits == (FLAG_FLAGGED | FLAG_ANSWERED),
		"flags of any, answered by the newest");
	is_str(row->flags.keywords, "work", "keywords of any");
	is_int(row->key.date, 30, "stands where its newest stands");
	query = (struct list_query){ .folder = fixture.inbox, .threads = true };
	MUST(list_load_thread(
		fixture.store, &query, row->conversation, &members, &err));
	is_int((int64_t)members.n, 3, "members");
	for (size_t i = 0; i < members.n; i++)
		is_int(members.items[i].depth, (int64_t)i, "depth");
	fixture_close(&fixture);
}

/* A conversation takes CONVERSATION_MAX messages and no more. */
static void
test_limit(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	int64_t sizes = 0;

	fixture_open(&fixture);
	for (uint32_t i = 0; i < 2500;) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		for (int j = 0; j < 100; j++, i++) {
			char id[32];
			struct mail mail = { .uid = i + 1,
				.received = i,
				.id = id,
				.references = "root@x" };

			snprintf(id, sizeof(id), "%u@x", i);
			place(&fixture, fixture.inbox, &mail, NULL);
		}
		MUST(transaction_commit(&tx, &err));
	}
	link_all(&fixture);
	load_threads(&fixture, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		sizes += rows.items[i].thread_size;
		ok(rows.items[i].thread_size <= 1000, "%d messages",
			rows.items[i].thread_size);
		if (i == 4)
			break;
	}
	is_sound(&fixture, "a flood of replies");
	fixture_close(&fixture);
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		run_case(i);
	test_rows();
	test_limit();
	return tap_done();
}
