/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One pass without an interface: what `tercet sync` and `tercet account test`
 * do.  Blocking, in the calling thread.
 */
#ifndef TERCET_SYNC_PASS_H
#define TERCET_SYNC_PASS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/thread.h"
#include "config/config.h"
#include "store/store.h"
#include "sync/event.h"

struct pass_options {
	const struct config *config;
	const struct account_config *account;
	const char *folder; /* NULL: all but those that repeat others */
	struct store_home *home;
	const char *password; /* instead of password-command's; or NULL */
	bool read_only;
	struct cancel *cancel; /* fired: ends soon with ERR_CANCELLED */
	/* Progress and changes; may be NULL. */
	void (*tell)(void *ctx, const struct event *event);
	void *ctx;
};

/*
 * Repeats on the server what was done here, lists folders, brings every header
 * and what `offline` asks for, links and indexes.  False when anything did not
 * go through; `*err` has the first reason, `tell` was told of each.
 */
MUST_CHECK bool pass_run(const struct pass_options *options, struct error *err);

/*
 * The same by the engine that runs on the store in another process, if there is
 * one and it can: `*ret_served` false says that it is for pass_run() to do.
 * `tell` hears what the engine tells of the account.
 */
MUST_CHECK bool pass_ask(const struct pass_options *options, bool *ret_served,
	struct error *err);

/*
 * Only repeats on the server what was done here, as far as it can be now; what
 * the server refuses is said by its operations.  ERR_STALE: another process
 * does so already.
 */
MUST_CHECK bool pass_push(
	const struct pass_options *options, struct error *err);

/* What `account test` and doctor find out, step by step. */
struct pass_probe {
	bool resolved, connected, secured, logged_in, listed;
	char *capabilities; /* or NULL */
	uint32_t folders;
};
void pass_probe_clear(struct pass_probe *probe);
/* Filled as far as it got, also when it fails. */
MUST_CHECK bool pass_probe(const struct pass_options *options,
	struct pass_probe *ret_probe, struct error *err);
/* Fetches one message's text (section NULL) or a section into the store. */
MUST_CHECK bool pass_fetch(const struct pass_options *options, int64_t message,
	const char *section, struct error *err);

#endif /* TERCET_SYNC_PASS_H */
