/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person does to mail: its effect, its undo, and the words for it. */
#include <signal.h>
#include <sys/wait.h>

#include "base/array.h"
#include "base/clock.h"
#include "store/account.h"
#include "store/part.h"
#include "sync/journal.h"

#include "store_fixture.h"

struct scene {
	struct fixture f;
	struct config *config;
	struct journal journal;
	int64_t n;
	bool lazy; /* slices are applied by the test */
};

/* How much fits in a transaction: all of it, on a machine however busy, nothing
 * but the first step, or what the clock says. */
static enum { FITS_ALL, FITS_ONE, BY_CLOCK } fitting;

bool __real_transaction_is_due(const struct transaction *tx);
bool __wrap_transaction_is_due(const struct transaction *tx);

bool
__wrap_transaction_is_due(const struct transaction *tx)
{
	return fitting == FITS_ONE ||
	       (fitting == BY_CLOCK && __real_transaction_is_due(tx));
}

static const char config_text[] = "[account work]\n"
				  "address = ann@example.org\n"
				  "imap = imaps://ann@imap.example.org\n"
				  "archive = Attic\n"
				  "[account here]\n"
				  "protocol = local\n";

static void
scene_open(struct scene *scene)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	*scene = (struct scene){ 0 };
	fixture_open(&scene->f);
	MUST(config_parse(config_text, strlen(config_text), "config",
		&scene->config, &err));
	scene->journal = (struct journal){ .store = scene->f.store,
		.config = scene->config };
}

static void
scene_close(struct scene *scene, const char *what)
{
	is_sound(&scene->f, what);
	config_unref(scene->config);
	fixture_close(&scene->f);
}

static int64_t
mail(struct scene *scene, int64_t folder, uint32_t flags)
{
	char id[32];
	struct mail mail = {
		.uid = (uint32_t)++scene->n,
		.received = 1700000000 + scene->n * 60,
		.flags = flags,
		.subject = "north wing",
		.from = "ann@example.org",
		.id = id,
	};

	snprintf(id, sizeof(id), "%lld@x", (long long)scene->n);
	return place_one(&scene->f, folder, &mail, NULL);
}

static void
says(const struct journal_done *done, const char *want)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, 10000);
	journal_sentence(done, &text);
	is_str(text.data, want, want);
}

static void
apply_all(struct scene *scene, uint64_t *ret_slices)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool more = true;

	*ret_slices = 0;
	while (more && *ret_slices < 100000) {
		MUST(operation_apply_some(
			scene->f.store, &more, NULL, NULL, &err));
		(*ret_slices)++;
	}
}

/* On a loaded machine even a few are done in slices. */
static void
settle(struct scene *scene)
{
	uint64_t slices;

	if (!scene->lazy)
		apply_all(scene, &slices);
}

static struct folder
folder_named(struct scene *scene, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder = { 0 };
	enum found found;

	settle(scene);
	found = folder_find(
		scene->f.store, scene->f.account, name, &folder, &err);

	MUST(found != FOUND_ERROR);
	free(folder.name);
	free(folder.remote);
	folder.name = folder.remote = NULL;
	return folder;
}

static void
undo(struct scene *scene, const char *want)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };

	settle(scene);
	MUST(journal_undo(&scene->journal, &done, &err));
	says(&done, want);
}

/* The sentence is all there is to it. */
static void
refuses(struct scene *scene, bool undo, const char *want)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	bool good;

	settle(scene);
	good = undo ? journal_undo(&scene->journal, &done, &err)
		    : journal_redo(&scene->journal, &done, &err);
	ok(!good && err.kind == ERR_REFUSED, "refused");
	is_str(err.text ? err.text : "", want, want);
}

static void
redo(struct scene *scene, const char *want)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };

	settle(scene);
	MUST(journal_redo(&scene->journal, &done, &err));
	says(&done, want);
}

/* ---- */

