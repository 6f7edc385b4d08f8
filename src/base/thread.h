/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads, the locks they need in base/ and in the store's turn, and the flag
 * by which one asks another to stop.
 */
#ifndef TERCET_BASE_THREAD_H
#define TERCET_BASE_THREAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"

struct thread; /* a running thread, owned by who joins it */

/*
 * Starts `run(arg)` with every signal blocked.  `name` (15 bytes at most are
 * used) is seen in debuggers.
 */
MUST_CHECK bool thread_start(const char *name, void (*run)(void *arg),
	void *arg, struct thread **ret_thread, struct error *err);
/* Waits for its end and frees it.  NULL is fine. */
void thread_join(struct thread *thread);
/*
 * Lets it go: nobody waits for it, it frees itself at its end, and the
 * process may exit under it.  Only for calls of the C library that cannot be
 * stopped; what it uses must be counted or its own.  NULL is fine.
 */
void thread_detach(struct thread *thread);

/*
 * From now on the calling thread gets less of a busy processor than the others
 * of the process, for whom a person may be waiting.  Nothing happens where a
 * thread cannot have a priority of its own.
 */
void thread_step_back(void);

/* A number no other living thread has; for "is it still my thread". */
uint64_t thread_self(void);

struct lock {
	pthread_mutex_t mutex;
};

/* For a static one; others use lock_init(). */
#define LOCK_INIT                                                              \
	{                                                                      \
		PTHREAD_MUTEX_INITIALIZER                                      \
	}

void lock_init(struct lock *lock);
void lock_destroy(struct lock *lock);
void lock_take(struct lock *lock);
void lock_give(struct lock *lock);

struct condition {
	pthread_cond_t cond;
};

void condition_init(struct condition *condition);
void condition_destroy(struct condition *condition);
/* With `lock` taken; may wake without cause. */
void condition_wait(struct condition *condition, struct lock *lock);
/* The same, and no longer than until that time of clock_mono_us(). */
void condition_wait_until(
	struct condition *condition, struct lock *lock, int64_t deadline_us);
void condition_wake_all(struct condition *condition);

/*
 * A stop request that poll() can see.  Any thread fires it; it stays fired
 * until reset.
 */
struct cancel {
	int fd; /* readable once fired */
	atomic_bool fired;
};

void cancel_init(struct cancel *cancel);
void cancel_destroy(struct cancel *cancel);
void cancel_fire(struct cancel *cancel);
void cancel_reset(struct cancel *cancel);
bool cancel_is_fired(struct cancel *cancel);

/*
 * Waits until one of the descriptors (negative ones are passed over) can be
 * read or the clock_mono_us() deadline (-1: none) has passed.  Returns the
 * index of the first ready one, -1 at the deadline.
 */
int thread_wait(const int *fds, int n, int64_t deadline_us);

#endif /* TERCET_BASE_THREAD_H */
