/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a damaged store that are copied: accounts, folders, messages. */
#include "base/gettext.h"
#include "mail/paragraph.h"
#include "mail/part.h"
#include "store/index.h"
#include "store/placement.h"
#include "store/recover.h"
#include "store/uid_space.h"

enum {
	OLD_ACCOUNT,
	OLD_FOLDER,
	OLD_PLACEMENT,
	OLD_HAS_UID,
	OLD_MESSAGE,
	OLD_TEXT,
	NEW_ACCOUNT,
	NEW_FOLDER,
	NEW_SPACE,
	NEW_MESSAGE,
	NEW_DROP_MESSAGE,
	NEW_PLACEMENT,
	NEW_TEXT,
	NEW_STATE,
	ROW_STATEMENTS,
};

/* Behind account and state, in both. */
#define MESSAGE_COLUMNS                                                        \
	"attachments, received, size, date, subject, authors, list_id, "       \
	"snippet, recipients, copies, message_id, in_reply_to, refs, "         \
	"sender, reply_to, blind_copies, identity, header_hash, email_id, "    \
	"parts"
enum { COLUMN_STATE = 1, COLUMN_IDENTITY = 18, COLUMN_PARTS = 21 };

static const char *const sql[] = {
	[OLD_ACCOUNT] = "SELECT name FROM account NOT INDEXED WHERE id = ?",
	[OLD_FOLDER] = "SELECT account, name, remote, delimiter, role, "
		       "selectable, subscribed, dropped "
		       "FROM folder NOT INDEXED "
		       "WHERE id = ?",
	[OLD_PLACEMENT] = "SELECT id, message, folder, received, flags, "
			  "keywords "
			  "FROM placement NOT INDEXED "
			  "WHERE id = ?",
	[OLD_HAS_UID] = "SELECT 1 "
			"FROM placement NOT INDEXED "
			"WHERE id = ?1 AND message = ?1 AND uid IS NOT NULL",
	[OLD_MESSAGE] = "SELECT account, state, " MESSAGE_COLUMNS " "
			"FROM message NOT INDEXED "
			"WHERE id = ?",
	[OLD_TEXT] = "SELECT version, stamp, packed "
		     "FROM text NOT INDEXED "
		     "WHERE message = ?",
	[NEW_ACCOUNT] = "INSERT INTO account (id, name) VALUES (?, ?) "
			"ON CONFLICT DO NOTHING",
	[NEW_FOLDER] = "INSERT INTO folder "
		       "(id, account, name, remote, delimiter, role, "
		       "selectable, subscribed) "
		       "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
		       "ON CONFLICT DO NOTHING",
	[NEW_SPACE] = "UPDATE folder SET uid_space = ?2 WHERE id = ?1",
	[NEW_MESSAGE] = "INSERT INTO message "
			"(id, account, state, " MESSAGE_COLUMNS ", "
			"parts_stamp) "
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
			"?, ?, ?, ?, ?, ?, ?, ?, 0) "
			"ON CONFLICT DO NOTHING",
	[NEW_DROP_MESSAGE] = "DELETE FROM message WHERE id = ?",
	/* Nothing waits to be told to a server any more. */
	[NEW_PLACEMENT] = "INSERT INTO placement "
			  "(id, message, folder, received, flags, keywords, "
			  "server_flags, server_keywords, conversation, "
			  "hidden, linked, modseq) "
			  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5, ?6, ?1, 0, 0, "
			  "0) "
			  "ON CONFLICT DO NOTHING",
	[NEW_TEXT] = "INSERT INTO text "
		     "(message, version, stamp, packed, indexed) "
		     "VALUES (?, ?, ?, ?, 0) "
		     "ON CONFLICT DO NOTHING",
	[NEW_STATE] = "UPDATE message SET state = max(state, ?2) WHERE id = ?1",
};

const struct sql_table recover_row_sql = { SQL_RECOVER_ROW, ROW_STATEMENTS,
	sql };

static bool
is_among(const struct id_array *ids, int64_t id)
{
	return ids->n &&
	       bsearch(&id, ids->items, ids->n, sizeof(id), store_compare_ids);
}

/* Whether a server has it, in whatever folder. */
static bool
is_served(struct recovery *it, int64_t placement, int64_t message)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		recover_statement(it, &recover_row_sql, OLD_HAS_UID, message);

	return is_among(&it->targets, placement) ||
	       is_among(&it->served, message) || recover_find(it, stmt);
}

/* ---- accounts and folders ---- */

