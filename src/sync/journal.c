/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/journal.h"

#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "store/account.h"
#include "sync/journal_private.h"

enum { SENTENCE_MAX = 4000 };

/* ---- flags ---- */

static bool
is_contradiction(const struct flags *add, const struct flags *remove)
{
	struct slice rest = slice_str(add->keywords);

	if (add->bits & remove->bits)
		return true;
	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ');

		if (flags_has(remove, slice_head(rest, end)))
			return true;
		rest = slice_skip(rest, end + 1);
	}
	return false;
}

/* An operation a keyword, since there is room for one in each. */
static bool
append_keywords(struct act *act, const struct group *group,
	const struct flags *flags, bool add, struct operation_made *total,
	struct error *err)
{
	struct slice rest = slice_str(flags->keywords);

	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ');
		char *word CLEANUP(freep) = xmemdup0(rest.data, end);
		struct operation_new new = {
			.kind = OPERATION_FLAG,
			.keyword = word,
			.keyword_add = add,
		};

		if (!act_append(act, group, &new, total, err))
			return false;
		rest = slice_skip(rest, end + 1);
	}
	return true;
}

static bool
append_flags(struct act *act, const struct group *group,
	const struct flags *add, const struct flags *remove, struct error *err)
{
	struct operation_new new = {
		.kind = OPERATION_FLAG,
		.add = add->bits,
		.remove = remove->bits,
	};
	struct operation_made total = { 0 };

	if ((add->bits || remove->bits) &&
		!act_append(act, group, &new, &total, err))
		return false;
	if (!append_keywords(act, group, add, true, &total, err) ||
		!append_keywords(act, group, remove, false, &total, err))
		return false;
	act_count(act, group, &total);
	return true;
}

static bool
only(const struct flags *flags, uint32_t bit)
{
	return flags->bits == bit && slice_str(flags->keywords).len == 0;
}

/* One word: a label's own name, or "+\Seen -work". */
static char *
flags_target(const struct flags *add, const struct flags *remove, bool single)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	const struct flags *both[] = { add, remove };

	strbuf_init(&text, 100 * 1024);
	for (int i = 0; i < 2; i++) {
		struct strbuf names CLEANUP(strbuf_clear) = { 0 };
		struct slice rest;

		strbuf_init(&names, 50 * 1024);
		flags_print(both[i], &names);
		rest = strbuf_slice(&names);
		while (rest.len > 0) {
			size_t end = slice_find(rest, ' ');

			if (text.len)
				strbuf_add_char(&text, ' ');
			if (!single)
				strbuf_add_char(&text, i ? '-' : '+');
			strbuf_add_slice(&text, slice_head(rest, end));
			rest = slice_skip(rest, end + 1);
		}
	}
	return strbuf_take(&text);
}

static size_t
count_flags(const struct flags *flags)
{
	struct slice rest = slice_str(flags->keywords);
	size_t n = 0;

	for (uint32_t bits = flags->bits; bits; bits &= bits - 1)
		n++;
	while (rest.len > 0) {
		n++;
		rest = slice_skip(rest, slice_find(rest, ' ') + 1);
	}
	return n;
}

static enum action_verb
flags_verb(const struct flags *add, const struct flags *remove, bool *ret_named)
{
	size_t n_add = count_flags(add);
	size_t n_remove = count_flags(remove);

	*ret_named = false;
	if (n_remove == 0 && only(add, FLAG_SEEN))
		return ACTION_READ;
	if (n_remove == 0 && only(add, FLAG_FLAGGED))
		return ACTION_STAR;
	if (n_add == 0 && only(remove, FLAG_SEEN))
		return ACTION_UNREAD;
	if (n_add == 0 && only(remove, FLAG_FLAGGED))
		return ACTION_UNSTAR;
	*ret_named = n_add + n_remove == 1;
	if (n_add == 1 && n_remove == 0)
		return ACTION_LABEL;
	if (n_add == 0 && n_remove == 1)
		return ACTION_UNLABEL;
	return ACTION_FLAGS;
}

static bool
flag_groups(struct act *act, const struct groups *groups,
	const struct flags *add, const struct flags *remove, struct error *err)
{
	for (size_t i = 0; i < groups->n; i++) {
		if (!append_flags(act, &groups->items[i], add, remove, err))
			return false;
	}
	return true;
}

