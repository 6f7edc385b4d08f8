/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/thread.h"

#include "store/identity.h"
#include "store/link.h"
#include "store/list.h"
#include "store/private.h"

enum { PEOPLE_TEXT_MAX = 64 * 1024 };

enum {
	THREAD_MEMBERS,
	THREAD_INSERT,
	THREAD_UPDATE,
	THREAD_DELETE,
	THREAD_SIZE,
	THREAD_LOAD,
	THREAD_STATEMENTS,
};

static const char *const sql[] = {
	[THREAD_MEMBERS] = "SELECT p.id, p.received, p.flags, p.keywords, "
			   "m.attachments, m.authors "
			   "FROM placement p "
			   "CROSS JOIN message m ON m.id = p.message "
			   "WHERE p.conversation = ? AND p.folder = ? "
			   "AND p.linked = 1 AND p.hidden = 0 "
			   "ORDER BY p.received, p.id",
	[THREAD_INSERT] = "INSERT INTO thread "
			  "(conversation, folder, newest_received, newest, "
			  "size, unread, flags, keywords, attachments, people, "
			  "more_people) "
			  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
			  "ON CONFLICT DO NOTHING",
	[THREAD_UPDATE] = "UPDATE thread "
			  "SET newest_received = ?3, newest = ?4, size = ?5, "
			  "unread = ?6, flags = ?7, keywords = ?8, "
			  "attachments = ?9, people = ?10, more_people = ?11 "
			  "WHERE conversation = ?1 AND folder = ?2",
	[THREAD_DELETE] = "DELETE FROM thread "
			  "WHERE conversation = ? AND folder = ?",
	[THREAD_LOAD] = "SELECT newest_received, newest, size, unread, flags, "
			"keywords, attachments, more_people, people "
			"FROM thread "
			"WHERE conversation = ? AND folder = ?",
	[THREAD_SIZE] = "SELECT size "
			"FROM thread "
			"WHERE conversation = ? AND folder = ?",
};

const struct sql_table thread_sql = { SQL_THREAD, THREAD_STATEMENTS, sql };

void
thread_row_init(struct thread_row *row)
{
	*row = (struct thread_row){ 0 };
	strbuf_init(&row->people, PEOPLE_TEXT_MAX);
}

void
thread_row_clear(struct thread_row *row)
{
	flags_clear(&row->flags);
	strbuf_clear(&row->people);
}

/* Who wrote in the thread.  All are counted, the first ones named. */
struct people {
	uint64_t hashes[CONVERSATION_MAX]; /* of addresses, each once */
	size_t n;
	size_t start[LIST_PEOPLE_MAX]; /* into `lines` */
	bool unread[LIST_PEOPLE_MAX];
	struct strbuf lines; /* address, tab, name, newline */
};

/* Whoever is past the limits is not told apart from the last. */
static void
add_author(struct store *store, struct people *people, struct slice authors,
	bool unread)
{
	struct slice line = slice_head(authors, slice_find(authors, '\n'));
	struct slice address = slice_head(line, slice_find(line, '\t'));
	uint64_t hash;
	size_t i;

	if (address.len == 0)
		return;
	hash = identity_address(store->home->hash_key, address);
	for (i = 0; i < people->n; i++) {
		if (people->hashes[i] == hash)
			break;
	}
	if (i == people->n && people->n < CONVERSATION_MAX) {
		people->hashes[people->n++] = hash;
		if (i < LIST_PEOPLE_MAX) {
			people->start[i] = people->lines.len;
			strbuf_add_slice(&people->lines, line);
			strbuf_add_char(&people->lines, '\n');
		}
	}
	if (i < LIST_PEOPLE_MAX)
		people->unread[i] = people->unread[i] || unread;
}

static void
pack_people(const struct people *people, struct thread_row *row)
{
	size_t named =
		people->n < LIST_PEOPLE_MAX ? people->n : LIST_PEOPLE_MAX;

	for (size_t i = 0; i < named; i++) {
		size_t end = i + 1 < named ? people->start[i + 1]
					   : people->lines.len;

		strbuf_add_char(&row->people, people->unread[i] ? 'u' : 'r');
		strbuf_add(&row->people, people->lines.data + people->start[i],
			end - people->start[i]);
	}
	row->more_people = (int64_t)(people->n - named);
}

/* Flags of any; seen when all are, answered when the newest is. */
static void
add_flags(struct thread_row *row, uint32_t bits, struct slice keywords)
{
	const uint32_t own = FLAG_SEEN | FLAG_ANSWERED;

	row->flags.bits = (row->flags.bits & bits & FLAG_SEEN) |
			  (bits & FLAG_ANSWERED) |
			  ((row->flags.bits | bits) & ~own);
	while (keywords.len > 0) {
		size_t end = slice_find(keywords, ' ');

		if (end > 0)
			flags_add(&row->flags, slice_head(keywords, end));
		keywords = slice_skip(keywords, end + 1);
	}
}