bool
recover_account(struct recovery *it, int64_t id, struct error *err)
{
	char *made_up CLEANUP(freep) =
		xasprintf("recovered-%lld", (long long)id);
	sqlite3_stmt *old CLEANUP(statement_done) =
		recover_statement(it, &recover_row_sql, OLD_ACCOUNT, id);
	sqlite3_stmt *stmt =
		statement_of(it->new, &recover_row_sql, NEW_ACCOUNT, id, err);

	if (!stmt)
		return false;
	bind_text(stmt, 2, made_up);
	if (recover_find(it, old) && column_slice(old, 0).len > 0)
		bind_slice_text(stmt, 2, column_slice(old, 0));
	return statement_run(it->new, stmt, err);
}

/* Where its own cannot be read. */
static bool
make_spare_folder(struct recovery *it, int64_t account, int64_t *ret_id,
	struct error *err)
{
	struct folder_listing listing = {
		.name = _("Recovered"),
		.selectable = true,
		.subscribed = true,
		.server_total = -1,
		.server_unread = -1,
	};

	return recover_account(it, account, err) &&
	       folder_save_listing(
		       it->new, account, &listing, ret_id, NULL, err);
}

static bool
make_folder(
	struct recovery *it, sqlite3_stmt *old, int64_t id, struct error *err)
{
	int64_t space = 0;
	sqlite3_stmt *stmt;

	if (!recover_account(it, sqlite3_column_int64(old, 0), err))
		return false;
	stmt = statement_of(it->new, &recover_row_sql, NEW_FOLDER, id, err);
	if (!stmt)
		return false;
	for (int i = 0; i < 7; i++)
		sqlite3_bind_value(stmt, i + 2, sqlite3_column_value(old, i));
	if (!statement_run(it->new, stmt, err))
		return false;
	return sqlite3_changes(it->new->db) == 0 ||
	       (uid_space_new(it->new, id, &space, err) &&
		       statement_run_ids(it->new, &recover_row_sql, NEW_SPACE,
			       id, space, err));
}

/* The folder of the new store that stands for it. */
static bool
find_folder(struct recovery *it, int64_t id, int64_t account,
	struct old_folder *ret, struct error *err)
{
	struct old_folder found = { .id = id, .is_local = true };
	sqlite3_stmt *old CLEANUP(statement_done) =
		recover_statement(it, &recover_row_sql, OLD_FOLDER, id);

	for (size_t i = 0; i < it->folders.n; i++) {
		*ret = it->folders.items[i];
		if (ret->id == id)
			return true;
	}
	if (id <= 0 || id > RECOVER_FOLDER_MAX || !recover_find(it, old) ||
		sqlite3_column_int64(old, 0) != account) {
		if (!make_spare_folder(it, account, &found.into, err))
			return false;
		*ret = found;
		return true;
	}
	found.is_local = sqlite3_column_type(old, 2) == SQLITE_NULL;
	if (!sqlite3_column_int(old, 7)) {
		if (!make_folder(it, old, id, err))
			return false;
		found.into = id;
	}
	array_push(&it->folders, found);
	*ret = found;
	return true;
}

/* ---- messages ---- */

static bool
copy_message(struct recovery *it, sqlite3_stmt *old, int64_t id, bool *ret_new,
	struct error *err)
{
	struct part_tree parts CLEANUP(part_tree_clear) = { 0 };
	struct error damage CLEANUP(error_clear) = ERROR_INIT;
	sqlite3_stmt *stmt =
		statement_of(it->new, &recover_row_sql, NEW_MESSAGE, id, err);

	if (!stmt)
		return false;
	for (int i = 0; i <= COLUMN_PARTS; i++)
		sqlite3_bind_value(stmt, i + 2, sqlite3_column_value(old, i));
	/* That follows from what is here. */
	sqlite3_bind_int(stmt, COLUMN_STATE + 2, 0);
	if (!it->has_key)
		sqlite3_bind_null(stmt, COLUMN_IDENTITY + 2);
	if (!part_tree_unpack(column_slice(old, COLUMN_PARTS), &parts, &damage))
		sqlite3_bind_null(stmt, COLUMN_PARTS + 2);
	if (!statement_run(it->new, stmt, err))
		return false;
	*ret_new = sqlite3_changes(it->new->db) > 0;
	return true;
}

bool
recover_set_state(struct recovery *it, int64_t message,
	enum message_state state, struct error *err)
{
	return statement_run_ids(
		it->new, &recover_row_sql, NEW_STATE, message, state, err);
}

static bool
copy_text(
	struct recovery *it, int64_t message, bool *ret_has, struct error *err)
{
	struct document document CLEANUP(document_clear) = { 0 };
	struct error damage CLEANUP(error_clear) = ERROR_INIT;
	sqlite3_stmt *old CLEANUP(statement_done) =
		recover_statement(it, &recover_row_sql, OLD_TEXT, message);
	sqlite3_stmt *stmt;