static void
test_verbs(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct flags add = { FLAG_FLAGGED, NULL };
	struct flags none = FLAGS_INIT;
	struct scene s;
	int64_t ids[3];
	struct journal_targets all;

	scene_open(&s);
	for (int i = 0; i < 3; i++)
		ids[i] = mail(&s, s.f.inbox, 0);
	link_all(&s.f);
	all = (struct journal_targets){ JOURNAL_MESSAGES, 0, ids, 3 };

	MUST(journal_flag(&s.journal, &all, &add, &none, &done, &err));
	says(&done, "Starred 3 messages");
	is_int((int64_t)done.folders.n, 1, "one folder looks different");
	journal_done_clear(&done);
	MUST(journal_flag(&s.journal, &all, &add, &none, &done, &err));
	says(&done, "Nothing to change");
	is_int(done.action, 0, "and no step of undo");
	journal_done_clear(&done);

	MUST(journal_archive(&s.journal, &all, &done, &err));
	says(&done, "Archived 3 messages");
	journal_done_clear(&done);
	is_int(folder_named(&s, "Attic").placed, 3,
		"into a folder made for it, by the configured name");
	is_int(folder_named(&s, "Attic").pending, FOLDER_CREATING,
		"which the server has to be told of");
	is_int(folder_named(&s, "INBOX").placed, 0, "the inbox is empty");
	s.journal.dry_run = true;
	undo(&s, "Undone: Archived 3 messages");
	s.journal.dry_run = false;
	is_int(folder_named(&s, "INBOX").placed, 0, "a dry run undoes nothing");
	undo(&s, "Undone: Archived 3 messages");
	is_int(folder_named(&s, "INBOX").placed, 3, "back");
	is_int(folder_named(&s, "Attic").id, 0, "without the folder");
	undo(&s, "Undone: Starred 3 messages");
	undo(&s, "Nothing to undo");
	redo(&s, "Done again: Starred 3 messages");
	redo(&s, "Done again: Archived 3 messages");
	is_int(folder_named(&s, "Attic").placed, 3, "archived again");
	redo(&s, "Nothing to redo");
	scene_close(&s, "verbs");
}

static void
test_read_only(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct scene s;
	int64_t id;
	struct journal_targets one;

	scene_open(&s);
	id = mail(&s, s.f.inbox, 0);
	one = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox, &id, 1 };
	s.journal.read_only = true;
	ok(!journal_archive(&s.journal, &one, &done, &err) &&
			err.kind == ERR_REFUSED,
		"nothing under --read-only");
	error_clear(&err);
	s.journal.read_only = false;
	s.journal.dry_run = true;
	MUST(journal_archive(&s.journal, &one, &done, &err));
	is_int((int64_t)done.n, 1, "a dry run counts");
	is_int(folder_named(&s, "INBOX").placed, 1, "and changes nothing");
	is_int(folder_named(&s, "Attic").id, 0, "not even folders");
	scene_close(&s, "dry");
}

static void
test_automatic(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct flags seen = { FLAG_SEEN, NULL };
	struct flags star = { FLAG_FLAGGED, NULL };
	struct flags none = FLAGS_INIT;
	struct scene s;
	int64_t id;
	struct journal_targets one;

	scene_open(&s);
	id = mail(&s, s.f.inbox, 0);
	one = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox, &id, 1 };
	MUST(journal_flag(&s.journal, &one, &star, &none, &done, &err));
	journal_done_clear(&done);
	undo(&s, "Undone: Starred 1 message");
	s.journal.automatic = true;
	MUST(journal_flag(&s.journal, &one, &seen, &none, &done, &err));
	is_int((int64_t)done.n, 1, "marked by itself");
	s.journal.automatic = false;
	redo(&s, "Done again: Starred 1 message");
	undo(&s, "Undone: Starred 1 message");
	is_int(folder_named(&s, "INBOX").unread, 0, "and stays read");
	scene_close(&s, "automatic");
}

/* The server does whatever waits. */
static void
send_all(struct scene *scene)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	for (int i = 0; i < 100; i++) {
		struct operation_batch batch CLEANUP(
			operation_batch_clear) = { 0 };
		struct operation_outcome outcome = { 0 };
		int64_t next;

		if (operation_next_batch(scene->f.store, scene->f.account,
			    clock_wall_s(), 1, &batch, &next, &err) != FOUND)
			return;
		outcome.item = batch.items[0].id;
		if (batch.items[0].placement && !batch.items[0].uid)
			return;
		MUST(operation_done(
			scene->f.store, &outcome, 1, false, NULL, &err));
	}
}

static void
test_delete(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct scene s;
	int64_t trash;
	int64_t id;
	struct journal_targets one;
	bool for_good = false;

	scene_open(&s);
	trash = make_folder(s.f.store, s.f.account, "Bin", ROLE_TRASH);
	id = mail(&s, s.f.inbox, 0);
	one = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox, &id, 1 };
	MUST(journal_delete(&s.journal, &one, false, &done, &err));
	says(&done, "Moved 1 message to the trash");
	journal_done_clear(&done);
	is_int(folder_named(&s, "Bin").placed, 1, "there it is");
	MUST(journal_is_for_good(&s.journal, trash, &for_good, &err));
	ok(for_good, "from there it goes for good");
	one.what = JOURNAL_FOLDER;
	one.folder = trash;
	MUST(journal_delete(&s.journal, &one, false, &done, &err));
	is_int((int64_t)done.n, 0, "which has to be said");
	journal_done_clear(&done);
	MUST(journal_delete(&s.journal, &one, true, &done, &err));
	says(&done, "Deleted 1 message for good");
	is_int(folder_named(&s, "Bin").placed, 0, "gone");
	undo(&s, "Undone: Deleted 1 message for good");
	is_int(folder_named(&s, "Bin").placed, 1,
		"back, as no server was told");
	scene_close(&s, "delete");
}

