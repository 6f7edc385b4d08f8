/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a store that another process writes to. */
#include <sys/wait.h>

#include "base/clock.h"
#include "store/private.h"

#include "store_fixture.h"

enum { SOON_MS = 5000 }; /* far below the time a writer is waited for */

/* Another process in the middle of a write transaction, until it is told. */
struct writer {
	pid_t pid;
	int tell;
};

static void
write_until_told(const char *path, int ready, int told)
{
	sqlite3 *db = NULL;
	char c = 0;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
		sqlite3_exec(db,
			"BEGIN IMMEDIATE;"
			"UPDATE account SET last_sync = 77;",
			NULL, NULL, NULL) != SQLITE_OK ||
		write(ready, "r", 1) != 1 || read(told, &c, 1) < 0)
		_exit(1);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
	_exit(0);
}

static struct writer
start_writer(const struct fixture *fixture)
{
	char *path CLEANUP(freep) = file_join(fixture->dir, "store.db");
	struct writer writer = { 0 };
	int ready[2];
	int told[2];
	char c = 0;

	if (pipe(ready) != 0 || pipe(told) != 0)
		exit(99);
	writer.pid = fork();
	if (writer.pid == 0) {
		close(told[1]);
		write_until_told(path, ready[1], told[0]);
	}
	close(ready[1]);
	close(told[0]);
	if (writer.pid < 0 || read(ready[0], &c, 1) != 1)
		exit(99);
	close(ready[0]);
	writer.tell = told[1];
	return writer;
}

static void
stop_writer(struct writer *writer)
{
	int status = 0;

	close(writer->tell);
	waitpid(writer->pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		"the writer came to its end");
}

static void
test_beside_writer(enum store_role role, const char *what)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folders folders CLEANUP(folders_clear) = { 0 };
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct mail mail = { .uid = 1, .received = 1, .id = "1@x" };
	struct list_query query;
	struct writer writer;
	int64_t began;

	fixture_open(&fixture);
	place_one(&fixture, fixture.inbox, &mail, NULL);
	store_close(fixture.store);
	store_home_close(fixture.home);
	writer = start_writer(&fixture);
	began = clock_mono_us();
	ok(store_home_open(fixture.dir, true, &fixture.home, &err),
		"%s opens beside a writer: %s", what, err.text ? err.text : "");
	MUST(store_open(fixture.home, role, &fixture.store, &err));
	MUST(folder_load_all(fixture.store, 0, &folders, &err));
	query = (struct list_query){ .folder = fixture.inbox };
	MUST(list_load(fixture.store, &query, NULL, false, LIST_OLDER, 10,
		&rows, &err));
	ok(folders.n == 1 && rows.n == 1, "and reads what is there");
	ok((clock_mono_us() - began) / 1000 < SOON_MS, "without waiting");
	stop_writer(&writer);
	fixture_close(&fixture);
}

int
main(void)
{
	test_beside_writer(STORE_INTERFACE, "the interface");
	test_beside_writer(STORE_TOOL, "a command");
	return tap_done();
}
