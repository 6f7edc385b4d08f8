/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every act of the journal is made of: which messages, and one
 * transaction with operations. */
#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "store/account.h"
#include "store/message.h"
#include "sync/journal_private.h"

void
journal_done_clear(struct journal_done *done)
{
	free(done->target);
	array_clear(&done->accounts);
	array_clear(&done->folders);
	*done = (struct journal_done){ 0 };
}

bool
journal_may_write(const struct journal *journal, struct error *err)
{
	if (!journal->read_only)
		return true;
	return error_set(
		err, ERR_REFUSED, _("Nothing is changed under --read-only"));
}

bool
journal_account(const struct journal *journal, int64_t account,
	const struct account_config **ret_config, struct error *err)
{
	struct account_row row CLEANUP(account_row_clear) = { 0 };

	if (!account_load(journal->store, account, &row, err))
		return false;
	*ret_config = journal->config
			      ? config_account(journal->config, row.name)
			      : NULL;
	return true;
}

bool
journal_folder(const struct journal *journal, int64_t id,
	struct folder *ret_folder, struct error *err)
{
	switch (folder_load(journal->store, id, ret_folder, err)) {
	case FOUND:
		return true;
	case NOT_FOUND:
		return error_set(err, ERR_STALE, _("The folder is gone"));
	case FOUND_ERROR:
		break;
	}
	return false;
}

bool
journal_full_name(struct store *store, const struct folder *folder,
	char **ret_name, struct error *err)
{
	struct account_row row CLEANUP(account_row_clear) = { 0 };

	if (!account_load(store, folder->account, &row, err))
		return false;
	*ret_name = xasprintf("%s/%s", row.name, folder->name);
	return true;
}

bool
journal_is_local(
	const struct account_config *config, const struct folder *folder)
{
	return !folder->remote ||
	       (config && config->protocol == PROTOCOL_LOCAL);
}

/* ---- one act ---- */

void
act_end(struct act *act)
{
	transaction_end(&act->tx);
	journal_done_clear(&act->done);
}

bool
act_begin(struct act *act, const struct journal *journal, enum action_verb verb,
	const char *target, struct error *err)
{
	act->journal = journal;
	act->done.verb = verb;
	act->done.target = xstrdup_null(target);
	return transaction_begin(journal->store, &act->tx, err) &&
	       action_begin(journal->store, verb, target, journal->automatic,
		       &act->done.action, err);
}

static void
push_id(struct id_array *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->items[i] == id)
			return;
	}
	if (id)
		array_push(ids, id);
}

void
act_touch(struct act *act, int64_t account, int64_t folder)
{
	push_id(&act->done.accounts, account);
	push_id(&act->done.folders, folder);
}

bool
act_commit(struct act *act, struct journal_done *ret_done, struct error *err)
{
	bool any = act->done.n > 0 || act->done.n_waiting > 0;

	if (any && !act->journal->dry_run) {
		if (!transaction_commit(&act->tx, err))
			return false;
	} else {
		transaction_end(&act->tx);
		act->done.action = 0;
		array_clear(&act->done.accounts);
		array_clear(&act->done.folders);
	}
	*ret_done = act->done;
	act->done = (struct journal_done){ 0 };
	return true;
}

/* ---- which messages ---- */

void
groups_clear(struct groups *groups)
{
	for (size_t i = 0; i < groups->n; i++) {
		folder_clear(&groups->items[i].folder);
		array_clear(&groups->items[i].ids);
	}
	array_clear(groups);
}

static bool
add_group(const struct journal *journal, struct groups *groups, int64_t folder,
	struct group **ret_group, struct error *err)
{
	struct group *group;

	for (size_t i = 0; i < groups->n; i++) {
		if (groups->items[i].folder.id == folder) {
			*ret_group = &groups->items[i];
			return true;
		}
	}
	group = array_add(groups);
	*ret_group = group;
	return journal_folder(journal, folder, &group->folder, err) &&
	       journal_account(
		       journal, group->folder.account, &group->config, err);
}

/* Placements of any folder, told apart. */
static bool
sort_out(const struct journal *journal, const struct journal_targets *targets,
	struct groups *groups, struct error *err)
{
	for (size_t i = 0; i < targets->n; i++) {
		struct group *group;
		int64_t folder = 0;

		switch (placement_folder(
			journal->store, targets->ids[i], &folder, err)) {
		case FOUND:
			break;
		case NOT_FOUND:
			continue;
		case FOUND_ERROR:
			return false;
		}
		if (!add_group(journal, groups, folder, &group, err))
			return false;
		array_push(&group->ids, targets->ids[i]);
	}
	for (size_t i = 0; i < groups->n; i++)
		groups->items[i].selection = (struct selection){
			SELECT_PLACEMENTS,
			groups->items[i].ids.items,
			groups->items[i].ids.n,
		};
	return true;
}

bool
groups_find(const struct journal *journal,
	const struct journal_targets *targets, struct groups *ret_groups,
	struct error *err)
{
	static const enum selection_kind kinds[] = {
		[JOURNAL_MESSAGES] = SELECT_PLACEMENTS,
		[JOURNAL_CONVERSATIONS] = SELECT_CONVERSATIONS,
		[JOURNAL_UNREAD] = SELECT_UNREAD,
		[JOURNAL_FOLDER] = SELECT_FOLDER,
	};
	struct group *group;

	if (targets->what == JOURNAL_MESSAGES && !targets->folder)
		return sort_out(journal, targets, ret_groups, err);
	if (!add_group(journal, ret_groups, targets->folder, &group, err))
		return false;
	group->selection = (struct selection){ kinds[targets->what],
		targets->ids, targets->n };
	return true;
}

/* ---- one operation ---- */

/* How many more a walk through the folder will find. */
static uint64_t
left_of_walk(const struct group *group, uint64_t done)
{
	int64_t all = group->selection.kind == SELECT_UNREAD
			      ? group->folder.unread
			      : group->folder.placed;

	return all > 0 && (uint64_t)all > done ? (uint64_t)all - done : 1;
}

static bool
is_walk(const struct group *group)
{
	return group->selection.kind == SELECT_UNREAD ||
	       group->selection.kind == SELECT_FOLDER;
}

/* Of several operations on the same messages, the largest number counts. */
static void
note_made(struct operation_made *total, const struct operation_made *made)
{
	if (made->n > total->n)
		total->n = made->n;
	if (made->n_waiting > total->n_waiting)
		total->n_waiting = made->n_waiting;
	total->n_skipped = made->n_skipped;
}

void
act_count(struct act *act, const struct group *group,
	const struct operation_made *total)
{
	act->done.n += total->n;
	act->done.n_skipped += total->n_skipped;
	act->done.n_waiting += total->n_waiting && is_walk(group)
				       ? left_of_walk(group, total->n)
				       : total->n_waiting;
}

bool
act_append(struct act *act, const struct group *group,
	struct operation_new *new, struct operation_made *total,
	struct error *err)
{
	struct operation_made made = { 0 };

	new->account = group->folder.account;
	new->folder = group->folder.id;
	new->local = journal_is_local(group->config, &group->folder);
	if (!operation_append(&act->tx, act->done.action, new,
		    &group->selection, &made, err))
		return false;
	note_made(total, &made);
	if (made.operation) {
		act_touch(act, new->account, new->folder);
		act_touch(act, 0, new->target_folder);
	}
	return true;
}

bool
act_append_and_count(struct act *act, const struct group *group,
	struct operation_new *new, struct error *err)
{
	struct operation_made total = { 0 };

	if (!act_append(act, group, new, &total, err))
		return false;
	act_count(act, group, &total);
	return true;
}
