/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brings a database to this program's schema: numbered files, one transaction
 * each, counted by user_version.  A copy of an older store is kept beside it
 * first.  One that is up to date already is only read, so that opening it waits
 * for no writer.
 */
#ifndef TERCET_STORE_MIGRATE_H
#define TERCET_STORE_MIGRATE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/error.h"

enum { STORE_APPLICATION_ID = 0x54726354 };

/* How many schema files this program knows. */
int migrate_latest(void);
/*
 * `path` is the database's file, `target` the schema to bring it to:
 * migrate_latest(), but for tests of older ones.  ERR_STORE for a newer store
 * or another program's database, `*ret_foreign` then tells that nothing is
 * damaged.
 */
MUST_CHECK bool migrate_run(sqlite3 *db, const char *path, int target,
	bool *ret_foreign, struct error *err);

#endif /* TERCET_STORE_MIGRATE_H */
