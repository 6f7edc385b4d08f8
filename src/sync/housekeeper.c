/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Behind the writers: within a second of a write it brings the WAL to disk and
 * checkpoints, then purges what was removed.  Sleeps when nobody writes.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/message.h"
#include "sync/private.h"

enum { DELAY_US = 900000 };

struct housekeeper {
	struct store_home *home;
	struct cancel *wrote; /* borrowed */
	struct cancel stop;
	struct thread *thread;
};

static bool
purge(struct housekeeper *keeper, struct store *store, struct error *err)
{
	bool more = true;

	while (more && !cancel_is_fired(&keeper->stop)) {
		if (!message_purge_some(store, &more, err))
			return false;
	}
	return true;
}

static void
tidy(struct housekeeper *keeper, struct store *store)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!purge(keeper, store, &err) || !store_checkpoint(store, &err))
		log_warning("store", "housekeeping: %s", err.text);
}

static void
housekeeper_run(void *arg)
{
	struct housekeeper *keeper = arg;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct store *store = NULL;
	int fds[] = { keeper->stop.fd, keeper->wrote->fd };

	if (!store_open(keeper->home, STORE_HOUSEKEEPER, &store, &err)) {
		log_error("store", "housekeeper: %s", err.text);
		return;
	}
	while (!cancel_is_fired(&keeper->stop)) {
		thread_wait(fds, 2, -1);
		/* Others may write more meanwhile; one tidying serves all. */
		thread_wait(fds, 1, clock_mono_us() + DELAY_US);
		cancel_reset(keeper->wrote);
		if (!cancel_is_fired(&keeper->stop))
			tidy(keeper, store);
	}
	store_close(store);
}

bool
housekeeper_start(struct store_home *home, struct cancel *wrote,
	struct housekeeper **ret_housekeeper, struct error *err)
{
	struct housekeeper *keeper = xnew(struct housekeeper);

	keeper->home = home;
	keeper->wrote = wrote;
	cancel_init(&keeper->stop);
	if (!thread_start("housekeeper", housekeeper_run, keeper,
		    &keeper->thread, err)) {
		housekeeper_join(keeper);
		return false;
	}
	*ret_housekeeper = keeper;
	return true;
}

void
housekeeper_stop(struct housekeeper *keeper)
{
	if (keeper)
		cancel_fire(&keeper->stop);
}

void
housekeeper_join(struct housekeeper *keeper)
{
	if (!keeper)
		return;
	thread_join(keeper->thread);
	cancel_destroy(&keeper->stop);
	free(keeper);
}
