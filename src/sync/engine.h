/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The background: starts, wakes and stops every worker, and hands their events
 * to the one who shows them.
 *
 * Threads: all of these are for the interface thread (or the command line's);
 * none blocks.
 */
#ifndef TERCET_SYNC_ENGINE_H
#define TERCET_SYNC_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "store/store.h"
#include "sync/event.h"
#include "sync/journal.h"

struct engine;

struct engine_options {
	struct config *config; /* a reference is taken */
	struct store_home *home;
	bool read_only; /* EXAMINE; nothing changes on any server */
	bool start_offline;
};

/*
 * Makes account rows for the configured accounts and starts their workers.
 * `*ret_engine` works on even when another process is this store's engine:
 * then nothing is started here, and the other one is asked by its socket.
 */
MUST_CHECK bool engine_start(const struct engine_options *options,
	struct engine **ret_engine, struct error *err);
/*
 * Cancels everything and waits for the workers, which takes them no more than
 * their longest uninterruptible step (a transaction).  NULL is fine.
 */
void engine_stop(struct engine *engine);

/* Readable while events wait. */
int engine_fd(const struct engine *engine);
/* The caller frees; NULL when none waits. */
struct event *engine_next_event(struct engine *engine);

/* The store's id of a configured account, 0 when there is none. */
int64_t engine_account_id(const struct engine *engine, const char *name);

/* Wishes; only the last one of a kind counts. */
void engine_open_folder(struct engine *engine, int64_t account, int64_t folder);
/* The message's text (EVENT_MESSAGE_CHANGED or EVENT_FETCH_FAILED follows). */
void engine_fetch_message(
	struct engine *engine, int64_t account, int64_t message);
/* Bytes of a section ("" the whole message, "HEADER"), with progress. */
void engine_fetch_section(struct engine *engine, int64_t account,
	int64_t message, const char *section);
/* A pass now, all backoff forgotten; 0: every account. */
void engine_sync_now(struct engine *engine, int64_t account);
/* Operations wait in the store: applies and sends them as soon as can be.  0:
 * every account's. */
void engine_wake(struct engine *engine, int64_t account);
/* The same after a call of journal.h, for its accounts; whoever else shows the
 * folders concerned looks again. */
void engine_acted(struct engine *engine, const struct journal_done *done);
/* 0: every account. */
void engine_set_offline(struct engine *engine, int64_t account, bool offline);
/* Answers a password question; the secret is copied and wiped after use. */
void engine_answer_password(
	struct engine *engine, int64_t account, const char *secret);

/*
 * engine_acted() for a process without an engine: tells the one that runs on
 * the store in `dir`, if there is one, and waits a moment at most.  False:
 * there is none, and what waits stays until one comes.
 */
bool engine_notify(const char *dir, const struct journal_done *done);

#endif /* TERCET_SYNC_ENGINE_H */