	*ret_has = false;
	if (!recover_find(it, old) ||
		!document_unpack(column_slice(old, 2), &document, &damage))
		return true;
	stmt = statement_of(it->new, &recover_row_sql, NEW_TEXT, message, err);
	if (!stmt)
		return false;
	for (int i = 0; i < 3; i++)
		sqlite3_bind_value(stmt, i + 2, sqlite3_column_value(old, i));
	if (!statement_run(it->new, stmt, err) ||
		!recover_set_state(it, message, MESSAGE_TEXT, err))
		return false;
	*ret_has = true;
	return true;
}

/* `old` is its row, `folder` where it goes. */
static bool
copy_placement(struct recovery *it, sqlite3_stmt *old, int64_t folder,
	bool new_message, struct error *err)
{
	int64_t id = sqlite3_column_int64(old, 0);
	int64_t received = sqlite3_column_int64(old, 3);
	struct tally_folder *entry;
	sqlite3_stmt *stmt =
		statement_of(it->new, &recover_row_sql, NEW_PLACEMENT, id, err);

	if (!stmt)
		return false;
	for (int i = 1; i < 6; i++)
		sqlite3_bind_value(stmt, i + 1, sqlite3_column_value(old, i));
	sqlite3_bind_int64(stmt, 3, folder);
	if (!statement_run(it->new, stmt, err))
		return false;
	if (sqlite3_changes(it->new->db) == 0)
		return true;
	entry = tally_folder(it->new, folder, err);
	if (!entry)
		return false;
	entry->placed++;
	entry->unlinked++;
	entry->unread +=
		placement_is_unread((uint32_t)sqlite3_column_int64(old, 4));
	if (received > entry->newest || !entry->first[RUN_LINK])
		entry->newest = received;
	tally_queue(entry, RUN_LINK, id);
	return !new_message ||
	       index_want(it->new, sqlite3_column_int64(old, 1), err);
}

/* A message whose row is at hand, and the placement: both or neither. */
static bool
copy_rows(struct recovery *it, sqlite3_stmt *placement, sqlite3_stmt *message,
	int64_t folder, bool *ret_done, struct error *err)
{
	int64_t id = sqlite3_column_int64(placement, 1);
	bool is_new = false;

	*ret_done = copy_message(it, message, id, &is_new, err);
	if (!*ret_done)
		return recover_was_refused(err);
	*ret_done = copy_placement(it, placement, folder, is_new, err);
	if (*ret_done)
		return true;
	return recover_was_refused(err) &&
	       (!is_new || statement_run_id(it->new, &recover_row_sql,
				   NEW_DROP_MESSAGE, id, err));
}

static bool
copy_whole(struct recovery *it, sqlite3_stmt *placement, sqlite3_stmt *message,
	int64_t folder, struct error *err)
{
	struct copied copied = {
		.message = sqlite3_column_int64(placement, 1),
		.had = sqlite3_column_int(message, COLUMN_STATE),
	};
	bool done = false;
	bool has_text = false;

	if (!copy_rows(it, placement, message, folder, &done, err))
		return false;
	if (!done) {
		it->lost++;
		return true;
	}
	if (!copy_text(it, copied.message, &has_text, err) &&
		!recover_was_refused(err))
		return false;
	copied.has = has_text ? MESSAGE_TEXT : MESSAGE_ENVELOPE;
	array_push(&it->copied, copied);
	return true;
}

bool
recover_placement(struct recovery *it, int64_t id, struct error *err)
{
	struct old_folder folder;
	int64_t message = 0;
	int64_t account;
	sqlite3_stmt *placement CLEANUP(statement_done) =
		recover_statement(it, &recover_row_sql, OLD_PLACEMENT, id);
	sqlite3_stmt *row CLEANUP(statement_done) = NULL;

	if (recover_find(it, placement))
		message = sqlite3_column_int64(placement, 1);
	if (message > 0 && message < RECOVER_ID_MAX)
		row = recover_statement(
			it, &recover_row_sql, OLD_MESSAGE, message);
	account = recover_find(it, row) ? sqlite3_column_int64(row, 0) : 0;
	if (account <= 0 || account > RECOVER_FOLDER_MAX) {
		it->lost++;
		return true;
	}
	if (!find_folder(it, sqlite3_column_int64(placement, 2), account,
		    &folder, err))
		return false;
	if (!folder.into || (!folder.is_local && is_served(it, id, message)))
		return true;
	return copy_whole(it, placement, row, folder.into, err);
}
