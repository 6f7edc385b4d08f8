/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores that are damaged: noted, set aside, and what lived only there brought
 * over. */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/array.h"
#include "mail/paragraph.h"
#include "store/action.h"
#include "store/operation.h"
#include "store/private.h"

#include "store_fixture.h"

enum {
	PAGE = 4096,
	LOCAL = 400,  /* messages that are only here */
	SERVED = 400, /* that a server has */
	BODY_BYTES = 9000,
	SEEDS = 16,
	IMAGE_MAX = 64 * 1024 * 1024,
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

enum kind {
	GARBAGE,
	ZEROES,
	OTHER_PAGE, /* what belongs elsewhere */
	BITS,
};

static void
damage_page(int fd, long page, long pages, enum kind kind, uint64_t *random)
{
	char bytes[PAGE] = { 0 };
	long from = kind == OTHER_PAGE
			    ? (long)(next_random(random) % (uint64_t)pages)
			    : page;

	if (pread(fd, bytes, sizeof(bytes), from * PAGE) != sizeof(bytes))
		exit(99);
	if (kind == ZEROES)
		memset(bytes, 0, sizeof(bytes));
	for (size_t i = 0; kind == GARBAGE && i < sizeof(bytes); i++)
		bytes[i] = (char)next_random(random);
	for (int i = 0; kind == BITS && i < 20; i++)
		bytes[next_random(random) % PAGE] ^=
			(char)(1 << next_random(random) % 8);
	if (pwrite(fd, bytes, sizeof(bytes), page * PAGE) != sizeof(bytes))
		exit(99);
}

/* `n` pages at random places of a file, from page `first` on (the first is 0).
 */
static void
damage(const struct fixture *fixture, const char *name, long first, int n,
	enum kind kind, uint64_t *random)
{
	char *path CLEANUP(freep) = file_join(fixture->dir, name);
	int fd CLEANUP(closep) = open(path, O_RDWR);
	struct stat st;
	long pages;

	if (fd < 0 || fstat(fd, &st) != 0)
		exit(99);
	pages = (long)st.st_size / PAGE;
	for (int i = 0; i < n; i++)
		damage_page(fd,
			first + (long)(next_random(random) %
					(uint64_t)(pages - first)),
			pages, kind, random);
}

static void
cut(const struct fixture *fixture, uint64_t *random)
{
	char *path CLEANUP(freep) = file_join(fixture->dir, "store.db");
	struct stat st;

	if (stat(path, &st) != 0 ||
		truncate(path, st.st_size / 2 + (off_t)(next_random(random) %
							(uint64_t)(st.st_size /
								   2))) != 0)
		exit(99);
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

/* The page that a message's row is on. */
static void
damage_row_of(const struct fixture *fixture, int i)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *path CLEANUP(freep) = file_join(fixture->dir, "store.db");
	char *subject CLEANUP(freep) = xasprintf("subject of message %d", i);
	struct strbuf file CLEANUP(strbuf_clear) = { 0 };
	int fd CLEANUP(closep) = open(path, O_RDWR);
	uint64_t random = 5;
	const char *at;

	strbuf_init(&file, IMAGE_MAX);
	MUST(file_read(path, &file, &err));
	at = memmem(file.data, file.len, subject, strlen(subject));
	MUST(at != NULL && fd >= 0);
	damage_page(fd, (at - file.data) / PAGE, 0, GARBAGE, &random);
}

/* Reads all there is, as far as it goes. */
static bool
meets_damage(struct fixture *fixture)
{
	bool met = false;

	for (int64_t i = 1; i <= LOCAL + SERVED; i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct message message CLEANUP(message_clear) = { 0 };
		struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&bytes, 2 * BODY_BYTES);
		if (message_load(fixture->store, i, &message, &err) ==
				FOUND_ERROR ||
			section_load(fixture->store, i, "", &bytes, &err) ==
				FOUND_ERROR)
			met |= err.kind == ERR_STORE;
	}
	return met;
}

