/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdatomic.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/thread.h"
#include "store/turn.h"

#include "store_fixture.h"

/* ---- who goes first ---- */

struct waiter {
	struct turn *turn;
	bool urgent;
	int number;
	int *order; /* written in turn */
	int *n;
};

static void
wait_for_turn(void *arg)
{
	struct waiter *waiter = arg;

	turn_take(waiter->turn, waiter->urgent);
	waiter->order[(*waiter->n)++] = waiter->number;
	turn_give(waiter->turn);
}

static void
test_order(void)
{
	static const bool urgent[] = { false, false, true, false, true };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct turn *turn = turn_new();
	struct thread *threads[ARRAY_LEN(urgent)] = { NULL };
	struct waiter waiters[ARRAY_LEN(urgent)];
	int order[ARRAY_LEN(urgent)] = { 0 };
	int n = 0;

	turn_take(turn, false);
	ok(!turn_is_wanted(turn), "nobody waits");
	for (size_t i = 0; i < ARRAY_LEN(urgent); i++) {
		waiters[i] =
			(struct waiter){ turn, urgent[i], (int)i, order, &n };
		MUST(thread_start("waiter", wait_for_turn, &waiters[i],
			&threads[i], &err));
		while (turn_waiting(turn) < i + 1)
			;
	}
	ok(turn_is_wanted(turn), "somebody urgent waits");
	turn_give(turn);
	for (size_t i = 0; i < ARRAY_LEN(urgent); i++)
		thread_join(threads[i]);
	ok(order[0] + order[1] == 2 + 4, "the urgent ones first");
	ok(order[2] == 0 && order[3] == 1 && order[4] == 3,
		"the others as they came");
	turn_free(turn);
}

/* ---- while a person presses keys ---- */

struct patient {
	struct turn *turn;
	atomic_bool served;
};

static void
be_patient(void *arg)
{
	struct patient *patient = arg;

	turn_take(patient->turn, false);
	atomic_store(&patient->served, true);
	turn_give(patient->turn);
}

static void
test_attended(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct patient patient = { .turn = turn_new() };
	struct thread *thread = NULL;
	int64_t began_us;
	int64_t waited_us;

	ok(!turn_is_attended(patient.turn), "nobody pressed a key yet");
	began_us = clock_mono_us();
	turn_attend(patient.turn);
	ok(turn_is_attended(patient.turn), "somebody presses keys");
	MUST(thread_start("patient", be_patient, &patient, &thread, &err));
	while (turn_waiting(patient.turn) == 0 && !atomic_load(&patient.served))
		;
	turn_take(patient.turn, true);
	/* Or the machine was away so long that the moment is over. */
	ok(!atomic_load(&patient.served) || clock_mono_us() - began_us > 25000,
		"who came first keeps back");
	turn_give(patient.turn);
	for (waited_us = 0;
		!atomic_load(&patient.served) && waited_us < 60 * 1000000ll;
		waited_us = clock_mono_us() - began_us)
		turn_attend(patient.turn);
	ok(atomic_load(&patient.served), "but not for ever");
	thread_join(thread);
	turn_free(patient.turn);
}

/* ---- a store that all write to ---- */

enum { WRITERS = 3, MESSAGES = 1500, KEYS = 100 };

struct writer {
	struct fixture fixture; /* its own handle */
	uint32_t placed;
};

static void
write_mail(void *arg)
{
	struct writer *writer = arg;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture *fixture = &writer->fixture;
	int64_t left;
	uint32_t i = 0;

	MUST(store_open(fixture->home, STORE_WORKER, &fixture->store, &err));
	while (i < MESSAGES) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture->store, &tx, &err));
		do {
			char id[32];
			struct mail mail = { .uid = i + 1,
				.received = i / 2,
				.id = id,
				.references = "root@x",
				.subject = "written by many" };

			snprintf(id, sizeof(id), "%u@x", i);
			place(fixture, fixture->inbox, &mail, NULL);
			i++;
		} while (i < MESSAGES && !transaction_is_due(&tx));
		MUST(transaction_commit(&tx, &err));
		MUST(transaction_begin(fixture->store, &tx, &err));
		MUST(message_link_some(
			&tx, fixture->account, fixture->inbox, &left, &err));
		MUST(transaction_commit(&tx, &err));
		MUST(message_index_some(
			fixture->store, fixture->account, &left, &err));
	}
	store_close(fixture->store);
}

