/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Windows of a folder's list, newest first: by message or by thread.  The cost
 * is that of the rows asked for, whatever the folder holds: positions are
 * keys, not numbers.
 */
#ifndef TERCET_STORE_LIST_H
#define TERCET_STORE_LIST_H

#include "base/array.h"
#include "mail/flags.h"
#include "store/folder.h"
#include "store/store.h"

enum { LIST_ROWS_MAX = 1000, LIST_PEOPLE_MAX = 6 };

/* A position in the list: its row, or the gap where it would be. */
struct list_key {
	int64_t date; /* received, of the thread's newest */
	int64_t id;   /* placement; of a thread, its newest */
};

struct list_person {
	char *name; /* for people: display name or local part */
	char *address;
	bool unread;
};

struct list_row {
	struct list_key key;
	int64_t placement;
	int64_t message;
	int64_t conversation; /* 0: not linked */
	int64_t folder;
	enum folder_role role; /* of the folder */
	int64_t account;
	int64_t received;
	uint32_t uid;
	char *subject; /* may be NULL */
	char *snippet; /* may be NULL */
	char *list_id; /* may be NULL */
	/* of the thread's messages, oldest first, each once; of one message its
	 * From */
	struct list_person people[LIST_PEOPLE_MAX];
	int n_people;
	int more_people;
	/* of the thread: any of its messages; answered: its newest */
	struct flags flags;
	bool unread;
	bool flagged;
	int attachments;
	int thread_size; /* 1 outside thread view */
	int thread_unread;
	int depth; /* in an opened thread */
	uint64_t size;
	int state; /* enum message_state */
};

struct list_rows {
	struct list_row *items;
	size_t n;
	size_t cap;
};

void list_row_clear(struct list_row *row);
void list_rows_clear(struct list_rows *rows);

struct list_query {
	int64_t folder;
	bool threads;  /* one row a thread: its newest message */
	bool to_shown; /* people are the recipients (sent, drafts) */
	/* Several folders in one list, as of several accounts the inboxes;
	 * borrowed, `folder` does not count then.  A row says which it stands
	 * in.  Costs what so many lists cost.  NULL: `folder` alone. */
	const struct id_array *folders;
};

enum list_direction { LIST_OLDER = 1, LIST_NEWER = -1 };

/*
 * At most `max` rows from `from` on (NULL: the newest, or going newer the
 * oldest), `inclusive` of the row at `from`; always in list order, newest
 * first.
 */
MUST_CHECK bool list_load(struct store *store, const struct list_query *query,
	const struct list_key *from, bool inclusive,
	enum list_direction direction, size_t max, struct list_rows *ret_rows,
	struct error *err);
/*
 * The key of the row that is `n` rows from the one at `from`, or of the last
 * there is; `*ret_n` tells how many rows away it is, 0 where there is none.  It
 * costs a tenth of reading the rows between.
 */
MUST_CHECK bool list_skip(struct store *store, const struct list_query *query,
	const struct list_key *from, enum list_direction direction, uint64_t n,
	struct list_key *ret_key, uint64_t *ret_n, struct error *err);
/* The members of a thread that stand in the folder, oldest first, with
 * depths; at most LIST_ROWS_MAX. */
MUST_CHECK bool list_load_thread(struct store *store,
	const struct list_query *query, int64_t conversation,
	struct list_rows *ret_rows, struct error *err);
/* The whole conversation across the account's folders, oldest first. */
MUST_CHECK bool list_load_conversation(struct store *store, int64_t account,
	int64_t conversation, struct list_rows *ret_rows, struct error *err);
/* The row a placement stands in now. */
enum found list_locate(struct store *store, const struct list_query *query,
	int64_t placement, struct list_key *ret_key, struct error *err);
/* The row of a conversation in thread view. */
enum found list_locate_conversation(struct store *store,
	const struct list_query *query, int64_t conversation,
	struct list_key *ret_key, struct error *err);
/* The next unread row beyond `from`. */
enum found list_find_unread(struct store *store, const struct list_query *query,
	const struct list_key *from, enum list_direction direction,
	struct list_key *ret_key, struct error *err);

#endif /* TERCET_STORE_LIST_H */
