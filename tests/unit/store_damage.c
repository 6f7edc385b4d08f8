/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores that are damaged: noted, set aside, and what lived only there brought
 * over. */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/array.h"
#include "mail/paragraph.h"
#include "store/private.h"

#include "store_fixture.h"

enum {
	PAGE = 4096,
	LOCAL = 400,  /* messages that are only here */
	SERVED = 400, /* that a server has */
	BODY_BYTES = 9000,
	SEEDS = 60,
};

/* Pages hit by each seed, in turn. */
static const int hits[] = { 1, 2, 3, 8 };

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* ---- a store with mail that is only here ---- */

static int64_t
make_local_folder(struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_listing listing = {
		.name = "Kept",
		.selectable = true,
		.subscribed = true,
		.server_total = -1,
		.server_unread = -1,
	};
	int64_t id = 0;

	MUST(transaction_begin(fixture->store, &tx, &err));
	MUST(folder_save_listing(
		fixture->store, fixture->account, &listing, &id, NULL, &err));
	MUST(transaction_commit(&tx, &err));
	return id;
}

static char *
body_of(int i)
{
	char *body = xmalloc(BODY_BYTES + 1);

	for (int at = 0; at < BODY_BYTES; at++)
		body[at] = (char)('a' + (i * 7 + at) % 26);
	body[BODY_BYTES] = '\0';
	return body;
}

static void
add_mail(struct fixture *fixture, int64_t folder, int i, bool local)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *subject CLEANUP(freep) = xasprintf("subject of message %d", i);
	char *id CLEANUP(freep) = xasprintf("%d@example.org", i);
	char *body CLEANUP(freep) = body_of(i);
	struct mail mail = {
		.uid = local ? 0 : (uint32_t)i,
		.received = 1000000 + i,
		.subject = subject,
		.id = id,
		.from = "ann@example.org",
		.flags = i % 3 ? FLAG_SEEN : 0,
	};
	int64_t message = 0;

	place(fixture, folder, &mail, &message);
	if (local)
		MUST(section_append(fixture->store, message, "", true,
			slice_str(body), true, &err));
}

static void
fill(struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t local = make_local_folder(fixture);

	for (int i = 1; i <= LOCAL + SERVED;) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture->store, &tx, &err));
		for (int j = 0; j < 50; j++, i++)
			add_mail(fixture, i % 2 ? local : fixture->inbox, i,
				i % 2);
		MUST(transaction_commit(&tx, &err));
	}
	link_all(fixture);
}

static void
close_all(struct fixture *fixture)
{
	store_close(fixture->store);
	store_home_close(fixture->home);
	fixture->store = NULL;
	fixture->home = NULL;
}

/* Into the database, so that no log lies over the damage. */
static void
checkpoint(const struct fixture *fixture)
{
	char *path CLEANUP(freep) = file_join(fixture->dir, "store.db");
	sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
		sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL,
			NULL) != SQLITE_OK)
		exit(99);
	sqlite3_close(db);
}

static void
overwrite_page(int fd, long page, uint64_t *random)
{
	char bytes[PAGE];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)next_random(random);
	if (pwrite(fd, bytes, sizeof(bytes), page * PAGE) != sizeof(bytes))
		exit(99);
}

/* From page `first` on (counted from 0), `n` at random places. */
static void
damage(const struct fixture *fixture, long first, int n, uint64_t *random)
{
	char *path CLEANUP(freep) = file_join(fixture->dir, "store.db");
	int fd CLEANUP(closep) = open(path, O_RDWR);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		exit(99);
	for (int i = 0; i < n; i++)
		overwrite_page(fd,
			first + (long)(next_random(random) %
					(uint64_t)(st.st_size / PAGE - first)),
			random);
}

static void
note(const struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *path CLEANUP(freep) = file_join(fixture->dir, "store.damaged");

	MUST(file_replace(path, slice_str(""), &err));
}

static bool
is_there(const struct fixture *fixture, const char *name)
{
	char *path CLEANUP(freep) = file_join(fixture->dir, name);

	return file_exists(path);
}

/* ---- what came over ---- */

/* How many rows of the local folder are there; `*ret_whole`: all with the
 * subject, date, flags and bytes they had. */