bool
journal_flag(const struct journal *journal,
	const struct journal_targets *targets, const struct flags *add,
	const struct flags *remove, struct journal_done *ret_done,
	struct error *err)
{
	struct groups groups CLEANUP(groups_clear) = { 0 };
	struct act act CLEANUP(act_end) = { 0 };
	char *target CLEANUP(freep) = NULL;
	enum action_verb verb;
	bool named;

	*ret_done = (struct journal_done){ 0 };
	if (!journal_may_write(journal, err))
		return false;
	if (is_contradiction(add, remove))
		return error_set(err, ERR_INVALID,
			_("A flag cannot be set and taken away at once"));
	verb = flags_verb(add, remove, &named);
	target = flags_target(add, remove, named);
	return groups_find(journal, targets, &groups, err) &&
	       act_begin(&act, journal, verb, target, err) &&
	       flag_groups(&act, &groups, add, remove, err) &&
	       act_commit(&act, ret_done, err);
}

bool
journal_mark_read(const struct journal *journal, int64_t folder,
	struct journal_done *ret_done, struct error *err)
{
	struct journal_targets targets = { JOURNAL_UNREAD, folder, NULL, 0 };
	struct flags seen = { FLAG_SEEN, NULL };
	struct flags none = FLAGS_INIT;
	struct groups groups CLEANUP(groups_clear) = { 0 };
	struct act act CLEANUP(act_end) = { 0 };

	*ret_done = (struct journal_done){ 0 };
	return journal_may_write(journal, err) &&
	       groups_find(journal, &targets, &groups, err) &&
	       act_begin(&act, journal, ACTION_READ_FOLDER,
		       groups.items[0].folder.name, err) &&
	       flag_groups(&act, &groups, &seen, &none, err) &&
	       act_commit(&act, ret_done, err);
}

/* ---- moving ---- */

static bool
bring(struct act *act, const struct group *group, enum operation_kind kind,
	const struct folder *to, struct error *err)
{
	struct operation_new new = { .kind = kind, .target_folder = to->id };
	uint64_t before = act->done.n + act->done.n_waiting;
	bool transfers = group->folder.account != to->account ||
			 !group->folder.remote != !to->remote;

	if (!act_append_and_count(act, group, &new, err))
		return false;
	if (act->done.n + act->done.n_waiting == before)
		return true;
	act->done.transfers = act->done.transfers || transfers;
	act_touch(act, to->account, to->id);
	return true;
}

/* Its name; with its account where messages come from another one. */
static bool
name_target(const struct journal *journal, const struct groups *groups,
	const struct folder *to, char **ret_name, struct error *err)
{
	bool foreign = false;

	for (size_t i = 0; i < groups->n; i++)
		foreign = foreign ||
			  groups->items[i].folder.account != to->account;
	if (foreign)
		return journal_full_name(journal->store, to, ret_name, err);
	*ret_name = xstrdup(to->name);
	return true;
}

static bool
move_or_copy(const struct journal *journal,
	const struct journal_targets *targets, enum operation_kind kind,
	int64_t folder, struct journal_done *ret_done, struct error *err)
{
	struct groups groups CLEANUP(groups_clear) = { 0 };
	struct act act CLEANUP(act_end) = { 0 };
	struct folder to CLEANUP(folder_clear) = { 0 };
	char *name CLEANUP(freep) = NULL;

	*ret_done = (struct journal_done){ 0 };
	if (!journal_may_write(journal, err) ||
		!journal_folder(journal, folder, &to, err) ||
		!groups_find(journal, targets, &groups, err) ||
		!name_target(journal, &groups, &to, &name, err) ||
		!act_begin(&act, journal,
			kind == OPERATION_MOVE ? ACTION_MOVE : ACTION_COPY,
			name, err))
		return false;
	if (!to.selectable)
		return error_set(err, ERR_INVALID,
			_("%s holds folders, but no messages"), to.name);
	for (size_t i = 0; i < groups.n; i++) {
		if (!bring(&act, &groups.items[i], kind, &to, err))
			return false;
	}
	return act_commit(&act, ret_done, err);
}

bool
journal_move(const struct journal *journal,
	const struct journal_targets *targets, int64_t folder,
	struct journal_done *ret_done, struct error *err)
{
	return move_or_copy(
		journal, targets, OPERATION_MOVE, folder, ret_done, err);
}

