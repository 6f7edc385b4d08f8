/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of the journal: made, renamed, deleted, subscribed to; and those for
 * what is archived, deleted or spam. */
#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "net/imap_name.h"
#include "store/account.h"
#include "sync/journal_private.h"

/* ---- names ---- */

/* How the account's server spells names. */
struct spelling {
	char delimiter;
	bool utf8;
	bool below_inbox; /* whatever is not the inbox stands below it */
};

static bool
is_below_inbox(const struct folder *folder)
{
	return strncmp(folder->name, "INBOX/", 6) == 0;
}

static bool
find_spelling(const struct journal *journal, int64_t account,
	struct spelling *ret_spelling, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };
	struct account_row row CLEANUP(account_row_clear) = { 0 };
	size_t n_below = 0;
	size_t n = 0;

	*ret_spelling = (struct spelling){ .delimiter = '/' };
	if (!folder_load_all(journal->store, account, &folders, err) ||
		!account_load(journal->store, account, &row, err))
		return false;
	for (size_t i = 0; i < folders.n; i++) {
		const struct folder *folder = &folders.items[i];

		if (folder->delimiter)
			ret_spelling->delimiter = folder->delimiter;
		if (folder->role == ROLE_INBOX || !folder->remote)
			continue;
		n++;
		n_below += is_below_inbox(folder);
	}
	ret_spelling->below_inbox = n > 0 && n == n_below;
	ret_spelling->utf8 = row.capabilities &&
			     strstr(row.capabilities, "UTF8=ACCEPT") != NULL;
	return true;
}

static bool
no_such_name(struct error *err, const char *name)
{
	return error_set(err, ERR_INVALID,
		_("\342\200\234%s\342\200\235 cannot be the name of a folder"),
		name);
}

/* "a//b", "/a", "a/" */
static bool
has_empty_level(const char *name)
{
	size_t len = strlen(name);

	return len == 0 || name[0] == '/' || name[len - 1] == '/' ||
	       strstr(name, "//") != NULL;
}

/* The server's bytes; the caller frees. */
static bool
spell(const struct spelling *spelling, const char *name, char **ret_remote,
	struct error *err)
{
	if (has_empty_level(name))
		return error_set(err, ERR_INVALID,
			_("“%s” has a level without a name"), name);
	*ret_remote =
		imap_name_encode(name, spelling->delimiter, spelling->utf8);
	return *ret_remote || no_such_name(err, name);
}

/* ---- making ---- */

bool
act_make_folder(struct act *act, int64_t account, const char *name,
	enum folder_role role, int64_t *ret_folder, struct error *err)
{
	const struct account_config *config = NULL;
	struct spelling spelling;
	char *remote CLEANUP(freep) = NULL;
	int64_t operation = 0;
	struct operation_new new = {
		.kind = OPERATION_CREATE,
		.account = account,
		.name = name,
		.role = role,
	};

	if (!journal_account(act->journal, account, &config, err) ||
		!find_spelling(act->journal, account, &spelling, err) ||
		!spell(&spelling, name, &remote, err))
		return false;
	new.local = config && config->protocol == PROTOCOL_LOCAL;
	new.delimiter = spelling.delimiter;
	new.remote = new.local ? NULL : remote;
	if (!operation_append_folder(&act->tx, act->done.action, &new,
		    ret_folder, &operation, err))
		return false;
	act_touch(act, account, *ret_folder);
	return true;
}

bool
journal_folder_create(const struct journal *journal, int64_t account,
	const char *name, int64_t *ret_folder, struct journal_done *ret_done,
	struct error *err)
{
	struct act act CLEANUP(act_end) = { 0 };

	*ret_done = (struct journal_done){ 0 };
	if (!journal_may_write(journal, err) ||
		!act_begin(&act, journal, ACTION_FOLDER_CREATE, name, err) ||
		!act_make_folder(
			&act, account, name, ROLE_NONE, ret_folder, err))
		return false;
	act.done.n = 1;
	return act_commit(&act, ret_done, err);
}

/* ---- roles ---- */

static const char *
role_folder_name(const struct account_config *config, enum folder_role role)
{
	const char *configured = NULL;

	switch ((int)role) {
	case ROLE_ARCHIVE:
		configured = config ? config->archive : NULL;
		return configured ? configured : "Archive";
	case ROLE_DRAFTS:
		configured = config ? config->drafts : NULL;
		return configured ? configured : "Drafts";
	case ROLE_SENT:
		configured = config ? config->sent : NULL;
		return configured ? configured : "Sent";
	case ROLE_TRASH:
		configured = config ? config->trash : NULL;
		return configured ? configured : "Trash";
	case ROLE_JUNK:
		configured = config ? config->junk : NULL;
		return configured ? configured : "Junk";
	default:
		return "INBOX";
	}
}

