/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores of older, of newer and of other programs. */
#include "base/strbuf.h"
#include "store/migrate.h"
#include "store/private.h"

#include "store_fixture.h"

enum { FILE_MAX = 16 * 1024 * 1024 };

/* What the first schema has tables for, as a release with it would leave it:
 * of each kind a row, linked and shown. */
static const char first_rows[] =
	"INSERT INTO account (id, name, last_sync) VALUES (3, 'work', 1234);"
	"INSERT INTO folder (id, account, name, remote, role, state, "
	"uid_space, uidvalidity, uidnext, placed, unread, threads) "
	"VALUES (5, 3, 'INBOX', CAST('INBOX' AS BLOB), 1, 2, 7, 99, 12, 2, 1, "
	"2);"
	"INSERT INTO uid_space (id, folder) VALUES (7, 5);"
	"UPDATE store SET next_id = 40;"
	"INSERT INTO message (id, account, state, attachments, received, size, "
	"date, subject, parts_stamp) "
	"VALUES (10, 3, 0, 0, 1000, 500, 1000, 'the elder', 0), "
	"(11, 3, 2, 0, 2000, 3, 2000, 'the younger', 0);"
	"INSERT INTO placement (id, message, folder, hidden, linked, received, "
	"uid_space, uid, conversation, flags, server_flags, modseq) "
	"VALUES (10, 10, 5, 0, 1, 1000, 7, 4, 10, 1, 1, 8), "
	"(11, 11, 5, 0, 1, 2000, 7, 5, 11, 0, 0, 9);"
	"INSERT INTO thread (conversation, folder, newest_received, newest, "
	"size, unread, flags, attachments, more_people) "
	"VALUES (10, 5, 1000, 10, 1, 0, 1, 0, 0), "
	"(11, 5, 2000, 11, 1, 1, 0, 0, 0);"
	"INSERT INTO wanted (account, received, message) VALUES (3, 1000, 10);"
	"INSERT INTO section (id, message, name, complete, size, slices) "
	"VALUES (2, 11, '', 1, 3, 1);"
	"INSERT INTO slice (id, bytes) "
	"VALUES (2 * 1048576, CAST('abc' AS BLOB));"
	"INSERT INTO question (account, kind, text) VALUES (3, 0, 'why');";

static sqlite3 *
open_file(const char *path)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		exit(99);
	return db;
}

static void
exec_sql(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		printf("Bail out! %s\n", sqlite3_errmsg(db));
		exit(99);
	}
}

static int
ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

static char *
make_dir(struct fixture *fixture)
{
	snprintf(
		fixture->dir, sizeof(fixture->dir), "/tmp/tercet-store-XXXXXX");
	if (!mkdtemp(fixture->dir))
		exit(99);
	return file_join(fixture->dir, "store.db");
}

static void
read_whole(const char *path, struct strbuf *buf)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	strbuf_init(buf, FILE_MAX);
	MUST(file_read(path, buf, &err));
}

/* ---- older ---- */

static void
make_old(const char *path, int version)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool foreign = false;
	sqlite3 *db = open_file(path);

	MUST(migrate_run(db, path, version, &foreign, &err));
	ok(ask(db, "PRAGMA user_version") == version, "a store of schema %d",
		version);
	exec_sql(db, first_rows);
	sqlite3_close(db);
}