static void
test_gone(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct scene s;
	int64_t id;
	struct journal_targets one;

	scene_open(&s);
	id = mail(&s, s.f.inbox, 0);
	one = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox, &id, 1 };
	MUST(journal_delete(&s.journal, &one, true, &done, &err));
	settle(&s);
	send_all(&s);
	refuses(&s, true,
		"\342\200\234Deleted 1 message for good\342\200\235 cannot "
		"be undone: the server has deleted it for good");
	undo(&s, "Nothing to undo");
	scene_close(&s, "gone");
}

/* Another client has done the same since. */
static void
set_flags(struct scene *scene, int64_t uid, uint32_t bits)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct flags flags = { bits, NULL };
	bool known;

	MUST(transaction_begin(scene->f.store, &tx, &err));
	MUST(placement_save_flags(scene->f.store, scene->f.inbox, (uint32_t)uid,
		&flags, 0, &known, &err));
	MUST(transaction_commit(&tx, &err));
}

static void
test_missed(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct flags star = { FLAG_FLAGGED, NULL };
	struct flags none = FLAGS_INIT;
	struct scene s;
	int64_t ids[3];
	struct journal_targets all;

	scene_open(&s);
	for (int i = 0; i < 3; i++)
		ids[i] = mail(&s, s.f.inbox, 0);
	all = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox, ids, 3 };
	MUST(journal_flag(&s.journal, &all, &star, &none, &done, &err));
	journal_done_clear(&done);
	settle(&s);
	send_all(&s);
	set_flags(&s, 1, 0);
	undo(&s, "Undone for 2 of 3: Starred 3 messages");
	send_all(&s);
	redo(&s, "Done again: Starred 2 messages");
	settle(&s);
	send_all(&s);
	set_flags(&s, 2, 0);
	set_flags(&s, 3, 0);
	refuses(&s, true,
		"\342\200\234Starred 2 messages\342\200\235 cannot be "
		"undone: its messages are gone, or are as they were before");
	undo(&s, "Nothing to undo");
	redo(&s, "Nothing to redo");
	scene_close(&s, "missed");
}

/* What came of it is said truly all the same. */
static void
test_slow(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct flags star = { FLAG_FLAGGED, NULL };
	struct flags none = FLAGS_INIT;
	struct scene s;
	int64_t id;
	struct journal_targets one;

	scene_open(&s);
	id = mail(&s, s.f.inbox, 0);
	one = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox, &id, 1 };
	MUST(journal_flag(&s.journal, &one, &star, &none, &done, &err));
	settle(&s);
	send_all(&s);
	set_flags(&s, 1, 0);
	fitting = FITS_ONE;
	refuses(&s, true,
		"\342\200\234Starred 1 message\342\200\235 cannot be "
		"undone: its messages are gone, or are as they were before");
	fitting = FITS_ALL;
	scene_close(&s, "slow");
}

static void
test_spam(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct scene s;
	int64_t id;
	struct journal_targets one;

	scene_open(&s);
	make_folder(s.f.store, s.f.account, "Junk", ROLE_JUNK);
	id = mail(&s, s.f.inbox, 0);
	one = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox, &id, 1 };
	MUST(journal_spam(&s.journal, &one, true, &done, &err));
	says(&done, "Marked 1 message as spam");
	journal_done_clear(&done);
	is_int(folder_named(&s, "Junk").placed, 1, "in the Junk");
	one = (struct journal_targets){ JOURNAL_FOLDER,
		folder_named(&s, "Junk").id, NULL, 0 };
	MUST(journal_spam(&s.journal, &one, false, &done, &err));
	says(&done, "Marked 1 message as not spam");
	is_int(folder_named(&s, "INBOX").placed, 1, "in the inbox");
	undo(&s, "Undone: Marked 1 message as not spam");
	undo(&s, "Undone: Marked 1 message as spam");
	is_int(folder_named(&s, "INBOX").placed, 1, "as it was");
	scene_close(&s, "spam");
}

enum { MANY = 5000 };