static bool
make_role_folder(struct act *act, int64_t account, enum folder_role role,
	const char *name, struct folder *ret_folder, struct error *err)
{
	struct spelling spelling;
	char *below CLEANUP(freep) = NULL;
	int64_t id = 0;

	if (!find_spelling(act->journal, account, &spelling, err))
		return false;
	below = xasprintf("%s%s",
		spelling.below_inbox && strncmp(name, "INBOX/", 6) != 0
			? "INBOX/"
			: "",
		name);
	return act_make_folder(act, account, below, role, &id, err) &&
	       journal_folder(act->journal, id, ret_folder, err);
}

bool
act_role_folder(struct act *act, int64_t account, enum folder_role role,
	struct folder *ret_folder, struct error *err)
{
	struct store *store = act->journal->store;
	const struct account_config *config = NULL;
	const char *name;
	enum found found =
		folder_find_role(store, account, role, ret_folder, err);

	if (found != NOT_FOUND)
		return found == FOUND;
	if (!journal_account(act->journal, account, &config, err))
		return false;
	name = role_folder_name(config, role);
	found = folder_find(store, account, name, ret_folder, err);
	if (found == FOUND && !ret_folder->selectable) {
		error_set(err, ERR_INVALID,
			_("%s holds folders, but no messages"), name);
		return false;
	}
	/* Gmail's archive is what holds all. */
	if (found == NOT_FOUND && role == ROLE_ARCHIVE)
		found = folder_find_role(
			store, account, ROLE_ALL, ret_folder, err);
	if (found != NOT_FOUND)
		return found == FOUND;
	return make_role_folder(act, account, role, name, ret_folder, err);
}

/* ---- changing ---- */

/* Other programs, and the server's own filters, look for it by its name. */
static bool
may_rename(const struct folder *folder, struct error *err)
{
	switch ((int)folder->role) {
	case ROLE_SENT:
	case ROLE_DRAFTS:
	case ROLE_TRASH:
	case ROLE_ARCHIVE:
	case ROLE_JUNK:
		return error_set(err, ERR_REFUSED,
			_("%s has a part to play in the account, and keeps "
			  "its name"),
			folder->name);
	default:
		return true;
	}
}

static bool
change_folder(const struct journal *journal, int64_t id, enum action_verb verb,
	enum operation_kind kind, const char *name,
	struct journal_done *ret_done, struct error *err)
{
	struct act act CLEANUP(act_end) = { 0 };
	struct folder folder CLEANUP(folder_clear) = { 0 };
	const struct account_config *config = NULL;
	struct spelling spelling;
	char *remote CLEANUP(freep) = NULL;
	int64_t operation = 0;
	struct operation_new new = { .kind = kind, .folder = id, .name = name };

	*ret_done = (struct journal_done){ 0 };
	if (!journal_may_write(journal, err) ||
		!journal_folder(journal, id, &folder, err) ||
		!journal_account(journal, folder.account, &config, err) ||
		!find_spelling(journal, folder.account, &spelling, err) ||
		(name && !may_rename(&folder, err)) ||
		(name && !spell(&spelling, name, &remote, err)) ||
		!act_begin(&act, journal, verb, name ? name : folder.name, err))
		return false;
	new.account = folder.account;
	new.local = journal_is_local(config, &folder);
	new.remote = remote;
	if (!operation_append_folder(
		    &act.tx, act.done.action, &new, &id, &operation, err))
		return false;
	if (operation) {
		act_touch(&act, folder.account, id);
		act.done.n = 1;
	}
	return act_commit(&act, ret_done, err);
}

bool
journal_folder_rename(const struct journal *journal, int64_t folder,
	const char *name, struct journal_done *ret_done, struct error *err)
{
	return change_folder(journal, folder, ACTION_FOLDER_RENAME,
		OPERATION_RENAME, name, ret_done, err);
}

bool
journal_folder_delete(const struct journal *journal, int64_t folder,
	struct journal_done *ret_done, struct error *err)
{
	return change_folder(journal, folder, ACTION_FOLDER_DELETE,
		OPERATION_DELETE_FOLDER, NULL, ret_done, err);
}

bool
journal_folder_subscribe(const struct journal *journal, int64_t folder,
	bool subscribed, struct journal_done *ret_done, struct error *err)
{
	return subscribed
		       ? change_folder(journal, folder, ACTION_FOLDER_SUBSCRIBE,
				 OPERATION_SUBSCRIBE, NULL, ret_done, err)
		       : change_folder(journal, folder,
				 ACTION_FOLDER_UNSUBSCRIBE,
				 OPERATION_UNSUBSCRIBE, NULL, ret_done, err);
}
