/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Actions: what a person did to mail, one step of undo each.  An action holds
 * operations (operation.h), perhaps of several accounts and kinds; the last
 * thousand are kept.
 */
#ifndef TERCET_STORE_ACTION_H
#define TERCET_STORE_ACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "store/folder.h"
#include "store/store.h"

/* Kept in the store: only ever added to. */
enum action_verb {
	ACTION_FLAGS, /* several flags at once; `target`: "+\Seen -work" */
	ACTION_READ,
	ACTION_UNREAD,
	ACTION_STAR,
	ACTION_UNSTAR,
	ACTION_LABEL,   /* `target`: the keyword */
	ACTION_UNLABEL, /* the same */
	ACTION_MOVE,    /* `target`: the folder's name */
	ACTION_COPY,    /* the same */
	ACTION_ARCHIVE,
	ACTION_DELETE,          /* to the Trash */
	ACTION_DELETE_FOR_GOOD, /* from the server */
	ACTION_SPAM,
	ACTION_NOT_SPAM,
	ACTION_READ_FOLDER,   /* `target`: the folder's name */
	ACTION_APPEND,        /* the same */
	ACTION_FOLDER_CREATE, /* the same */
	ACTION_FOLDER_RENAME, /* `target`: the new name */
	ACTION_FOLDER_DELETE,
	ACTION_FOLDER_SUBSCRIBE,
	ACTION_FOLDER_UNSUBSCRIBE,
	ACTION_VERBS,
};

enum action_state {
	ACTION_DONE,
	ACTION_UNDONE, /* may be redone */
	ACTION_FINAL,  /* cannot be undone */
	ACTION_DEAD,   /* was undone, and something new was done since */
};

struct action {
	int64_t id;
	enum action_verb verb;
	enum action_state state;
	int64_t n;        /* messages it was about; 0 before the first undo */
	int64_t n_missed; /* of undo and redo: messages left as they were, and
			     not in `n` any more */
	int64_t created;  /* seconds */
	char *target;     /* owned; may be NULL */
};

void action_clear(struct action *action);
enum found action_load(struct store *store, int64_t id,
	struct action *ret_action, struct error *err);

/*
 * In a transaction.  A new action, still empty.  What was undone cannot be
 * redone any more.  With `automatic`, nobody asked for it: it is no step of
 * undo, and leaves redo alone.
 */
MUST_CHECK bool action_begin(struct store *store, enum action_verb verb,
	const char *target, bool automatic, int64_t *ret_action,
	struct error *err);
/* What undo and redo would take; `state` of it is what it was before. */
enum found action_to_undo(
	struct store *store, struct action *ret_action, struct error *err);
enum found action_to_redo(
	struct store *store, struct action *ret_action, struct error *err);

/*
 * In a transaction.  Inverts the newest action done, or the one last undone:
 * what no server was told yet is taken back, the rest is followed by its
 * inverse.  Does at once what the transaction's time allows; what is left is
 * done by operation_apply_some(), and that is settled from now on, whatever
 * happens to this process.  NOT_FOUND: there is nothing to undo.
 * ERR_REFUSED: it cannot be undone (`*ret_action` says what, and the error why,
 * as the end of a sentence): there is nothing of it that could be inverted, or
 * redo would delete for good; when that is committed, asking again takes the
 * one before.  `*ret_accounts` gets the
 * accounts concerned (each once), `*ret_folders` the folders whose look
 * changes; both are emptied first.
 */
enum found action_undo(struct transaction *tx, struct action *ret_action,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	bool *ret_more, struct error *err);
enum found action_redo(struct transaction *tx, struct action *ret_action,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	bool *ret_more, struct error *err);

enum { ACTION_HISTORY_MAX = 1000 };
/* Housekeeper, not in a transaction: forgets the oldest actions past the
 * history's length, but for those with operations that wait or failed. */
MUST_CHECK bool action_purge_some(
	struct store *store, bool *ret_more, struct error *err);

#endif /* TERCET_STORE_ACTION_H */
