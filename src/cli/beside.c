/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/beside.h"

#include <stdlib.h>

#include "base/mem.h"

void
beside_init(struct beside *beside, struct cli *cli, size_t max)
{
	*beside = (struct beside){
		.cli = cli,
		.jobs = xcalloc(max, sizeof(*beside->jobs)),
	};
	lock_init(&beside->lock);
	condition_init(&beside->stopped);
}

void
beside_clear(struct beside *beside)
{
	for (size_t i = 0; i < beside->n; i++)
		error_clear(&beside->jobs[i].err);
	free(beside->jobs);
	condition_destroy(&beside->stopped);
	lock_destroy(&beside->lock);
}

void
beside_add(struct beside *beside, const struct account_config *account)
{
	beside->jobs[beside->n++] = (struct beside_job){
		.account = account,
		.beside = beside,
	};
}

static void
stop(struct beside_job *job, enum beside_outcome outcome)
{
	struct beside *beside = job->beside;

	lock_take(&beside->lock);
	job->outcome = outcome;
	job->stopped = true;
	condition_wake_all(&beside->stopped);
	lock_give(&beside->lock);
}

static void
job_main(void *arg)
{
	struct beside_job *job = arg;
	struct beside *beside = job->beside;

	stop(job, beside->work(beside->ctx, job, &job->err));
}

static void
start(struct beside_job *job)
{
	if (!thread_start("account", job_main, job, &job->thread, &job->err))
		stop(job, BESIDE_FAILED);
}

/* The next that has stopped. */
static struct beside_job *
wait_for_one(struct beside *beside)
{
	struct beside_job *found = NULL;

	lock_take(&beside->lock);
	for (;;) {
		for (size_t i = 0; i < beside->n && !found; i++)
			if (beside->jobs[i].stopped)
				found = &beside->jobs[i];
		if (found)
			break;
		condition_wait(&beside->stopped, &beside->lock);
	}
	found->stopped = false;
	lock_give(&beside->lock);
	thread_join(STEAL(found->thread));
	return found;
}

/* In the calling thread: the signals that may end the question come here. */
static bool
ask(struct beside *beside, struct beside_job *job)
{
	bool given;

	error_clear(&job->err);
	if (beside->hush)
		beside->hush(beside->ctx, true);
	given = cli_password(
		beside->cli, job->account, &job->password, &job->err);
	if (beside->hush)
		beside->hush(beside->ctx, false);
	if (!given)
		job->outcome = BESIDE_FAILED;
	return given;
}

void
beside_run(struct beside *beside)
{
	size_t running = beside->n;

	for (size_t i = 0; i < beside->n; i++)
		start(&beside->jobs[i]);
	while (running > 0) {
		struct beside_job *job = wait_for_one(beside);

		if (job->outcome == BESIDE_WANTS_PASSWORD && ask(beside, job)) {
			start(job);
			continue;
		}
		running--;
		if (beside->ended)
			beside->ended(beside->ctx, job);
	}
}
