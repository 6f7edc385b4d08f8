/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/list.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/map.h"
#include "base/mem.h"
#include "mail/address.h"
#include "mail/envelope.h"
#include "store/private.h"

enum {
	LIST_OLDER_MESSAGES,
	LIST_NEWER_MESSAGES,
	LIST_OLDER_THREADS,
	LIST_NEWER_THREADS,
	LIST_MEMBERS,
	LIST_CONVERSATION,
	LIST_LOCATE_MESSAGE,
	LIST_LOCATE_THREAD,
	LIST_UNREAD_OLDER,
	LIST_UNREAD_NEWER,
	LIST_UNREAD_THREAD_OLDER,
	LIST_UNREAD_THREAD_NEWER,
	LIST_STATEMENTS,
};

/* Columns of every row, 0 to 18. */
#define ROW_COLUMNS                                                            \
	"p.id, p.message, p.conversation, p.linked, p.folder, m.account, "     \
	"p.received, iif(p.uid_space = f.uid_space, p.uid, 0), p.flags, "      \
	"p.keywords, m.subject, m.snippet, m.list_id, m.attachments, m.size, " \
	"m.state, m.authors, f.role, m.recipients"

/* Behind them, for threads: columns 19 to 27. */
#define THREAD_COLUMNS                                                         \
	", t.newest_received, t.newest, t.size, t.unread, t.flags, "           \
	"t.keywords, t.attachments, t.people, t.more_people"

/* Behind them, for members of one: columns 19 to 21. */
#define MEMBER_COLUMNS ", m.message_id, m.in_reply_to, m.refs"

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
	[LIST_MEMBERS] = "SELECT " ROW_COLUMNS MEMBER_COLUMNS " "
			 "FROM placement p "
			 "CROSS JOIN folder f ON f.id = p.folder "
			 "CROSS JOIN message m ON m.id = p.message "
			 "WHERE p.conversation = ?1 AND p.folder = ?2 "
			 "AND p.linked = 1 AND p.hidden = 0 "
			 "AND f.dropped = 0 "
			 "LIMIT ?3",
	[LIST_CONVERSATION] = "SELECT " ROW_COLUMNS MEMBER_COLUMNS " "
			      "FROM placement p "
			      "CROSS JOIN folder f ON f.id = p.folder "
			      "CROSS JOIN message m ON m.id = p.message "
			      "WHERE p.conversation = ?1 AND p.linked = 1 "
			      "AND p.hidden = 0 AND f.dropped = 0 "
			      "AND f.account = ?2 "
			      "LIMIT ?3",
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
	[LIST_UNREAD_OLDER] = UNREAD_MESSAGE("<=", "DESC"),
	[LIST_UNREAD_NEWER] = UNREAD_MESSAGE(">=", "ASC"),
	[LIST_UNREAD_THREAD_OLDER] = UNREAD_THREAD("<=", "DESC"),
	[LIST_UNREAD_THREAD_NEWER] = UNREAD_THREAD(">=", "ASC"),
};

const struct sql_table list_sql = { SQL_LIST, LIST_STATEMENTS, sql };

void
list_row_clear(struct list_row *row)
{
	free(row->subject);
	free(row->snippet);
	free(row->list_id);
	flags_clear(&row->flags);
	for (int i = 0; i < row->n_people; i++) {
		free(row->people[i].name);
		free(row->people[i].address);
	}
	*row = (struct list_row){ 0 };
}

void
list_rows_clear(struct list_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		list_row_clear(&rows->items[i]);
	array_clear(rows);
}

static void
add_person(struct list_row *row, const struct address *address, bool unread)
{
	struct list_person *it;

	if (row->n_people == LIST_PEOPLE_MAX) {
		row->more_people++;
		return;
	}
	it = &row->people[row->n_people++];
	it->name = xstrdup(address_display(address));
	it->address = xstrdup(address->address);
	it->unread = unread;
}

static void
read_people(struct list_row *row, struct slice packed, bool unread)
{
	struct address_list list CLEANUP(address_list_clear) = { 0 };

	address_list_unpack(packed, &list);
	for (size_t i = 0; i < list.n; i++)
		add_person(row, &list.items[i], unread);
}

/* As thread.c packs them. */
static void
read_thread_people(struct list_row *row, struct slice packed)
{
	struct slice line;

	while (slice_next_line(&packed, &line)) {
		if (line.len > 0)
			read_people(
				row, slice_skip(line, 1), line.data[0] == 'u');
	}
}

