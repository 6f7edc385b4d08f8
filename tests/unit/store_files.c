/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are not what they should be, and disks that are full. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/array.h"
#include "store/private.h"

#include "store_fixture.h"

static char *
db_path(const struct fixture *fixture)
{
	return file_join(fixture->dir, "store.db");
}

static void
close_all(struct fixture *fixture)
{
	store_close(fixture->store);
	store_home_close(fixture->home);
	fixture->store = NULL;
	fixture->home = NULL;
}

static void
exec_in_file(const struct fixture *fixture, const char *sql)
{
	char *path CLEANUP(freep) = db_path(fixture);
	sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
		sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		exit(99);
	sqlite3_close(db);
}

static void
overwrite(const struct fixture *fixture, long at, const char *bytes)
{
	char *path CLEANUP(freep) = db_path(fixture);
	FILE *file = fopen(path, "r+");

	if (!file || fseek(file, at, SEEK_SET) != 0 || fputs(bytes, file) < 0)
		exit(99);
	fclose(file);
}

static int
count_files(const struct fixture *fixture, const char *part)
{
	DIR *dir = opendir(fixture->dir);
	struct dirent *entry;
	int n = 0;

	while (dir && (entry = readdir(dir)) != NULL)
		n += strstr(entry->d_name, part) != NULL;
	if (dir)
		closedir(dir);
	return n;
}

static void
test_damaged(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool opened;

	fixture_open(&fixture);
	close_all(&fixture);
	exec_in_file(&fixture, "PRAGMA wal_checkpoint(TRUNCATE)");
	overwrite(&fixture, 0, "this was a store once");
	opened = store_home_open(fixture.dir, false, &fixture.home, &err);
	ok(!opened && err.kind == ERR_STORE, "a damaged store is refused: %s",
		err.text);
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	ok(count_files(&fixture, "damaged") >= 1, "set aside when asked to");
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	is_sound(&fixture, "the new one");
	fixture_close(&fixture);
}

/* Damage that is met later is an error there, not a crash. */
static void
test_damaged_inside(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query;
	uint64_t faults = 0;
	int refused = 0;

	fixture_open(&fixture);
	for (uint32_t i = 1; i <= 2000;) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		for (int j = 0; j < 100; j++, i++) {
			char id[32];
			struct mail mail = { .uid = i,
				.received = i,
				.id = id,
				.subject = "a message that will not last" };

			snprintf(id, sizeof(id), "%u@x", i);
			place(&fixture, fixture.inbox, &mail, NULL);
		}
		MUST(transaction_commit(&tx, &err));
	}
	link_all(&fixture);
	close_all(&fixture);
	exec_in_file(&fixture, "PRAGMA wal_checkpoint(TRUNCATE)");
	/* Behind the roots of the tables. */
	for (long page = 80; page < 200; page += 3)
		overwrite(&fixture, page * 4096, "####################");
	MUST(store_home_open(fixture.dir, false, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	query = (struct list_query){ .folder = fixture.inbox };
	for (int64_t i = 1; i < 2000; i += 7) {
		struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
		struct list_key key = { i, i };

		query.threads = i % 2;
		if (!list_load(fixture.store, &query, &key, true, LIST_OLDER,
			    50, &rows, &err)) {
			refused++;
			if (err.kind != ERR_STORE)
				ok(false, "kind %d", err.kind);
		}
	}
	ok(refused > 0, "%d windows say that the store is damaged", refused);
	if (store_check(fixture.store, true, NULL, NULL, &faults, &err))
		ok(faults > 0, "found by the check");
	else
		ok(err.kind == ERR_STORE, "found by the check");
	fixture_close(&fixture);
}

/* No file grows past this; the write fails as on a full disk. */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit = { bytes, RLIM_INFINITY };

	setrlimit(RLIMIT_FSIZE, &limit);
}

static void
place_many(struct fixture *fixture, uint32_t first, struct error *err)
{
	for (uint32_t uid = first; uid < first + 2000; uid++) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		struct envelope envelope CLEANUP(envelope_clear) = { 0 };
		struct flags flags = { 0, NULL };
		struct message_new new = {
			.envelope = &envelope,
			.flags = &flags,
			.received = uid,
			.uid = uid,
		};

		if (!transaction_begin(fixture->store, &tx, err) ||
			!message_place(fixture->store, fixture->account,
				fixture->inbox, &new, NULL, NULL, err) ||
			!transaction_commit(&tx, err))
			return;
	}
}

static void
test_full_disk(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct error none CLEANUP(error_clear) = ERROR_INIT;
	struct folder before CLEANUP(folder_clear) = { 0 };
	struct folder after CLEANUP(folder_clear) = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	fixture_open(&fixture);
	limit_files(1000000);
	place_many(&fixture, 1, &err);
	ok(err.kind == ERR_DISK, "no space: %s (%s)", err.text, err.detail);
	MUST(folder_load(fixture.store, fixture.inbox, &before, &none) ==
		FOUND);
	ok(before.placed > 0, "%lld messages came through",
		(long long)before.placed);
	is_sound(&fixture, "with a full disk");
	limit_files(RLIM_INFINITY);
	place_many(&fixture, 5000, &none);
	ok(none.kind == ERR_NONE, "it goes on when there is space");
	MUST(folder_load(fixture.store, fixture.inbox, &after, &none) == FOUND);
	is_int(after.placed, before.placed + 2000, "nothing lost");
	link_all(&fixture);
	is_sound(&fixture, "with space again");
	fixture_close(&fixture);
}

static void
test_new_uids(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct mail first = { .uid = 10,
		.received = 100,
		.id = "1@x",
		.subject = "one",
		.flags = FLAG_FLAGGED };
	struct mail second = {
		.uid = 11, .received = 200, .id = "2@x", .subject = "two"
	};
	struct list_query query;
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	int64_t message = 0;
	int64_t again = 0;
	int64_t placement;
	bool more = true;

	fixture_open(&fixture);
	placement = place_one(&fixture, fixture.inbox, &first, &message);
	place_one(&fixture, fixture.inbox, &second, NULL);
	query = (struct list_query){ .folder = fixture.inbox };
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(folder_forget_uids(fixture.store, fixture.inbox, &err));
		MUST(transaction_commit(&tx, &err));
	}
	MUST(list_load(fixture.store, &query, NULL, false, LIST_OLDER, 10,
		&rows, &err));
	ok(rows.n == 2 && rows.items[0].uid == 0,
		"still in view, but without UIDs");
	first.uid = 1;
	ok(place_one(&fixture, fixture.inbox, &first, &again) == placement &&
			again == message,
		"the same message takes its place again");
	while (more) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(folder_drop_stale(
			fixture.store, fixture.inbox, &more, &err));
		MUST(transaction_commit(&tx, &err));
	}
	list_rows_clear(&rows);
	MUST(list_load(fixture.store, &query, NULL, false, LIST_OLDER, 10,
		&rows, &err));
	ok(rows.n == 1 && rows.items[0].uid == 1,
		"the one the server has no more is gone");
	link_all(&fixture);
	is_sound(&fixture, "with new UIDs");
	fixture_close(&fixture);
}

int
main(void)
{
	test_damaged();
	test_damaged_inside();
	test_full_disk();
	test_new_uids();
	return tap_done();
}
