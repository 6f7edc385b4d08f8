/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The threads of an account that has servers: the sync worker, which keeps the
 * store in step, the fetcher, which brings what somebody is waiting for over a
 * connection of its own, and the one that delivers what is to be sent.
 *
 * Threads: start, post, stop and join are for the engine's owner.
 */
#ifndef TERCET_SYNC_WORKER_H
#define TERCET_SYNC_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "base/queue.h"
#include "base/thread.h"
#include "config/config.h"
#include "store/store.h"
#include "sync/command.h"
#include "sync/event.h"
#include "sync/journal.h"

struct worker_options {
	const struct config *config;          /* borrowed */
	const struct account_config *account; /* borrowed */
	int64_t account_id;
	struct store_home *home; /* borrowed */
	/* Takes the event; called from the worker's thread. */
	void (*tell)(void *ctx, struct event *event);
	void *ctx;
	struct cancel *wrote; /* borrowed; wakes the housekeeper */
	/* The delivery thread wrote to the journal; from its thread.  May be
	 * NULL. */
	void (*acted)(void *ctx, const struct journal_done *done);
	/* Told by the sync worker which folder to be ready in; borrowed, joined
	 * after it.  NULL: none. */
	struct worker *fetcher;
	bool read_only;
	bool start_offline;
};

struct worker;

MUST_CHECK bool worker_start(const struct worker_options *options,
	struct worker **ret_worker, struct error *err);
MUST_CHECK bool fetcher_start(const struct worker_options *options,
	struct worker **ret_fetcher, struct error *err);
/* Sends what waits in the account's outbox; sleeps until the first command. */
MUST_CHECK bool delivery_start(const struct worker_options *options,
	struct worker **ret_delivery, struct error *err);
/* Takes the command. */
void worker_post(struct worker *worker, struct command *command);
/* Asks it to end; worker_join() waits for that and frees. */
void worker_stop(struct worker *worker);
void worker_join(struct worker *worker);

/* One for all accounts: behind the writers it applies what people asked for in
 * bulk, checkpoints and purges. */
struct housekeeper;

struct housekeeper_options {
	struct store_home *home; /* borrowed */
	struct cancel *wrote;    /* borrowed; fired by who wrote */
	/* Operations took effect on these; from its thread.  May be NULL. */
	void (*applied)(void *ctx, const struct id_array *accounts,
		const struct id_array *folders);
	void *ctx;
};

MUST_CHECK bool housekeeper_start(const struct housekeeper_options *options,
	struct housekeeper **ret_housekeeper, struct error *err);
void housekeeper_stop(struct housekeeper *housekeeper);
void housekeeper_join(struct housekeeper *housekeeper);

#endif /* TERCET_SYNC_WORKER_H */