/* What a process does that is killed: a byte for each slice. */
static void
apply_until_killed(const char *dir, int out)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct store_home *home = NULL;
	struct store *store = NULL;
	bool more = true;

	if (!store_home_open(dir, false, &home, &err) ||
		!store_open(home, STORE_HOUSEKEEPER, &store, &err))
		_exit(1);
	while (more) {
		if (!operation_apply_some(store, &more, NULL, NULL, &err) ||
			write(out, "", 1) != 1)
			_exit(1);
	}
	_exit(0);
}

/* Another process applies a few slices, and is killed in the middle. */
static void
kill_in_the_middle(struct scene *scene)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int pipes[2];
	char byte;
	pid_t pid;
	int status = 0;

	store_close(scene->f.store);
	if (pipe(pipes) != 0)
		exit(99);
	pid = fork();
	if (pid < 0)
		exit(99);
	if (pid == 0) {
		close(pipes[0]);
		apply_until_killed(scene->f.dir, pipes[1]);
	}
	close(pipes[1]);
	for (int i = 0; i < 3; i++) {
		if (read(pipes[0], &byte, 1) != 1)
			break;
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	close(pipes[0]);
	MUST(store_open(scene->f.home, STORE_WORKER, &scene->f.store, &err));
	scene->journal.store = scene->f.store;
}

static void
test_bulk(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct flags seen = { FLAG_SEEN, NULL };
	struct flags none = FLAGS_INIT;
	struct scene s;
	int64_t *ids = xcalloc(MANY, sizeof(*ids));
	struct journal_targets many;
	struct journal_targets last;
	uint64_t slices;
	int64_t start;
	bool more;

	scene_open(&s);
	s.lazy = true;
	make_folder(s.f.store, s.f.account, "Archive", ROLE_ARCHIVE);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		for (int i = 0; i < MANY; i++) {
			char id[32];
			struct mail mail = {
				.uid = (uint32_t)i + 1,
				.received = 1700000000 + i,
				.from = "ann@x",
				.id = id,
			};

			snprintf(id, sizeof(id), "%d@x", i);
			ids[i] = place(&s.f, s.f.inbox, &mail, NULL);
		}
		MUST(transaction_commit(&tx, &err));
	}
	link_all(&s.f);
	many = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox, ids,
		MANY };
	start = clock_mono_us();
	MUST(journal_archive(&s.journal, &many, &done, &err));
	printf("# %lld us\n", (long long)(clock_mono_us() - start));
	says(&done, "Archived 5,000 messages");
	ok(done.n < MANY && done.n + done.n_waiting == MANY,
		"applied in slices");
	journal_done_clear(&done);
	/* Behind it, in order: one that waits, and another intent. */
	last = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox,
		&ids[MANY - 1], 1 };
	MUST(journal_flag(&s.journal, &last, &seen, &none, &done, &err));
	is_int((int64_t)done.n_waiting, 1, "what comes behind it waits");
	journal_done_clear(&done);
	for (int i = 0; i < 5; i++)
		MUST(operation_apply_some(s.f.store, &more, NULL, NULL, &err));
	kill_in_the_middle(&s);
	is_sound(&s.f, "killed in the middle");
	apply_all(&s, &slices);
	ok(slices > 1, "%llu slices more", (unsigned long long)slices);
	is_int(folder_named(&s, "INBOX").placed, 0, "all gone");
	is_int(folder_named(&s, "Archive").placed, MANY, "all there");
	undo(&s, "Undone: Archived 5,000 messages");
	redo(&s, "Done again: Archived 5,000 messages");
	undo(&s, "Undone: Archived 5,000 messages");
	apply_all(&s, &slices);
	is_int(folder_named(&s, "INBOX").placed, MANY, "all back");
	is_int(folder_named(&s, "INBOX").threads, MANY, "with their threads");
	is_sound(&s.f, "undone");
	/* The rest of an intent is dropped at once, and taken up again. */
	redo(&s, "Done again: Archived 5,000 messages");
	apply_all(&s, &slices);
	undo(&s, "Undone: Archived 5,000 messages");
	apply_all(&s, &slices);
	MUST(journal_mark_read(&s.journal, s.f.inbox, &done, &err));
	says(&done, "Marked 5,000 messages in INBOX as read");
	undo(&s, "Undone: Marked 5,000 messages in INBOX as read");
	redo(&s, "Done again: Marked 5,000 messages in INBOX as read");
	apply_all(&s, &slices);
	is_int(folder_named(&s, "INBOX").unread, 0, "all read");
	scene_close(&s, "bulk");
	free(ids);
}