static size_t
look_at_rows(struct fixture *fixture, size_t *ret_bad)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct list_query query = { 0 };

	*ret_bad = 0;
	if (folder_find_local(fixture->store, fixture->account, "Kept", &folder,
		    &err) != FOUND)
		return 0;
	query.folder = folder.id;
	if (!list_load(fixture->store, &query, NULL, false, LIST_OLDER,
		    LIST_ROWS_MAX, &rows, &err)) {
		/* The damage may lie on the way to the rows. */
		MUST(err.kind == ERR_STORE);
		++*ret_bad;
		return 0;
	}
	for (size_t i = 0; i < rows.n; i++) {
		const struct list_row *row = &rows.items[i];
		int n = (int)(row->received - 1000000);
		char *subject CLEANUP(freep) =
			xasprintf("subject of message %d", n);
		char *body CLEANUP(freep) = NULL;
		struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };

		if (n < 1 || n > LOCAL + SERVED) {
			++*ret_bad;
			continue;
		}
		body = body_of(n);
		strbuf_init(&bytes, 2 * BODY_BYTES);
		if (!row->subject || strcmp(row->subject, subject) != 0 ||
			row->unread != (n % 3 == 0))
			++*ret_bad;
		else if (row->state == MESSAGE_FULL &&
			 (section_load(fixture->store, row->message, "", &bytes,
				  &err) != FOUND ||
				 bytes.len != BODY_BYTES))
			++*ret_bad;
	}
	return rows.n;
}

static size_t
recovered_in(const struct fixture *fixture, struct store_recovery *recovery)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	MUST(store_home_recovery(fixture->home, recovery, &err) == FOUND);
	return recovery->recovered + recovery->in_part;
}

/* ---- cases ---- */

static void
test_noted_when_met(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct store_recovery recovery CLEANUP(store_recovery_clear) = { 0 };
	uint64_t random = 5;
	char *text CLEANUP(freep) = NULL;
	size_t bad = 0;

	fixture_open(&fixture);
	fill(&fixture);
	close_all(&fixture);
	checkpoint(&fixture);
	damage(&fixture, 60, 40, &random);
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	ok(!is_there(&fixture, "store.damaged"), "nobody looks for damage");
	look_at_rows(&fixture, &bad);
	ok(bad > 0, "it is met where it is");
	ok(is_there(&fixture, "store.damaged"), "and noted");
	close_all(&fixture);
	error_clear(&err);
	MUST(store_home_open(fixture.dir, false, &fixture.home, &err));
	ok(is_there(&fixture, "store.damaged"), "a command leaves it there");
	store_home_close(fixture.home);
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	ok(!is_there(&fixture, "store.damaged"), "the next start acts on it");
	ok(recovered_in(&fixture, &recovery) > 0 && recovery.fresh &&
			file_exists(recovery.aside),
		"it kept the file and recovered mail");
	text = store_recovery_text(&recovery);
	ok(strstr(text, recovery.aside) != NULL, "%s", text);
	is_sound(&fixture, "the new one");
	close_all(&fixture);
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	store_recovery_clear(&recovery);
	ok(recovered_in(&fixture, &recovery) > 0 && !recovery.fresh,
		"the start after that only remembers");
	unlink(recovery.aside);
	ok(store_home_recovery(fixture.home, &recovery, &err) == NOT_FOUND,
		"until the file is deleted");
	fixture_close(&fixture);
}

/* A whole store that somebody says is damaged: all of it comes over. */
static void
test_undamaged(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct store_recovery recovery CLEANUP(store_recovery_clear) = { 0 };
	struct folder inbox CLEANUP(folder_clear) = { 0 };
	size_t bad = 0;

	fixture_open(&fixture);
	fill(&fixture);
	close_all(&fixture);
	note(&fixture);
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	recovered_in(&fixture, &recovery);
	is_int((long long)recovery.recovered, LOCAL, "all that was only here");
	is_int((long long)(recovery.in_part + recovery.lost), 0, "all whole");
	is_int((long long)look_at_rows(&fixture, &bad), LOCAL, "in its folder");
	is_int((long long)bad, 0, "as it was");
	ok(folder_find_remote(fixture.store, fixture.account, "INBOX", &inbox,
		   &err) == NOT_FOUND,
		"what a server has is left to it");
	is_sound(&fixture, "the new one");
	link_all(&fixture);
	index_all(&fixture);
	is_sound(&fixture, "when linked and indexed");
	fixture_close(&fixture);
}

