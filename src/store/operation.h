/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Operations: durable intents, one account and kind each, that take effect in
 * the store in the transaction that writes them and reach the server later.
 *
 * An operation is about items, which name placements and never UIDs: a UID is
 * looked up when the item is sent, after the items it depends on.  What is in
 * force of a placement is always what the server said with the pending items
 * applied, so a pull takes nothing back that was not sent, and an item that is
 * refused falls back by itself.
 *
 * Three sides use this: the journal appends (sync/journal.h), the pusher takes
 * batches and tells what became of them, Activity lists.
 */
#ifndef TERCET_STORE_OPERATION_H
#define TERCET_STORE_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "mail/flags.h"
#include "store/folder.h"
#include "store/store.h"

/* Kept in the store, as are the next two. */
enum operation_kind {
	OPERATION_FLAG,
	OPERATION_MOVE,
	OPERATION_COPY,
	OPERATION_EXPUNGE,
	OPERATION_APPEND,
	OPERATION_CREATE, /* from here on: of the folder itself */
	OPERATION_RENAME,
	OPERATION_DELETE_FOLDER,
	OPERATION_SUBSCRIBE,
	OPERATION_UNSUBSCRIBE,
	OPERATION_KINDS,
};

enum operation_state {
	OPERATION_QUEUED,
	OPERATION_RUNNING,
	OPERATION_DEFERRED, /* tried in vain; `next_attempt` says when again */
	OPERATION_ASKS,
	OPERATION_FAILED, /* some item did, for good */
	OPERATION_DONE,
	OPERATION_CANCELLED,
};

enum item_state {
	ITEM_QUEUED,
	ITEM_RUNNING,  /* perhaps sent: look before repeating */
	ITEM_SETTLING, /* done, but the new UID is not known yet */
	ITEM_DONE,
	ITEM_FAILED,
	ITEM_CANCELLED,
};

/*
 * How far a MOVE or COPY came that no server does by itself, since it leads to
 * another account, or to or from a folder that is only here.
 */
enum item_phase {
	PHASE_NONE,   /* a server does it in one */
	PHASE_FETCH,  /* the source's worker fetches the whole message */
	PHASE_SEND,   /* the target's appends it */
	PHASE_REMOVE, /* it is there: the source's takes it away */
};

/* folder.pending */
enum folder_pending {
	FOLDER_CREATING = 1 << 0,
	FOLDER_RENAMING = 1 << 1,
	FOLDER_DELETING = 1 << 2, /* no list shows it */
	FOLDER_SUBSCRIBING = 1 << 3,
};

/* ---- appending ---- */

/* What is to be done; strings are borrowed. */
struct operation_new {
	enum operation_kind kind;
	int64_t account;
	bool local;     /* the account has no server: done at once */
	int64_t folder; /* where the placements stand; of folder operations: it
			 */
	int64_t target_folder; /* MOVE, COPY, APPEND */
	uint32_t add;          /* enum flag; FLAG only */
	uint32_t remove;
	const char *keyword; /* one that has no bit; NULL: none */
	bool keyword_add;    /* else it is removed */
	/* CREATE, RENAME: as people write it, and the server's bytes. */
	const char *name;
	const char *remote;
	/* CREATE */
	char delimiter;
	enum folder_role role;
};

enum selection_kind {
	SELECT_PLACEMENTS = 1,
	SELECT_CONVERSATIONS, /* what of them stands in the folder */
	SELECT_UNREAD,        /* of the folder */
	SELECT_FOLDER,        /* all that stands there now */
};

struct selection {
	enum selection_kind kind;
	const int64_t *ids; /* borrowed, in any order; for the first two */
	size_t n;
};

struct operation_made {
	int64_t operation;  /* 0: it would have changed nothing */
	uint64_t n;         /* items made, and so in effect */
	uint64_t n_skipped; /* gone, or as wanted already */
	uint64_t n_waiting; /* messages (or folders) that wait to be applied */
};

/*
 * In a transaction.  Appends an operation of FLAG, MOVE, COPY or EXPUNGE to
 * the action: applies what the transaction's time allows (the first at any
 * rate), keeps the rest of the selection for operation_apply_some().
 * Placements that stand in another folder than `folder` are passed over.
 */
MUST_CHECK bool operation_append(struct transaction *tx, int64_t action,
	const struct operation_new *new, const struct selection *selection,
	struct operation_made *ret_made, struct error *err);
/* In a transaction: APPEND of a message that stands at `placement` in
 * `new->target_folder` already, without a UID (ingest_whole()). */
MUST_CHECK bool operation_append_message(struct transaction *tx, int64_t action,
	const struct operation_new *new, int64_t placement,
	int64_t *ret_operation, struct error *err);
