/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store by itself, over made-up mail: what placing, linking, indexing,
 * listing and removing cost.
 *
 *	store_bench [-n MESSAGES] [-t TEXTS] [-d DIR] [-b BATCH] [-kpr]
 *
 * -k keeps the directory, -p stops after placing, -b places that many in each
 * transaction, -r turns the order around that a FETCH has.  Figures are
 * microseconds a message, or milliseconds where they say so.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/thread.h"
#include "store/account.h"
#include "store/folder.h"
#include "store/list.h"
#include "store/message.h"
#include "store/part.h"
#include "store/store.h"

enum {
	CHUNK = 1000, /* messages a FETCH command brings */
	WINDOW = 50,
	TEXTS_AT_ONCE = 100, /* that sync gathers before it saves them */
	NOW = 1790000000,
	SPACING_S = 300,
};

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
	struct store_home *home;
	struct store *store;
	int64_t account;
	int64_t folder;
	uint32_t messages;
	uint64_t random;
	bool only_place;
	bool newest_first;
	uint32_t batch; /* messages a transaction; 0: as long as it lasts */
};

/* Durations of transactions, to find the long ones. */
struct laps {
	double total;
	double cpu;
	double longest;
	int n;
	int over; /* 4 ms */
};

static double
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static double
cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

/* One transaction. */
struct lap {
	double began;
	double cpu;
};

static struct lap
begin_lap(void)
{
	return (struct lap){ now_us(), cpu_us() };
}

static void
add_lap(struct laps *laps, struct lap lap)
{
	double us = now_us() - lap.began;

	laps->total += us;
	laps->cpu += cpu_us() - lap.cpu;
	laps->n++;
	if (us > laps->longest)
		laps->longest = us;
	laps->over += us > 4000;
}

static void
print_laps(const char *what, const struct laps *laps, double messages)
{
	printf("%-28s %8.2f us each (%.2f of CPU), %d transactions, longest "
	       "%.1f ms, %d over 4 ms\n",
		what, laps->total / messages, laps->cpu / messages, laps->n,
		laps->longest / 1000, laps->over);
	fflush(stdout);
}

static uint32_t
next_random(struct bench *bench, uint32_t below)
{
	bench->random ^= bench->random << 13;
	bench->random ^= bench->random >> 7;
	bench->random ^= bench->random << 17;
	return (uint32_t)((bench->random >> 11) % below);
}

/* ---- made-up mail ---- */

static const char *const names[] = { "Ann Example", "Bo Larsson", "Cy Twombly",
	"Dora Maar", "Edsger Dijkstra", "Fumiko Enchi", "Grace Hopper",
	"Hedy Lamarr", "Ibn Battuta", "Jo March" };
static const char *const words[] = { "budget", "north", "wing", "garden",
	"release", "patch", "meeting", "minutes", "holiday", "invoice",
	"question", "answer", "report", "draft", "kernel", "choir", "concert",
	"window", "server", "letter" };

struct made {
	struct envelope envelope;
	struct part_tree parts;
	struct flags flags;
	struct strbuf header;
	int64_t received;
};

static void
made_clear(struct made *made)
{
	envelope_clear(&made->envelope);
	part_tree_clear(&made->parts);
	strbuf_clear(&made->header);
}

/* What a message is depends on its number alone. */
static uint32_t
scramble(uint32_t i)
{
	i = (i ^ 61) ^ (i >> 16);
	i *= 9;
	i ^= i >> 4;
	i *= 0x27d4eb2d;
	return i ^ (i >> 15);
}

