/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/pick.h"

#include "base/clock.h"
#include "store/private.h"

enum {
	PICK_OLDER_MESSAGES,
	PICK_NEWER_MESSAGES,
	PICK_OLDER_THREADS,
	PICK_NEWER_THREADS,
	PICK_WALK,
	PICK_KEYWORDS,
	PICK_MEMBERS,
	PICK_OF_ACTION,
	PICK_STATEMENTS,
};

/* Members of one conversation in one folder, and rows between two looks at the
 * clock. */
enum { MEMBERS_MAX = 100000, CLOCK_EVERY = 64 };

#define MESSAGES(op, order)                                                    \
	"SELECT received, id, id "                                             \
	"FROM placement "                                                      \
	"WHERE folder = ?1 AND hidden = 0 "                                    \
	"AND (received, id) " op " (?2, ?3) "                                  \
	"ORDER BY received " order ", id " order " "                           \
	"LIMIT ?4"

#define THREADS(op, order)                                                     \
	"SELECT newest_received, newest, conversation "                        \
	"FROM thread "                                                         \
	"WHERE folder = ?1 "                                                   \
	"AND (newest_received, newest) " op " (?2, ?3) "                       \
	"ORDER BY newest_received " order ", newest " order " "                \
	"LIMIT ?4"

static const char *const sql[] = {
	[PICK_OLDER_MESSAGES] = MESSAGES("<=", "DESC"),
	[PICK_NEWER_MESSAGES] = MESSAGES(">=", "ASC"),
	[PICK_OLDER_THREADS] = THREADS("<=", "DESC"),
	[PICK_NEWER_THREADS] = THREADS(">=", "ASC"),
	[PICK_WALK] = "SELECT p.received, p.id, p.conversation, p.linked, "
		      "p.flags, p.keywords, m.subject, m.authors, "
		      "m.recipients, m.copies, m.list_id, m.size, "
		      "m.attachments "
		      "FROM placement p "
		      "CROSS JOIN message m ON m.id = p.message "
		      "WHERE p.folder = ?1 AND p.hidden = 0 "
		      "AND (p.received, p.id) <= (?2, ?3) "
		      "ORDER BY p.received DESC, p.id DESC",
	[PICK_KEYWORDS] = "SELECT flags, keywords "
			  "FROM thread "
			  "WHERE folder = ?1 "
			  "ORDER BY newest_received DESC, newest DESC "
			  "LIMIT ?2",
	[PICK_MEMBERS] = "SELECT id "
			 "FROM placement "
			 "WHERE conversation = ?1 AND folder = ?2 "
			 "AND linked = 1 AND hidden = 0 "
			 "LIMIT ?3",
	[PICK_OF_ACTION] = "SELECT p.id "
			   "FROM operation o "
			   "CROSS JOIN operation_item i ON i.operation = o.id "
			   "CROSS JOIN placement p ON p.message = i.message "
			   "WHERE o.action = ?1 "
			   "AND p.folder = ?2 AND p.hidden = 0 "
			   "LIMIT 1",
};

const struct sql_table pick_sql = { SQL_PICK, PICK_STATEMENTS, sql };

/* From the row at `from` on, with it or not. */
static void
bind_from(sqlite3_stmt *stmt, const struct list_key *from, bool inclusive,
	enum list_direction direction)
{
	int64_t end = direction == LIST_OLDER ? INT64_MAX : INT64_MIN;
	struct list_key key = from ? *from : (struct list_key){ end, end };

	/* Ids are positive. */
	if (from && !inclusive)
		key.id -= direction;
	sqlite3_bind_int64(stmt, 2, key.date);
	sqlite3_bind_int64(stmt, 3, key.id);
}

