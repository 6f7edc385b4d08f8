/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person does to mail, made durable: each function applies it to the
 * store and appends the rows from which the accounts' workers repeat it on
 * their servers, in one transaction of a few milliseconds.  No crash separates
 * the two.  What does not fit (thousands of messages) is one durable intent
 * that the housekeeper applies in slices; callers show its effect meanwhile
 * from the ids they passed.
 *
 * Afterwards the caller wakes the workers of `done.accounts` (engine_wake()),
 * and the housekeeper where `done.n_waiting` is not 0, and looks at
 * `done.folders` again.
 *
 * Threads: any, each through its own struct store.  Never touches a network.
 */
#ifndef TERCET_SYNC_JOURNAL_H
#define TERCET_SYNC_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "config/config.h"
#include "mail/flags.h"
#include "store/action.h"
#include "store/operation.h"
#include "store/store.h"

/* What every call needs; everything is borrowed. */
struct journal {
	struct store *store;
	const struct config *config; /* which folder is the Archive, ... */
	bool read_only; /* every call is ERR_REFUSED, and says "--read-only" */
	bool dry_run;   /* counts what would be done, and changes nothing */
	bool automatic; /* nobody asked for it: no step of undo */
};

/* Which messages. */
enum journal_what {
	JOURNAL_MESSAGES,      /* ids of placements */
	JOURNAL_CONVERSATIONS, /* ids of conversations: what stands in `folder`
				*/
	JOURNAL_UNREAD,        /* of `folder` */
	JOURNAL_FOLDER,        /* all that stands in `folder` */
};
struct journal_targets {
	enum journal_what what;
	/*
	 * Where they stand.  For JOURNAL_MESSAGES it may be 0: then each is
	 * looked up (3 us), and they may stand in several folders and accounts.
	 */
	int64_t folder;
	const int64_t *ids;
	size_t n;
};

/* What became of it. */
struct journal_done {
	int64_t action; /* 0: nothing was changed */
	enum action_verb verb;
	char *target;       /* owned; a folder's name or a keyword; or NULL */
	uint64_t n;         /* messages it took effect on */
	uint64_t n_waiting; /* messages still to be applied */
	uint64_t n_skipped; /* gone, or as wanted already */
	uint64_t n_missed;  /* of undo and redo: left as they were */
	bool transfers;     /* to another account, or a server's from or to one
			       that is only here: copied, then removed */
	bool keeps;         /* of deleting for good: a server can only mark */
	bool is_undo;       /* of that action */
	bool is_redo;
	struct id_array accounts; /* to be woken */
	struct id_array folders;  /* that look different now */
};
void journal_done_clear(struct journal_done *done);

/*
 * A flag both added and removed is ERR_INVALID.  Several keywords make several
 * operations of one action.
 */
MUST_CHECK bool journal_flag(const struct journal *journal,
	const struct journal_targets *targets, const struct flags *add,
	const struct flags *remove, struct journal_done *ret_done,
	struct error *err);
/*
 * To a folder of any account.  From another one, or between a server's folder
 * and one that is only here, a message is fetched whole, put there, and taken
 * away only when it is there for good; the store shows it moved at once.
 */
MUST_CHECK bool journal_move(const struct journal *journal,
	const struct journal_targets *targets, int64_t folder,
	struct journal_done *ret_done, struct error *err);
MUST_CHECK bool journal_copy(const struct journal *journal,
	const struct journal_targets *targets, int64_t folder,
	struct journal_done *ret_done, struct error *err);
/* To each account's own folder of that role, made when there is none. */
MUST_CHECK bool journal_archive(const struct journal *journal,
	const struct journal_targets *targets, struct journal_done *ret_done,
	struct error *err);
/*
 * To the Trash.  What stands in the Trash, or in the Junk where that is, stays
 * unless `for_good`: then it is deleted from the server, wherever it stands.
 * journal_is_for_good() tells whether to ask first.
 */
