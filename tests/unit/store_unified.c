/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One list over folders of several accounts: the same as each one's rows,
 * sorted together. */
#include "base/array.h"

#include "store_fixture.h"

enum { ACCOUNTS = 3, MESSAGES = 120, WINDOWS = 400 };

struct row {
	int64_t date;
	int64_t id;
	int64_t folder;
	bool unread;
};

ARRAY_OF(rows, struct row);

struct unified {
	struct fixture fixture;
	struct id_array accounts;
	struct id_array inboxes;
	struct list_query query;
	struct rows rows; /* newest first */
	uint64_t random;
};

static unsigned
pick(struct unified *it, unsigned below)
{
	it->random = it->random * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(it->random >> 33) % below;
}

static void
add_account(struct unified *it, int n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	char name[] = { 'a', (char)('0' + n), '\0' };
	int64_t account;

	MUST(transaction_begin(it->fixture.store, &tx, &err));
	MUST(account_ensure(it->fixture.store, name, &account, &err));
	MUST(transaction_commit(&tx, &err));
	array_push(&it->accounts, account);
	array_push(&it->inboxes,
		make_folder(it->fixture.store, account, "INBOX", ROLE_INBOX));
}

/* Times repeat, so that ids have to decide. */
static void
fill(struct unified *it)
{
	for (uint32_t i = 0; i < MESSAGES; i++) {
		struct mail mail = {
			.uid = i + 1,
			.received = 1000 + pick(it, 40),
			.flags = pick(it, 3) ? FLAG_SEEN : 0,
		};
		unsigned which = pick(it, ACCOUNTS);
		int64_t message;

		it->fixture.account = it->accounts.items[which];
		place_one(&it->fixture, it->inboxes.items[which], &mail,
			&message);
	}
}

static int
compare_rows(const void *a, const void *b)
{
	const struct row *x = a;
	const struct row *y = b;

	if (x->date != y->date)
		return x->date > y->date ? -1 : 1;
	return x->id > y->id ? -1 : x->id < y->id;
}

/* What each folder's own list says. */
static void
read_each(struct unified *it)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	array_clear(&it->rows);
	for (size_t i = 0; i < it->inboxes.n; i++) {
		struct list_query one = it->query;
		struct list_rows rows CLEANUP(list_rows_clear) = { 0 };

		one.folders = NULL;
		one.folder = it->inboxes.items[i];
		MUST(list_load(it->fixture.store, &one, NULL, false, LIST_OLDER,
			MESSAGES, &rows, &err));
		for (size_t k = 0; k < rows.n; k++) {
			struct row row = { rows.items[k].key.date,
				rows.items[k].key.id, one.folder,
				rows.items[k].unread };

			array_push(&it->rows, row);
		}
	}
	qsort(it->rows.items, it->rows.n, sizeof(struct row), compare_rows);
}

/* The window that begins at row `at`, looked at one way. */
static bool
is_window(struct unified *it, size_t at, bool inclusive,
	enum list_direction direction, size_t max)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct list_key key = { it->rows.items[at].date,
		it->rows.items[at].id };
	size_t first = at + !inclusive;
	size_t want = it->rows.n - first;

	if (direction == LIST_NEWER) {
		want = at + inclusive;
		if (want > max)
			first = want - max;
		else
			first = 0;
	}
	if (want > max)
		want = max;
	MUST(list_load(it->fixture.store, &it->query, &key, inclusive,
		direction, max, &rows, &err));
	if (rows.n != want)
		return false;
	for (size_t i = 0; i < want; i++) {
		const struct row *row = &it->rows.items[first + i];

		if (rows.items[i].key.id != row->id ||
			rows.items[i].folder != row->folder)
			return false;
	}
	return true;
}

static void
test_windows(struct unified *it, const char *name)
{
	bool good = it->rows.n > 0;

	for (int i = 0; i < WINDOWS && good; i++)
		good = is_window(it, pick(it, (unsigned)it->rows.n),
			pick(it, 2) != 0, pick(it, 2) ? LIST_OLDER : LIST_NEWER,
			1 + pick(it, 30));
	ok(good, "windows of %s", name);
}

static void
test_unread(struct unified *it, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool good = true;

	for (size_t at = 0; at < it->rows.n && good; at++) {
		struct list_key from = { it->rows.items[at].date,
			it->rows.items[at].id };
		struct list_key key;
		size_t next = at + 1;
		enum found found = list_find_unread(it->fixture.store,
			&it->query, &from, LIST_OLDER, &key, &err);

		while (next < it->rows.n && !it->rows.items[next].unread)
			next++;
		good = next == it->rows.n
			       ? found == NOT_FOUND
			       : found == FOUND &&
					 key.id == it->rows.items[next].id;
	}
	ok(good, "the next unread one of %s", name);
}

static void
test_locate(struct unified *it, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool good = true;

	for (size_t at = 0; at < it->rows.n && good; at++) {
		struct list_key key = { 0, 0 };

		good = list_locate(it->fixture.store, &it->query,
			       it->rows.items[at].id, &key, &err) == FOUND &&
		       key.id == it->rows.items[at].id;
	}
	ok(good, "every row of %s is found", name);
}

/* So many rows on, or as many as there are. */
static void
test_skip(struct unified *it, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool good = true;

	for (int i = 0; i < WINDOWS && good; i++) {
		size_t at = pick(it, (unsigned)it->rows.n);
		uint64_t n = 1 + pick(it, (unsigned)it->rows.n);
		bool older = pick(it, 2);
		uint64_t there = older ? it->rows.n - 1 - at : at;
		uint64_t want = n < there ? n : there;
		struct list_key from = { it->rows.items[at].date,
			it->rows.items[at].id };
		struct list_key key;
		uint64_t found;

		MUST(list_skip(it->fixture.store, &it->query, &from,
			older ? LIST_OLDER : LIST_NEWER, n, &key, &found,
			&err));
		good = found == want &&
		       key.id ==
			       it->rows.items[older ? at + want : at - want].id;
	}
	ok(good, "rows of %s are passed over", name);
}

static void
test_all(struct unified *it, bool threads, const char *name)
{
	it->query = (struct list_query){ .threads = threads,
		.folders = &it->inboxes };
	read_each(it);
	test_windows(it, name);
	test_skip(it, name);
	test_unread(it, name);
	test_locate(it, name);
}

int
main(void)
{
	struct unified it = { .random = 7 };

	fixture_open(&it.fixture);
	for (int i = 0; i < ACCOUNTS; i++)
		add_account(&it, i);
	fill(&it);
	for (size_t i = 0; i < it.accounts.n; i++) {
		it.fixture.account = it.accounts.items[i];
		link_all(&it.fixture);
	}
	test_all(&it, false, "messages");
	test_all(&it, true, "threads");
	array_clear(&it.rows);
	array_clear(&it.inboxes);
	array_clear(&it.accounts);
	fixture_close(&it.fixture);
	return tap_done();
}
