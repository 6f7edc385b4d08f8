/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folders: names, what the server last said of them, and counts, which the
 * transaction that changes a placement keeps.
 */
#ifndef TERCET_STORE_FOLDER_H
#define TERCET_STORE_FOLDER_H

#include <stddef.h>

#include "mail/role.h"
#include "mail/uidset.h"
#include "store/store.h"

enum folder_state {
	FOLDER_LISTED,   /* known by name only */
	FOLDER_PARTIAL,  /* its newest messages are here */
	FOLDER_COMPLETE, /* every header is here */
};

struct folder {
	int64_t id;
	int64_t account;
	char *name;     /* UTF-8, '/' between levels */
	char *remote;   /* the server's bytes; NULL for a local folder */
	char delimiter; /* of `remote`; 0: none */
	enum folder_role role;
	bool selectable;
	bool subscribed;
	enum folder_state state;
	int pending; /* enum folder_pending: what the server was not told yet */
	/* what the server said */
	uint32_t uidvalidity;
	uint32_t uidnext;
	uint64_t highestmodseq;
	/* with what was done here since, or waits; -1 unknown */
	int64_t server_total;
	int64_t server_unread;
	int64_t synced_at; /* seconds; 0 never */
	/* counts of what is in force here */
	int64_t placed;
	int64_t unread;
	int64_t threads;
	int64_t unlinked; /* placed, but not yet in the thread view */
};

struct folders {
	struct folder *items;
	size_t n;
	size_t cap;
};

void folder_clear(struct folder *folder);
void folders_clear(struct folders *folders);

/* By account, then role, then name. `account` 0: all. */
MUST_CHECK bool folder_load_all(struct store *store, int64_t account,
	struct folders *ret_folders, struct error *err);
enum found folder_load(struct store *store, int64_t id,
	struct folder *ret_folder, struct error *err);
/* By name as people write it (exact first, then without case, then the server's
 * own bytes; "INBOX" finds the inbox), or by role. */
enum found folder_find(struct store *store, int64_t account, const char *name,
	struct folder *ret_folder, struct error *err);
/* By the server's bytes. */
enum found folder_find_remote(struct store *store, int64_t account,
	const char *remote, struct folder *ret_folder, struct error *err);
/* One that no server has. */
enum found folder_find_local(struct store *store, int64_t account,
	const char *name, struct folder *ret_folder, struct error *err);
enum found folder_find_role(struct store *store, int64_t account,
	enum folder_role role, struct folder *ret_folder, struct error *err);

/* What LIST and STATUS say of one folder. */
struct folder_listing {
	const char *name;
	const char *remote;
	char delimiter;
	enum folder_role role;
	bool selectable;
	bool subscribed;
	int64_t server_total; /* -1: not told */
	int64_t server_unread;
};

/*
 * In a transaction.  Makes the folder or updates it; an unchanged row is not
 * written.  `*ret_changed` (may be NULL) tells whether anything people see
 * changed.
 */
MUST_CHECK bool folder_save_listing(struct store *store, int64_t account,
	const struct folder_listing *listing, int64_t *ret_id,
	bool *ret_changed, struct error *err);
/* In a transaction.  Folders of the account that are not in `keep` go: at once
 * from view, their placements in slices later. */
MUST_CHECK bool folder_drop_others(struct store *store, int64_t account,
	const int64_t *keep, size_t n_keep, bool *ret_changed,
	struct error *err);
/* In a transaction. */
MUST_CHECK bool folder_save_counts(struct store *store, int64_t folder,
	int64_t server_total, int64_t server_unread, bool *ret_changed,
	struct error *err);

/* In a transaction: what the next synchronisation starts from. */
struct folder_sync {
	uint32_t uidvalidity;
	uint32_t uidnext;
	uint64_t highestmodseq;
	enum folder_state state;
};
MUST_CHECK bool folder_save_sync(struct store *store, int64_t folder,
	const struct folder_sync *sync, struct error *err);
/*
 * In a transaction.  UIDVALIDITY changed: placements lose their UIDs but stay
 * in view, and message_place() gives a fresh UID to the one that holds the
 * same message.  folder_drop_stale() then removes those the server no longer
 * has, a slice at a time; `*ret_more` tells whether any are left.
 */
MUST_CHECK bool folder_forget_uids(
	struct store *store, int64_t folder, struct error *err);
MUST_CHECK bool folder_drop_stale(
	struct store *store, int64_t folder, bool *ret_more, struct error *err);

/* How somebody chose to see it, by threads or by messages; also of folders over
 * several accounts, whose ids are below 0.  Saving is in a transaction. */
enum found folder_view_load(struct store *store, int64_t folder,
	bool *ret_threads, struct error *err);
MUST_CHECK bool folder_view_save(
	struct store *store, int64_t folder, bool threads, struct error *err);

/* How many of the server's messages are here: not `placed` where some are
 * hidden, or wait for the server to know of them. */
MUST_CHECK bool folder_held(struct store *store, int64_t folder,
	uint64_t *ret_n, struct error *err);
/* The UIDs placed there, as the server numbers them. */
MUST_CHECK bool folder_uids(struct store *store, int64_t folder,
	struct uidset *ret_uids, struct error *err);

#endif /* TERCET_STORE_FOLDER_H */