static void
read_row(sqlite3_stmt *stmt, struct list_row *row)
{
	row->placement = sqlite3_column_int64(stmt, 0);
	row->message = sqlite3_column_int64(stmt, 1);
	row->conversation =
		sqlite3_column_int(stmt, 3) ? sqlite3_column_int64(stmt, 2) : 0;
	row->folder = sqlite3_column_int64(stmt, 4);
	row->account = sqlite3_column_int64(stmt, 5);
	row->received = sqlite3_column_int64(stmt, 6);
	row->uid = (uint32_t)sqlite3_column_int64(stmt, 7);
	row->flags = (struct flags){
		.bits = (uint32_t)sqlite3_column_int64(stmt, 8),
		.keywords = column_text(stmt, 9),
	};
	row->subject = column_text(stmt, 10);
	row->snippet = column_text(stmt, 11);
	row->list_id = column_text(stmt, 12);
	row->attachments = sqlite3_column_int(stmt, 13);
	row->size = (uint64_t)sqlite3_column_int64(stmt, 14);
	row->state = sqlite3_column_int(stmt, 15);
	row->unread = !(row->flags.bits & FLAG_SEEN);
	row->flagged = (row->flags.bits & FLAG_FLAGGED) != 0;
	row->thread_size = 1;
	row->thread_unread = row->unread;
	row->key = (struct list_key){ row->received, row->placement };
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

bool
list_load(struct store *store, const struct list_query *query,
	const struct list_key *from, bool inclusive,
	enum list_direction direction, size_t max, struct list_rows *ret_rows,
	struct error *err)
{
	static const int which[2][2] = {
		{ LIST_OLDER_MESSAGES, LIST_NEWER_MESSAGES },
		{ LIST_OLDER_THREADS, LIST_NEWER_THREADS },
	};
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	bool older = direction == LIST_OLDER;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &list_sql, which[query->threads][!older], err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, query->folder);
	bind_bounds(stmt, from, inclusive, older);
	sqlite3_bind_int64(
		stmt, 4, max < LIST_ROWS_MAX ? (int64_t)max : LIST_ROWS_MAX);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct list_row *row = array_add(&rows);

		read_row(stmt, row);
		if (query->threads)
			read_thread(stmt, row);
		if (query->threads && !query->to_shown) {
			read_thread_people(row, column_slice(stmt, 26));
			row->more_people += sqlite3_column_int(stmt, 27);
		} else {
			read_people(row,
				column_slice(stmt, query->to_shown ? 18 : 16),
				row->unread);
		}
	}
	if (step == STEP_ERROR)
		return false;
	if (!older)
		reverse(&rows);
	*ret_rows = rows;
	rows = (struct list_rows){ 0 };
	return true;
}

/* What a member says of its place among the others. */
struct member {
	struct list_row *row;
	char *message_id;
	char *parents; /* ids, one a line, the nearest last */
	int role;
	size_t parent; /* index; SIZE_MAX: none */
	int depth;     /* -1 while unknown */
};

struct members {
	struct member *items;
	size_t n;
	size_t cap;
};

static void
members_clear(struct members *members)
{
	for (size_t i = 0; i < members->n; i++) {
		if (members->items[i].row) {
			list_row_clear(members->items[i].row);
			free(members->items[i].row);
		}
		free(members->items[i].message_id);
		free(members->items[i].parents);
	}
	array_clear(members);
}

static bool
read_members(struct store *store, sqlite3_stmt *stmt, bool to_shown,
	struct members *members, struct error *err)
{
	enum step step;

	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct member *it = array_add(members);
		struct slice parent = column_slice(stmt, 20);
		struct slice refs = column_slice(stmt, 21);

		it->row = xnew(struct list_row);
		read_row(stmt, it->row);
		read_people(it->row, column_slice(stmt, to_shown ? 18 : 16),
			it->row->unread);
		it->role = sqlite3_column_int(stmt, 17);
		it->message_id = column_text(stmt, 19);
		it->parents = xasprintf("%.*s\n%.*s", (int)refs.len,
			refs.data ? refs.data : "", (int)parent.len,
			parent.data ? parent.data : "");
	}
	return step == STEP_DONE;
}

static int
compare_members(const void *a, const void *b)
{
	const struct list_row *x = ((const struct member *)a)->row;
	const struct list_row *y = ((const struct member *)b)->row;

	if (x->key.date != y->key.date)
		return x->key.date < y->key.date ? -1 : 1;
	return x->key.id < y->key.id ? -1 : x->key.id > y->key.id;
}

/* The member its nearest reference names. */
static size_t
find_parent(const struct member *member, const struct members *members,
	const struct map *by_id)
{
	struct slice rest = slice_str(member->parents);

	while (rest.len > 0) {
		size_t start = rest.len;
		char *id CLEANUP(freep) = NULL;
		const struct member *parent;

		while (start > 0 && rest.data[start - 1] != '\n')
			start--;
		id = xmemdup0(rest.data + start, rest.len - start);
		parent = map_get(by_id, id);
		if (parent && parent != member)
			return (size_t)(parent - members->items);
		rest.len = start ? start - 1 : 0;
	}
	return SIZE_MAX;
}