static void
make_mail(uint32_t uid, struct made *made)
{
	uint32_t r = scramble(uid);
	uint32_t who = r % 5000;
	bool reply = r % 10 >= 4 && uid > 40;
	uint32_t parent = reply ? uid - 1 - r % 37 : 0;
	char text[400];
	char address[64];
	struct part *part;

	*made = (struct made){ 0 };
	made->received = NOW - (int64_t)(5000000 - uid) * SPACING_S;
	made->flags.bits = r % 50 ? FLAG_SEEN : 0;
	strbuf_init(&made->header, 16384);
	snprintf(text, sizeof(text), "%s%s %s %s %u", reply ? "Re: " : "",
		words[r % 20], words[r / 20 % 20], words[r / 400 % 20],
		reply ? parent / 50 : uid);
	made->envelope.subject = xstrdup(text);
	snprintf(address, sizeof(address), "person%u@example%u.org", who,
		who % 97);
	address_list_add(&made->envelope.from, names[who % 10], address);
	address_list_add(
		&made->envelope.to, "The Reader", "reader@example.org");
	for (uint32_t i = 0; i < r % 3; i++) {
		snprintf(address, sizeof(address), "copy%u@example.org",
			(r + i) % 300);
		address_list_add(
			&made->envelope.cc, names[(r + i) % 10], address);
	}
	made->envelope.date = made->received - (int64_t)(r % 60);
	made->envelope.message_id =
		xasprintf("%08x.%u.reference@example%u.org", r, uid, who % 97);
	for (uint32_t p = parent, i = 0; p && i < 4; i++) {
		char *id CLEANUP(freep) =
			xasprintf("%08x.%u.reference@example%u.org",
				scramble(p), p, scramble(p) % 5000 % 97);
		uint32_t up = scramble(p);

		message_ids_add(&made->envelope.references, slice_str(id));
		if (i == 0)
			message_ids_add(
				&made->envelope.in_reply_to, slice_str(id));
		p = up % 10 >= 4 && p > 40 ? p - 1 - up % 37 : 0;
	}
	strbuf_addf(&made->header,
		"Date: Thu, 19 Nov 2026 14:%02u:%02u +0100\r\n"
		"From: %s <person%u@example%u.org>\r\n"
		"To: The Reader <reader@example.org>\r\n"
		"Subject: %s\r\nMessage-ID: <%s>\r\n",
		r % 60, uid % 60, names[who % 10], who, who % 97,
		made->envelope.subject, made->envelope.message_id);
	for (size_t i = 0; i < made->envelope.references.n; i++)
		strbuf_addf(&made->header, "References: <%s>\r\n",
			made->envelope.references.items[i]);
	part = part_tree_add(&made->parts);
	part->section = xstrdup("1");
	part->type = xstrdup("text/plain");
	part->charset = xstrdup("utf-8");
	part->parent = -1;
	part->size = r % 20000;
}

/* ---- placing ---- */

static void
place_one(struct bench *bench, const struct made *made, uint32_t uid)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct message_new new = {
		.envelope = &made->envelope,
		.parts = &made->parts,
		.flags = &made->flags,
		.header = strbuf_slice(&made->header),
		.received = made->received,
		.size = 2000 + scramble(uid) % 30000,
		.uid = uid,
		.modseq = uid,
	};

	MUST(message_place(bench->store, bench->account, bench->folder, &new,
		NULL, NULL, &err));
}

/* A FETCH's worth, in transactions of 3 ms. */
static void
place_chunk(struct bench *bench, const struct made *made, uint32_t first,
	uint32_t n, struct laps *laps)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	uint32_t i = 0;

	while (i < n) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		struct lap lap = begin_lap();

		MUST(transaction_begin(bench->store, &tx, &err));
		for (uint32_t j = 0;
			i < n && (bench->batch ? j < bench->batch
					       : !transaction_is_due(&tx));
			j++) {
			uint32_t at = bench->newest_first ? n - 1 - i : i;

			place_one(bench, &made[at], first + at);
			i++;
		}
		MUST(transaction_commit(&tx, &err));
		add_lap(laps, lap);
	}
}

static void
bench_place(struct bench *bench, const char *what)
{
	struct laps laps = { 0 };
	struct made *made = xcalloc(CHUNK, sizeof(*made));
	uint32_t high = bench->messages;

	while (high > 0) {
		uint32_t n = high < CHUNK ? high : CHUNK;
		uint32_t first = high - n + 1;

		for (uint32_t i = 0; i < n; i++)
			make_mail(first + i, &made[i]);
		place_chunk(bench, made, first, n, &laps);
		for (uint32_t i = 0; i < n; i++)
			made_clear(&made[i]);
		high -= n;
	}
	free(made);
	print_laps(what, &laps, bench->messages);
}