bool
journal_copy(const struct journal *journal,
	const struct journal_targets *targets, int64_t folder,
	struct journal_done *ret_done, struct error *err)
{
	return move_or_copy(
		journal, targets, OPERATION_COPY, folder, ret_done, err);
}

/* To the account's own folder of that role, with flags before. */
static bool
bring_to_role(struct act *act, const struct group *group, enum folder_role role,
	const struct flags *add, const struct flags *remove, struct error *err)
{
	struct folder to CLEANUP(folder_clear) = { 0 };
	struct operation_new flag = {
		.kind = OPERATION_FLAG,
		.add = add->bits,
		.remove = remove->bits,
	};
	struct operation_new move = { .kind = OPERATION_MOVE };
	struct operation_made flagged = { 0 };

	if (!act_role_folder(act, group->folder.account, role, &to, err))
		return false;
	if ((flag.add || flag.remove) &&
		!act_append(act, group, &flag, &flagged, err))
		return false;
	if (to.id == group->folder.id) {
		act_count(act, group, &flagged);
		return true;
	}
	move.target_folder = to.id;
	return act_append_and_count(act, group, &move, err);
}

static bool
act_by_role(const struct journal *journal,
	const struct journal_targets *targets, enum action_verb verb,
	enum folder_role role, const struct flags *add,
	const struct flags *remove, struct journal_done *ret_done,
	struct error *err)
{
	struct groups groups CLEANUP(groups_clear) = { 0 };
	struct act act CLEANUP(act_end) = { 0 };

	*ret_done = (struct journal_done){ 0 };
	if (!journal_may_write(journal, err) ||
		!groups_find(journal, targets, &groups, err) ||
		!act_begin(&act, journal, verb, NULL, err))
		return false;
	for (size_t i = 0; i < groups.n; i++) {
		if (!bring_to_role(
			    &act, &groups.items[i], role, add, remove, err))
			return false;
	}
	return act_commit(&act, ret_done, err);
}

bool
journal_archive(const struct journal *journal,
	const struct journal_targets *targets, struct journal_done *ret_done,
	struct error *err)
{
	struct flags none = FLAGS_INIT;

	return act_by_role(journal, targets, ACTION_ARCHIVE, ROLE_ARCHIVE,
		&none, &none, ret_done, err);
}

bool
journal_spam(const struct journal *journal,
	const struct journal_targets *targets, bool is_spam,
	struct journal_done *ret_done, struct error *err)
{
	struct flags junk = { FLAG_JUNK, NULL };
	struct flags clean = { FLAG_NOT_JUNK, NULL };

	return is_spam ? act_by_role(journal, targets, ACTION_SPAM, ROLE_JUNK,
				 &junk, &clean, ret_done, err)
		       : act_by_role(journal, targets, ACTION_NOT_SPAM,
				 ROLE_INBOX, &clean, &junk, ret_done, err);
}

/* ---- deleting ---- */

static bool
is_end(const struct folder *folder)
{
	return folder->role == ROLE_TRASH || folder->role == ROLE_JUNK;
}

bool
journal_is_for_good(const struct journal *journal, int64_t folder, bool *ret,
	struct error *err)
{
	struct folder row CLEANUP(folder_clear) = { 0 };

	if (!journal_folder(journal, folder, &row, err))
		return false;
	*ret = is_end(&row);
	return true;
}

/* Whether the account's server, as far as it is known, can delete single
 * messages: else it is asked to mark them, and does the rest when it will. */
static bool
can_delete(const struct journal *journal, int64_t account, bool *ret_can,
	struct error *err)
{
	struct account_row row CLEANUP(account_row_clear) = { 0 };
	struct slice rest;

	if (!account_load(journal->store, account, &row, err))
		return false;
	rest = slice_str(row.capabilities);
	*ret_can = rest.len == 0;
	while (rest.len > 0 && !*ret_can) {
		size_t end = slice_find(rest, ' ');
		struct slice word = slice_head(rest, end);

		*ret_can = slice_eq_nocase(word, SLICE("UIDPLUS")) ||
			   slice_eq_nocase(word, SLICE("IMAP4rev2"));
		rest = slice_skip(rest, end + 1);
	}
	return true;
}