static void
test_conversations(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct list_query query = { .threads = true };
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct scene s;
	struct journal_targets one;

	scene_open(&s);
	make_folder(s.f.store, s.f.account, "Archive", ROLE_ARCHIVE);
	for (int i = 0; i < 4; i++) {
		char id[32];
		struct mail mail = {
			.uid = (uint32_t)i + 1,
			.received = 1700000000 + i,
			.from = "ann@x",
			.id = id,
			.references = i ? "0@x" : NULL,
		};

		snprintf(id, sizeof(id), "%d@x", i);
		place_one(&s.f,
			i == 3 ? make_folder(s.f.store, s.f.account, "Sent",
					 ROLE_SENT)
			       : s.f.inbox,
			&mail, NULL);
	}
	link_all(&s.f);
	query.folder = s.f.inbox;
	MUST(list_load(
		s.f.store, &query, NULL, true, LIST_OLDER, 10, &rows, &err));
	is_int((int64_t)rows.n, 1, "one thread");
	one = (struct journal_targets){ JOURNAL_CONVERSATIONS, s.f.inbox,
		&rows.items[0].conversation, 1 };
	MUST(journal_archive(&s.journal, &one, &done, &err));
	says(&done, "Archived 3 messages");
	is_int(folder_named(&s, "Sent").placed, 1, "not what stands elsewhere");
	scene_close(&s, "conversations");
}

enum { THREADS = 500, A_THREAD = 3 };

/* Slices or not, messages are counted, not conversations. */
static void
test_many_conversations(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct list_query query = { .threads = true };
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct scene s;
	int64_t ids[THREADS];
	struct journal_targets all;

	scene_open(&s);
	make_folder(s.f.store, s.f.account, "Archive", ROLE_ARCHIVE);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		for (int i = 0; i < THREADS * A_THREAD; i++) {
			char id[32], first[32];
			struct mail mail = {
				.uid = (uint32_t)i + 1,
				.received = 1700000000 + i,
				.from = "ann@x",
				.id = id,
				.references = i % A_THREAD ? first : NULL,
			};

			snprintf(id, sizeof(id), "%d@x", i);
			snprintf(
				first, sizeof(first), "%d@x", i - i % A_THREAD);
			place(&s.f, s.f.inbox, &mail, NULL);
		}
		MUST(transaction_commit(&tx, &err));
	}
	link_all(&s.f);
	query.folder = s.f.inbox;
	MUST(list_load(s.f.store, &query, NULL, true, LIST_OLDER, THREADS,
		&rows, &err));
	is_int((int64_t)rows.n, THREADS, "threads");
	for (size_t i = 0; i < rows.n; i++)
		ids[i] = rows.items[i].conversation;
	all = (struct journal_targets){ JOURNAL_CONVERSATIONS, s.f.inbox, ids,
		rows.n };
	MUST(journal_archive(&s.journal, &all, &done, &err));
	ok(done.n_waiting > 0, "some of them wait");
	says(&done, "Archived 1,500 messages");
	s.lazy = true;
	undo(&s, "Undone: Archived 1,500 messages");
	s.lazy = false;
	is_int(folder_named(&s, "INBOX").placed, THREADS * A_THREAD,
		"all are back");
	scene_close(&s, "many conversations");
}

