/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An account's IMAP session together with the store it fills: connects with
 * the account's credentials, keeps track of the selected folder, and turns
 * what the server says into batches of rows.
 *
 * Threads: one session belongs to one thread, with its store handle.
 */
#ifndef TERCET_SYNC_SESSION_H
#define TERCET_SYNC_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "base/thread.h"
#include "config/config.h"
#include "net/imap.h"
#include "store/account.h"
#include "store/folder.h"
#include "sync/event.h"
#include "sync/ingest.h"

/* What the session's owner sets once. */
struct session_options {
	const struct config *config;          /* borrowed */
	const struct account_config *account; /* borrowed, of `config` */
	int64_t account_id;
	struct store *store;   /* borrowed */
	struct cancel *cancel; /* borrowed */
	bool read_only;
	/* Takes the event.  Required. */
	void (*tell)(void *ctx, struct event *event);
	/* Something more urgent waits; NULL: never. */
	bool (*is_interrupted)(void *ctx);
	void *ctx;
};

/* The folder that is selected. */
struct selected {
	int64_t folder; /* 0: none */
	char *remote;
	uint32_t exists;
	uint32_t uidvalidity;
	uint32_t uidnext;
	bool confirmed; /* UIDVALIDITY is known to be the store's */
	bool has_news;  /* more messages than were fetched */
	bool is_dirty;  /* something was said that needs a new look */
	/* Without QRESYNC: the UID at each position, 0 unknown. */
	uint32_t *uids;
	size_t n_uids, cap_uids;
	bool tracks_positions;
};

struct session {
	struct session_options options;
	struct endpoint endpoint;
	char *password; /* given by a person; wiped */
	struct imap *imap;
	struct imap_handler handler;
	struct selected at;
	struct ingest ingest;
	/* A failure to write, met where no error can be returned. */
	struct error failed;
	/* STATUS answers that wait to be written. */
	struct imap_mailboxes statuses;
	bool tree_changed;
	/* Folders whose STATUS differs from what is here. */
	struct id_array due;
	/* Who wants bodies at the moment. */
	void (*bodies)(void *ctx, struct imap_fetch *fetch);
	void *bodies_ctx;
	int64_t told_us;      /* when changes were last told */
	int64_t empty_folder; /* said to be empty by the session before */
};

void session_init(
	struct session *session, const struct session_options *options);
/* Closes what is open, wipes the password. */
void session_clear(struct session *session);
/* Replaces the password given by a person; takes it. */
void session_set_password(struct session *session, char *password);

bool session_is_open(const struct session *session);
/* Connects and logs in. */
MUST_CHECK bool session_open(struct session *session, struct error *err);
void session_close(struct session *session);

/* LIST into the store.  `*ret_changed`: the tree looks different now. */
MUST_CHECK bool session_list(struct session *session, struct error *err);
/*
 * LIST and SELECT INBOX in one round trip, then as session_list and
 * session_select.
 */
MUST_CHECK bool session_list_and_select_inbox(struct session *session,
	struct imap_selected *ret_selected, struct folder *ret_inbox,
	struct error *err);
/* SELECT (EXAMINE under read-only), asking for changes where QRESYNC is. */
MUST_CHECK bool session_select(struct session *session,
	const struct folder *folder, struct imap_selected *ret_selected,
	struct error *err);

/* Writes what waits; reports a failure met in a handler. */
MUST_CHECK bool session_flush(struct session *session, struct error *err);
/* Writes STATUS answers that wait, and adds to `due`. */
MUST_CHECK bool session_save_statuses(
	struct session *session, struct error *err);

/*
 * Whether the folder's headers are brought without being asked for: the
 * subscribed ones and those with a role, all where nothing is subscribed.
 * Folders that repeat what others hold wait until they are opened.
 */
bool session_wants_folder(const struct folder *folder, bool any_subscribed);

bool session_is_interrupted(const struct session *session);
/* Tells that the selected folder looks different; at most ten a second unless
 * `now`. */
void session_tell_folder(struct session *session, bool now);
void session_tell(struct session *session, enum event_type type);
void session_tell_progress(struct session *session, enum progress_kind kind,
	uint64_t done, uint64_t total);

#endif /* TERCET_SYNC_SESSION_H */
