/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small store for the screen tests: two accounts with folders and mail, at
 * four o'clock on Friday, 20 November 2026, UTC.
 */
#ifndef TERCET_TESTS_SCREENS_FIXTURE_H
#define TERCET_TESTS_SCREENS_FIXTURE_H

#include "base/slice.h"
#include "config/config.h"
#include "store/store.h"
#include "term/screen.h"

enum { FIXTURE_NOW = 1795190520 };

struct fixture {
	char dir[64];
	struct store_home *home;
	struct store *store;  /* the interface's */
	struct store *writer; /* a worker's */
	struct config *config;
	int64_t work;
	int64_t home_account;
	int64_t inbox; /* of work */
	int64_t sent;
	int delivered;
};

/* False, with a line of diagnosis, when it cannot be made. */
bool fixture_make(struct fixture *fixture);
void fixture_clear(struct fixture *fixture);

/* New mail for the inbox, newer than all that is there. */
bool fixture_deliver(struct fixture *fixture, const char *subject);
/* The same, all of it from its bytes. */
bool fixture_deliver_bytes(struct fixture *fixture, struct slice bytes);
/* A thousand or more, each a thread of its own, older than all that is there;
 * without text. */
bool fixture_deliver_many(struct fixture *fixture, int n);
/* Takes a message out of the inbox: letters have the UIDs 1 and on, what is
 * delivered 1001 and on. */
bool fixture_expunge(struct fixture *fixture, uint32_t uid);
/* A folder of the account "work" goes, and one of another name may come, with
 * as many messages. */
bool fixture_replace_folder(
	struct fixture *fixture, const char *old, const char *name);
/* Whether every cell holds one glyph, as wide as it says: none that a terminal
 * must not see, none that reaches into another. */
bool fixture_is_whole(const struct screen *screen);
/* A message of which only the envelope is here. */
bool fixture_deliver_envelope(struct fixture *fixture, const char *subject);

#endif /* TERCET_TESTS_SCREENS_FIXTURE_H */