static void
test_folders(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct scene s;
	int64_t id = 0;
	int64_t other = 0;
	int64_t below;

	scene_open(&s);
	MUST(journal_folder_create(
		&s.journal, s.f.account, "Plans", &id, &done, &err));
	says(&done, "Created the folder Plans");
	journal_done_clear(&done);
	ok(!journal_folder_create(
		   &s.journal, s.f.account, "Plans", &other, &done, &err) &&
			err.kind == ERR_INVALID,
		"not twice");
	error_clear(&err);
	ok(!journal_folder_create(
		   &s.journal, s.f.account, "a//b", &other, &done, &err) &&
			err.kind == ERR_INVALID,
		"no level without a name");
	error_clear(&err);
	id = make_folder(s.f.store, s.f.account, "Sent", ROLE_SENT);
	ok(!journal_folder_rename(&s.journal, id, "Gone", &done, &err) &&
			err.kind == ERR_REFUSED,
		"a folder with a role keeps its name");
	error_clear(&err);
	ok(!journal_retry(&s.journal, 99999, &done, &err),
		"there is no such operation");
	is_str(err.text, "There is no operation 99999", "and it is said");
	error_clear(&err);
	id = folder_named(&s, "Plans").id;
	undo(&s, "Undone: Created the folder Plans");
	is_int(folder_named(&s, "Plans").id, 0, "unmade");
	redo(&s, "Done again: Created the folder Plans");
	is_int(folder_named(&s, "Plans").id, id, "the same again");

	id = make_folder(s.f.store, s.f.account, "Work", ROLE_NONE);
	below = make_folder(s.f.store, s.f.account, "Work/Old", ROLE_NONE);
	MUST(journal_folder_rename(&s.journal, id, "Job", &done, &err));
	says(&done, "Renamed the folder to Job");
	journal_done_clear(&done);
	is_int(folder_named(&s, "Job/Old").id, below,
		"and what stands below it");
	/* LIST does not know yet. */
	make_folder(s.f.store, s.f.account, "Work", ROLE_NONE);
	is_int(folder_named(&s, "Job").id, id, "whatever LIST says");
	ok(!journal_folder_rename(&s.journal, below, "X", &done, &err) &&
			err.kind == ERR_REFUSED,
		"one change after the other");
	error_clear(&err);
	undo(&s, "Undone: Renamed the folder to Job");
	is_int(folder_named(&s, "Work/Old").id, below, "the old names");

	ok(!journal_folder_delete(&s.journal, id, &done, &err) &&
			err.kind == ERR_REFUSED,
		"not with folders below");
	error_clear(&err);
	ok(!journal_folder_delete(&s.journal, s.f.inbox, &done, &err) &&
			err.kind == ERR_REFUSED,
		"nor the inbox");
	error_clear(&err);
	MUST(journal_folder_delete(&s.journal, below, &done, &err));
	journal_done_clear(&done);
	is_int(folder_named(&s, "Work/Old").id, 0, "hidden");
	{
		struct journal_entries entries CLEANUP(
			journal_entries_clear) = { 0 };

		MUST(journal_activity(&s.journal, false, 1, &entries, &err));
		is_str(entries.items[0].text, "Delete the folder Work/Old",
			"its name is kept");
	}
	undo(&s, "Undone: Deleted the folder Work/Old");
	is_int(folder_named(&s, "Work/Old").id, below, "shown");
	MUST(journal_folder_subscribe(&s.journal, id, false, &done, &err));
	says(&done, "Unsubscribed from Work");
	journal_done_clear(&done);
	make_folder(s.f.store, s.f.account, "Work", ROLE_NONE);
	ok(!folder_named(&s, "Work").subscribed, "whatever LSUB says");
	undo(&s, "Undone: Unsubscribed from Work");
	ok(folder_named(&s, "Work").subscribed, "subscribed again");
	scene_close(&s, "folders");
}

static void
test_local(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct journal_entries entries CLEANUP(journal_entries_clear) = { 0 };
	struct flags star = { FLAG_FLAGGED, NULL };
	struct flags none = FLAGS_INIT;
	struct scene s;
	int64_t id;
	struct journal_targets one;

	scene_open(&s);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		MUST(account_ensure(s.f.store, "here", &s.f.account, &err));
		MUST(transaction_commit(&tx, &err));
	}
	s.f.inbox = make_folder(s.f.store, s.f.account, "INBOX", ROLE_INBOX);
	id = mail(&s, s.f.inbox, 0);
	link_all(&s.f);
	one = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox, &id, 1 };
	MUST(journal_flag(&s.journal, &one, &star, &none, &done, &err));
	journal_done_clear(&done);
	MUST(journal_archive(&s.journal, &one, &done, &err));
	journal_done_clear(&done);
	settle(&s);
	MUST(journal_activity(&s.journal, false, 100, &entries, &err));
	is_int((int64_t)entries.n, 0, "nothing waits for a server");
	is_sound(&s.f, "at once");
	undo(&s, "Undone: Archived 1 message");
	one.what = JOURNAL_FOLDER;
	MUST(journal_delete(&s.journal, &one, true, &done, &err));
	journal_done_clear(&done);
	is_int(folder_named(&s, "INBOX").placed, 0, "deleted");
	is_sound(&s.f, "deleted");
	undo(&s, "Undone: Deleted 1 message for good");
	is_int(folder_named(&s, "INBOX").placed, 1, "and back");
	refuses(&s, false,
		"\342\200\234Deleted 1 message for good\342\200\235 cannot "
		"be done again: what comes back from being deleted for good "
		"is deleted again only when asked for");
	is_int(folder_named(&s, "INBOX").placed, 1, "and stays");
	redo(&s, "Nothing to redo");
	undo(&s, "Undone: Starred 1 message");
	scene_close(&s, "local");
}