MUST_CHECK bool journal_delete(const struct journal *journal,
	const struct journal_targets *targets, bool for_good,
	struct journal_done *ret_done, struct error *err);
/* Whether the folder is one that is deleted from for good. */
MUST_CHECK bool journal_is_for_good(const struct journal *journal,
	int64_t folder, bool *ret, struct error *err);
/* To the Junk with $Junk, or to the inbox with $NotJunk. */
MUST_CHECK bool journal_spam(const struct journal *journal,
	const struct journal_targets *targets, bool is_spam,
	struct journal_done *ret_done, struct error *err);
MUST_CHECK bool journal_mark_read(const struct journal *journal, int64_t folder,
	struct journal_done *ret_done, struct error *err);

/* A whole message, which is kept here and sent to the server's folder. */
MUST_CHECK bool journal_append(const struct journal *journal, int64_t folder,
	struct slice bytes, const struct flags *flags, int64_t received,
	int64_t *ret_message, struct journal_done *ret_done, struct error *err);

/* Names as people write them, '/' between levels. */
MUST_CHECK bool journal_folder_create(const struct journal *journal,
	int64_t account, const char *name, int64_t *ret_folder,
	struct journal_done *ret_done, struct error *err);
MUST_CHECK bool journal_folder_rename(const struct journal *journal,
	int64_t folder, const char *name, struct journal_done *ret_done,
	struct error *err);
/* With all that stands in it: once the server has done it, nothing brings it
 * back.  ERR_REFUSED: the inbox, or folders stand below it. */
MUST_CHECK bool journal_folder_delete(const struct journal *journal,
	int64_t folder, struct journal_done *ret_done, struct error *err);
MUST_CHECK bool journal_folder_subscribe(const struct journal *journal,
	int64_t folder, bool subscribed, struct journal_done *ret_done,
	struct error *err);

/*
 * The newest action that stands, or the one last undone.  Nothing to undo:
 * true with `action` 0.  ERR_REFUSED: it cannot be undone, and the sentence
 * says what; asking again takes the one before.
 */
MUST_CHECK bool journal_undo(const struct journal *journal,
	struct journal_done *ret_done, struct error *err);
MUST_CHECK bool journal_redo(const struct journal *journal,
	struct journal_done *ret_done, struct error *err);

/* ---- Activity ---- */

/* A row, as product's activity object has it; owned. */
struct journal_entry {
	int64_t id;
	int64_t account;
	char *account_name;
	enum operation_kind kind;
	enum operation_state state;
	char *text;   /* "Move 3 messages to Archive" */
	char *target; /* folder or keyword, or NULL */
	uint64_t n;
	uint64_t n_left;
	unsigned attempts;
	int64_t created;
	int64_t next_attempt;
	char *error; /* a sentence, or NULL */
};
ARRAY_OF(journal_entries, struct journal_entry);
void journal_entries_clear(struct journal_entries *entries);
/* Newest first. */
MUST_CHECK bool journal_activity(const struct journal *journal, bool finished,
	size_t max, struct journal_entries *ret_entries, struct error *err);
/* The names --json has. */
const char *journal_kind_name(enum operation_kind kind);
const char *journal_state_name(enum operation_state state);

/* ERR_STALE: it is no longer in a state for that. */
MUST_CHECK bool journal_cancel(const struct journal *journal, int64_t operation,
	struct journal_done *ret_done, struct error *err);
MUST_CHECK bool journal_retry(const struct journal *journal, int64_t operation,
	struct journal_done *ret_done, struct error *err);
/* All that failed has been looked at; under --read-only it is not noted. */
MUST_CHECK bool journal_look_at(
	const struct journal *journal, struct error *err);
/* 0: all that failed. */
MUST_CHECK bool journal_dismiss(
	const struct journal *journal, int64_t operation, struct error *err);

/* "Archived 3 messages", "Undone: archived 3 messages", "Nothing to undo";
 * appended. */
void journal_sentence(const struct journal_done *done, struct strbuf *out);

#endif /* TERCET_SYNC_JOURNAL_H */
