/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/list.h"

#include "base/array.h"
#include "store/list_row.h"
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

/* Merges what another folder holds into what was found so far: the `max`
 * nearest stay. */
static void
merge(struct list_rows *rows, struct list_rows *others, bool older, size_t max)
{
	struct list_rows merged = { 0 };
	size_t a = 0;
	size_t b = 0;

	while (merged.n < max && (a < rows->n || b < others->n)) {
		bool first =
			b == others->n ||
			(a < rows->n && is_before(&rows->items[a].key,
						&others->items[b].key, older));
		struct list_row *from =
			first ? &rows->items[a++] : &others->items[b++];

		array_push(&merged, *from);
		*from = (struct list_row){ 0 };
	}
	list_rows_clear(rows);
	*rows = merged;
}

bool
list_load(struct store *store, const struct list_query *query,
	const struct list_key *from, bool inclusive,
	enum list_direction direction, size_t max, struct list_rows *ret_rows,
	struct error *err)
{
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	bool older = direction == LIST_OLDER;
	size_t n = list_folders(query);

	if (max > LIST_ROWS_MAX)
		max = LIST_ROWS_MAX;
	for (size_t i = 0; i < n; i++) {
		struct list_rows more CLEANUP(list_rows_clear) = { 0 };

		if (!load_folder(store, query, list_folder(query, i), from,
			    inclusive, older, max, i ? &more : &rows, err))
			return false;
		if (i)
			merge(&rows, &more, older, max);
	}
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
