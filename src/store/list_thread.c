/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members of a conversation, in order and with their depths. */
#include <stdlib.h>

#include "base/array.h"
#include "base/map.h"
#include "base/mem.h"
#include "store/list_row.h"
#include "store/private.h"

enum {
	LIST_MEMBERS,
	LIST_CONVERSATION,
	LIST_THREAD_STATEMENTS,
};

/* Behind the row's: columns 19 to 21. */
#define MEMBERS(where)                                                         \
	"SELECT " ROW_COLUMNS ", m.message_id, m.in_reply_to, m.refs "         \
	"FROM placement p "                                                    \
	"CROSS JOIN folder f ON f.id = p.folder "                              \
	"CROSS JOIN message m ON m.id = p.message "                            \
	"WHERE p.conversation = ?1 AND " where " AND p.linked = 1 "            \
	"AND p.hidden = 0 AND f.dropped = 0 "                                  \
	"LIMIT ?3"

static const char *const sql[] = {
	[LIST_MEMBERS] = MEMBERS("p.folder = ?2"),
	[LIST_CONVERSATION] = MEMBERS("f.account = ?2"),
};

const struct sql_table list_thread_sql = { SQL_LIST_THREAD,
	LIST_THREAD_STATEMENTS, sql };

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
member_clear(struct member *member)
{
	if (member->row)
		list_row_clear(member->row);
	free(member->row);
	free(member->message_id);
	free(member->parents);
}

static void
members_clear(struct members *members)
{
	for (size_t i = 0; i < members->n; i++)
		member_clear(&members->items[i]);
	array_clear(members);
}

static struct member
read_member(sqlite3_stmt *stmt, bool to_shown)
{
	struct member it = { .row = xnew(struct list_row) };
	struct slice parent = column_slice(stmt, 20);
	struct slice refs = column_slice(stmt, 21);

	list_row_read(stmt, it.row);
	list_row_add_people(
		it.row, column_slice(stmt, to_shown ? 18 : 16), it.row->unread);
	it.role = sqlite3_column_int(stmt, 17);
	it.message_id = column_text(stmt, 19);
	it.parents = xasprintf("%.*s\n%.*s", (int)refs.len,
		refs.data ? refs.data : "", (int)parent.len,
		parent.data ? parent.data : "");
	return it;
}

/* `within` is a folder or an account. */
static bool
load_members(struct store *store, int which, int64_t conversation,
	int64_t within, int max, bool to_shown, struct members *members,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &list_thread_sql, which, conversation, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, within);
	sqlite3_bind_int(stmt, 3, max);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		array_push(members, read_member(stmt, to_shown));
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

/* Oldest first, with depths. */
static void
give_members(struct members *members, struct list_rows *ret_rows)
{
	struct list_rows rows = { 0 };

	if (members->n > 1)
		qsort(members->items, members->n, sizeof(*members->items),
			compare_members);
	find_depths(members);
	for (size_t i = 0; i < members->n; i++) {
		struct member *it = &members->items[i];

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

	if (!load_members(store, LIST_MEMBERS, conversation, query->folder,
		    LIST_ROWS_MAX, query->to_shown, &members, err))
		return false;
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
			member_clear(&it);
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

	if (!load_members(store, LIST_CONVERSATION, conversation, account,
		    2 * LIST_ROWS_MAX, false, &members, err))
		return false;
	drop_copies(&members);
	give_members(&members, ret_rows);
	return true;
}
