/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What waits, runs or failed, for Activity. */
#include <stdlib.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/account.h"
#include "sync/journal_private.h"

enum { TEXT_MAX = 16 * 1024, SUBJECT_MAX = 60 };

const char *
journal_kind_name(enum operation_kind kind)
{
	static const char *const names[OPERATION_KINDS] = {
		[OPERATION_FLAG] = "flag",
		[OPERATION_MOVE] = "move",
		[OPERATION_COPY] = "copy",
		[OPERATION_EXPUNGE] = "delete",
		[OPERATION_APPEND] = "append",
		[OPERATION_CREATE] = "create-folder",
		[OPERATION_RENAME] = "rename-folder",
		[OPERATION_DELETE_FOLDER] = "delete-folder",
		[OPERATION_SUBSCRIBE] = "subscribe",
		[OPERATION_UNSUBSCRIBE] = "unsubscribe",
	};

	ASSERT(kind < OPERATION_KINDS);
	return names[kind];
}

const char *
journal_state_name(enum operation_state state)
{
	static const char *const names[] = {
		[OPERATION_QUEUED] = "queued",
		[OPERATION_RUNNING] = "running",
		[OPERATION_DEFERRED] = "deferred",
		[OPERATION_ASKS] = "asks",
		[OPERATION_FAILED] = "failed",
		[OPERATION_DONE] = "done",
		[OPERATION_CANCELLED] = "cancelled",
	};

	ASSERT((size_t)state < ARRAY_LEN(names));
	return names[state];
}

void
journal_entries_clear(struct journal_entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		free(entries->items[i].account_name);
		free(entries->items[i].text);
		free(entries->items[i].target);
		free(entries->items[i].error);
	}
	array_clear(entries);
}

/* ---- one row in words ---- */

/* "+\Flagged -work" */
static void
add_flags(const struct operation *operation, struct strbuf *out)
{
	uint32_t bits[] = { operation->add, operation->remove };

	for (int i = 0; i < 2; i++) {
		const char *name;

		while ((name = flags_next_name(&bits[i])) != NULL) {
			if (out->len)
				strbuf_add_char(out, ' ');
			strbuf_add_char(out, i ? '-' : '+');
			strbuf_add_str(out, name);
		}
	}
	if (!operation->keyword)
		return;
	if (out->len)
		strbuf_add_char(out, ' ');
	strbuf_add_char(out, operation->keyword_add ? '+' : '-');
	strbuf_add_str(out, operation->keyword);
}

/* Its name as it is shown, with another account's in front; a copy.  Where it
 * is gone, as it was. */
static bool
folder_name(struct store *store, int64_t account, int64_t id, const char *was,
	char **ret_name, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };

	if (id && folder_load(store, id, &folder, err) == FOUND_ERROR)
		return false;
	if (folder.name && folder.account != account)
		return journal_full_name(store, &folder, ret_name, err);
	*ret_name = xstrdup(folder.name ? folder.name : was ? was : "");
	return true;
}

static bool
find_target(struct store *store, const struct operation *operation,
	char **ret_target, struct error *err)
{
	struct strbuf flags CLEANUP(strbuf_clear) = { 0 };

	switch ((int)operation->kind) {
	case OPERATION_FLAG:
		strbuf_init(&flags, TEXT_MAX);
		add_flags(operation, &flags);
		*ret_target = strbuf_take(&flags);
		return true;
	case OPERATION_MOVE:
	case OPERATION_COPY:
	case OPERATION_APPEND:
		return folder_name(store, operation->account,
			operation->target_folder, operation->name, ret_target,
			err);
	case OPERATION_EXPUNGE:
		return folder_name(store, operation->account, operation->folder,
			operation->name, ret_target, err);
	default:
		*ret_target = xstrdup(operation->name ? operation->name : "");
		return true;
	}
}

static void
add_text(const struct operation *operation, const char *target,
	struct strbuf *out)
{
	unsigned long n = (unsigned long)operation->n_items;
	unsigned long long shown = n;

	switch (operation->kind) {
	case OPERATION_FLAG:
		strbuf_addf(out,
			P_("Change flags of %llu message: %s",
				"Change flags of %llu messages: %s", n),
			shown, target);
		return;
	case OPERATION_MOVE:
		strbuf_addf(out,
			P_("Move %llu message to %s",
				"Move %llu messages to %s", n),
			shown, target);
		return;
	case OPERATION_COPY:
		strbuf_addf(out,
			P_("Copy %llu message to %s",
				"Copy %llu messages to %s", n),
			shown, target);
		return;
	case OPERATION_EXPUNGE:
		strbuf_addf(out,
			P_("Delete %llu message from %s for good",
				"Delete %llu messages from %s for good", n),
			shown, target);
		return;
	case OPERATION_APPEND:
		strbuf_addf(out,
			P_("Add %llu message to %s", "Add %llu messages to %s",
				n),
			shown, target);
		return;
	case OPERATION_CREATE:
		strbuf_addf(out, _("Create the folder %s"), target);
		return;
	case OPERATION_RENAME:
		strbuf_addf(out, _("Rename the folder to %s"), target);
		return;
	case OPERATION_DELETE_FOLDER:
		strbuf_addf(out, _("Delete the folder %s"), target);
		return;
	case OPERATION_SUBSCRIBE:
		strbuf_addf(out, _("Subscribe to %s"), target);
		return;
	case OPERATION_UNSUBSCRIBE:
		strbuf_addf(out, _("Unsubscribe from %s"), target);
		return;
	case OPERATION_KINDS:
		break;
	}
	UNREACHABLE();
}