static void
test_noted_when_met(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct store_recovery recovery CLEANUP(store_recovery_clear) = { 0 };
	char *text CLEANUP(freep) = NULL;

	fixture_open(&fixture);
	fill(&fixture);
	close_all(&fixture);
	checkpoint(&fixture);
	damage_row_of(&fixture, LOCAL);
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	ok(!is_there(&fixture, "store.damaged"), "nobody looks for damage");
	ok(meets_damage(&fixture), "it is met where it is");
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

/* The server was told to move it, and did not say under which UID. */
static void
move(struct fixture *fixture, int64_t placement, int64_t to)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct operation_new new = {
		.kind = OPERATION_MOVE,
		.account = fixture->account,
		.folder = fixture->inbox,
		.target_folder = to,
	};
	struct selection selection = {
		.kind = SELECT_PLACEMENTS,
		.ids = &placement,
		.n = 1,
	};
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	struct operation_outcome outcome = { 0 };
	struct operation_made made;
	int64_t action = 0;
	int64_t next = 0;

	MUST(transaction_begin(fixture->store, &tx, &err));
	MUST(action_begin(
		fixture->store, ACTION_MOVE, "Archive", false, &action, &err));
	MUST(operation_append(&tx, action, &new, &selection, &made, &err));
	MUST(transaction_commit(&tx, &err));
	MUST(operation_next_batch(fixture->store, fixture->account, 0, 10,
		     &batch, &next, &err) == FOUND);
	MUST(operation_running(fixture->store, &batch.items[0].id, 1, &err));
	outcome.item = batch.items[0].id;
	MUST(operation_done(fixture->store, &outcome, 1, false, NULL, &err));
}

static void
test_moving(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct list_query query = { 0 };
	struct mail served = { .uid = 1, .received = 1, .id = "1@x" };
	struct mail local = { .received = 2, .id = "2@x" };
	int64_t archive;

	fixture_open(&fixture);
	archive = make_folder(
		fixture.store, fixture.account, "Archive", ROLE_ARCHIVE);
	move(&fixture, place_one(&fixture, fixture.inbox, &served, NULL),
		archive);
	place_one(&fixture, archive, &local, NULL);
	query.folder = archive;
	MUST(list_load(fixture.store, &query, NULL, false, LIST_OLDER, 10,
		&rows, &err));
	is_int((long long)rows.n, 2, "two without UIDs in a server's folder");
	list_rows_clear(&rows);
	close_all(&fixture);
	note(&fixture);
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	MUST(list_load(fixture.store, &query, NULL, false, LIST_OLDER, 10,
		&rows, &err));
	ok(rows.n == 1 && rows.items[0].received == 2,
		"what was moved is left to the server, the other one kept");
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

/* ---- at random ---- */

/* One filled store as files, which every try starts with. */
struct image {
	struct strbuf whole; /* the database with everything in it */
	struct strbuf database;
	struct strbuf log; /* that belongs to that one */
};

static void
read_file(const struct fixture *fixture, const char *name, struct strbuf *buf)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *path CLEANUP(freep) = file_join(fixture->dir, name);

	strbuf_init(buf, IMAGE_MAX);
	MUST(file_read(path, buf, &err));
}

static void
write_file(const struct fixture *fixture, const char *name,
	const struct strbuf *buf)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *path CLEANUP(freep) = file_join(fixture->dir, name);
	int fd CLEANUP(closep) = open(path, O_WRONLY | O_CREAT, 0600);

	MUST(fd >= 0 && file_write_all(fd, strbuf_slice(buf), &err));
}

static void
make_image(struct image *image)
{
	struct fixture fixture = { 0 };

	fixture_open(&fixture);
	fill(&fixture);
	close_all(&fixture);
	read_file(&fixture, "store.db", &image->database);
	read_file(&fixture, "store.db-wal", &image->log);
	checkpoint(&fixture);
	read_file(&fixture, "store.db", &image->whole);
	remove_dir(fixture.dir);
}

static void
image_clear(struct image *image)
{
	strbuf_clear(&image->whole);
	strbuf_clear(&image->database);
	strbuf_clear(&image->log);
}

