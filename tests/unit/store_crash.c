/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that writes is killed at any moment, over and over: whatever it
 * said was committed is there, nothing is there twice, and the store is sound.
 */
#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"

#include "store_fixture.h"

enum { KILLS = 40, DELAY_MOST_US = 25000 };

static void
save_words(struct store *store, int64_t message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct document doc CLEANUP(document_clear) = { 0 };

	document_init(&doc);
	document_add(&doc, PARAGRAPH_TEXT, 0, 0, SLICE("some words of a text"));
	MUST(text_save(store, message, &doc, "some", 1, &err));
}

/* The child: never returns. */
static void
write_for_ever(
	const char *dir, int64_t account, int64_t folder, uint32_t uid, int out)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture fixture = { .account = account, .inbox = folder };

	MUST(store_home_open(dir, false, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	for (int round = 0;; round++) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		int64_t left;

		MUST(transaction_begin(fixture.store, &tx, &err));
		for (int i = 0; i < 20; i++, uid++) {
			char id[32];
			char refs[32];
			struct mail mail = { .uid = uid,
				.received = uid / 3,
				.id = id,
				.references = refs,
				.subject = "words" };
			int64_t message;

			snprintf(id, sizeof(id), "%u@x", uid);
			snprintf(refs, sizeof(refs), "%u@x", uid / 4 * 3);
			place(&fixture, folder, &mail, &message);
			if (uid % 5 == 0)
				save_words(fixture.store, message);
		}
		MUST(transaction_commit(&tx, &err));
		if (write(out, &uid, sizeof(uid)) != sizeof(uid))
			_exit(1);
		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(message_link_some(&tx, account, 0, &left, &err));
		MUST(transaction_commit(&tx, &err));
		MUST(message_index_some(fixture.store, account, &left, &err));
		if (round % 7 == 0)
			MUST(store_checkpoint(fixture.store, &err));
	}
}

/* One life of a writer; the UIDs below what it told last are committed. */
static uint32_t
live_and_die(struct fixture *fixture, uint32_t uid, int64_t delay_us)
{
	int pipes[2];
	pid_t child;
	uint32_t told;

	if (pipe(pipes) != 0)
		exit(99);
	child = fork();
	if (child == 0) {
		close(pipes[0]);
		write_for_ever(fixture->dir, fixture->account, fixture->inbox,
			uid, pipes[1]);
	}
	close(pipes[1]);
	/* It is under way once it has told something. */
	if (read(pipes[0], &told, sizeof(told)) == sizeof(told))
		uid = told;
	for (int64_t until = clock_mono_us() + delay_us;
		clock_mono_us() < until;)
		;
	kill(child, SIGKILL);
	while (read(pipes[0], &told, sizeof(told)) == sizeof(told))
		uid = told;
	waitpid(child, NULL, 0);
	close(pipes[0]);
	return uid;
}

static bool
has_all(struct fixture *fixture, uint32_t below, uint32_t *ret_next)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;
	uint64_t n;

	MUST(folder_uids(fixture->store, fixture->inbox, &uids, &err));
	n = uidset_count(&uids);
	/* One more transaction may have come through than it told of. */
	*ret_next = (uint32_t)n + 1;
	return uids.n <= 1 && (n + 1 == below || n + 1 == below + 20);
}

int
main(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture fixture = { 0 };
	uint32_t uid = 1;

	fixture_open(&fixture);
	for (int i = 0; i < KILLS; i++) {
		store_close(fixture.store);
		store_home_close(fixture.home);
		uid = live_and_die(
			&fixture, uid, (int64_t)i * DELAY_MOST_US / KILLS);
		MUST(store_home_open(fixture.dir, false, &fixture.home, &err));
		MUST(store_open(
			fixture.home, STORE_WORKER, &fixture.store, &err));
		ok(has_all(&fixture, uid, &uid), "life %d: %u messages", i,
			uid - 1);
		if (i % 10 == 9)
			is_sound(&fixture, "after being killed");
	}
	link_all(&fixture);
	index_all(&fixture);
	is_sound(&fixture, "in the end");
	fixture_close(&fixture);
	return tap_done();
}
