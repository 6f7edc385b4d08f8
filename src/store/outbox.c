/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the outbox: putting in, looking, taking out. */
#include "store/outbox.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/outbox_row.h"

enum {
	OUTBOX_NEW,
	OUTBOX_NEW_RECIPIENT,
	OUTBOX_NEW_SLICE,
	OUTBOX_GREW,
	OUTBOX_FINISH,
	OUTBOX_PUT_DRAFT_ASIDE,
	OUTBOX_DROP_RECIPIENTS,
	OUTBOX_DROP_ROW,
	OUTBOX_LIST,
	OUTBOX_LOAD,
	OUTBOX_RECIPIENTS,
	OUTBOX_HEADER,
	OUTBOX_SLICE,
	OUTBOX_COUNTS,
	OUTBOX_OLD,
	OUTBOX_STATEMENTS,
};

static const char *const sql[] = {
	[OUTBOX_NEW] =
		"INSERT INTO outbox "
		"(account, state, created, hold_until, attempts, next_attempt, "
		"changed, filed, eight_bit, utf8, forwards, answers, draft, "
		"size, slices, message_id, sender, subject, recipients, "
		"header, bcc) "
		"VALUES (?1, 0, ?2, 0, 0, 0, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, "
		"0, ?9, ?10, ?11, ?12, ?13, ?14)",
	[OUTBOX_NEW_RECIPIENT] = "INSERT INTO outbox_recipient "
				 "(outbox, n, address, state, code) "
				 "VALUES (?, ?, ?, 0, 0)",
	[OUTBOX_NEW_SLICE] = "INSERT INTO outbox_slice (id, bytes) "
			     "SELECT id * 65536 + slices, ?2 "
			     "FROM outbox "
			     "WHERE id = ?1 AND state = 0",
	[OUTBOX_GREW] = "UPDATE outbox "
			"SET size = size + ?2, slices = slices + 1 "
			"WHERE id = ?1 AND state = 0 AND slices < 65535",
	[OUTBOX_FINISH] = "UPDATE outbox "
			  "SET state = ?2, hold_until = ?3, changed = ?4 "
			  "WHERE id = ?1 AND state = 0",
	[OUTBOX_PUT_DRAFT_ASIDE] = "UPDATE draft "
				   "SET outbox = ?1 "
				   "WHERE id = (SELECT draft FROM outbox "
				   "WHERE id = ?1)",
	[OUTBOX_DROP_RECIPIENTS] = "DELETE FROM outbox_recipient "
				   "WHERE outbox = ?",
	[OUTBOX_DROP_ROW] = "DELETE FROM outbox WHERE id = ?",
	[OUTBOX_LIST] = "SELECT " OUTBOX_COLUMNS " FROM outbox box "
			"WHERE state BETWEEN 1 AND ?2 "
			"AND (?1 = 0 OR account = ?1) "
			"ORDER BY id DESC "
			"LIMIT ?3",
	[OUTBOX_LOAD] = "SELECT " OUTBOX_COLUMNS " FROM outbox box "
			"WHERE id = ? AND state > 0",
	[OUTBOX_RECIPIENTS] = "SELECT n, address, state, code, reply "
			      "FROM outbox_recipient "
			      "WHERE outbox = ? "
			      "ORDER BY n",
	[OUTBOX_HEADER] = "SELECT header, bcc, slices "
			  "FROM outbox "
			  "WHERE id = ? AND slices > 0",
	[OUTBOX_SLICE] = "SELECT bytes FROM outbox_slice WHERE id = ?",
	[OUTBOX_COUNTS] = "SELECT "
			  "count(*) FILTER (WHERE state BETWEEN 1 AND 4), "
			  "count(*) FILTER (WHERE state = 6), "
			  "count(*) FILTER (WHERE state = 5) "
			  "FROM outbox "
			  "WHERE state < 7 AND (?1 = 0 OR account = ?1)",
	/* A row that nobody finished within a day never will be. */
	[OUTBOX_OLD] = "SELECT id FROM outbox "
		       "WHERE account = ?1 "
		       "AND ((state = 0 AND created < ?2 - 86400) "
		       "OR (state > 6 AND filed = 1 AND changed < ?3)) "
		       "LIMIT 100",
};

const struct sql_table outbox_sql = { SQL_OUTBOX, OUTBOX_STATEMENTS, sql };

