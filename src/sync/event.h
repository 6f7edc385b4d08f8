/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a worker has to tell the interface.  An event carries ids and numbers,
 * never rows: the interface reads what it wants to show from the store, so two
 * events about one folder mean no more than one, and the queue merges them.
 */
#ifndef TERCET_SYNC_EVENT_H
#define TERCET_SYNC_EVENT_H

#include <stdint.h>

#include "base/queue.h"

enum event_type {
	EVENT_ACCOUNT_CHANGED, /* its row: state, error */
	EVENT_TREE_CHANGED,    /* folders came, went, or were renamed */
	EVENT_COUNTS_CHANGED,  /* unread counts of folders */
	EVENT_FOLDER_CHANGED,  /* what stands in `folder` */
	EVENT_PROGRESS,        /* `done` of `total`; equal: finished */
	EVENT_MESSAGE_CHANGED, /* text or parts of `message` are here now */
	EVENT_FETCH_FAILED,    /* `message`: the sentence is in `text` */
	EVENT_QUESTION,        /* a question row waits for its answer */
	EVENT_JOURNAL_CHANGED, /* what waits, runs or failed (Activity), the
				  outbox too */
	EVENT_PASS_TAKEN, /* the one wished for as `message`: it is heard */
	EVENT_PASS_ENDED, /* the one wished for as `message`; `done` is an
			     enum error_kind, with the sentence in `text` */
	EVENT_ALERT,      /* the server wants people to see `text` */
	/* Inside the engine only: `account` has something to send. */
	EVENT_HANDED_ON,
	/* Inside the engine only: `account` 1, it is to run here now; 0, it
	 * runs in another process than before. */
	EVENT_ENGINE_IS_OURS,
};

enum progress_kind {
	PROGRESS_HEADERS,
	PROGRESS_THREADS,
	PROGRESS_TEXT,
	PROGRESS_PART,
	PROGRESS_SEND, /* bytes of a large message on its way out */
};

struct event {
	struct link link; /* the queue's own; first */
	enum event_type type;
	int64_t account;
	int64_t folder;
	int64_t message;
	enum progress_kind progress;
	uint64_t done;
	uint64_t total;
	char *text; /* owned; NULL for most */
};

void event_free(struct event *event);

#endif /* TERCET_SYNC_EVENT_H */
