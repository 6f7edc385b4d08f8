/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands that change what the server holds, for a session of imap.h; the
 * same rules hold as there.
 *
 * A refusal (ERR_REFUSED, the session lives) comes with a reason, so that the
 * caller can tell "later" from "never".  An answer that does not say clearly
 * where a message went is read as not saying it at all, and so is all that a
 * server says of it that does not offer UIDPLUS.
 */
#ifndef TERCET_NET_IMAP_CHANGE_H
#define TERCET_NET_IMAP_CHANGE_H

#include "base/array.h"
#include "net/imap.h"

/* Why the server refused (RFC 5530, RFC 9051 7.1). */
enum imap_why {
	IMAP_WHY_NONE,  /* it did not */
	IMAP_WHY_OTHER, /* NO, with no code that is known here */
	IMAP_WHY_BAD,   /* it does not understand */
	IMAP_WHY_ALREADY_EXISTS,
	IMAP_WHY_CANNOT,
	IMAP_WHY_EXPUNGE_ISSUED, /* some of the messages are gone */
	IMAP_WHY_HAS_CHILDREN,
	IMAP_WHY_IN_USE,
	IMAP_WHY_LIMIT,
	IMAP_WHY_NONEXISTENT,
	IMAP_WHY_NO_PERMISSION,
	IMAP_WHY_OVER_QUOTA,
	IMAP_WHY_READ_ONLY,
	IMAP_WHY_SERVER_BUG,
	IMAP_WHY_TOO_BIG,
	IMAP_WHY_TRY_CREATE, /* the target is not there */
	IMAP_WHY_UNAVAILABLE,
};

/* Whether the same command may go through a while later. */
bool imap_why_is_temporary(enum imap_why why);

/* Of the last SELECT. */
enum imap_why imap_select_why(const struct imap *imap);

/* Where a message went (COPYUID). */
struct imap_pair {
	uint32_t from;
	uint32_t to;
};
ARRAY_OF(imap_pairs, struct imap_pair);

enum { IMAP_PAIRS_MAX = 1000 * 1000 };

/*
 * What became of a command over a set, which may have gone out as several.
 * Filled in also where the call fails.
 */
struct imap_outcome {
	struct uidset done; /* the server said OK to these, there or not */
	enum imap_why why;  /* of the first refusal */
	/* COPY and MOVE: ascending by `from`.  What the server did not tell in
	 * full (RFC 4315 3), or told twice, is not in it. */
	struct imap_pairs pairs;
	uint32_t uidvalidity; /* of the target; 0: no pair is known */
	bool contradicts;     /* it told of several UIDVALIDITYs */
};

void imap_outcome_clear(struct imap_outcome *outcome);
/* Puts pairs in order that were added by hand. */
void imap_sort_pairs(struct imap_outcome *outcome);
/* The UID in the target; 0: unknown. */
uint32_t imap_outcome_find(const struct imap_outcome *outcome, uint32_t from);

/*
 * The following are over UIDs of the selected mailbox; those that do not
 * exist are passed over by servers without a word.  Lines stay below
 * IMAP_COMMAND_MAX bytes, and all go out before an answer is waited for.
 * `ret_outcome` is the caller's to clear, whatever is returned.
 */

/* UID STORE +FLAGS or -FLAGS; the handler hears what they are now. */
MUST_CHECK bool imap_store(struct imap *imap, const struct uidset *set,
	bool add, const struct flags *flags, struct imap_outcome *ret_outcome,
	struct error *err);
/* UID MOVE (RFC 6851), where offered. */
MUST_CHECK bool imap_move(struct imap *imap, const struct uidset *set,
	const char *mailbox, struct imap_outcome *ret_outcome,
	struct error *err);
MUST_CHECK bool imap_copy(struct imap *imap, const struct uidset *set,
	const char *mailbox, struct imap_outcome *ret_outcome,
	struct error *err);
/* UID EXPUNGE (RFC 4315 2.1), where offered. */
MUST_CHECK bool imap_expunge(struct imap *imap, const struct uidset *set,
	struct imap_outcome *ret_outcome, struct error *err);
/* Which of them exist. */
MUST_CHECK bool imap_search_in(struct imap *imap, const struct uidset *set,
	struct uidset *ret_there, struct error *err);

/* A message to be put into a mailbox; all is borrowed. */
struct imap_append {
	const char *mailbox;
	/*
	 * Gives the message in pieces to `sink`, from its beginning, until that
	 * returns false; called to count and again to send.  What is sent has
	 * CRLF for every line end.
	 */
	bool (*give)(void *ctx, bool (*sink)(void *to, struct slice piece),
		void *to, struct error *err);
	void *ctx;
	const struct flags *flags; /* or NULL */
	int64_t date; /* INTERNALDATE, seconds; 0: the server's now */
};

/* Leaves the selected mailbox without expunging anything in it. */
MUST_CHECK bool imap_unselect(struct imap *imap, struct error *err);

/* APPENDUID; 0: not told. */
struct imap_appended {
	uint32_t uidvalidity;
	uint32_t uid;
};

/*
 * Sent piece by piece.  Small messages go out at once where LITERAL+ allows
 * it; before a large one the server is asked, so that one over quota is not
 * sent in vain.
 */
MUST_CHECK bool imap_append(struct imap *imap, const struct imap_append *append,
	struct imap_appended *ret_appended, enum imap_why *ret_why,
	struct error *err);

/*
 * Mailboxes, by the server's names.  A mailbox that is selected must be left
 * before it is renamed or deleted.
 */
MUST_CHECK bool imap_create(struct imap *imap, const char *mailbox,
	enum imap_why *ret_why, struct error *err);
MUST_CHECK bool imap_rename(struct imap *imap, const char *from, const char *to,
	enum imap_why *ret_why, struct error *err);
MUST_CHECK bool imap_delete(struct imap *imap, const char *mailbox,
	enum imap_why *ret_why, struct error *err);
MUST_CHECK bool imap_subscribe(struct imap *imap, const char *mailbox,
	bool subscribe, enum imap_why *ret_why, struct error *err);

/* RFC 4314 2.1. */
enum imap_right {
	IMAP_RIGHT_READ = 1 << 0,            /* r */
	IMAP_RIGHT_SEEN = 1 << 1,            /* s */
	IMAP_RIGHT_FLAGS = 1 << 2,           /* w: all but \Seen, \Deleted */
	IMAP_RIGHT_INSERT = 1 << 3,          /* i */
	IMAP_RIGHT_CREATE = 1 << 4,          /* k, c */
	IMAP_RIGHT_DELETE_MAILBOX = 1 << 5,  /* x, c or d */
	IMAP_RIGHT_DELETE_MESSAGES = 1 << 6, /* t, d */
	IMAP_RIGHT_EXPUNGE = 1 << 7,         /* e, d */
	IMAP_RIGHTS_ALL = (1 << 8) - 1,
};

/* MYRIGHTS; all of them where the server does not speak ACL or does not say. */
MUST_CHECK bool imap_myrights(struct imap *imap, const char *mailbox,
	uint32_t *ret_rights, struct error *err);

#endif /* TERCET_NET_IMAP_CHANGE_H */
