/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sample mailbox: an account that lives in a store of its own, in a
 * temporary directory; nothing outside that directory is touched.
 */
#ifndef TERCET_CLI_DEMO_H
#define TERCET_CLI_DEMO_H

#include "base/error.h"
#include "config/config.h"
#include "store/store.h"

struct demo {
	char *dir; /* of the store, removed by demo_clear() */
	struct store_home *home;
	struct config *config; /* one account, protocol = local */
};

/*
 * Makes the directory, the store and its mail.  Until demo_clear() a signal
 * that ends the process removes the directory first; so one at a time, made
 * before any thread starts.
 */
MUST_CHECK bool demo_make(struct demo *ret_demo, struct error *err);
/* Closes the store and removes its directory.  A zeroed one is fine. */
void demo_clear(struct demo *demo);
/* Removes the directory as it is, if there is one: for signal handlers that end
 * the process. */
void demo_remove_now(void);
/* The same mail into a store that is open already; for tests. */
MUST_CHECK bool demo_fill(
	struct store_home *home, const char *account, struct error *err);

#endif /* TERCET_CLI_DEMO_H */
