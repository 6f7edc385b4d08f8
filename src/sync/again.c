/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/again.h"

#include "base/clock.h"
#include "base/log.h"
#include "sync/ingest.h"

enum {
	AGAIN_FIRST_US = 5000000, /* the start is over by then */
	AGAIN_SLICE_US = 20000,   /* of work, and then as much as that ... */
	AGAIN_PAUSE_US = 200000,  /* ... for everybody else */
};

void
again_begin(struct store *store, struct again *again)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	*again = (struct again){ .next_us = -1 };
	if (!text_again_load(store, &again->done, &err)) {
		log_warning("store", "texts: %s", err.text);
		return;
	}
	again->at = again->done.at;
	if (again->done.version < ingest_text_version())
		again->next_us = clock_mono_us() + AGAIN_FIRST_US;
}

static bool
note_again(struct store *store, struct again *again, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	again->done.at = again->at;
	if (again->at == INT64_MAX)
		again->done = (struct text_again){ ingest_text_version(), 0 };
	return transaction_begin(store, &tx, err) &&
	       text_again_save(store, &again->done, err) &&
	       transaction_commit(&tx, err);
}

/* The next ones to be looked at, when those before are done. */
static bool
more_again(struct store *store, struct again *again, struct error *err)
{
	if (again->n_done < again->messages.n)
		return true;
	if (again->at > again->done.at && !note_again(store, again, err))
		return false;
	again->messages.n = 0;
	again->n_done = 0;
	if (again->at == INT64_MAX) {
		again->next_us = -1;
		return true;
	}
	return text_again_some(store, ingest_text_version(), &again->at,
		&again->messages, err);
}

void
again_step(struct store *store, struct again *again, struct cancel *stop)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t until = clock_mono_us() + AGAIN_SLICE_US;

	again->next_us = clock_mono_us() + AGAIN_PAUSE_US;
	if (store_is_attended(store))
		return;
	while (clock_mono_us() < until && !cancel_is_fired(stop) &&
		again->next_us >= 0) {
		int64_t message;

		if (!more_again(store, again, &err)) {
			log_warning("store", "texts: %s", err.text);
			again->next_us = -1;
			return;
		}
		if (again->n_done == again->messages.n)
			continue;
		message = again->messages.items[again->n_done++];
		/* One message's trouble is not the others'. */
		if (ingest_text_again(store, message, &err) == FOUND_ERROR) {
			log_warning("store", "text of message %lld: %s",
				(long long)message, err.text);
			error_clear(&err);
		}
	}
}

void
again_clear(struct again *again)
{
	array_clear(&again->messages);
}
