/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A queue between threads, with a descriptor that is readable while it holds
 * anything.  Items embed `struct link` as their first member and belong to the
 * queue while they are in it; pushing never blocks and cannot fail.
 *
 * Two items that say the same merge: when `covers(queued, fresh)` is true for
 * one that waits, the fresh one is freed instead of queued.  `covers` may take
 * over values of the fresh one first (the newest progress, say).
 */
#ifndef TERCET_BASE_QUEUE_H
#define TERCET_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct link {
	struct link *next;
};

struct queue; /* shared by the threads that use it */

struct queue_ops {
	bool (*covers)(struct link *queued, const struct link *fresh);
	void (*free)(struct link *item);
};

/* `ops` outlives the queue; its `covers` may be NULL. */
struct queue *queue_new(const struct queue_ops *ops);
/* Frees what is still in it.  No other thread may use it any more. */
void queue_free(struct queue *queue);

/* Takes the item. */
void queue_push(struct queue *queue, struct link *item);
/* The oldest item, now the caller's, or NULL at once when there is none. */
struct link *queue_pop(struct queue *queue);
/* Readable while the queue is not empty. */
int queue_fd(const struct queue *queue);
size_t queue_length(struct queue *queue);

#endif /* TERCET_BASE_QUEUE_H */