static bool
delete_for_good(struct act *act, const struct groups *groups, struct error *err)
{
	for (size_t i = 0; i < groups->n; i++) {
		struct operation_new new = { .kind = OPERATION_EXPUNGE };
		const struct group *group = &groups->items[i];
		bool can = true;

		if (!journal_is_local(group->config, &group->folder) &&
			!can_delete(
				act->journal, group->folder.account, &can, err))
			return false;
		act->done.keeps = act->done.keeps || !can;
		if (!act_append_and_count(act, group, &new, err))
			return false;
	}
	return true;
}

static bool
delete_to_trash(struct act *act, const struct groups *groups, struct error *err)
{
	struct flags none = FLAGS_INIT;

	for (size_t i = 0; i < groups->n; i++) {
		const struct group *group = &groups->items[i];

		if (is_end(&group->folder)) {
			act->done.n_skipped += group->selection.n;
			continue;
		}
		if (!bring_to_role(act, group, ROLE_TRASH, &none, &none, err))
			return false;
	}
	return true;
}

bool
journal_delete(const struct journal *journal,
	const struct journal_targets *targets, bool for_good,
	struct journal_done *ret_done, struct error *err)
{
	struct groups groups CLEANUP(groups_clear) = { 0 };
	struct act act CLEANUP(act_end) = { 0 };

	*ret_done = (struct journal_done){ 0 };
	return journal_may_write(journal, err) &&
	       groups_find(journal, targets, &groups, err) &&
	       act_begin(&act, journal,
		       for_good ? ACTION_DELETE_FOR_GOOD : ACTION_DELETE, NULL,
		       err) &&
	       (for_good ? delete_for_good(&act, &groups, err)
			 : delete_to_trash(&act, &groups, err)) &&
	       act_commit(&act, ret_done, err);
}

/* ---- undo ---- */

/* `err` says why, as the end of a sentence. */
static void
say_refused(const struct action *action, bool undo, struct error *err)
{
	struct strbuf what CLEANUP(strbuf_clear) = { 0 };
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done = {
		.action = action->id,
		.verb = action->verb,
		.target = action->target,
		.n = (uint64_t)(action->n + action->n_missed),
	};

	strbuf_init(&what, SENTENCE_MAX);
	journal_sentence(&done, &what);
	error_move(&why, err);
	error_set(err, ERR_REFUSED,
		undo ? _("“%s” cannot be undone: %s")
		     : _("“%s” cannot be done again: "
			 "%s"),
		what.data, why.text);
}

/* What cannot be undone is noted, so that the next time takes another. */
static bool
invert(const struct journal *journal, bool undo, struct journal_done *ret_done,
	struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct action action CLEANUP(action_clear) = { 0 };
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;
	bool more = false;
	enum found found;

	if (!transaction_begin(journal->store, &tx, err))
		return false;
	found = undo ? action_undo(&tx, &action, &ret_done->accounts,
			       &ret_done->folders, &more, err)
		     : action_redo(&tx, &action, &ret_done->accounts,
			       &ret_done->folders, &more, err);
	if (found == FOUND_ERROR) {
		if (err->kind != ERR_REFUSED)
			return false;
		say_refused(&action, undo, err);
		if (!journal->dry_run && !transaction_commit(&tx, &ignored))
			error_move(err, &ignored);
		return false;
	}
	if (!journal->dry_run && !transaction_commit(&tx, err))
		return false;
	if (found == NOT_FOUND)
		return true;
	ret_done->action = action.id;
	ret_done->verb = action.verb;
	ret_done->n = (uint64_t)action.n;
	ret_done->n_missed = (uint64_t)action.n_missed;
	ret_done->n_waiting = more;
	ret_done->target = action.target;
	action.target = NULL;
	return true;
}

static bool
undo_or_redo(const struct journal *journal, bool undo,
	struct journal_done *ret_done, struct error *err)
{
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };

	*ret_done = (struct journal_done){ 0 };
	done.is_undo = undo;
	done.is_redo = !undo;
	if (!journal_may_write(journal, err) ||
		!invert(journal, undo, &done, err))
		return false;
	*ret_done = done;
	done = (struct journal_done){ 0 };
	return true;
}

bool
journal_undo(const struct journal *journal, struct journal_done *ret_done,
	struct error *err)
{
	return undo_or_redo(journal, true, ret_done, err);
}

bool
journal_redo(const struct journal *journal, struct journal_done *ret_done,
	struct error *err)
{
	return undo_or_redo(journal, false, ret_done, err);
}
