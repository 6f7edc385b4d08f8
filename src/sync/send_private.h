/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files that send and deliver only. */
#ifndef TERCET_SYNC_SEND_PRIVATE_H
#define TERCET_SYNC_SEND_PRIVATE_H

#include "config/account.h"
#include "mail/address.h"
#include "sync/deliver.h"
#include "sync/send.h"

/* What may be held in memory of a message that is handed on whole; larger ones
 * are mapped from a file without a name. */
enum { WHOLE_IN_MEMORY = 1024 * 1024 };

/* A message in one piece; its memory or its mapping. */
struct whole {
	struct slice bytes;
	struct strbuf buf;
	void *mapped;
};
void whole_clear(struct whole *whole);
/* Of an outbox row, with CRLF; `dir` is for the file. */
MUST_CHECK bool whole_of_outbox(struct store *store, const char *dir,
	int64_t id, uint64_t size, bool bcc, bool line_feeds,
	struct whole *ret_whole, struct error *err);
/* Of what a function gives. */
MUST_CHECK bool whole_of(const char *dir, uint64_t size, bool line_feeds,
	bool (*give)(void *ctx, bool (*sink)(void *to, struct slice piece),
		void *to, struct error *err),
	void *ctx, struct whole *ret_whole, struct error *err);

void send_parse_addresses(struct slice text, struct address_list *out);
/* The account's row. */
MUST_CHECK bool send_ensure_account(struct store *store,
	const struct account_config *account, int64_t *ret_id,
	struct error *err);
/* The account's folder of that role, made where it has none; NOT_FOUND: what
 * folders it has is not known yet. */
enum found send_role_folder(const struct journal *journal, int64_t account,
	enum folder_role role, struct folder *ret_folder,
	struct journal_done *done, struct error *err);
/* Adds what one call of the journal did to what others did. */
void send_merge_done(struct journal_done *to, struct journal_done *from);

/* deliver_file.c: what is left to do for messages that were taken. */
MUST_CHECK bool deliver_file(struct deliver *deliver, struct error *err);
/* Looks whether the unconfirmed ones have come to stand in Sent. */
MUST_CHECK bool deliver_resolve(struct deliver *deliver, struct error *err);
/* deliver_command.c: by sendmail-command, in one go. */
MUST_CHECK bool deliver_by_command(struct deliver *deliver,
	const struct outbox_entry *entry, struct outbox_recipients *all,
	struct error *err);

#endif /* TERCET_SYNC_SEND_PRIVATE_H */