const char *
outbox_state_name(enum outbox_state state)
{
	static const char *const names[OUTBOX_STATES] = {
		[OUTBOX_BUILDING] = "building",
		[OUTBOX_HELD] = "held",
		[OUTBOX_QUEUED] = "queued",
		[OUTBOX_SENDING] = "sending",
		[OUTBOX_DEFERRED] = "deferred",
		[OUTBOX_UNCONFIRMED] = "unconfirmed",
		[OUTBOX_FAILED] = "failed",
		[OUTBOX_SENT] = "sent",
		[OUTBOX_CANCELLED] = "cancelled",
	};

	return state < OUTBOX_STATES ? names[state] : "";
}

void
outbox_recipients_clear(struct outbox_recipients *recipients)
{
	for (size_t i = 0; i < recipients->n; i++) {
		free(recipients->items[i].address);
		free(recipients->items[i].reply);
	}
	array_clear(recipients);
}

void
outbox_entry_clear(struct outbox_entry *entry)
{
	free(entry->message_id);
	free(entry->sender);
	free(entry->subject);
	free(entry->error);
	address_list_clear(&entry->to);
	*entry = (struct outbox_entry){ 0 };
}

void
outbox_entries_clear(struct outbox_entries *entries)
{
	for (size_t i = 0; i < entries->n; i++)
		outbox_entry_clear(&entries->items[i]);
	array_clear(entries);
}

void
outbox_read_row(sqlite3_stmt *stmt, struct outbox_entry *ret)
{
	*ret = (struct outbox_entry){
		.id = sqlite3_column_int64(stmt, 0),
		.account = sqlite3_column_int64(stmt, 1),
		.state = (enum outbox_state)sqlite3_column_int(stmt, 2),
		.created = sqlite3_column_int64(stmt, 3),
		.hold_until = sqlite3_column_int64(stmt, 4),
		.attempts = (unsigned)sqlite3_column_int64(stmt, 5),
		.next_attempt = sqlite3_column_int64(stmt, 6),
		.changed = sqlite3_column_int64(stmt, 7),
		.is_filed = sqlite3_column_int(stmt, 8) != 0,
		.eight_bit = sqlite3_column_int(stmt, 9) != 0,
		.utf8 = sqlite3_column_int(stmt, 10) != 0,
		.forwards = sqlite3_column_int(stmt, 11) != 0,
		.answers = sqlite3_column_int64(stmt, 12),
		.draft = sqlite3_column_int64(stmt, 13),
		.size = (uint64_t)sqlite3_column_int64(stmt, 14),
		.message_id = column_text_empty(stmt, 15),
		.sender = column_text_empty(stmt, 16),
		.subject = column_text(stmt, 17),
		.error = column_text(stmt, 19),
		.n_waiting = (size_t)sqlite3_column_int64(stmt, 20),
		.n_doubted = (size_t)sqlite3_column_int64(stmt, 21),
		.n_taken = (size_t)sqlite3_column_int64(stmt, 22),
		.n_rejected = (size_t)sqlite3_column_int64(stmt, 23),
	};
	address_list_unpack(column_slice(stmt, 18), &ret->to);
}

/* ---- putting in ---- */

static bool
check_new(const struct outbox_new *new, struct error *err)
{
	if (new->n_recipients == 0)
		return error_set(
			err, ERR_INVALID, _("The message has no recipient"));
	if (new->n_recipients > OUTBOX_RECIPIENTS_MAX)
		return error_set(err, ERR_LIMIT,
			_("The message has more than %d recipients"),
			OUTBOX_RECIPIENTS_MAX);
	if (new->header.len + new->bcc.len > OUTBOX_HEADER_MAX)
		return error_set(
			err, ERR_LIMIT, _("The message's header is too long"));
	return true;
}

static bool
insert_row(struct store *store, const struct outbox_new *new, int64_t *ret_id,
	struct error *err)
{
	struct strbuf to CLEANUP(strbuf_clear) = { 0 };
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &outbox_sql, OUTBOX_NEW, err);

	if (!stmt)
		return false;
	strbuf_init(&to, ROW_TEXT_MAX);
	if (new->to)
		address_list_pack(new->to, &to);
	sqlite3_bind_int64(stmt, 1, new->account);
	sqlite3_bind_int64(stmt, 2, clock_wall_s());
	sqlite3_bind_int(stmt, 3, new->eight_bit);
	sqlite3_bind_int(stmt, 4, new->utf8);
	sqlite3_bind_int(stmt, 5, new->forwards);
	sqlite3_bind_int64(stmt, 6, new->answers);
	sqlite3_bind_int64(stmt, 7, new->draft);
	sqlite3_bind_int64(stmt, 8, (int64_t) new->header.len);
	bind_text(stmt, 9, new->message_id);
	bind_text(stmt, 10, new->sender);
	bind_text(stmt, 11, new->subject);
	bind_slice_text_null(stmt, 12, strbuf_slice(&to));
	bind_blob(stmt, 13, new->header);
	if (new->bcc.len > 0)
		bind_blob(stmt, 14, new->bcc);
	if (!statement_run(store, stmt, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(store->db);
	return true;
}

static bool
insert_recipient(struct store *store, int64_t id, size_t n, const char *address,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &outbox_sql, OUTBOX_NEW_RECIPIENT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, (int64_t)n);
	bind_text(stmt, 3, address);
	return statement_run(store, stmt, err);
}

