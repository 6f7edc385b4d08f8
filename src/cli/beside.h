/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work on several accounts at the same time, each in a thread of its own, so
 * that none waits for another's server.
 */
#ifndef TERCET_CLI_BESIDE_H
#define TERCET_CLI_BESIDE_H

#include "base/thread.h"
#include "cli/subcommand.h"

enum beside_outcome {
	BESIDE_DONE,
	BESIDE_FAILED, /* and the error says why */
	/* Nobody knows it: the person is asked, and the work begun again. */
	BESIDE_WANTS_PASSWORD,
};

struct beside_job {
	const struct account_config *account; /* borrowed */
	const char *password;                 /* that was given; or NULL */
	enum beside_outcome outcome;          /* after its end */
	struct error err;

	/* private */
	struct beside *beside;
	struct thread *thread;
	bool stopped; /* protected by the lock */
};

struct beside {
	struct cli *cli;
	/* In the job's thread. */
	enum beside_outcome (*work)(
		void *ctx, struct beside_job *job, struct error *err);
	/* In the calling thread, when one has ended; may be NULL. */
	void (*ended)(void *ctx, struct beside_job *job);
	/* The same, before and after somebody is asked; may be NULL. */
	void (*hush)(void *ctx, bool on);
	void *ctx;

	struct beside_job *jobs;
	size_t n;
	/* private */
	struct lock lock;
	struct condition stopped;
};

/* Of at most `max` accounts. */
void beside_init(struct beside *beside, struct cli *cli, size_t max);
void beside_add(struct beside *beside, const struct account_config *account);
/* Until all have ended. */
void beside_run(struct beside *beside);
void beside_clear(struct beside *beside);

#endif /* TERCET_CLI_BESIDE_H */
