/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outbox: messages on their way out, bytes and all, as rows that a crash or
 * a power cut leaves whole.  sync/send.h puts them in, sync/deliver.h sends
 * them; doc/adr/0032-outbox.md has the states and why they are as they are.
 *
 * Functions make their own transactions, durable ones where losing the step
 * would lose a message or send it twice.  Who delivers holds the account's lock
 * (deliver.h): only then does a row go into and out of OUTBOX_SENDING.
 */
#ifndef TERCET_STORE_OUTBOX_H
#define TERCET_STORE_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/address.h"
#include "store/store.h"

enum {
	OUTBOX_SLICE_BYTES = 256 * 1024,
	OUTBOX_SLICES_MAX = 65536,
	OUTBOX_HEADER_MAX = 1024 * 1024,
	OUTBOX_RECIPIENTS_MAX = 2000,
	OUTBOX_KEPT_S = 30 * 24 * 3600, /* rows of what is over */
};

/* Kept in the store: only ever added to. */
enum outbox_state {
	OUTBOX_BUILDING, /* its bytes are being written; nobody sees it */
	OUTBOX_HELD,     /* until a time, or until somebody says so */
	OUTBOX_QUEUED,
	OUTBOX_SENDING,
	OUTBOX_DEFERRED,    /* tried in vain, not for good */
	OUTBOX_UNCONFIRMED, /* sent whole, and no verdict read */
	OUTBOX_FAILED,      /* somebody was refused for good */
	OUTBOX_SENT,
	OUTBOX_CANCELLED,
	OUTBOX_STATES,
};
/* "held", "queued", ...: what --json prints. */
const char *outbox_state_name(enum outbox_state state);

enum outbox_fate {
	OUTBOX_WAITS,
	OUTBOX_DOUBTED,  /* the end of the message was sent; no verdict yet */
	OUTBOX_TAKEN,    /* 250 was read */
	OUTBOX_REJECTED, /* 5xx */
};

struct outbox_recipient {
	int n;
	char *address;
	enum outbox_fate fate;
	int code;    /* of the last reply; 0: none */
	char *reply; /* the server's words; or NULL */
};
ARRAY_OF(outbox_recipients, struct outbox_recipient);
void outbox_recipients_clear(struct outbox_recipients *recipients);

struct outbox_entry {
	int64_t id;
	int64_t account;
	enum outbox_state state;
	int64_t created;
	int64_t hold_until; /* HELD: 0: by hand */
	unsigned attempts;
	int64_t next_attempt; /* 0: at once */
	int64_t changed;
	bool is_filed;
	bool eight_bit;
	bool utf8;
	bool forwards;
	int64_t answers; /* message; 0: none */
	int64_t draft;   /* 0: none */
	uint64_t size;
	char *message_id;
	char *sender;
	char *subject; /* or NULL */
	struct address_list to;
	char *error; /* a sentence; or NULL */
	/* recipients, by fate */
	size_t n_waiting, n_doubted, n_taken, n_rejected;
};
ARRAY_OF(outbox_entries, struct outbox_entry);
void outbox_entry_clear(struct outbox_entry *entry);
void outbox_entries_clear(struct outbox_entries *entries);

/* ---- putting in ---- */

struct outbox_new {
	int64_t account;
	const char *sender; /* of the envelope; "" for none */
	const char *message_id;
	const char *subject;           /* or NULL */
	const struct address_list *to; /* for people */
	const char *const *recipients; /* of the envelope */
	size_t n_recipients;           /* from 1 */
	struct slice header; /* with CRLF, without Bcc and the empty line */
	struct slice bcc;    /* the whole field with CRLF; or empty */
	bool eight_bit;
	bool utf8;
	bool forwards;
	int64_t answers;
	int64_t draft;
};
/* A row that is being built.  ERR_LIMIT; ERR_INVALID without recipients. */
MUST_CHECK bool outbox_begin(struct store *store, const struct outbox_new *new,
	int64_t *ret_id, struct error *err);
/* At most OUTBOX_SLICE_BYTES: from the empty line on. */
MUST_CHECK bool outbox_add_slice(
	struct store *store, int64_t id, struct slice bytes, struct error *err);
/*
 * Queued, or held until `hold_until` (0: not; -1: by hand), and on disk when it
 * returns.  Its draft is put aside until it is over.
 */
MUST_CHECK bool outbox_finish(
	struct store *store, int64_t id, int64_t hold_until, struct error *err);
/* Instead: as if it had never been. */
MUST_CHECK bool outbox_discard(
	struct store *store, int64_t id, struct error *err);

/* ---- looking ---- */

/* Newest first, at most `max`, of the account (0: all); with `finished` also
 * what was sent or cancelled. */
