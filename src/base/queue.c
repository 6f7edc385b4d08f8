/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/mem.h"

/* How many waiting items a fresh one is compared with: a
 * reader that stands still must not make every push slower. */
enum { COVER_DEPTH = 64 };

struct queue {
	const struct queue_ops *ops;
	int fd;
	pthread_mutex_t lock;
	/* protected by lock */
	struct link *first;
	struct link **last;
	size_t length;
};

struct queue *
queue_new(const struct queue_ops *ops)
{
	struct queue *queue = xnew(struct queue);

	queue->ops = ops;
	queue->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (queue->fd < 0)
		BUG("no descriptor left for a queue");
	pthread_mutex_init(&queue->lock, NULL);
	queue->last = &queue->first;
	return queue;
}

void
queue_free(struct queue *queue)
{
	struct link *item;

	if (!queue)
		return;
	while ((item = queue_pop(queue)) != NULL)
		queue->ops->free(item);
	close(queue->fd);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

static bool
is_covered(struct queue *queue, const struct link *fresh)
{
	size_t seen = 0;

	if (!queue->ops->covers || queue->length > COVER_DEPTH)
		return false;
	for (struct link *it = queue->first; it; it = it->next) {
		if (queue->ops->covers(it, fresh))
			return true;
		if (++seen == COVER_DEPTH)
			return false;
	}
	return false;
}

void
queue_push(struct queue *queue, struct link *item)
{
	uint64_t one = 1;
	bool covered;

	item->next = NULL;
	pthread_mutex_lock(&queue->lock);
	covered = is_covered(queue, item);
	if (!covered) {
		*queue->last = item;
		queue->last = &item->next;
		queue->length++;
		if (queue->length == 1 &&
			write(queue->fd, &one, sizeof(one)) < 0)
			ASSERT(errno == EAGAIN);
	}
	pthread_mutex_unlock(&queue->lock);
	if (covered)
		queue->ops->free(item);
}

struct link *
queue_pop(struct queue *queue)
{
	struct link *item;
	uint64_t count;

	pthread_mutex_lock(&queue->lock);
	item = queue->first;
	if (item) {
		queue->first = item->next;
		queue->length--;
		if (!queue->first) {
			queue->last = &queue->first;
			if (read(queue->fd, &count, sizeof(count)) < 0)
				ASSERT(errno == EAGAIN);
		}
	}
	pthread_mutex_unlock(&queue->lock);
	return item;
}

int
queue_fd(const struct queue *queue)
{
	return queue->fd;
}

size_t
queue_length(struct queue *queue)
{
	size_t length;

	pthread_mutex_lock(&queue->lock);
	length = queue->length;
	pthread_mutex_unlock(&queue->lock);
	return length;
}
