/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a key costs in a large folder: each act of the journal by itself, and
 * acts on thousands until they are applied.
 *
 *	journal_bench [-n MESSAGES] [-b BULK]
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/account.h"
#include "store/message.h"
#include "sync/journal.h"

enum { NOW = 1790000000, SPACING_S = 300, ACTS = 1000 };

#define MUST(call)                                                             \
	do {                                                                   \
		if (!(call)) {                                                 \
			fprintf(stderr, "%s:%d: %s: %s (%s)\n", __FILE__,      \
				__LINE__, #call, err.text ? err.text : "",     \
				err.detail ? err.detail : "");                 \
			exit(1);                                               \
		}                                                              \
	} while (0)

struct bench {
	char dir[64];
	struct store_home *home;
	struct store *store; /* the interface's */
	struct store *keeper;
	struct journal journal;
	int64_t account;
	int64_t inbox;
	int64_t archive;
	uint32_t messages;
	int64_t *ids;
};

static double
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int64_t
make_folder(struct bench *bench, const char *name, enum folder_role role)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_listing listing = {
		.name = name,
		.remote = name,
		.delimiter = '/',
		.role = role,
		.selectable = true,
		.server_total = -1,
		.server_unread = -1,
	};
	int64_t id = 0;

	MUST(transaction_begin(bench->store, &tx, &err));
	MUST(folder_save_listing(
		bench->store, bench->account, &listing, &id, NULL, &err));
	MUST(transaction_commit(&tx, &err));
	return id;
}

/* A third of them answers to one before. */
static int64_t
place(struct bench *bench, uint32_t i)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct envelope envelope CLEANUP(envelope_clear) = { 0 };
	struct flags flags = { i % 4 ? FLAG_SEEN : 0, NULL };
	char *header CLEANUP(freep) = xasprintf("Message-ID: <%u@x>\r\n", i);
	char *parent CLEANUP(freep) = xasprintf("%u@x", i - i % 3);
	int64_t placement = 0;
	struct message_new new;

	envelope.subject = xstrdup("a subject as they are");
	envelope.message_id = xasprintf("%u@x", i);
	envelope.date = NOW - (int64_t)(bench->messages - i) * SPACING_S;
	address_list_add(&envelope.from, "Ann Example", "ann@example.org");
	if (i % 3)
		message_ids_add(&envelope.references, slice_str(parent));
	new = (struct message_new){
		.envelope = &envelope,
		.flags = &flags,
		.header = slice_str(header),
		.received = envelope.date,
		.size = 1000,
		.uid = i + 1,
	};
	MUST(message_place(bench->store, bench->account, bench->inbox, &new,
		NULL, &placement, &err));
	return placement;
}

static void
fill(struct bench *bench)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t left = 1;
	uint32_t i = 0;

	bench->ids = xcalloc(bench->messages, sizeof(*bench->ids));
	while (i < bench->messages) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(bench->store, &tx, &err));
		for (int n = 0; n < 500 && i < bench->messages; n++, i++)
			bench->ids[i] = place(bench, i);
		MUST(transaction_commit(&tx, &err));
	}
	while (left > 0) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(bench->store, &tx, &err));
		MUST(message_link_some(&tx, bench->account, 0, &left, &err));
		MUST(transaction_commit(&tx, &err));
	}
	MUST(store_checkpoint(bench->store, &err));
	MUST(store_checkpoint(bench->store, &err));
}

static void
open_bench(struct bench *bench)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	snprintf(bench->dir, sizeof(bench->dir), "/tmp/tercet-bench-XXXXXX");
	if (!mkdtemp(bench->dir))
		exit(1);
	MUST(store_home_open(bench->dir, false, &bench->home, &err));
	MUST(store_open(bench->home, STORE_INTERFACE, &bench->store, &err));
	MUST(store_open(bench->home, STORE_HOUSEKEEPER, &bench->keeper, &err));
	MUST(transaction_begin(bench->store, &tx, &err));
	MUST(account_ensure(bench->store, "bench", &bench->account, &err));
	MUST(transaction_commit(&tx, &err));
	bench->inbox = make_folder(bench, "INBOX", ROLE_INBOX);
	bench->archive = make_folder(bench, "Archive", ROLE_ARCHIVE);
	bench->journal.store = bench->store;
}

static void
close_bench(struct bench *bench)
{
	DIR *d = opendir(bench->dir);
	struct dirent *entry;

	store_close(bench->store);
	store_close(bench->keeper);
	store_home_close(bench->home);
	while (d && (entry = readdir(d)) != NULL) {
		char *path CLEANUP(freep) =
			file_join(bench->dir, entry->d_name);

		unlink(path);
	}
	if (d)
		closedir(d);
	rmdir(bench->dir);
	free(bench->ids);
}

