/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of the pusher only. */
#ifndef TERCET_SYNC_PUSH_PRIVATE_H
#define TERCET_SYNC_PUSH_PRIVATE_H

#include "base/array.h"
#include "net/imap_change.h"
#include "store/folder.h"
#include "store/operation.h"
#include "sync/push.h"

ARRAY_OF(outcome_array, struct operation_outcome);

/* A batch on its way. */
struct push_job {
	struct push *push;
	struct operation_batch *batch;
	struct folder folder; /* owned; id 0: none */
	struct folder target; /* owned; id 0: none */
	struct flags add;     /* owned; what of the batch goes out */
	struct flags remove;
};

void push_job_clear(struct push_job *job);

static inline struct store *
push_store(const struct push *push)
{
	return push->session->options.store;
}

static inline bool
push_can(const struct push *push, enum imap_capability what)
{
	return (imap_capabilities(push->session->imap) & what) != 0;
}

/* push.c */

/* The ids of the items, into an empty array. */
void push_ids(
	const struct operation_item *items, size_t n, struct id_array *ret_ids);
/* Every one of these fails, is tried later, or was not sent. */
MUST_CHECK bool push_fail(struct push *push, const struct operation_item *items,
	size_t n, const char *text, struct error *err);
MUST_CHECK bool push_defer(struct push *push,
	const struct operation_batch *batch, const struct operation_item *items,
	size_t n, const char *text, struct error *err);
MUST_CHECK bool push_requeue(struct push *push,
	const struct operation_item *items, size_t n, struct error *err);
MUST_CHECK bool push_mark_running(struct push *push,
	const struct operation_item *items, size_t n, struct error *err);
/* As `why` and `text` demand: later, or never. */
MUST_CHECK bool push_refused(struct push *push,
	const struct operation_batch *batch, const struct operation_item *items,
	size_t n, enum imap_why why, const char *text, struct error *err);

/* Selects the folder, unless it is; ERR_REFUSED when the server will not. */
MUST_CHECK bool push_go_to(
	struct push *push, const struct folder *folder, struct error *err);
/* Selects it anew and brings it in step; `*ret_whole` false: not yet, since
 * something more urgent waits or the server is in doubt. */
MUST_CHECK bool push_pull_whole(struct push *push, const struct folder *folder,
	bool *ret_whole, struct error *err);

/* push_message.c: FLAG, MOVE, COPY, EXPUNGE. */
MUST_CHECK bool push_messages(struct push_job *job, struct error *err);
/* Takes messages away that were copied, and counts the operation done. */
MUST_CHECK bool push_finish_move(struct push_job *job,
	const struct operation_item *items, size_t n,
	const struct imap_outcome *copied, struct error *err);

/* push_look.c */
MUST_CHECK bool push_look(struct push_job *job, struct error *err);
/* Counts as done what the server may have taken; where it is not known yet,
 * settling finds out. */
MUST_CHECK bool push_believe(struct push_job *job,
	const struct operation_item *items, size_t n, struct error *err);
/* Of items that are SETTLING. */
MUST_CHECK bool push_settle(
	struct push *push, bool *ret_any, struct error *err);
/* The UID of the newest message in the selected folder that has the item's
 * Message-ID; 0: none has. */
MUST_CHECK bool push_find(struct push *push, const struct operation_item *item,
	uint32_t *ret_uid, struct error *err);

/* push_transfer.c: of the selected folder, for another account. */
MUST_CHECK bool push_fetch(struct push_job *job, struct error *err);

/* push_append.c, push_folder.c */
MUST_CHECK bool push_append(struct push_job *job, struct error *err);
MUST_CHECK bool push_folder(struct push_job *job, struct error *err);

#endif /* TERCET_SYNC_PUSH_PRIVATE_H */