/* What "for good" came to. */
static void
add_kept(const struct operation *operation, struct strbuf *out)
{
	unsigned long n = (unsigned long)operation->n_kept;

	if (n > 0)
		strbuf_addf(out,
			P_(": the server keeps %lu, marked as deleted",
				": the server keeps %lu, marked as deleted", n),
			n);
}

/* A subject is no longer than it needs to be told from others. */
static void
cut_subject(char *subject)
{
	subject[utf8_cut(slice_str(subject), SUBJECT_MAX)] = '\0';
}

static bool
describe(struct store *store, const struct operation *operation,
	const char *target, char **ret_text, struct error *err)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct strbuf whole CLEANUP(strbuf_clear) = { 0 };
	char *subject CLEANUP(freep) = NULL;

	if (!operation_subject(store, operation, &subject, err))
		return false;
	strbuf_init(&text, TEXT_MAX);
	add_text(operation, target, &text);
	add_kept(operation, &text);
	if (!subject || !*subject) {
		*ret_text = strbuf_take(&text);
		return true;
	}
	cut_subject(subject);
	strbuf_init(&whole, TEXT_MAX);
	/* TRANSLATORS: "Move 1 message to Archive (Subject)" */
	strbuf_addf(&whole, _("%s (“%s”)"), text.data, subject);
	*ret_text = strbuf_take(&whole);
	return true;
}

/* Takes what it can out of `operation`. */
static bool
fill_entry(const struct journal *journal, struct operation *operation,
	struct journal_entry *entry, struct error *err)
{
	struct account_row account CLEANUP(account_row_clear) = { 0 };

	entry->id = operation->id;
	entry->account = operation->account;
	entry->kind = operation->kind;
	entry->state = operation->state;
	entry->n = (uint64_t)operation->n_items;
	entry->n_left = (uint64_t)operation->n_left;
	entry->attempts = operation->attempts;
	entry->created = operation->created;
	entry->next_attempt = operation->next_attempt;
	entry->error = operation->error;
	operation->error = NULL;
	if (!account_load(journal->store, operation->account, &account, err) ||
		!find_target(journal->store, operation, &entry->target, err))
		return false;
	entry->account_name = account.name;
	account.name = NULL;
	return describe(
		journal->store, operation, entry->target, &entry->text, err);
}

bool
journal_activity(const struct journal *journal, bool finished, size_t max,
	struct journal_entries *ret_entries, struct error *err)
{
	struct operations operations CLEANUP(operations_clear) = { 0 };
	struct journal_entries entries CLEANUP(journal_entries_clear) = { 0 };

	if (!operation_load_all(
		    journal->store, finished, max, &operations, err))
		return false;
	for (size_t i = 0; i < operations.n; i++) {
		if (!fill_entry(journal, &operations.items[i],
			    array_add(&entries), err))
			return false;
	}
	*ret_entries = entries;
	entries = (struct journal_entries){ 0 };
	return true;
}

/* ---- what can be done about it ---- */

static bool
too_late(const struct journal *journal, int64_t id, struct error *err)
{
	struct operation row CLEANUP(operation_clear) = { 0 };
	enum found found = operation_load(journal->store, id, &row, err);

	if (found == FOUND_ERROR)
		return false;
	if (found == NOT_FOUND)
		return error_set(err, ERR_STALE,
			_("There is no operation %lld"), (long long)id);
	return error_set(err, ERR_STALE,
		_("The operation has gone on since, or is over"));
}

static bool
change(const struct journal *journal, int64_t operation, bool retry,
	struct journal_done *ret_done, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	int64_t again = 0;
	bool more = false;
	enum found found;

	*ret_done = (struct journal_done){ 0 };
	if (!journal_may_write(journal, err) ||
		!transaction_begin(journal->store, &tx, err))
		return false;
	found = retry ? operation_retry(&tx, operation, &again, &done.accounts,
				&done.folders, &more, err)
		      : operation_cancel(&tx, operation, &done.accounts,
				&done.folders, &more, err);
	if (found == NOT_FOUND)
		return too_late(journal, operation, err);
	if (found != FOUND || !transaction_commit(&tx, err))
		return false;
	done.n = 1;
	done.n_waiting = more;
	*ret_done = done;
	done = (struct journal_done){ 0 };
	return true;
}

bool
journal_cancel(const struct journal *journal, int64_t operation,
	struct journal_done *ret_done, struct error *err)
{
	return change(journal, operation, false, ret_done, err);
}

bool
journal_retry(const struct journal *journal, int64_t operation,
	struct journal_done *ret_done, struct error *err)
{
	return change(journal, operation, true, ret_done, err);
}

bool
journal_dismiss(
	const struct journal *journal, int64_t operation, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	enum found found;

	if (!transaction_begin(journal->store, &tx, err))
		return false;
	found = operation_dismiss(&tx, operation, err);
	if (found == NOT_FOUND && operation)
		return too_late(journal, operation, err);
	return found != FOUND_ERROR && transaction_commit(&tx, err);
}

bool
journal_look_at(const struct journal *journal, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return journal->read_only ||
	       (transaction_begin(journal->store, &tx, err) &&
		       operation_look_at(journal->store, err) &&
		       transaction_commit(&tx, err));
}