/* The same while another process has the store open. */
static void
test_in_use(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int told[2];
	int ready[2];
	char c = 0;
	pid_t pid;

	fixture_open(&fixture);
	fill(&fixture);
	close_all(&fixture);
	note(&fixture);
	if (pipe(told) != 0 || pipe(ready) != 0)
		exit(99);
	pid = fork();
	if (pid == 0) {
		close(told[1]);
		MUST(store_home_open(fixture.dir, false, &fixture.home, &err));
		MUST(store_open(
			fixture.home, STORE_WORKER, &fixture.store, &err));
		if (store_data_version(fixture.store) < 0 ||
			write(ready[1], "r", 1) != 1 ||
			read(told[0], &c, 1) < 0)
			_exit(1);
		_exit(0);
	}
	close(ready[1]);
	close(told[0]);
	if (pid < 0 || read(ready[0], &c, 1) != 1)
		exit(99);
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	ok(is_there(&fixture, "store.damaged"),
		"nothing is moved under another process");
	store_home_close(fixture.home);
	close(told[1]);
	waitpid(pid, NULL, 0);
	close(ready[0]);
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	ok(!is_there(&fixture, "store.damaged"), "but when it has left");
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	fixture_close(&fixture);
}

/* A start that is killed while it recovers is carried on by the next. */
static void
test_cut_short(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	size_t bad = 0;

	fixture_open(&fixture);
	fill(&fixture);
	close_all(&fixture);
	note(&fixture);
	for (int ms = 1; ms < 40; ms += 3) {
		pid_t pid = fork();

		if (pid == 0) {
			struct store_home *home = NULL;

			_exit(store_home_open(fixture.dir, true, &home, &err)
					? 0
					: 1);
		}
		usleep((useconds_t)ms * 1000);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		if (!is_there(&fixture, "store.damaged"))
			break;
	}
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	is_int((long long)look_at_rows(&fixture, &bad), LOCAL,
		"all there after kills");
	is_int((long long)bad, 0, "as it was");
	is_sound(&fixture, "after kills");
	fixture_close(&fixture);
}

static void
test_random(void)
{
	size_t came = 0;
	size_t bad_rows = 0;
	int unsound = 0;

	for (int seed = 1; seed <= SEEDS; seed++) {
		struct fixture fixture = { 0 };
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct store_recovery it CLEANUP(store_recovery_clear) = { 0 };
		uint64_t random = (uint64_t)seed * 7919;
		uint64_t faults = 0;
		size_t bad = 0;
		size_t rows;

		fixture_open(&fixture);
		fill(&fixture);
		close_all(&fixture);
		checkpoint(&fixture);
		damage(&fixture, 0, hits[seed % (int)ARRAY_LEN(hits)], &random);
		note(&fixture);
		MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
		MUST(store_open(
			fixture.home, STORE_WORKER, &fixture.store, &err));
		MUST(store_check(
			fixture.store, true, say_fault, NULL, &faults, &err));
		unsound += faults > 0;
		rows = look_at_rows(&fixture, &bad);
		bad_rows += bad;
		came += recovered_in(&fixture, &it);
		printf("# seed %d: %zu rows, %llu whole, %llu in part, %llu "
		       "lost\n",
			seed, rows, (unsigned long long)it.recovered,
			(unsigned long long)it.in_part,
			(unsigned long long)it.lost);
		fixture_close(&fixture);
	}
	is_int(unsound, 0, "each new store is sound");
	is_int((long long)bad_rows, 0, "no row is other than it was");
	ok(came > (size_t)SEEDS * LOCAL * 8 / 10, "%zu of %d came over", came,
		SEEDS * LOCAL);
}

int
main(void)
{
	test_noted_when_met();
	test_undamaged();
	test_in_use();
	test_cut_short();
	test_random();
	return tap_done();
}