bool
outbox_begin(struct store *store, const struct outbox_new *new, int64_t *ret_id,
	struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	int64_t id;

	if (!check_new(new, err) || !transaction_begin(store, &tx, err) ||
		!insert_row(store, new, &id, err))
		return false;
	for (size_t i = 0; i < new->n_recipients; i++) {
		if (!insert_recipient(store, id, i, new->recipients[i], err))
			return false;
	}
	if (!transaction_commit(&tx, err))
		return false;
	*ret_id = id;
	return true;
}

bool
outbox_add_slice(
	struct store *store, int64_t id, struct slice bytes, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	sqlite3_stmt *add CLEANUP(statement_done) = NULL;
	sqlite3_stmt *grew CLEANUP(statement_done) = NULL;

	ASSERT(bytes.len <= OUTBOX_SLICE_BYTES);
	if (!transaction_begin(store, &tx, err))
		return false;
	add = statement_of(store, &outbox_sql, OUTBOX_NEW_SLICE, id, err);
	if (!add)
		return false;
	bind_blob(add, 2, bytes);
	if (!statement_run(store, add, err))
		return false;
	grew = statement_of(store, &outbox_sql, OUTBOX_GREW, id, err);
	if (!grew)
		return false;
	sqlite3_bind_int64(grew, 2, (int64_t)bytes.len);
	if (!statement_run(store, grew, err))
		return false;
	if (sqlite3_changes(store->db) == 0)
		return error_set(err, ERR_LIMIT, _("The message is too large"));
	return transaction_commit(&tx, err);
}

bool
outbox_finish(
	struct store *store, int64_t id, int64_t hold_until, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;

	if (!transaction_begin_durable(store, &tx, err))
		return false;
	stmt = statement_of(store, &outbox_sql, OUTBOX_FINISH, id, err);
	if (!stmt)
		return false;
	sqlite3_bind_int(stmt, 2, hold_until ? OUTBOX_HELD : OUTBOX_QUEUED);
	sqlite3_bind_int64(stmt, 3, hold_until > 0 ? hold_until : 0);
	sqlite3_bind_int64(stmt, 4, clock_wall_s());
	if (!statement_run(store, stmt, err))
		return false;
	if (sqlite3_changes(store->db) == 0)
		return error_set(
			err, ERR_STALE, _("The message is no longer there"));
	return statement_run_id(
		       store, &outbox_sql, OUTBOX_PUT_DRAFT_ASIDE, id, err) &&
	       transaction_commit(&tx, err);
}

static bool
drop(struct store *store, int64_t id, struct error *err)
{
	return outbox_drop_slices(store, id, err) &&
	       statement_run_id(
		       store, &outbox_sql, OUTBOX_DROP_RECIPIENTS, id, err) &&
	       statement_run_id(store, &outbox_sql, OUTBOX_DROP_ROW, id, err);
}

bool
outbox_discard(struct store *store, int64_t id, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return transaction_begin(store, &tx, err) && drop(store, id, err) &&
	       transaction_commit(&tx, err);
}

bool
outbox_purge(
	struct store *store, int64_t account, int64_t now, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct id_array ids CLEANUP(id_array_clear) = { 0 };
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &outbox_sql, OUTBOX_OLD, account, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, now);
	sqlite3_bind_int64(stmt, 3, now - OUTBOX_KEPT_S);
	if (!statement_collect(store, stmt, &ids, err))
		return false;
	if (ids.n == 0)
		return true;
	if (!transaction_begin(store, &tx, err))
		return false;
	for (size_t i = 0; i < ids.n; i++) {
		if (!drop(store, ids.items[i], err))
			return false;
	}
	return transaction_commit(&tx, err);
}

/* ---- looking ---- */

