/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Behind the writers: at once it applies what people asked for in bulk, and
 * within a second of a write it brings the WAL to disk, and in a pause between
 * keys it checkpoints and purges what was removed; at once when the WAL has
 * grown long.  After the program has learnt to read mail better it extracts the
 * texts again, some at a time.  Else it sleeps when nobody writes.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/action.h"
#include "store/message.h"
#include "store/operation.h"
#include "sync/again.h"
#include "sync/private.h"

enum {
	DELAY_US = 900000,
	/* Who never pauses makes the log grow; after so many delays it is
	 * copied all the same. */
	PUT_OFF_MAX = 20,
};

struct housekeeper {
	struct housekeeper_options options;
	struct cancel stop;
	struct thread *thread;
};

static bool
apply_slice(struct housekeeper *keeper, struct store *store, bool *ret_more,
	struct error *err)
{
	struct id_array accounts = { 0 }, folders = { 0 };
	bool good =
		operation_apply_some(store, ret_more, &accounts, &folders, err);

	if (good && keeper->options.applied)
		keeper->options.applied(
			keeper->options.ctx, &accounts, &folders);
	array_clear(&accounts);
	array_clear(&folders);
	return good;
}

static void
apply(struct housekeeper *keeper, struct store *store)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool more;

	if (!operation_work_waits(store, &more, &err)) {
		log_warning("store", "operations: %s", err.text);
		return;
	}
	while (more && !cancel_is_fired(&keeper->stop)) {
		if (!apply_slice(keeper, store, &more, &err)) {
			log_warning("store", "operations: %s", err.text);
			return;
		}
	}
}

static bool
purge(struct housekeeper *keeper, struct store *store, struct error *err)
{
	bool more = true;

	while (more && !cancel_is_fired(&keeper->stop)) {
		if (!action_purge_some(store, &more, err))
			return false;
	}
	more = true;
	while (more && !cancel_is_fired(&keeper->stop)) {
		if (!message_purge_some(store, &more, err))
			return false;
	}
	return true;
}

/* Returns whether something is left to be done, for the time being. */
static bool
tidy(struct housekeeper *keeper, struct store *store, int *put_off)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool later = store_is_attended(store) && *put_off < PUT_OFF_MAX;

	*put_off = later ? *put_off + 1 : 0;
	if (later ? !store_sync_log(store, &err)
		  : !purge(keeper, store, &err) ||
				!store_checkpoint(store, &err))
		log_warning("store", "housekeeping: %s", err.text);
	return later;
}

/* While much is written; the rest of the tidying waits for its time. */
static void
shorten_log(struct store *store)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!store_checkpoint(store, &err))
		log_warning("store", "checkpoint: %s", err.text);
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static void
keep_house(struct housekeeper *keeper, struct store *store)
{
	int fds[] = { keeper->stop.fd, keeper->options.wrote->fd };
	struct again again;
	int64_t tidy_us = -1;
	int put_off = 0;

	/* What a process before this one left. */
	apply(keeper, store);
	again_begin(store, &again);
	while (!cancel_is_fired(&keeper->stop)) {
		thread_wait(fds, 2, sooner(tidy_us, again.next_us));
		if (again.next_us >= 0 && clock_mono_us() >= again.next_us)
			again_step(store, &again, &keeper->stop);
		if (cancel_is_fired(keeper->options.wrote)) {
			cancel_reset(keeper->options.wrote);
			apply(keeper, store);
			/* Others may write more meanwhile; one tidying serves
			 * all. */
			if (tidy_us < 0)
				tidy_us = clock_mono_us() + DELAY_US;
			if (store_log_is_long(keeper->options.home) &&
				!store_is_attended(store))
				shorten_log(store);
		}
		if (tidy_us >= 0 && clock_mono_us() >= tidy_us &&
			!cancel_is_fired(&keeper->stop)) {
			tidy_us = tidy(keeper, store, &put_off)
					  ? clock_mono_us() + DELAY_US
					  : -1;
		}
	}
	again_clear(&again);
}

static void
housekeeper_run(void *arg)
{
	struct housekeeper *keeper = arg;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct store *store = NULL;

	thread_step_back();
	if (!store_open(
		    keeper->options.home, STORE_HOUSEKEEPER, &store, &err)) {
		log_error("store", "housekeeper: %s", err.text);
		return;
	}
	keep_house(keeper, store);
	store_close(store);
}

bool
housekeeper_start(const struct housekeeper_options *options,
	struct housekeeper **ret_housekeeper, struct error *err)
{
	struct housekeeper *keeper = xnew(struct housekeeper);

	keeper->options = *options;
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