static void
add_member(struct store *store, sqlite3_stmt *stmt, struct thread_row *row,
	struct people *people)
{
	uint32_t bits = (uint32_t)sqlite3_column_int64(stmt, 2);
	bool unread = !(bits & FLAG_SEEN);

	if (row->size == 0)
		row->flags.bits = FLAG_SEEN;
	row->newest = sqlite3_column_int64(stmt, 0);
	row->newest_received = sqlite3_column_int64(stmt, 1);
	row->size++;
	row->unread += unread;
	row->attachments += sqlite3_column_int(stmt, 4);
	add_flags(row, bits, column_slice(stmt, 3));
	add_author(store, people, column_slice(stmt, 5), unread);
}

bool
thread_compute(struct store *store, int64_t conversation, int64_t folder,
	struct thread_row *ret_row, struct error *err)
{
	struct people people;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &thread_sql, THREAD_MEMBERS, err);

	if (!stmt)
		return false;
	people.n = 0;
	memset(people.unread, 0, sizeof(people.unread));
	strbuf_init(&people.lines, PEOPLE_TEXT_MAX);
	sqlite3_bind_int64(stmt, 1, conversation);
	sqlite3_bind_int64(stmt, 2, folder);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		add_member(store, stmt, ret_row, &people);
	pack_people(&people, ret_row);
	strbuf_clear(&people.lines);
	return step == STEP_DONE;
}

static void
bind_row(sqlite3_stmt *stmt, int64_t conversation, int64_t folder,
	const struct thread_row *row)
{
	sqlite3_bind_int64(stmt, 1, conversation);
	sqlite3_bind_int64(stmt, 2, folder);
	sqlite3_bind_int64(stmt, 3, row->newest_received);
	sqlite3_bind_int64(stmt, 4, row->newest);
	sqlite3_bind_int64(stmt, 5, row->size);
	sqlite3_bind_int64(stmt, 6, row->unread);
	sqlite3_bind_int64(stmt, 7, row->flags.bits);
	bind_slice_text_null(stmt, 8, slice_str(row->flags.keywords));
	sqlite3_bind_int64(stmt, 9, row->attachments);
	bind_slice_text_null(stmt, 10, strbuf_slice(&row->people));
	sqlite3_bind_int64(stmt, 11, row->more_people);
}

static bool
delete_row(struct store *store, int64_t conversation, int64_t folder,
	int *ret_delta, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &thread_sql, THREAD_DELETE, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, conversation);
	sqlite3_bind_int64(stmt, 2, folder);
	if (!statement_run(store, stmt, err))
		return false;
	*ret_delta = -sqlite3_changes(store->db);
	return true;
}

static bool
save_row(struct store *store, int64_t conversation, int64_t folder,
	const struct thread_row *row, int *ret_delta, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &thread_sql, THREAD_INSERT, err);

	if (!stmt)
		return false;
	bind_row(stmt, conversation, folder, row);
	if (!statement_run(store, stmt, err))
		return false;
	*ret_delta = sqlite3_changes(store->db);
	if (*ret_delta)
		return true;
	stmt = statement(store, &thread_sql, THREAD_UPDATE, err);
	if (!stmt)
		return false;
	bind_row(stmt, conversation, folder, row);
	return statement_run(store, stmt, err);
}

bool
thread_update(struct store *store, int64_t conversation, int64_t folder,
	int *ret_delta, struct error *err)
{
	struct thread_row row CLEANUP(thread_row_clear) = { 0 };

	thread_row_init(&row);
	if (!thread_compute(store, conversation, folder, &row, err))
		return false;
	return row.size ? save_row(store, conversation, folder, &row, ret_delta,
				  err)
			: delete_row(
				  store, conversation, folder, ret_delta, err);
}

bool
thread_size(struct store *store, int64_t conversation, int64_t folder,
	int64_t *ret_size, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &thread_sql, THREAD_SIZE, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, conversation);
	sqlite3_bind_int64(stmt, 2, folder);
	step = statement_step(store, stmt, err);
	*ret_size = step == STEP_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	return step != STEP_ERROR;
}

bool
thread_load(struct store *store, int64_t conversation, int64_t folder,
	struct thread_row *ret_row, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &thread_sql, THREAD_LOAD, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, conversation);
	sqlite3_bind_int64(stmt, 2, folder);
	step = statement_step(store, stmt, err);
	ret_row->size = 0;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	ret_row->newest_received = sqlite3_column_int64(stmt, 0);
	ret_row->newest = sqlite3_column_int64(stmt, 1);
	ret_row->size = sqlite3_column_int64(stmt, 2);
	ret_row->unread = sqlite3_column_int64(stmt, 3);
	ret_row->flags.bits = (uint32_t)sqlite3_column_int64(stmt, 4);
	ret_row->flags.keywords = column_text(stmt, 5);
	ret_row->attachments = sqlite3_column_int64(stmt, 6);
	ret_row->more_people = sqlite3_column_int64(stmt, 7);
	strbuf_add_slice(&ret_row->people, column_slice(stmt, 8));
	return true;
}
