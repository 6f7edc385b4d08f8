/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of sync/ only. */
#ifndef TERCET_SYNC_PRIVATE_H
#define TERCET_SYNC_PRIVATE_H

#include "base/bug.h"
#include "base/queue.h"
#include "base/thread.h"
#include "sync/pull.h"
#include "sync/session.h"
#include "sync/worker.h"

extern const struct queue_ops event_queue_ops;

/* What the sync thread and the fetch thread of an account have alike. */
struct worker {
	/* set once before the thread starts */
	struct worker_options options;
	struct thread *thread;
	struct queue *commands;
	struct cancel stop;
	/* Fired by the fetcher when its server does not answer; the sync
	 * worker asks over its own connection then. */
	struct cancel doubt;
	void (*run)(struct worker *worker);
	bool is_lazy; /* opens nothing before the first command */

	/* owned by the thread */
	struct store *store;
	struct session session;
	bool offline; /* by the user's word */
};

/* hear.c: sets the session's handler. */
void session_listen(struct session *session);

/*
 * pull_backfill.c: moves the newest `n` UIDs or a few less, so that they make
 * a command of bearable length.  With `held`, ranges are drawn together over
 * UIDs that are in neither set: nobody has those.
 */
void pull_take_newest(struct uidset *from, const struct uidset *held,
	uint64_t n, struct uidset *to);

/* pull_section.c: selects where the message stands; its UID. */
MUST_CHECK bool pull_go_to(struct session *session, int64_t message_id,
	struct message *message, uint32_t *ret_uid, struct error *err);
/* It stands nowhere any more.  Returns false. */
bool pull_gone(struct error *err);
/*
 * Before saying so: a server passes over UIDs in silence which it has not told
 * this session of yet (RFC 9051 6.4.9), and another session may know them.
 */
MUST_CHECK bool pull_look_again(struct session *session, struct error *err);

/* worker_common.c */
MUST_CHECK bool worker_start_thread(const struct worker_options *options,
	const char *name, bool is_lazy, void (*run)(struct worker *worker),
	struct worker **ret_worker, struct error *err);
struct command *worker_next_command(struct worker *worker);
void worker_tell(struct worker *worker, enum event_type type, int64_t message,
	const char *text);
/* Saves and tells the account's state; `text` NULL: nothing is wrong. */
void worker_set_state(
	struct worker *worker, enum account_state state, const char *text);

#endif /* TERCET_SYNC_PRIVATE_H */
