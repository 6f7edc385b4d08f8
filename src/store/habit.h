/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Habits: the folder that mail of a sender or a mailing list was last moved to
 * by hand, so that moving more of it can begin there.
 */
#ifndef TERCET_STORE_HABIT_H
#define TERCET_STORE_HABIT_H

#include "base/array.h"
#include "store/folder.h"
#include "store/store.h"

/* The oldest beyond are forgotten. */
enum { HABITS_MAX = 5000 };

/* In a transaction.  `sender` is "list:ID" or "from:ADDRESS". */
MUST_CHECK bool habit_save(struct store *store, int64_t account,
	const char *sender, int64_t folder, struct error *err);
/* The folder, if there still is one. */
enum found habit_load(struct store *store, int64_t account, const char *sender,
	int64_t *ret_folder, struct error *err);
/* Folders of the account last moved to, appended, newest first, each once. */
MUST_CHECK bool habit_load_recent(struct store *store, int64_t account,
	size_t max, struct id_array *ret_folders, struct error *err);

#endif /* TERCET_STORE_HABIT_H */
