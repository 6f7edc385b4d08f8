/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/list.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "store/list_row.h"
#include "store/pick.h"
#include "store/private.h"

enum {
	LIST_OLDER_MESSAGES,
	LIST_NEWER_MESSAGES,
	LIST_OLDER_THREADS,
	LIST_NEWER_THREADS,
	LIST_LOCATE_MESSAGE,
	LIST_LOCATE_THREAD,
	LIST_LOCATE_CONVERSATION,
	LIST_UNREAD_OLDER,
	LIST_UNREAD_NEWER,
	LIST_UNREAD_THREAD_OLDER,
	LIST_UNREAD_THREAD_NEWER,
	LIST_STATEMENTS,
};

/* Behind them, for threads: columns 19 to 27. */
#define THREAD_COLUMNS                                                         \
	", t.newest_received, t.newest, t.size, t.unread, t.flags, "           \
	"t.keywords, t.attachments, t.people, t.more_people"

#define MESSAGE_WINDOW(op, order)                                              \
	"SELECT " ROW_COLUMNS " "                                              \
	"FROM folder f "                                                       \
	"CROSS JOIN placement p ON p.folder = f.id "                           \
	"CROSS JOIN message m ON m.id = p.message "                            \
	"WHERE f.id = ?1 AND f.dropped = 0 AND p.hidden = 0 "                  \
	"AND (p.received, p.id) " op " (?2, ?3) "                              \
	"ORDER BY p.received " order ", p.id " order " "                       \
	"LIMIT ?4"

#define THREAD_WINDOW(op, order)                                               \
	"SELECT " ROW_COLUMNS THREAD_COLUMNS " "                               \
	"FROM folder f "                                                       \
	"CROSS JOIN thread t ON t.folder = f.id "                              \
	"CROSS JOIN placement p ON p.id = t.newest "                           \
	"CROSS JOIN message m ON m.id = p.message "                            \
	"WHERE f.id = ?1 AND f.dropped = 0 "                                   \
	"AND (t.newest_received, t.newest) " op " (?2, ?3) "                   \
	"ORDER BY t.newest_received " order ", t.newest " order " "            \
	"LIMIT ?4"

#define UNREAD_MESSAGE(op, order)                                              \
	"SELECT received, id "                                                 \
	"FROM placement INDEXED BY placement_unread "                          \
	"WHERE folder = ?1 AND hidden = 0 AND (flags & 1) = 0 "                \
	"AND (received, id) " op " (?2, ?3) "                                  \
	"ORDER BY received " order ", id " order " "                           \
	"LIMIT 1"

#define UNREAD_THREAD(op, order)                                               \
	"SELECT newest_received, newest "                                      \
	"FROM thread "                                                         \
	"WHERE folder = ?1 AND unread > 0 "                                    \
	"AND (newest_received, newest) " op " (?2, ?3) "                       \
	"ORDER BY newest_received " order ", newest " order " "                \
	"LIMIT 1"

static const char *const sql[] = {
	[LIST_OLDER_MESSAGES] = MESSAGE_WINDOW("<=", "DESC"),
	[LIST_NEWER_MESSAGES] = MESSAGE_WINDOW(">=", "ASC"),
	[LIST_OLDER_THREADS] = THREAD_WINDOW("<=", "DESC"),
	[LIST_NEWER_THREADS] = THREAD_WINDOW(">=", "ASC"),
	[LIST_LOCATE_MESSAGE] = "SELECT received, id "
				"FROM placement "
				"WHERE id = ?1 AND folder = ?2 AND hidden = 0",
	[LIST_LOCATE_THREAD] =
		"SELECT t.newest_received, t.newest "
		"FROM placement p "
		"CROSS JOIN thread t ON t.conversation = p.conversation "
		"AND t.folder = p.folder "
		"WHERE p.id = ?1 AND p.folder = ?2 AND p.linked = 1 "
		"AND p.hidden = 0",
	[LIST_LOCATE_CONVERSATION] = "SELECT newest_received, newest "
				     "FROM thread "
				     "WHERE conversation = ?1 AND folder = ?2",
	[LIST_UNREAD_OLDER] = UNREAD_MESSAGE("<=", "DESC"),
	[LIST_UNREAD_NEWER] = UNREAD_MESSAGE(">=", "ASC"),
	[LIST_UNREAD_THREAD_OLDER] = UNREAD_THREAD("<=", "DESC"),
	[LIST_UNREAD_THREAD_NEWER] = UNREAD_THREAD(">=", "ASC"),
};