/* ---- linking and indexing ---- */

static void
bench_link(struct bench *bench)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct laps laps = { 0 };
	int64_t left = 1;

	while (left > 0) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		struct lap lap = begin_lap();

		MUST(transaction_begin(bench->store, &tx, &err));
		MUST(message_link_some(&tx, bench->account, 0, &left, &err));
		MUST(transaction_commit(&tx, &err));
		add_lap(&laps, lap);
	}
	print_laps("link", &laps, bench->messages);
}

static void
bench_index(struct bench *bench, const char *what, double n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct laps laps = { 0 };
	int64_t left = 1;

	while (left > 0) {
		struct lap lap = begin_lap();

		MUST(message_index_some(
			bench->store, bench->account, &left, &err));
		add_lap(&laps, lap);
	}
	print_laps(what, &laps, n);
}

/* Words with the frequencies of a language, roughly. */
static void
make_text(struct bench *bench, struct document *doc)
{
	char word[16];

	document_init(doc);
	for (int i = 0; i < 60; i++) {
		document_begin(doc, PARAGRAPH_TEXT, 0, 0);
		for (int j = 0; j < 22; j++) {
			uint32_t rank = next_random(bench, 40000);

			rank = next_random(bench, rank + 1);
			rank = next_random(bench, rank + 1);
			snprintf(word, sizeof(word), "w%xq%u ",
				scramble(rank) & 0xffff, rank % 10);
			document_add_text(doc, slice_str(word));
		}
	}
}

/* As many as a transaction's time allows, as sync saves them; `*laps` counts
 * only the saving. */
static void
save_some(struct bench *bench, const struct message_wanted *wanted, size_t n,
	struct document *docs, struct laps *laps, size_t *ret_saved)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct lap lap = begin_lap();
	size_t i = 0;

	MUST(transaction_begin(bench->store, &tx, &err));
	do {
		MUST(text_save(bench->store, wanted[i].message, &docs[i],
			"Dear reader, this is how the message begins and goes "
			"on for a line",
			1, &err));
		i++;
	} while (i < n && !transaction_is_due(&tx));
	MUST(transaction_commit(&tx, &err));
	add_lap(laps, lap);
	*ret_saved = i;
}

static void
bench_texts(struct bench *bench, size_t texts)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct message_wanted_array wanted = { 0 };
	struct document docs[TEXTS_AT_ONCE] = { 0 };
	struct laps laps = { 0 };
	double bytes = 0;
	double began = now_us();

	MUST(message_wanting_text(
		bench->store, bench->account, 0, texts, &wanted, &err));
	printf("%-28s %8.2f ms for %zu\n", "messages wanting text",
		(now_us() - began) / 1000, wanted.n);
	for (size_t i = 0; i < wanted.n;) {
		size_t n = wanted.n - i < TEXTS_AT_ONCE ? wanted.n - i
							: TEXTS_AT_ONCE;
		size_t saved = 0;

		for (size_t j = 0; j < n; j++) {
			make_text(bench, &docs[j]);
			bytes += (double)docs[j].text.len;
		}
		while (saved < n) {
			size_t some = 0;

			save_some(bench, wanted.items + i + saved, n - saved,
				docs + saved, &laps, &some);
			saved += some;
		}
		for (size_t j = 0; j < n; j++)
			document_clear(&docs[j]);
		i += n;
	}
	if (wanted.n)
		print_laps("save texts", &laps, (double)wanted.n);
	printf("%-28s %8.1f KB each\n", "their text",
		bytes / 1000 / (double)(wanted.n ? wanted.n : 1));
	array_clear(&wanted);
}