static void
look_at_rows(struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder inbox CLEANUP(folder_clear) = { 0 };
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct list_rows threads CLEANUP(list_rows_clear) = { 0 };
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct list_query query = { .folder = 5 };

	MUST(folder_load(fixture->store, 5, &inbox, &err) == FOUND);
	ok(strcmp(inbox.name, "INBOX") == 0 && inbox.placed == 2 &&
			inbox.unread == 1 && inbox.uidvalidity == 99,
		"the folder is as it was");
	MUST(list_load(fixture->store, &query, NULL, false, LIST_OLDER, 10,
		&rows, &err));
	ok(rows.n == 2 && strcmp(rows.items[0].subject, "the younger") == 0 &&
			rows.items[1].uid == 4,
		"and its messages");
	query.threads = true;
	MUST(list_load(fixture->store, &query, NULL, false, LIST_OLDER, 10,
		&threads, &err));
	ok(threads.n == 2, "and their threads");
	strbuf_init(&bytes, 100);
	ok(section_load(fixture->store, 11, "", &bytes, &err) == FOUND &&
			slice_eq(strbuf_slice(&bytes), slice_str("abc")),
		"and bytes");
}

static void
test_older(int version)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *path CLEANUP(freep) = make_dir(&fixture);
	char *copy CLEANUP(freep) =
		xasprintf("%s.before-%d", path, version + 1);
	sqlite3 *db;

	make_old(path, version);
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	look_at_rows(&fixture);
	is_sound(&fixture, "brought to the newest schema");
	is_int(ask(fixture.store->db, "PRAGMA user_version"), migrate_latest(),
		"which it is");
	if (version < migrate_latest()) {
		db = open_file(copy);
		is_int(ask(db, "PRAGMA user_version"), version,
			"a copy of the old one is kept");
		is_int(ask(db, "SELECT count(*) FROM placement"), 2,
			"with its rows");
		sqlite3_close(db);
	}
	fixture_close(&fixture);
}

/* ---- refused ---- */

/* `text` is in the sentence; not a byte of the file changes, and nothing comes
 * to lie beside it. */
static void
check_refused(
	const char *path, const char *dir, const char *text, const char *what)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf before CLEANUP(strbuf_clear) = { 0 };
	struct strbuf after CLEANUP(strbuf_clear) = { 0 };
	struct store_home *home = NULL;
	DIR *d;
	struct dirent *entry;
	int others = 0;
	bool opened;

	read_whole(path, &before);
	opened = store_home_open(dir, true, &home, &err);
	ok(!opened && err.kind == ERR_STORE && strstr(err.text, text),
		"%s is refused: %s", what, err.text);
	read_whole(path, &after);
	ok(slice_eq(strbuf_slice(&before), strbuf_slice(&after)),
		"and left as it was");
	d = opendir(dir);
	while (d && (entry = readdir(d)) != NULL)
		others += strstr(entry->d_name, "damaged") ||
			  strstr(entry->d_name, "before");
	if (d)
		closedir(d);
	is_int(others, 0, "where it was");
}

static void
test_newer(void)
{
	struct fixture fixture = { 0 };
	char *path CLEANUP(freep) = NULL;
	sqlite3 *db;

	fixture_open(&fixture);
	store_close(fixture.store);
	store_home_close(fixture.home);
	path = file_join(fixture.dir, "store.db");
	db = open_file(path);
	exec_sql(db, "CREATE TABLE invention (id INTEGER PRIMARY KEY);"
		     "PRAGMA user_version = 99");
	sqlite3_close(db);
	check_refused(path, fixture.dir, "newer tercet", "a newer store");
	remove_dir(fixture.dir);
}

static void
test_foreign(const char *sql, const char *what)
{
	struct fixture fixture = { 0 };
	char *path CLEANUP(freep) = make_dir(&fixture);
	sqlite3 *db = open_file(path);

	exec_sql(db, sql);
	sqlite3_close(db);
	check_refused(path, fixture.dir, "another program", what);
	remove_dir(fixture.dir);
}

int
main(void)
{
	for (int version = 1; version <= migrate_latest(); version++)
		test_older(version);
	test_newer();
	test_foreign("CREATE TABLE song (id INTEGER PRIMARY KEY);"
		     "INSERT INTO song VALUES (1)",
		"a database without a name");
	test_foreign("PRAGMA application_id = 7", "an empty one with a name");
	test_foreign("PRAGMA user_version = 1", "an empty one with a version");
	return tap_done();
}