/* Once a folder is deleted for good, nothing done to it can be undone. */
static void
test_folder_gone(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct scene s;
	int64_t account;
	int64_t id = 0;

	scene_open(&s);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		MUST(account_ensure(s.f.store, "here", &account, &err));
		MUST(transaction_commit(&tx, &err));
	}
	s.f.account = account;
	MUST(journal_folder_create(
		&s.journal, account, "Kept", &id, &done, &err));
	journal_done_clear(&done);
	MUST(journal_folder_create(
		&s.journal, account, "Plans", &id, &done, &err));
	journal_done_clear(&done);
	MUST(journal_folder_delete(&s.journal, id, &done, &err));
	journal_done_clear(&done);
	ok(!journal_undo(&s.journal, &done, &err) && err.kind == ERR_REFUSED,
		"a deletion that is done stands");
	error_clear(&err);
	undo(&s, "Undone: Created the folder Kept");
	is_int(folder_named(&s, "Kept").id, 0, "what was before it is next");
	undo(&s, "Nothing to undo");
	scene_close(&s, "a folder that is gone");
}

/* What no server takes stays, can be acted on, and sent again. */
static void
test_refused_append(struct scene *s, int64_t message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	struct flags star = { FLAG_FLAGGED, NULL };
	struct flags none = FLAGS_INIT;
	int64_t operation;
	int64_t placement;
	int64_t next;
	struct journal_targets one;

	MUST(operation_next_batch(s->f.store, s->f.account, clock_wall_s(), 10,
		     &batch, &next, &err) == FOUND);
	is_int(batch.items[0].message, message, "to be appended");
	operation = batch.items[0].operation;
	placement = batch.items[0].target;
	MUST(operation_failed(
		s->f.store, &batch.items[0].id, 1, "Over quota", &err));
	is_int(folder_named(s, "INBOX").placed, 1, "refused: it stays here");
	is_sound(&s->f, "with a message no server has");
	one = (struct journal_targets){ JOURNAL_MESSAGES, s->f.inbox,
		&placement, 1 };
	MUST(journal_flag(&s->journal, &one, &star, &none, &done, &err));
	is_int((int64_t)done.n, 1, "it can be starred");
	settle(s);
	operation_batch_clear(&batch);
	MUST(operation_next_batch(s->f.store, s->f.account, clock_wall_s(), 10,
		     &batch, &next, &err) == NOT_FOUND);
	ok(true, "with no server to be told");
	journal_done_clear(&done);
	undo(s, "Undone: Starred 1 message");
	MUST(journal_retry(&s->journal, operation, &done, &err));
	MUST(operation_next_batch(s->f.store, s->f.account, clock_wall_s(), 10,
		     &batch, &next, &err) == FOUND);
	is_int(batch.items[0].target, placement, "and sent once more");
}

static void
test_append(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct journal_entries entries CLEANUP(journal_entries_clear) = { 0 };
	struct flags seen = { FLAG_SEEN, NULL };
	struct scene s;
	int64_t message = 0;

	scene_open(&s);
	MUST(journal_append(&s.journal, s.f.inbox,
		SLICE("From: ann@x\r\nMessage-ID: <1@x>\r\n"
		      "Subject: Budget\r\n\r\nHello\r\n"),
		&seen, 1700000000, &message, &done, &err));
	says(&done, "Added 1 message to INBOX");
	link_all(&s.f);
	settle(&s);
	MUST(journal_activity(&s.journal, false, 100, &entries, &err));
	is_int((int64_t)entries.n, 1, "waits");
	is_str(entries.items[0].text, "Add 1 message to INBOX (“Budget”)",
		"in words");
	test_refused_append(&s, message);
	undo(&s, "Undone: Added 1 message to INBOX");
	is_int(folder_named(&s, "INBOX").placed, 0, "taken back");
	redo(&s, "Done again: Added 1 message to INBOX");
	link_all(&s.f);
	is_int(folder_named(&s, "INBOX").placed, 1, "there again");
	is_int(folder_named(&s, "INBOX").unread, 0, "and read");
	scene_close(&s, "append");
}

/* What does not fit into one transaction is there whole, or not at all. */
static void
test_append_large(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct strbuf letter CLEANUP(strbuf_clear) = { 0 };
	struct flags none = FLAGS_INIT;
	struct scene s;
	int64_t message = 0;
	uint64_t size = 0;

	scene_open(&s);
	strbuf_init(&letter, 2 * 1024 * 1024);
	strbuf_add_str(&letter, "From: ann@x\r\nSubject: Long\r\n\r\n");
	while (letter.len < 1024 * 1024)
		strbuf_add_str(&letter, "A line of a long letter.\r\n");
	MUST(journal_append(&s.journal, s.f.inbox, strbuf_slice(&letter), &none,
		1700000000, &message, &done, &err));
	MUST(section_size(s.f.store, message, "", &size, &err) == FOUND);
	is_int((int64_t)size, (int64_t)letter.len, "a long letter is held");
	is_int(folder_named(&s, "INBOX").placed, 1, "and shown");
	undo(&s, "Undone: Added 1 message to INBOX");
	is_int(folder_named(&s, "INBOX").placed, 0, "taken back");
	redo(&s, "Done again: Added 1 message to INBOX");
	is_int(folder_named(&s, "INBOX").placed, 1, "and there again");
	scene_close(&s, "a long letter");
}

