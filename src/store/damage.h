/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A damaged store: noted when it is met, set aside whole at the next start,
 * and what lived only in it brought over to the new one.
 *
 * The note is a file, store.damaged.  Before anything is moved it is given the
 * name that the database gets, so that a start that was cut short is carried
 * on by the next.
 */
#ifndef TERCET_STORE_DAMAGE_H
#define TERCET_STORE_DAMAGE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/error.h"
#include "store/store.h"

struct store_home;

/* SQLite says that this connection's file is damaged. */
void damage_note(sqlite3 *db);
bool damage_is_noted(const struct store_home *home);

/*
 * Sets the database aside, unless that was done already.  `*ret_aside` is its
 * new path, owned; NULL: another process uses it, or has mended it meanwhile.
 * `*ret_note` stays open until the new one stands, and keeps others out.
 */
MUST_CHECK bool damage_set_aside(struct store_home *home, char **ret_aside,
	int *ret_note, struct error *err);
/* The new one stands: writes down what came of it and takes the note away. */
MUST_CHECK bool damage_settle(const struct store_home *home,
	const struct store_recovery *recovery, struct error *err);

/* ---- recover.c ---- */

/* Copies what lived only in the database at `aside` into `store`; what was
 * copied before is passed over.  Counts into `recovery`. */
MUST_CHECK bool recover_from(struct store *store, const char *aside,
	struct store_recovery *recovery, struct error *err);

#endif /* TERCET_STORE_DAMAGE_H */