bool
outbox_load_all(struct store *store, int64_t account, bool finished, size_t max,
	struct outbox_entries *ret_entries, struct error *err)
{
	struct outbox_entries entries CLEANUP(outbox_entries_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &outbox_sql, OUTBOX_LIST, account, err);

	if (!stmt)
		return false;
	sqlite3_bind_int(stmt, 2, finished ? OUTBOX_CANCELLED : OUTBOX_FAILED);
	sqlite3_bind_int64(stmt, 3, store_int(max));
	while ((step = statement_step(store, stmt, err)) == STEP_ROW)
		outbox_read_row(stmt, array_add(&entries));
	if (step == STEP_ERROR)
		return false;
	*ret_entries = entries;
	entries = (struct outbox_entries){ 0 };
	return true;
}

enum found
outbox_load(struct store *store, int64_t id, struct outbox_entry *ret_entry,
	struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &outbox_sql, OUTBOX_LOAD, id, err);
	enum found found = statement_find(store, stmt, err);

	if (found == FOUND)
		outbox_read_row(stmt, ret_entry);
	return found;
}

bool
outbox_load_recipients(struct store *store, int64_t id,
	struct outbox_recipients *ret_recipients, struct error *err)
{
	struct outbox_recipients list CLEANUP(outbox_recipients_clear) = { 0 };
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &outbox_sql, OUTBOX_RECIPIENTS, id, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct outbox_recipient *it = array_add(&list);

		it->n = sqlite3_column_int(stmt, 0);
		it->address = column_text_empty(stmt, 1);
		it->fate = (enum outbox_fate)sqlite3_column_int(stmt, 2);
		it->code = sqlite3_column_int(stmt, 3);
		it->reply = column_text(stmt, 4);
	}
	if (step == STEP_ERROR)
		return false;
	*ret_recipients = list;
	list = (struct outbox_recipients){ 0 };
	return true;
}

static bool
give_slice(struct store *store, int64_t id,
	bool (*sink)(void *ctx, struct slice piece), void *ctx,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &outbox_sql, OUTBOX_SLICE, id, err);

	if (!stmt)
		return false;
	step = statement_step(store, stmt, err);
	if (step == STEP_DONE)
		return error_set(
			err, ERR_STALE, _("The message is no longer there"));
	if (step == STEP_ERROR)
		return false;
	return sink(ctx, column_slice(stmt, 0)) ||
	       error_set(err, ERR_CANCELLED, _("Cancelled"));
}

/* The header, with its memory; how many slices stand behind it. */
static enum found
load_header(struct store *store, int64_t id, bool bcc, struct strbuf *out,
	int64_t *ret_slices, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &outbox_sql, OUTBOX_HEADER, id, err);
	enum found found = statement_find(store, stmt, err);

	if (found != FOUND)
		return found;
	strbuf_add_slice(out, column_slice(stmt, 0));
	if (bcc)
		strbuf_add_slice(out, column_slice(stmt, 1));
	*ret_slices = sqlite3_column_int64(stmt, 2);
	return FOUND;
}

enum found
outbox_stream(struct store *store, int64_t id, bool bcc,
	bool (*sink)(void *ctx, struct slice piece), void *ctx,
	struct error *err)
{
	struct strbuf header CLEANUP(strbuf_clear) = { 0 };
	int64_t slices;
	enum found found;

	strbuf_init(&header, 2 * OUTBOX_HEADER_MAX);
	found = load_header(store, id, bcc, &header, &slices, err);
	if (found != FOUND)
		return found;
	if (!sink(ctx, strbuf_slice(&header))) {
		error_set(err, ERR_CANCELLED, _("Cancelled"));
		return FOUND_ERROR;
	}
	for (int64_t i = 0; i < slices; i++) {
		if (!give_slice(
			    store, id * OUTBOX_SLICES_MAX + i, sink, ctx, err))
			return FOUND_ERROR;
	}
	return FOUND;
}

bool
outbox_counts(struct store *store, int64_t account,
	struct outbox_counts *ret_counts, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement_of(store, &outbox_sql, OUTBOX_COUNTS, account, err);

	if (statement_find(store, stmt, err) != FOUND)
		return false;
	ret_counts->waiting = (uint64_t)sqlite3_column_int64(stmt, 0);
	ret_counts->failed = (uint64_t)sqlite3_column_int64(stmt, 1);
	ret_counts->unconfirmed = (uint64_t)sqlite3_column_int64(stmt, 2);
	return true;
}