/* The server does all that waits, one after the other; UIDs from `uid` on. */
static void
serve(struct scene *s, uint32_t uid)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder inbox = folder_named(s, "INBOX");
	int64_t next;

	for (;;) {
		struct operation_batch batch CLEANUP(
			operation_batch_clear) = { 0 };
		struct operation_outcome outcome = {
			.uid = uid++,
			.uidvalidity = inbox.uidvalidity,
		};

		if (operation_next_batch(s->f.store, s->f.account,
			    clock_wall_s(), 1, &batch, &next, &err) != FOUND)
			break;
		outcome.item = batch.items[0].id;
		MUST(operation_done(
			s->f.store, &outcome, 1, false, NULL, &err));
	}
	folder_clear(&inbox);
}

/* What was deleted for good and came back is what it was. */
static void
test_append_and_back(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct flags none = FLAGS_INIT, star = { FLAG_FLAGGED, NULL };
	struct journal_targets one = { .what = JOURNAL_MESSAGES, .n = 1 };
	struct scene s;
	int64_t message = 0;

	scene_open(&s);
	MUST(journal_append(&s.journal, s.f.inbox,
		SLICE("From: ann@x\r\nMessage-ID: <1@x>\r\n\r\nHello\r\n"),
		&none, 1700000000, &message, &done, &err));
	journal_done_clear(&done);
	link_all(&s.f);
	serve(&s, 500);
	one.folder = s.f.inbox;
	one.ids = &message; /* its first placement */
	MUST(journal_flag(&s.journal, &one, &star, &none, &done, &err));
	journal_done_clear(&done);
	MUST(journal_delete(&s.journal, &one, true, &done, &err));
	serve(&s, 600);
	is_int(folder_named(&s, "INBOX").placed, 0, "deleted for good");
	undo(&s, "Undone: Deleted 1 message for good");
	is_int(folder_named(&s, "INBOX").placed, 1, "it is back");
	serve(&s, 700);
	undo(&s, "Undone: Starred 1 message");
	undo(&s, "Undone: Added 1 message to INBOX");
	is_int(folder_named(&s, "INBOX").placed, 0, "and taken back");
	serve(&s, 800);
	redo(&s, "Done again: Added 1 message to INBOX");
	is_int(folder_named(&s, "INBOX").placed, 1, "and there once more");
	scene_close(&s, "append, delete and back");
}

/* A server that cannot delete one message alone. */
static void
test_kept(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct journal_entries entries CLEANUP(journal_entries_clear) = { 0 };
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	struct operation_outcome outcome = { 0 };
	struct scene s;
	int64_t id, next;
	struct journal_targets one;

	scene_open(&s);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		MUST(account_save_capabilities(
			s.f.store, s.f.account, "IMAP4rev1 IDLE MOVE", &err));
		MUST(transaction_commit(&tx, &err));
	}
	id = mail(&s, s.f.inbox, 0);
	link_all(&s.f);
	one = (struct journal_targets){ JOURNAL_MESSAGES, s.f.inbox, &id, 1 };
	MUST(journal_delete(&s.journal, &one, true, &done, &err));
	says(&done, "Marked 1 message as deleted: the server keeps it");
	settle(&s);
	MUST(operation_next_batch(s.f.store, s.f.account, clock_wall_s(), 1,
		     &batch, &next, &err) == FOUND);
	outcome.item = batch.items[0].id;
	MUST(operation_done(s.f.store, &outcome, 1, true, NULL, &err));
	is_int(folder_named(&s, "INBOX").placed, 0, "it is not seen here");
	MUST(journal_activity(&s.journal, true, 1, &entries, &err));
	is_str(entries.items[0].text,
		"Delete 1 message from INBOX for good: the server keeps 1, "
		"marked as deleted (“north wing”)",
		"Activity says what it came to");
	scene_close(&s, "kept");
}

int
main(void)
{
	test_verbs();
	test_read_only();
	test_automatic();
	test_delete();
	test_gone();
	test_missed();
	test_slow();
	test_spam();
	test_conversations();
	fitting = BY_CLOCK;
	test_many_conversations();
	fitting = FITS_ALL;
	test_folders();
	test_local();
	test_folder_gone();
	test_append();
	test_append_and_back();
	test_append_large();
	test_kept();
	fitting = BY_CLOCK;
	test_bulk();
	return tap_done();
}
