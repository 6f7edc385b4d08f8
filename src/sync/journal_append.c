/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that begin here and go to a server's folder. */
#include <stdlib.h>

#include "base/gettext.h"
#include "store/message.h"
#include "sync/ingest.h"
#include "sync/journal_private.h"

bool
journal_append(const struct journal *journal, int64_t folder,
	struct slice bytes, const struct flags *flags, int64_t received,
	int64_t *ret_message, struct journal_done *ret_done, struct error *err)
{
	struct folder to CLEANUP(folder_clear) = { 0 };
	struct ingest_letter letter CLEANUP(ingest_letter_clear) = { 0 };
	struct act act CLEANUP(act_end) = { 0 };
	const struct account_config *config = NULL;
	struct operation_new new = { .kind = OPERATION_APPEND,
		.target_folder = folder };
	int64_t placement = 0;
	int64_t operation = 0;

	*ret_done = (struct journal_done){ 0 };
	if (!journal_may_write(journal, err) ||
		!journal_folder(journal, folder, &to, err) ||
		!journal_account(journal, to.account, &config, err))
		return false;
	if (journal->dry_run) {
		ret_done->n = 1;
		ret_done->verb = ACTION_APPEND;
		return true;
	}
	new.account = to.account;
	new.local = journal_is_local(config, &to);
	/* All of it or nothing: what is not to be sent must not be seen. */
	if (!ingest_letter_begin(journal->store, to.account, folder, bytes,
		    flags, received, &letter, err) ||
		!act_begin(&act, journal, ACTION_APPEND, to.name, err) ||
		!ingest_letter_place(journal->store, &letter, ret_message,
			&placement, err) ||
		!operation_append_message(&act.tx, act.done.action, &new,
			placement, &operation, err))
		return false;
	act_touch(&act, to.account, folder);
	act.done.n = 1;
	return act_commit(&act, ret_done, err);
}