/* Depth of one member; references that run in a circle count as a root. */
static void
find_depth(struct members *members, size_t at)
{
	size_t i = at;
	size_t steps = 0;
	int depth;

	while (members->items[i].depth < 0 &&
		members->items[i].parent != SIZE_MAX && steps <= members->n) {
		i = members->items[i].parent;
		steps++;
	}
	if (steps > members->n) {
		members->items[at].parent = SIZE_MAX;
		members->items[at].depth = 0;
		return;
	}
	depth = members->items[i].depth < 0 ? 0 : members->items[i].depth;
	members->items[i].depth = depth;
	depth += (int)steps;
	for (i = at; steps > 0; steps--, i = members->items[i].parent)
		members->items[i].depth = depth--;
}

static void
find_depths(struct members *members)
{
	struct map *by_id = map_new(NULL);

	for (size_t i = members->n; i-- > 0;) {
		if (members->items[i].message_id)
			map_put(by_id, members->items[i].message_id,
				&members->items[i]);
	}
	for (size_t i = 0; i < members->n; i++) {
		members->items[i].parent =
			find_parent(&members->items[i], members, by_id);
		members->items[i].depth = -1;
	}
	for (size_t i = 0; i < members->n; i++)
		find_depth(members, i);
	map_free(by_id);
}

static void
give_members(struct members *members, struct list_rows *ret_rows)
{
	struct list_rows rows = { 0 };

	for (size_t i = 0; i < members->n; i++) {
		struct member *it = &members->items[i];

		if (!it->row)
			continue;
		it->row->depth = it->depth;
		array_push(&rows, *it->row);
		free(it->row);
		it->row = NULL;
	}
	*ret_rows = rows;
}

bool
list_load_thread(struct store *store, const struct list_query *query,
	int64_t conversation, struct list_rows *ret_rows, struct error *err)
{
	struct members members CLEANUP(members_clear) = { 0 };
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &list_sql, LIST_MEMBERS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, conversation);
	sqlite3_bind_int64(stmt, 2, query->folder);
	sqlite3_bind_int(stmt, 3, LIST_ROWS_MAX);
	if (!read_members(store, stmt, query->to_shown, &members, err))
		return false;
	if (members.n > 1)
		qsort(members.items, members.n, sizeof(*members.items),
			compare_members);
	find_depths(&members);
	give_members(&members, ret_rows);
	return true;
}

/* By message, and of one message's placements the most telling folder first. */
static int
compare_copies(const void *a, const void *b)
{
	const struct member *x = a;
	const struct member *y = b;
	int order = x->row->message < y->row->message
			    ? -1
			    : x->row->message > y->row->message;
	int rank_x = x->role == ROLE_ALL ? ROLES : role_rank(x->role);
	int rank_y = y->role == ROLE_ALL ? ROLES : role_rank(y->role);

	if (order == 0)
		order = rank_x < rank_y ? -1 : rank_x > rank_y;
	return order ? order : compare_members(a, b);
}

/* One row a message. */
static void
drop_copies(struct members *members)
{
	size_t kept = 0;

	if (members->n > 1)
		qsort(members->items, members->n, sizeof(*members->items),
			compare_copies);
	for (size_t i = 0; i < members->n; i++) {
		struct member it = members->items[i];

		if (kept > 0 && members->items[kept - 1].row->message ==
					it.row->message) {
			list_row_clear(it.row);
			free(it.row);
			free(it.message_id);
			free(it.parents);
			continue;
		}
		members->items[kept++] = it;
	}
	members->n = kept;
}

bool
list_load_conversation(struct store *store, int64_t account,
	int64_t conversation, struct list_rows *ret_rows, struct error *err)
{
	struct members members CLEANUP(members_clear) = { 0 };
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &list_sql, LIST_CONVERSATION, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, conversation);
	sqlite3_bind_int64(stmt, 2, account);
	sqlite3_bind_int(stmt, 3, 2 * LIST_ROWS_MAX);
	if (!read_members(store, stmt, false, &members, err))
		return false;
	drop_copies(&members);
	if (members.n > 1)
		qsort(members.items, members.n, sizeof(*members.items),
			compare_members);
	find_depths(&members);
	give_members(&members, ret_rows);
	return true;
}

/* The key that one row of two columns holds. */
static enum found
read_key(struct store *store, sqlite3_stmt *stmt, struct list_key *ret_key,
	struct error *err)
{
	enum step step = statement_step(store, stmt, err);

	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	ret_key->date = sqlite3_column_int64(stmt, 0);
	ret_key->id = sqlite3_column_int64(stmt, 1);
	return FOUND;
}

enum found
list_locate(struct store *store, const struct list_query *query,
	int64_t placement, struct list_key *ret_key, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement(store, &list_sql,
		query->threads ? LIST_LOCATE_THREAD : LIST_LOCATE_MESSAGE, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, placement);
	sqlite3_bind_int64(stmt, 2, query->folder);
	return read_key(store, stmt, ret_key, err);
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
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &list_sql, which[query->threads][!older], err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, query->folder);
	bind_bounds(stmt, from, false, older);
	return read_key(store, stmt, ret_key, err);
}
