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
#include "sync/positions.h"

/* What the session's owner sets once. */
struct session_options {
	const struct config *config;          /* borrowed */
	const struct account_config *account; /* borrowed, of `config` */
	int64_t account_id;
	struct store *store;   /* borrowed */
	const char *store_dir; /* borrowed; NULL: no other process uses it */
	struct cancel *cancel; /* borrowed */
	bool read_only;
	int timeout_s; /* for each answer; 0: as long as each step may take */
	bool watches;  /* stays in a folder to hear what happens there */
	/* Takes the event.  Required. */
	void (*tell)(void *ctx, struct event *event);
	/* Something more urgent waits; NULL: never. */
	bool (*is_interrupted)(void *ctx);
	void *ctx;
};

/* The folder that is selected. */
struct selected {
	int64_t folder; /* 0: none */
	uint32_t exists;
	uint64_t removed; /* messages told to have gone, since SELECT */
	uint32_t uidvalidity;
	bool has_news;         /* messages came since SELECT, not fetched yet */
	bool is_dirty;         /* something was said that needs a new look */
	bool bodies_only;      /* whatever else is said goes unheard */
	bool read_only;        /* the server takes no changes to it */
	bool keywords_allowed; /* any */
	struct flags permanent_flags; /* borrowed, until the next SELECT */
	bool tracks_positions;        /* no QRESYNC */
	bool is_unnamed; /* the folder's row is yet to be made; headers wait */
	uint64_t shown;  /* of ingest.n_placed: linked and told */
	struct positions positions;
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
	/* Folders whose STATUS differs from what is here, each once. */
	struct id_array due;
	/* Folders that nothing happened to, as LIST with STATUS told. */
	struct id_array settled;
	/* Who wants bodies at the moment. */
	void (*bodies)(void *ctx, struct imap_fetch *fetch);
	void *bodies_ctx;
	int64_t told_us; /* when changes were last told */
	int64_t told_progress_us;
	enum progress_kind told_kind;
	unsigned unfinished; /* bits of kinds whose end is yet to be told */
	uint64_t texts_done; /* since none was wanted */
	int64_t heard_us;    /* of the first FETCH since it was set to 0 */
	/* Folders that a session before this one found empty. */
	struct id_array emptied;
	/* Facts of the certificate that made opening fail; or NULL. */
	char *certificate;
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

/*
 * SELECT (EXAMINE under read-only).  With `changes`, what happened since the
 * store's last look is asked for where QRESYNC can tell; without, only bodies
 * are wanted and all else goes unheard.
 */
MUST_CHECK bool session_select(struct session *session,
	const struct folder *folder, bool changes,
	struct imap_selected *ret_selected, struct error *err);
/* Counts as selected what a SELECT outside session_select() gave. */
void session_enter(struct session *session, const struct folder *folder,
	const struct imap_selected *selected);
/* Before that SELECT: headers that come with it wait for session_enter(). */
void session_expect(struct session *session);
/* Nothing counts as selected any more. */
void session_leave(struct session *session);

/* Writes what waits; reports a failure met in a handler. */
MUST_CHECK bool session_flush(struct session *session, struct error *err);

bool session_is_interrupted(const struct session *session);
/* Tells that the selected folder looks different; at most ten a second unless
 * `now`. */
void session_tell_folder(struct session *session, bool now);
void session_tell(struct session *session, enum event_type type);
/* Text or parts of a message are here now. */
void session_tell_message(struct session *session, int64_t message);
/* At most ten times a second, but for the end. */
void session_tell_progress(struct session *session, enum progress_kind kind,
	uint64_t done, uint64_t total);

#endif /* TERCET_SYNC_SESSION_H */