const struct sql_table list_sql = { SQL_LIST, LIST_STATEMENTS, sql };

/* As thread.c packs them. */
static void
read_thread_people(struct list_row *row, struct slice packed)
{
	struct slice line;

	while (slice_next_line(&packed, &line)) {
		if (line.len > 0)
			list_row_add_people(
				row, slice_skip(line, 1), line.data[0] == 'u');
	}
}

static void
read_thread(sqlite3_stmt *stmt, struct list_row *row)
{
	row->key.date = sqlite3_column_int64(stmt, 19);
	row->key.id = sqlite3_column_int64(stmt, 20);
	row->thread_size = sqlite3_column_int(stmt, 21);
	row->thread_unread = sqlite3_column_int(stmt, 22);
	flags_clear(&row->flags);
	row->flags = (struct flags){
		.bits = (uint32_t)sqlite3_column_int64(stmt, 23),
		.keywords = column_text(stmt, 24),
	};
	row->attachments = sqlite3_column_int(stmt, 25);
	row->unread = row->thread_unread > 0;
	row->flagged = (row->flags.bits & FLAG_FLAGGED) != 0;
}

/* How many folders the query is about, and which. */
static size_t
list_folders(const struct list_query *query)
{
	return query->folders ? query->folders->n : 1;
}

static int64_t
list_folder(const struct list_query *query, size_t i)
{
	return query->folders ? query->folders->items[i] : query->folder;
}

/* Bounds that include or leave out the row at `from`. */
static void
bind_bounds(sqlite3_stmt *stmt, const struct list_key *from, bool inclusive,
	bool older)
{
	struct list_key key =
		from    ? *from
		: older ? (struct list_key){ INT64_MAX, INT64_MAX }
			: (struct list_key){ INT64_MIN, INT64_MIN };

	if (from && !inclusive && older && key.id > INT64_MIN)
		key.id--;
	if (from && !inclusive && !older && key.id < INT64_MAX)
		key.id++;
	sqlite3_bind_int64(stmt, 2, key.date);
	sqlite3_bind_int64(stmt, 3, key.id);
}

static void
reverse(struct list_rows *rows)
{
	for (size_t i = 0; i < rows->n / 2; i++) {
		struct list_row other = rows->items[i];

		rows->items[i] = rows->items[rows->n - 1 - i];
		rows->items[rows->n - 1 - i] = other;
	}
}

/* Of one folder, nearest to `from` first. */
static bool
load_folder(struct store *store, const struct list_query *query, int64_t folder,
	const struct list_key *from, bool inclusive, bool older, size_t max,
	struct list_rows *rows, struct error *err)
{
	static const int which[2][2] = {
		{ LIST_OLDER_MESSAGES, LIST_NEWER_MESSAGES },
		{ LIST_OLDER_THREADS, LIST_NEWER_THREADS },
	};
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &list_sql, which[query->threads][!older], folder, err);

	if (!stmt)
		return false;
	bind_bounds(stmt, from, inclusive, older);
	sqlite3_bind_int64(stmt, 4, (int64_t)max);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct list_row *row = array_add(rows);

		list_row_read(stmt, row);
		if (query->threads)
			read_thread(stmt, row);
		if (query->threads && !query->to_shown) {
			read_thread_people(row, column_slice(stmt, 26));
			row->more_people += sqlite3_column_int(stmt, 27);
		} else {
			list_row_add_people(row,
				column_slice(stmt, query->to_shown ? 18 : 16),
				row->unread);
		}
	}
	return step == STEP_DONE;
}

static bool
is_before(const struct list_key *a, const struct list_key *b, bool older)
{
	if (a->date != b->date)
		return (a->date > b->date) == older;
	return (a->id > b->id) == older;
}

