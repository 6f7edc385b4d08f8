/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Delivers an account's outbox: rows of store/outbox.h through one session with
 * its submission server (or its sendmail-command), oldest first, one after
 * another; then the copies in Sent, which are rows of the journal.
 *
 * Whoever delivers holds deliver-N.lock in the store's directory, N being the
 * account's id: two processes never send the same row.  It is taken anew for
 * each call, and goes with the process that held it.
 *
 * Threads: one deliver belongs to one thread, with its store handle.
 */
#ifndef TERCET_SYNC_DELIVER_H
#define TERCET_SYNC_DELIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/thread.h"
#include "config/config.h"
#include "net/smtp.h"
#include "store/outbox.h"
#include "store/store.h"
#include "sync/event.h"
#include "sync/journal.h"

struct deliver_options {
	const struct config *config;          /* borrowed */
	const struct account_config *account; /* borrowed, of `config` */
	int64_t account_id;
	struct store *store;   /* borrowed */
	const char *store_dir; /* borrowed */
	struct cancel *cancel; /* borrowed */
	/* Takes the event; may be NULL. */
	void (*tell)(void *ctx, struct event *event);
	/* The journal got rows: Sent copies, \Answered.  May be NULL. */
	void (*acted)(void *ctx, const struct journal_done *done);
	void *ctx;
};

struct deliver {
	struct deliver_options options;
	char *password; /* given by a person; wiped */
	struct smtp *smtp;
	int64_t used_us;   /* when the session was last used */
	char *certificate; /* facts of one that made opening fail; or NULL */
};

void deliver_init(
	struct deliver *deliver, const struct deliver_options *options);
/* Closes the session, wipes the password. */
void deliver_clear(struct deliver *deliver);
void deliver_close(struct deliver *deliver);
/* Takes it. */
void deliver_set_password(struct deliver *deliver, char *password);

struct deliver_result {
	bool busy;      /* another process is at it */
	int64_t next;   /* when there is something to do again, seconds; 0: when
			   somebody says so */
	bool unsettled; /* something may settle by what comes into folders */
};
/*
 * Sends what is due, files what was sent.  False when the server cannot be used
 * (or the store): all that waits is deferred then, and `*ret_result` is filled
 * all the same.  What it refuses of single messages is said in their rows.
 */
MUST_CHECK bool deliver_run(struct deliver *deliver,
	struct deliver_result *ret_result, struct error *err);

/* Opens a session and asks nothing of it: for `account test` and doctor. */
MUST_CHECK bool deliver_probe(
	struct deliver *deliver, char **ret_capabilities, struct error *err);

/* How long after the `attempts`th try in vain the next one is due; seconds. */
int64_t deliver_delay(unsigned attempts);

#endif /* TERCET_SYNC_DELIVER_H */
