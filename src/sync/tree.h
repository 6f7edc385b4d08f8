/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account's folders: what LIST and STATUS say, into the store. */
#ifndef TERCET_SYNC_TREE_H
#define TERCET_SYNC_TREE_H

#include "sync/session.h"

/*
 * LIST into the store, STATUS with it.  Folders whose STATUS differs from what
 * is here go to `due`, those of which it proves that nothing happened to
 * `settled`.  A folder that is listed no more goes, once STATUS says that it
 * does not exist; INBOX always does.
 */
MUST_CHECK bool tree_pull(struct session *session, struct error *err);
/*
 * The same, with INBOX selected in the same round trip; STATUS may be missing.
 * Without an inbox in `*ret_inbox` (id 0) the server would not select it.
 */
MUST_CHECK bool tree_pull_and_select_inbox(struct session *session,
	struct imap_selected *ret_selected, struct folder *ret_inbox,
	struct error *err);
/* Writes STATUS answers that wait, and adds to `due`. */
MUST_CHECK bool tree_save_statuses(struct session *session, struct error *err);

/*
 * In which order folders are brought without being asked for: those with a
 * role and the subscribed ones, then the others.  -1: not before it is opened;
 * it cannot be, or repeats what others hold.
 */
enum { TREE_RANKS = 2 };
int tree_rank(const struct folder *folder);

#endif /* TERCET_SYNC_TREE_H */