/* Where the rows nearest to some key stand, by folder. */
struct shares {
	struct pick_keys *keys; /* of each folder */
	size_t *taken;          /* of these, from the first on */
	size_t n;
};

static void
shares_clear(struct shares *shares)
{
	for (size_t i = 0; i < shares->n; i++)
		array_clear(&shares->keys[i]);
	free(shares->keys);
	free(shares->taken);
}

/* The folder whose next row is nearest; `shares->n`: there is none. */
static size_t
nearest_folder(const struct shares *shares, bool older)
{
	size_t best = shares->n;

	for (size_t i = 0; i < shares->n; i++) {
		const struct pick_keys *keys = &shares->keys[i];
		size_t at = shares->taken[i];

		if (at < keys->n &&
			(best == shares->n ||
				is_before(&keys->items[at].key,
					&shares->keys[best]
						 .items[shares->taken[best]]
						 .key,
					older)))
			best = i;
	}
	return best;
}

/*
 * Which folders the `max` nearest rows stand in, of which `*ret_n` there are;
 * `*ret_last` is the last one's key.  Rows themselves cost ten times as much,
 * and of each folder's all but a few would be thrown away.
 */
static bool
share_out(struct store *store, const struct list_query *query,
	const struct list_key *from, bool inclusive,
	enum list_direction direction, size_t max, struct shares *ret_shares,
	struct list_key *ret_last, size_t *ret_n, struct error *err)
{
	size_t n = list_folders(query);

	ret_shares->keys = xcalloc(n, sizeof(ret_shares->keys[0]));
	ret_shares->taken = xcalloc(n, sizeof(ret_shares->taken[0]));
	ret_shares->n = n;
	for (size_t i = 0; i < n; i++) {
		struct list_query one = { .folder = list_folder(query, i),
			.threads = query->threads };

		if (!pick_load_keys(store, &one, from, inclusive, direction,
			    max, &ret_shares->keys[i], err))
			return false;
	}
	for (*ret_n = 0; *ret_n < max; ++*ret_n) {
		size_t at = nearest_folder(ret_shares, direction == LIST_OLDER);

		if (at == n)
			break;
		*ret_last =
			ret_shares->keys[at].items[ret_shares->taken[at]++].key;
	}
	return true;
}

bool
list_skip(struct store *store, const struct list_query *query,
	const struct list_key *from, enum list_direction direction, uint64_t n,
	struct list_key *ret_key, uint64_t *ret_n, struct error *err)
{
	struct list_key at = *from;

	*ret_n = 0;
	while (*ret_n < n) {
		struct shares shares CLEANUP(shares_clear) = { 0 };
		size_t wanted = n - *ret_n < PICK_ROWS_MAX
					? (size_t)(n - *ret_n)
					: PICK_ROWS_MAX;
		size_t found = 0;

		if (!share_out(store, query, &at, false, direction, wanted,
			    &shares, &at, &found, err))
			return false;
		*ret_n += found;
		if (found < wanted)
			break;
	}
	*ret_key = at;
	return true;
}

/* Rows of several folders, each in the order of the list, in that order. */
static void
merge(struct list_rows *parts, size_t n, bool older, struct list_rows *ret)
{
	size_t *at CLEANUP(freep) = xcalloc(n, sizeof(*at));

	for (;;) {
		size_t best = n;
		struct list_row *row;

		for (size_t i = 0; i < n; i++) {
			if (at[i] < parts[i].n &&
				(best == n ||
					is_before(&parts[i].items[at[i]].key,
						&parts[best]
							 .items[at[best]]
							 .key,
						older)))
				best = i;
		}
		if (best == n)
			return;
		row = &parts[best].items[at[best]++];
		array_push(ret, *row);
		*row = (struct list_row){ 0 };
	}
}

/* Of several folders, the nearest first. */
static bool
load_folders(struct store *store, const struct list_query *query,
	const struct list_key *from, bool inclusive,
	enum list_direction direction, size_t max, struct list_rows *rows,
	struct error *err)
{
	struct shares shares CLEANUP(shares_clear) = { 0 };
	size_t n = list_folders(query);
	struct list_rows *parts = xcalloc(n, sizeof(*parts));
	struct list_key last;
	bool older = direction == LIST_OLDER;
	size_t found = 0;
	bool good = share_out(store, query, from, inclusive, direction, max,
		&shares, &last, &found, err);