MUST_CHECK bool outbox_load_all(struct store *store, int64_t account,
	bool finished, size_t max, struct outbox_entries *ret_entries,
	struct error *err);
enum found outbox_load(struct store *store, int64_t id,
	struct outbox_entry *ret_entry, struct error *err);
MUST_CHECK bool outbox_load_recipients(struct store *store, int64_t id,
	struct outbox_recipients *ret_recipients, struct error *err);
/* All of the message, in pieces; with `bcc` as it goes to Sent.  NOT_FOUND:
 * its bytes are no longer kept. */
enum found outbox_stream(struct store *store, int64_t id, bool bcc,
	bool (*sink)(void *ctx, struct slice piece), void *ctx,
	struct error *err);

struct outbox_counts {
	uint64_t waiting; /* held, queued, sending, deferred */
	uint64_t failed;
	uint64_t unconfirmed;
};
/* Of the account (0: all).  Cheap. */
MUST_CHECK bool outbox_counts(struct store *store, int64_t account,
	struct outbox_counts *ret_counts, struct error *err);

/* ---- delivering ---- */

/*
 * The oldest that may be sent at `now` (seconds).  NOT_FOUND: `*ret_next` is
 * when one may be, 0: none.
 */
enum found outbox_next(struct store *store, int64_t account, int64_t now,
	struct outbox_entry *ret_entry, int64_t *ret_next, struct error *err);
/* Who was at it has died: QUEUED again, or UNCONFIRMED where the end of the
 * message had been sent. */
MUST_CHECK bool outbox_recover(
	struct store *store, int64_t account, struct error *err);
/* SENDING, one attempt more.  NOT_FOUND: it is no longer to be sent. */
enum found outbox_sending(struct store *store, int64_t id, struct error *err);
/* Before the end of the message is sent: these may have it from now on.
 * Durable. */
MUST_CHECK bool outbox_doubt(struct store *store, int64_t id, const int *ns,
	size_t n, struct error *err);
/*
 * What came of an attempt: the recipients' fates, codes and replies (those left
 * out stay), and the row's state from all of them.  Durable.  `next_attempt`
 * and `why` are for what still waits; `why` may be NULL.
 */
MUST_CHECK bool outbox_settle(struct store *store, int64_t id,
	const struct outbox_recipient *recipients, size_t n,
	int64_t next_attempt, const char *why, enum outbox_state *ret_state,
	struct error *err);
/* Refused as a whole, before anybody was asked. */
MUST_CHECK bool outbox_fail(
	struct store *store, int64_t id, const char *why, struct error *err);
/* All that wait, since the server cannot be reached: not before then. */
MUST_CHECK bool outbox_defer_all(struct store *store, int64_t account,
	int64_t now, int64_t next_attempt, const char *why, struct error *err);
/* Deferred ones need not wait for their time. */
MUST_CHECK bool outbox_hurry(
	struct store *store, int64_t account, struct error *err);
/* The oldest that somebody took and that has no copy in Sent yet, or is over
 * and was not looked at since. */
enum found outbox_next_unfiled(struct store *store, int64_t account,
	struct outbox_entry *ret_entry, struct error *err);
/* It has its copy, or needs none; bytes of what is over are given up. */
MUST_CHECK bool outbox_filed(
	struct store *store, int64_t id, struct error *err);
/* Whether a message of that Message-ID, received at `since` or later, stands in
 * the folder. */
MUST_CHECK bool outbox_stands_in(struct store *store, int64_t folder,
	const char *message_id, int64_t since, bool *ret, struct error *err);
/* The unconfirmed ones, oldest first, at most `max`. */
MUST_CHECK bool outbox_unconfirmed(struct store *store, int64_t account,
	size_t max, struct outbox_entries *ret_entries, struct error *err);
/* Rows that were never finished, and those long over. */
MUST_CHECK bool outbox_purge(
	struct store *store, int64_t account, int64_t now, struct error *err);

/* ---- by a person's word ---- */

/* Durable each.  NOT_FOUND: there is none, or its state does not allow it. */

/* Waits for outbox_retry(), or until `until` (seconds) where that is not 0. */
enum found outbox_hold(
	struct store *store, int64_t id, int64_t until, struct error *err);
/* Held or deferred: at once.  Failed: those refused are tried again.
 * Unconfirmed: is sent again, to those in doubt too. */
enum found outbox_retry(struct store *store, int64_t id, struct error *err);
/* Unconfirmed: it did arrive. */
enum found outbox_confirm(struct store *store, int64_t id, struct error *err);
/* Not to be sent (any more); not while it is being sent.  `*ret_draft` is what
 * it was written as and can be edited again; 0: none. */
enum found outbox_cancel(
	struct store *store, int64_t id, int64_t *ret_draft, struct error *err);

#endif /* TERCET_STORE_OUTBOX_H */
