/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Putting messages into the outbox, and keeping drafts.  When a function of
 * sending returns true, the message is on disk and will be sent, whatever
 * happens to this process; whoever runs the engine is then to be woken
 * (engine_wake(), engine_notify()).
 *
 * Threads: any, each through its own struct store.  Reads attachments; touches
 * no network.
 */
#ifndef TERCET_SYNC_SEND_H
#define TERCET_SYNC_SEND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "compose/draft.h"
#include "config/config.h"
#include "store/outbox.h"
#include "store/store.h"
#include "sync/journal.h"

/* Values of `hold_until` that are no time. */
enum { SEND_AT_ONCE = 0, SEND_HELD = -1 };

/* The account whose own the address is; else (or for NULL) the first that can
 * send; NULL: none can. */
const struct account_config *send_account(
	const struct config *config, const char *address);
/* Whether the account has a way to send. */
bool send_is_possible(const struct account_config *account);

/*
 * The draft, by the account of that id.  `draft_id` is its row (store/draft.h)
 * or 0; it is put aside and goes when the message was sent.  ERR_INVALID: what
 * is missing or wrong in it.
 */
MUST_CHECK bool send_draft(struct store *store, int64_t account,
	const struct draft *draft, int64_t draft_id, int64_t hold_until,
	int64_t *ret_outbox, struct error *err);

/* A message that another program wrote. */
struct send_raw {
	int fd; /* a file, read from its beginning */
	uint64_t size;
	const char *const *recipients; /* beside the header's; borrowed */
	size_t n_recipients;
	bool by_header;     /* To, Cc and Bcc are recipients too */
	const char *sender; /* of the envelope; NULL: From, where it is ours */
	const char *name;   /* for From where that is missing; or NULL */
	/* NULL: whose own `sender` or From is, else the first that can. */
	const struct account_config *account;
	int64_t hold_until;
};
/* Recipients without a domain are the account's own address: mail to the
 * people of this machine.  `*ret_account` borrows from `config`. */
MUST_CHECK bool send_raw(struct store *store, const struct config *config,
	const struct send_raw *raw, int64_t *ret_outbox,
	const struct account_config **ret_account, struct error *err);

/* ---- drafts ---- */

/* Saves it durably; makes the row when `*draft_id` is 0. */
MUST_CHECK bool send_save_draft(struct store *store, int64_t account,
	const struct draft *draft, int64_t *draft_id, struct error *err);
enum found send_load_draft(struct store *store, int64_t draft_id,
	struct draft *ret_draft, int64_t *ret_account, struct error *err);
/*
 * Puts a copy of it into the account's Drafts folder, by the journal, and
 * removes the one before only then.  Nothing where that copy is up to date.
 */
MUST_CHECK bool send_keep_draft(const struct journal *journal, int64_t draft_id,
	struct journal_done *ret_done, struct error *err);
/* Thrown away, with its copy. */
MUST_CHECK bool send_drop_draft(const struct journal *journal, int64_t draft_id,
	struct journal_done *ret_done, struct error *err);

/* An attachment that is a section of a stored message, for
 * build_options.read; `ctx` is a struct store. */
bool send_read_section(void *ctx, const struct draft_attachment *attachment,
	bool (*sink)(void *to, struct slice piece), void *to,
	struct error *err);

#endif /* TERCET_SYNC_SEND_H */