bool
pick_load_keys(struct store *store, const struct list_query *query,
	const struct list_key *from, bool inclusive,
	enum list_direction direction, size_t max, struct pick_keys *ret_keys,
	struct error *err)
{
	static const int which[2][2] = {
		{ PICK_OLDER_MESSAGES, PICK_NEWER_MESSAGES },
		{ PICK_OLDER_THREADS, PICK_NEWER_THREADS },
	};
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement(store, &pick_sql,
		which[query->threads][direction == LIST_NEWER], err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, query->folder);
	bind_from(stmt, from, inclusive, direction);
	sqlite3_bind_int64(
		stmt, 4, max < PICK_ROWS_MAX ? (int64_t)max : PICK_ROWS_MAX);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		array_push(ret_keys,
			((struct pick_key){
				.key = { sqlite3_column_int64(stmt, 0),
					sqlite3_column_int64(stmt, 1) },
				.id = sqlite3_column_int64(stmt, 2) }));
	return step == STEP_DONE;
}

static void
read_message(sqlite3_stmt *stmt, struct pick_message *ret)
{
	*ret = (struct pick_message){
		.key = { sqlite3_column_int64(stmt, 0),
			sqlite3_column_int64(stmt, 1) },
		.placement = sqlite3_column_int64(stmt, 1),
		.conversation = sqlite3_column_int(stmt, 3)
					? sqlite3_column_int64(stmt, 2)
					: 0,
		.flags = (uint32_t)sqlite3_column_int64(stmt, 4),
		.keywords = column_slice(stmt, 5),
		.subject = column_slice(stmt, 6),
		.from = column_slice(stmt, 7),
		.to = column_slice(stmt, 8),
		.copies = column_slice(stmt, 9),
		.list_id = column_slice(stmt, 10),
		.size = (uint64_t)sqlite3_column_int64(stmt, 11),
		.attachments = sqlite3_column_int(stmt, 12),
		.received = sqlite3_column_int64(stmt, 0),
	};
}

bool
pick_walk(struct store *store, int64_t folder, const struct list_key *from,
	int64_t budget_us,
	void (*take)(void *ctx, const struct pick_message *message), void *ctx,
	struct list_key *ret_last, bool *ret_end, struct error *err)
{
	int64_t until = clock_mono_us() + budget_us;
	struct list_key last = from ? *from : (struct list_key){ 0, 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &pick_sql, PICK_WALK, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, folder);
	bind_from(stmt, from, false, LIST_OLDER);
	for (int n = 1; (step = statement_step(store, stmt, err)) == STEP_ROW;
		n++) {
		struct pick_message message;

		read_message(stmt, &message);
		last = message.key;
		take(ctx, &message);
		if (n % CLOCK_EVERY == 0 && clock_mono_us() >= until)
			break;
	}
	if (step == STEP_ERROR)
		return false;
	*ret_last = last;
	*ret_end = step == STEP_DONE;
	return true;
}

bool
pick_keywords(struct store *store, int64_t folder, size_t threads,
	void (*take)(void *ctx, const struct flags *flags), void *ctx,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &pick_sql, PICK_KEYWORDS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, folder);
	sqlite3_bind_int64(stmt, 2, (int64_t)threads);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct flags flags = {
			.bits = (uint32_t)sqlite3_column_int64(stmt, 0),
			.keywords = column_text(stmt, 1),
		};

		if (flags.keywords)
			take(ctx, &flags);
		flags_clear(&flags);
	}
	return step == STEP_DONE;
}

bool
pick_load_members(struct store *store, int64_t conversation, int64_t folder,
	struct id_array *ret_placements, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &pick_sql, PICK_MEMBERS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, conversation);
	sqlite3_bind_int64(stmt, 2, folder);
	sqlite3_bind_int64(stmt, 3, MEMBERS_MAX);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		array_push(ret_placements, sqlite3_column_int64(stmt, 0));
	return step == STEP_DONE;
}

enum found
pick_of_action(struct store *store, int64_t action, int64_t folder,
	int64_t *ret_placement, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &pick_sql, PICK_OF_ACTION, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, action);
	sqlite3_bind_int64(stmt, 2, folder);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		*ret_placement = sqlite3_column_int64(stmt, 0);
	return step == STEP_ROW    ? FOUND
	       : step == STEP_DONE ? NOT_FOUND
				   : FOUND_ERROR;
}
