/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a transaction owes at its end: counts of folders, thread rows, ranges of
 * ids that wait for linking, and the counter of ids.  Gathered in the handle
 * row by row and written once, before COMMIT.
 */
#ifndef TERCET_STORE_TALLY_H
#define TERCET_STORE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"

struct store;

/* A folder this transaction touched. */
struct tally_folder {
	int64_t id;
	int64_t account;
	int64_t uid_space;
	bool dropped;
	/* to be added */
	int64_t placed;
	int64_t unread;
	int64_t threads;
	int64_t unlinked;
	/* to what the server said, until it says more */
	int64_t server_total;
	int64_t server_unread;
	/* ids that came, by kind of run; 0: none */
	int64_t first[2];
	int64_t last[2];
	int64_t newest; /* received, the latest of them */
};

struct tally_thread {
	int64_t conversation;
	int64_t folder;
};

/* Whether operations wait, as far as this transaction asked. */
enum tally_pending { PENDING_UNKNOWN, PENDING_NONE, PENDING_SOME };

struct tally {
	struct tally_folder **folders;
	size_t n_folders, cap_folders;
	struct tally_thread *threads; /* a hash table; conversation 0: free */
	size_t n_threads, cap_threads;
	int64_t next_id; /* 0: not read yet */
	bool ids_taken;
	int64_t cost_ns; /* what flushing is thought to cost */
	enum tally_pending pending;
};

void tally_clear(struct tally *tally);
/* Forgets what was gathered, keeps memory. */
void tally_reset(struct tally *tally);

/* The folder's entry; NULL with `*err` filled, ERR_STALE when it is gone.  It
 * lives as long as the transaction. */
struct tally_folder *tally_folder(
	struct store *store, int64_t folder, struct error *err);
/* An id nothing had before. */
MUST_CHECK bool tally_new_id(
	struct store *store, int64_t *ret_id, struct error *err);
/* The thread's row is recomputed at the end; `size` is how many messages that
 * will read, 0 when the row there knows. */
MUST_CHECK bool tally_touch_thread(struct store *store, int64_t conversation,
	int64_t folder, int64_t size, struct error *err);

enum run_kind { RUN_LINK, RUN_INDEX };
/* An id that waits. */
void tally_queue(struct tally_folder *folder, enum run_kind kind, int64_t id);

/* What is to be added yet to counts of what waits for linking: of the folder,
 * or with 0 of the account. */
int64_t tally_unlinked(
	const struct store *store, int64_t account, int64_t folder);

/* Writes it all. */
MUST_CHECK bool tally_flush(struct store *store, struct error *err);

#endif /* TERCET_STORE_TALLY_H */
