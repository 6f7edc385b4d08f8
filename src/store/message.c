/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/message.h"

#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "store/placement.h"
#include "store/private.h"

enum { PLACEMENTS_MAX = 1000 }; /* of one message, shown */

enum {
	MESSAGE_LOAD,
	MESSAGE_EXISTS,
	MESSAGE_PLACEMENTS,
	MESSAGE_BY_UID,
	MESSAGE_OF_PLACEMENT,
	MESSAGE_WANTED,
	MESSAGE_COUNT_WANTED,
	MESSAGE_WANTED_PLACE,
	MESSAGE_STATEMENTS,
};

/* Of one message: its first placement, and the others. */
#define PLACEMENTS_WHERE(columns, condition)                                   \
	"SELECT " columns " "                                                  \
	"FROM placement p JOIN folder f ON f.id = p.folder "                   \
	"WHERE p.id = ?1 AND p.message = ?1 AND " condition " "                \
	"UNION ALL "                                                           \
	"SELECT " columns " "                                                  \
	"FROM placement p JOIN folder f ON f.id = p.folder "                   \
	"WHERE p.message = ?1 AND p.id <> p.message AND " condition " "

#define PLACEMENTS_OF(columns)                                                 \
	PLACEMENTS_WHERE(columns, "p.hidden = 0 AND f.dropped = 0")

static const char *const sql[] = {
	[MESSAGE_LOAD] =
		"SELECT account, state, attachments, received, size, date, "
		"subject, authors, list_id, snippet, recipients, copies, "
		"message_id, in_reply_to, refs, sender, reply_to, "
		"blind_copies, parts, "
		"(SELECT results FROM authentication WHERE message = id) "
		"FROM message "
		"WHERE id = ?",
	[MESSAGE_EXISTS] = "SELECT 1 FROM message WHERE id = ?",
	[MESSAGE_PLACEMENTS] = PLACEMENTS_OF(
		"p.id, p.folder, p.uid, p.flags, p.keywords, p.conversation, "
		"p.linked, p.uid_space = f.uid_space") "LIMIT ?2",
	[MESSAGE_BY_UID] = "SELECT p.id, p.message "
			   "FROM folder f JOIN placement p "
			   "ON p.uid_space = f.uid_space "
			   "WHERE f.id = ? AND p.uid = ?",
	[MESSAGE_OF_PLACEMENT] = "SELECT message FROM placement WHERE id = ?",
	[MESSAGE_WANTED] = "SELECT message "
			   "FROM wanted "
			   "WHERE account = ? AND received >= ? "
			   "ORDER BY received DESC",
	[MESSAGE_COUNT_WANTED] = "SELECT count(*) "
				 "FROM wanted "
				 "WHERE account = ? AND received >= ?",
	/* Hidden ones too: what is on its way is still where it was. */
	[MESSAGE_WANTED_PLACE] =
		"SELECT folder, uid "
		"FROM (" PLACEMENTS_WHERE("p.folder, p.uid",
			"p.uid IS NOT NULL AND p.uid_space = f.uid_space "
			"AND f.dropped = 0") ") "
					     "LIMIT 1",
};

const struct sql_table message_sql = { SQL_MESSAGE, MESSAGE_STATEMENTS, sql };

void
message_clear(struct message *message)
{
	envelope_clear(&message->envelope);
	part_tree_clear(&message->parts);
	free(message->snippet);
	free(message->authentication);
	for (size_t i = 0; i < message->n_placements; i++)
		flags_clear(&message->placements[i].flags);
	free(message->placements);
	*message = (struct message){ 0 };
}

static void
unpack_ids(struct slice packed, struct message_ids *ids)
{
	struct slice line;

	while (slice_next_line(&packed, &line))
		message_ids_add(ids, line);
}

static bool
read_row(sqlite3_stmt *stmt, struct message *message, struct error *err)
{
	struct envelope *envelope = &message->envelope;
	struct slice parts = column_slice(stmt, 18);

	message->account = sqlite3_column_int64(stmt, 0);
	message->state = (enum message_state)sqlite3_column_int(stmt, 1);
	message->attachments = sqlite3_column_int(stmt, 2);
	message->received = sqlite3_column_int64(stmt, 3);
	message->size = (uint64_t)sqlite3_column_int64(stmt, 4);
	envelope->date = sqlite3_column_int64(stmt, 5);
	envelope->subject = column_text(stmt, 6);
	address_list_unpack(column_slice(stmt, 7), &envelope->from);
	envelope->list_id = column_text(stmt, 8);
	message->snippet = column_text(stmt, 9);
	address_list_unpack(column_slice(stmt, 10), &envelope->to);
	address_list_unpack(column_slice(stmt, 11), &envelope->cc);
	envelope->message_id = column_text(stmt, 12);
	unpack_ids(column_slice(stmt, 13), &envelope->in_reply_to);
	unpack_ids(column_slice(stmt, 14), &envelope->references);
	address_list_unpack(column_slice(stmt, 15), &envelope->sender);
	address_list_unpack(column_slice(stmt, 16), &envelope->reply_to);
	address_list_unpack(column_slice(stmt, 17), &envelope->bcc);
	message->authentication = column_text(stmt, 19);
	return parts.len == 0 || part_tree_unpack(parts, &message->parts, err);
}