	for (size_t i = 0; good && i < n; i++)
		good = shares.taken[i] == 0 ||
		       load_folder(store, query, list_folder(query, i), from,
			       inclusive, older, shares.taken[i], &parts[i],
			       err);
	if (good)
		merge(parts, n, older, rows);
	for (size_t i = 0; i < n; i++)
		list_rows_clear(&parts[i]);
	free(parts);
	return good;
}

bool
list_load(struct store *store, const struct list_query *query,
	const struct list_key *from, bool inclusive,
	enum list_direction direction, size_t max, struct list_rows *ret_rows,
	struct error *err)
{
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	bool older = direction == LIST_OLDER;

	if (max > LIST_ROWS_MAX)
		max = LIST_ROWS_MAX;
	if (list_folders(query) == 1
			? !load_folder(store, query, list_folder(query, 0),
				  from, inclusive, older, max, &rows, err)
			: !load_folders(store, query, from, inclusive,
				  direction, max, &rows, err))
		return false;
	if (!older)
		reverse(&rows);
	*ret_rows = rows;
	rows = (struct list_rows){ 0 };
	return true;
}

/* The key that one row of two columns holds. */
static enum found
read_key(struct store *store, sqlite3_stmt *stmt, struct list_key *ret_key,
	struct error *err)
{
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found;
	ret_key->date = sqlite3_column_int64(stmt, 0);
	ret_key->id = sqlite3_column_int64(stmt, 1);
	return FOUND;
}

/* By the statement, in the first of the folders that has it. */
static enum found
locate(struct store *store, const struct list_query *query, int which,
	int64_t id, struct list_key *ret_key, struct error *err)
{
	enum found found = NOT_FOUND;

	for (size_t i = 0; i < list_folders(query) && found == NOT_FOUND; i++) {
		sqlite3_stmt *stmt CLEANUP(statement_done) =
			statement_of(store, &list_sql, which, id, err);

		if (stmt)
			sqlite3_bind_int64(stmt, 2, list_folder(query, i));
		found = read_key(store, stmt, ret_key, err);
	}
	return found;
}

enum found
list_locate(struct store *store, const struct list_query *query,
	int64_t placement, struct list_key *ret_key, struct error *err)
{
	return locate(store, query,
		query->threads ? LIST_LOCATE_THREAD : LIST_LOCATE_MESSAGE,
		placement, ret_key, err);
}

enum found
list_locate_conversation(struct store *store, const struct list_query *query,
	int64_t conversation, struct list_key *ret_key, struct error *err)
{
	if (!query->threads || conversation == 0)
		return NOT_FOUND;
	return locate(store, query, LIST_LOCATE_CONVERSATION, conversation,
		ret_key, err);
}

enum found
list_find_unread(struct store *store, const struct list_query *query,
	const struct list_key *from, enum list_direction direction,
	struct list_key *ret_key, struct error *err)
{
	static const int which[2][2] = {
		{ LIST_UNREAD_OLDER, LIST_UNREAD_NEWER },
		{ LIST_UNREAD_THREAD_OLDER, LIST_UNREAD_THREAD_NEWER },
	};
	bool older = direction == LIST_OLDER;
	enum found nearest = NOT_FOUND;

	for (size_t i = 0; i < list_folders(query); i++) {
		struct list_key key = { 0, 0 };
		enum found found;
		sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(store,
			&list_sql, which[query->threads][!older],
			list_folder(query, i), err);

		if (stmt)
			bind_bounds(stmt, from, false, older);
		found = read_key(store, stmt, &key, err);
		if (found == FOUND_ERROR)
			return FOUND_ERROR;
		if (found == FOUND &&
			(nearest == NOT_FOUND ||
				is_before(&key, ret_key, older))) {
			*ret_key = key;
			nearest = FOUND;
		}
	}
	return nearest;
}