/*
 * In a transaction: an operation on the folder.  CREATE makes its row (under
 * `name` and `remote`, which nothing may have) and returns it; RENAME shows the
 * new name at once, DELETE_FOLDER hides it.  ERR_INVALID: there is such a
 * folder; ERR_REFUSED: something else waits to be done to it that this cannot
 * follow.
 */
MUST_CHECK bool operation_append_folder(struct transaction *tx, int64_t action,
	const struct operation_new *new, int64_t *ret_folder,
	int64_t *ret_operation, struct error *err);

/*
 * Housekeeper, not in a transaction: applies a slice of what waits of
 * selections, undos and redos.  `*ret_folders` (NULL is fine) gets the folders
 * whose look changed and `*ret_accounts` their accounts, each once, beside what
 * they hold.
 */
MUST_CHECK bool operation_apply_some(struct store *store, bool *ret_more,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	struct error *err);
/* Cheap: whether operation_apply_some() has anything to do. */
MUST_CHECK bool operation_work_waits(
	struct store *store, bool *ret_waits, struct error *err);

/* ---- pushing ---- */

struct operation_item {
	int64_t id;
	int64_t operation;
	int64_t placement; /* 0: APPEND, and operations on folders */
	int64_t target;    /* 0: none */
	int64_t message;
	uint32_t uid;        /* of the placement; 0: none (any more) */
	int64_t uid_space;   /* what `uid` counts in */
	bool is_current;     /* `uid` counts in what the folder has now */
	uint32_t target_uid; /* of `target`; 0: none yet */
	/* The target's own; `message`, unless it is of another account. */
	int64_t target_message;
	uint32_t uid_floor; /* what was appended has no UID below */
};

/* What may go in one command; owned. */
struct operation_batch {
	/* In PHASE_SEND it is APPEND, in PHASE_REMOVE EXPUNGE. */
	enum operation_kind kind;
	enum item_phase phase;
	int64_t account;
	int64_t next_account;  /* whose worker goes on; 0: nobody's */
	int64_t folder;        /* 0: none (APPEND) */
	int64_t target_folder; /* 0: none */
	uint32_t add;
	uint32_t remove;
	char *keyword; /* or NULL */
	bool keyword_add;
	char *name;      /* CREATE, RENAME: the new name, as people write it */
	char *remote;    /* CREATE, RENAME: the same in the server's bytes */
	bool repeats;    /* RUNNING before: look before repeating */
	bool only_empty; /* DELETE_FOLDER that takes a CREATE back */
	unsigned attempts; /* the most any of its operations had */
	struct operation_item *items;
	size_t n;
	size_t cap;
};

void operation_batch_clear(struct operation_batch *batch);

enum { OPERATION_BATCH_MAX = 1000 };
/*
 * The next items of the account that can be sent at `now` (seconds), at most
 * `max`: the first that depends on nothing left out, and later ones of the
 * same class that touch nothing an earlier one touches.  Items whose placement
 * has no UID yet wait.  NOT_FOUND: none; `*ret_next` is then when a deferred
 * one may be tried again, 0 when none waits.
 */
enum found operation_next_batch(struct store *store, int64_t account,
	int64_t now, size_t max, struct operation_batch *ret_batch,
	int64_t *ret_next, struct error *err);
/* Brings items up to what is known of their UIDs by now. */
MUST_CHECK bool operation_reload(struct store *store,
	struct operation_item *items, size_t n, struct error *err);
/* The flags that an APPEND's message had when it was put there; changes since
 * are operations of their own. */
enum found operation_target_flags(struct store *store,
	const struct operation_item *item, struct flags *ret_flags,
	struct error *err);
/* Whether the UID in the folder is known to be another item's doing. */
MUST_CHECK bool operation_has_uid(struct store *store,
	const struct operation_item *item, int64_t folder, uint32_t uid,
	bool *ret_has, struct error *err);
/* Cheap: whether the account has anything to send, now or later. */
MUST_CHECK bool operation_is_pending(
	struct store *store, int64_t account, bool *ret, struct error *err);

/* Whether it is the account's turn with what another one sent or wants. */
MUST_CHECK bool operation_is_handed_on(
	struct store *store, int64_t account, bool *ret, struct error *err);

/* What the server did with an item. */
struct operation_outcome {
	int64_t item;
	uint32_t uid; /* of the target, by COPYUID or APPENDUID; 0: not told */
	uint32_t uidvalidity; /* that `uid` counts under */
};

/*
 * These are not in a transaction and make their own, in slices; items that are
 * settled or were cancelled meanwhile are passed over.  After a crash in
 * between the rest is RUNNING still, and is looked for.
 */

/* Before the command is sent. */
MUST_CHECK bool operation_running(
	struct store *store, const int64_t *items, size_t n, struct error *err);
/* Nothing was sent, or it certainly had no effect: QUEUED again. */
MUST_CHECK bool operation_requeue(
	struct store *store, const int64_t *items, size_t n, struct error *err);