static struct flags
column_flags(sqlite3_stmt *stmt, int at)
{
	return (struct flags){
		.bits = (uint32_t)sqlite3_column_int64(stmt, at),
		.keywords = column_text(stmt, at + 1),
	};
}

static bool
load_placements(struct store *store, struct message *message, struct error *err)
{
	size_t cap = 0;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &message_sql, MESSAGE_PLACEMENTS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message->id);
	sqlite3_bind_int(stmt, 2, PLACEMENTS_MAX);
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct message_placement *it;
		bool fresh = sqlite3_column_int(stmt, 7) != 0;

		if (message->n_placements == cap) {
			cap = cap ? cap * 2 : 2;
			message->placements = xreallocarray(message->placements,
				cap, sizeof(*message->placements));
		}
		it = &message->placements[message->n_placements++];
		*it = (struct message_placement){
			.id = sqlite3_column_int64(stmt, 0),
			.folder = sqlite3_column_int64(stmt, 1),
			.uid = fresh ? (uint32_t)sqlite3_column_int64(stmt, 2)
				     : 0,
			.flags = column_flags(stmt, 3),
		};
		if (sqlite3_column_int(stmt, 6))
			message->conversation = sqlite3_column_int64(stmt, 5);
	}
	return step == STEP_DONE;
}

enum found
message_load(struct store *store, int64_t id, struct message *ret_message,
	struct error *err)
{
	struct message message CLEANUP(message_clear) = { .id = id };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &message_sql, MESSAGE_LOAD, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, id);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	if (!read_row(stmt, &message, err) ||
		!load_placements(store, &message, err))
		return FOUND_ERROR;
	*ret_message = message;
	message = (struct message){ 0 };
	return FOUND;
}

bool
message_exists(
	struct store *store, int64_t id, bool *ret_exists, struct error *err)
{
	int64_t one = 0;
	enum found found = statement_ask(
		store, &message_sql, MESSAGE_EXISTS, id, &one, err);

	*ret_exists = found == FOUND;
	return found != FOUND_ERROR;
}

enum found
placement_find(struct store *store, int64_t folder, uint32_t uid,
	int64_t *ret_placement, int64_t *ret_message, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &message_sql, MESSAGE_BY_UID, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, folder);
	sqlite3_bind_int64(stmt, 2, uid);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	if (ret_placement)
		*ret_placement = sqlite3_column_int64(stmt, 0);
	if (ret_message)
		*ret_message = sqlite3_column_int64(stmt, 1);
	return FOUND;
}

enum found
placement_message(struct store *store, int64_t placement, int64_t *ret_message,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &message_sql, MESSAGE_OF_PLACEMENT, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, placement);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	*ret_message = sqlite3_column_int64(stmt, 0);
	return FOUND;
}

enum found
message_find_at_server(
	struct store *store, struct message_wanted *wanted, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &message_sql, MESSAGE_WANTED_PLACE, err);

	if (!stmt)
		return FOUND_ERROR;
	sqlite3_bind_int64(stmt, 1, wanted->message);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE ? NOT_FOUND : FOUND_ERROR;
	wanted->folder = sqlite3_column_int64(stmt, 0);
	wanted->uid = (uint32_t)sqlite3_column_int64(stmt, 1);
	return FOUND;
}

static void
wanted_clear(struct message_wanted_array *wanted)
{
	array_clear(wanted);
}

bool
message_wanting_text(struct store *store, int64_t account, int64_t since,
	size_t max, struct message_wanted_array *ret_wanted, struct error *err)
{
	struct message_wanted_array wanted CLEANUP(wanted_clear) = { 0 };
	enum step step = STEP_DONE;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &message_sql, MESSAGE_WANTED, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
	sqlite3_bind_int64(stmt, 2, since ? since : INT64_MIN);
	while (wanted.n < max &&
		(step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct message_wanted it = { .message = sqlite3_column_int64(
						     stmt, 0) };

		switch (message_find_at_server(store, &it, err)) {
		case FOUND:
			array_push(&wanted, it);
			break;
		case NOT_FOUND:
			break;
		case FOUND_ERROR:
			return false;
		}
	}
	if (step == STEP_ERROR)
		return false;
	*ret_wanted = wanted;
	wanted = (struct message_wanted_array){ 0 };
	return true;
}

bool
message_count_wanting_text(struct store *store, int64_t account, int64_t since,
	uint64_t *ret_n, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &message_sql, MESSAGE_COUNT_WANTED, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
	sqlite3_bind_int64(stmt, 2, since ? since : INT64_MIN);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		*ret_n = (uint64_t)sqlite3_column_int64(stmt, 0);
	return step == STEP_ROW;
}
