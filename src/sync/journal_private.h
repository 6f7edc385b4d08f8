/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of the journal. */
#ifndef TERCET_SYNC_JOURNAL_PRIVATE_H
#define TERCET_SYNC_JOURNAL_PRIVATE_H

#include "base/attr.h"
#include "store/folder.h"
#include "sync/journal.h"

/* ERR_REFUSED under --read-only. */
MUST_CHECK bool journal_may_write(
	const struct journal *journal, struct error *err);
/* The configuration of an account of the store; NULL: it has none (any more).
 */
MUST_CHECK bool journal_account(const struct journal *journal, int64_t account,
	const struct account_config **ret_config, struct error *err);
/* ERR_STALE when it is gone. */
MUST_CHECK bool journal_folder(const struct journal *journal, int64_t id,
	struct folder *ret_folder, struct error *err);
/* "account/folder"; owned by the caller. */
MUST_CHECK bool journal_full_name(struct store *store,
	const struct folder *folder, char **ret_name, struct error *err);
/* Whether no server is to be told. */
bool journal_is_local(
	const struct account_config *config, const struct folder *folder);

/* One call: a transaction with an action in it. */
struct act {
	const struct journal *journal;
	struct transaction tx;
	struct journal_done done;
};

/* For CLEANUP(): takes everything back that was not committed. */
void act_end(struct act *act);
MUST_CHECK bool act_begin(struct act *act, const struct journal *journal,
	enum action_verb verb, const char *target, struct error *err);
/* Keeps it, unless nothing was done or it is a dry run, and hands the outcome
 * over. */
MUST_CHECK bool act_commit(
	struct act *act, struct journal_done *ret_done, struct error *err);
/* These accounts and folders are concerned; 0 is passed over. */
void act_touch(struct act *act, int64_t account, int64_t folder);

/* What stands in one folder. */
struct group {
	struct folder folder;
	const struct account_config *config;
	struct id_array ids;
	struct selection selection;
};
ARRAY_OF(groups, struct group);

void groups_clear(struct groups *groups);
/* The targets, by the folders they stand in. */
MUST_CHECK bool groups_find(const struct journal *journal,
	const struct journal_targets *targets, struct groups *ret_groups,
	struct error *err);
/* Appends an operation on a group; `*total` is what all of them on it made. */
MUST_CHECK bool act_append(struct act *act, const struct group *group,
	struct operation_new *new, struct operation_made *total,
	struct error *err);
/* Adds what was made of a group to the outcome. */
void act_count(struct act *act, const struct group *group,
	const struct operation_made *total);
/* Both, of a group with one operation. */
MUST_CHECK bool act_append_and_count(struct act *act, const struct group *group,
	struct operation_new *new, struct error *err);

/* Finds the account's folder for the role, or makes one by an operation of the
 * action. */
MUST_CHECK bool act_role_folder(struct act *act, int64_t account,
	enum folder_role role, struct folder *ret_folder, struct error *err);
/* Makes a folder. */
MUST_CHECK bool act_make_folder(struct act *act, int64_t account,
	const char *name, enum folder_role role, int64_t *ret_folder,
	struct error *err);

#endif /* TERCET_SYNC_JOURNAL_PRIVATE_H */