/*
 * The server carried them out.  MOVE, COPY, APPEND: where `uid` is known under
 * the target folder's UIDVALIDITY, the target gets it; else the item is
 * SETTLING until a pull of the target folder finds it, and `*ret_settling`
 * (may be NULL) says how many are.  The sources of a MOVE and what was EXPUNGEd
 * go; with `keeps_deleted` they stay hidden with \Deleted set (a server
 * without UID EXPUNGE).
 */
MUST_CHECK bool operation_done(struct store *store,
	const struct operation_outcome *outcomes, size_t n, bool keeps_deleted,
	size_t *ret_settling, struct error *err);
/*
 * PHASE_FETCH is through: every byte of `target_message` is here.  What goes to
 * a folder that is only here has arrived; it is on disk when this returns.
 */
MUST_CHECK bool operation_fetched(
	struct store *store, const int64_t *items, size_t n, struct error *err);
/* Refused for good, `text` says why in a sentence: the effect falls back. */
MUST_CHECK bool operation_failed(struct store *store, const int64_t *items,
	size_t n, const char *text, struct error *err);
/* In vain, but not for good: QUEUED again, not before `next_attempt`. */
MUST_CHECK bool operation_deferred(struct store *store, const int64_t *items,
	size_t n, int64_t next_attempt, const char *text, struct error *err);

/* Items of the account that are SETTLING in the folder (0: in any), at most
 * `max`, oldest first: `folder` and so on of the batch are not filled. */
MUST_CHECK bool operation_settling(struct store *store, int64_t account,
	int64_t folder, size_t max, struct operation_batch *ret_batch,
	struct error *err);
/* The folders of the account in which items are SETTLING, each once. */
MUST_CHECK bool operation_settling_folders(struct store *store, int64_t account,
	struct id_array *ret_folders, struct error *err);

/* ---- Activity ---- */

struct operation {
	int64_t id;
	int64_t action;
	int64_t account;
	enum operation_kind kind;
	enum operation_state state;
	int64_t folder;
	int64_t target_folder;
	uint32_t add;
	uint32_t remove;
	char *keyword;
	bool keyword_add;
	char *name; /* CREATE, RENAME; else the folder's, as it was; or NULL */
	int64_t n_items;
	int64_t n_left; /* of the items; what waits to be applied not counted */
	int64_t n_failed;
	int64_t n_kept;   /* taken away here; the server keeps them, marked as
			     deleted, since it cannot delete single ones */
	bool is_applying; /* more items will come */
	unsigned attempts;
	int64_t created;
	int64_t next_attempt; /* 0: at once */
	char *error;          /* a sentence; or NULL */
	int verb;             /* enum action_verb, of its action */
};
ARRAY_OF(operations, struct operation);

void operation_clear(struct operation *operation);
void operations_clear(struct operations *operations);
/* Newest first, at most `max`: all that wait, run or failed; with `finished`
 * also what is done or was cancelled. */
MUST_CHECK bool operation_load_all(struct store *store, bool finished,
	size_t max, struct operations *ret_operations, struct error *err);
enum found operation_load(struct store *store, int64_t id,
	struct operation *ret_operation, struct error *err);
/* Of the one message an operation is about, as far as it is known; else NULL.
 * The caller frees. */
MUST_CHECK bool operation_subject(struct store *store,
	const struct operation *operation, char **ret_subject,
	struct error *err);
/* For the status line: operations that wait (in the account, 0: in all), those
 * that failed, and of these the ones nobody looked at. */
struct operation_counts {
	uint64_t waiting;
	uint64_t failed;
	uint64_t unseen;
};
MUST_CHECK bool operation_count(struct store *store, int64_t account,
	struct operation_counts *ret_counts, struct error *err);
/* In a transaction: all that failed has been looked at. */
MUST_CHECK bool operation_look_at(struct store *store, struct error *err);

/*
 * In a transaction each; NOT_FOUND: no such operation, or not in a state for
 * it.  Accounts and folders as in action_undo().
 */

/* What was not sent is taken back for good (undo passes it over). */
enum found operation_cancel(struct transaction *tx, int64_t id,
	struct id_array *ret_accounts, struct id_array *ret_folders,
	bool *ret_more, struct error *err);
/* A deferred one is due at once; of a failed one, what failed is appended again
 * in a new operation of the same action, and the old one dismissed. */
enum found operation_retry(struct transaction *tx, int64_t id,
	int64_t *ret_operation, struct id_array *ret_accounts,
	struct id_array *ret_folders, bool *ret_more, struct error *err);
/* A failed one has been looked at; 0: all of them. */
enum found operation_dismiss(
	struct transaction *tx, int64_t id, struct error *err);

#endif /* TERCET_STORE_OPERATION_H */