/* ---- measures ---- */

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
print_row(const char *what, double *times, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += times[i];
	qsort(times, n, sizeof(*times), compare);
	printf("%-28s %8.0f us  median %6.0f  99%% %6.0f  longest %6.0f\n",
		what, sum / (double)n, times[n / 2], times[n * 99 / 100],
		times[n - 1]);
	fflush(stdout);
}

enum act { ACT_FLAG, ACT_MOVE, ACT_UNDO, ACT_DELETE };

static void
act(struct bench *bench, enum act which, const int64_t *ids, size_t n,
	struct journal_done *done)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_targets targets = { JOURNAL_MESSAGES, bench->inbox, ids,
		n };
	struct flags add = { FLAG_FLAGGED, NULL };
	struct flags none = FLAGS_INIT;

	switch (which) {
	case ACT_FLAG:
		MUST(journal_flag(
			&bench->journal, &targets, &add, &none, done, &err));
		break;
	case ACT_MOVE:
		MUST(journal_archive(&bench->journal, &targets, done, &err));
		break;
	case ACT_UNDO:
		MUST(journal_undo(&bench->journal, done, &err));
		break;
	case ACT_DELETE:
		MUST(journal_delete(
			&bench->journal, &targets, true, done, &err));
		break;
	}
}

/* Of messages all over the folder, one at a time. */
static void
bench_single(struct bench *bench, enum act which, const char *what)
{
	double *times = xcalloc(ACTS, sizeof(*times));
	uint32_t step = bench->messages / (ACTS + 1);

	for (uint32_t i = 0; i < ACTS; i++) {
		struct journal_done done CLEANUP(journal_done_clear) = { 0 };
		double began = now_us();

		act(bench, which, &bench->ids[i * step], 1, &done);
		times[i] = now_us() - began;
		if (done.n != 1) {
			fprintf(stderr, "%s changed nothing\n", what);
			exit(1);
		}
	}
	print_row(what, times, ACTS);
	free(times);
}

/* Slices, as the housekeeper does them. */
static void
apply(struct bench *bench, const char *what, double began)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	double *times = xcalloc(100000, sizeof(*times));
	size_t n = 0;
	bool more = true;

	while (more && n < 100000) {
		double start = now_us();

		MUST(operation_apply_some(
			bench->keeper, &more, NULL, NULL, &err));
		times[n++] = now_us() - start;
	}
	printf("%-28s %8.2f s in %zu slices\n", what, (now_us() - began) / 1e6,
		n);
	print_row("  a slice", times, n);
	free(times);
}

static void
bench_bulk(struct bench *bench, enum act which, size_t n, const char *what)
{
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	double began = now_us();

	act(bench, which, bench->ids + bench->messages - n, n, &done);
	printf("%-28s %8.1f ms until the key is free\n", what,
		(now_us() - began) / 1000);
	apply(bench, "  applied", began);
}

/* What the pusher asks for. */
static void
bench_batches(struct bench *bench)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	int64_t next;
	double began = now_us();

	MUST(operation_next_batch(bench->keeper, bench->account, NOW,
		     OPERATION_BATCH_MAX, &batch, &next, &err) == FOUND);
	printf("%-28s %8.1f ms for %zu items\n", "next batch",
		(now_us() - began) / 1000, batch.n);
}

int
main(int argc, char **argv)
{
	struct bench bench = { .messages = 100000 };
	size_t bulk = 50000;
	int option;

	while ((option = getopt(argc, argv, "n:b:")) != -1) {
		if (option == 'n') {
			bench.messages = (uint32_t)strtoul(optarg, NULL, 10);
		} else if (option == 'b') {
			bulk = strtoul(optarg, NULL, 10);
		} else {
			fprintf(stderr,
				"usage: journal_bench [-n MESSAGES] [-b BULK]"
				"\n");
			return 2;
		}
	}
	if (bench.messages < 2 * ACTS || bulk > bench.messages)
		return 2;
	printf("%u messages\n", bench.messages);
	open_bench(&bench);
	fill(&bench);
	bench_single(&bench, ACT_FLAG, "flag one");
	bench_single(&bench, ACT_MOVE, "archive one");
	bench_single(&bench, ACT_UNDO, "undo one");
	bench_bulk(&bench, ACT_MOVE, 5000, "archive 5,000");
	bench_batches(&bench);
	bench_bulk(&bench, ACT_UNDO, 5000, "undo that");
	bench_bulk(&bench, ACT_DELETE, bulk, "delete many");
	bench_batches(&bench);
	close_bench(&bench);
	return 0;
}