static void
make_dir(struct fixture *fixture)
{
	snprintf(
		fixture->dir, sizeof(fixture->dir), "/tmp/tercet-store-XXXXXX");
	if (!mkdtemp(fixture->dir))
		exit(99);
	fixture->account = 1;
}

struct tried {
	size_t came;
	size_t bad;
	int unsound;
};

static void
open_and_look(struct fixture *fixture, const char *what, struct tried *tried)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct store_recovery it CLEANUP(store_recovery_clear) = { 0 };
	uint64_t faults = 0;
	size_t bad = 0;
	size_t rows;

	note(fixture);
	MUST(store_home_open(fixture->dir, true, &fixture->home, &err));
	MUST(store_open(fixture->home, STORE_WORKER, &fixture->store, &err));
	MUST(store_check(fixture->store, true, say_fault, NULL, &faults, &err));
	rows = look_at_rows(fixture, &bad);
	tried->unsound += faults > 0;
	tried->bad += bad;
	tried->came += recovered_in(fixture, &it);
	printf("# %s: %zu rows, %zu of them changed; %llu whole, %llu in part, "
	       "%llu lost\n",
		what, rows, bad, (unsigned long long)it.recovered,
		(unsigned long long)it.in_part, (unsigned long long)it.lost);
	link_all(fixture);
	MUST(store_check(fixture->store, true, say_fault, NULL, &faults, &err));
	tried->unsound += faults > 0;
}

static void
try_pages(const struct image *image, enum kind kind, int seed,
	struct tried *tried)
{
	struct fixture fixture = { 0 };
	uint64_t random = (uint64_t)seed * 7919;
	char *what CLEANUP(freep) = xasprintf("kind %d, seed %d", kind, seed);

	make_dir(&fixture);
	write_file(&fixture, "store.db", &image->whole);
	damage(&fixture, "store.db", 0, hits[seed % (int)ARRAY_LEN(hits)], kind,
		&random);
	open_and_look(&fixture, what, tried);
	fixture_close(&fixture);
}

static void
test_pages(
	const struct image *image, enum kind kind, bool shows, const char *what)
{
	struct tried tried = { 0 };

	for (int seed = 1; seed <= SEEDS; seed++)
		try_pages(image, kind, seed, &tried);
	ok(tried.unsound == 0, "%s: each new store is sound", what);
	if (shows)
		ok(tried.bad == 0, "%s: no row is other than it was", what);
	ok(tried.came > (size_t)SEEDS * LOCAL * 7 / 10,
		"%s: %zu of %d came over", what, tried.came, SEEDS * LOCAL);
}

/* The log that lies over the database, and a database cut short. */
static void
test_log_and_end(const struct image *image)
{
	struct tried tried = { 0 };

	for (int seed = 1; seed <= SEEDS; seed++) {
		struct fixture fixture = { 0 };
		uint64_t random = (uint64_t)seed * 104729;

		make_dir(&fixture);
		write_file(&fixture, "store.db",
			seed % 2 ? &image->whole : &image->database);
		if (seed % 2) {
			cut(&fixture, &random);
		} else {
			write_file(&fixture, "store.db-wal", &image->log);
			damage(&fixture, "store.db-wal", 0, 1, GARBAGE,
				&random);
		}
		open_and_look(&fixture, seed % 2 ? "cut" : "log", &tried);
		fixture_close(&fixture);
	}
	ok(tried.unsound == 0, "log and end: each new store is sound");
	ok(tried.bad == 0, "log and end: no row is other than it was");
	ok(tried.came > (size_t)SEEDS * LOCAL / 4,
		"log and end: %zu of %d came over", tried.came, SEEDS * LOCAL);
}

int
main(void)
{
	struct image image = { 0 };

	test_noted_when_met();
	test_undamaged();
	test_moving();
	test_in_use();
	test_cut_short();
	make_image(&image);
	test_pages(&image, GARBAGE, true, "garbage");
	test_pages(&image, ZEROES, true, "zeroes");
	test_pages(&image, OTHER_PAGE, false, "other pages");
	test_pages(&image, BITS, false, "bits");
	test_log_and_end(&image);
	image_clear(&image);
	return tap_done();
}