/* ---- reading ---- */

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
print_times(const char *what, double *times, size_t n)
{
	qsort(times, n, sizeof(*times), compare_doubles);
	printf("%-28s %8.3f ms median, %.3f worst\n", what, times[n / 2] / 1000,
		times[n - 1] / 1000);
	fflush(stdout);
}

/* Pages down from the top, and back. */
static void
bench_list(struct bench *bench, bool threads, const char *what)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query = { .folder = bench->folder,
		.threads = threads };
	struct list_key from;
	double times[200];
	size_t n = 0;
	double began;

	for (int direction = LIST_OLDER; n < ARRAY_LEN(times);
		direction = n < 150 ? LIST_OLDER : LIST_NEWER) {
		struct list_rows rows CLEANUP(list_rows_clear) = { 0 };

		began = now_us();
		MUST(list_load(bench->store, &query, n ? &from : NULL, false,
			(enum list_direction)direction, WINDOW, &rows, &err));
		times[n++] = now_us() - began;
		if (rows.n == 0)
			break;
		from = rows.items[direction == LIST_OLDER ? rows.n - 1 : 0].key;
	}
	print_times(what, times, n);
}

static void
drop_cache(const char *dir)
{
	char *path CLEANUP(freep) = file_join(dir, "store.db");
	int fd CLEANUP(closep) = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		fdatasync(fd);
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	}
}

static void
open_store(struct bench *bench, const char *dir)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	MUST(store_home_open(dir, false, &bench->home, &err));
	MUST(store_open(bench->home, STORE_WORKER, &bench->store, &err));
}

static void
close_store(struct bench *bench)
{
	store_close(bench->store);
	store_home_close(bench->home);
}

static void
bench_cold(struct bench *bench, const char *dir, bool threads)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query = { .folder = bench->folder,
		.threads = threads };
	double opened[5];
	double listed[5];

	for (size_t i = 0; i < ARRAY_LEN(opened); i++) {
		struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
		double began;

		close_store(bench);
		drop_cache(dir);
		began = now_us();
		open_store(bench, dir);
		opened[i] = now_us() - began;
		began = now_us();
		MUST(list_load(bench->store, &query, NULL, false, LIST_OLDER,
			WINDOW, &rows, &err));
		listed[i] = now_us() - began;
	}
	print_times("open, file not cached", opened, ARRAY_LEN(opened));
	print_times(threads ? "then a window of threads"
			    : "then a window of messages",
		listed, ARRAY_LEN(listed));
}

/* ---- changing and removing ---- */

static void
bench_flags(struct bench *bench, uint32_t n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct flags flags = { FLAG_SEEN | FLAG_ANSWERED, NULL };
	struct laps laps = { 0 };
	uint32_t done = 0;

	while (done < n) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		struct lap lap = begin_lap();

		MUST(transaction_begin(bench->store, &tx, &err));
		while (done < n && !transaction_is_due(&tx)) {
			uint32_t uid = 1 + next_random(bench, bench->messages);
			bool known;

			MUST(placement_save_flags(bench->store, bench->folder,
				uid, &flags, 0, &known, &err));
			done++;
		}
		MUST(transaction_commit(&tx, &err));
		add_lap(&laps, lap);
	}
	print_laps("change flags", &laps, n);
}

static void
bench_remove(struct bench *bench, uint32_t n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset uids = UIDSET_INIT;
	struct laps laps = { 0 };

	uidset_add_range(&uids, bench->messages - n + 1, bench->messages);
	while (uids.n > 0) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		struct lap lap = begin_lap();

		MUST(transaction_begin(bench->store, &tx, &err));
		MUST(placement_remove(&tx, bench->folder, &uids, &err));
		MUST(transaction_commit(&tx, &err));
		add_lap(&laps, lap);
	}
	uidset_clear(&uids);
	print_laps("remove", &laps, n);
}

static void
bench_uids(struct bench *bench)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset uids = UIDSET_INIT;
	double began = now_us();

	MUST(folder_uids(bench->store, bench->folder, &uids, &err));
	printf("%-28s %8.1f ms\n", "all UIDs", (now_us() - began) / 1000);
	uidset_clear(&uids);
}

