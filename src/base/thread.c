/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/thread.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/refcount.h"

enum {
	STACK_SIZE = 1024 * 1024,
	WAIT_MAX = 8,
	/* A third of the processor, where the others want as much; more would
	 * make those wait who need what a slow thread holds. */
	STEP_BACK = 5,
};

struct thread {
	pthread_t id;
	struct refcount count; /* the thread itself, and its owner */
	void (*run)(void *arg);
	void *arg;
	char name[16];
};

static void
thread_unref(struct thread *thread)
{
	if (refcount_less(&thread->count))
		free(thread);
}

static void *
thread_main(void *data)
{
	struct thread *thread = data;

	pthread_setname_np(pthread_self(), thread->name);
	thread->run(thread->arg);
	thread_unref(thread);
	return NULL;
}

bool
thread_start(const char *name, void (*run)(void *arg), void *arg,
	struct thread **ret_thread, struct error *err)
{
	struct thread *thread = xnew(struct thread);
	pthread_attr_t attr;
	sigset_t all;
	sigset_t before;
	int failed;

	refcount_init(&thread->count);
	refcount_more(&thread->count);
	thread->run = run;
	thread->arg = arg;
	snprintf(thread->name, sizeof(thread->name), "%s", name);
	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&thread->id, &attr, thread_main, thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	if (failed) {
		free(thread);
		return error_set_errno(
			err, ERR_LIMIT, failed, _("Cannot start a thread"));
	}
	*ret_thread = thread;
	return true;
}

void
thread_join(struct thread *thread)
{
	if (!thread)
		return;
	pthread_join(thread->id, NULL);
	thread_unref(thread);
}

void
thread_detach(struct thread *thread)
{
	if (!thread)
		return;
	pthread_detach(thread->id);
	thread_unref(thread);
}

void
thread_step_back(void)
{
#ifdef HAVE_GETTID
	/* Linux counts threads as processes here. */
	id_t self = (id_t)gettid();
	int nice;

	errno = 0;
	nice = getpriority(PRIO_PROCESS, self);
	if (errno == 0)
		(void)setpriority(PRIO_PROCESS, self, nice + STEP_BACK);
#endif
}

uint64_t
thread_self(void)
{
	return (uint64_t)pthread_self();
}

void
lock_init(struct lock *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
}

void
lock_destroy(struct lock *lock)
{
	pthread_mutex_destroy(&lock->mutex);
}

void
lock_take(struct lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
}

void
lock_give(struct lock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}

void
condition_init(struct condition *condition)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&condition->cond, &attr);
	pthread_condattr_destroy(&attr);
}

void
condition_destroy(struct condition *condition)
{
	pthread_cond_destroy(&condition->cond);
}

void
condition_wait(struct condition *condition, struct lock *lock)
{
	pthread_cond_wait(&condition->cond, &lock->mutex);
}

void
condition_wait_until(
	struct condition *condition, struct lock *lock, int64_t deadline_us)
{
	struct timespec deadline = {
		.tv_sec = (time_t)(deadline_us / 1000000),
		.tv_nsec = (long)(deadline_us % 1000000) * 1000,
	};

	pthread_cond_timedwait(&condition->cond, &lock->mutex, &deadline);
}

void
condition_wake_all(struct condition *condition)
{
	pthread_cond_broadcast(&condition->cond);
}

void
cancel_init(struct cancel *cancel)
{
	cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (cancel->fd < 0)
		BUG("no descriptor left for a cancel flag");
	atomic_init(&cancel->fired, false);
}

void
cancel_destroy(struct cancel *cancel)
{
	if (cancel->fd >= 0)
		close(cancel->fd);
	cancel->fd = -1;
}

void
cancel_fire(struct cancel *cancel)
{
	uint64_t one = 1;

	atomic_store(&cancel->fired, true);
	if (write(cancel->fd, &one, sizeof(one)) < 0)
		ASSERT(errno == EAGAIN);
}

void
cancel_reset(struct cancel *cancel)
{
	uint64_t count;

	atomic_store(&cancel->fired, false);
	if (read(cancel->fd, &count, sizeof(count)) < 0)
		ASSERT(errno == EAGAIN);
}

bool
cancel_is_fired(struct cancel *cancel)
{
	return atomic_load(&cancel->fired);
}

int
thread_wait(const int *fds, int n, int64_t deadline_us)
{
	struct pollfd polls[WAIT_MAX];
	int ready;

	ASSERT(n <= WAIT_MAX);
	for (int i = 0; i < n; i++)
		polls[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	do {
		ready = poll(polls, (nfds_t)n, clock_poll_ms(deadline_us));
	} while ((ready < 0 && errno == EINTR) ||
		 (ready == 0 && clock_poll_ms(deadline_us) != 0));
	for (int i = 0; ready > 0 && i < n; i++) {
		if (polls[i].revents)
			return i;
	}
	return -1;
}