static void
press_keys(void *arg)
{
	struct fixture fixture = *(const struct fixture *)arg;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query = { .folder = fixture.inbox, .threads = true };

	MUST(store_open(fixture.home, STORE_INTERFACE, &fixture.store, &err));
	for (int i = 0; i < KEYS; i++) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		struct list_rows rows CLEANUP(list_rows_clear) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(account_save_synced(
			fixture.store, fixture.account, i, &err));
		MUST(transaction_commit(&tx, &err));
		MUST(list_load(fixture.store, &query, NULL, false, LIST_OLDER,
			50, &rows, &err));
	}
	store_close(fixture.store);
}

static void
keep_house(void *arg)
{
	struct fixture fixture = *(const struct fixture *)arg;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	MUST(store_open(fixture.home, STORE_HOUSEKEEPER, &fixture.store, &err));
	for (int i = 0; i < 20; i++) {
		bool more;

		MUST(store_checkpoint(fixture.store, &err));
		MUST(message_purge_some(fixture.store, &more, &err));
	}
	store_close(fixture.store);
}

static void
test_all_at_once(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture fixture = { 0 };
	struct writer writers[WRITERS] = { 0 };
	struct thread *threads[WRITERS + 2] = { NULL };
	struct folder folder CLEANUP(folder_clear) = { 0 };

	fixture_open(&fixture);
	for (int i = 0; i < WRITERS; i++) {
		char name[32];

		snprintf(name, sizeof(name), "Folder %d", i);
		writers[i].fixture = fixture;
		writers[i].fixture.inbox = make_folder(
			fixture.store, fixture.account, name, ROLE_NONE);
		MUST(thread_start(
			"writer", write_mail, &writers[i], &threads[i], &err));
	}
	MUST(thread_start(
		"keys", press_keys, &fixture, &threads[WRITERS], &err));
	MUST(thread_start(
		"house", keep_house, &fixture, &threads[WRITERS + 1], &err));
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		thread_join(threads[i]);
	link_all(&fixture);
	index_all(&fixture);
	for (int i = 0; i < WRITERS; i++) {
		folder_clear(&folder);
		MUST(folder_load(fixture.store, writers[i].fixture.inbox,
			     &folder, &err) == FOUND);
		is_int(folder.placed, MESSAGES, "every message of a writer");
	}
	is_sound(&fixture, "written by many");
	fixture_close(&fixture);
}

/* ---- the log, while somebody writes all the time ---- */

enum {
	RESTLESS_WRITES = 60000, /* a page of the log each, at least */
	LOG_MAX = 100 << 20,     /* they would make 240 MB */
};

struct restless {
	struct fixture fixture;
	atomic_bool done;
};

static void
write_on(void *arg)
{
	struct restless *it = arg;
	struct fixture fixture = it->fixture;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	for (int i = 0; i < RESTLESS_WRITES; i++) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(account_save_synced(
			fixture.store, fixture.account, i, &err));
		MUST(transaction_commit(&tx, &err));
	}
	store_close(fixture.store);
	atomic_store(&it->done, true);
}

static void
test_log_is_bounded(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct restless it = { .done = false };
	struct fixture house = { 0 };
	struct thread *thread = NULL;
	char *path CLEANUP(freep) = NULL;
	off_t most = 0;

	fixture_open(&it.fixture);
	path = file_join(it.fixture.dir, "store.db-wal");
	house = it.fixture;
	MUST(store_open(house.home, STORE_HOUSEKEEPER, &house.store, &err));
	MUST(thread_start("writer", write_on, &it, &thread, &err));
	while (!atomic_load(&it.done)) {
		struct stat st;

		MUST(store_checkpoint(house.store, &err));
		if (stat(path, &st) == 0 && st.st_size > most)
			most = st.st_size;
	}
	thread_join(thread);
	store_close(house.store);
	ok(most < LOG_MAX, "a writer that never rests, a log of %lld bytes",
		(long long)most);
	fixture_close(&it.fixture);
}

int
main(void)
{
	test_order();
	test_attended();
	test_all_at_once();
	test_log_is_bounded();
	return tap_done();
}