/* ---- frame ---- */

static void
print_sizes(const char *dir)
{
	static const char *const files[] = { "store.db", "store.db-wal",
		"index.db", "index.db-wal" };
	struct rusage usage;

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *path CLEANUP(freep) = file_join(dir, files[i]);
		struct stat st;

		if (stat(path, &st) == 0)
			printf("%-28s %8.1f MB\n", files[i],
				(double)st.st_size / 1e6);
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("%-28s %8.1f MB\n", "most memory",
		(double)usage.ru_maxrss / 1000);
	fflush(stdout);
}

static void
checkpoint(struct bench *bench)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	double began = now_us();

	MUST(store_checkpoint(bench->store, &err));
	printf("%-28s %8.1f ms\n", "checkpoint", (now_us() - began) / 1000);
}

static void
make_rows(struct bench *bench)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_listing listing = {
		.name = "INBOX",
		.remote = "INBOX",
		.delimiter = '/',
		.role = ROLE_INBOX,
		.selectable = true,
		.server_total = -1,
		.server_unread = -1,
	};

	MUST(transaction_begin(bench->store, &tx, &err));
	MUST(account_ensure(bench->store, "bench", &bench->account, &err));
	MUST(folder_save_listing(bench->store, bench->account, &listing,
		&bench->folder, NULL, &err));
	MUST(transaction_commit(&tx, &err));
}

static void
remove_dir(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d)) != NULL) {
		char *path CLEANUP(freep) = file_join(dir, entry->d_name);

		unlink(path);
	}
	if (d)
		closedir(d);
	rmdir(dir);
}

static void
run(struct bench *bench, const char *dir, size_t texts)
{
	printf("%u messages\n", bench->messages);
	open_store(bench, dir);
	make_rows(bench);
	bench_place(bench, "place, first sight");
	print_sizes(dir);
	if (bench->only_place) {
		close_store(bench);
		return;
	}
	checkpoint(bench);
	checkpoint(bench);
	bench_place(bench, "place, all known");
	bench_link(bench);
	checkpoint(bench);
	bench_index(bench, "index headers", bench->messages);
	print_sizes(dir);
	checkpoint(bench);
	if (texts) {
		bench_texts(bench, texts);
		bench_index(bench, "index texts", (double)texts);
		print_sizes(dir);
		checkpoint(bench);
	}
	bench_list(bench, false, "50 messages");
	bench_list(bench, true, "50 threads");
	bench_uids(bench);
	bench_flags(bench, 1000);
	bench_remove(bench, bench->messages / 20);
	checkpoint(bench);
	bench_cold(bench, dir, false);
	bench_cold(bench, dir, true);
	print_sizes(dir);
	close_store(bench);
}

int
main(int argc, char **argv)
{
	struct bench bench = { .messages = 100000,
		.random = 88172645463325252 };
	char made[] = "/tmp/tercet-bench-XXXXXX";
	const char *dir = NULL;
	size_t texts = 5000;
	bool keep = false;
	int option;

	while ((option = getopt(argc, argv, "n:t:d:b:kpr")) != -1) {
		switch (option) {
		case 'n':
			bench.messages = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 't':
			texts = strtoul(optarg, NULL, 10);
			break;
		case 'd':
			dir = optarg;
			break;
		case 'b':
			bench.batch = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'p':
			bench.only_place = true;
			break;
		case 'r':
			bench.newest_first = true;
			break;
		case 'k':
			keep = true;
			break;
		default:
			fprintf(stderr, "usage: store_bench [-n MESSAGES] "
					"[-t TEXTS] [-d DIR] "
					"[-b BATCH] [-kpr]\n");
			return 2;
		}
	}
	if (!dir)
		dir = mkdtemp(made);
	if (!dir)
		return 1;
	run(&bench, dir, texts);
	if (!keep)
		remove_dir(dir);
	return 0;
}
